"""Every question asked about what people do at each stop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    DateTimeField,
    Exists,
    F,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce

from klimaspor import danish
from proposals.lifecycle import ANSWERED_IN, EDITABLE, Status
from proposals.querysets import WRITERS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from klimaspor.accounts.models import Duties, User
    from proposals.querysets import ProposalQuerySet


def blocked_for(user: User, duties: Duties, *, at: datetime) -> Q:
    """Say in SQL about proposals what `impartiality.is_blocked` says about one: tied or declared, not dismissed."""
    accesses, impartialities, participants = (
        _related(name) for name in ("accesses", "impartialities", "participants")
    )
    raised = impartialities.filter(user=user)
    written = accesses.current(at=at).filter(user=user, function__in=WRITERS)
    tied = Q(Exists(written)) & ~(Q(created_by=user) & ~Q(owner=user))
    ids = duties.organization_ids
    if ids:
        behind = Q(organization__in=ids) | Q(organization__successor__in=ids)
        tied |= Q(behind) | Q(Exists(participants.filter(behind)))
    return Q(Exists(raised.exclude(is_impartial=True))) | (~Q(Exists(raised)) & tied)


def awaiting(user: User, duties: Duties, *, at: datetime, day: date) -> dict[str, Q]:
    """
    Say in SQL, for each capacity the person has, which proposals wait for an act of this person; `day` is that of `at`.

    `next_steps.open_steps` says the same with words and buttons, and a test holds the two equal.
    """
    here = _related("accesses").current(at=at)
    out = _related("agenda_items").unreleased().exclude(agenda__published_at=None)
    acts = ~blocked_for(user, duties, at=at)
    # The status stands first in each: PostgreSQL asks in the order written, and it is the cheapest.
    found = {
        "writer": Q(status__in=EDITABLE) & Q(Exists(here.filter(user=user, function__in=WRITERS)))
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
        consents = _related("consents").standing()
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
        asked = _related("consents").pending().of_funders(duties.funder_ids)
        found["funder"] = Q(status=Status.APPROVED) & Q(Exists(asked))
    return found


def on_coming_agenda() -> Q:
    """Say of proposals that they stand on an agenda whose decisions are not released."""
    return Q(status__in=(Status.RECOMMENDED, Status.ON_AGENDA)) & Q(
        Exists(_related("agenda_items").unreleased())
    )


def what_waits(proposals: ProposalQuerySet) -> QuerySet[Any]:
    """Give a number for each thing that waits: a proposal, or a coming meeting with all that is on it."""
    items = _related("agenda_items").unreleased().filter(proposal=OuterRef("pk"))
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


def _related(name: str) -> Any:
    """Give the rows that belong to the proposal of the outer query."""
    from proposals.models import Proposal  # noqa: PLC0415 - models read their querysets first

    model: Any = Proposal._meta.get_field(name).related_model
    return model.objects.filter(proposal=OuterRef("pk"))


class CriterionQuerySet(QuerySet[Any]):
    def of_round(self, round_: Any) -> Self:
        return self.filter(round=round_)

    def of_rounds(self, rounds: Iterable[Any]) -> Self:
        return self.filter(round__in=list(rounds))

    def listed(self) -> Self:
        return self.order_by("position", "pk")

    def with_round(self) -> Self:
        return self.select_related("round")

    def with_use(self) -> Self:
        """Add `is_used`: whether somebody has written about it, which keeps it where it is."""
        statements = self.model._meta.apps.get_model("review", "Statement").objects
        return self.annotate(is_used=Exists(statements.filter(criterion=OuterRef("pk"))))

    def count_by_round(self) -> dict[int, int]:
        """Count the criteria of each round that has any, by the round's id."""
        return dict(self.order_by().values_list("round").annotate(number=Count("pk")))

    def codes(self) -> frozenset[str]:
        return frozenset(self.values_list("code", flat=True))

    def locked(self, pk: int) -> Any:
        """Read one and hold its row until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)


class QualificationQuerySet(QuerySet[Any]):
    def completed(self) -> Self:
        return self.exclude(completed_at=None)

    def completed_by(self, at: datetime) -> Self:
        """Narrow to those that were given no later than `at`."""
        return self.filter(completed_at__lte=at)

    def of_proposals(self, proposal_ids: Iterable[int]) -> Self:
        return self.filter(proposal__in=list(proposal_ids))

    def oldest_first(self) -> Self:
        return self.order_by("pk")

    def open(self) -> Self:
        return self.filter(completed_at=None)

    def newest_first(self) -> Self:
        return self.order_by("-pk")

    def of_version(self, version: Any) -> Self:
        return self.filter(version=version)

    def with_holder(self) -> Self:
        return self.select_related("assigned_to")

    def with_statements(self) -> Self:
        return self.select_related(
            "version", "dgo", "completed_by", "assigned_to"
        ).prefetch_related(Prefetch("statements", self._statements()))

    def _statements(self) -> Any:
        """Give what is said, in the order of the criteria."""
        said: Any = self.model._meta.get_field("statements").related_model
        return said.objects.select_related("criterion").order_by("criterion__position", "pk")


class FormalCheckQuerySet(QuerySet[Any]):
    def of_versions(self, versions: Iterable[Any]) -> Self:
        return self.filter(version__in=list(versions))

    def done_for_latest(self) -> Self:
        """Narrow to those a person has finished, of what was sent to approval last."""
        versions = self.model._meta.get_field("version").related_model.objects
        newer = versions.at_gate("approval").filter(
            proposal=OuterRef("proposal"), number__gt=OuterRef("version__number")
        )
        return self.filter(~Exists(newer)).exclude(checked_at=None)

    def newest_first(self) -> Self:
        return self.order_by("-pk")

    def with_answers(self) -> Self:
        return self.select_related("version", "checked_by").prefetch_related("answers")


class RecommendationQuerySet(QuerySet[Any]):
    def of_proposals(self, proposal_ids: Iterable[int]) -> Self:
        return self.filter(proposal__in=list(proposal_ids))

    def oldest_first(self) -> Self:
        return self.order_by("pk")

    def newest_first(self) -> Self:
        return self.order_by("-pk")

    def made(self) -> Self:
        return self.exclude(recommended_at=None)

    def with_points(self) -> Self:
        amounts: Any = self.model._meta.get_field("amounts").related_model
        points: Any = self.model._meta.get_field("points").related_model
        return self.select_related("recommended_by", "version").prefetch_related(
            Prefetch("points", points.objects.order_by("position", "pk")),
            Prefetch(
                "amounts",
                amounts.objects.select_related("funder").order_by("funder__sort_key", "pk"),
            ),
        )


class AgendaQuerySet(QuerySet[Any]):
    def published(self) -> Self:
        return self.exclude(published_at=None)

    def visible_to(self, duties: Duties) -> Self:
        """Narrow to what the duties open: all to the secretariat, published ones to committee and funders."""
        if duties.is_secretariat:
            return self
        if duties.is_committee:
            return self.published()
        return self.none()

    def upcoming(self, day: date) -> Self:
        return self.filter(meeting_date__gte=day)

    def unreleased(self) -> Self:
        return self.filter(released_at=None)

    def with_first(self, proposals: QuerySet[Any]) -> Self:
        """
        Narrow to agendas with some of the proposals, and add how many (`waiting`) and one that stands for them
        (`first_pk`): the first that has no decision, or else the first.
        """
        mine = Q(items__proposal__in=proposals.values("pk"))
        return self.annotate(
            waiting=Count("items", filter=mine),
            first_pk=Coalesce(
                Min("items__proposal", filter=mine & Q(items__decision=None)),
                Min("items__proposal", filter=mine),
            ),
        ).filter(waiting__gt=0)

    def with_round(self) -> Any:
        """Give the keys of the rounds that have an agenda."""
        return self.exclude(round=None).values("round_id")

    def newest_first(self) -> Self:
        return self.order_by("-meeting_date", "-pk")

    def soonest_first(self) -> Self:
        return self.order_by("meeting_date", "pk")

    def locked(self, pk: int) -> Any:
        """Read one agenda and hold its row until the transaction ends."""
        return self.select_for_update(of=("self",)).get(pk=pk)


class AgendaItemQuerySet(QuerySet[Any]):
    def listed(self) -> Self:
        return self.order_by("position", "pk")

    def with_cases(self) -> Self:
        return self.select_related(
            "proposal__round", "proposal__organization", "proposal__lead_dgo", "version", "decision"
        )

    def of_proposal(self, proposal: Any) -> Self:
        return self.filter(proposal=proposal)

    def of_proposals(self, proposal_ids: Iterable[int]) -> Self:
        return self.filter(proposal__in=list(proposal_ids))

    def unreleased(self) -> Self:
        """Narrow to items of meetings whose decisions are not out: being put together, or published."""
        return self.filter(agenda__released_at=None)

    def with_papers(self) -> Self:
        """Join what was frozen at publication and is printed."""
        return self.select_related("version", "recommendation").prefetch_related(
            "recommendation__points", "recommendation__amounts__funder"
        )

    def with_decisions(self) -> Self:
        return self.select_related("decision__back_to_round").prefetch_related("recusals")


class DecisionQuerySet(QuerySet[Any]):
    def of_proposal(self, proposal: Any) -> Self:
        return self.filter(item__proposal=proposal).select_related("item__agenda", "back_to_round")

    def released(self) -> Self:
        return self.exclude(released_at=None)

    def newest_first(self) -> Self:
        return self.order_by("-recorded_at", "-pk")


class FunderConsentQuerySet(QuerySet[Any]):
    def pending(self) -> Self:
        return self.filter(answered_at=None, superseded_at=None)

    def of_proposals(self, proposal_ids: Iterable[int]) -> Self:
        return self.filter(proposal__in=list(proposal_ids))

    def standing(self) -> Self:
        """Narrow to those of the latest approval; a retabled proposal asks anew."""
        return self.filter(superseded_at=None)

    def about(self, proposals: Any) -> Self:
        return self.filter(proposal__in=proposals)

    def entered(self) -> Self:
        """Narrow to those the secretariat entered with a document."""
        return self.exclude(document="").select_related("funder")

    def with_proposals(self) -> Self:
        return self.select_related("funder", "proposal__organization", "answered_by")

    def newest_first(self) -> Self:
        return self.order_by("-asked_at", "-pk")

    def of_funders(self, organization_ids: Any) -> Self:
        return self.filter(funder_id__in=organization_ids)

    def listed(self) -> Self:
        return self.select_related("funder", "proposal", "answered_by").order_by(
            "funder__sort_key", "pk"
        )


class DossierQuerySet(QuerySet[Any]):
    def unbuilt(self) -> Self:
        return self.filter(built_at=None)

    def built(self) -> Self:
        return self.exclude(built_at=None)

    def buildable(self) -> Self:
        """Narrow to unbuilt ones whose parts are there: the zip holds the papers and waits for them."""
        papers = self.model.objects.filter(
            agenda=OuterRef("agenda"), number=OuterRef("number"), kind="papers", built_at=None
        )
        return self.unbuilt().exclude(Exists(papers), kind="annexes")

    def of_edition(self, dossier: Any) -> Self:
        return self.filter(number=dossier.number)

    def with_agenda(self) -> Self:
        return self.select_related("agenda")

    def oldest_first(self) -> Self:
        return self.order_by("pk")

    def newest_first(self) -> Self:
        return self.order_by("-pk")

    def latest_of_kind(self) -> Self:
        newer = self.model.objects.filter(
            agenda=OuterRef("agenda"), kind=OuterRef("kind"), pk__gt=OuterRef("pk")
        )
        return self.filter(~Exists(newer))
