"""Moods about single records of a batch call on the Middleware Platform; `match` is the record's id or its parent's."""

from __future__ import annotations

from connectors.base.simulation import Mood, World
from connectors.linkedin.simulator.batches import Batch
from connectors.linkedin.simulator.outcomes import Outcome, failed, worded
from connectors.linkedin.simulator.resources import Address
from connectors.linkedin.simulator.wire import refuse

KINDS = {"reject", "refuse_read", "forget", "stock_validator"}
UNACCEPTABLE = "/ :: is not acceptable"
NOT_YOURS = "Not enough permissions to access this record"


class Tempers:
    """The moods of one call: where none of these kinds waits, nothing is asked for each record."""

    def __init__(self, world: World, batch: Batch) -> None:
        self._world = world
        self._batch = batch
        self._waiting = {mood.kind for mood in world.moods.waiting()} & KINDS

    def rejection(self, address: Address) -> Outcome | None:
        """What is only read cannot be refused for what is in it."""
        is_read = self._batch.method == "batch_get"
        mood = self._about("refuse_read" if is_read else "reject", address)
        if mood is None:
            return None
        usual = (403, NOT_YOURS) if is_read else (422, worded([UNACCEPTABLE]))
        return failed(mood.status or usual[0], mood.message or usual[1])

    def is_forgotten(self, address: Address) -> bool:
        return self._about("forget", address) is not None

    def validate_in_stock(self) -> None:
        """The framework's own validator: one bad entity and the whole batch_update is a 422 that lists keys (4.1)."""
        if "stock_validator" not in self._waiting or self._batch.method != "batch_update":
            return
        faults, entities = self._batch.resource.faults, self._batch.entities
        bad = {one: found for one in self._batch.addresses if (found := list(faults(entities[one])))}

        def fits(mood: Mood) -> bool:
            named = any(_is_about(mood, address) for address in self._batch.addresses)
            return self._is_here(mood) and (named if mood.match else bool(bad))

        mood = self._world.moods.take({"stock_validator"}, fits)
        if mood is None:
            return
        for address in self._batch.addresses:
            if mood.match and _is_about(mood, address):
                bad.setdefault(address, [mood.message or UNACCEPTABLE])
        raise refuse(422, "".join(f"Key: {self._batch.written(one)}, {worded(found)}" for one, found in bad.items()))

    def _about(self, kind: str, address: Address) -> Mood | None:
        if kind not in self._waiting:
            return None
        return self._world.moods.take({kind}, lambda mood: self._is_here(mood) and _is_about(mood, address))

    def _is_here(self, mood: Mood) -> bool:
        return mood.endpoint in ("", self._batch.resource.endpoint)


def _is_about(mood: Mood, address: Address) -> bool:
    return mood.match in ("", address.external_id, address.parent_id)
