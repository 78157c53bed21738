"""
What the tables of a Word or Excel file say of participants and economy, held against what stands: new, changed, gone or doubtful.

What a cell means is read where the page for pasting reads it (`participants.matching`, `economy.pasted`). Nothing is written
here: an item is something to choose, and what is chosen becomes the lists that a step writes. A file says which version of the
rows it was made from; has a colleague changed them since, nothing that would undo it is chosen beforehand.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from klimaspor import danish
from klimaspor.accounts.models import OrganizationKind
from klimaspor.seen import Base, digest
from proposals.answers.sums import FinancingStatus
from proposals.economy import pasted
from proposals.economy.models import BudgetCategory
from proposals.line.parts import on_a_list
from proposals.participants.matching import ADDED_AS, LONGEST_NAME, Entry, Register
from proposals.participants.models import Participant, ParticipantRole
from proposals.printing.word_reading import BUDGET, FINANCING, PARTICIPANTS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from klimaspor.accounts.models import Organization
    from proposals.drafting.models import FieldVersion
    from proposals.line.models import Proposal

Cells = list[list[str]]
NEW, CHANGED, GONE, DOUBT = "new", "changed", "gone", "doubt"
STATES = {NEW: "Ny", CHANGED: "Ændret", GONE: "Står ikke i filen", DOUBT: "I tvivl"}
TITLES = {PARTICIPANTS: "Deltagere", BUDGET: "Budget", FINANCING: "Finansiering"}
SKIP = "spring-over"


@dataclass(frozen=True)
class Item:
    """One thing the file says otherwise than the page, to be chosen."""

    unit: str
    state: str
    label: str
    act: Any
    """What taking it in does; for its own unit to know."""
    before: str = ""
    after: str = ""
    options: tuple[tuple[str, str], ...] = ()
    """What to choose among before it can be taken in."""
    asks: str = ""
    """What the choice is called."""
    note: str = ""
    is_suggested: bool = True
    chosen: str = ""
    is_taken: bool = False

    @property
    def key(self) -> str:
        """Name it by what it says, so that what was ticked stays with it."""
        return digest([self.unit, self.state == GONE, self.label, self.after])

    @property
    def state_text(self) -> str:
        return STATES[self.state]

    @property
    def is_unchosen(self) -> bool:
        return bool(self.options) and self.chosen not in dict(self.options)


@dataclass(frozen=True)
class Unit:
    """What the file says of one table, and what its own page shows of it."""

    name: str
    items: tuple[Item, ...]
    same: int
    notes: tuple[str, ...]
    warning: str
    base: Base
    made_from: str
    texts: tuple[str, ...]
    """The cells, as they are sent on."""

    @property
    def title(self) -> str:
        return TITLES[self.name]

    @property
    def said(self) -> str:
        """Say how many there are of each kind."""
        words = (
            (NEW, "ny", "nye"),
            (CHANGED, "ændret", "ændrede"),
            (GONE, "står ikke i filen", "står ikke i filen"),
            (DOUBT, "i tvivl", "i tvivl"),
        )
        counts = [
            danish.count_text(count, one, more)
            for state, one, more in words
            if (count := sum(item.state == state for item in self.items))
        ]
        same = [danish.count_text(self.same, "er som her", "er som her")] if self.same else []
        return danish.join_text([*counts, *same])

    @property
    def chosen(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.is_taken)


@dataclass
class Sent:
    """What was ticked and chosen on the page, by the items' keys; nothing before it was shown."""

    taken: Collection[str] | None = None
    choices: Mapping[str, str] = field(default_factory=dict)
    changed: Collection[str] = ()
    """The units that somebody changed after the page was shown."""


