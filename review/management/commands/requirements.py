"""Prints the requirements K1-K9 as README shows them, from `eligibility`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from proposals.eligibility.requirements import REQUIREMENTS


def table() -> str:
    """Give the table, as it stands in README between its marks: the heading each comes from, in which of the documents below."""
    documents: dict[str, int] = {}
    rows = ["| Id | Krav | Vægt | Kilde |", "|---|---|---|---|"]
    for one in REQUIREMENTS:
        document, _, heading = one.source.partition(": ")
        number = documents.setdefault(document, len(documents) + 1)
        rows.append(f"| {one.id} | {one.text} | {one.weight} | {heading} ({number}) |")
    named = ", ".join(f"({number}) {document}" for document, number in documents.items())
    return "\n".join([*rows, "", f"{named}."])


class Command(BaseCommand):
    help = "Print the requirements, as README shows them."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(table())
