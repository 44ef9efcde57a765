"""A worker is killed in the middle of an import; the next one goes on, and every row is loaded and counted once."""

from __future__ import annotations

import io

import pytest
from django.core.files.base import File

from talentsync.candidates.models import Candidate, CandidateEmail
from talentsync.imports import services
from talentsync.imports.models import Import, State
from tests.crash.world import World
from tests.customers.making import make_customer
from tests.imports.making import as_csv, candidate

pytestmark = pytest.mark.slow

ROWS = 3_500


def has(run: Import, *states: str) -> bool:
    return Import.objects.get(pk=run.pk).state in states


@pytest.mark.parametrize("at", ["inside a load", "after a load"])
@pytest.mark.parametrize("nth", [1, 3])
def test_a_killed_import_goes_on_where_it_was(world: World, settings: object, at: str, nth: int) -> None:
    settings.MEDIA_ROOT = world.folder / "media"
    doubled = candidate(ROWS - 1)
    content = io.BytesIO(as_csv([*map(candidate, range(ROWS)), doubled]))
    run = services.upload(File(content, name="x"), kind="candidate", customer=make_customer("Acme"), by=None)
    # what kills at the first step of loading passes over the steps of checking
    checks = 4 if at == "after a load" else 0
    dying = world.run_worker(**world.deadly(at, nth=nth + checks))
    world.send("imports.carry_on", run.pk)
    world.until(lambda: has(run, State.CHECKED), "the file is checked")
    assert services.confirm(run, by=None)
    world.send("imports.carry_on", run.pk)
    world.until(lambda: dying.has_ended, "the worker kills itself")
    assert dying.was_killed, world.report()
    assert has(run, State.LOADING)

    world.run_worker()
    world.send("imports.carry_on", run.pk)
    world.until(lambda: has(run, State.DONE, State.FAILED), "the import is over")

    run.refresh_from_db()
    assert (run.state, run.n_new, run.n_refused, run.n_rows) == (State.DONE, ROWS, 1, ROWS + 1)
    assert list(run.errors.values_list("rule", "line")) == [("doubled_id", ROWS + 2)]
    assert Candidate.objects.count() == CandidateEmail.objects.count() == ROWS
    assert list((world.folder / "media" / "imports").iterdir()) == []
