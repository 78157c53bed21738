"""Prints the line as README shows it: a diagram, the statuses and the transitions, from `lifecycle`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand

from proposals.line.lifecycle import Status, Transition

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST_DRAWN = 2
"""Who begins in more statuses is told of in a sentence: arrows from nearly everywhere would hide the line."""


def diagram() -> Iterator[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    for status in Status:
        yield f"    {status.value}: {status.label}"
    yield f"    [*] --> {Status.DRAFT.value}"
    for transition in Transition:
        if len(transition.sources) <= MOST_DRAWN:
            for source, targets in transition.arrows.items():
                for target in targets:
                    yield f"    {source.value} --> {target.value}: {transition.id}"
    yield "```"


def undrawn() -> str:
    wide = (f"`{t.id}`" for t in Transition if len(t.sources) > MOST_DRAWN)
    return f"Begin nearly everywhere before a decision, and are not drawn: {', '.join(wide)}."


def statuses() -> Iterator[str]:
    yield "| Status | Dansk | Stop | Whose turn |"
    yield "|---|---|---|---|"
    for status in Status:
        stop = status.stop.label if status.stop else "ends the line"
        yield f"| `{status.value}` | {status.label} | {stop} | {status.turn} |"


def transitions() -> Iterator[str]:
    yield "| Transition | Dansk | From → to | By | Reason |"
    yield "|---|---|---|---|---|"
    for transition in Transition:
        reason = "yes" if transition.needs_reason else ""
        yield f"| `{transition.id}` | {transition.text} | {arrows(transition)} | {transition.actor} | {reason} |"


def arrows(transition: Transition) -> str:
    """Give where it leads from where; sources that lead to the same stand together."""
    sources: dict[tuple[Status, ...], list[Status]] = {}
    for source, targets in transition.arrows.items():
        sources.setdefault(targets, []).append(source)
    return "; ".join(f"{_names(begins)} → {_names(ends)}" for ends, begins in sources.items())


def picture() -> str:
    """Give the whole of it, as it stands in README between its marks."""
    return "\n".join([*diagram(), "", undrawn(), "", *statuses(), "", *transitions()])


def _names(statuses: Iterable[Status]) -> str:
    return ", ".join(f"`{status.value}`" for status in statuses)


class Command(BaseCommand):
    help = "Print the line a proposal walks, as README shows it."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(picture())
