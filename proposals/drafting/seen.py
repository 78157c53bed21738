"""What a section's page shows of each answer and of its rows, by their versions, see `klimaspor.seen`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from klimaspor.seen import Base
from proposals.drafting.models import FieldVersion

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from proposals.answers.sections import Field
    from proposals.line.models import Proposal


def versions(number: str, names: Collection[str]) -> dict[str, FieldVersion]:
    """Give the version of each answer that somebody has written, and by whom, in the proposal of that number."""
    rows = FieldVersion.objects.of_proposal(number).of_fields(names).with_people()
    return {row.name: row for row in rows}


def base_of(proposal: Proposal, question: Field, known: Mapping[str, FieldVersion]) -> Base:
    """Give the base of an answer as it stands."""
    version = known.get(question.name)
    values = (getattr(proposal, attribute) for attribute in question.attributes)
    return Base.of(version.number if version else 0, values)


def rows_number(known: Mapping[str, FieldVersion], names: Collection[str]) -> int:
    """Number rows of several kinds together: it grows whenever one of them does."""
    return sum(known[name].number for name in names if name in known)
