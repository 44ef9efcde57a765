"""Simulated vendors with one application each, and somebody who calls them."""

from __future__ import annotations

import pytest

from connectors.greenhouse.simulator import Greenhouse
from connectors.linkedin.simulator import Linkedin
from tests.simulators.speaking import CONTRACT, GreenhouseCaller, LinkedinCaller
from tests.simulators.syncing import Tongue


@pytest.fixture
def linkedin() -> Linkedin:
    vendor = Linkedin()
    vendor.seed_application(job_contracts={CONTRACT: 2})
    return vendor


@pytest.fixture
def caller(linkedin: Linkedin) -> LinkedinCaller:
    somebody = LinkedinCaller(linkedin)
    somebody.log_in()
    return somebody


@pytest.fixture
def greenhouse() -> Greenhouse:
    vendor = Greenhouse()
    vendor.seed_credential()
    vendor.seed_key()
    return vendor


@pytest.fixture
def admin(greenhouse: Greenhouse) -> GreenhouseCaller:
    somebody = GreenhouseCaller(greenhouse)
    somebody.log_in(sub="4410027")
    return somebody


@pytest.fixture(params=["1.0.0", "1.0.0 tunneled", "2.0.0", "2.0.0 tunneled"])
def tongue(request: pytest.FixtureRequest, caller: LinkedinCaller) -> Tongue:
    """The four ways in which a call can be made."""
    version, _, tunneled = request.param.partition(" ")
    return Tongue(caller, version=version, tunneled=bool(tunneled))


@pytest.fixture
def plain(caller: LinkedinCaller) -> Tongue:
    """Protocol 1.0.0 without a tunnel, as the pages write it."""
    return Tongue(caller)
