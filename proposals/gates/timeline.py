"""
The way to the meeting as seen from the proposer's desk: counted back from the deadlines, in Danish working days.

Sparring takes 10 working days where the round (`advice_days`) says nothing else: an assumption, said on the page.
Reconsider when the DGOs say what they need.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from klimaspor import danish
from proposals.answers.content import CONFIRMED, DECLINED
from proposals.gates import deadlines
from proposals.line.lifecycle import BEFORE_DECISION, Status
from proposals.rounds.models import Gate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from klimaspor.accounts.models import User
    from proposals.answers.content import ParticipantRow
    from proposals.gates.models import Dispensation
    from proposals.line.models import Proposal

NEAR = timedelta(hours=24)
"""So long before a deadline its pages show the server's clock."""
WRITING = (Status.DRAFT, Status.IN_QUALIFICATION, Status.QUALIFIED)


class State(StrEnum):
    DONE = "done"
    PASSED = "passed"
    NEXT = "next"
    AHEAD = "ahead"


@dataclass(frozen=True)
class Mark:
    """One point of the way; `when` is a date, with the time of day where there is one."""

    text: str
    day: date
    when: str
    state: State
    away: str = ""
    """E.g. "om 6 arbejdsdage"; nothing of what is done."""
    note: str = ""


def marks(
    proposal: Proposal,
    *,
    sent: Mapping[str, datetime],
    participants: Sequence[ParticipantRow],
    leave: Iterable[Dispensation] = (),
    reader: User | None = None,
    at: datetime,
) -> tuple[Mark, ...]:
    """
    Give the points from now to the meeting, in order; nothing when a decision has been made: no queries.

    `sent` gives when it was sent last in its round, by gate; `leave` the dispensations, of which the `reader`'s own take
    the place of the deadlines.
    """
    if proposal.status not in BEFORE_DECISION:
        return ()
    round_ = proposal.round
    given = _Leave(tuple(leave), reader)
    drawn = [
        *_first_gate(proposal, sent, given),
        *_second_gate(proposal, sent, participants, given),
    ]
    meeting = round_.meeting_date
    clock = f" {danish.clock_text(round_.meeting_time)}" if round_.meeting_time else ""
    drawn.append(
        _Point("Møde i forretningsudvalget", meeting, f"{danish.date_text(meeting)}{clock}")
    )
    return _in_state(drawn, at)


@dataclass(frozen=True)
class _Point:
    text: str
    day: date
    when: str
    note: str = ""
    due_at: datetime | None = None
    is_done: bool = False


def _at(text: str, moment: datetime, note: str = "", *, is_done: bool = False) -> _Point:
    return _Point(
        text, danish.day_of(moment), danish.datetime_text(moment), note, moment, is_done=is_done
    )


@dataclass(frozen=True)
class _Leave:
    """The dispensations of a proposal, as one person reads them."""

    rows: tuple[Dispensation, ...]
    reader: User | None

    def due_at(self, closes_at: datetime, gate: Gate) -> datetime:
        """Give the reader's own term."""
        if self.reader is None:
            return closes_at
        return deadlines.own_term(closes_at, self.rows, gate, self.reader).at

    def note(self, closes_at: datetime, gate: Gate) -> str:
        """Say what the term of each is who has a dispensation; of the reader's own, what it is instead of."""
        said = []
        if self.due_at(closes_at, gate) != closes_at:
            said.append(f"Din frist (dispensation). Ellers {danish.datetime_text(closes_at)}.")
        said += [
            f"{row.granted_to.name} har dispensation til {danish.datetime_text(row.until_at)}."
            for row in self.rows
            if row.gate == gate and row.granted_to != self.reader
        ]
        return " ".join(said)


def _first_gate(
    proposal: Proposal, sent: Mapping[str, datetime], leave: _Leave
) -> Iterable[_Point]:
    was_sent = sent.get(Gate.QUALIFICATION)
    if proposal.status != Status.DRAFT:
        if was_sent:
            yield _at("Sendt til faglig kvalificering", was_sent, is_done=True)
        return
    if was_sent or proposal.answer_due_at:
        due_at = deadlines.closes_at(proposal, Gate.QUALIFICATION, was_sent=bool(was_sent))
        yield _gate(
            "Send forslaget igen til faglig kvalificering", due_at, Gate.QUALIFICATION, leave
        )
        return
    due_at = proposal.round.qualification_deadline_at
    yield _advice(proposal, due_at)
    yield _gate("Send til faglig kvalificering", due_at, Gate.QUALIFICATION, leave)


def _gate(text: str, closes_at: datetime, gate: Gate, leave: _Leave) -> _Point:
    return _at(text, leave.due_at(closes_at, gate), leave.note(closes_at, gate))


