"""Questions about what funders are asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db.models import QuerySet

if TYPE_CHECKING:
    from collections.abc import Iterable


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
