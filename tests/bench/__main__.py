"""Runs the benchmarks on a stage of their own and prints one table."""

from __future__ import annotations

import os
import sys

from talentsync.stage import Stage


def main() -> int:
    postgres = os.environ.get("TEST_POSTGRES_URL", "")  # read now: a stage takes nothing over
    with Stage(LINKEDIN_TASK_FIRST_POLL_SECONDS="300", UNDO_SECONDS="60") as stage:
        os.environ["DJANGO_SETTINGS_MODULE"] = "talentsync.settings"
        import django  # settings read the stage's environment, which stands only now

        django.setup()
        from tests.bench import measuring

        lines = measuring.all_lines(stage, postgres)
    width = max(len(line.what) for line in lines)
    for line in lines:
        sys.stdout.write(f"{line.verdict:<5}{line.what:<{width}}  {line.measured}\n")
    return 0 if all(line.good is not False for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