class Tables:
    """All that a file says of participants and economy, held against a proposal."""

    def __init__(
        self,
        *,
        proposal: Proposal,
        cells: Mapping[str, Sequence[Cells]],
        known: Mapping[str, FieldVersion],
        organizations: Iterable[Organization],
        made_from: Mapping[str, int],
        sent: Sent | None = None,
    ) -> None:
        """Take the file's tables by unit, and the versions they were made from, where it says so."""
        self.proposal, self.known, self.made_from = proposal, known, made_from
        self.organizations = organizations
        self.sent = sent or Sent()
        makers = {
            PARTICIPANTS: self._participants,
            BUDGET: self._budget,
            FINANCING: self._financing,
        }
        self.units = tuple(
            self._unit(name, makers[name](cells[name]), cells[name])
            for name in makers
            if cells.get(name)
        )

    @property
    def items(self) -> list[Item]:
        return [item for unit in self.units for item in unit.items]

    @property
    def chosen(self) -> list[Item]:
        return [item for item in self.items if item.is_taken]

    def unit(self, name: str) -> Unit | None:
        return next((unit for unit in self.units if unit.name == name and unit.chosen), None)

    @cached_property
    def participants(self) -> list[Participant]:
        return list(self.proposal.participants.listed())

    def _unit(self, name: str, read: _Read, cells: Sequence[Cells]) -> Unit:
        version = self.known.get(name)
        number = version.number if version else 0
        made_from = self.made_from.get(name)
        is_newer = (made_from is not None and made_from != number) or name in self.sent.changed
        warning = ""
        if is_newer and version:
            since = "siden du så det" if name in self.sent.changed else "efter at filen blev hentet"
            when = danish.short_datetime(version.edited_at)
            warning = (
                f"{version.editor_text} har ændret {TITLES[name].lower()} her på siden {when}, {since}. "
                "Sæt kun kryds ved det, der skal laves om."
            )
        is_whole = made_from is not None and not is_newer
        return Unit(
            name,
            tuple(self._put(item, is_newer=is_newer, is_whole=is_whole) for item in read.items),
            read.same,
            tuple(read.notes),
            warning,
            Base.of(number, [name]),
            "" if made_from is None else str(made_from),
            tuple(map(pasted.as_text, cells)),
        )

    def _put(self, item: Item, *, is_newer: bool, is_whole: bool) -> Item:
        """Say whether an item is ticked, and what is chosen at it."""
        chosen = self.sent.choices.get(item.key, item.chosen)
        if self.sent.taken is not None:
            taken = item.key in self.sent.taken and item.unit not in self.sent.changed
        else:
            taken = item.is_suggested and not is_newer and (is_whole or item.state != GONE)
        return replace(item, chosen=chosen, is_taken=taken and chosen != SKIP)

    # Who takes part

    def _participants(self, tables: Sequence[Cells]) -> _Read:
        read = _Read()
        register = Register(self.organizations)
        by_name = {danish.search_key(p.name): p for p in self.participants}
        by_organization = {p.organization_id: p for p in self.participants if p.organization_id}
        met: set[int | str] = set()
        for typed in (row for cells in tables for row in typed_participants(cells, read.notes)):
            match = register.match(Entry(typed.name))
            found = match.candidates[0] if match.is_certain else None
            standing = by_name.get(danish.search_key(typed.name))
            if found:
                standing = by_organization.get(found.pk, standing)
            key = (
                standing.pk if standing else danish.search_key(found.name if found else typed.name)
            )
            if key in met:
                read.notes.append(f"»{typed.name}« står flere gange i filen og er læst én gang.")
            elif standing:
                read.compare(standing, typed)
            elif found:
                act = (typed.role or ParticipantRole.PARTICIPANT, found, typed)
                read.items.append(Item(PARTICIPANTS, NEW, found.name, act, after=typed.text))
            else:
                read.items.append(_doubtful(typed, match.candidates))
            if typed.is_lead and not (standing and standing.is_lead):
                read.notes.append(
                    f"»{typed.name}« er skrevet som tovholder. Vælg tovholderen på siden."
                )
            met.add(key)
        read.items += [
            Item(
                PARTICIPANTS,
                GONE,
                one.name,
                one,
                before=str(one.get_role_display()),
                is_suggested=not has_said(one),
                note="Alt, hvad der er skrevet og svaret på deltagerens side, bliver slettet."
                if has_said(one)
                else "",
            )
            for one in self.participants
            if one.pk not in met
        ]
        return read

    # Economy

    @property
    def years(self) -> list[int]:
        start, end = self.proposal.period_start, self.proposal.period_end
        return list(range(start.year, end.year + 1)) if start and end else []

    @cached_property
    def standing_budget(self) -> list[Line]:
        lines = sorted(self.proposal.budget_lines.listed(), key=lambda line: line.position)
        return [
            Line((one.category, one.description, str(one.recipient_id or "")), one.year, one.amount)
            for one in lines
        ]

    @cached_property
    def standing_financing(self) -> list[Line]:
        lines = sorted(self.proposal.financing.listed(), key=lambda line: line.position)
        return [Line((one.source, one.status), one.year, one.amount) for one in lines]

    def _budget(self, tables: Sequence[Cells]) -> _Read:
        names = {str(p.pk): p.name for p in self.participants}
        standing = self.standing_budget
        labels = dict(BudgetCategory.choices)

        def label(heads: Heads) -> str:
            to = f"til {names[heads[2]]}" if heads[2] in names else ""
            return ", ".join(filter(None, (str(labels.get(heads[0], "")), heads[1], to)))

        read = _Read()
        cells = _Cells(BUDGET, standing, label, tuple(on_a_list(BudgetCategory.choices)), "Post", 0)
        for table in tables:
            found = pasted.read_budget(table, years=self.years, recipients=names)
            has_recipients = any(
                cell.strip().lower() in ("modtager", "partner", "deltager")
                for row in table[:5]
                for cell in row
            )
            cells.read(
                found,
                lambda row, has=has_recipients: _budget_heads(row, standing, has_recipients=has),
                read,
            )
        return cells.compared(read)

    def _financing(self, tables: Sequence[Cells]) -> _Read:
        standing = self.standing_financing
        labels = dict(FinancingStatus.choices)

        def label(heads: Heads) -> str:
            return ", ".join(filter(None, (heads[0], str(labels.get(heads[1], "")))))

        read = _Read()
        cells = _Cells(
            FINANCING, standing, label, tuple(on_a_list(FinancingStatus.choices)), "Status", 1
        )
        statuses = {line.heads[0]: line.heads[1] for line in standing}
        for table in tables:
            found = pasted.read_financing(table, years=self.years, statuses=statuses)
            cells.read(found, lambda row: (row.heads["source"], row.heads["status"]), read)
        return cells.compared(read)

    def lines(self, name: str) -> list[tuple[Any, ...]] | None:
        """Give all the lines of a table as they are to be written, when something of it is chosen."""
        unit = self.unit(name)
        if unit is None:
            return None
        if name == FINANCING:
            return [
                (o.year, o.heads[0], o.amount, o.heads[1])
                for o in merged(self.standing_financing, unit.chosen)
            ]
        return [
            (o.year, o.heads[0], o.heads[1], o.amount, int(o.heads[2]) if o.heads[2] else None)
            for o in merged(self.standing_budget, unit.chosen)
        ]