def _advice(proposal: Proposal, due_at: datetime) -> _Point:
    dgo = proposal.lead_dgo.name if proposal.lead_dgo else "DGO'en"
    if proposal.sparring_opened_at:
        return _at(f"Åbnet for sparring hos {dgo}", proposal.sparring_opened_at, is_done=True)
    days = proposal.round.advice_days
    latest_at = advice_by(due_at, days)
    return _at(
        f"Åbn for sparring, hvis I vil have kommentarer fra {dgo} med før fristen",
        latest_at,
        f"Vi regner med {danish.count_text(days, 'arbejdsdag', 'arbejdsdage')} til sparring og rettelser.",
    )


def advice_by(due_at: datetime, days: int) -> datetime:
    """Give the moment so many Danish working days before a deadline, at the same time of day."""
    due = danish.local(due_at)
    return danish.wall(danish.add_working_days(due.date(), -days), due.time())


def _second_gate(
    proposal: Proposal,
    sent: Mapping[str, datetime],
    participants: Sequence[ParticipantRow],
    leave: _Leave,
) -> Iterable[_Point]:
    if proposal.status not in WRITING:
        if was_sent := sent.get(Gate.APPROVAL):
            yield _at("Sendt til godkendelsesforløb", was_sent, is_done=True)
        return
    due_at = proposal.round.approval_deadline_at
    if proposal.status == Status.QUALIFIED:
        due_at = deadlines.closes_at(proposal, Gate.APPROVAL, was_sent=True)
    if proposal.status == Status.IN_QUALIFICATION:
        dgo = proposal.lead_dgo.name if proposal.lead_dgo else "DGO'en"
        yield _at(f"Udtalelse fra {dgo} ventes senest", proposal.round.dgo_deadline_at)
    if missing := commitments_text(participants, is_required=proposal.round.requires_commitments):
        text, note, is_done = missing
        yield _at(text, due_at, note, is_done=is_done)
    yield _gate("Send til godkendelsesforløb", due_at, Gate.APPROVAL, leave)


def commitments_text(
    participants: Sequence[ParticipantRow], *, is_required: bool
) -> tuple[str, str, bool] | None:
    """
    Say how many have confirmed that they take part ("tilsagn"), who has not, and whether nobody is waited for.

    Nothing is said where the round asks for none and nobody has answered.
    """
    asked = [row for row in participants if row.answer != DECLINED]
    missing = [row.name for row in asked if row.answer != CONFIRMED]
    is_begun = any(row.answer for row in participants)
    if not asked or not (is_required or is_begun):
        return None
    text = f"Tilsagn fra deltagerne: {len(asked) - len(missing)} af {len(asked)}"
    notes = [f"Mangler: {danish.join_text(missing)}."] if missing else []
    if missing and is_required:
        notes.append("Kun kommuner og regioner med tilsagn tæller med ved fristen.")
    return text, " ".join(notes), not missing


def _in_state(points: list[_Point], at: datetime) -> tuple[Mark, ...]:
    today = danish.day_of(at)
    found, is_next_found = [], False
    for point in points:
        if point.is_done:
            state = State.DONE
        elif point.day < today or (point.due_at and not deadlines.is_in_time(point.due_at, at=at)):
            state = State.PASSED
        elif is_next_found:
            state = State.AHEAD
        else:
            state, is_next_found = State.NEXT, True
        away = "" if state == State.DONE else danish.workdays_text(today, point.day)
        found.append(Mark(point.text, point.day, point.when, state, away, point.note))
    return tuple(found)


# The server's clock


@dataclass(frozen=True)
class Clock:
    """The server's clock and what is left until a deadline that is near."""

    now: str
    """E.g. "8.58.12"."""
    left: str
    """E.g. "1 minut og 48 sekunder"."""
    now_ms: int
    due_ms: int
    """Since 1970, for the page's own ticking."""


def is_far(due_at: datetime, *, at: datetime) -> bool:
    """Say whether there is more than a day to a deadline."""
    return due_at.astimezone(UTC) - at.astimezone(UTC).replace(microsecond=0) > NEAR


def clock(due_at: datetime, *, at: datetime) -> Clock | None:
    """Give the clock in the last 24 hours before a deadline; None earlier, and when it has passed."""
    # Two moments of one time zone are subtracted as clocks show them, which is wrong across the clock change.
    left = due_at.astimezone(UTC) - at.astimezone(UTC).replace(microsecond=0)
    if not timedelta(0) <= left <= NEAR:
        return None
    local = danish.local(at)
    return Clock(
        now=f"{danish.time_text(local.time())}.{local.second:02}",
        left=danish.left_text(left),
        now_ms=int(at.timestamp() * 1000),
        due_ms=int(due_at.timestamp() * 1000),
    )
