"""Runs the benchmarks on a stage of their own and prints one table."""

from __future__ import annotations

import argparse
import logging
import os
import sys

from talentsync.stage import Stage
from tests.bench.lines import PARTS, Asked

WIDTH = 96


def main() -> int:
    asked = _asked()
    postgres = os.environ.get("TEST_POSTGRES_URL", "")  # read now: a stage takes nothing over
    with Stage(LINKEDIN_TASK_FIRST_POLL_SECONDS="300", UNDO_SECONDS="60") as stage:
        os.environ["DJANGO_SETTINGS_MODULE"] = "talentsync.settings"
        import django  # settings read the stage's environment, which stands only now

        django.setup()
        logging.getLogger("talentsync").setLevel(logging.WARNING)  # a line for each batch would hide the table
        from tests.bench import measuring

        good = True
        for line in measuring.all_lines(stage, postgres, asked):
            sys.stdout.write(f"{line.verdict:<5}{line.what:<{WIDTH}}  {line.measured}\n")
            sys.stdout.flush()
            good = good and line.good is not False
    return 0 if good else 1


def _asked() -> Asked:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; all, where none is named")
    parser.add_argument("--million", action="store_true", help="show over a million records that memory stays flat")
    said = parser.parse_args()
    if unknown := set(said.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    return Asked(parts=said.parts or PARTS, million=said.million)


if __name__ == "__main__":
    sys.exit(main())