@dataclass
class _Read:
    items: list[Item] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    same: int = 0

    def compare(self, standing: Participant, typed: TypedParticipant) -> None:
        now = (standing.role, standing.contact_name, standing.contact_email)
        becomes = (
            typed.role or standing.role,
            standing.contact_name if typed.contact_name is None else typed.contact_name,
            standing.contact_email if typed.contact_email is None else typed.contact_email,
        )
        if now == becomes:
            self.same += 1
            return
        self.items.append(
            Item(
                PARTICIPANTS,
                CHANGED,
                standing.name,
                (standing, *becomes),
                before=_participant_text(*now),
                after=_participant_text(*becomes),
            )
        )


# Participants as they are typed

ROLES = {danish.search_key(str(label)): value for value, label in ParticipantRole.choices}
LEAD = danish.search_key("tovholder")
KINDS = {danish.search_key(str(label)): value for value, label in OrganizationKind.choices}
COLUMNS = {
    "name": ("navn", "deltager", "deltagere", "organisation", "organisationer", "kommune"),
    "role": ("rolle",),
    "kind": ("type", "art"),
    "contact_name": ("kontaktperson", "kontakt", "kontaktpersonens navn"),
    "contact_email": ("mailadresse", "e mail", "mail", "email", "kontaktpersonens e mail"),
}
LONGEST_CONTACT = 150
MOST_PARTICIPANTS = 300


