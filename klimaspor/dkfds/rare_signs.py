"""What a writer is told at a field of signs that the papers print in another typeface, or as words. It refuses nothing."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from klimaspor import danish, signs

MOST = 5
"""So many are named; the rest is counted."""


def remark(text: str) -> str:
    """Say how the papers will show what their typeface lacks; nothing where it has all of a text."""
    found = signs.lacking(text, Path(settings.BASE_DIR, "static", "build"))
    printed = [each.text for each in found if not each.words]
    written = [f"{each.text} skrevet {each.words}" for each in found if each.words]
    said = []
    if printed:
        which = "tegnet" if len(printed) == 1 else "tegnene"
        said.append(f"I PDF'er bliver {which} {_listed(printed)} trykt i sort med en anden skrift.")
    if written:
        said.append(f"I PDF'er bliver {_listed(written)}.")
    return " ".join(said)


def _listed(names: list[str]) -> str:
    if len(names) > MOST:
        names = [*names[:MOST], f"{len(names) - MOST} andre"]
    return danish.join_text(names)
