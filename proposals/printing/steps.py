"""What was chosen of a Word or Excel file is taken in: answers, participants and economy, all or none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from klimaspor.refusals import Part
from klimaspor.seen import UNSEEN, Base, Changed
from proposals.drafting import steps as drafting
from proposals.economy import steps as economy
from proposals.participants import steps as participants

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from klimaspor.accounts.models import User
    from proposals.participants.steps import Newcomer


@dataclass(frozen=True)
class NewParticipant:
    """Somebody new, with whom to ask."""

    who: Newcomer
    contact_name: str = ""
    contact_email: str = ""


@dataclass(frozen=True)
class People:
    """What is to be done with who takes part."""

    new: Sequence[NewParticipant] = ()
    changed: Sequence[tuple[int, str, str, str]] = ()
    """Participant, role, contact's name and address."""
    gone: Sequence[int] = ()


@transaction.atomic
def take_in(
    *,
    proposal_pk: int,
    answers: Mapping[str, Mapping[str, Any]],
    bases: Mapping[str, Base],
    people: People | None = None,
    financing: Sequence[tuple[Any, ...]] | None = None,
    budget: Sequence[tuple[Any, ...]] | None = None,
    by: User,
    at: datetime,
) -> None:
    """
    Write answers and tables that were chosen; a table that is None is left as it is.

    `bases` says what was seen of each answer, and of each table by the name its rows are marked with.

    :raises NotEditable:
    :raises Changed: somebody has changed some of them since; nothing is written.
    :raises ValidationError: a value breaks an invariant
    """
    written = {"participants": people, "budget_lines": budget, "financing": financing}
    for name, rows in written.items():
        if rows is not None:
            _require(proposal_pk, name, bases.get(name, UNSEEN), by=by)
    if answers:
        drafting.save_answers(proposal_pk=proposal_pk, answers=answers, bases=bases, by=by, at=at)
    if people is not None:
        _save_people(proposal_pk, people, by=by, at=at)
    if budget is not None:
        economy.save_budget(proposal_pk=proposal_pk, lines=budget, by=by, at=at)
    if financing is not None:
        economy.save_financing(proposal_pk=proposal_pk, lines=financing, by=by, at=at)


def _require(proposal_pk: int, name: str, base: Base, *, by: User) -> None:
    """Refuse to write a table that stands otherwise than it was shown."""
    held = drafting.hold_rows(proposal_pk=proposal_pk, names=[name])
    if held.number != base.number:
        raise Changed(
            {name: Base.of(held.number, [name])},
            [Part(name, "", name)],
            by=held.last.edited_by if held.last else None,
            reader=by,
            at=held.last.edited_at if held.last else None,
        )


def _save_people(proposal_pk: int, people: People, *, by: User, at: datetime) -> None:
    for pk in people.gone:
        participants.remove_participant(proposal_pk=proposal_pk, participant_pk=pk, by=by, at=at)
    for pk, role, contact_name, contact_email in people.changed:
        participants.change_participant(
            proposal_pk=proposal_pk,
            participant_pk=pk,
            role=role,
            contact_name=contact_name,
            contact_email=contact_email,
            by=by,
            at=at,
        )
    if not people.new:
        return
    added = participants.add_participants(
        proposal_pk=proposal_pk, newcomers=[one.who for one in people.new], by=by, at=at
    )
    contacts = {one.who.key: one for one in people.new if one.contact_name or one.contact_email}
    for participant in added.participants:
        one = contacts.get(participant.organization_id or participant.typed_name.lower())
        if one:
            participants.change_participant(
                proposal_pk=proposal_pk,
                participant_pk=participant.pk,
                role=participant.role,
                contact_name=one.contact_name,
                contact_email=one.contact_email,
                by=by,
                at=at,
            )
