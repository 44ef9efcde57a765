"""Each test of a rule that holds in both versions runs in both."""

from __future__ import annotations

import pytest

from tests.connectors.greenhouse.practice import Practice, practice_of


@pytest.fixture(params=["v3", "v1"])
def practice(request: pytest.FixtureRequest) -> Practice:
    return practice_of(request.param)
