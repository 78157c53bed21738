"""Who was at the meeting, as it is written down before anything is released."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from klimaspor import danish, seen
from klimaspor.accounts.models import Role, User
from klimaspor.refusals import AlreadyDone, Missing, Part, Refused
from klimaspor.seen import Shown
from proposals.line import impartiality
from review.agenda.models import Agenda, AgendaItem
from review.meeting.models import Attendance, Presence
from review.meeting.seen import seat_name, shown_presences

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from klimaspor.seen import Base


class AlreadyReleased(AlreadyDone):
    """The meeting's decisions are out."""


class NotRecordable(Refused):
    """Nothing is decided on an agenda that is not out, or about an item that has left it."""


@dataclass(frozen=True)
class Seat:
    """One line of the attendance list; presence is blank until somebody has said."""

    name: str
    presence: str
    user: User | None = None


def seats(agenda: Agenda, *, at: datetime) -> tuple[Seat, ...]:
    """Give the attendance as it was saved, or else the committee's members of today."""
    if saved := saved_seats(agenda):
        return saved
    members = User.objects.holding(Role.COMMITTEE, at=at).by_name()
    return tuple(Seat(member.name, "", member) for member in members)


def shown_seats(listed: Iterable[Seat]) -> Shown:
    """Show such a list; each person's line is guarded by itself."""
    return shown_presences((seat.name, seat.presence) for seat in listed)


def unsaid(agenda: Agenda) -> tuple[str, ...]:
    """Name those of whom nobody has said whether they were there; nobody, before the list is saved."""
    return tuple(seat.name for seat in saved_seats(agenda) if not seat.presence)


def saved_seats(agenda: Agenda) -> tuple[Seat, ...]:
    saved = agenda.attendance.select_related("user").order_by("pk")
    return tuple(Seat(row.name, row.presence, row.user) for row in saved)


@transaction.atomic
def save_attendance(
    *,
    agenda_pk: int,
    presences: Sequence[Seat],
    bases: Mapping[str, Base] | None = None,
    by: User,
    at: datetime,
) -> None:
    """
    Write who was at the meeting, in this order, in place of what was written before; of some it may not be known yet.

    With `bases` only those whom the page showed otherwise are written: whom a colleague has added meanwhile stays.

    :raises Changed: somebody else has written about the same person since `bases`.
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
    if any(seat.presence not in ("", *Presence.values) for seat in presences):
        raise Missing({"presences": "Vælg fremmøde for hver person"})
    came = [
        Seat(name, seat.presence, seat.user) for name, seat in zip(names, presences, strict=True)
    ]
    agreed = _merged(agenda, came, bases, by=by, at=at)
    agenda.attendance.all().delete()
    Attendance.objects.bulk_create(
        Attendance(agenda=agenda, user=seat.user, name=seat.name, presence=seat.presence)
        for seat in agreed
    )


def _merged(
    agenda: Agenda,
    came: Sequence[Seat],
    bases: Mapping[str, Base] | None,
    *,
    by: User,
    at: datetime,
) -> list[Seat]:
    """
    Give the list as it came, with what stands of whoever was not touched on the page.

    :raises Changed:
    """
    if bases is None:
        return list(came)
    standing = seats(agenda, at=at)
    stands = {seat_name(seat.name): seat for seat in standing}
    typed = {seat_name(seat.name): seat for seat in came}
    now = shown_seats(standing)
    # Whoever was on the page and was taken off the list came too: as nobody.
    gone = tuple(
        Part(part.label, "står ikke på listen", part.unit)
        for part in now.parts
        if part.unit in bases and part.unit not in typed
    )
    typed_now = Shown((*shown_seats(came).parts, *gone))
    touched = seen.touched(bases, now, typed_now, reader=by)
    agreed = [stands.get(unit) if unit not in touched else seat for unit, seat in typed.items()]
    # Whom somebody has put there meanwhile; a member that is only suggested was left out of the page.
    missing = stands.keys() - typed.keys() - touched
    added = [seat for seat in saved_seats(agenda) if seat_name(seat.name) in missing]
    return [*filter(None, agreed), *added]


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
