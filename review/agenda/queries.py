"""Questions about agendas, their items and the papers made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from klimaspor.accounts.models import Duties


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
            "proposal__round",
            "proposal__organization",
            "proposal__lead_dgo",
            "version",
            "decision",
            "decision_draft",
        )

    def of_proposal(self, proposal: Any) -> Self:
        return self.filter(proposal=proposal)

    def of_proposals(self, proposal_ids: Iterable[int]) -> Self:
        return self.filter(proposal__in=list(proposal_ids))

    def of_cases(self) -> Self:
        """Narrow to items about a proposal."""
        return self.exclude(proposal=None)

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