@dataclass(frozen=True)
class TypedParticipant:
    """One row of a table of participants; what the table has no column for is None, and says nothing."""

    name: str
    role: str = ""
    kind: str = ""
    contact_name: str | None = None
    contact_email: str | None = None
    is_lead: bool = False

    @property
    def text(self) -> str:
        return _participant_text(
            self.role or ParticipantRole.PARTICIPANT,
            self.contact_name or "",
            self.contact_email or "",
        )


def _participant_text(role: str, contact_name: str, contact_email: str) -> str:
    label = str(ParticipantRole(role).label)
    return ", ".join(filter(None, (label, contact_name, contact_email)))


def typed_participants(cells: Cells, notes: list[str]) -> Iterator[TypedParticipant]:
    """Read a table of participants, with or without a head; what cannot be read is told in `notes`."""
    head, columns = _columns(cells)
    for number, row in enumerate(cells[head:], head + 1):
        said = {
            name: danish.one_line(row[place]) if place < len(row) else ""
            for name, place in columns.items()
        }
        name = said["name"]
        if not name or danish.search_key(name) in ("i alt", "ingen deltagere"):
            if not name and any(said.values()):
                notes.append(f"Række {number} har intet navn og er ikke læst.")
            continue
        if number > MOST_PARTICIPANTS:
            notes.append(f"Der er læst {MOST_PARTICIPANTS} deltagere. Resten er ikke læst.")
            return
        yield _typed(name, said, notes)


def _columns(cells: Cells) -> tuple[int, dict[str, int]]:
    """Find the head, and what stands in which column; without one the first column is the name."""
    for number, row in enumerate(cells[:10]):
        found: dict[str, int] = {}
        for place, cell in enumerate(row):
            word = danish.search_key(cell)
            role = next((name for name, words in COLUMNS.items() if word in words), "")
            if role and role not in found:
                found[role] = place
        if "name" in found and (len(found) > 1 or len(row) == 1):
            return number + 1, found
    return 0, {"name": 0}


def _typed(name: str, said: Mapping[str, str], notes: list[str]) -> TypedParticipant:
    words = [danish.search_key(word) for word in said.get("role", "").split(",")]
    is_lead = LEAD in words
    role = ROLES.get(next((word for word in words if word != LEAD), ""), "")
    if said.get("role") and not role and words != [LEAD]:
        notes.append(
            f"»{said['role']}« ved {name} er ingen rolle, vi kender. Vælg rollen på siden."
        )
    email = said.get("contact_email")
    if email:
        try:
            validate_email(email)
        except ValidationError:
            notes.append(f"»{email}« ved {name} er ingen mailadresse og er ikke læst.")
            email = None
    contact = said.get("contact_name")
    if contact and len(contact) > LONGEST_CONTACT:
        notes.append(f"Kontaktpersonens navn ved {name} er for langt og er ikke læst.")
        contact = None
    kind = KINDS.get(danish.search_key(said.get("kind", "")), "")
    return TypedParticipant(name[:LONGEST_NAME], role, kind, contact, email, is_lead=is_lead)


def _doubtful(typed: TypedParticipant, candidates: Sequence[Organization]) -> Item:
    """Ask who is meant by a name, or what it is when nobody on the list is."""
    known = typed.kind if typed.kind in dict(ADDED_AS) and not candidates else ""
    options = (
        *((str(one.pk), one.name) for one in candidates),
        *ADDED_AS,
        (SKIP, "Tilføj ikke"),
    )
    act = (
        typed.role or ParticipantRole.PARTICIPANT,
        {str(one.pk): one for one in candidates},
        typed,
    )
    return Item(
        PARTICIPANTS,
        NEW if known else DOUBT,
        typed.name,
        act,
        after=typed.text,
        options=options,
        asks=f"Hvem er {typed.name}?",
        note="Navnet ligner nogen på listen. Vælg, hvem der menes."
        if candidates
        else "Navnet er ikke på listen over organisationer. Kommuner og regioner kan kun vælges fra listen.",
        chosen=known,
    )


