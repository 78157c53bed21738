"""
Neighbours ("naboer"): tracks and proposals that touch the same theme, plan action or participants.

Found in what the person may read and nowhere else, and each says why it is there.

They are found by stems, of which the rarest among those found weigh most; words that any proposal has are left out by
a list (`EVERYWHERE`). A corpus-wide rarity (`ts_stat`) would read everything. Reconsider the list when there are real
proposals.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING, Any

from klimaspor import danish
from proposals.answers.content import Content
from proposals.line.editions import Edition
from proposals.line.models import Proposal, Version
from proposals.line.standing import latest_sent
from proposals.neighbours.queries import any_of, shared_stems, stems_of
from proposals.participants.models import Participant
from proposals.reading.texts import reads_live

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from klimaspor.accounts.models import User

MOST = 5
CONSIDERED = 20
MOST_STEMS = 40
SHOWN_WORDS = 3
FEWEST_WORDS = 3
"""Fewer words in common are chance, unless one stands in the title."""
FEWEST_PLANNED = 2
TITLE_COUNTS = 2
SHARED_COUNTS = 1.0
SHORTEST = 4
EVERYWHERE = (
    "kommun",
    "klima",
    "projekt",
    "region",
    "spor",
    "forslag",
    "deltag",
    "handling",
    "løsning",
    "udvikl",
    "fælles",
    "mangle",
    "behov",
    "udfordr",
    "mindre",
    "større",
    "bedre",
    "bruge",
    "bruger",
    "flere",
    "andre",
    "andet",
    "skabe",
    "mellem",
    "arbejd",
    "metode",
    "viden",
    "borger",
    "samme",
    "samarbejd",
    "samtidig",
    "mulig",
    "målet",
    "formål",
    "løse",
    "teste",
    "hvordan",
    "hvilke",
    "første",
    "enkelt",
    "begynd",
    "starter",
    "penge",
    "bliver",
    "bruges",
    "giver",
    "kunne",
    "skulle",
)
"""Beginnings of words that any proposal may have, and so say nothing of what it is about."""
ASKED = ("challenges", "purpose", "plan_needs")


@dataclass(frozen=True)
class Neighbour:
    number: str
    """Empty where the person reads only what is public of it."""
    title: str
    status: str
    why: tuple[str, ...]
    """E.g. "samme emne: lavbundsjord, vådområder"."""


@dataclass(frozen=True)
class _Text:
    """What the proposal is about, in the text that the person reads."""

    title: str
    texts: dict[str, str]
    organizations: tuple[str, ...]


def find(proposal: Proposal, user: User, *, at: datetime) -> tuple[Neighbour, ...]:
    """Give at most five neighbours, the nearest first: seven queries, however many there are."""
    text = _read(proposal, user, at=at)
    if text is None:
        return ()
    words, in_title, in_plan = _telling(text)
    candidates = _candidates(proposal, user, words, text.organizations, at=at)
    live = [row.pk for row in candidates if row.edition == Edition.LIVE]
    sent = [row.read_version for row in candidates if row.edition != Edition.LIVE]
    read = [(row.pk, row.read_edition, row.read_version) for row in candidates]
    stems = shared_stems(words.keys(), read)
    names = Participant.objects.names_of(live)
    names_sent = Version.objects.among(sent).participants_of()
    spread = Counter(stem for found, _ in stems.values() for stem in found)
    scored = []
    for row in candidates:
        took_part = (
            names.get(row.pk, []) if row.edition == Edition.LIVE else names_sent[row.read_version]
        )
        shared = [name for name in text.organizations if name in took_part]
        found, planned = stems[row.pk]
        if len(found) < FEWEST_WORDS and not found & in_title:
            found, planned = set(), set()
        weights = {s: log((len(candidates) + 1) / spread[s]) * _weight(s, in_title) for s in found}
        why = _why(weights, words, planned & in_plan & found, shared)
        if why:
            score = sum(weights.values()) + SHARED_COUNTS * len(shared)
            number = row.number if row.is_visible else ""
            said = Neighbour(number, row.shown_title or "Uden titel", row.get_status_display(), why)
            scored.append((score, said))
    scored.sort(key=lambda pair: -pair[0])
    return tuple(said for _, said in scored[:MOST])


def _read(proposal: Proposal, user: User, *, at: datetime) -> _Text | None:
    if reads_live(user, proposal, at=at):
        rows = proposal.participants.listed()
        return _Text(
            proposal.title,
            {name: getattr(proposal, name) for name in ASKED},
            tuple(row.organization.name for row in rows if row.organization),
        )
    version = latest_sent(user, proposal, at=at)
    if version is None:
        return None
    content = Content.of_version(version)
    return _Text(
        content.title,
        {name: content.answer(name) for name in ASKED},
        tuple(row.name for row in content.participants),
    )


def _telling(text: _Text) -> tuple[dict[str, str], set[str], set[str]]:
    """Give the most telling stems with the word each was written as, and which of them stand in title and plan."""
    mark = "\n\n.\n\n"
    parts = [text.title, text.texts["plan_needs"], text.texts["challenges"], text.texts["purpose"]]
    # One question for all: a word of its own stands between the parts.
    found = stems_of(mark.join(f"{part} {_BETWEEN}" for part in parts))
    ends = [place for place, (word, _) in enumerate(found) if word == _BETWEEN]
    title = {stem for word, stem in found[: ends[0]] if _tells(word)}
    plan = {stem for word, stem in found[ends[0] + 1 : ends[1]] if _tells(word)}
    told = [(word, stem) for word, stem in found if _tells(word) and word != _BETWEEN]
    counts = Counter(stem for _, stem in told)
    first: dict[str, str] = {}
    for word, stem in told:
        first.setdefault(stem, word)
    best = sorted(first, key=lambda s: (s not in title, s not in plan, -counts[s], -len(s), s))
    return {stem: first[stem] for stem in best[:MOST_STEMS]}, title, plan


_BETWEEN = "xnabogrænsex"


def _tells(word: str) -> bool:
    return len(word) >= SHORTEST and not word.startswith(EVERYWHERE)


def _candidates(
    proposal: Proposal,
    user: User,
    words: Iterable[str],
    organizations: Sequence[str],
    *,
    at: datetime,
) -> list[Any]:
    others = Proposal.objects.exclude(pk=proposal.pk).touchable_by(user, at=at)
    ranked = others.with_reading(user, at=at).touching(any_of(words), organizations)
    return list(ranked[:CONSIDERED])


def _weight(stem: str, in_title: set[str]) -> int:
    return TITLE_COUNTS if stem in in_title else 1


def _why(
    weights: dict[str, float], words: dict[str, str], planned: set[str], shared: list[str]
) -> tuple[str, ...]:
    def said(stems: Iterable[str]) -> str:
        best = sorted(stems, key=lambda s: (-weights[s], list(words).index(s)))[:SHOWN_WORDS]
        return ", ".join(words[stem] for stem in best)

    why = []
    if weights:
        why.append(f"samme emne: {said(weights)}")
    if len(planned) >= FEWEST_PLANNED:
        why.append(f"samme behov i klimahandlingsplanen: {said(planned)}")
    if shared:
        why.append(f"samme deltagere: {danish.join_text(shared)}")
    return tuple(why)
