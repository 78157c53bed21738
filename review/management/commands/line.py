"""Prints the line as README shows it: a diagram, the statuses and the transitions, from `lifecycle`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand

from proposals.line.lifecycle import CORRECT, STOPS, TRANSITIONS, TURNS, WITHDRAW, Status

if TYPE_CHECKING:
    from collections.abc import Iterator

APART = {WITHDRAW.id, CORRECT.id}
"""Drawn as a sentence: their arrows from nearly everywhere would hide the line."""


def diagram() -> Iterator[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    for status in Status:
        yield f"    {status.value}: {status.label}"
    yield f"    [*] --> {Status.DRAFT.value}"
    for step in TRANSITIONS.values():
        if step.id not in APART:
            for source in step.sources:
                for target in step.targets:
                    yield f"    {source.value} --> {target.value}: {step.id}"
    yield "```"


def statuses() -> Iterator[str]:
    yield "| Status | Dansk | Stop | Whose turn |"
    yield "|---|---|---|---|"
    for status in Status:
        stop = STOPS[status].label if status in STOPS else "ends the line"
        yield f"| `{status.value}` | {status.label} | {stop} | {TURNS[status].label} |"


def transitions() -> Iterator[str]:
    yield "| Transition | Dansk | From | To | By | Reason |"
    yield "|---|---|---|---|---|---|"
    for step in TRANSITIONS.values():
        sources = ", ".join(f"`{status.value}`" for status in step.sources)
        targets = ", ".join(f"`{status.value}`" for status in step.targets)
        reason = "yes" if step.needs_reason else ""
        yield f"| `{step.id}` | {step.text} | {sources} | {targets} | {step.actor} | {reason} |"


def picture() -> str:
    """Give the whole of it, as it stands in README between its marks."""
    return "\n".join(
        [
            *diagram(),
            "",
            "`withdraw` leads from every status before a decision to `withdrawn`; `correct` leads one step back.",
            "",
            *statuses(),
            "",
            *transitions(),
        ]
    )


class Command(BaseCommand):
    help = "Print the line a proposal walks, as README shows it."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(picture())
