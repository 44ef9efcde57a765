"""What `bin/run` does once Python and the packages are there: keys, database, demo, then every process of the Procfile.

It is for one machine. Elsewhere the processes of the Procfile are started by whatever starts processes there.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import secrets
import socket
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

import django
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from talentsync import environment, smoke

KEYS = ("SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "ERASURE_HASH_KEY")
COLLECTED_FROM = ".collected-from"  # in the folder of the static files: what they were collected from


def main(arguments: list[str]) -> int:
    """Ends only by becoming honcho, or with 1 and one sentence."""
    parser = argparse.ArgumentParser(prog="bin/run", description="Runs TalentSync on this machine. Ctrl-C stops it.")
    parser.add_argument(
        "--smoke", action="store_true", help="try everything once in a temporary folder, and say how it went"
    )
    options = parser.parse_args(arguments)
    os.chdir(environment.PROJECT)
    if options.smoke:
        return smoke.main()
    os.umask(0o077)  # keys, database and files are for the person who runs this, and for nobody else on the machine
    try:
        write_env(environment.ENV_FILE)
        prepare()
    except (CommandError, ImproperlyConfigured) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return start()


def write_env(path: Path) -> None:
    """Random keys for this installation. A file that is there is never touched: its keys open the database."""
    lines = [
        "# Made by bin/run. Without these keys the database cannot be read: keep them with your backups, and secret.",
        "# All other settings are in .env.example.",
        f"SECRET_KEY={secrets.token_urlsafe(50)}",
        f"FIELD_ENCRYPTION_KEYS={Fernet.generate_key().decode()}",
        f"ERASURE_HASH_KEY={secrets.token_hex(32)}",
    ]
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        refuse_keyless(path)
        return
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write("".join(f"{line}\n" for line in lines))


def refuse_keyless(path: Path) -> None:
    """A file that somebody made by hand has no keys, and one that is there is never touched."""
    names = {line.partition("=")[0].strip() for line in path.read_text(encoding="utf-8").splitlines()}
    missing = [name for name in KEYS if name not in names and not os.environ.get(name)]
    if missing:
        raise CommandError(
            f"{path.name} has no {', '.join(missing)}. Move it away, run bin/run again, and add your lines to the new "
            "file."
        )


def prepare() -> None:
    """Everything before the first process; each step does nothing the second time."""
    django.setup()
    refuse_taken_ports()
    call_command("check", stdout=StringIO())  # it says on stdout only that all is well
    call_command("migrate", verbosity=0)
    collect_static()
    call_command("demo")


def refuse_taken_ports() -> None:
    practice = urlsplit(settings.SIMULATOR_URL).port or 80
    for port, setting in ((settings.PORT, "PORT=8001"), (practice, "SIMULATOR_URL=http://127.0.0.1:8901")):
        if not is_free(port):
            raise CommandError(
                f"Port {port} is in use. Is TalentSync already running? Stop it there, or put another port into .env, "
                f"such as {setting}"
            )


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # else a port that was just left counts as taken
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def collect_static() -> None:
    """Compressing Unfold's files takes seconds, so it is done again only when something changed."""
    stamp = Path(settings.STATIC_ROOT) / COLLECTED_FROM
    digest = digest_of(static_sources())
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == digest:
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(digest, encoding="utf-8")


def static_sources() -> Iterator[Path]:
    """Our own static files, and the list of packages, whose files change only with their version."""
    yield environment.PROJECT / "requirements" / "base.txt"
    for folder in sorted((environment.PROJECT / "talentsync").glob("**/static")):
        yield from sorted(path for path in folder.rglob("*") if path.is_file())


def digest_of(paths: Iterator[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(str(path.relative_to(environment.PROJECT)).encode() + path.read_bytes())
    return digest.hexdigest()


def start() -> NoReturn:
    """Become honcho. It gives each process a PORT of its own, so the address is settled before."""
    os.environ.update(SITE_URL=settings.SITE_URL, VAR_DIR=str(settings.VAR_DIR), PYTHONUNBUFFERED="1")
    sys.stdout.write(f"\nOpen {settings.SITE_URL} in a browser. Ctrl-C stops TalentSync.\n\n")
    sys.stdout.flush()
    # Not honcho's own reading of .env: settings read it, and two readers may disagree about quotes.
    os.execvp("honcho", ["honcho", "--env", os.devnull, "start", "--port", str(settings.PORT)])


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "talentsync.settings")
    sys.exit(main(sys.argv[1:]))
