"""
What a person has read of a proposal, and what is new since, by `ReadMark`; `steps` says when a mark is set.

Who reads the live text is told of the answers that others have written since; who reads what was sent, of the answers that
differ between the version they read and the one they read now. What one has read oneself may be text that is no longer
one's to read, where sparring was closed: then one stands at the latest version that one may still read.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from klimaspor.difference import changed_words
from proposals.answers.content import Content, answer_text
from proposals.answers.sections import FIELDS
from proposals.line.editions import Edition
from proposals.line.models import Proposal, Version
from proposals.line.standing import edition, standings
from proposals.reading import diff
from proposals.reading.models import ReadMark, Snapshot
from proposals.reading.queries import marks_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from klimaspor.accounts.models import User


@dataclass(frozen=True)
class Place:
    """Where a reader stands: at a version or a snapshot, by their keys, and how far others' writing was read there."""

    read_at: datetime
    """When they said so."""
    until: datetime
    """What was written later is not in the text they read."""
    version: int | None = None
    snapshot: int | None = None
    now: int | None = None
    """The version they read now; none where it is the live text."""
    now_number: int | None = None
    names: frozenset[str] = frozenset()
    """The answers that others have written in the live text since, where it is what they read."""
    read: dict[int, Version] = field(default_factory=dict, compare=False, repr=False)
    """Versions whose text was read already, by their keys."""


@dataclass(frozen=True)
class News:
    """What is new to a reader since they last read."""

    is_read: bool
    """Whether they have ever marked it as read, and may still read what they read then."""
    names: frozenset[str] = frozenset()
    """The questions that were changed since, or accessors of rows (as in `FieldVersion`)."""
    place: Place | None = field(default=None, compare=False)

    @property
    def count(self) -> int:
        return len(self.names)

    @property
    def read_at(self) -> datetime | None:
        return self.place.read_at if self.place else None


def news_of(user: User, proposals: Iterable[Proposal], *, at: datetime) -> dict[int, News]:
    """Give what is new in each proposal to the reader, by key, in six queries at most."""
    proposals = list(proposals)
    places = places_of(user, proposals, at=at)
    names = {pk: place.names for pk, place in places.items()} | _sent_names(places)
    return {
        p.pk: News(p.pk in places, names.get(p.pk, frozenset()), places.get(p.pk))
        for p in proposals
    }


def words_of(
    user: User,
    proposals: Iterable[Proposal],
    *,
    at: datetime,
    news: Mapping[int, News] | None = None,
) -> dict[int, int]:
    """
    Count the words that are new to the reader in the answers of each proposal, by key; rows are not counted.

    It reads the texts of all of them, so it is for those on one page. Three queries beside those of `news_of`, which are
    saved by giving what it gave.
    """
    proposals = list(proposals)
    news = news_of(user, proposals, at=at) if news is None else news
    places = {pk: one.place for pk, one in news.items() if one.place and one.names}
    texts = _texts(places.values())
    live = Proposal.objects.filter(pk__in=[pk for pk, p in places.items() if p.now is None])
    written = {
        p.pk: {name: answer_text(p, question) for name, question in FIELDS.items()}
        for p in live.select_related("lead_dgo")
    }
    counted = {p.pk: 0 for p in proposals}
    for pk, place in places.items():
        before = _answers(texts[place.version, place.snapshot])
        after = written[pk] if place.now is None else _answers(texts[place.now, None])
        counted[pk] = sum(
            changed_words(before.get(name, ""), after.get(name, ""))
            for name in news[pk].names & FIELDS.keys()
        )
    return counted


