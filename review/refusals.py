"""The committee's meetings: the list, a new one, and what the pages about one of them share."""

from __future__ import annotations

from review.agenda import steps as agenda_step
from review.decision import steps as decision_step
from review.meeting import steps as meeting
from review.pages import REFUSALS

REFUSED: tuple[type[Exception], ...] = (
    *REFUSALS,
    agenda_step.NotOpen,
    agenda_step.NotPlaceable,
    agenda_step.EmptyAgenda,
    agenda_step.Moved,
    meeting.NotRecordable,
    decision_step.AttendanceMissing,
    decision_step.Undecided,
)
