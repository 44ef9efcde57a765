"""What people write first: a Celery task for each record, which reads it, sends it, and notes that it was sent.

Nothing of it survives a lost message, a quota or an answer that did not come.
"""

from __future__ import annotations

from threading import local

import requests
from django.utils import timezone

from connectors.base.resource import Entry
from connectors.base.transport import Request
from connectors.linkedin.client import LinkedInClient, _request
from connectors.linkedin.resources.candidates import Candidates
from connectors.linkedin.restli import Call, Reply
from talentsync.candidates.models import Candidate
from talentsync.celery import app
from talentsync.customers import clients
from talentsync.customers.models import Connection
from talentsync.sync import kinds
from talentsync.sync.states import Operation

TASK = "bench.send_candidate"
_mine = local()


@app.task(name=TASK)
def send_candidate(candidate_id: int) -> None:
    candidate = Candidate.objects.select_related("customer").get(pk=candidate_id)
    connection = Connection.objects.get(customer=candidate.customer, destination="linkedin")
    payload = kinds.get("candidate").route("linkedin").record(candidate, connection, Operation.UPSERT, {})
    call = _written(connection, Entry(key=candidate.external_id, verb="UPSERT", payload=payload))
    url = f"{clients.base_urls(connection)[0]}{call.path}"
    answer = _session().request(call.method, url, data=call.body, headers=dict(call.headers), timeout=30)
    answer.raise_for_status()
    Candidate.objects.filter(pk=candidate_id).update(sync_state="synced", synced_at=timezone.now())


def _session() -> requests.Session:
    """One for each thread."""
    if not hasattr(_mine, "session"):
        _mine.session = requests.Session()
    session: requests.Session = _mine.session
    return session


class _Noted(Exception):
    def __init__(self, call: Call) -> None:
        self.call = call


class _Dictation:
    def call(self, call: Call) -> Reply:
        raise _Noted(call)


def _written(connection: Connection, entry: Entry) -> Request:
    try:
        Candidates(wire=_Dictation(), organization_urn=connection.organization_urn).send([entry])
    except _Noted as noted:
        return _request(noted.call, token(connection))
    raise AssertionError("nothing was written")


def token(connection: Connection) -> str:
    client = clients.open_client(connection)
    assert isinstance(client, LinkedInClient)
    return client._tokens.get()
