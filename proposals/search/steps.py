"""
Keeping what is searched right, in the transaction of whoever changes it.

`index` after names or versions have changed, `index_answers` after answers have; both while the proposal's row is held.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from proposals.answers.content import answer_text
from proposals.answers.sections import FIELDS, Kind
from proposals.line.editions import Edition
from proposals.line.models import Proposal, Version
from proposals.search.models import SearchText

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

UNSEARCHED = frozenset({Kind.YES_NO, Kind.DGO, Kind.ORGANIZATION})
"""Answers without words of their own; who is named is found as such."""
SEARCHED = frozenset(
    attribute
    for question in FIELDS.values()
    if question.kind not in UNSEARCHED
    for attribute in question.attributes
)
"""What of a proposal is searched in its live text."""


@dataclass(frozen=True)
class Text:
    """One text of a proposal, as it is read and searched."""

    proposal: int
    edition: Edition
    title: str
    prose: tuple[str, ...]
    names: tuple[str, ...] = ()


@transaction.atomic
def index(proposals: Collection[int]) -> None:
    """Write every text of the proposals anew, whoever is named in it and whatever was sent."""
    SearchText.objects.keep(texts(proposals))


def index_answers(proposal: Proposal, changed: Collection[str]) -> None:
    """Write the live text anew when an answer has changed that is searched: one statement."""
    if SEARCHED.isdisjoint(changed) or SearchText.objects.keep_answers(_live(proposal, ())):
        return
    index([proposal.pk])


def texts(proposals: Collection[int]) -> Iterator[Text]:
    """Give every text there is of the proposals: four queries."""
    people = SearchText.objects.people(proposals)
    participants = SearchText.objects.participants(proposals)
    known = Proposal.objects.only("number", *SEARCHED).in_bulk(list(proposals))
    for pk, proposal in known.items():
        yield _live(proposal, (proposal.number, *people[pk], *participants.get(pk, ())))
    sent: set[tuple[int, Edition]] = set()
    for version in Version.objects.of_proposals(proposals).texts().newest_first():
        for edition in (Edition.SENT, Edition.APPROVAL):
            key = (version.proposal_id, edition)
            if version.gate in edition.gates and key not in sent:
                sent.add(key)
                yield _sent(version, edition, people[version.proposal_id])


def _live(proposal: Proposal, names: Iterable[str]) -> Text:
    asked = [q for q in FIELDS.values() if q.kind not in UNSEARCHED and q.name != "title"]
    prose = tuple(answer_text(proposal, question) for question in asked)
    return Text(proposal.pk, Edition.LIVE, proposal.title, prose, tuple(names))


def _sent(version: Version, edition: Edition, people: Iterable[str]) -> Text:
    content: dict[str, Any] = version.content
    answers = [a for a in content.get("answers", ()) if a["kind"] not in UNSEARCHED]
    names = [content.get(name, "") for name in ("number", "organization", "owner")]
    names += [row["name"] for row in content.get("participants", ())]
    return Text(
        version.proposal_id,
        edition,
        version.title,
        tuple(a["text"] for a in answers if a["name"] != "title"),
        (*people, *names),
    )
