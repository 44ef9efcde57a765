"""What people see on a person's way to LinkedIn and back: previews, pages that ask, receipts; scenes as in `scenes`.

It goes on where `people` ends: all candidates were sent, of whom LinkedIn refused one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from talentsync.candidates import linking, services
from talentsync.candidates.models import Candidate
from talentsync.sync.models import Run
from tests.browser_flows import people
from tests.browser_flows.scene import RECRUITER, ROOT, Scene, scene
from tests.browser_flows.world import World, current, customer, person

IDA, OTTO, LENA, KARL, MIA = (f"PP-C{number}" for number in range(1, 6))
NORA, MIRELA = "PP-C7", "PP-C-001"
MEMBER = "urn:li:person:Ab12"
SAID_THERE = {"firstName": "Ida", "lastName": "Beispiel", "currentJobTitle": "Dispatcher", "suffix": "MSc"}


def there_and_back(world: World) -> Iterator[Scene]:
    yield from before_an_update(world)
    yield from side_by_side(world)
    yield from linked()
    yield from removed(world)
    yield from erased(world)
    yield from switched()


def before_an_update(world: World) -> Iterator[Scene]:
    """Something is erased here, something changed, somebody is new, and some cannot be sent."""
    change(IDA, current_job_title="", phone_numbers=[])
    change(LENA, current_job_title="Team leader", suffix="MSc")
    people.entered(7, "Nora Muster")
    change(MIRELA, current_job_title="Shift lead", current_company_name="")
    yield people.preview("preview-one", "send", one(MIRELA))
    asked = people.draft("send_all", Candidate.objects.all())
    yield scene("preview", RECRUITER, "sync_run_preview", asked.pk)
    yield scene("confirm-send-changes", RECRUITER, "sync_run_confirm", asked.pk)
    yield people.confirm("confirm-send-one", "send", one(IDA))
    sent = people.ask("send_all", several(IDA, OTTO, NORA))
    world.work()
    yield scene("run-of-several-kinds", RECRUITER, "sync_run_change", sent.pk)
    yield scene("candidate-would-erase", RECRUITER, "candidates_candidate_change", one(IDA).get().pk)


def side_by_side(world: World) -> Iterator[Scene]:
    yield scene("columns-not-asked", RECRUITER, "candidates_candidate_preview", one(MIA).get().pk)
    linkedin = current(customer(), "linkedin")
    world.linkedin.seed_record("atsCandidates", IDA, client_id=linkedin.client_id, fields=SAID_THERE)
    yield people.confirm("confirm-fetch", "fetch", one(IDA))
    people.ask("fetch", one(IDA))
    world.work()
    yield scene("columns", RECRUITER, "candidates_candidate_preview", one(IDA).get().pk)


def linked() -> Iterator[Scene]:
    linking.link(one(KARL), MEMBER)
    yield people.confirm("confirm-unlink", "unlink", one(KARL))


def removed(world: World) -> Iterator[Scene]:
    deleting = people.ask("delete", several(KARL, NORA), at_once=False)
    yield scene("run-delete-waiting", RECRUITER, "sync_run_change", deleting.pk)
    world.work(seconds=61)
    yield scene("run-deleted", RECRUITER, "sync_run_change", deleting.pk)
    yield scene("candidate-removed", RECRUITER, "candidates_candidate_change", one(KARL).get().pk)
    yield people.confirm("confirm-send-again", "send_again", one(KARL))


def erased(world: World) -> Iterator[Scene]:
    going = several(IDA, LENA)
    yield people.confirm("confirm-erase", "erase", going)
    world.linkedin.always("reject", match=LENA, status=422, message="The record is frozen.")
    erasing = people.ask("erase", going)
    world.work()
    yield scene("erasure-refused", RECRUITER, "sync_run_erasure", erasing.pk)
    yield scene("run-erasing", RECRUITER, "sync_run_change", erasing.pk)
    done = people.ask("erase", one(MIRELA))
    world.work()
    yield scene("erasure", RECRUITER, "sync_run_erasure", done.pk)
    yield scene("run-erased", RECRUITER, "sync_run_change", done.pk)
    Run.objects.filter(state=Run.State.DRAFT).delete()


def switched() -> Iterator[Scene]:
    yield scene("automatic-sync-off", ROOT, "customers_customer_automatic", customer().pk)
    of = customer()
    of.sends_changes = True
    of.save(update_fields=["sends_changes"])
    yield scene("automatic-sync-on", ROOT, "customers_customer_automatic", of.pk)
    of.sends_changes = False
    of.save(update_fields=["sends_changes"])


def one(external_id: str) -> Any:
    return several(external_id)


def several(*external_ids: str) -> Any:
    return Candidate.objects.filter(external_id__in=external_ids)


def change(external_id: str, **values: Any) -> None:
    """As the form does."""
    candidate = one(external_id).get()
    for name, value in values.items():
        setattr(candidate, name, value)
    services.change_candidate(candidate, fields=set(values), by=person(RECRUITER))
