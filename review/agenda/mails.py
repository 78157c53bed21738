"""
What the letters of the nomination procedure say, one function each: name = folder under templates/mail = function.

Who is told starts at who may read, and a person who is not impartial hears nothing about the proposal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from klimaspor import danish
from proposals.line.mails import MORNING, parties, plain_letter, put_about, put_plain

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from klimaspor.accounts.models import User
    from klimaspor.mail.outbox import Letter
    from proposals.line.models import Event, Proposal
    from review.agenda.models import Agenda, AgendaItem


def agenda_published(agenda: Agenda, to: User, titles: Iterable[str], *, at: datetime) -> None:
    """To a member of the committee; `titles` are the items this member takes part in."""
    put_plain(
        "agenda_published",
        str(agenda.pk),
        to,
        at,
        path=reverse("review:meeting", args=[agenda.meeting_date]),
        agenda=agenda,
        meeting=meeting_text(agenda),
        titles=list(titles),
    )


def on_agenda(proposal: Proposal, item: AgendaItem, event: Event, *, at: datetime) -> None:
    put_about(
        "on_agenda",
        event,
        parties(proposal, at=at),
        at,
        item=item,
        meeting=meeting_text(item.agenda),
    )


def meeting_reminder(agenda: Agenda, to: User, *, key: str, at: datetime) -> Letter:
    return plain_letter(
        "meeting_reminder",
        f"{key}:{agenda.pk}:{agenda.meeting_date.isoformat()}",
        to,
        path=reverse("review:meeting", args=[agenda.meeting_date]),
        agenda=agenda,
        meeting=meeting_text(agenda),
        workdays=danish.workdays_text(danish.day_of(at), agenda.meeting_date),
    )


def meeting_at(agenda: Agenda) -> datetime:
    """Give the moment a meeting begins; one without a time of day begins as offices do."""
    return danish.wall(agenda.meeting_date, agenda.meeting_time or MORNING)


def meeting_text(agenda: Agenda) -> str:
    """Say when and where, e.g. "torsdag den 27. maj 2027 kl. 10.00 i Weidekampsgade 10"."""
    text = danish.date_text(agenda.meeting_date)
    if agenda.meeting_time:
        text += f" {danish.clock_text(agenda.meeting_time)}"
    return f"{text} {danish.place_text(agenda.place)}" if agenda.place else text
