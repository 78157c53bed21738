"""What the page of the formal check shows, see `klimaspor.seen`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from klimaspor.seen import Shown
from proposals.eligibility.requirements import REQUIREMENTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from proposals.line.models import Version
    from review.formality.models import FormalCheck

Answers = dict[str, tuple[bool | None, str]]
WORDS = {True: "Opfyldt", False: "Ikke opfyldt", None: "Ikke besvaret"}
UNANSWERED = (None, "")


def shown_check(version: Version | None, check: FormalCheck | None) -> Shown:
    """Show what has been said about the requirements of a version: whether one is met and why is one answer."""
    return shown_answers(version, answers(check))


def shown_answers(
    version: Version | None,
    given: Mapping[str, tuple[bool | None, str]],
) -> Shown:
    return Shown.of_fields(
        *((one.id, one.id, _text(*given.get(one.id, UNANSWERED))) for one in REQUIREMENTS),
        about=version and version.pk,
    )


def _text(is_met: bool | None, note: str) -> str:  # noqa: FBT001 - an answer is a yes or a no
    note = note.strip()
    return "" if (is_met, note) == UNANSWERED else f"{WORDS[is_met]}\n{note}".strip()


def answers(check: FormalCheck | None) -> Answers:
    return {row.requirement: (row.is_met, row.note) for row in check.answers.all()} if check else {}
