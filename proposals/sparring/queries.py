"""Questions about what is said in the sparring, and who reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, OuterRef, Prefetch, Q, QuerySet, Value, When

from klimaspor.accounts.models import Membership, Organization, Role, User
from klimaspor.accounts.querysets import as_danes_sort
from proposals.line.functions import EARLY_FUNCTIONS, PARTY_FUNCTIONS, WRITER_FUNCTIONS, Group
from proposals.line.models import Access, Impartiality

if TYPE_CHECKING:
    from datetime import datetime

    from proposals.line.models import Proposal
    from proposals.line.standing import Standing
    from proposals.sparring.models import Advice


class OfCircles(QuerySet[Any]):
    """Rows that are said in a circle (`models.Circle`): comments, and notes."""

    def readable_by(self, standing: Standing) -> Self:
        """
        Narrow what is said about one proposal to the circles in which the person stands to it.

        Everything that shows, counts, searches, mails or changes a comment or a note starts here; lists of proposals count
        by `ProposalQuerySet.with_counts`.
        """
        if standing.is_among_advisers:
            return self
        return self.in_circle("everybody") if standing.takes_part else self.none()

    def in_circle(self, circle: str) -> Self:
        return self.filter(circle=circle)


class AdviceQuerySet(OfCircles):
    def threads(self) -> Self:
        return self.filter(parent=None)

    def open(self) -> Self:
        return self.filter(parent=None, resolved_at=None)

    def asked(self) -> Self:
        """Narrow to what is asked of those who write: changes and wordings."""
        return self.filter(kind__in=("change", "wording")).select_related("created_by")

    def wordings(self) -> Self:
        return self.filter(kind="wording")

    def in_section(self, slug: str) -> Self:
        return self.filter(section=slug)

    def oldest_first(self) -> Self:
        return self.order_by("created_at", "pk")

    def with_said(self) -> Self:
        """Join who wrote it, and add `mentioned_names`, and what it said before: `earlier_texts`, `earlier_suggestions`, `earlier_at`."""
        # By their names, since models read their querysets first.
        mentioned: Any = self.model.mentioned.through.objects.filter(advice=OuterRef("pk"))
        names = mentioned.order_by(as_danes_sort("user__name"), "user")
        earlier: Any = self.model._meta.get_field("wordings").related_model
        wordings = earlier.objects.filter(advice=OuterRef("pk")).order_by("at", "pk")
        return self.select_related("created_by", "resolved_by", "done_by", "taken_by").annotate(
            mentioned_names=ArraySubquery(names.values("user__name")),
            earlier_texts=ArraySubquery(wordings.values("text")),
            earlier_suggestions=ArraySubquery(wordings.values("suggestion")),
            earlier_at=ArraySubquery(wordings.values("at")),
        )

    def with_parent(self) -> Self:
        return self.select_related("parent", "created_by")

    def with_answers(self) -> Self:
        """Read threads whole, in two queries."""
        answers = type(self)(self.model).with_said().oldest_first()
        return self.with_said().prefetch_related(Prefetch("answers", answers))


def people_in(proposal: Proposal, *, at: datetime) -> Any:
    """
    Give everybody who reads what is said about the proposal, by name, in one query.

    Adds `is_party`, and `is_adviser` for those in the circle of DGO and secretariat, of whom some are `is_of_dgo`: of all
    what `Standing` says of one.
    """
    held = Access.objects.current(at=at).filter(proposal=proposal)
    own = held.filter(user=OuterRef("pk"))
    early = held.filter(function__in=EARLY_FUNCTIONS)
    roles = Membership.objects.unrefused(at).confirmed().filter(user=OuterRef("pk"))
    of_dgo = Q(Exists(roles.filter(role=Role.DGO_ADVISER, dgo__in=early.values("dgo"))))
    is_secretary = Q(Exists(roles.filter(role=Role.SECRETARIAT)))
    advises = of_dgo | (is_secretary & Q(Exists(early.filter(group=Group.SECRETARIAT))))
    typed_in = proposal.created_by_id if proposal.created_by_id != proposal.owner_id else None
    registered = is_secretary & Q(pk=typed_in)
    writes = Q(Exists(own.filter(function__in=WRITER_FUNCTIONS))) & ~Q(pk=typed_in)
    raised = Impartiality.objects.standing().filter(proposal=proposal, user=OuterRef("pk"))
    behind = Organization.objects.filter(
        Q(participations__proposal=proposal) | Q(pk=proposal.organization_id)
    )
    tied = Membership.objects.unrefused(at).filter(
        Q(organization__in=behind.values("pk"))
        | Q(organization__in=behind.exclude(successor=None).values("successor")),
        user=OuterRef("pk"),
    )
    blocked = Q(Exists(raised.exclude(is_impartial=True))) | (
        ~Q(Exists(raised)) & (writes | Q(Exists(tied)))
    )
    party = Q(Exists(own.filter(function__in=PARTY_FUNCTIONS)))
    inner = advises & ~blocked & (registered | ~party)
    # The rest is asked of these few, and not of everybody.
    staff = Membership.objects.unrefused(at).filter(role__in=(Role.DGO_ADVISER, Role.SECRETARIAT))
    few = Q(pk__in=held.exclude(user=None).values("user")) | Q(pk__in=staff.values("user"))
    found: Any = (
        User.objects.active()
        .filter(few)
        .annotate(
            is_party=_whether(party), is_adviser=_whether(inner), is_of_dgo=_whether(inner & of_dgo)
        )
    )
    return found.filter(Q(is_party=True) | Q(is_adviser=True)).by_name()


def _whether(condition: Q) -> Case:
    return Case(When(condition, then=Value(value=True)), default=Value(value=False))
