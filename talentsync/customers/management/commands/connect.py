"""`connect`: connect a customer to LinkedIn or Greenhouse, or renew the credentials of a connection."""

from __future__ import annotations

import os
import sys
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from connectors.base.errors import ConnectorError
from talentsync.customers import connecting, practice
from talentsync.customers.models import Connection, Destination, Environment, GreenhouseApi

USAGE = 2


class Command(BaseCommand):
    help = (
        "Connects a customer, who is created if new, to a vendor. Running it again renews secrets and contracts; "
        "another account there needs --new. Secrets are read from an environment variable or from standard input, "
        "never from the command line. Exit codes: 0 done, 1 something failed, 2 usage."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        destinations = parser.add_subparsers(dest="destination", required=True, metavar="{linkedin,greenhouse}")
        self._add_linkedin(destinations.add_parser("linkedin", help="one customer's application at LinkedIn"))
        self._add_greenhouse(destinations.add_parser("greenhouse", help="one customer's credential at Greenhouse"))

    def handle(self, *, destination: str, **options: Any) -> None:
        details = _linkedin(options) if destination == Destination.LINKEDIN else _greenhouse(options)
        try:
            connected = connecting.connect(
                options["customer"].strip(),
                destination=destination,
                environment=options["environment"],
                details=details,
                make_new=options["new"],
            )
        except ValidationError as error:
            raise CommandError(_in_options(error), returncode=USAGE) from None
        except connecting.AnotherIdentity as error:
            raise CommandError(_another(error.existing), returncode=USAGE) from None
        self._tell(connected)
        if connected.connection.is_practice:
            self._seed(connected.connection)

    def _add_linkedin(self, parser: CommandParser) -> None:
        _add_common(parser)
        parser.add_argument("--organization-urn", required=True, metavar="urn:li:organization:N", help="company page")
        parser.add_argument("--recruiter-contract-urn", metavar="urn:li:contract:N", help="needed for resumes")
        parser.add_argument("--job-contract-urn", metavar="urn:li:contract:N", help="needed for premium job slots")
        parser.add_argument("--client-id", required=True, type=str.strip)
        _add_secret(parser, required=True)

    def _add_greenhouse(self, parser: CommandParser) -> None:
        _add_common(parser)
        parser.add_argument("--api", choices=GreenhouseApi.values, default=GreenhouseApi.V3.value)
        parser.add_argument("--client-id", type=str.strip, help="Harvest v3")
        _add_secret(parser, required=False)
        parser.add_argument("--api-key-env", metavar="VAR", help="Harvest v1: the variable that holds the API key")
        parser.add_argument("--acting-user", required=True, metavar="ID", help="number of a Greenhouse Site Admin")

    def _tell(self, connected: connecting.Connected) -> None:
        connection = connected.connection
        if connected.is_new:
            self.stdout.write(f"Connected: {connection}.")
        elif connected.changed:
            self.stdout.write(f"Changed: {connection} ({', '.join(connected.changed)}).")
        else:
            self.stdout.write(f"Nothing to change: {connection}.")
        if not connection.is_current:
            self.stdout.write("It is not in use. To use it, open it in the admin and press 'Use this connection'.")

    def _seed(self, connection: Connection) -> None:
        try:
            practice.seed_application(connection)
        except ConnectorError as error:
            raise CommandError(
                f"The connection is saved, but the simulators do not know it yet: {error} "
                "Start them (manage.py simulators) and run this again."
            ) from None
        self.stdout.write("The simulators know it.")


def _add_common(parser: CommandParser) -> None:
    parser.add_argument("--customer", required=True, metavar="NAME")
    parser.add_argument("--environment", required=True, choices=Environment.values)
    parser.add_argument("--new", action="store_true", help="make another connection, to another account")


def _add_secret(parser: CommandParser, *, required: bool) -> None:
    secret = parser.add_mutually_exclusive_group(required=required)
    secret.add_argument("--client-secret-env", metavar="VAR", help="the variable that holds the client secret")
    secret.add_argument("--client-secret-stdin", action="store_true", help="read the client secret from standard input")


def _linkedin(options: dict[str, Any]) -> dict[str, str]:
    contracts = ("recruiter_contract_urn", "job_contract_urn")
    return {
        "organization_urn": options["organization_urn"],
        "client_id": options["client_id"],
        "client_secret": _client_secret(options),
        **{name: options[name] for name in contracts if options[name] is not None},
    }


def _greenhouse(options: dict[str, Any]) -> dict[str, str]:
    details = {"api_version": options["api"], "acting_user_id": options["acting_user"]}
    has_secret = bool(options["client_secret_env"] or options["client_secret_stdin"])
    if options["api"] == GreenhouseApi.V1:
        if not options["api_key_env"] or options["client_id"] or has_secret:
            raise CommandError("Harvest v1 takes --api-key-env and no client id or secret.", returncode=USAGE)
        return details | {"api_key": _from_environment(options["api_key_env"])}
    if options["api_key_env"] or not options["client_id"] or not has_secret:
        words = "Harvest v3 takes --client-id with --client-secret-env or --client-secret-stdin, and no API key."
        raise CommandError(words, returncode=USAGE)
    return details | {"client_id": options["client_id"], "client_secret": _client_secret(options)}


def _client_secret(options: dict[str, Any]) -> str:
    if options["client_secret_env"]:
        return _from_environment(options["client_secret_env"])
    secret = sys.stdin.readline().strip()
    if not secret:
        raise CommandError("Standard input holds no secret.", returncode=USAGE)
    return secret


def _from_environment(variable: str) -> str:
    secret = os.environ.get(variable, "").strip()
    if not secret:
        raise CommandError(f"The environment variable {variable} is not set, or empty.", returncode=USAGE)
    return secret


def _in_options(error: ValidationError) -> str:
    """Field errors under the names that the person typed."""
    spelled = {
        "acting_user_id": "--acting-user",
        "name": "--customer",
        "api_key": "--api-key-env",
        "__all__": "connect",
    }
    return "\n".join(
        f"{spelled.get(field, '--' + field.replace('_', '-'))}: {' '.join(sentences)}"
        for field, sentences in error.message_dict.items()
    )


def _another(existing: Connection) -> str:
    account = existing.organization_urn or existing.client_id or existing.get_api_version_display()
    return (
        f"{existing} goes to another account ({account}, client ID {existing.client_id or 'none'}), and that never "
        "changes. Add --new to make another connection; everything on it starts as not sent."
    )
