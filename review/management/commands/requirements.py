"""Prints the requirements K1-K9 as README shows them, from `eligibility`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from proposals.eligibility.requirements import REQUIREMENTS


def table() -> str:
    """Give the table, as it stands in README between its marks."""
    rows = ["| Id | Krav | Vægt | Kilde |", "|---|---|---|---|"]
    rows += [f"| {r.id} | {r.text} | {r.weight} | {r.source} |" for r in REQUIREMENTS]
    return "\n".join(rows)


class Command(BaseCommand):
    help = "Print the requirements, as README shows them."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(table())
