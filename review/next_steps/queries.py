"""What waits for a person, asked of the duties of each capacity in turn: each comes from its own index, in order of due."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import BigIntegerField, CharField, Exists, OuterRef, Q, QuerySet, Value

from klimaspor.accounts.anybody import PreparedFor
from klimaspor.prepared import Given, GivenList, together
from proposals.line.models import Duty, Proposal, Version
from review.formality.models import FormalCheck
from review.qualification.models import Qualification
from review.recommendation.models import Recommendation

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from klimaspor.accounts.models import User
    from proposals.line.queries import DutyQuerySet

MOST_FOLLOWED = 5
MOST = 100
"""Things that are read of each capacity, so that one may say "99+"."""


def waiting(user: User, *, at: datetime) -> list[tuple[str, str, int, datetime, bool]]:
    """
    Give (kind, subject, proposal, due, is late and one's own) of the first things of each capacity: one question.

    A thing that the person has to do with in several capacities comes several times; of a meeting any of its duties comes.
    """
    duties = user.duties_at(at)
    asked = [_own(user, at=at), _own_late(user, at=at)]
    asked += [_of_dgo(user, at=at, holder=pk) for pk in sorted(duties.dgo_ids)]
    asked += [_of_funder(user, at=at, holder=pk) for pk in sorted(duties.funder_ids)]
    if duties.is_secretariat:
        asked.append(_of_group(user, at=at, holder="secretariat"))
    if duties.is_committee:
        asked.append(_of_group(user, at=at, holder="committee"))
    return together(asked)


def _first(duties: DutyQuerySet, *, is_late: bool = False) -> QuerySet[Any, Any]:
    rows: Any = duties.first_of_each_subject()
    late = Value(value=is_late)
    return rows.values_list("kind", "subject", "proposal_id", "due_at", late)[:MOST]  # type: ignore[no-any-return]


@PreparedFor
def _own(user: User, *, at: datetime) -> QuerySet[Any, Any]:
    return _first(Duty.objects.open(at=at).filter(user=user, due_at__gte=at))


@PreparedFor
def _own_late(user: User, *, at: datetime) -> QuerySet[Any, Any]:
    """What one has missed comes last: nothing is lost by waiting."""
    return _first(Duty.objects.open(at=at).filter(user=user, due_at__lt=at), is_late=True)


@PreparedFor
def _of_dgo(user: User, *, at: datetime) -> QuerySet[Any, Any]:
    held = Duty.objects.open(at=at).filter(dgo=Given("holder", BigIntegerField()))
    return _first(held.unblocked(user, at=at))


@PreparedFor
def _of_funder(user: User, *, at: datetime) -> QuerySet[Any, Any]:
    held = Duty.objects.open(at=at).filter(organization=Given("holder", BigIntegerField()))
    return _first(held.unblocked(user, at=at, as_funder=True))


@PreparedFor
def _of_group(user: User, *, at: datetime) -> QuerySet[Any, Any]:
    held = Duty.objects.open(at=at).filter(group=Given("holder", CharField()))
    return _first(held.unblocked(user, at=at))


@PreparedFor
def on_meetings(user: User, *, at: datetime) -> QuerySet[Any, Any]:
    """Give (subject, kind, proposal) of all the person is to do at meetings of the days that are given."""
    held = Duty.objects.open(at=at).held_by(user, at=at)
    rows = held.filter(subject__in=GivenList("subjects", CharField())).order_by("subject", "pk")
    return rows.values_list("subject", "kind", "proposal_id")


def begun(versions: Iterable[Version]) -> list[tuple[int, str, bool]]:
    """Give (key, gate, whether the formal check is begun) of those of the versions that somebody has begun to assess, check or recommend."""
    checked = Exists(FormalCheck.objects.filter(version=OuterRef("pk")))
    qualified = Exists(Qualification.objects.filter(version=OuterRef("pk")))
    recommended = Exists(Recommendation.objects.filter(version=OuterRef("pk")))
    found = Version.objects.among(version.pk for version in versions)
    rows: Any = found.annotate(is_checked=checked).filter(
        Q(is_checked=True) | qualified | recommended
    )
    return list(rows.values_list("pk", "gate", "is_checked"))


@PreparedFor
def shown(user: User, *, at: datetime) -> QuerySet[Proposal]:
    """Give the proposals whose keys are given, as the person reads them; whatever a row says, nobody sees what they may not."""
    visible = Proposal.objects.visible_to(user, at=at).with_reading(user, at=at)
    return visible.with_row().filter(pk__in=GivenList("keys"))


@PreparedFor
def shown_whole(user: User, *, at: datetime) -> QuerySet[Proposal]:
    """Give the same with all that is written in them."""
    visible = Proposal.objects.visible_to(user, at=at).with_frame().with_reading(user, at=at)
    return visible.filter(pk__in=GivenList("keys"))


@PreparedFor
def others(user: User, *, at: datetime) -> QuerySet[Any, Any]:
    """Give the keys of the few that the person sees, others must act on, and moved last."""
    mine = Duty.objects.open(at=at).held_by(user, at=at).filter(proposal=OuterRef("pk"))
    # Asked of each in turn rather than as a set: the few newest are found before most are looked at.
    found = Proposal.objects.visible_to(user, at=at).unended().filter(~Exists(mine))
    newest = found.order_by("-status_since", "-pk")
    return newest.values_list("pk", flat=True)[:MOST_FOLLOWED]
