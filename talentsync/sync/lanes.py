"""What became of a call, for the lane that it went through: how soon it goes on, what is stopped, what was used up."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from connectors.base.errors import ConnectorError, Throttled
from connectors.base.resource import Step
from talentsync.sync import budgets, holds, policy, records_of_calls
from talentsync.sync.calling import Batch, Report
from talentsync.sync.models import Lane
from talentsync.sync.policy import CallVerdict, LaneEffect

FIELDS = ("outages", "not_before", "alike_fingerprint", "alike_count")


def settle(lane: Lane, batch: Batch, report: Report, call: CallVerdict | None, *, now: datetime) -> None:
    """Write down what a call means for its lane, as it is by now; `call` is None where it went through."""
    before = [getattr(lane, name) for name in FIELDS]
    if call is None:
        _succeeded(lane, batch, report)
    else:
        _failed(lane, batch, report, call.lane, now)
    if before != [getattr(lane, name) for name in FIELDS]:
        lane.save(update_fields=FIELDS)
    give_units_back(batch, report)


def give_units_back(batch: Batch, report: Report) -> None:
    """What the batch took of the vendor's limits and did not use."""
    budgets.settle(batch.lane.connection, batch.grant, n_calls=report.n_calls, n_used=report.n_used)


def _succeeded(lane: Lane, batch: Batch, report: Report) -> None:
    if not report.exchanges:
        return
    lane.not_before = None
    if batch.step == Step.SEND:  # that a question was answered says nothing of sending
        lane.outages = 0
    lane.alike_fingerprint, lane.alike_count = "", 0
    holds.unblocked(lane.connection, _endpoint(batch))


def _failed(lane: Lane, batch: Batch, report: Report, effect: LaneEffect, now: datetime) -> None:
    error = report.error
    assert error is not None
    match effect:
        case LaneEffect.SOON:
            lane.not_before = now + timedelta(seconds=1)
        case LaneEffect.BACK_OFF:
            step = policy.OUTAGE_SCHEDULE[min(lane.outages, len(policy.OUTAGE_SCHEDULE) - 1)]
            lane.outages, lane.not_before = lane.outages + 1, now + step * random.uniform(1.0, 1.2)
        case LaneEffect.BLOCK_BUDGET if isinstance(error, Throttled):
            holds.block(lane.connection, _endpoint(batch), error, now)
        case LaneEffect.HOLD_OPERATION if isinstance(error, ConnectorError):
            holds.hold_operation(lane, batch.operation, error)
        case LaneEffect.HOLD_CONNECTION if isinstance(error, ConnectorError):
            holds.hold_connection(lane.connection, error)
        case LaneEffect.COUNT_ALIKE if isinstance(error, ConnectorError):
            _count_alike(lane, batch.operation, error)


def _count_alike(lane: Lane, operation: str, error: ConnectorError) -> None:
    """One bad record is its own fault; the same refusal for one record after the other is ours or the
    connection's.
    """
    fingerprint = records_of_calls.fingerprint(error.words, error.status)
    same = lane.alike_fingerprint == fingerprint
    lane.alike_fingerprint, lane.alike_count = fingerprint, lane.alike_count + 1 if same else 1
    limit = policy.ALIKE_LIMITS.get(error.status or 0)
    if limit is not None and lane.alike_count >= limit and holds.hold_operation(lane, operation, error):
        lane.alike_count = 0


def _endpoint(batch: Batch) -> str:
    return batch.endpoints[batch.step]
