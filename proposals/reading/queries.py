"""Questions about what was read last."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from klimaspor.prepared import Asked, Given, GivenList, Prepared

if TYPE_CHECKING:
    from collections.abc import Iterable

    from klimaspor.accounts.models import User
    from proposals.drafting.models import FieldVersion
    from proposals.line.models import Proposal
    from proposals.reading.models import ReadMark, Snapshot


class ReadMarkQuerySet(QuerySet["ReadMark"]):
    def of_reader(self, user: User) -> Self:
        return self.filter(user=user)

    def with_written_since(self) -> Self:
        """Add `names`, the answers that others have written since in the live text, and the version one stands at, without its text."""
        until = Coalesce(OuterRef("version__frozen_at"), OuterRef("read_at"))
        written = related_answers().filter(edited_at__gt=until).exclude(edited_by=OuterRef("user"))
        return (
            self.annotate(names=ArraySubquery(written.values("name")))
            .select_related("version")
            .defer("version__content")
        )


def related_answers() -> QuerySet[FieldVersion]:
    """Give the versions of the answers of a mark's proposal, where that is the query around."""
    answers: type[FieldVersion] = apps.get_model("proposals", "FieldVersion")
    return answers.objects.filter(proposal=OuterRef("proposal"))


def marks_of(user: User, proposals: Iterable[int]) -> Asked:
    """Give the person's marks in the proposals, by their keys, `with_written_since`."""
    return Asked(_marks(), {"user": user.pk, "proposals": list(proposals)})


@cache
def _marks() -> Prepared:
    marks: ReadMarkQuerySet = apps.get_model("proposals", "ReadMark").objects.all()
    theirs = marks.filter(
        user=Given("user", BigIntegerField()), proposal__in=GivenList("proposals")
    )
    return Prepared(theirs.with_written_since())


class SnapshotQuerySet(QuerySet["Snapshot"]):
    def among(self, pks: Iterable[int]) -> Self:
        return self.filter(pk__in=list(pks))

    def left_by_all(self, proposal: Proposal) -> Self:
        """Narrow to those of the proposal that no mark stands at, nor goes back to."""
        return self.filter(proposal=proposal, read_marks=None, earlier_read_marks=None)