def has_said(participant: Participant) -> bool:
    """Say whether somebody answers for a participant, or has said what it brings: then nobody takes it off unasked."""
    said = getattr(participant, "commitment", None)
    if said is None:
        return False
    brought = (said.plan_action, said.case_number, said.hours, said.amount)
    return bool(said.contact_id or said.answered_at or any(b not in ("", None) for b in brought))


# Lines of the economy

Heads = tuple[str, ...]
LONGEST_TEXT = 200
TOO_MUCH = Decimal(10) ** 12
MOST_LINES = 100
"""As the page of the economy has it."""


@dataclass(frozen=True)
class Line:
    heads: Heads
    year: int
    amount: Decimal

    @property
    def cell(self) -> tuple[Heads, int]:
        return self.heads, self.year


@dataclass(frozen=True)
class Amounts:
    """What taking an item in does to the lines: an amount of a year, or none, under these heads."""

    heads: Heads
    by_year: tuple[tuple[int, Decimal | None], ...]
    open_head: int | None = None
    """Which of the heads is to be chosen."""

    def named(self, chosen: str) -> Heads:
        if self.open_head is None:
            return self.heads
        return tuple(
            chosen if place == self.open_head else head for place, head in enumerate(self.heads)
        )


def _budget_heads(
    row: pasted.PastedRow, standing: Sequence[Line], *, has_recipients: bool
) -> Heads:
    """Name what a row is about; a table without a column of recipients says nothing of them, so they stay who they are."""
    category, description = row.heads["category"], row.heads["description"]
    recipient = row.heads["recipient"]
    if not has_recipients:
        there = {one.heads[2] for one in standing if one.heads[:2] == (category, description)}
        recipient = there.pop() if len(there) == 1 else ""
    return category, description, recipient


