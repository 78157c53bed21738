"""
What lies with a DGO: found by the duties of those whose turn it is, in order of due, or sorted and narrowed as the address says;
and what stands around it.

Of how many an adviser has no more are counted than are shown.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Count,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce

from klimaspor.accounts.anybody import PreparedFor, PreparedListFor, day_of
from klimaspor.accounts.models import Membership, User
from klimaspor.danish import sort_key
from klimaspor.prepared import Given, Listed, together
from proposals.line.duties import Kind
from proposals.line.editions import Edition
from proposals.line.lifecycle import Status
from proposals.line.models import Access, Duty, Proposal
from proposals.line.queries import related
from proposals.participants.models import Participant
from proposals.reading.models import ReadMark
from proposals.rounds.models import Gate, Round
from review.criteria.models import Criterion
from review.qualification.holding import HELD_IN, with_holder
from review.qualification.models import Distribution, Holder, Qualification, Statement

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
FEW = {"q", MINE, "holder"}
"""Filters that leave few of what lies there."""
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
    shown = Proposal.objects.with_reading(user, at=at).with_due()
    shown = _marked(shown.with_counts(user, at=at).with_row())
    if sort == TURN:
        is_few = bool(FEW & set(wanted))
        return Listed(tuple(_in_turn(s, user, found, is_few=is_few, at=at) for s in states), shown)
    here = found.with_due().filter(status__in=states).filter(_is_opened(user, at=at))
    return Listed((here.sorted_by(sort).values("pk"),), shown)


def _marked(proposals: Any) -> Any:
    """
    Add who has each and whether it was sent to the DGO before, and who takes part in the text that is read.

    While it is assessed, add how far: criteria, and those written about. Comes after `with_reading`.
    """
    again = Case(When(_is_again(), then=Value(value=True)), default=Value(value=False))
    is_live = Q(edition=Edition.LIVE)
    live = Participant.objects.filter(proposal=OuterRef("pk")).authority_names()
    sent = related("versions").newest_first().values("content__participants")[:1]
    return with_holder(proposals).annotate(
        is_again=again,
        live_authorities=Case(When(is_live, then=ArraySubquery(live)), default=None),
        sent_participants=Case(When(is_live, then=None), default=Subquery(sent)),
        criteria_count=_while_assessed(Criterion.objects.filter(round=OuterRef("round")).asked()),
        written_count=_while_assessed(_written()),
    )


def _while_assessed(rows: QuerySet[Any]) -> Case:
    # Summed over a group of all: without rows there is none.
    counted = rows.order_by().annotate(one=Value(1)).values("one").annotate(n=Count("pk"))
    count = Coalesce(Subquery(counted.values("n")), 0, output_field=IntegerField())
    return Case(When(status=Status.IN_QUALIFICATION, then=count), default=None)


def _written() -> QuerySet[Any]:
    """Give what is written in the latest open assessment of a proposal, about criteria that still stand."""
    begun = Qualification.objects.open().filter(proposal=OuterRef(OuterRef("pk"))).newest_first()
    said = Statement.objects.filter(qualification=Subquery(begun.values("pk")[:1]))
    return said.exclude(text="", judgment="").filter(criterion__replaced_by=None)


def _in_turn(state: Status, user: User, found: Any, *, is_few: bool, at: datetime) -> Any:
    dgo_ids = user.duties_at(at).dgo_ids
    # A DGO that reads along has it too, and not the duty.
    waiting = Duty.objects.open(at=at).filter(kind=STATES[state]).opened_to_dgos(dgo_ids, at=at)
    if is_few:
        waiting = waiting.about_few(found)
        # Seen and narrowed is said; of drafts only the owner's duty is left to choose.
        found = Proposal.objects.all()
    if state != Status.IN_QUALIFICATION:
        waiting = waiting.of_owner(found)
    elif not is_few:
        waiting = waiting.about(found)
    return waiting.most_urgent_first().values("proposal_id")


def _is_opened(user: User, *, at: datetime) -> Exists:
    opened = Access.objects.current(at=at).filter(proposal=OuterRef("pk"))
    return Exists(opened.filter(dgo__in=user.duties_at(at).dgo_ids))


FILTERS: dict[str, Narrowing] = {
    "q": lambda found, user, at: found.matching(Given("q", TextField())),
    "runde": lambda found, user, at: found.filter(round=Given("runde", BigIntegerField())),
    MINE: lambda found, user, at: _held_by(found, user.pk),
    "holder": lambda found, user, at: _held_by(found, Given("holder", BigIntegerField())),
    NOBODY: lambda found, user, at: with_holder(found).filter(holder_id=None, status__in=HELD_IN),
    AGAIN: lambda found, user, at: found.filter(_is_again()),
    NEW: lambda found, user, at: found.annotate(changed_at=_changed_at()).filter(~_has_read(user)),
    LATE: lambda found, user, at: found.with_due().filter(due_at__lt=at),
}
"""How each filter narrows proposals; those of a state choose what is looked through instead."""


def _held_by(found: Any, holder: Any) -> Any:
    """Narrow to what somebody has: of what was ever theirs, which is little, who has it now."""
    begun = Qualification.objects.open().filter(assigned_to=holder).values("proposal")
    waiting = Holder.objects.filter(user=holder).values("proposal")
    return with_holder(found).filter(pk__in=begun.union(waiting), holder_id=holder)


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


class Adviser(NamedTuple):
    """An adviser, and which of the person's DGOs they advise in."""

    name: str
    dgo_ids: frozenset[int]


