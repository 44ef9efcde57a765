"""What the people of a chaos run do, by the services that the admin and the commands call: they are the web process.

What somebody asks for is kept with the versions that there were at that moment: what is reported as done must be that,
or newer.
"""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from typing import Any

from django.core.files.base import File
from django.db.models import Q
from django.utils import timezone

from talentsync.candidates import services as candidates
from talentsync.candidates.models import Candidate
from talentsync.imports import nudges
from talentsync.imports import services as imports
from talentsync.imports.models import WORKING, Import, State
from talentsync.jobs import services as jobs
from talentsync.jobs.models import Job
from talentsync.resumes import services as resumes
from talentsync.resumes.models import Resume
from talentsync.sync import kinds, runs, stopping
from talentsync.sync.models import Hold, Run
from tests.chaos import cast
from tests.chaos.cast import MODELS, VERSIONED, Account
from tests.imports.making import as_csv
from tests.imports.making import candidate as row_of
from tests.imports.zips import a_zip
from tests.resumes.sending.making import content

A_VISIT = timedelta(seconds=5)
Versions = dict[tuple[str, int], int]


class People:
    """Recruiters and Support of all customers; each deed is a method of the name that the plan has for it."""

    def __init__(self, accounts: Sequence[Account]) -> None:
        self.accounts = accounts
        self.user = cast.support()
        self.asked: dict[int, Versions] = {}  # by request
        self.contents: dict[str, tuple[int, int]] = {}  # whose resume a file is, and which of them, by digest
        self.files: Counter[int] = Counter()  # how many files a resume has had
        self.passed_over: Counter[str] = Counter()  # what made no sense when its time came
        self._generations: Counter[tuple[int, int]] = Counter()
        self._numbers = count(1)

    # clicks

    def click(self, customer: int, kind: str, number: int, action: str) -> None:
        if record := self._record(customer, kind, number):
            self._ask(kind, action, [record])

    def post_all(self, customer: int) -> None:
        self._ask("job", "post", list(Job.objects.filter(customer=self.accounts[customer].customer)))

    def edit(self, customer: int, kind: str, number: int) -> None:
        if record := self._record(customer, kind, number):
            self._edit(kind, record)

    def edit_and_send(self, customer: int, kind: str, number: int) -> None:
        if record := self._record(customer, kind, number):
            self._edit(kind, record)
            self._ask(kind, "update" if kind == "job" else "send", [record])

    def close_several(self, customer: int, numbers: Sequence[int], undo: bool) -> None:
        self._several("job", "close", [self._record(customer, "job", number) for number in numbers], undo=undo)

    def delete_several(self, customer: int, numbers: Sequence[int], undo: bool) -> None:
        people = [self._record(customer, "candidate", number) for number in numbers]
        self._several("candidate", "delete", people, undo=undo)

    def erase(self, customer: int, number: int) -> None:
        if record := self._record(customer, "candidate", number):
            self._ask("candidate", "erase", [record])

    def try_everything_again(self) -> None:
        """Support looks at what needs attention when the vendors are well again."""
        for kind, model in MODELS.items():
            if failed := list(model._default_manager.filter(sync_state="failed")):
                self._ask(kind, "try_again", failed)

    # records, files and imports

    def add_note(self, customer: int, number: int) -> None:
        if candidate := self._record(customer, "candidate", number):
            note = MODELS["candidate_note"](candidate=candidate, external_id=f"M-{next(self._numbers)}", note="0")
            candidates.add_record("candidate_note", note, by=self.user)
            self._ask("candidate_note", "send", [note])

    def upload(self, customer: int, number: int, send: bool) -> None:
        """A first file, or another one in place of it."""
        candidate = self._record(customer, "candidate", number)
        if candidate is None:
            return
        found = Resume.objects.filter(candidate=candidate, external_id="R-1").first()
        made = content(f"{candidate.pk} {next(self._numbers)}")
        with self._noting_runs():
            if found is None:
                uploaded = resumes.upload(
                    candidate, io.BytesIO(made), "cv.pdf", by=self.user, external_id="R-1", send=False
                )
            else:
                uploaded = resumes.replace(found, io.BytesIO(made), "cv.pdf", by=self.user, send=False)
        resume = uploaded.resume
        self.files[resume.pk] += 1
        self.contents[hashlib.sha256(made).hexdigest()] = (resume.pk, self.files[resume.pk])
        if send:
            self._ask("resume", "send", [resume])

    def import_people(self, customer: int, rows: int) -> None:
        """New people, and once an earlier file is loaded, newer versions of those of it."""
        account = self.accounts[customer]
        self.confirm_imports()
        if Import.objects.filter(customer=account.customer, state__in=WORKING).exists():
            self.passed_over["import_people"] += 1
            return
        version = next(self._numbers)
        known = Candidate.objects.filter(customer=account.customer, external_id__startswith="C-I")
        changed = [key.removeprefix("C-") for key in known.values_list("external_id", flat=True)[: rows // 2]]
        fresh = [f"I{version}-{index}" for index in range(rows - len(changed))]
        made = as_csv([row_of(key, current_job_title=str(version)) for key in [*changed, *fresh]])
        self._import("candidate", account, made)

    def import_resumes(self, customer: int, rows: int) -> None:
        """A zip with a resume for each of some people who have none of that name."""
        account = self.accounts[customer]
        known = Candidate.objects.filter(customer=account.customer).order_by("-pk")[: min(rows, 5)]
        named = {f"{number}.pdf": person for person in known for number in [next(self._numbers)]}
        table = [f"{person.external_id},{name},R-{name.removesuffix('.pdf')}" for name, person in named.items()]
        self._import("resume", account, a_zip(table, {name: content(name) for name in named}))

    def _import(self, kind: str, account: Account, made: bytes) -> None:
        """Uploaded, looked at and confirmed; a worker loads it."""
        run = imports.upload(File(io.BytesIO(made), name="x"), kind=kind, customer=account.customer, by=self.user)
        imports.carry_on(run.pk, until=timezone.now() + A_VISIT)
        self.confirm_imports()

    def confirm_imports(self) -> None:
        """Also one that a worker was looking at when we did."""
        for run in Import.objects.filter(state=State.CHECKED):
            if imports.confirm(run, by=self.user):
                nudges.nudge(run.pk)

    def send_imported(self, customer: int) -> None:
        """Who came in by a file and was not sent yet."""
        mine = Candidate.objects.filter(customer=self.accounts[customer].customer, sync_state="idle")
        if chosen := list(mine[:50]):
            self._ask("candidate", "send_all", chosen)

    # stopping

    def hold(self, customer: int) -> None:
        if not Hold.objects.filter(customer=self.accounts[customer].customer, probed=False).exists():
            stopping.stop(customer=self.accounts[customer].customer, reason="Wait", by=self.user)

    def release(self, customer: int) -> None:
        for hold in Hold.objects.filter(customer=self.accounts[customer].customer):
            stopping.release(hold, by=self.user)

    def release_everything(self) -> list[str]:
        """Whatever is stopped may go on; says what was."""
        found = list(Hold.objects.select_related("customer", "connection"))
        for hold in found:
            stopping.release(hold, by=self.user)
        return [f"{stopping.scope_of(hold)}: {hold.reason}" for hold in found]

    # --- how ----------------------------------------------------------------------------------------------------------

    def _record(self, customer: int, kind: str, number: int) -> Any:
        """The record of that place in the cast. Where the person was erased, somebody else takes the place."""
        account = self.accounts[customer]
        if kind == "job":
            return Job.objects.get(customer=account.customer, external_id=f"J-{number}")
        generation = self._generations[customer, number]
        external_id = f"C-{number}.{generation}"
        candidate = Candidate.objects.filter(customer=account.customer, external_id=external_id).first()
        if candidate is None:
            self._generations[customer, number] += 1
            external_id = f"C-{number}.{generation + 1}"
            job = Job.objects.get(customer=account.customer, external_id=f"J-{number % 4}")
            candidate = cast.everything(account.customer, external_id, job)["candidate"]
        return self._below(candidate, kind)

    def _below(self, candidate: Candidate, kind: str) -> Any:
        if kind == "candidate":
            return candidate
        path = kinds.path_to(kinds.get(kind), "candidate")
        found = MODELS[kind]._default_manager.filter(Q(**{path: candidate})).order_by("pk").first()
        if found is None:
            self.passed_over[kind] += 1
        return found

    def _edit(self, kind: str, record: Any) -> None:
        ours = VERSIONED[kind][0]
        fresh = MODELS[kind]._default_manager.get(pk=record.pk)
        setattr(fresh, ours, str(cast.version_of(kind, fresh) + 1))
        if kind == "job":
            jobs.change_job(fresh, fields=[ours], by=self.user)
        elif kind == "candidate":
            candidates.change_candidate(fresh, fields=[ours], by=self.user)
        else:
            candidates.change_record(kind, fresh, fields=[ours], by=self.user)

    def _ask(self, kind: str, action: str, records: Sequence[Any]) -> None:
        """Click and confirm, without Undo."""
        with self._noting_runs():
            self._confirmed(kind, action, records, at_once=True)

    def _several(self, kind: str, action: str, records: Sequence[Any], *, undo: bool) -> None:
        with self._noting_runs():
            run = self._confirmed(kind, action, [record for record in records if record], at_once=False)
            if undo and not runs.undo(run, by=self.user, now=timezone.now()):
                self.passed_over["undo"] += 1

    def _confirmed(self, kind: str, action: str, records: Sequence[Any], *, at_once: bool) -> Run:
        declared, now = kinds.get(kind), timezone.now()
        chosen = declared.action(action)
        rows = declared.model._default_manager.filter(pk__in=[record.pk for record in records])
        run = runs.draft(declared, chosen, rows, by=self.user, now=now)
        runs.confirm(run, destinations=chosen.destinations, options={}, now=now, by=self.user, at_once=at_once)
        return run

    @contextmanager
    def _noting_runs(self) -> Iterator[None]:
        """Requests that are made in this block are about these versions, or newer ones: nobody else makes any."""
        versions, last = self.versions(), Run.objects.order_by("pk").last()
        yield
        for pk in Run.objects.filter(pk__gt=last.pk if last else 0).values_list("pk", flat=True):
            self.asked[pk] = versions

    def versions(self) -> Versions:
        """Of every record as it is now."""
        found: Versions = {("resume", pk): number for pk, number in self.files.items()}
        for kind, (ours, _) in VERSIONED.items():
            found |= {(kind, pk): int(number) for pk, number in MODELS[kind]._default_manager.values_list("pk", ours)}
        return found
