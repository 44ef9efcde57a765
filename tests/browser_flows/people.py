"""Candidates and what hangs on them, in the states that people meet them in; scenes as in `scenes`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.utils import timezone

from talentsync.applications.models import Application, ApplicationNote, ApplicationStage, InterviewFeedback
from talentsync.candidates import services
from talentsync.candidates.models import Candidate, CandidateNote, Match
from talentsync.sync import kinds, runs
from talentsync.sync.models import Run
from tests.browser_flows.scene import RECRUITER, SUPPORT, Scene, scene
from tests.browser_flows.visiting import Visit
from tests.browser_flows.world import World, current, customer, job, person

NAMES = ("Ida Beispiel", "Otto Muster", "Lena Probe", "Karl Vorlage", "Mia Exempel", "Emil Entwurf")


def none_yet(who: str) -> Iterator[Scene]:
    """Somebody who looks after a customer that has nothing yet."""
    yield scene("candidates-empty", who, "candidates_candidate_changelist")
    yield scene("applications-empty", who, "applications_application_changelist")


def people(world: World) -> Iterator[Scene]:
    yield from entering()
    ida = a_full_life()
    applied = ida.applications.get()
    yield from before_sending(ida, applied)
    refused(world)
    ask("send_all", Candidate.objects.all())
    yield scene("candidate-waiting", RECRUITER, "candidates_candidate_change", ida.pk)
    world.work()
    world.work(minutes=10)
    matched(ida)
    yield from sent(ida, applied)


def entering() -> Iterator[Scene]:
    yield scene("candidate-add", RECRUITER, "candidates_candidate_add")
    yield scene("candidate-add-errors", RECRUITER, "candidates_candidate_add", act=_save_nothing)
    yield scene("application-add", RECRUITER, "applications_application_add")
    yield scene("feedback-add", RECRUITER, "applications_interviewfeedback_add")


def before_sending(ida: Candidate, applied: Application) -> Iterator[Scene]:
    yield scene("candidate-not-sent", RECRUITER, "candidates_candidate_change", ida.pk, act=_open_rows)
    yield scene("application-not-sent", RECRUITER, "applications_application_change", applied.pk, act=_open_rows)
    kept_out = Candidate.objects.get(external_id="PP-C6")
    yield scene("candidate-kept-out", RECRUITER, "candidates_candidate_change", kept_out.pk)
    incomplete = Candidate.objects.get(external_id="PP-C5")
    yield scene("candidate-incomplete", RECRUITER, "candidates_candidate_change", incomplete.pk)
    everyone = Candidate.objects.all()
    yield confirm("confirm-send-all", "send_all", everyone)


def sent(ida: Candidate, applied: Application) -> Iterator[Scene]:
    yield scene("candidates", RECRUITER, "candidates_candidate_changelist")
    yield scene("candidates-filters", RECRUITER, "candidates_candidate_changelist", act=_open_filters)
    yield scene("candidate-sent", RECRUITER, "candidates_candidate_change", ida.pk)
    refused_one = Candidate.objects.get(external_id="PP-C2")
    yield scene("candidate-refused", RECRUITER, "candidates_candidate_change", refused_one.pk)
    yield scene("applications", RECRUITER, "applications_application_changelist")
    yield scene("application-sent", RECRUITER, "applications_application_change", applied.pk)
    yield scene("notes", SUPPORT, "candidates_candidatenote_changelist", act=_open_filters)
    yield scene("note", RECRUITER, "candidates_candidatenote_change", ida.notes.first().pk)
    yield scene("stages", SUPPORT, "applications_applicationstage_changelist")
    yield scene("feedback", SUPPORT, "applications_interviewfeedback_changelist")
    yield confirm("confirm-delete-person", "delete", Candidate.objects.filter(pk=ida.pk))
    yield confirm("confirm-link", "link", Candidate.objects.filter(pk=ida.pk))


# what brings the world forward


def a_full_life() -> Candidate:
    """Six candidates of one customer, the first with everything that can hang on a person."""
    people = [entered(number, name) for number, name in enumerate(NAMES, 1)]
    for number, note in enumerate(("Speaks three languages.", "Prefers mornings.", "Was recommended by the depot.")):
        _hang("candidate_note", CandidateNote(candidate=people[0], external_id=f"N-{number}", note=note))
    for number in range(22):
        _hang("candidate_note", CandidateNote(candidate=people[1], external_id=f"N-{number}", note=f"Call {number}."))
    for number, (candidate, job_id) in enumerate(((people[0], "PP-001"), (people[1], "PP-002")), 1):
        applied = Application(candidate=candidate, job=job(job_id), external_id=f"PP-A{number}", source="Referral")
        applied.customer = candidate.customer
        services.add_record("application", applied, by=person(RECRUITER))
        _fill(applied)
    return people[0]


def refused(world: World) -> None:
    world.linkedin.always("reject", match="PP-C2", status=422, message="ERROR :: /firstName :: is not acceptable")


def matched(ida: Candidate) -> None:
    Match.objects.create(
        candidate=ida,
        connection=current(ida.customer, "linkedin"),
        matched_members=["urn:li:person:Ab12"],
        checked_at=timezone.now() - timedelta(hours=2),
    )


def ask(action: str, chosen: Any, *, at_once: bool = True) -> Run:
    run = draft(action, chosen)
    runs.confirm(run, destinations=["linkedin"], options={}, now=timezone.now(), at_once=at_once)
    return run


def draft(action: str, chosen: Any) -> Run:
    kind = kinds.get("candidate")
    return runs.draft(kind, kind.action(action), chosen, by=person(RECRUITER), now=timezone.now())


def confirm(name: str, action: str, chosen: Any) -> Scene:
    return scene(name, RECRUITER, "sync_run_confirm", draft(action, chosen).pk)


def preview(name: str, action: str, chosen: Any) -> Scene:
    return scene(name, RECRUITER, "sync_run_preview", draft(action, chosen).pk)


def entered(number: int, name: str) -> Candidate:
    first, last = name.split()
    candidate = Candidate(
        customer=customer(),
        external_id=f"PP-C{number}",
        first_name=first,
        last_name=last,
        current_job_title="Clerk" if number % 2 else "Sorter",
        email_addresses=[f"{first.lower()}@example.com"] if number != 5 else [],
        phone_numbers=[{"number": "+43 316 555", "extension": str(number)}],
        external_profile_url=f"https://ats.example.com/candidates/{number}",
        linked_in_profile_url="https://www.linkedin.com/in/ida-beispiel" if number == 1 else "",
        do_not_send=number == 6,
    )
    services.add_candidate(candidate, by=person(RECRUITER))
    return candidate


def _fill(applied: Application) -> None:
    for number, stage in enumerate(("Received", "Interview", "Offer"), 1):
        _hang("application_stage", ApplicationStage(application=applied, external_id=f"S-{number}", stage=stage))
    _hang("application_note", ApplicationNote(application=applied, external_id="N-1", note="Came early."))
    said = InterviewFeedback(
        application=applied,
        external_id="F-1",
        feedback="Knows the trade, asks good questions and would like to begin in spring.",
        evaluations=[{"attribute": "Craft", "result": "4/5"}, {"attribute": "Reliability", "result": "5/5"}],
        interview_type="ONSITE",
    )
    _hang("interview_feedback", said)


def _hang(kind: str, record: Any) -> None:
    services.add_record(kind, record, by=person(RECRUITER))


# what people do there


def _save_nothing(visit: Visit) -> None:
    page = visit.page
    page.locator("select[name=customer]").select_option(label="Parcel & Post")
    page.get_by_label("ID in your ATS").fill("PP-C9")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_load_state()


def _open_rows(visit: Visit) -> None:
    """The rows of what hangs on the record are folded; open the first of each group."""
    for group in visit.page.locator("[data-inline-type=stacked]").all():
        group.locator(".form-group h3").first.click()


def _open_filters(visit: Visit) -> None:
    visit.page.get_by_role("button", name="Filters").click()
