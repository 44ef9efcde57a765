"""Runs the benchmarks on a stage of their own and prints one table."""

from __future__ import annotations

import os
import sys

from talentsync.stage import Stage

WIDTH = 86


def main() -> int:
    postgres = os.environ.get("TEST_POSTGRES_URL", "")  # read now: a stage takes nothing over
    with Stage(LINKEDIN_TASK_FIRST_POLL_SECONDS="300", UNDO_SECONDS="60") as stage:
        os.environ["DJANGO_SETTINGS_MODULE"] = "talentsync.settings"
        import django  # settings read the stage's environment, which stands only now

        django.setup()
        from tests.bench import measuring

        good = True
        for line in measuring.all_lines(stage, postgres):
            sys.stdout.write(f"{line.verdict:<5}{line.what:<{WIDTH}}  {line.measured}\n")
            sys.stdout.flush()
            good = good and line.good is not False
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
