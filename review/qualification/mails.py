"""
What the letters of the nomination procedure say, one function each: name = folder under templates/mail = function.

Who is told starts at who may read, and a person who is not impartial hears nothing about the proposal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from klimaspor import danish
from proposals.gates import deadlines
from proposals.line.mails import (
    advisers,
    letter,
    parties,
    put_about,
    put_about_to_all,
    put_plain,
    secretariat,
    tell_following,
)

if TYPE_CHECKING:
    from datetime import datetime

    from klimaspor.accounts.models import User
    from klimaspor.mail.outbox import Letter
    from proposals.line.models import Event, Proposal
    from review.qualification.models import Assignment, Qualification


def returned(proposal: Proposal, event: Event, *, at: datetime) -> None:
    """To the parties, and to those who follow it."""
    term_of = deadlines.terms(proposal)
    told = parties(proposal, at=at)
    put_about("returned", event, told, at, of_each=term_of, is_party=True)
    tell_following("returned", event, told, at=at)


def qualified(
    proposal: Proposal, qualification: Qualification, event: Event, *, at: datetime
) -> None:
    """To the parties and those who follow it, and to the DGO when the secretariat acted in its place."""
    term_of = deadlines.terms(proposal)
    about: dict[str, Any] = {
        "qualification": qualification,
        "outcome": qualification.get_outcome_display(),
        "of_each": lambda person: (own := term_of(person)) | {"is_late": own["term"].at < at},
    }
    if qualification.is_by_secretariat:
        put_about_to_all("qualified", event, at, **about)
    else:
        told = parties(proposal, at=at)
        put_about("qualified", event, told, at, is_party=True, **about)
        tell_following("qualified", event, told, at=at, **about)


def amended(
    proposal: Proposal, qualification: Qualification, event: Event, *, at: datetime
) -> None:
    """To everybody who was told of the first, and the secretariat, which may be reading it."""
    about: dict[str, Any] = {
        "qualification": qualification,
        "outcome": qualification.get_outcome_display(),
    }
    told = parties(proposal, at=at)
    put_about("amended", event, told, at, is_party=True, **about)
    readers = [*advisers(proposal, at=at), *secretariat(proposal, at=at)]
    others = [one for one in dict.fromkeys(readers) if one not in told]
    put_about("amended", event, others, at, is_party=False, **about)
    tell_following("amended", event, [*told, *others], at=at, **about)


def replied(proposal: Proposal, qualification: Qualification, *, at: datetime) -> None:
    """One a day to whoever gave the statement and still works with the proposal: the page shows the latest."""
    person = qualification.completed_by
    # Who gave it may have left the DGO since, or the proposal may.
    if person in [*advisers(proposal, at=at), *secretariat(proposal, at=at)]:
        put_plain(
            "replied",
            f"{qualification.pk}:{danish.day_of(at)}",
            person,
            at,
            path=reverse("review:proposal", args=[proposal.number]),
            proposal=proposal,
            qualification=qualification,
        )


def passed_on(assignment: Assignment, to: User, *, at: datetime) -> None:
    """To the adviser who has it now."""
    put_plain(
        "passed_on",
        str(assignment.pk),
        to,
        at,
        path=reverse("review:proposal", args=[assignment.proposal.number]),
        proposal=assignment.proposal,
        assignment=assignment,
    )


def qualification_reminder(
    proposal: Proposal, to: User, *, key: str, due_at: datetime, at: datetime
) -> Letter:
    """The key names the deadline it is about: a moved deadline is reminded of anew."""
    return letter(
        "qualification_reminder",
        key,
        to,
        path=reverse("review:qualify", args=[proposal.number]),
        proposal=proposal,
        due_at=due_at,
        workdays=danish.workdays_text(danish.day_of(at), danish.day_of(due_at)),
    )
