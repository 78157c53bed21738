"""What pages about a proposal show of its news: the texts that can be compared, and the line "Siden du sidst læste"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from klimaspor import danish, seen
from proposals.answers.content import Content
from proposals.answers.sections import FIELDS
from proposals.answers.tables import BY_NAME
from proposals.line.standing import readable_versions
from proposals.reading.marks import news_of, places_of, text_at
from proposals.reading.steps import mark_name, shown_text
from proposals.reading.texts import reads_live

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from proposals.line.models import Version
    from proposals.line.pages import ProposalPage

NOW, READ = "nu", "laest"
"""What stands in an address for the live text and for what the reader read last; a version is its number."""


@dataclass(frozen=True)
class Side:
    """One of the texts of a proposal that its reader may compare with another."""

    key: str
    text: str
    """Which it is, in words."""
    label: str
    """The same, where one chooses."""
    at: datetime
    """When it stood."""
    read: Callable[[], Content]
    version: Version | None = None
    is_now: bool = False
    """Whether it is what the reader reads today."""

    @property
    def place(self) -> tuple[datetime, bool, int]:
        """Where it stands in time; of two at the same moment the one that was read is first, and the live text last."""
        return self.at, self.key == NOW, self.version.number if self.version else 0


def sides(page: ProposalPage) -> dict[str, Side]:
    """Give what the reader may compare, by what stands in the address: what they read now first, then back in time."""
    proposal, found = page.proposal, []
    is_live = reads_live(page.user, proposal, at=page.at)
    if is_live:
        text = "forslaget, som det står nu"
        found.append(
            Side(
                NOW,
                text,
                "Som det står nu",
                page.at,
                lambda: Content.of(proposal, at=page.at),
                is_now=True,
            )
        )
    versions = list(readable_versions(page.user, proposal, at=page.at))
    found += [_of_version(v, is_now=not is_live and v == versions[0]) for v in versions]
    if place := places_of(page.user, [proposal], at=page.at).get(proposal.pk):
        when = danish.datetime_text(place.read_at)
        text = f"det, du markerede som læst {when}"
        label = f"Det, du sidst læste ({danish.short_datetime(place.read_at)})"
        found.append(Side(READ, text, label, place.until, lambda: text_at(place)))
    return {side.key: side for side in found}


def _of_version(version: Version, *, is_now: bool) -> Side:
    gate = version.get_gate_display()
    back = " og taget tilbage" if version.taken_back_at else ""
    return Side(
        str(version.number),
        f"version {version.number}, sendt til {gate} {danish.datetime_text(version.frozen_at)}{back}",
        f"Version {version.number}, sendt til {gate} ({danish.short_datetime(version.frozen_at)})",
        version.frozen_at,
        lambda: Content.of_version(version),
        version=version,
        is_now=is_now,
    )


def answer_label(name: str) -> str:
    """Say what an answer, or a table, is called; nothing when there is none by that name."""
    if name in FIELDS:
        return FIELDS[name].label
    return BY_NAME[name].label if name in BY_NAME else ""


def news_line(
    page: ProposalPage, content: Content | None = None, version: Version | None = None
) -> dict[str, Any] | None:
    """
    Give what templates/proposals/reading/_news.html says: what is new since the reader last read.

    A page that shows the text gives it, and has the press.
    """
    proposal = page.proposal
    news = news_of(page.user, [proposal], at=page.at)[proposal.pk]
    is_shown = content is not None
    if not news.is_read and page.standing.is_writer and not is_shown:
        # Whoever writes it needs not be told on the way that they have not read it.
        return None
    now = news.place.now_number if news.place and news.place.now_number else NOW
    labels = [answer_label(name) for name in (*FIELDS, *BY_NAME) if name in news.names]
    sha256 = version.sha256 if version else content.sha256 if content else ""
    return {
        "number": proposal.number,
        "is_read": news.is_read,
        "read_at": news.read_at,
        "marked": mark_name(news.read_at) if news.read_at else "",
        "count": news.count,
        "labels": labels,
        "compare_url": page.url("compare", READ, now) if news.count else "",
        "base_name": seen.base_name(),
        "base": str(shown_text(sha256).base) if is_shown else "",
        # What they read now, where it was read on the way.
        "version": news.place.read.get(news.place.now) if news.place and news.place.now else None,
    }
