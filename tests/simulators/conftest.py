"""Simulated vendors with one application each, and somebody who calls them."""

from __future__ import annotations

import pytest

from connectors.greenhouse.simulator import Greenhouse
from connectors.linkedin.simulator import Linkedin
from tests.simulators.speaking import CONTRACT, GreenhouseCaller, LinkedinCaller


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