class Around(NamedTuple):
    """What stands around the list, and says what it can be narrowed by."""

    views: list[tuple[str, str, bool]]
    """The person's own views in order of name: name, query, and whether the desk opens with it."""
    advisers: dict[int, Adviser]
    """By key, as `advisers` gives them."""
    rounds: tuple[tuple[str, str], ...]
    """Key and name of the rounds there are, newest first."""
    undoable: tuple[int, datetime] | None
    """Key and moment of what the person gave last, if it can be taken back."""


def around(user: User, *, at: datetime) -> Around:
    """Give what stands around the list: one question."""
    asked = (_views, _advising, _rounds, _undoable)
    of: dict[str, list[Any]] = defaultdict(list)
    for kind, *row in together(question(user, at=at) for question in asked):
        of[kind].append(row)
    given = next(((pk, moment) for pk, _, _, _, moment in of["undoable"]), None)
    return Around(
        views=[(name, query, bool(is_default)) for _, name, query, is_default, _ in of["views"]],
        advisers=_by_name(of["advising"]),
        rounds=tuple((str(pk), name) for pk, name, *_ in of["rounds"]),
        undoable=given,
    )


def advisers(user: User, *, at: datetime) -> dict[int, Adviser]:
    """Give the advisers of the person's DGOs by key, in order of name: one question."""
    return _by_name(row[1:] for row in together([_advising(user, at=at)]))


def _by_name(rows: Iterable[Any]) -> dict[int, Adviser]:
    names: dict[int, str] = {}
    of: dict[int, set[int]] = defaultdict(set)
    for pk, name, _, dgo, _ in rows:
        names[pk] = name
        of[pk].add(dgo)
    listed = sorted(names.items(), key=lambda one: (sort_key(one[1]), one[0]))
    return {pk: Adviser(name, frozenset(of[pk])) for pk, name in listed}


def _row(kind: str, rows: QuerySet[Any], **columns: Any) -> QuerySet[Any, Any]:
    """Give (kind, key, name, query, number, moment) of each, with nothing where it is not said."""
    return rows.values_list(
        Value(kind, output_field=CharField()),
        columns.get("key", F("pk")),
        Cast(columns.get("name", Value("")), TextField()),
        Cast(columns.get("query", Value("")), TextField()),
        Cast(columns.get("number", Value(0)), BigIntegerField()),
        Cast(columns.get("moment", Value(None)), DateTimeField()),
    )


@PreparedFor
def _views(user: User, *, at: datetime) -> QuerySet[Any, Any]:
    views = apps.get_model("review", "SavedView").objects.of(user).by_name()
    is_default = Cast("is_default", IntegerField())
    return _row("views", views, name=F("name"), query=F("query"), number=is_default)


@PreparedFor
def _advising(user: User, *, at: datetime) -> QuerySet[Any, Any]:
    held = Membership.objects.advising_on(day_of(at)).confirmed()
    held = held.filter(dgo__in=user.duties_at(at).dgo_ids).order_by("pk")
    return _row("advising", held, key=F("user"), name=F("user__name"), number=F("dgo"))


@PreparedFor
def _rounds(user: User, *, at: datetime) -> QuerySet[Any, Any]:
    return _row("rounds", Round.objects.newest_first(), name=F("name"))


@PreparedFor
def _undoable(user: User, *, at: datetime) -> QuerySet[Any, Any]:
    given = Distribution.objects.undoable(user, at=at).newest_first()
    return _row("undoable", given, moment=F("at"))[:1]


def load(user: User, holders: Iterable[int], *, at: datetime) -> dict[int, int]:
    """Count what each of them has of what the person sees, at most `MOST`: one question."""
    asked = [_held(user, at=at, holder=pk) for pk in holders]
    return dict(Counter(holder for holder, _ in together(asked))) if asked else {}


@PreparedFor
def _held(user: User, *, at: datetime) -> QuerySet[Any, Any]:
    """Give (holder, proposal) of what somebody has."""
    here = Proposal.objects.each_visible_to(user, at=at).filter(status__in=HELD_IN)
    here = _held_by(here.filter(_is_opened(user, at=at)), Given("holder", BigIntegerField()))
    found: QuerySet[Any, Any] = here.values_list("holder_id", "pk")[:MOST]
    return found
