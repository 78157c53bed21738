"""Every question asked about what people do at each stop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db.models import Exists, OuterRef, QuerySet

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from klimaspor.accounts.models import Duties


class CriterionQuerySet(QuerySet[Any]):
    def of_round(self, round_: Any) -> Self:
        return self.filter(round=round_)

    def of_rounds(self, rounds: Iterable[Any]) -> Self:
        return self.filter(round__in=list(rounds))

    def listed(self) -> Self:
        return self.order_by("position", "pk")


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
        ).prefetch_related("statements__criterion")


class FormalCheckQuerySet(QuerySet[Any]):
    def of_versions(self, versions: Iterable[Any]) -> Self:
        return self.filter(version__in=list(versions))

    def newest_first(self) -> Self:
        return self.order_by("-pk")

    def with_answers(self) -> Self:
        return self.select_related("version", "checked_by").prefetch_related("answers")


class RecommendationQuerySet(QuerySet[Any]):
    def newest_first(self) -> Self:
        return self.order_by("-pk")

    def made(self) -> Self:
        return self.exclude(recommended_at=None)

    def with_points(self) -> Self:
        return self.select_related("recommended_by", "version").prefetch_related(
            "points", "amounts__funder"
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

    def with_papers(self) -> Self:
        """Join what was frozen at publication and is printed."""
        return self.select_related("version", "recommendation").prefetch_related(
            "recommendation__points", "recommendation__amounts__funder"
        )

    def with_decisions(self) -> Self:
        return self.select_related("decision__back_to_round").prefetch_related("recusals")


class DecisionQuerySet(QuerySet[Any]):
    def released(self) -> Self:
        return self.exclude(released_at=None)

    def newest_first(self) -> Self:
        return self.order_by("-recorded_at", "-pk")


class FunderConsentQuerySet(QuerySet[Any]):
    def pending(self) -> Self:
        return self.filter(answered_at=None, superseded_at=None)

    def standing(self) -> Self:
        """Narrow to those of the latest approval; a retabled proposal asks anew."""
        return self.filter(superseded_at=None)

    def of_funders(self, organization_ids: Any) -> Self:
        return self.filter(funder_id__in=organization_ids)

    def listed(self) -> Self:
        return self.select_related("funder", "proposal", "answered_by").order_by(
            "funder__sort_key", "pk"
        )


class DossierQuerySet(QuerySet[Any]):
    def unbuilt(self) -> Self:
        return self.filter(built_at=None)

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
