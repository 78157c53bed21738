"""
Keeping what is searched right, in the transaction of whoever changes it, so that a search finds what was written a moment ago.

`index` after names or versions have changed, `index_answers` after answers have, `reconcile` when somebody doubts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db import transaction

from klimaspor.accounts import people
from proposals.answers.content import answer_text
from proposals.answers.sections import FIELDS, Kind
from proposals.line.editions import Edition
from proposals.line.models import Proposal, Version
from proposals.search.models import SearchText

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from klimaspor.accounts.models import Dgo, Organization, User

UNSEARCHED = frozenset({Kind.YES_NO, Kind.MONEY, Kind.RANGE, Kind.DGO})
"""Answers without words of their own; who is named is found as such."""
SEARCHED = frozenset(
    attribute
    for question in FIELDS.values()
    if question.kind not in UNSEARCHED
    for attribute in question.attributes
)
"""What of a proposal is searched in its live text."""
BATCH = 200


@dataclass(frozen=True)
class Text:
    """One text of a proposal, as it is read and searched."""

    proposal: int
    edition: Edition
    title: str
    prose: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@transaction.atomic
def index(proposals: Collection[int]) -> None:
    """Write every text of the proposals anew, whoever is named in it and whatever was sent; holds their rows."""
    SearchText.objects.keep(texts(proposals))


def index_answers(proposal: Proposal, changed: Collection[str]) -> None:
    """
    Write the live text anew when an answer has changed that is searched, while the proposal's row is held.

    One statement, which every autosave pays: a mark and a sweep would be found late, and people look for what they just wrote.
    """
    if SEARCHED.isdisjoint(changed) or SearchText.objects.keep_answers(_live(proposal)):
        return
    index([proposal.pk])


def index_named(somebody: Organization | Dgo | User) -> None:
    """Write anew every proposal that names somebody who has got another name."""
    named = SearchText.objects.naming(somebody)
    for start in range(0, len(named), BATCH):
        index(named[start : start + BATCH])


people.KEEP_NAMES.append(index_named)


@transaction.atomic
def reconcile(proposals: Collection[int]) -> list[int]:
    """Write anew those texts of the proposals that are not as they should be; return whose they were."""
    right = texts(proposals)
    wrong = SearchText.objects.differing(right)
    SearchText.objects.keep(text for text in right if text.proposal in wrong)
    return sorted(wrong)


def texts(proposals: Collection[int]) -> list[Text]:
    """Give every text of the proposals, one of each edition, and hold their rows: four queries."""
    held = Proposal.objects.only("number", *SEARCHED).select_for_update().filter(pk__in=proposals)
    known = list(held.order_by("pk"))
    people = SearchText.objects.people(proposals)
    participants = SearchText.objects.participants(proposals)
    newest: dict[tuple[int, Edition], Version] = {}
    for version in Version.objects.of_proposals(proposals).texts().newest_first():
        for edition in (Edition.SENT, Edition.APPROVAL):
            if edition.has(version):
                newest.setdefault((version.proposal_id, edition), version)
    found = []
    for proposal in known:
        names = (proposal.number, *people[proposal.pk])
        found.append(replace(_live(proposal), names=(*names, *participants.get(proposal.pk, ()))))
        for edition in (Edition.SENT, Edition.APPROVAL):
            sent = newest.get((proposal.pk, edition))
            found.append(_sent(sent, edition, names) if sent else _unsent(proposal, edition, names))
    return found


def _live(proposal: Proposal) -> Text:
    asked = [q for q in FIELDS.values() if q.kind not in UNSEARCHED and q.name != "title"]
    prose = tuple(answer_text(proposal, question) for question in asked)
    return Text(proposal.pk, Edition.LIVE, proposal.title, prose)


def _sent(version: Version, edition: Edition, names: Iterable[str]) -> Text:
    content: dict[str, Any] = version.content
    answers = [a for a in content.get("answers", ()) if a["kind"] not in UNSEARCHED]
    said = [content.get(name, "") for name in ("organization", "owner")]
    said += [row["name"] for row in content.get("participants", ())]
    return Text(
        version.proposal_id,
        edition,
        version.title,
        tuple(a["text"] for a in answers if a["name"] != "title"),
        (*names, *said),
    )


def _unsent(proposal: Proposal, edition: Edition, names: tuple[str, ...]) -> Text:
    """Give what is shown to readers of a text that was never sent: that the proposal exists, and to an adviser its title."""
    title = proposal.title if edition == Edition.SENT else ""
    return Text(proposal.pk, edition, title, names=names)
