"""Settings of the processes of these tests: every logger talks as much as it can, and nothing is masked in `bare.log`.

Masking is the last line of defence; here it must not be needed.
"""

from __future__ import annotations

from copy import deepcopy

from tests.crash.settings import *  # noqa: F403
from tests.crash.settings import LOGGING as USUAL
from tests.crash.settings import VAR_DIR

LOGGING = deepcopy(USUAL)
LOGGING["handlers"]["bare"] = {"class": "logging.FileHandler", "filename": VAR_DIR / "bare.log"}
LOGGING["root"] = {
    "handlers": ["bare", "stderr"],
    "level": "DEBUG",
}  # first the bare one: the filter changes the record
for name, logger in LOGGING["loggers"].items():
    if name != "urllib3":  # its lines are addresses, and TalentSync has it say nothing
        logger["level"] = "DEBUG"