def places_of(user: User, proposals: Iterable[Proposal], *, at: datetime) -> dict[int, Place]:
    """Say where the reader stands in each proposal that they have read, by key: four queries at most."""
    proposals = list(proposals)
    mine = marks_of(user, (p.pk for p in proposals))
    marks: dict[int, ReadMark] = {mark.proposal_id: mark for mark in mine}
    read = [p for p in proposals if p.pk in marks]
    # Lists read it with their rows.
    unread = [p for p in read if "edition" not in vars(p)]
    standings(user, unread, at=at)
    editions = {p.pk: _edition(user, p, at=at) for p in read}
    sent = [pk for pk, reads in editions.items() if reads and reads != Edition.LIVE]
    versions: dict[int, list[Version]] = defaultdict(list)
    if sent:
        found = Version.objects.of_proposals(sent).newest_first()
        # On the page of one proposal the texts come along; of many only those that differ are read.
        for version in found if len(sent) == 1 else found.defer("content"):
            versions[version.proposal_id].append(version)
    places = {
        pk: _live_place(marks[pk])
        if reads == Edition.LIVE
        else _place(marks[pk], reads, versions[pk])
        for pk, reads in editions.items()
    }
    return {pk: place for pk, place in places.items() if place}


def _edition(user: User, proposal: Proposal, *, at: datetime) -> Edition | None:
    if "edition" not in vars(proposal):
        return edition(user, proposal, at=at)
    found = vars(proposal)["edition"]
    return None if found is None else Edition(found)


def _live_place(mark: Any) -> Place:
    """Say where a mark stands for whoever reads the live text; it carries what was written since."""
    until = mark.version.frozen_at if mark.version else mark.read_at
    names = frozenset(mark.names)
    return Place(mark.read_at, until, mark.version_id, mark.snapshot_id, names=names)


def _place(mark: ReadMark, reads: Edition | None, versions: list[Version]) -> Place | None:
    """Say where a mark stands for whoever reads what was sent; `versions` are the proposal's, the newest first."""
    readable = [v for v in versions if reads and reads.has(v)]
    stands_at = next(
        (v for v in readable if v.pk == mark.version_id),
        next((v for v in readable if v.frozen_at <= mark.read_at), None),
    )
    if stands_at is None:
        return None
    now = readable[0]
    return Place(
        mark.read_at,
        stands_at.frozen_at,
        version=stands_at.pk,
        now=now.pk,
        now_number=now.number,
        read={v.pk: v for v in (stands_at, now) if "content" not in v.get_deferred_fields()},
    )


def _sent_names(places: Mapping[int, Place]) -> dict[int, frozenset[str]]:
    """Give the answers that differ between what was read and what is read now, where that is what was sent."""
    newer = {pk: p for pk, p in places.items() if p.now is not None and p.now != p.version}
    texts = _texts(newer.values())
    return {
        pk: frozenset(
            change.name
            for change in diff.compare(texts[place.version, place.snapshot], texts[place.now, None])
        )
        for pk, place in newer.items()
    }


def _texts(places: Iterable[Place]) -> dict[tuple[int | None, int | None], Content]:
    """Read what was read, and what is read now where that was sent, by the keys of version and snapshot."""
    places = list(places)
    read = {pk: version for place in places for pk, version in place.read.items()}
    versions = {pk for place in places for pk in (place.version, place.now) if pk}
    snapshots = {place.snapshot for place in places if place.snapshot}
    texts: dict[tuple[int | None, int | None], Content] = {
        (pk, None): Content.of_version(read[pk]) for pk in versions & read.keys()
    }
    if versions - read.keys():
        for version in Version.objects.among(versions - read.keys()).texts():
            texts[version.pk, None] = Content.of_version(version)
            # Asked for again, as by `words_of` after `news_of`, it is there.
            for place in places:
                if version.pk in (place.version, place.now):
                    place.read[version.pk] = version
    if snapshots:
        for snapshot in Snapshot.objects.among(snapshots):
            texts[None, snapshot.pk] = Content.from_json(snapshot.content)
    return texts


def _answers(content: Content) -> dict[str, str]:
    return {answer.name: answer.text for answer in content.answers}


def text_at(place: Place) -> Content:
    """Read the text that a reader stands at."""
    return _texts([replace(place, now=None)])[place.version, place.snapshot]
