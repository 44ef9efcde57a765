from talentsync.candidates.models.candidate import Candidate, CandidateEmail
from talentsync.candidates.models.facts import Match
from talentsync.candidates.models.note import CandidateNote, Note
from talentsync.candidates.models.person import LinkedInStatus, PersonRecord, of_person

__all__ = [
    "Candidate",
    "CandidateEmail",
    "CandidateNote",
    "LinkedInStatus",
    "Match",
    "Note",
    "PersonRecord",
    "of_person",
]
