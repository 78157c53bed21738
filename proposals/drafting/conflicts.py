"""What somebody meets who wrote what another had written meanwhile: both texts, and the choice between them."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from klimaspor import danish
from proposals.answers.content import answer_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from klimaspor.seen import Changed
    from proposals.answers.sections import Field
    from proposals.line.models import Proposal


def typed_text(proposal: Proposal, question: Field, values: Mapping[str, Any]) -> str:
    """Give an answer that was not written, as a reader would see it."""
    typed = copy.copy(proposal)
    for name in question.attributes:
        setattr(typed, name, values[name])
    return answer_text(typed, question)


def panel(changed: Changed, *, typed: str, at: datetime) -> dict[str, Any]:
    """Give what templates/pages/_conflict.html says: who and when, both texts, and what the buttons carry."""
    [(unit, base)], [stands] = changed.bases.items(), changed.shown_now
    name = changed.by.name if changed.by else ""
    return {
        "name": unit,
        "label": stands.label,
        "who": "Du" if changed.is_own else name or "En anden",
        "is_me": changed.is_own,
        "when": when_text(changed.at, at) if changed.at else "",
        "mine": typed,
        "theirs": stands.text,
        "base": str(base),
    }


def when_text(moment: datetime, at: datetime) -> str:
    """Say when something was written: by the clock on the same day, else with the day."""
    if danish.day_of(moment) == danish.day_of(at):
        return f"i dag {danish.clock_text(danish.local(moment).time())}"
    return danish.datetime_text(moment)


def error(shown: dict[str, Any]) -> str:
    """Say at the field what stands in the way."""
    if shown["is_me"]:
        what = "Du har selv ændret det et andet sted, efter du åbnede siden"
    else:
        what = f"{shown['who']} har ændret det, efter du åbnede siden"
    return f"{shown['label']}: {what}. Vælg, hvad der skal stå"
