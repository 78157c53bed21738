"""
What a page showed of what several write on together, so that a save overwrites nothing its writer has not seen.

A page carries a base, a short mark of what stood when it was opened. What stands otherwise by now is shown beside what was
typed before it is written over, and a last look is read again before it is pressed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from klimaspor.seen import digest_of
from proposals.eligibility.requirements import REQUIREMENTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from klimaspor.seen import Told
    from proposals.line.models import Version
    from review.formality.models import FormalCheck

Answers = dict[str, tuple[bool | None, str]]


def of_check(version: Version | None, check: FormalCheck | None) -> str:
    return digest_of(version and version.pk, sorted(answers(check).items()))


def answers(check: FormalCheck | None) -> Answers:
    """Give what has been said about the requirements, those with neither answer nor remark left out."""
    return said(
        {row.requirement: (row.is_met, row.note) for row in check.answers.all()} if check else {}
    )


def said(given: Mapping[str, tuple[bool | None, str]]) -> Answers:
    tidy = {name: (is_met, note.strip()) for name, (is_met, note) in given.items()}
    return {name: answer for name, answer in tidy.items() if answer != (None, "")}


def told_check(check: FormalCheck | None) -> Told:
    words = {True: "Opfyldt", False: "Ikke opfyldt", None: "Ikke besvaret"}
    given = answers(check)
    return [
        (requirement.id, f"{words[is_met]}\n{note}".strip())
        for requirement in REQUIREMENTS
        for is_met, note in [given.get(requirement.id, (None, ""))]
    ]
