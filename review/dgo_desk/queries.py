"""
What lies with a DGO: found by the duties of those whose turn it is, in order of due, or sorted and narrowed as the address says.

Of how many an adviser has no more are counted than are shown.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Self

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)

from klimaspor.accounts.anybody import PreparedFor, PreparedListFor
from klimaspor.accounts.models import Membership, Role, User
from klimaspor.danish import sort_key
from klimaspor.prepared import Given, Listed, together
from proposals.line.duties import Kind
from proposals.line.editions import Edition
from proposals.line.lifecycle import Status
from proposals.line.models import Access, Duty, Proposal
from proposals.line.queries import related
from proposals.reading.models import ReadMark
from proposals.rounds.models import Gate, Round
from review.criteria.models import Criterion
from review.qualification.holding import HELD_IN, with_holder
from review.qualification.models import Holder, Qualification, Statement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    Narrowing = Callable[[Any, User, datetime], Any]

MOST = 100
"""So many are as good as any number: "99+"."""
STATES = {
    Status.IN_QUALIFICATION: Kind.QUALIFY,
    Status.DRAFT: Kind.SUBMIT,
    Status.QUALIFIED: Kind.SUBMIT_FOR_APPROVAL,
}
"""What lies with a DGO, in the order in which it is shown, and the duty each has."""
MINE, NOBODY = "mig", "ingen"
AGAIN, NEW, LATE = "igen", "ny", "sen"
TURN = "tur"
"""The order of the desk: what is to be assessed, then drafts, then what the proposers send on."""


class SavedViewQuerySet(QuerySet[Any]):
    def of(self, user: User) -> Self:
        return self.filter(user=user)

    def by_name(self) -> Self:
        return self.order_by("name", "pk")

    def defaults(self) -> Self:
        return self.filter(is_default=True)


@PreparedListFor
def lying(user: User, sort: str, *wanted: str, at: datetime) -> Listed:
    """
    Give what the DGOs are to assess, then the drafts that are open to them, then what the proposers read and send on.

    `wanted` names the filters that narrow it: `q`, `runde` and `holder` have values, the others are words.
    """
    found = Proposal.objects.visible_to(user, at=at)
    if {"q", NEW} & set(wanted) or sort.removeprefix("-") == "titel":
        found = found.with_reading(user, at=at)
    for name in wanted:
        if name in FILTERS:
            found = FILTERS[name](found, user, at)
    states = [s for s in STATES if s in wanted] or list(STATES)
    shown = Proposal.objects.with_reading(user, at=at).with_sent_participants().with_due()
    shown = _marked(shown.with_counts(user, at=at).with_row())
    if sort == TURN:
        return Listed(tuple(_in_turn(s, user, found, at=at) for s in states), shown)
    here = found.with_due().filter(status__in=states).filter(_is_opened(user, at=at))
    return Listed((here.sorted_by(sort).values("pk"),), shown)


def _marked(proposals: Any) -> Any:
    """Add who has each, and whether it was sent to the DGO before."""
    again = Case(When(_is_again(), then=Value(value=True)), default=Value(value=False))
    return with_holder(proposals).annotate(is_again=again)


def _in_turn(state: Status, user: User, found: Any, *, at: datetime) -> Any:
    dgo_ids = user.duties_at(at).dgo_ids
    waiting = Duty.objects.open(at=at).filter(kind=STATES[state])
    if state == Status.IN_QUALIFICATION:
        # A DGO that reads along has it too, and not the duty.
        waiting = waiting.opened_to_dgos(dgo_ids, at=at).about(found)
    else:
        waiting = waiting.opened_to_dgos(dgo_ids, at=at).of_owner(found)
    return waiting.most_urgent_first().values("proposal_id")


def _is_opened(user: User, *, at: datetime) -> Exists:
    opened = Access.objects.current(at=at).filter(proposal=OuterRef("pk"))
    return Exists(opened.filter(dgo__in=user.duties_at(at).dgo_ids))


FILTERS: dict[str, Narrowing] = {
    "q": lambda found, user, at: found.matching(Given("q", TextField())),
    "runde": lambda found, user, at: found.filter(round=Given("runde", BigIntegerField())),
    MINE: lambda found, user, at: with_holder(found).filter(holder_id=user.pk),
    "holder": lambda found, user, at: with_holder(found).filter(
        holder_id=Given("holder", BigIntegerField())
    ),
    NOBODY: lambda found, user, at: with_holder(found).filter(holder_id=None, status__in=HELD_IN),
    AGAIN: lambda found, user, at: found.filter(_is_again()),
    NEW: lambda found, user, at: found.annotate(changed_at=_changed_at()).filter(~_has_read(user)),
    LATE: lambda found, user, at: found.with_due().filter(due_at__lt=at),
}
"""How each filter narrows proposals; those of a state choose what is looked through instead."""


def _is_again() -> Q:
    """Say of proposals that lie with the DGO that they have been there before."""
    sent = related("versions").at_gate(Gate.QUALIFICATION).order_by("number")
    return Q(Exists(sent[1:2]), status=Status.IN_QUALIFICATION)


def _changed_at() -> Case:
    """Give when the text last changed that is read; comes after `with_reading`."""
    sent = related("versions").newest_first().values("frozen_at")[:1]
    return Case(
        When(edition=Edition.LIVE, then=F("edited_at")),
        default=Subquery(sent),
        output_field=DateTimeField(),
    )


def _has_read(user: User) -> Exists:
    marks = ReadMark.objects.filter(proposal=OuterRef("pk"), user=user)
    return Exists(marks.filter(read_at__gte=OuterRef("changed_at")))


def advisers(user: User, *, at: datetime) -> dict[int, tuple[User, frozenset[int]]]:
    """Give the advisers of the person's DGOs by key, in order of name, each with which of the DGOs: one question."""
    held = Membership.objects.current(at).confirmed().unrefused(at).holding(Role.DGO_ADVISER)
    held = held.filter(dgo__in=user.duties_at(at).dgo_ids, user__is_active=True)
    people: dict[int, User] = {}
    of: dict[int, set[int]] = defaultdict(set)
    for row in held.select_related("user"):
        people[row.user_id] = row.user
        of[row.user_id].add(row.dgo_id)
    listed = sorted(people.values(), key=lambda one: (sort_key(one.name), one.pk))
    return {one.pk: (one, frozenset(of[one.pk])) for one in listed}


