"""What the page of a pasted list shows of each it names, guarded as a whole, see `klimaspor.seen`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from klimaspor.seen import Shown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from proposals.participants.matching import Match


def shown_list(matches: Iterable[Match], there: Collection[int | str]) -> Shown:
    """Give who each may be, and whether that one is on the proposal's list already."""
    return Shown.of(
        *(
            (match.entry.text, ", ".join(_shown(key, name, there) for key, name in _named(match)))
            for match in matches
        )
    )


def _named(match: Match) -> list[tuple[int | str, str]]:
    known: list[tuple[int | str, str]] = [(o.pk, o.name) for o in match.candidates]
    return known or [(match.key, "")]


def _shown(key: int | str, name: str, there: Collection[int | str]) -> str:
    return f"{name} (er med)" if key in there else name
