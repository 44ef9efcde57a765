"""What LinkedIn's answers about resumes and their files mean: linkedin.md 6.

Inferred, not documented: no page shows a refusal of these endpoints. The words here are those that Rest.li has for
such things, read generously; where they say nothing, the status speaks, and our own code where an answer has one.
"""

from __future__ import annotations

from connectors.base.explain import Explanation, Verdict, Who
from connectors.base.words import gettext_noop as _

UPLOAD_LINK = "upload_link"
UPLOAD_ADDRESS = "upload_address"
TOO_LARGE = "file_too_large"
FILE_TYPE = "file_type"

_GONE = r"(?!.*field is required).*(not exist|not found|not be found|expired|unknown|no longer|gone)"
_WRONG = frozenset({"400", "422"})


def _unknown_candidate(pattern: str, where: frozenset[str]) -> Explanation:
    return Explanation(
        pattern=pattern,
        where=where,
        meaning=_("LinkedIn's CRM Connect does not know the candidate. TalentSync does not create candidates there."),
        remedy=_("Let the customer's CRM send the candidate to LinkedIn, with the ID of your ATS, then use Try again."),
        verdict=Verdict.REJECT,
        field="tcrmCandidateId",
        who=Who.SUPPORT,
    )


FILES: tuple[Explanation, ...] = (
    Explanation(
        pattern=f"^{UPLOAD_LINK}$",
        where=frozenset({"code"}),
        meaning=_("The upload address that LinkedIn gave does not work any more."),
        remedy=_("Nothing to do: LinkedIn is asked for a new one."),
        verdict=Verdict.RETRY,
        who=Who.NOBODY,
    ),
    Explanation(
        pattern=f"^{UPLOAD_ADDRESS}$",
        where=frozenset({"code"}),
        meaning=_("LinkedIn wants the file at an address that TalentSync does not send files to."),
        remedy=_("Tell Support: if the host is LinkedIn's, it belongs into LINKEDIN_UPLOAD_HOSTS. Then use Try again."),
        verdict=Verdict.HOLD_OPERATION,
        who=Who.SUPPORT,
    ),
    Explanation(
        pattern=f"^{TOO_LARGE}$",
        where=frozenset({"code"}),
        meaning=_("The file is too large for LinkedIn, which takes up to 10 MB."),
        remedy=_("Make the file smaller, for example with fewer pictures, and use Replace file."),
        verdict=Verdict.REJECT,
        field="file",
    ),
    Explanation(
        pattern=f"^{FILE_TYPE}$",
        where=frozenset({"code"}),
        meaning=_("LinkedIn does not take this type of file."),
        remedy=_("Save it as PDF, and use Replace file."),
        verdict=Verdict.REJECT,
        field="contentType",
    ),
    Explanation(
        pattern=r"/contentType\b",
        where=_WRONG | {"415"},
        meaning=_("LinkedIn does not take this type of file."),
        remedy=_("Save it as PDF, and use Replace file."),
        verdict=Verdict.REJECT,
        field="contentType",
    ),
    Explanation(
        pattern=r"/blobTtl\b",
        where=_WRONG,
        meaning=_("LinkedIn does not accept the time after which the file is to be removed."),
        remedy=_("Use Replace file with the same file, and choose another time there, or to keep it."),
        verdict=Verdict.REJECT,
        field="blobTtl",
    ),
    Explanation(
        pattern=r"/hiringContext\b",
        where=_WRONG,
        meaning=_("LinkedIn does not know the Recruiter contract of the connection."),
        remedy=_("Check the Recruiter contract of the connection, then use Try again."),
        verdict=Verdict.CONTRACT,
        field="hiringContext",
        who=Who.SUPPORT,
    ),
    Explanation(
        pattern=r"contract",
        where=frozenset({"403"}),
        meaning=_("The connection may not upload files for its Recruiter contract."),
        remedy=_("Check the Recruiter contract of the connection, and that its client ID belongs to that contract."),
        verdict=Verdict.CONTRACT,
        field="hiringContext",
        who=Who.SUPPORT,
    ),
)

RESUMES: tuple[Explanation, ...] = (
    Explanation(
        pattern=rf"(resumeFile|ambry ?Blob|\bblob\b){_GONE}",
        where=_WRONG | {"404", "410"},
        meaning=_("LinkedIn does not have the file any more, or never had it."),
        remedy=_("Use Start over from upload: the file is uploaded again and attached."),
        verdict=Verdict.REJECT,
        field="resumeFile",
    ),
    Explanation(
        pattern=r"/tcrmCreatedAt :: (?!field is required)",
        where=_WRONG,
        meaning=_("LinkedIn does not accept the day on which the record was created: it counts in milliseconds."),
        remedy=_("Correct the day of creation, then use Try again. Tell Support if it is right."),
        verdict=Verdict.REJECT,
        field="tcrmCreatedAt",
    ),
    _unknown_candidate(rf"tcrmCandidate(?!Resume)\w*\b{_GONE}", _WRONG | {"404"}),
    _unknown_candidate(r"^(?!Resource \S+ does not exist)", frozenset({"404"})),  # there: a wrong address
)
