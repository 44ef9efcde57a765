"""A worker is killed while it loads a zip of resumes; the next one goes on, and no resume is there twice, none lost."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.files.base import File
from django.utils import timezone

from talentsync.imports import services
from talentsync.imports.models import Import, State
from talentsync.resumes import orphans, storage
from talentsync.resumes.models import Resume, ResumeFile
from tests.candidates.making import make_candidate
from tests.crash.world import World
from tests.customers.making import make_customer
from tests.imports.zips import a_zip, pdf

pytestmark = pytest.mark.slow

ROWS = ["C-1,a.pdf,R-1", "C-1,b.pdf,", "C-1,none.pdf,R-2", "C-1,c.pdf,R-3", "C-1,d.pdf,"]
FILES = {name: pdf(name) for name in ("a.pdf", "b.pdf", "c.pdf", "d.pdf")}


@pytest.mark.parametrize(
    ("at", "n_orphans"),
    [
        ("after a file is stored", 1),
        ("while a resume is written", 1),
        ("after a load", 0),
    ],
)
def test_a_killed_load_goes_on_at_its_row(world: World, settings: object, at: str, n_orphans: int) -> None:
    settings.MEDIA_ROOT = world.folder / "media"
    candidate = make_candidate(make_customer("Acme"))
    content = File(io.BytesIO(a_zip(ROWS, FILES)), name="x")
    run = services.upload(content, kind="resume", customer=candidate.customer, by=None)
    assert services.carry_on(run.pk, until=timezone.now() + timedelta(minutes=1))
    assert services.confirm(run, by=None)
    dying = world.run_worker(**world.deadly(at, nth=2))
    world.send("imports.carry_on", run.pk)
    world.until(lambda: dying.has_ended, "the worker kills itself")
    assert dying.was_killed, world.report()
    assert 0 < Resume.objects.count() < len(FILES)

    world.run_worker()
    world.send("imports.carry_on", run.pk)
    world.until(lambda: Import.objects.get(pk=run.pk).state != State.LOADING, "the import is over")

    run.refresh_from_db()
    assert (run.state, run.n_new, run.n_refused) == (State.DONE, len(FILES), 1)
    assert list(run.errors.values_list("line", "rule")) == [(4, "no_such_file")]
    assert sorted(Resume.objects.values_list("file__name", flat=True)) == sorted(FILES)
    assert ResumeFile.objects.count() == len(FILES)
    assert [each.missing for each in orphans.find(storage.store())] == [orphans.Missing.ROW] * n_orphans
    assert list((world.folder / "media" / "imports").iterdir()) == []
