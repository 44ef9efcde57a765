"""Files of one process are written down one after the other; records wait for nobody, and no one waits for ever."""

from __future__ import annotations

from threading import Event, Thread

import pytest

from connectors.base.resource import Resource
from talentsync.customers import clients
from talentsync.customers.models import Connection
from talentsync.sync import turns

AT_MOST_SECONDS = 30.0

pytestmark = pytest.mark.django_db


@pytest.fixture
def resources(at_linkedin: Connection) -> dict[str, Resource]:
    return dict(clients.open_client(at_linkedin).resources)


class Other:
    """A thread that takes its turn at once, and says when it has it."""

    def __init__(self, resource: Resource) -> None:
        self.has_it = Event()
        self._thread = Thread(target=self._takes, args=(resource,))
        self._thread.start()

    def _takes(self, resource: Resource) -> None:
        with turns.taken(resource):
            self.has_it.set()

    def gets_it(self) -> bool:
        got = self.has_it.wait(AT_MOST_SECONDS)
        self._thread.join(AT_MOST_SECONDS)
        return got


def test_a_file_is_written_down_after_the_one_before(
    resources: dict[str, Resource], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "PATIENCE_SECONDS", AT_MOST_SECONDS)
    with turns.taken(resources["resume_files"]):
        other = Other(resources["resume_files"])
        assert not other.has_it.wait(0.2)
    assert other.gets_it()


def test_who_waits_too_long_goes_ahead(resources: dict[str, Resource]) -> None:
    """The one before may itself wait for rows that somebody else has locked."""
    with turns.taken(resources["resume_files"]):
        assert Other(resources["resume_files"]).gets_it()
    assert Other(resources["resume_files"]).gets_it()


def test_records_wait_for_no_file(resources: dict[str, Resource], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE_SECONDS", 2 * AT_MOST_SECONDS)
    with turns.taken(resources["resume_files"]):
        assert Other(resources["candidates"]).gets_it()


def test_a_turn_is_given_back_by_who_fails(resources: dict[str, Resource], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE_SECONDS", 2 * AT_MOST_SECONDS)
    with pytest.raises(ZeroDivisionError), turns.taken(resources["resume_files"]):
        raise ZeroDivisionError
    assert Other(resources["resume_files"]).gets_it()
