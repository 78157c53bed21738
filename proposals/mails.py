"""What the letters of intake say, one function each: name = folder under templates/mail = function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from klimaspor import danish
from klimaspor.mail import outbox

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from klimaspor.accounts.models import User
    from proposals.lifecycle import Gate
    from proposals.models import (
        Advice,
        Attachment,
        Commitment,
        Dispensation,
        Event,
        Proposal,
        ProposalInvitation,
        Version,
    )


def _put(
    name: str,
    key: str,
    to: User,
    at: datetime,
    *,
    proposal: Proposal,
    waits_for: str = "",
    tab: str = "",
    **context: Any,
) -> None:
    outbox.put(
        name=name,
        key=f"{name}:{key}:{to.pk}",
        to=to.email,
        context={
            "name": to.name,
            "proposal": proposal,
            "path": f"/forslag/{proposal.number}/{tab}",
            **context,
        },
        at=at,
        waits_for=waits_for,
    )


def receipt(
    version: Version, to: Iterable[User], *, case_numbers: Mapping[int, str], at: datetime
) -> None:
    """
    Held until the PDF is there, since municipalities journal the letter with it.

    `case_numbers` gives each person, by id, what the case is called in the organization they act for here.
    """
    for person in to:
        _put(
            "receipt",
            str(version.pk),
            person,
            at,
            waits_for=f"version:{version.pk}",
            version=version,
            proposal=version.proposal,
            gate=version.get_gate_display(),
            received=danish.to_the_second(version.frozen_at),
            case_numbers=case_numbers.get(person.pk, ""),
        )


def infected(attachment: Attachment, found: str, to: Iterable[User], *, at: datetime) -> None:
    """To the writers: the file is gone, and the proposal may have been sent with it."""
    for person in to:
        _put(
            "infected",
            str(attachment.pk),
            person,
            at,
            proposal=attachment.proposal,
            tab="afsnit/bilag/",
            attachment=attachment,
            found=found,
        )


def submitted(version: Version, to: Iterable[User], *, at: datetime) -> None:
    for person in to:
        _put(
            "submitted",
            str(version.pk),
            person,
            at,
            version=version,
            proposal=version.proposal,
            gate=version.get_gate_display(),
        )


def sparring_opened(proposal: Proposal, to: Iterable[User], *, by: User, at: datetime) -> None:
    for person in to:
        _put(
            "sparring_opened",
            f"{proposal.pk}:{proposal.revision}",
            person,
            at,
            proposal=proposal,
            by=by,
        )


def advice_given(comment: Advice, to: Iterable[User], *, at: datetime) -> None:
    """At most one a day for each proposal: the page shows the rest."""
    for person in to:
        _put(
            "advice_given",
            f"{comment.proposal_id}:{danish.day_of(at)}",
            person,
            at,
            comment=comment,
            proposal=comment.proposal,
            tab="sparring/",
        )


def handed_over(proposal: Proposal, to: User, *, by: User, reason: str, at: datetime) -> None:
    _put(
        "handed_over",
        f"{proposal.pk}:{at.isoformat()}",
        to,
        at,
        proposal=proposal,
        by=by,
        reason=reason,
    )


def dgo_changed(proposal: Proposal, to: Iterable[User], *, reason: str, at: datetime) -> None:
    for person in to:
        _put(
            "dgo_changed",
            f"{proposal.pk}:{at.isoformat()}",
            person,
            at,
            proposal=proposal,
            reason=reason,
        )


def commitment_answered(commitment: Commitment, *, at: datetime) -> None:
    """Tell the owner what a participant has answered; each change of mind is a letter of its own."""
    proposal = commitment.participant.proposal
    if proposal.owner == commitment.answered_by:
        return
    _put(
        "commitment_answered",
        f"{commitment.pk}:{at.isoformat()}",
        proposal.owner,
        at,
        proposal=proposal,
        commitment=commitment,
        participant=commitment.participant,
        tab=f"deltager/{commitment.participant_id}/",
    )


def commitment_reminder(
    commitment: Commitment, *, key: str, due_at: datetime, at: datetime
) -> None:
    """The key names the deadline it is about: a moved deadline is reminded of anew."""
    if commitment.contact is None:
        return
    participant = commitment.participant
    _put(
        "commitment_reminder",
        f"{key}:{participant.pk}:{due_at.isoformat()}",
        commitment.contact,
        at,
        proposal=participant.proposal,
        participant=participant,
        due_at=due_at,
        workdays=danish.workdays_text(danish.day_of(at), danish.day_of(due_at)),
        tab=f"deltager/{participant.pk}/",
    )


def proposal_invitation(invitation: ProposalInvitation, token: str, *, at: datetime) -> None:
    """Ask the address in; the link is in this letter and nowhere else."""
    outbox.put(
        name="proposal_invitation",
        key=f"proposal_invitation:{invitation.pk}",
        to=invitation.email,
        context={
            "name": invitation.name,
            "invitation": invitation,
            "proposal": invitation.proposal,
            "by": invitation.sent_by,
            "path": reverse("proposals:invitation", args=[token]),
        },
        at=at,
        is_secret=True,
    )


def invitation_accepted(
    invitation: ProposalInvitation, to: Iterable[User], *, at: datetime
) -> None:
    for person in to:
        _put(
            "invitation_accepted",
            str(invitation.pk),
            person,
            at,
            proposal=invitation.proposal,
            invitation=invitation,
            tab="adgang/",
        )


def left(proposal: Proposal, who: User, *, at: datetime) -> None:
    _put(
        "left",
        f"{proposal.pk}:{who.pk}:{at.isoformat()}",
        proposal.owner,
        at,
        proposal=proposal,
        who=who,
        tab="adgang/",
    )


def removed(proposal: Proposal, to: User, *, by: User, at: datetime) -> None:
    """Say it without a link: there is nothing left to see."""
    outbox.put(
        name="removed",
        key=f"removed:{proposal.pk}:{at.isoformat()}:{to.pk}",
        to=to.email,
        context={"name": to.name, "proposal": proposal, "by": by},
        at=at,
    )


def forget(proposal: Proposal, to: User) -> None:
    """Drop the letters that wait for a paper of the proposal: the person no longer sees it."""
    papers = [f"version:{pk}" for pk in proposal.versions.values_list("pk", flat=True)]
    outbox.drop(papers, to=to.email)


def registered(proposal: Proposal, to: User, *, at: datetime) -> None:
    _put("registered", str(proposal.pk), to, at, proposal=proposal)


def dispensation_granted(dispensation: Dispensation, *, at: datetime) -> None:
    proposal = dispensation.proposal
    _put(
        "dispensation_granted",
        str(dispensation.pk),
        dispensation.granted_to,
        at,
        dispensation=dispensation,
        proposal=proposal,
    )


def dispensation_withdrawn(dispensation: Dispensation, *, reason: str, at: datetime) -> None:
    _put(
        "dispensation_withdrawn",
        str(dispensation.pk),
        dispensation.granted_to,
        at,
        dispensation=dispensation,
        proposal=dispensation.proposal,
        reason=reason,
    )


def withdrawn(event: Event, to: Iterable[User], *, at: datetime) -> None:
    for person in to:
        _put("withdrawn", str(event.pk), person, at, event=event, proposal=event.proposal)


def moved_round(event: Event, to: Iterable[User], *, at: datetime) -> None:
    for person in to:
        _put("moved_round", str(event.pk), person, at, event=event, proposal=event.proposal)


def draft_reminder(
    proposal: Proposal,
    to: Iterable[User],
    *,
    key: str,
    gate: Gate,
    due_at: datetime,
    at: datetime,
) -> None:
    """The key names the deadline it is about: a moved deadline is reminded of anew."""
    for person in to:
        _put(
            "draft_reminder",
            f"{key}:{proposal.pk}:{due_at.isoformat()}",
            person,
            at,
            proposal=proposal,
            due_at=due_at,
            gate=gate.label,
            workdays=danish.workdays_text(danish.day_of(at), danish.day_of(due_at)),
        )
