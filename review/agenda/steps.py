"""
The agenda ("dagsorden") of a meeting: placing an item tells nobody, `publish` does, and freezes it.

Whoever holds both locks the agenda first, then its proposals in the order of their keys.

A meeting moves to another day until its agenda is out; a published one stays, since letters, papers and reminders
name the day.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from klimaspor import danish, seen, sweeps
from klimaspor.accounts.models import Role, User
from klimaspor.refusals import AlreadyDone, Missing, Refused
from proposals.line import impartiality
from proposals.line import mails as line_mails
from proposals.line.functions import Function, Group
from proposals.line.lifecycle import Status, Transition
from proposals.line.models import Access, Duty, Proposal
from proposals.line.sql import blocked_for
from review.agenda import mails
from review.agenda.models import Agenda, AgendaItem, Dossier, ItemKind
from review.agenda.seen import shown_agenda, shown_item, shown_meeting, shown_place

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date, datetime, time

    from klimaspor.seen import Base
    from proposals.line.queries import ProposalQuerySet
    from proposals.rounds.models import Round

FIRST_TITLE = "Godkendelse af dagsorden"
LAST_TITLE = "Eventuelt"
TAKEN = "Der er allerede en dagsorden til den dato"
BUILD_PAPERS = "review.tasks.build_papers"
ITEM_FIELDS = frozenset({"kind", "is_closed", "minutes"})
FREE_ITEM_FIELDS = ITEM_FIELDS | {"title", "resume", "proposed", "case_text"}


class AlreadyPublished(AlreadyDone):
    """The agenda is out."""


class NotOpen(Refused):
    """A published agenda is frozen."""

    is_outdated = True


class NotPlaceable(Refused):
    """The proposal cannot stand on this agenda."""


class EmptyAgenda(Refused):
    """There is nothing to publish."""


@dataclass(frozen=True)
class Recipient:
    """Who gets what when the agenda is published."""

    user: User
    what: str
    withheld: tuple[str, ...] = ()
    """Proposals that are not mentioned to this person, who is not impartial about them."""

    @property
    def name(self) -> str:
        return self.user.name

    @property
    def email(self) -> str:
        return self.user.email


@dataclass(frozen=True)
class Published:
    agenda: Agenda
    left_out: tuple[str, ...]
    """One sentence for each proposal that had left since it was placed."""


@transaction.atomic
def create(
    *,
    round: Round | None,  # noqa: A002  # the model's own word
    meeting_date: date,
    meeting_time: time | None,
    place: str,
    by: User,
    at: datetime,
) -> Agenda:
    """
    Open an agenda with its customary first and last items.

    :raises Missing: meeting_date.
    """
    if meeting_date < danish.day_of(at):
        raise Missing({"meeting_date": "Vælg en dato, der ikke er passeret"})
    agenda, is_new = Agenda.objects.get_or_create(
        meeting_date=meeting_date,
        defaults={
            "round": round,
            "meeting_time": meeting_time,
            "place": place.strip(),
            "created_at": at,
            "created_by": by,
        },
    )
    if not is_new:
        raise Missing({"meeting_date": TAKEN})
    for position, (title, kind) in enumerate(
        ((FIRST_TITLE, ItemKind.DECISION), (LAST_TITLE, ItemKind.DISCUSSION)), 1
    ):
        AgendaItem.objects.create(
            agenda=agenda, position=position, kind=kind, title=title, minutes=5
        )
    return agenda


@transaction.atomic
def change(
    *,
    agenda_pk: int,
    meeting_time: time | None,
    place: str,
    meeting_date: date | None = None,
    bases: Mapping[str, Base] | None = None,
    by: User,
    at: datetime,
) -> Agenda:
    """
    Say when and where the meeting is; the day stays when nothing is said of it.

    :raises NotOpen:
    :raises Missing: meeting_date.
    :raises Changed: somebody else has written in a field that was touched since `bases`.
    """
    agenda = _open(agenda_pk)
    typed = Agenda(
        meeting_date=meeting_date or agenda.meeting_date,
        meeting_time=meeting_time,
        place=place.strip(),
    )
    names = seen.touched(bases, shown_meeting(agenda), shown_meeting(typed), reader=by)
    changed = {
        name: getattr(typed, name)
        for name in names
        if getattr(typed, name) != getattr(agenda, name)
    }
    day = changed.get("meeting_date", agenda.meeting_date)
    if day != agenda.meeting_date:
        if day < danish.day_of(at):
            raise Missing({"meeting_date": "Vælg en dato, der ikke er passeret"})
        if Agenda.objects.filter(meeting_date=day).exists():
            raise Missing({"meeting_date": TAKEN})
    for name, value in changed.items():
        setattr(agenda, name, value)
    if changed:
        agenda.save(update_fields=list(changed))
        placed = agenda.items.of_cases().values("proposal_id")
        held = Proposal.objects.filter(pk__in=placed).locked_in_order().values_list("pk", flat=True)
        Duty.objects.settle(*held, by=by, at=at)
    return agenda


def placeable() -> ProposalQuerySet:
    """Give the recommended proposals that stand on no agenda that is still to be decided."""
    standing = AgendaItem.objects.unreleased().exclude(proposal=None)
    found: ProposalQuerySet = Proposal.objects.in_status(Status.RECOMMENDED).exclude(
        pk__in=standing.values("proposal_id")
    )
    return found.with_frame().by_number()


@transaction.atomic
def add_proposal(*, agenda_pk: int, proposal_pk: int, by: User, at: datetime) -> AgendaItem:
    """
    Place a recommended proposal before the last item; placed already, it stays where it is.

    :raises NotOpen:
    :raises NotPlaceable:
    """
    agenda = _open(agenda_pk)
    proposal: Proposal = Proposal.objects.locked(proposal_pk)
    existing: AgendaItem | None = agenda.items.of_proposal(proposal).first()
    if existing:
        return existing
    if proposal.status != Status.RECOMMENDED:
        raise NotPlaceable(
            f"{proposal.number} {Status(proposal.status).state}. Kun indstillede forslag kan komme på dagsordenen."
        )
    other = AgendaItem.objects.unreleased().of_proposal(proposal).select_related("agenda").first()
    if other:
        raise NotPlaceable(
            f"{proposal.number} står på dagsordenen til mødet {danish.date_text(other.agenda.meeting_date)}. "
            "Tag det af den, eller frigiv mødets beslutninger først."
        )
    made = proposal.recommendations.made().newest_first().select_related("version")[0]
    item = _insert(
        agenda, kind=ItemKind.DECISION, title=made.version.title, proposal=proposal, minutes=15
    )
    Duty.objects.settle(proposal.pk, by=by, at=at)
    return item


@transaction.atomic
def add_item(
    *,
    agenda_pk: int,
    kind: str,
    title: str,
    minutes: int,
    is_closed: bool = False,
    resume: str = "",
    proposed: str = "",
    case_text: str = "",
    by: User,
    at: datetime,
) -> AgendaItem:
    """
    Add an item of free text before the last item, or find the very same; `proposed` holds at-points, one a line.

    :raises Missing: title or kind.
    :raises NotOpen:
    """
    agenda = _open(agenda_pk)
    _require_item(kind, title)
    fields = {
        "kind": kind,
        "title": title.strip(),
        "minutes": minutes,
        "is_closed": is_closed,
        "resume": resume.strip(),
        "proposed": proposed.strip(),
        "case_text": case_text.strip(),
    }
    # Pressed twice, it is still one item.
    existing: AgendaItem | None = agenda.items.filter(proposal=None, **fields).first()
    return existing or _insert(agenda, **fields)


@transaction.atomic
def change_item(
    *,
    item_pk: int,
    bases: Mapping[str, Base] | None = None,
    by: User,
    at: datetime,
    **fields: Any,
) -> AgendaItem:
    """
    Write the named fields of an item; the words of a proposal's item come from the proposal.

    :raises Changed: somebody else has written in a field that was touched since `bases`; nothing is written.
    :raises Missing: title or kind.
    :raises NotOpen:
    :raises LookupError: a field that is not the item's to change.
    """
    item = _open_item(item_pk)
    allowed = ITEM_FIELDS if item.proposal_id else FREE_ITEM_FIELDS
    if not fields.keys() <= allowed:
        raise LookupError(f"Not changed here: {sorted(fields.keys() - allowed)}")
    _require_item(fields.get("kind", item.kind), fields.get("title", item.title))
    typed = copy(item)
    for name, value in fields.items():
        setattr(typed, name, value.strip() if isinstance(value, str) else value)
    names = seen.touched(bases, shown_item(item), shown_item(typed), reader=by) & fields.keys()
    for name in names:
        setattr(item, name, getattr(typed, name))
    item.save(update_fields=list(names))
    return item


@transaction.atomic
def remove_item(*, item_pk: int, by: User, at: datetime) -> None:
    """
    Take an item off the agenda; gone already is as good.

    :raises NotOpen:
    """
    if not AgendaItem.objects.filter(pk=item_pk).exists():
        return
    item = _open_item(item_pk)
    agenda = item.agenda
    proposal = Proposal.objects.locked(item.proposal_id) if item.proposal_id else None
    item.delete()
    _renumber(agenda)
    if proposal:
        Duty.objects.settle(proposal.pk, by=by, at=at)


@transaction.atomic
def move_item(
    *, item_pk: int, direction: str, base: Base | None = None, by: User, at: datetime
) -> AgendaItem:
    """
    Swap an item with the one before it ("up") or after it ("down"); at the end it stays.

    `base` says where the page showed it, so that a second press moves nothing further.

    :raises NotOpen:
    :raises Reread: it stands elsewhere than the page showed.
    """
    item = _open_item(item_pk)
    seen.require_read("Rækkefølgen", base, shown_place(item))
    items = list(item.agenda.items.listed())
    here = items.index(item)
    there = here + (-1 if direction == "up" else 1)
    if 0 <= there < len(items):
        other = items[there]
        item.position, other.position = other.position, item.position
        other.save(update_fields=["position"])
        item.save(update_fields=["position"])
    return item


def total_minutes(items: Iterable[AgendaItem]) -> int:
    return sum(item.minutes for item in items)


def recipients(
    agenda: Agenda, *, at: datetime, readable: Collection[int] | None = None
) -> tuple[Recipient, ...]:
    """
    Say who is told when the agenda is published: the committee, then the proposers of each proposal.

    `readable` are the proposals whose people may be named to whoever asks; all when nothing is said.
    """
    items = agenda.items.with_cases().listed()
    proposals = [item.proposal for item in items if item.proposal]
    withheld = _withheld([p.pk for p in proposals], at=at)
    named = [p for p in proposals if readable is None or p.pk in readable]
    told = [
        Recipient(
            member,
            "dagsorden og sagsmateriale",
            tuple(p.number for p in named if p.pk in withheld[member]),
        )
        for member in withheld
    ]
    for proposal in named:
        if proposal.status == Status.RECOMMENDED:
            told += [
                Recipient(person, f"besked om, at {proposal.number} er på dagsordenen")
                for person in line_mails.parties(proposal, at=at)
            ]
    return tuple(told)


@transaction.atomic
def publish(*, agenda_pk: int, base: Base | None = None, by: User, at: datetime) -> Published:
    """
    Freeze the agenda, put its proposals before the committee, ask for the papers, and tell.

    :raises Reread: it holds something else than what the last look showed.
    :raises AlreadyPublished:
    :raises EmptyAgenda:
    """
    agenda: Agenda = Agenda.objects.locked(agenda_pk)
    if agenda.published_at:
        raise AlreadyPublished(
            f"Dagsordenen er allerede udsendt {danish.datetime_text(agenda.published_at)}."
        )
    seen.require_read("Dagsordenen", base, shown_agenda(agenda))
    items = list(agenda.items.listed())
    pks = sorted(item.proposal_id for item in items if item.proposal_id)
    proposals: dict[int, Proposal] = {pk: Proposal.objects.locked(pk) for pk in pks}
    gone = [
        item
        for item in items
        if item.proposal_id and proposals[item.proposal_id].status != Status.RECOMMENDED
    ]
    for item in gone:
        items.remove(item)
        item.delete()
    if not items:
        raise EmptyAgenda("Der er intet på dagsordenen. Tilføj et punkt, før du udsender den.")
    agenda.published_at = at
    agenda.published_by = by
    agenda.save(update_fields=["published_at", "published_by"])
    # Every position is moved before any is checked: the constraint is deferred.
    for number, item in enumerate(items, 1):
        item.agenda = agenda
        item.number = item.position = number
        proposal = proposals[item.proposal_id] if item.proposal_id else None
        _freeze(item, proposal)
        if proposal:
            _put_before_committee(item, proposal, by=by, at=at)
    for kind in (Dossier.Kind.PAPERS, Dossier.Kind.ANNEXES):
        Dossier.objects.create(agenda=agenda, kind=kind, requested_at=at)
    sweeps.nudge(BUILD_PAPERS)
    for member, blocked in _withheld(pks, at=at).items():
        for pk in blocked:
            impartiality.raise_ties([member], proposals[pk], by=by, at=at)
        titles = [
            f"{i.number}. {i.title}"
            + (f" ({proposals[i.proposal_id].number})" if i.proposal_id else "")
            for i in items
            if i.proposal_id not in blocked
        ]
        mails.agenda_published(agenda, member, titles, at=at)
    return Published(
        agenda,
        tuple(
            f"{proposals[item.proposal_id].number} {Status(proposals[item.proposal_id].status).state} "
            "og kom ikke med på dagsordenen."
            for item in gone
        ),
    )


def _freeze(item: AgendaItem, proposal: Proposal | None) -> None:
    if proposal:
        made = proposal.recommendations.made().newest_first().select_related("version")[0]
        item.proposal = proposal
        item.recommendation = made
        item.version = made.version
        item.title = made.version.title
    item.save(update_fields=["number", "position", "title", "version", "recommendation"])


def _put_before_committee(item: AgendaItem, proposal: Proposal, *, by: User, at: datetime) -> None:
    Access.objects.grant(proposal, Function.DECIDE, group=Group.COMMITTEE, by=by, at=at)
    event = proposal.move(
        Transition.PUBLISH, by=by, at=at, version=item.version, note=mails.meeting_text(item.agenda)
    )
    mails.on_agenda(proposal, item, event, at=at)


def _withheld(proposal_pks: Iterable[int], *, at: datetime) -> dict[User, set[int]]:
    """Give the committee's members by name, each with the proposals that are not mentioned to them."""
    return {
        member: set(
            Proposal.objects.filter(pk__in=proposal_pks)
            .filter(blocked_for(member, member.duties_at(at), at=at))
            .values_list("pk", flat=True)
        )
        for member in User.objects.holding(Role.COMMITTEE, at=at).by_name()
    }


