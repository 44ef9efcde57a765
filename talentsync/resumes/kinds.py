"""Resumes and their files as the engine sees them: a file is uploaded first, then its resume names it."""

from __future__ import annotations

from talentsync.candidates import looks as people
from talentsync.candidates import wording
from talentsync.candidates.kinds import PERMISSION, at_linkedin
from talentsync.resumes import actions, explanations, looks, records, services
from talentsync.resumes.models import Resume, ResumeFile
from talentsync.resumes.sentences import NOT_DELETED, REASONS
from talentsync.sync.kinds import Kind, erases_nothing, register
from talentsync.sync.states import Operation, RemoteState

UPSERT, DELETE = Operation.UPSERT, Operation.DELETE
AT_A_TIME = 4  # uploads for one connection

UPLOADS = {(UPSERT, state): "UPLOAD" for state in RemoteState}
"""Whatever is there: a second upload is another file at LinkedIn, and the first one is forgotten."""

VERBS = {(verb, state): verb.name for verb in (UPSERT, DELETE) for state in RemoteState}
"""By key, whatever is there: both fields of a resume are always sent, so that nothing can be erased by it."""

register(
    Kind(
        name="resume_file",
        model=ResumeFile,
        internal=True,
        shards=AT_A_TIME,
        part_of={"candidate": "candidate", "resume": "resume"},
        forget=services.forget_files,
        kept=looks.kept,
        joined=("candidate",),
        fetched=("references",),
        routes=(
            at_linkedin(
                "resume_files",
                records.resume_file,
                ResumeFile,
                content=records.content,
                operations=frozenset({UPSERT}),  # LinkedIn has no call that deletes a file
                verbs=UPLOADS,
                by_key=frozenset(),
                erases=erases_nothing,
                explain=explanations.of_file,
            ),
        ),
        actions=actions.OF_FILES,
        absorb=looks.absorb_files,
        summarise=looks.summarise_files,
        sentences=REASONS,
        label_of=wording.label_of(ResumeFile),
        permission=PERMISSION,
    )
)

register(
    Kind(
        name="resume",
        model=Resume,
        needs={"candidate": "candidate", "resume_file": "file"},
        may_lack=frozenset({"candidate"}),  # it is the CRM's own that LinkedIn asks for
        brings={"resume_file": "file"},
        below="candidate",
        mixed=True,
        joined=("candidate", "file"),
        fetched=("file__references",),
        routes=(
            at_linkedin(
                "resumes",
                records.resume,
                Resume,
                verbs=VERBS,
                erases=erases_nothing,
                explain=explanations.of_resume,
            ),
        ),
        actions=actions.OF_RESUMES,
        absorb=people.absorb_nothing,
        summarise=looks.summarise,
        sentences=REASONS,
        stays=NOT_DELETED,
        label_of=wording.label_of(Resume),
        permission=PERMISSION,
        automatic="send",
        kept_out="candidate__do_not_send",
    )
)
