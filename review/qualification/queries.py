"""Questions about assessments and their statements."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from klimaspor.accounts.models import User


class QualificationQuerySet(QuerySet[Any]):
    def completed(self) -> Self:
        return self.exclude(completed_at=None)

    def standing(self) -> Self:
        """Narrow to what was given and no other takes the place of, the newest first."""
        return self.completed().filter(amendment=None).newest_first()

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
        return (
            self.select_related("version", "dgo", "completed_by", "assigned_to")
            .prefetch_related(Prefetch("statements", self._statements()))
            .with_traces()
        )

    def with_traces(self) -> Self:
        """Add `is_cosigned`: whether others have put their names under it; `is_reply_changed`: whether the answer said something else."""
        get = self.model._meta.apps.get_model
        signed = get("review", "CoSignature").objects.filter(qualification=OuterRef("pk"))
        earlier = get("review", "ReplyWording").objects.filter(qualification=OuterRef("pk"))
        return self.annotate(is_cosigned=Exists(signed), is_reply_changed=Exists(earlier))

    def _statements(self) -> Any:
        """Give what is said, in the order of the criteria."""
        said: Any = self.model._meta.get_field("statements").related_model
        return said.objects.select_related("criterion").order_by("criterion__position", "pk")


class ReplyWordingQuerySet(QuerySet[Any]):
    def with_people(self) -> Self:
        return self.select_related("written_by")

    def oldest_first(self) -> Self:
        return self.order_by("written_at", "pk")


class CoSignatureQuerySet(QuerySet[Any]):
    def standing(self) -> Self:
        return self.filter(lapsed_at=None)

    def with_people(self) -> Self:
        return self.select_related("signed_by")

    def listed(self) -> Self:
        return self.order_by("signed_at", "pk")


UNDONE_WITHIN = timedelta(hours=1)
"""So long a distribution can be taken back by one press; later each is given by itself."""


class DistributionQuerySet(QuerySet[Any]):
    def undoable(self, by: User, *, at: datetime) -> Self:
        """Narrow to what the person may still take back by one press."""
        return self.filter(by=by, undone_at=None, at__gt=at - UNDONE_WITHIN)

    def newest_first(self) -> Self:
        return self.order_by("-at", "-pk")

    def locked_or_none(self, pk: int) -> Any:
        """Read one and hold its row until the transaction ends."""
        return self.select_for_update().filter(pk=pk).first()


class AssignmentQuerySet(QuerySet[Any]):
    def said(self) -> Self:
        """Narrow to those that something was said with."""
        return self.exclude(note="")

    def of_dgo(self, dgo: Any) -> Self:
        return self.filter(dgo=dgo)

    def with_people(self) -> Self:
        return self.select_related("by", "from_user", "to_user")

    def newest_first(self) -> Self:
        return self.order_by("-at", "-pk")
