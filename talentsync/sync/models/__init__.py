"""The engine's tables. Apps import from here."""

from talentsync.sync.models.attempt import Attempt, AttemptItem
from talentsync.sync.models.base import SyncedModel, listed, listed_few, unique_id
from talentsync.sync.models.delivery import Delivery, RemoteTask, Snapshot
from talentsync.sync.models.erasure import Erasure
from talentsync.sync.models.lane import Budget, Hold, Lane
from talentsync.sync.models.run import Run, RunItem, RunPart

__all__ = [
    "Attempt",
    "AttemptItem",
    "Budget",
    "Delivery",
    "Erasure",
    "Hold",
    "Lane",
    "RemoteTask",
    "Run",
    "RunItem",
    "RunPart",
    "Snapshot",
    "SyncedModel",
    "listed",
    "listed_few",
    "unique_id",
]
