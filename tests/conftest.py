"""What every test may use. Builders and fixtures of one part stand in that part's folder."""

from __future__ import annotations

pytest_plugins = ["tests.browser", "tests.order", "tests.skips"]
