"""One token per credential: shared, refreshed early, by one worker at a time."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection as database
from django.db import connections

from connectors.base.errors import TokenBusy, Unauthorized
from connectors.base.tokens import Token
from talentsync.customers import tokens
from talentsync.customers.models import AccessToken
from talentsync.customers.tokens import SharedToken
from tests.customers.making import make_connection

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


class Vendor:
    """A token endpoint that counts, and may do something while it answers."""

    def __init__(self, *, life: float = 1800, meanwhile=None) -> None:
        self.asked, self._life, self._meanwhile = 0, life, meanwhile

    def __call__(self) -> Token:
        self.asked += 1
        value = f"token-{self.asked}"
        if self._meanwhile is not None:
            meanwhile, self._meanwhile = self._meanwhile, None
            meanwhile()
        return Token(value=value, expires_in=self._life)


def shared(fetch, *, client_id: str = "77") -> SharedToken:
    return SharedToken("live", "linkedin", client_id, fetch)


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.mark.django_db
class TestOneWorker:
    def test_a_token_is_fetched_once_and_shared_by_everyone_with_the_credential(self, clock):
        vendor = Vendor()

        assert shared(vendor).get() == "token-1"
        assert shared(vendor).get() == "token-1"
        assert vendor.asked == 1

    def test_another_credential_has_a_token_of_its_own(self, clock):
        shared(Vendor()).get()
        other = Vendor()

        shared(other, client_id="78").get()

        assert other.asked == 1

    def test_it_is_kept_until_sixty_seconds_before_its_end(self, clock):
        vendor = Vendor(life=1800)
        shared(vendor).get()

        clock.move_to(NOW + timedelta(seconds=1739))
        assert shared(vendor).get() == "token-1"
        clock.move_to(NOW + timedelta(seconds=1740))
        assert shared(vendor).get() == "token-2"

    def test_a_refused_token_is_replaced(self, clock):
        vendor = Vendor()
        refused = shared(vendor).get()

        assert shared(vendor).replace(refused) == "token-2"
        assert shared(vendor).get() == "token-2"

    def test_a_token_that_another_worker_has_replaced_already_is_not_replaced_again(self, clock):
        vendor = Vendor()
        refused = shared(vendor).get()
        shared(vendor).replace(refused)

        assert shared(vendor).replace(refused) == "token-2"
        assert vendor.asked == 2

    def test_a_failure_gives_the_right_to_refresh_back(self, clock):
        def refuse() -> Token:
            raise Unauthorized("no")

        with pytest.raises(Unauthorized):
            shared(refuse).get()

        assert shared(Vendor()).get() == "token-1"

    def test_the_vendor_is_never_asked_inside_a_transaction(self, transactional_db, clock):
        inside = []
        vendor = Vendor(meanwhile=lambda: inside.append(database.in_atomic_block))

        shared(vendor).get()

        assert inside == [False]

    def test_a_changed_secret_drops_the_token(self, clock):
        connection = make_connection()
        provider = SharedToken(connection.environment, "linkedin", connection.client_id, vendor := Vendor())
        provider.get()

        tokens.forget(connection)

        assert provider.get() == "token-2"
        assert vendor.asked == 2


@pytest.mark.django_db
class TestSideBySide:
    def test_who_comes_second_uses_the_old_token_while_it_is_good(self, clock):
        vendor = Vendor()
        shared(vendor).get()
        clock.move_to(NOW + timedelta(seconds=1750))
        seen = []

        shared(Vendor(meanwhile=lambda: seen.append(shared(vendor).get()))).get()

        assert seen == ["token-1"]
        assert vendor.asked == 1

    def test_who_comes_second_without_a_good_token_is_told_to_come_back(self, clock):
        never = Vendor()

        def second() -> None:
            with pytest.raises(TokenBusy):
                shared(never).get()

        shared(Vendor(meanwhile=second)).get()

        assert never.asked == 0

    def test_a_refused_token_is_not_handed_out_while_another_worker_replaces_it(self, clock):
        refused = shared(Vendor()).get()
        never = Vendor()

        def second() -> None:
            with pytest.raises(TokenBusy):
                shared(never).replace(refused)

        shared(Vendor(meanwhile=second)).replace(refused)

        assert never.asked == 0

    def test_a_refresh_whose_worker_died_is_taken_over_when_its_lease_ends(self, clock, settings):
        AccessToken.objects.create(
            environment="live",
            destination="linkedin",
            client_id="77",
            lease_name="dead",
            lease_ends_at=NOW + timedelta(seconds=40),
        )
        with pytest.raises(TokenBusy):
            shared(Vendor()).get()

        clock.move_to(NOW + timedelta(seconds=40))
        assert shared(Vendor()).get() == "token-1"

    def test_a_token_that_arrives_after_its_lease_was_taken_over_is_dropped(self, clock):
        def outlive_the_lease() -> None:
            clock.move_to(NOW + timedelta(seconds=100))
            assert shared(Vendor(life=900)).get() == "token-1"
            AccessToken.objects.update(token="theirs")

        assert shared(Vendor(meanwhile=outlive_the_lease)).get() == "theirs"


@pytest.mark.django_db(transaction=True)
def test_two_threads_that_find_no_token_fetch_one():
    barrier = threading.Barrier(2)
    fetched, told = [], []

    def fetch() -> Token:
        fetched.append(1)
        return Token(value="the one", expires_in=1800)

    def worker() -> None:
        try:
            barrier.wait(timeout=10)
            told.append(shared(fetch).get())
        except TokenBusy:
            told.append("busy")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=worker) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert len(fetched) == 1
    assert "the one" in told
    assert set(told) <= {"the one", "busy"}
    assert shared(fetch).get() == "the one"
