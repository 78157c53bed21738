"""Answers of many sections taken in at once, when their writer has seen what they replace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from proposals.drafting.holding import held
from proposals.drafting.text import save_section
from proposals.sections import FIELDS, SECTION_OF, SECTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from klimaspor.accounts.models import User
    from proposals.models import FieldVersion, Proposal


class Changed(Exception):
    """Somebody else has changed an answer since it was looked at; nothing was taken in."""

    def __init__(self, versions: list[FieldVersion]) -> None:
        self.versions = versions
        super().__init__(
            "Et eller flere svar er ændret af en anden, siden du så dem. Der er ikke læst noget ind. Se dem igen nedenfor."
        )


@transaction.atomic
def take_answers(
    *,
    proposal_pk: int,
    answers: Mapping[str, Mapping[str, Any]],
    seen: Mapping[str, int],
    by: User,
    at: datetime,
) -> None:
    """
    Write answers to questions of any sections, all or none.

    `answers` maps a question to the attributes it writes, and `seen` to the version that was looked at.

    :raises NotEditable:
    :raises Changed:
    :raises ValidationError: a value breaks an invariant
    """
    proposal = held(proposal_pk)
    changed = changed_since(proposal, {name: seen.get(name, 0) for name in answers})
    if changed:
        raise Changed(changed)
    for section in SECTIONS:
        named = [name for name in FIELDS if SECTION_OF[name] == section.slug and name in answers]
        if named:
            save_section(
                proposal_pk=proposal_pk,
                slug=section.slug,
                answers={key: value for name in named for key, value in answers[name].items()},
                by=by,
                at=at,
            )


def changed_since(proposal: Proposal, seen: Mapping[str, int]) -> list[FieldVersion]:
    """Give those of the answers that have another version than the one that was seen."""
    known = proposal.field_versions.of_fields(seen).with_people()
    return [version for version in known if version.number != seen[version.name]]
