"""
Prints the line as README shows it, from `lifecycle`: a diagram, then what statuses and transitions are called.

Each thing stands there once: the diagram says from where to where, the tables say the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand

from proposals.line.lifecycle import Actor, Status, Transition

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_DRAWN = 2
"""Who begins in more statuses is told of in a sentence: arrows from nearly everywhere would hide the line."""


def diagram() -> Iterator[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield f"[*] --> {Status.DRAFT.value}"
    for transition in Transition:
        if len(transition.sources) <= MOST_DRAWN:
            for source, targets in transition.arrows.items():
                for target in targets:
                    yield f"{source.value} --> {target.value}: {transition.id}"
    yield "```"


def undrawn() -> str:
    wide = (f"`{t.id}` ({arrows(t)})" for t in Transition if len(t.sources) > MOST_DRAWN)
    return f"Begin in many statuses, and are not drawn: {', '.join(wide)}."


def statuses() -> Iterator[str]:
    yield "| Status | Dansk | Whose turn |"
    yield "|---|---|---|"
    for status in Status:
        if status.stop:
            yield f"| `{status.value}` | {status.label} | {status.turn} |"
    ended = (f"`{status.value}` {status.label}" for status in Status if not status.stop)
    yield ""
    yield f"End the line: {', '.join(ended)}."


def transitions() -> Iterator[str]:
    yield "| By | Transitions (*: with a reason) |"
    yield "|---|---|"
    for actor in Actor:
        taken = (
            f"`{t.id}` {t.text}{'*' if t.needs_reason else ''}"
            for t in Transition
            if t.actor == actor
        )
        yield f"| {actor} | {' · '.join(taken)} |"


def arrows(transition: Transition) -> str:
    """Give where it leads from where, where it begins in every status of a stretch of the line."""
    order, sources = list(Status), transition.sources
    first, last = order.index(sources[0]), order.index(sources[-1])
    if tuple(order[first : last + 1]) != sources:
        raise LookupError(f"{transition.id} begins here and there: draw it, or list it")
    begins = f"from `{sources[0].value}` to `{sources[-1].value}`"
    targets = {target for each in transition.arrows.values() for target in each}
    if len(targets) == 1:
        return f"{begins}, each → `{targets.pop().value}`"
    if all(transition.arrows[s] == (order[order.index(s) - 1],) for s in sources):
        return f"{begins}, each → the one before it"
    raise LookupError(f"{transition.id} leads here and there: draw it, or list it")


def picture() -> str:
    """Give the whole of it, as it stands in README between its marks."""
    return "\n".join([*diagram(), "", undrawn(), "", *statuses(), "", *transitions()])


class Command(BaseCommand):
    help = "Print the line a proposal walks, as README shows it."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(picture())
