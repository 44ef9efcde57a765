"""Greenhouse as one connection sees it: its resources, and a test that asks for something harmless."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from connectors.base.errors import Misconfigured
from connectors.base.quota import Quota
from connectors.base.resource import Resource, TestResult
from connectors.base.tokens import TokenProvider
from connectors.base.transport import Transport
from connectors.greenhouse.answers import V1, V3
from connectors.greenhouse.harvest import MAX_IDS, Harvest
from connectors.greenhouse.harvest_v1 import HarvestV1
from connectors.greenhouse.harvest_v3 import HarvestV3
from connectors.greenhouse.quotas import QUOTAS
from connectors.greenhouse.resources.jobs import Jobs
from connectors.greenhouse.wire import Wire

STEP_DEADLINE_SECONDS = 60.0  # with a token fetched at its very end still well under the lease of 120 s
# v1 asks for each job and its openings one by one, and its window holds 50 calls (greenhouse.md 1.3).
V1_CHECK_LIMIT = 20


class GreenhouseClient:
    """One customer's Greenhouse. `tokens` gives a bearer token for v3 and `basic_token(key)` for v1."""

    quotas: Mapping[str, Quota] = QUOTAS

    def __init__(
        self,
        *,
        transport: Transport,
        tokens: TokenProvider,
        api: str,
        acting_user_id: str,
        step_deadline: float = STEP_DEADLINE_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`api` is "v3" or "v1". `acting_user_id` goes into v1's writes; in v3 the token already acts for its user."""
        if api not in {V3.version, V1.version}:
            raise Misconfigured("Greenhouse speaks v3, or v1 as legacy.")
        self._transport, self._tokens, self._api = transport, tokens, api
        self._acting_user_id, self._step_deadline, self._clock = acting_user_id, step_deadline, clock
        self._jobs = Jobs(self._open_step, check_limit=MAX_IDS if api == V3.version else V1_CHECK_LIMIT)

    @property
    def resources(self) -> Mapping[str, Resource]:
        return {"jobs": self._jobs}

    def test(self) -> TestResult:
        """Read close reasons, one job and one opening. Raises `Forbidden` naming the missing scope or permission."""
        _, harvest = self._open_step()
        reasons = [{"id": reason.id, "name": reason.name} for reason in harvest.close_reasons()]
        harvest.probe()
        return TestResult(facts={"close_reasons": reasons})

    def _open_step(self) -> tuple[Wire, Harvest]:
        wire = Wire(
            transport=self._transport,
            tokens=self._tokens,
            dialect=V3 if self._api == V3.version else V1,
            step_deadline=self._step_deadline,
            clock=self._clock,
        )
        return wire, HarvestV3(wire) if self._api == V3.version else HarvestV1(
            wire, acting_user_id=self._acting_user_id
        )
