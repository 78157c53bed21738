"""
What every paper says of the text it holds: which version it is, when that was sent or printed, and who may read it.

The moment is that of the act the paper proves, not of the day a worker set it; `editions.READS` is who reads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from klimaspor import danish
from proposals.answers.content import Content
from proposals.line.editions import READS, Edition
from proposals.line.functions import EARLY_FUNCTIONS, PARTY_FUNCTIONS, SPARRING_FUNCTIONS, Function
from proposals.reading import diff
from proposals.rounds.models import Gate

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from proposals.line.editions import Reads
    from proposals.line.models import Proposal, Version

READERS = {
    PARTY_FUNCTIONS: ("dem, der skriver eller læser med på forslaget",),
    SPARRING_FUNCTIONS: ("DGO'en", "medlæsende DGO'er", "sekretariatet"),
    EARLY_FUNCTIONS: ("DGO'en", "medlæsende DGO'er", "sekretariatet"),
    frozenset({Function.DECIDE, Function.FUND}): (
        "forretningsudvalget",
        "de bidragydere, der bliver spurgt",
    ),
}
"""Those whom each line of the rule is about."""


@dataclass(frozen=True)
class Imprint:
    """The standing of a text, in words."""

    version: int
    """0 for a text that is not what was sent."""
    text: str
    """Which text it is and when that was sent, e.g. "Version 2, sendt til godkendelsesforløb torsdag den …"."""
    stamp: str
    """The same for the foot of a page."""
    readers: str
    """E.g. "Kan læses af DGO'en og sekretariatet."."""
    act_at: datetime
    """When the text was sent, or else when it was printed."""

    @property
    def is_sent(self) -> bool:
        return self.version > 0


def of_version(version: Version, *, printed_at: datetime | None = None) -> Imprint:
    """Say it of what was sent; `printed_at` when somebody has just printed it."""
    printed = f" Udskrevet {danish.datetime_text(printed_at)}." if printed_at else ""
    return Imprint(
        version=version.number,
        text=f"Version {version.number}, {_sent(version)}.{printed}",
        stamp=f"Version {version.number} · sendt {danish.short_datetime(version.frozen_at)}",
        readers=_readers(line for line in READS if _reads_version(line, version)),
        act_at=version.frozen_at,
    )


def of_live(
    proposal: Proposal, content: Content, latest: Version | None, *, printed_at: datetime
) -> Imprint:
    """Say it of the live text, which is the version that was sent `latest` until somebody changes it."""
    if latest and is_as_sent(content, latest):
        return of_version(latest, printed_at=printed_at)
    printed = danish.datetime_text(printed_at)
    if latest:
        which = f"Ændret siden version {latest.number}"
        text = (
            f"{which}. Udskrevet {printed}. Version {latest.number} blev {_sent(latest)}. "
            "Ændringerne er ikke sendt."
        )
    else:
        which = "Kladde"
        text = f"{which}. Udskrevet {printed}. Forslaget er ikke sendt."
    return Imprint(
        version=0,
        text=text,
        stamp=f"{which} · udskrevet {danish.short_datetime(printed_at)}",
        readers=_readers(
            line
            for line in READS
            if line.edition is Edition.LIVE
            and (proposal.is_sparring_open or not line.is_for_sparring)
        ),
        act_at=printed_at,
    )


def is_as_sent(content: Content, version: Version) -> bool:
    """Say whether a text is, word for word, what was sent."""
    before = Content.of_version(version)
    return content.organization == before.organization and not diff.compare(before, content)


def _sent(version: Version) -> str:
    gate = Gate(version.gate).label
    return f"sendt til {gate} og modtaget {danish.to_the_second(version.frozen_at)}"


def _reads_version(line: Reads, version: Version) -> bool:
    # Those who read along while sparring is open read the same when it is sent.
    return not line.is_for_sparring and line.edition.has(version)


def _readers(lines: Iterable[Reads]) -> str:
    named = [who for line in lines for who in READERS[line.functions]]
    return f"Kan læses af {danish.join_text(named)}."
