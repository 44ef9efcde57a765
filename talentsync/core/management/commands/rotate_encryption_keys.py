"""`rotate_encryption_keys`: after it the first key alone opens everything."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from talentsync.core import rotation


class Command(BaseCommand):
    help = (
        "Writes every encrypted value anew under the first of FIELD_ENCRYPTION_KEYS. Workers may run meanwhile, once "
        "they were restarted with the new key in front. May be interrupted and run again. Exit codes: 0 the other keys "
        "are no longer needed, 1 they still are."
    )

    def handle(self, **options: Any) -> None:
        done = rotation.rotate(say=self.stdout.write)
        if done.unreadable:
            raise CommandError(
                f"{done.unreadable:,} values are opened by no key of FIELD_ENCRYPTION_KEYS. They were left as they "
                "are: put the key that they were written with behind the others, and run this again."
            )
        if not done.is_finished:
            raise CommandError(
                "Something still writes with an older key, or keeps rows locked. Restart web, worker and beat with the "
                "new key in front, and run this again. Keep the older keys until it ends well."
            )
        self.stdout.write(f"{done.rewritten:,} values were written anew. The first key alone opens everything now.")