class _Cells:
    """The amounts of a table by what they are about and year, in the file and as they stand."""

    def __init__(
        self,
        unit: str,
        standing: Sequence[Line],
        label: Any,
        options: tuple[tuple[str, str], ...],
        asks: str,
        open_head: int,
    ) -> None:
        self.unit, self.label, self.options, self.asks = unit, label, options, asks
        self.open_head = open_head
        self.standing: dict[tuple[Heads, int], Decimal] = defaultdict(Decimal)
        for line in standing:
            self.standing[line.cell] += line.amount
        self.typed: dict[tuple[Heads, int], Decimal] = {}
        self.unread: set[tuple[Heads, int]] = set()

    def read(self, found: pasted.Pasted, heads_of: Any, read: _Read) -> None:
        asked = {doubt.row: doubt for doubt in found.doubts if doubt.column == self.asks}
        read.notes += [
            f"{TITLES[self.unit]}: {doubt}."
            for doubt in found.doubts
            if not (doubt.is_open and doubt.column == self.asks)
        ]
        read.notes += [
            f"{TITLES[self.unit]}: {text}." for text in found.left_out if "er en sum" not in text
        ]
        for row in found.rows:
            heads = heads_of(row)
            if any(len(head) > LONGEST_TEXT for head in heads):
                read.notes.append(
                    f"{TITLES[self.unit]}: Række {row.number} har en tekst på mere end {LONGEST_TEXT} tegn og er ikke læst."
                )
                continue
            amounts = dict(self._amounts(heads, row, read))
            if not heads[self.open_head]:
                read.items += self._doubtful(heads, amounts, asked.get(row.number))
                continue
            for year, amount in amounts.items():
                self.typed[heads, year] = self.typed.get((heads, year), Decimal(0)) + amount

    def _amounts(
        self, heads: Heads, row: pasted.PastedRow, read: _Read
    ) -> Iterator[tuple[int, Decimal]]:
        for year, text in row.amounts.items():
            try:
                amount = danish.parse_money(text)
            except ValueError:
                # It is told, and what stands is not gone for that.
                self.unread.add((heads, year))
                continue
            if amount >= TOO_MUCH:
                self.unread.add((heads, year))
                read.notes.append(
                    f"{TITLES[self.unit]}: Række {row.number}, {year}: beløbet er for stort."
                )
                continue
            yield year, amount

    def _doubtful(
        self, heads: Heads, amounts: Mapping[int, Decimal], doubt: pasted.Doubt | None
    ) -> Iterator[Item]:
        known = [self._known(heads, year, amount) for year, amount in amounts.items()]
        if amounts and all(known):
            # It was chosen here what it is, and it says the same since.
            self.typed |= {cell: self.standing[cell] for cell in known if cell}
        elif amounts:
            said = [f"{year}: {danish.money_text(amount)}" for year, amount in amounts.items()]
            yield Item(
                self.unit,
                DOUBT,
                self.label(heads) or "Uden tekst",
                Amounts(heads, tuple(amounts.items()), self.open_head),
                after=", ".join(said),
                options=(*self.options, (SKIP, "Læs ikke ind")),
                asks=f"{self.asks} for {self.label(heads) or 'rækken'}",
                note=f"{doubt.text}." if doubt else "",
            )

    def _known(self, heads: Heads, year: int, amount: Decimal) -> tuple[Heads, int] | None:
        """Find the line that says the same, whatever stands where the file does not say it."""
        rest = self._rest(heads)
        return next(
            (
                (there, when)
                for (there, when), value in self.standing.items()
                if when == year and value == amount and self._rest(there) == rest
            ),
            None,
        )

    def _rest(self, heads: Heads) -> Heads:
        return tuple(head for place, head in enumerate(heads) if place != self.open_head)

    def compared(self, read: _Read) -> _Read:
        for cell, amount in self.typed.items():
            if cell not in self.standing:
                read.items.append(self._item(NEW, cell, None, amount))
            elif self.standing[cell] != amount:
                read.items.append(self._item(CHANGED, cell, self.standing[cell], amount))
            else:
                read.same += 1
        read.items += [
            self._item(GONE, cell, amount, None)
            for cell, amount in self.standing.items()
            if cell not in self.typed and cell not in self.unread
        ]
        return read

    def _item(
        self, state: str, cell: tuple[Heads, int], before: Decimal | None, after: Decimal | None
    ) -> Item:
        heads, year = cell
        return Item(
            self.unit,
            state,
            f"{self.label(heads)}, {year}",
            Amounts(heads, ((year, after),)),
            before="" if before is None else danish.money_text(before),
            after="" if after is None else danish.money_text(after),
        )


def merged(standing: Sequence[Line], chosen: Sequence[Item]) -> list[Line]:
    """Give the lines that stand, with what was chosen put in their place and the rest behind them."""
    becomes: dict[tuple[Heads, int], Decimal | None] = {}
    for item in chosen:
        heads = item.act.named(item.chosen)
        for year, amount in item.act.by_year:
            becomes[heads, year] = amount
    lines: list[Line] = []
    placed: set[tuple[Heads, int]] = set()
    for line in standing:
        if line.cell not in becomes:
            lines.append(line)
        elif line.cell not in placed:
            placed.add(line.cell)
            amount = becomes[line.cell]
            lines += [] if amount is None else [Line(line.heads, line.year, amount)]
    lines += [
        Line(heads, year, amount)
        for (heads, year), amount in becomes.items()
        if (heads, year) not in placed and amount is not None
    ]
    return lines


# What the page sent

VERSION = re.compile("[0-9]{1,9}")


def sent_cells(sent: Any) -> dict[str, list[Cells]]:
    """Give the tables that a look carried."""
    return {name: list(map(pasted.cells_of, sent.getlist(f"celler-{name}"))) for name in TITLES}


def sent_versions(sent: Any) -> dict[str, int]:
    """Give the versions that a look said its file was made from."""
    said = {name: sent.get(f"fra-{name}", "") for name in TITLES}
    return {name: int(text) for name, text in said.items() if VERSION.fullmatch(text)}


def sent_choices(sent: Any, *, changed: Collection[str] = ()) -> Sent:
    prefix = "valg-"
    choices = {n.removeprefix(prefix): sent.get(n) for n in sent if n.startswith(prefix)}
    return Sent(sent.getlist("raekke"), choices, changed)
