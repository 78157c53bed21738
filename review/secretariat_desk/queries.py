"""What the secretariat's desk asks: of everything no more than the first hundred, in order of due."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import BigIntegerField, CharField, DateTimeField, QuerySet, Value

from klimaspor.accounts.anybody import PreparedFor, day_of
from klimaspor.prepared import Given, GivenList, together
from proposals.line.duties import Kind
from proposals.line.lifecycle import Status
from proposals.line.models import Duty, Impartiality, Proposal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from klimaspor.accounts.models import User

MOST = 100
"""So many are as good as any number: "99+"."""
WAITS_BY = {
    Status.DRAFT: Kind.SUBMIT,
    Status.IN_QUALIFICATION: Kind.QUALIFY,
    Status.QUALIFIED: Kind.SUBMIT_FOR_APPROVAL,
}
"""The duty that each proposal in the status has, with its term."""
WITHOUT_TERM = (Status.IN_APPROVAL, Status.RECOMMENDED)


def columns(user: User, *, at: datetime) -> list[tuple[str, int, datetime | None]]:
    """Give (status, proposal, due) of the first of each column: one question."""
    asked = [_due(user, status, at=at) for status in WAITS_BY]
    asked += [_longest_here(user, at=at, status=status) for status in WITHOUT_TERM]
    return together(asked)


@PreparedFor
def _due(user: User, status: str, *, at: datetime) -> QuerySet[Any, Any]:
    visible = Proposal.objects.visible_to(user, at=at)
    waiting = Duty.objects.open(at=at).filter(kind=WAITS_BY[Status(status)])
    # Each writer is to send it in, and it is one proposal.
    found = (
        waiting.about(visible) if status == Status.IN_QUALIFICATION else waiting.of_owner(visible)
    )
    named = Value(status, output_field=CharField())
    return found.most_urgent_first().values_list(named, "proposal_id", "due_at")[:MOST]


@PreparedFor
def _longest_here(user: User, *, at: datetime) -> QuerySet[Any, Any]:
    here = Proposal.objects.each_visible_to(user, at=at).filter(status=Given("status", CharField()))
    no_term = Value(None, output_field=DateTimeField())
    return here.longest_here_first().values_list("status", "pk", no_term)[:MOST]


@PreparedFor
def shown(user: User, *, at: datetime) -> QuerySet[Proposal]:
    """Give the proposals whose keys are given, as the person reads them."""
    visible = Proposal.objects.visible_to(user, at=at).with_reading(user, at=at).with_due()
    return visible.with_row().filter(pk__in=GivenList("keys"))


def standing(
    user: User, pairs: Iterable[tuple[str, int]], *, at: datetime
) -> list[tuple[str, int]]:
    """Give a row (status, round) for each proposal that stands in one of the pairs: one question."""
    asked = [_in_round(user, at=at, status=status, round=pk) for status, pk in pairs]
    return together(asked) if asked else []


@PreparedFor
def _in_round(user: User, *, at: datetime) -> QuerySet[Any, Any]:
    here = Proposal.objects.each_visible_to(user, at=at).filter(
        status=Given("status", CharField()), round=Given("round", BigIntegerField())
    )
    return here.values_list("status", "round_id")[:MOST]


def left_over(user: User, *, at: datetime) -> list[tuple[str]]:
    """Give a row for each that falls between the gates, by the name of what it is: one question."""
    return together(
        [
            _ties(user, at=at),
            _orphans(user, at=at),
            _without_desk(user, at=at),
            _approved(user, at=at),
        ]
    )


@PreparedFor
def _ties(user: User, *, at: datetime) -> QuerySet[Any, Any]:
    visible = Proposal.objects.visible_to(user, at=at)
    return _named("ties", Impartiality.objects.unsettled().about(visible))


@PreparedFor
def _orphans(user: User, *, at: datetime) -> QuerySet[Any, Any]:
    return _named("orphans", Proposal.objects.orphaned())


@PreparedFor
def _without_desk(user: User, *, at: datetime) -> QuerySet[Any, Any]:
    visible = Proposal.objects.visible_to(user, at=at)
    return _named("without_desk", visible.without_desk(day_of(at)))


@PreparedFor
def _approved(user: User, *, at: datetime) -> QuerySet[Any, Any]:
    visible = Proposal.objects.each_visible_to(user, at=at)
    return _named("approved", visible.in_status(Status.APPROVED))


def _named(name: str, rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    return rows.values_list(Value(name, output_field=CharField()))[:MOST]
