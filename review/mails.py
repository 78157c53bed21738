"""
What the letters of the nomination procedure say, one function each: name = folder under templates/mail = function.

Who is told starts at who may read, and a person who is not impartial hears nothing about the proposal.
"""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, Any

from klimaspor import danish
from klimaspor.accounts.models import Role, User
from klimaspor.mail import outbox
from proposals import impartiality
from proposals.lifecycle import Status
from proposals.models import WRITER_FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from proposals.models import Event, Proposal
    from review.models import Agenda, AgendaItem, Decision, FunderConsent, Qualification


MORNING = time(9, 0)


def parties(proposal: Proposal, *, at: datetime) -> list[User]:
    """Give those who write the proposal."""
    writers = proposal.accesses.current(at=at).filter(function__in=WRITER_FUNCTIONS)
    return list(User.objects.active().filter(pk__in=writers.values("user_id")).by_name())


def advisers(proposal: Proposal, *, at: datetime) -> list[User]:
    """Give the DGO's advisers that the proposal is open to and who may act in it."""
    held = proposal.accesses.current(at=at).filter(dgo=proposal.lead_dgo).exclude(dgo=None)
    if not held.exists():
        return []
    people = User.objects.holding(Role.DGO_ADVISER, at=at, dgo=proposal.lead_dgo).by_name()
    return impartiality.impartial(people, proposal, at=at)


def secretariat(proposal: Proposal, *, at: datetime) -> list[User]:
    people = User.objects.holding(Role.SECRETARIAT, at=at).by_name()
    return impartiality.impartial(people, proposal, at=at)


def _put(name: str, key: str, to: User, at: datetime, *, path: str, **context: Any) -> None:
    outbox.put(
        name=name,
        key=f"{name}:{key}:{to.pk}",
        to=to.email,
        context={"name": to.name, "path": path, **context},
        at=at,
    )


def _about(
    name: str, event: Event, to: Iterable[User], at: datetime, *, tab: str = "", **context: Any
) -> None:
    """Write a letter about one move of a proposal."""
    proposal = event.proposal
    for person in to:
        _put(
            name,
            f"{proposal.number}:{event.pk}",
            person,
            at,
            path=f"/forslag/{proposal.number}/{tab}",
            proposal=proposal,
            event=event,
            reasons=[
                {"section": reason.get_section_display(), "text": reason.text}
                for reason in event.reasons.all()
            ],
            **context,
        )


def _about_to_all(
    name: str, event: Event, at: datetime, *, without: User | None = None, **context: Any
) -> None:
    """Write it to the parties, and to the DGO's advisers in words that ask nothing of them."""
    told = [without] if without else []
    for people, is_party in (
        (parties(event.proposal, at=at), True),
        (advisers(event.proposal, at=at), False),
    ):
        to = [person for person in people if person not in told]
        _about(name, event, to, at, is_party=is_party, **context)
        told += to


def returned(proposal: Proposal, event: Event, *, at: datetime) -> None:
    _about("returned", event, parties(proposal, at=at), at)


def qualified(
    proposal: Proposal, qualification: Qualification, event: Event, *, at: datetime
) -> None:
    """To the parties, and to the DGO when the secretariat acted in its place."""
    about: dict[str, Any] = {
        "qualification": qualification,
        "outcome": qualification.get_outcome_display(),
        "is_late": proposal.round.approval_deadline_at < at,
    }
    if qualification.is_by_secretariat:
        _about_to_all("qualified", event, at, **about)
    else:
        _about("qualified", event, parties(proposal, at=at), at, is_party=True, **about)


def replied(proposal: Proposal, qualification: Qualification, *, at: datetime) -> None:
    """One a day to whoever gave the statement: the page shows the latest."""
    person = qualification.completed_by
    if person is None or not person.is_active:
        return
    if impartiality.impartial([person], proposal, at=at):
        _put(
            "replied",
            f"{qualification.pk}:{danish.day_of(at)}",
            person,
            at,
            path=f"/forslag/{proposal.number}/",
            proposal=proposal,
            qualification=qualification,
        )


def completion_requested(proposal: Proposal, event: Event, *, at: datetime) -> None:
    _about("completion_requested", event, parties(proposal, at=at), at)


def refused(proposal: Proposal, event: Event, *, at: datetime) -> None:
    _about("refused", event, parties(proposal, at=at), at)


def reopened(proposal: Proposal, event: Event, *, at: datetime) -> None:
    _about("reopened", event, parties(proposal, at=at), at)


def recommended(proposal: Proposal, event: Event, *, at: datetime) -> None:
    _about("recommended", event, parties(proposal, at=at), at)


def corrected(proposal: Proposal, event: Event, *, by: User, at: datetime) -> None:
    """To the parties and the DGO: both have been told something that no longer holds."""
    _about_to_all(
        "corrected", event, at, without=by, tab="forloeb/", state=Status(proposal.status).state
    )


