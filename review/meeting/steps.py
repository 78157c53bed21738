"""Who was at the meeting, as it is written down before anything is released."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from klimaspor import danish, seen
from klimaspor.accounts.models import Role, User
from klimaspor.refusals import AlreadyDone, Missing, Refused
from proposals.line import impartiality
from review.agenda.models import Agenda, AgendaItem
from review.meeting.models import Attendance, Presence
from review.meeting.seen import shown_attendance, shown_presences

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from klimaspor.seen import Base


class AlreadyReleased(AlreadyDone):
    """The meeting's decisions are out."""


class NotRecordable(Refused):
    """Nothing is decided on an agenda that is not out, or about an item that has left it."""


@dataclass(frozen=True)
class Seat:
    """One line of the attendance list; presence is empty until somebody has said."""

    name: str
    presence: str
    user: User | None = None


def seats(agenda: Agenda, *, at: datetime) -> tuple[Seat, ...]:
    """Give the attendance as it was saved, or else the committee's members of today."""
    saved = agenda.attendance.select_related("user").order_by("pk")
    if saved:
        return tuple(Seat(row.name, row.presence, row.user) for row in saved)
    members = User.objects.holding(Role.COMMITTEE, at=at).by_name()
    return tuple(Seat(member.name, "", member) for member in members)


@transaction.atomic
def save_attendance(
    *,
    agenda_pk: int,
    presences: Sequence[Seat],
    base: Base | None = None,
    by: User,
    at: datetime,
) -> None:
    """
    Write who was at the meeting, in this order, in place of what was written before.

    :raises Changed: somebody else saved since `base`.
    :raises Missing: presences.
    :raises NotRecordable:
    :raises AlreadyReleased:
    """
    agenda = recordable(agenda_pk)
    names = [" ".join(seat.name.split()) for seat in presences]
    if not names or "" in names:
        raise Missing({"presences": "Indtast navnet på hver, der står på listen"})
    if len({name.lower() for name in names}) < len(names):
        raise Missing({"presences": "Den samme person står to gange på listen"})
    if any(seat.presence not in Presence.values for seat in presences):
        raise Missing({"presences": "Vælg fremmøde for hver person"})
    typed = shown_presences(zip(names, (seat.presence for seat in presences), strict=True))
    seen.require(base, shown_attendance(agenda), typed, reader=by)
    agenda.attendance.all().delete()
    Attendance.objects.bulk_create(
        Attendance(agenda=agenda, user=seat.user, name=name, presence=seat.presence)
        for name, seat in zip(names, presences, strict=True)
    )


def suggested_recusals(item: AgendaItem, *, at: datetime) -> tuple[str, ...]:
    """Name the members who may not take part in a proposal's item."""
    if item.proposal is None:
        return ()
    return tuple(
        member.name
        for member in User.objects.holding(Role.COMMITTEE, at=at).by_name()
        if impartiality.is_blocked(member, item.proposal, at=at)
    )


def recordable(agenda_pk: int) -> Agenda:
    agenda: Agenda = Agenda.objects.locked(agenda_pk)
    if not agenda.published_at:
        raise NotRecordable("Dagsordenen er ikke udsendt endnu. Udsend den først.")
    if agenda.released_at:
        raise AlreadyReleased(
            f"Beslutningerne er allerede frigivet {danish.datetime_text(agenda.released_at)}."
        )
    return agenda
