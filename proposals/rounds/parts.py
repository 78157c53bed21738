"""How a round is called where one is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from klimaspor import danish

if TYPE_CHECKING:
    from proposals.rounds.models import Round


def round_label(round_: Round) -> str:
    return (
        f"{round_.name}: send til faglig kvalificering senest "
        f"{danish.datetime_text(round_.qualification_deadline_at)}"
    )
