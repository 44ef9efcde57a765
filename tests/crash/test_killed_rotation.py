"""A rotation of the keys is killed in the middle while a worker sends; the next one goes on, and the old key can go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from talentsync.core import rotation, starting
from tests.core.test_rotation import opened_by
from tests.crash import agreeing, places
from tests.crash.proxy import line_to
from tests.crash.world import World
from tests.customers.making import make_connection, make_customer
from tests.sync.driving import ask, make_jobs

pytestmark = pytest.mark.slow


@contextmanager
def database_away(world: World) -> Iterator[Callable[[], None]]:
    """Processes that are started now find no database, until what is given is called."""
    named = world.environ["DATABASE_URL"]
    if places.is_on_postgres():
        with line_to(named) as line:
            line.cut()
            world.environ["DATABASE_URL"] = line.url
            yield line.mend
    else:
        file = Path(named.removeprefix("sqlite:///"))
        no_file = file.with_name("away.sqlite3")
        no_file.mkdir()
        world.environ["DATABASE_URL"] = f"sqlite:///{no_file}"

        def come_back() -> None:
            no_file.rmdir()
            no_file.symlink_to(file)

        yield come_back


def use(world: World, settings: object, *keys: str) -> None:
    """What an operator does in `.env`; processes that run already keep what they have read."""
    settings.FIELD_ENCRYPTION_KEYS = list(keys)
    world.environ["FIELD_ENCRYPTION_KEYS"] = ",".join(keys)


@pytest.mark.parametrize("at", ["inside a rotation", "after a rotated chunk"])
def test_a_killed_rotation_goes_on_and_the_old_key_is_needed_no_more(
    world: World, settings: object, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    customer = make_customer("Acme")
    make_connection(customer)
    jobs = make_jobs(customer, 30)
    first = world.run_worker()
    ask("post", jobs)
    world.until_finished()
    first.terminate()
    first.wait()

    old, new = settings.FIELD_ENCRYPTION_KEYS[0], Fernet.generate_key().decode()
    use(world, settings, new, old)
    world.run_worker()
    ask("close", jobs)  # workers write meanwhile
    dying = world.run_command("rotate_encryption_keys", **world.deadly(at, nth=3))
    dying.wait()
    assert dying.was_killed, world.report()
    assert opened_by(old) > 0
    assert opened_by(new) > 0
    again = world.run_command("rotate_encryption_keys")
    assert again.wait() == 0, again.output
    world.until_finished()
    assert opened_by(old) == 0
    agreeing.all_is_true(world)

    use(world, settings, new)
    assert rotation.rotate().unreadable == 0
    ask("check_now", jobs)
    world.run_worker()
    world.until_finished()
    agreeing.all_is_true(world)


@pytest.mark.parametrize("name", ["worker", "beat", "web"])
def test_what_began_with_a_wrong_key_while_the_database_was_away_ends_when_it_is_back(
    world: World, settings: object, name: str
) -> None:
    use(world, settings, Fernet.generate_key().decode())
    world.environ["TEST_WATCH_SECONDS"] = "0.5"
    with database_away(world) as come_back:
        process = world.run(name)
        world.until(lambda: "a look was given up" in process.output, "it lives, and looks for its database")
        come_back()
        process.wait()
    assert "FIELD_ENCRYPTION_KEYS do not open this database" in process.output


@pytest.mark.parametrize("name", ["worker", "beat", "web"])
def test_nothing_starts_with_settings_that_cannot_work(world: World, name: str) -> None:
    world.environ |= {"ERASURE_HASH_KEY": "", "METRICS_TOKEN": "a-token"}
    process = world.run(name)
    assert process.wait() == starting.FAILED_TO_BOOT, process.output
    assert "talentsync.E003" in process.output
    assert "monitoring.E001" in process.output
    assert "a-token" not in process.output


@pytest.mark.parametrize("name", ["worker", "beat", "web"])
def test_nothing_starts_with_a_wrong_key(world: World, settings: object, name: str) -> None:
    old, wrong = settings.FIELD_ENCRYPTION_KEYS[0], Fernet.generate_key().decode()
    use(world, settings, wrong)
    process = world.run(name)
    assert process.wait() != 0, process.output
    assert "FIELD_ENCRYPTION_KEYS do not open this database" in process.output
    assert old not in process.output
    assert wrong not in process.output
