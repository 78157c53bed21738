"""What the page of an idea that is written shows, see `klimaspor.seen`: its owner may have it open twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from klimaspor.seen import Shown

if TYPE_CHECKING:
    from proposals.ideas.models import Idea

NOBODY_TEXT = "Ikke på vegne af en organisation"


def shown_idea(idea: Idea) -> Shown:
    return Shown.of_fields(
        ("title", "Titel", idea.title),
        ("what", "Hvad I vil afprøve", idea.what),
        ("who", "Hvem der kunne være med", idea.who),
        ("plan", "Klimahandlingsplan og handling", idea.plan),
        ("organization", "På vegne af", str(idea.organization or NOBODY_TEXT)),
        ("dgo", "DGO", str(idea.dgo or "")),
        about=idea.pk,
        by=idea.owner,
    )


def shown_dgo(idea: Idea) -> Shown:
    """Give where it lies, which two may change at once."""
    return Shown.of_fields(("dgo", "DGO", str(idea.dgo or "")), about=idea.pk, by=idea.owner)
