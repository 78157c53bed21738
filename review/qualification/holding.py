"""
Which of a DGO's advisers has a proposal ("hvem har det"): taken, given to somebody, to several at once, passed on with a note.

Where an assessment is open it stands there, else in a `Holder`: in a draft that is open to the DGO, and in what nobody has
begun on. Every change is an `Assignment`. Whoever has it, the DGO's other advisers may still act.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from klimaspor import danish
from klimaspor.refusals import AlreadyDone, Refused
from proposals.line import impartiality
from proposals.line.lifecycle import Status
from proposals.line.models import Proposal
from review.qualification import mails
from review.qualification.models import Assignment, Distribution, Holder, Qualification

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from klimaspor.accounts.models import User

HELD_IN = (Status.DRAFT, Status.IN_QUALIFICATION)
"""Where somebody of the DGO has it; later it is the proposer's turn, or the secretariat's."""


class NotGiven(Refused):
    """Nobody got it, and the text says why, naming the proposal."""


@dataclass
class Given:
    """What came of giving several at once."""

    numbers: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    """Why each of the others was not given."""


def with_holder(proposals: Any) -> Any:
    """Add `holder_id`, who has each."""
    proposal = OuterRef("pk")
    dgo = OuterRef("lead_dgo")
    begun = Qualification.objects.open().filter(proposal=proposal, dgo=dgo).newest_first()
    waiting = Holder.objects.filter(proposal=proposal, dgo=dgo)
    return proposals.annotate(
        holder_id=Coalesce(
            Subquery(begun.values("assigned_to")[:1]), Subquery(waiting.values("user")[:1])
        )
    )


def holder_of(proposal: Proposal) -> User | None:
    """Give who of the DGO that has the proposal now has it."""
    theirs = proposal.qualifications.open().filter(dgo=proposal.lead_dgo)
    begun = theirs.newest_first().with_holder().first()
    if begun and begun.assigned_to:
        holder: User = begun.assigned_to
        return holder
    waiting = Holder.objects.filter(proposal=proposal, dgo=F("proposal__lead_dgo"))
    found = waiting.select_related("user").first()
    return found.user if found else None


@transaction.atomic
def take(*, proposal_pk: int, by: User, at: datetime) -> None:
    """
    Let the adviser have what nobody has.

    :raises NotGiven: somebody took it first, or the adviser may not have it.
    :raises AlreadyDone: the adviser has it.
    """
    proposal = Proposal.objects.locked(proposal_pk)
    holder = holder_of(proposal)
    if holder == by:
        raise AlreadyDone(f"Du har {proposal.number}.")
    if holder is not None:
        raise NotGiven(f"{holder.name} har lige taget {proposal.number}.")
    _give(proposal, to_user=by, by=by, at=at)


@transaction.atomic
def pass_on(*, proposal_pk: int, to_user: User | None, note: str, by: User, at: datetime) -> None:
    """
    Let another of the DGO's advisers have it, who gets a letter with the note; or nobody.

    :raises NotGiven: the other may not have it.
    :raises AlreadyDone: the other has it.
    """
    proposal = Proposal.objects.locked(proposal_pk)
    given = _give(proposal, to_user=to_user, by=by, at=at, note=note.strip())
    if given is None:
        has_it = f"{to_user.name} har {proposal.number}" if to_user else _nobody(proposal)
        raise AlreadyDone(f"{has_it}.")
    if to_user is not None and to_user != by:
        mails.passed_on(given, to_user, at=at)


@transaction.atomic
def distribute(
    *, shown: Mapping[int, int | None], to_user: User | None, by: User, at: datetime
) -> Given:
    """
    Let one adviser have several, or nobody; `shown` says by proposal who had it when it was chosen.

    What cannot be given is named with why, and the others are given all the same.

    :raises NotGiven: none of them could be.
    """
    given = Given()
    distribution = Distribution.objects.create(by=by, at=at)
    for proposal in Proposal.objects.filter(pk__in=shown).locked_in_order():
        holder = holder_of(proposal)
        if (holder.pk if holder else None) != shown[proposal.pk] and holder != to_user:
            has_it = f"{holder.name} har fået {proposal.number}" if holder else _nobody(proposal)
            given.refused.append(f"{has_it}, siden du så listen.")
            continue
        try:
            _give(proposal, to_user=to_user, by=by, at=at, distribution=distribution)
        except Refused as refusal:
            given.refused.append(str(refusal))
        else:
            given.numbers.append(proposal.number)
    if not given.numbers:
        raise NotGiven(" ".join(given.refused) or "Forslagene ligger ikke hos jer mere.")
    return given


@transaction.atomic
def undo(*, distribution_pk: int, by: User, at: datetime) -> Given:
    """
    Give back what one press gave, to whoever had it; what has changed hands since is left there and named.

    :raises AlreadyDone: it was taken back before, or is another's.
    """
    found = Distribution.objects.undoable(by, at=at).locked_or_none(distribution_pk)
    if found is None:
        raise AlreadyDone(
            "Fordelingen kan ikke fortrydes mere. Giv forslagene videre hver for sig."
        )
    found.undone_at, found.undone_by = at, by
    found.save(update_fields=["undone_at", "undone_by"])
    rows = {row.proposal_id: row for row in found.assignments.select_related("from_user")}
    given = Given()
    for proposal in Proposal.objects.filter(pk__in=rows).locked_in_order():
        row, holder = rows[proposal.pk], holder_of(proposal)
        if (holder.pk if holder else None) != row.to_user_id:
            has_it = f"{holder.name} har fået {proposal.number}" if holder else _nobody(proposal)
            given.refused.append(f"{has_it} siden.")
            continue
        try:
            _give(proposal, to_user=row.from_user, by=by, at=at)
        except Refused as refusal:
            given.refused.append(str(refusal))
        else:
            given.numbers.append(proposal.number)
    return given


def hand_on(qualification: Qualification) -> None:
    """Let whoever had the proposal before it was begun on have the assessment."""
    waiting = Holder.objects.filter(proposal=qualification.proposal)
    found = waiting.filter(dgo=qualification.dgo).select_related("user").first()
    if found and qualification.assigned_to is None:
        qualification.assigned_to = found.user
        qualification.save(update_fields=["assigned_to"])
    waiting.delete()


def _nobody(proposal: Proposal) -> str:
    return f"Ingen har {proposal.number}"


def _give(
    proposal: Proposal,
    *,
    to_user: User | None,
    by: User,
    at: datetime,
    note: str = "",
    distribution: Distribution | None = None,
) -> Assignment | None:
    """
    Write who has a locked proposal; nothing where they have it already.

    :raises NotGiven:
    :raises NotImpartial: whoever gives it is tied.
    """
    dgo = proposal.lead_dgo
    if dgo is None or dgo.pk not in by.duties_at(at).dgo_ids or not is_held(proposal):
        raise NotGiven(f"{proposal.number} ligger ikke hos jer mere.")
    impartiality.require(by, proposal, at=at)
    if to_user is not None:
        _require_able(to_user, proposal, at=at)
    holder = holder_of(proposal)
    if holder == to_user:
        return None
    begun: Qualification | None = proposal.qualifications.open().newest_first().first()
    if begun:
        # What another DGO began is theirs now.
        begun.dgo, begun.assigned_to = dgo, to_user
        begun.save(update_fields=["dgo", "assigned_to"])
        Holder.objects.filter(proposal=proposal).delete()
    elif to_user:
        Holder.objects.update_or_create(proposal=proposal, defaults={"dgo": dgo, "user": to_user})
    else:
        Holder.objects.filter(proposal=proposal).delete()
    made: Assignment = Assignment.objects.create(
        proposal=proposal,
        dgo=dgo,
        from_user=holder,
        to_user=to_user,
        note=note,
        at=at,
        by=by,
        distribution=distribution,
    )
    return made


def is_held(proposal: Proposal) -> bool:
    """Say whether somebody of its DGO can have it where it stands."""
    if proposal.status == Status.DRAFT:
        return proposal.is_sparring_open
    return proposal.status in HELD_IN


def _require_able(user: User, proposal: Proposal, *, at: datetime) -> None:
    """
    Refuse whoever cannot have the proposal.

    :raises NotGiven:
    """
    if not user.is_active or proposal.lead_dgo_id not in user.duties_at(at).dgo_ids:
        raise NotGiven(
            f"{user.name} er ikke rådgiver i den DGO, der har {proposal.number}. Vælg en anden."
        )
    if impartiality.is_blocked(user, proposal, at=at):
        raise NotGiven(
            f"{user.name} kan ikke få {proposal.number}, før en anden har taget stilling til "
            "personens habilitet. Vælg en anden."
        )


def told(numbers: Iterable[str], to_user: User | None) -> str:
    """Say who has got what."""
    named = danish.join_text(list(numbers))
    return f"{to_user.name} har nu {named}." if to_user else f"Ingen har nu {named}."
