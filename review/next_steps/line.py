"""Whose turn it is and until when, and the line drawn with its seven stops."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from klimaspor import danish
from proposals.gates import deadlines
from proposals.gates.deadlines import Term
from proposals.line.lifecycle import EDITABLE, Status, Stop
from proposals.line.models import Version
from proposals.rounds.models import Gate
from review.agenda.models import AgendaItem
from review.funding.models import FunderConsent

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from proposals.line.models import Event, Proposal


def whose_turn_text(proposal: Proposal, at: datetime, own: Term | None = None) -> str:
    """
    Say whose turn it is and until when, e.g. "Nu: KlimaNord kvalificerer. Svar ventes senest …".

    `own` is the term of a reader whose turn it is.
    """
    return turn_texts([proposal], own=own, at=at)[proposal.pk]


def turn_texts(
    proposals: Sequence[Proposal], *, own: Term | None = None, at: datetime
) -> dict[int, str]:
    """Say it of many: at most three queries."""
    by_status: dict[str, list[Proposal]] = defaultdict(list)
    for proposal in proposals:
        by_status[proposal.status].append(proposal)
    sent: set[int] = set()
    # What has never moved was never sent.
    if drafts := [p.pk for p in by_status[Status.DRAFT] if not p.answer_due_at and p.revision > 1]:
        sent = Version.objects.sent_in_their_round(drafts)
    meetings: dict[int, str] = {}
    if tabled := [p.pk for p in by_status[Status.ON_AGENDA]]:
        items = AgendaItem.objects.unreleased().of_proposals(tabled).select_related("agenda")
        meetings = {i.proposal_id: danish.date_text(i.agenda.meeting_date) for i in items}
    pending: dict[int, list[str]] = defaultdict(list)
    if asked := [p.pk for p in by_status[Status.APPROVED]]:
        for consent in FunderConsent.objects.pending().of_proposals(asked).listed():
            pending[consent.proposal_id].append(consent.funder.name)
    return {
        proposal.pk: _turn_text(
            proposal,
            was_sent=proposal.pk in sent,
            meeting=meetings.get(proposal.pk, ""),
            pending=pending[proposal.pk],
            own=own,
            at=at,
        )
        for proposal in proposals
    }


_SAID = {
    Status.IN_QUALIFICATION: "Nu: {dgo} kvalificerer. Svar ventes senest {answer}.",
    Status.IN_APPROVAL: "Nu: sekretariatet kontrollerer krav og skriver indstilling.{coming}",
    Status.RECOMMENDED: "Nu: sekretariatet sætter forslaget på en dagsorden.{coming}",
    Status.ON_AGENDA: "Nu: forretningsudvalget beslutter{meeting}.",
    Status.APPROVED: "Nu: {funders}",
    Status.ACTIVE: "Nu: forslagsstilleren gennemfører klimaudviklingssporet.",
}
_ENDS = {
    Status.COMPLETED: ("Sporet er afsluttet", "Sporet blev afsluttet"),
    Status.REJECTED: ("Forslaget har fået afslag", "Forretningsudvalget gav afslag"),
    Status.INADMISSIBLE: ("Forslaget er afvist på formalia", "Sekretariatet afviste forslaget"),
    Status.WITHDRAWN: ("Forslaget er trukket tilbage", "Forslaget blev trukket tilbage"),
    Status.LAPSED: ("Forslaget er bortfaldet", "Forslaget bortfaldt"),
    Status.DISCONTINUED: ("Sporet er afbrudt", "Sporet blev afbrudt"),
}
"""How it stands, and what happened."""


def _turn_text(
    proposal: Proposal,
    *,
    was_sent: bool,
    meeting: str,
    pending: list[str],
    own: Term | None,
    at: datetime,
) -> str:
    status = Status(proposal.status)
    if status in EDITABLE:
        return _writing_text(proposal, was_sent=was_sent, own=own, at=at)
    coming = proposal.round.meeting_date
    if status in _ENDS:
        return f"{_ENDS[status][0]}. Ingen skal gøre mere."
    return _SAID[status].format(
        dgo=proposal.lead_dgo.name if proposal.lead_dgo else "DGO'en",
        answer=danish.datetime_text(proposal.round.dgo_deadline_at),
        coming=f" Rundens møde er {danish.date_text(coming)}."
        if coming >= danish.day_of(at)
        else "",
        meeting=f" på mødet {meeting}" if meeting else "",
        funders=f"bidragyderne svarer. {danish.join_text(pending)} har ikke svaret endnu."
        if pending
        else "sekretariatet gør sagen færdig. Alle bidragydere har svaret.",
    )


def _writing_text(proposal: Proposal, *, was_sent: bool, own: Term | None, at: datetime) -> str:
    is_draft = proposal.status == Status.DRAFT
    gate = Gate.QUALIFICATION if is_draft else Gate.APPROVAL
    term = own or Term(deadlines.closes_at(proposal, gate, was_sent=was_sent))
    until = term.text
    if proposal.answer_due_at:
        doing = "retter" if is_draft else "gør forslaget færdigt"
        return f"Nu: forslagsstilleren {doing}. Svar ventes senest {until}."
    doing = "skriver" if is_draft else "læser udtalelsen og indsender"
    verb = "er" if deadlines.is_in_time(term.at, at=at) else "var"
    whose = "Din frist" if term.is_leave else "Fristen"
    return f"Nu: forslagsstilleren {doing}. {whose} {verb} {until}."


def line(proposal: Proposal, *, own: Term | None = None, at: datetime) -> list[dict[str, str]]:
    """Give the seven stops for components/line.html: done, now with whose turn it is, to come; or where it ended."""
    stops = list(Stop)
    stop = Status(proposal.status).stop
    is_over = stop is None
    if stop is None:
        last = proposal.events.filter(target=proposal.status).newest_first().first()
        stop = (Status(last.source).stop if last else None) or Stop.DRAFT
        text = _end_text(proposal, last)
    else:
        text = whose_turn_text(proposal, at, own)
    here = stops.index(stop)
    before, after = "done", "never" if is_over else "todo"
    state = "done" if proposal.status == Status.COMPLETED else "now"
    return [
        {
            "label": str(each.label),
            "state": ("ended" if is_over else state)
            if n == here
            else before
            if n < here
            else after,
            "text": text if n == here else "",
        }
        for n, each in enumerate(stops)
    ]


def _end_text(proposal: Proposal, last: Event | None) -> str:
    now, happened = _ENDS[Status(proposal.status)]
    if last is None:
        return f"{now}."
    said = f"{happened} {danish.date_text(danish.day_of(last.at))}."
    return f"{said} Begrundelse: {last.reason}" if last.reason else said