def agenda_published(agenda: Agenda, to: User, titles: Iterable[str], *, at: datetime) -> None:
    """To a member of the committee; `titles` are the items this member takes part in."""
    _put(
        "agenda_published",
        str(agenda.pk),
        to,
        at,
        path=f"/moeder/{agenda.meeting_date.isoformat()}/",
        agenda=agenda,
        meeting=meeting_text(agenda),
        titles=list(titles),
    )


def on_agenda(proposal: Proposal, item: AgendaItem, event: Event, *, at: datetime) -> None:
    _about(
        "on_agenda",
        event,
        parties(proposal, at=at),
        at,
        item=item,
        meeting=meeting_text(item.agenda),
    )


def decided(proposal: Proposal, decision: Decision, event: Event, *, at: datetime) -> None:
    """The committee's decision, one letter for each outcome."""
    recommendation = decision.item.recommendation
    _about_to_all(
        f"decided_{decision.outcome}",
        event,
        at,
        decision=decision,
        meeting=danish.date_text(decision.item.agenda.meeting_date),
        has_funders=recommendation is not None and recommendation.amounts.exists(),
    )


def consent_asked(consent: FunderConsent, decision: Decision, *, at: datetime) -> None:
    """To those who answer for the funder; some funders never sign in, and then nobody is told here."""
    people = User.objects.holding(Role.FUNDER, at=at, organization=consent.funder).by_name()
    for person in people:
        _put(
            "consent_asked",
            str(consent.pk),
            person,
            at,
            path=f"/bevillinger/{consent.pk}/",
            consent=consent,
            conditions=decision.conditions,
            proposal=consent.proposal,
        )


def consent_answered(consent: FunderConsent, *, by: User, at: datetime) -> None:
    for person in secretariat(consent.proposal, at=at):
        if person.pk != by.pk:
            _put(
                "consent_answered",
                str(consent.pk),
                person,
                at,
                path=f"/sekretariat/bidragydere/{consent.proposal.number}/",
                consent=consent,
                proposal=consent.proposal,
            )


def funder_answered(consent: FunderConsent, *, at: datetime) -> None:
    """To the parties, whoever wrote the answer down."""
    proposal = consent.proposal
    for person in parties(proposal, at=at):
        _put(
            "funder_answered",
            str(consent.pk),
            person,
            at,
            path=f"/forslag/{proposal.number}/",
            consent=consent,
            proposal=proposal,
        )


def launched(proposal: Proposal, event: Event, *, at: datetime) -> None:
    has_funders = proposal.consents.standing().exists()
    _about_to_all("launched", event, at, has_funders=has_funders)


def lapsed(proposal: Proposal, event: Event, *, at: datetime) -> None:
    _about("lapsed", event, parties(proposal, at=at), at)


def retabled(proposal: Proposal, event: Event, *, at: datetime) -> None:
    _about("retabled", event, parties(proposal, at=at), at)


def completed(proposal: Proposal, event: Event, *, at: datetime) -> None:
    _about("completed", event, parties(proposal, at=at), at)


def discontinued(proposal: Proposal, event: Event, *, at: datetime) -> None:
    _about("discontinued", event, parties(proposal, at=at), at)


def qualification_reminder(
    proposal: Proposal, to: Iterable[User], *, key: str, due_at: datetime, at: datetime
) -> None:
    """The key names the deadline it is about: a moved deadline is reminded of anew."""
    for person in to:
        _put(
            "qualification_reminder",
            f"{key}:{proposal.pk}:{due_at.isoformat()}",
            person,
            at,
            path=f"/kvalificering/{proposal.number}/",
            proposal=proposal,
            due_at=due_at,
            workdays=danish.workdays_text(danish.day_of(at), danish.day_of(due_at)),
        )


def meeting_reminder(agenda: Agenda, to: Iterable[User], *, key: str, at: datetime) -> None:
    for person in to:
        _put(
            "meeting_reminder",
            f"{key}:{agenda.pk}:{agenda.meeting_date.isoformat()}",
            person,
            at,
            path=f"/moeder/{agenda.meeting_date.isoformat()}/",
            agenda=agenda,
            meeting=meeting_text(agenda),
            workdays=danish.workdays_text(danish.day_of(at), agenda.meeting_date),
        )


def meeting_at(agenda: Agenda) -> datetime:
    """Give the moment a meeting begins; one without a time of day begins as offices do."""
    return danish.wall(agenda.meeting_date, agenda.meeting_time or MORNING)


def meeting_text(agenda: Agenda) -> str:
    """Say when and where, e.g. "torsdag den 27. maj 2027 kl. 10.00, Weidekampsgade 10"."""
    text = danish.date_text(agenda.meeting_date)
    if agenda.meeting_time:
        text += f" kl. {danish.time_text(agenda.meeting_time)}"
    return f"{text}, {agenda.place}" if agenda.place else text
