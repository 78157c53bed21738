"""Every question asked about what people do at each stop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import (
    BigIntegerField,
    Case,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce

from proposals.line.functions import WRITER_FUNCTIONS
from proposals.line.lifecycle import ANSWERED_IN, EDITABLE, Status
from proposals.line.queries import related
from proposals.line.sql import blocked_for

if TYPE_CHECKING:
    from datetime import date, datetime

    from klimaspor.accounts.models import Duties, User
    from proposals.line.queries import ProposalQuerySet


def awaiting(user: User, duties: Duties, *, at: datetime, day: date) -> dict[str, Q]:
    """
    Say in SQL, for each capacity the person has, which proposals wait for an act of this person; `day` is that of `at`.

    `next_steps.open_steps` says the same with words and buttons, and a test holds the two equal.
    """
    here = related("accesses").current(at=at)
    out = related("agenda_items").unreleased().exclude(agenda__published_at=None)
    acts = ~blocked_for(user, duties, at=at)
    # The status stands first in each: PostgreSQL asks in the order written, and it is the cheapest.
    found = {
        "writer": Q(status__in=EDITABLE)
        & Q(Exists(here.filter(user=user, function__in=WRITER_FUNCTIONS)))
    }
    asked = _commitments().filter(contact=user, is_confirmed=None)
    found["contact"] = (
        Q(status__in=ANSWERED_IN)
        & Q(Exists(asked))
        & Q(Exists(here.filter(user=user, function="read")))
    )
    if duties.dgo_ids:
        held = here.filter(function="qualify", dgo__in=duties.dgo_ids)
        found["dgo"] = Q(status=Status.IN_QUALIFICATION) & Q(Exists(held)) & acts
    if duties.is_secretariat:
        consents = related("consents").standing()
        turn = (
            Q(status=Status.IN_APPROVAL)
            | (Q(status=Status.IN_QUALIFICATION) & Q(round__approval_deadline_at__lt=at))
            | (Q(status=Status.RECOMMENDED) & ~Q(Exists(out)))
            | (Q(status=Status.ON_AGENDA) & Q(Exists(out.filter(agenda__meeting_date__lte=day))))
            | (
                Q(status=Status.APPROVED)
                & (
                    ~Q(Exists(consents.filter(answer="")))
                    | Q(Exists(consents.filter(answer="refused")))
                )
            )
        )
        held = here.filter(function="recommend", group="secretariat")
        found["secretariat"] = turn & Q(Exists(held)) & acts
    if duties.is_committee:
        held = here.filter(function="decide", group="committee")
        ahead = out.filter(agenda__meeting_date__gte=day)
        found["committee"] = Q(status=Status.ON_AGENDA) & Q(Exists(ahead)) & Q(Exists(held)) & acts
    if duties.funder_ids:
        asked = related("consents").pending().of_funders(duties.funder_ids)
        found["funder"] = Q(status=Status.APPROVED) & Q(Exists(asked))
    return found


def on_coming_agenda() -> Q:
    """Say of proposals that they stand on an agenda whose decisions are not released."""
    return Q(status__in=(Status.RECOMMENDED, Status.ON_AGENDA)) & Q(
        Exists(related("agenda_items").unreleased())
    )


def what_waits(proposals: ProposalQuerySet) -> QuerySet[Any]:
    """Give a number for each thing that waits: a proposal, or a coming meeting with all that is on it."""
    items = related("agenda_items").unreleased().filter(proposal=OuterRef("pk"))
    meeting = Subquery(items.values("agenda_id")[:1], output_field=BigIntegerField())
    # A meeting's number below zero is no proposal's.
    number = Case(
        When(on_coming_agenda(), then=meeting * Value(-1, BigIntegerField())),
        default=F("pk"),
        output_field=BigIntegerField(),
    )
    return proposals.order_by().values(thing=number).distinct()


def most_urgent_first(proposals: ProposalQuerySet, *, at: datetime) -> ProposalQuerySet:
    """
    Order by `due_at`, or by the meeting of the round where the line knows no term.

    A draft that missed its deadline comes last: nothing is lost by waiting.
    """
    too_late = Q(status__in=EDITABLE, due_at__lt=at)
    meeting = Cast("round__meeting_date", DateTimeField())
    urgency = Case(When(~too_late, then=Coalesce("due_at", meeting)))
    return proposals.alias(urgency=urgency).order_by(F("urgency").asc(nulls_last=True), "pk")


def _commitments() -> Any:
    """Give what the participants of the proposal of the outer query say for themselves."""
    from proposals.models import Commitment  # noqa: PLC0415 - models read their querysets first

    return Commitment.objects.filter(participant__proposal=OuterRef("pk"))