def _open(agenda_pk: int) -> Agenda:
    agenda: Agenda = Agenda.objects.locked(agenda_pk)
    if agenda.published_at:
        raise NotOpen("Dagsordenen er udsendt og kan ikke ændres.")
    return agenda


def _open_item(item_pk: int) -> AgendaItem:
    agenda = _open(AgendaItem.objects.get(pk=item_pk).agenda_id)
    item: AgendaItem = agenda.items.get(pk=item_pk)
    return item


def _require_item(kind: str, title: str) -> None:
    errors = {}
    if kind not in ItemKind.values:
        errors["kind"] = "Vælg punktets type"
    if not title.strip():
        errors["title"] = "Indtast punktets titel"
    if errors:
        raise Missing(errors)


def _insert(agenda: Agenda, **fields: Any) -> AgendaItem:
    """Put an item last, but before the one that closes the meeting."""
    items = list(agenda.items.listed())
    position = len(items) + 1
    if items and items[-1].title == LAST_TITLE and not items[-1].proposal_id:
        last = items[-1]
        last.position = position
        last.save(update_fields=["position"])
        position -= 1
    return AgendaItem.objects.create(agenda=agenda, position=position, **fields)


def _renumber(agenda: Agenda) -> None:
    for position, item in enumerate(agenda.items.listed(), 1):
        if item.position != position:
            item.position = position
            item.save(update_fields=["position"])
