"""`demo`: a small invented world in practice, to try TalentSync in."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from talentsync.demo import setup


class Command(BaseCommand):
    """Running it again makes what is missing and changes nothing else."""

    help = (
        "Makes an administrator, a recruiter and a support user with random passwords (printed once), and two invented "
        "customers with jobs, candidates and resumes, connected to the practice vendors. Exit code: 0."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        made = setup.people()
        customers = setup.companies()
        setup.at_the_vendors()
        for refusal in setup.resumes():
            self.stderr.write(f"A resume was not taken. {refusal}")
        self.stdout.write(f"Practice customers: {', '.join(customer.name for customer in customers)}.")
        if made:
            self._tell(made)

    def _tell(self, made: dict[str, str]) -> None:
        self.stdout.write("\nLog in with one of these. The passwords are shown this once:\n\n")
        width = max(map(len, made))
        for name, password in made.items():
            self.stdout.write(f"  {name:<{width}}  {password}\n")
        self.stdout.write("\n")