def load(user: User, holders: Iterable[int], *, at: datetime) -> dict[int, int]:
    """Count what each of them has of what the person sees, at most `MOST`: one question."""
    asked = [
        question(user, at=at, holder=pk) for pk in holders for question in (_begun, _not_begun)
    ]
    found: dict[int, set[int]] = defaultdict(set)
    for holder, proposal in together(asked) if asked else ():
        found[holder].add(proposal)
    return {pk: min(len(held), MOST) for pk, held in found.items()}


@PreparedFor
def _begun(user: User, *, at: datetime) -> QuerySet[Any, Any]:
    """Give (holder, proposal) of what somebody has an open assessment of."""
    theirs = Qualification.objects.open().filter(assigned_to=Given("holder", BigIntegerField()))
    return _held(user, theirs, at=at)


@PreparedFor
def _not_begun(user: User, *, at: datetime) -> QuerySet[Any, Any]:
    theirs = Holder.objects.filter(user=Given("holder", BigIntegerField()))
    return _held(user, theirs, at=at)


def _held(user: User, theirs: Any, *, at: datetime) -> QuerySet[Any, Any]:
    here = Proposal.objects.each_visible_to(user, at=at).filter(status__in=HELD_IN)
    here = with_holder(here).filter(_is_opened(user, at=at), pk__in=theirs.values("proposal"))
    here = here.filter(holder_id=Given("holder", BigIntegerField()))
    found: QuerySet[Any, Any] = here.values_list("holder_id", "pk")[:MOST]
    return found


def written(proposals: Iterable[Any]) -> dict[int, tuple[int, int]]:
    """Say of how many criteria something is written, and how many there are, by proposal that is being assessed: three questions."""
    rounds = {p.pk: p.round_id for p in proposals if p.status == Status.IN_QUALIFICATION}
    of_round = Criterion.objects.of_rounds(rounds.values()).asked().count_by_round()
    begun = Qualification.objects.open().of_proposals(rounds).order_by("pk")
    latest = dict(begun.values_list("proposal_id", "pk"))
    said = Statement.objects.filter(qualification__in=latest.values()).exclude(text="", judgment="")
    said = said.filter(criterion__replaced_by=None)
    counted = dict(said.order_by().values_list("qualification").annotate(n=Count("pk")))
    return {
        pk: (counted.get(latest[pk], 0) if pk in latest else 0, of_round.get(round_, 0))
        for pk, round_ in rounds.items()
    }


def rounds() -> tuple[tuple[str, str], ...]:
    """Give (key, name) of the rounds there are, newest first."""
    return tuple(
        (str(pk), name) for pk, name in Round.objects.newest_first().values_list("pk", "name")
    )
