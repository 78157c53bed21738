"""Questions about participants and what they have answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Case, Exists, F, OuterRef, QuerySet, Value, When
from django.db.models.functions import Coalesce

from klimaspor import danish
from klimaspor.accounts.belonging import IsAddressOf, SpeaksFor
from klimaspor.accounts.kommuner import named_after
from klimaspor.accounts.models import AUTHORITY_KINDS
from proposals.answers.content import CLAIMED, CONFIRMED, DECLINED, ParticipantRow, Word
from proposals.line.duties import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from django.db.models.expressions import Combinable

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

    def declined(self) -> Self:
        return self.filter(is_confirmed=False)

    def undeclined(self) -> Self:
        return self.exclude(is_confirmed=False)

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
        return self.select_related(
            "participant__organization",
            "participant__proposal",
            "contact",
            "spoken_through",
            "answered_through",
        )


def _own(act: str) -> Combinable:
    """Ask whether who did it spoke for the organization that day, or had accepted a letter to an address of it."""
    by, at = f"{act}_by", f"{act}_at"
    letters = apps.get_model("proposals", "ProposalInvitation").objects.filter(
        IsAddressOf("email", "participant__organization"),
        participant=OuterRef("pk"),
        accepted_by=OuterRef(by),
    )
    return Case(
        When(organization=None, then=Value(value=False)),
        When(SpeaksFor(by, "organization", at), then=Value(value=True)),
        default=Exists(letters),
    )


_OWNERS_FIRST = Case(When(role="problem_owner", then=Value(0)), default=Value(1))


class ParticipantQuerySet(QuerySet["Participant"]):
    def rows(self, day: date) -> tuple[ParticipantRow, ...]:
        """Read them as pages and papers show them; comes after `listed`."""
        return participant_rows(list(self), day)

    def listed(self) -> Self:
        """Join and order: problem owners first, then as Danes sort."""
        joined = self.select_related(
            "organization__successor",
            "organization__lies_in",
            "commitment__contact",
            "commitment__spoken_through",
            "commitment__answered_through",
        )
        return joined.with_whose_word().order_by(
            _OWNERS_FIRST,
            Coalesce("organization__sort_key", "typed_name"),
            "pk",
        )

    def with_whose_word(self) -> Self:
        """Add whether the answer, and what it brings, are its own word: `is_own_answer` and `are_own_words`."""
        return self.annotate(
            is_own_answer=_own("commitment__answered"), are_own_words=_own("commitment__spoken")
        )

    def says_itself(self) -> bool:
        """Say whether an answer was given that is the participant's own."""
        return self.filter(_own("commitment__answered")).exists()

    def lead(self) -> Participant | None:
        """Give the one that leads the track ("tovholder"), where it has been chosen."""
        return self.filter(is_lead=True).first()

    def typed_as(self, name: str) -> Self:
        """Narrow to those that were typed in with the name, in whatever case."""
        return self.filter(typed_name__iexact=name)

    def keys(self) -> set[int | str]:
        """Give who is there: the key of an organization from the list, or the name that was typed, in small letters."""
        rows = self.values_list("organization_id", "typed_name")
        return {organization or typed.lower() for organization, typed in rows}

    def names_of(self, proposals: Iterable[int]) -> dict[int, list[str]]:
        """Name the organizations from the list that take part in each of the proposals: one query."""
        rows = self.filter(proposal__in=list(proposals), organization__isnull=False)
        names: dict[int, list[str]] = {}
        for pk, name in rows.order_by("pk").values_list("proposal_id", "organization__name"):
            names.setdefault(pk, []).append(name)
        return names

    def authority_names(self) -> QuerySet[Any, Any]:
        """Give (name,) of the kommuner and regioner among them, in the order of `listed`."""
        rows = self.authorities().order_by(_OWNERS_FIRST, "organization__sort_key", "pk")
        names: QuerySet[Any, Any] = rows.values_list("organization__name")
        return names

    def answered_by(self, user: User) -> Self:
        """Narrow to those that the person answers for."""
        return self.filter(commitment__contact=user)

    def with_contacts(self) -> Self:
        """Narrow to those that somebody answers for, and join who, in the order they came."""
        answered = self.filter(commitment__contact__isnull=False)
        return answered.select_related("organization", "commitment__contact").order_by("pk")

    def with_answers(self) -> Self:
        """Join the organization and what was answered for each, in the order they came."""
        return self.select_related("organization", "commitment").order_by("pk")

    def undeclined(self) -> Self:
        """Narrow to those that have not answered that they are not in."""
        return self.exclude(commitment__is_confirmed=False)

    def authorities(self) -> Self:
        """Narrow to kommuner and regioner; `eligibility` counts legal entities among them."""
        return self.filter(organization__kind__in=("municipality", "region"))


