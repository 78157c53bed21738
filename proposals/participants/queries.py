"""Questions about participants and what they have answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db.models import Case, F, QuerySet, Value, When
from django.db.models.functions import Coalesce

from klimaspor import danish
from klimaspor.accounts.models import AUTHORITY_KINDS
from proposals.answers.content import CONFIRMED, DECLINED, ParticipantRow
from proposals.line.duties import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from klimaspor.accounts.models import User
    from proposals.participants.models import Commitment, Participant


class CommitmentQuerySet(QuerySet["Commitment"]):
    def answered_for(self) -> Self:
        """Narrow to those that somebody answers for."""
        return self.exclude(contact=None)

    def of_proposal(self, proposal: Any) -> Self:
        return self.filter(participant__proposal=proposal)

    def of_proposals(self, proposal_ids: Iterable[int]) -> Self:
        return self.filter(participant__proposal__in=list(proposal_ids))

    def of_contact(self, user: User) -> Self:
        return self.filter(contact=user)

    def unanswered(self) -> Self:
        return self.filter(is_confirmed=None)

    def with_duty(self, *, at: datetime) -> Self:
        """Narrow to those whose contact is to answer at `at` and may sign in; adds the duty's `due_at`."""
        duty = "participant__proposal__duties__"
        asked = {
            f"{duty}kind": Kind.COMMIT,
            f"{duty}user": F("contact"),
            f"{duty}done_at": None,
            f"{duty}since_at__lte": at,
        }
        return self.filter(contact__is_active=True, **asked).annotate(due_at=F(f"{duty}due_at"))

    def confirmed(self) -> Self:
        return self.filter(is_confirmed=True)

    def listed(self) -> Self:
        return self.order_by("participant__proposal", "participant")

    def with_frame(self) -> Self:
        return self.select_related("participant__organization", "participant__proposal", "contact")


_OWNERS_FIRST = Case(When(role="problem_owner", then=Value(0)), default=Value(1))


class ParticipantQuerySet(QuerySet["Participant"]):
    def rows(self, day: date) -> tuple[ParticipantRow, ...]:
        """Read them as pages and papers show them; comes after `listed`."""
        return participant_rows(list(self), day)

    def listed(self) -> Self:
        """Join and order: problem owners first, then as Danes sort."""
        return self.select_related("organization__successor", "commitment__contact").order_by(
            _OWNERS_FIRST,
            Coalesce("organization__sort_key", "typed_name"),
            "pk",
        )

    def typed_as(self, name: str) -> Self:
        """Narrow to those that were typed in with the name, in whatever case."""
        return self.filter(typed_name__iexact=name)

    def names_of(self, proposals: Iterable[int]) -> dict[int, list[str]]:
        """Name the organizations from the list that take part in each of the proposals: one query."""
        rows = self.filter(proposal__in=list(proposals), organization__isnull=False)
        names: dict[int, list[str]] = {}
        for pk, name in rows.order_by("pk").values_list("proposal_id", "organization__name"):
            names.setdefault(pk, []).append(name)
        return names

    def authority_names_of(self, proposals: Iterable[int]) -> dict[int, list[str]]:
        """Name the kommuner and regioner that take part in each of the proposals, in the order of `listed`: one query."""
        rows = self.filter(proposal__in=list(proposals), organization__kind__in=AUTHORITY_KINDS)
        names: dict[int, list[str]] = {}
        in_order = rows.order_by(_OWNERS_FIRST, "organization__sort_key", "pk")
        for pk, name in in_order.values_list("proposal_id", "organization__name"):
            names.setdefault(pk, []).append(name)
        return names

    def authorities(self) -> Self:
        """Narrow to kommuner and regioner; `eligibility` counts legal entities among them."""
        return self.filter(organization__kind__in=("municipality", "region"))


def participant_rows(participants: list[Participant], day: date) -> tuple[ParticipantRow, ...]:
    """Say of each participant whether it counts: each legal entity on the day counts once."""
    seen: dict[int, str] = {}
    rows = []
    for participant in participants:
        organization = participant.organization
        commitment = getattr(participant, "commitment", None)
        counts, note = False, ""
        if commitment and commitment.is_confirmed is False:
            note = "Tæller ikke med: har svaret, at de ikke er med."
        elif organization is None or organization.kind not in AUTHORITY_KINDS:
            note = "Tæller ikke med: kun kommuner og regioner tæller."
        else:
            entity = organization.entity_on(day)
            if entity is None:
                note = f"Tæller ikke med: findes ikke den {danish.short_date(day)}."
            elif entity.pk in seen:
                note = f"Tæller ikke med: er den {danish.short_date(day)} samme myndighed som {seen[entity.pk]}."
            else:
                counts = True
                seen[entity.pk] = organization.name
                if entity.pk != organization.pk:
                    note = f"Er den {danish.short_date(day)} en del af {entity.name}."
        rows.append(
            ParticipantRow(
                name=participant.name,
                kind=str(participant.kind.label),
                role=participant.get_role_display(),
                is_problem_owner=participant.role == "problem_owner",
                code=organization.code
                if organization and organization.kind in AUTHORITY_KINDS
                else "",
                counts=counts,
                note=note,
                **_committed(commitment),
            )
        )
    return tuple(rows)


def _committed(commitment: Commitment | None) -> dict[str, Any]:
    if commitment is None:
        return {}
    answers = {True: CONFIRMED, False: DECLINED, None: ""}
    return {
        "answer": answers[commitment.is_confirmed],
        "plan_action": commitment.plan_action,
        "hours": commitment.hours,
        "amount": commitment.amount,
        "case_number": commitment.case_number,
    }