def participant_rows(participants: list[Participant], day: date) -> tuple[ParticipantRow, ...]:
    """Say of each participant whether it counts: each legal entity on the day counts once."""
    seen: dict[int, str] = {}
    there = {p.organization.name for p in participants if p.organization}
    rows = []
    for participant in participants:
        organization = participant.organization
        commitment = getattr(participant, "commitment", None)
        counts, note, stand_in = False, "", ""
        if commitment and commitment.is_confirmed is False:
            note = "Tæller ikke med, fordi de har svaret, at de ikke er med."
        elif organization is None or organization.kind not in AUTHORITY_KINDS:
            note = "Tæller ikke med, fordi kun kommuner og regioner tæller."
            kommune = kommune_of(participant)
            stand_in = "" if kommune in there else kommune
        else:
            entity = organization.entity_on(day)
            word = "regionen" if organization.kind == "region" else "kommunen"
            if entity is None:
                note = f"Tæller ikke med, fordi {word} ikke findes den {danish.short_date(day)}."
            elif entity.pk in seen:
                note = f"Tæller ikke med, fordi {word} er samme myndighed som {seen[entity.pk]} den {danish.short_date(day)}."
            else:
                counts = True
                seen[entity.pk] = organization.name
                if entity.pk != organization.pk:
                    note = f"{word.capitalize()} er en del af {entity.name} den {danish.short_date(day)}."
        rows.append(
            ParticipantRow(
                name=participant.name,
                kind=str(participant.kind.label),
                role=role_text(participant),
                is_problem_owner=participant.role == "problem_owner",
                code=organization.code
                if organization and organization.kind in AUTHORITY_KINDS
                else "",
                counts=counts,
                note=note,
                is_lead=participant.is_lead,
                stand_in=stand_in,
                pk=participant.pk,
                **_committed(commitment, participant),
            )
        )
    return tuple(rows)


def kommune_of(participant: Participant) -> str:
    """Name the kommune that a participant which is none belongs to, where the list says so or its name does."""
    organization = participant.organization
    if organization and organization.lies_in:
        return organization.lies_in.name
    return named_after(participant.name)


def role_text(participant: Participant) -> str:
    """Say in what role it takes part, and that it leads the track where it does."""
    role = str(participant.get_role_display())
    return f"tovholder, {role}" if participant.is_lead else role


def _committed(commitment: Commitment | None, participant: Participant) -> dict[str, Any]:
    if commitment is None:
        return {"word": Word.PROPOSER}
    # A "no" is told by whoever gives it: nobody is counted who may not be in.
    confirmed = CONFIRMED if participant.is_own_answer else CLAIMED  # type: ignore[attr-defined]  # `with_whose_word`
    answers = {True: confirmed, False: DECLINED, None: ""}
    word = Word.CONTACT if commitment.spoken_by_id else Word.PROPOSER
    # Who is known by a mailbox alone confirms nothing, whatever else is known of whoever reads it.
    mailbox = commitment.spoken_through.mailbox_text if commitment.spoken_through else ""
    return {
        "answer": answers[commitment.is_confirmed],
        "word": Word.OWN if participant.are_own_words else Word.MAILBOX if mailbox else word,  # type: ignore[attr-defined]  # the same
        "mailbox": mailbox,
        "plan_action": commitment.plan_action,
        "hours": commitment.hours,
        "amount": commitment.amount,
        "case_number": commitment.case_number,
    }
