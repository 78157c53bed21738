"""The committee's papers ("sagsmateriale"): everything about each item, from the rows that publication froze."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from klimaspor import danish, pdf
from proposals.printing import drawings
from review.papers.case import Case, Known, case_of
from review.recommendation.models import Direction, at_point

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from proposals.printing.drawings import Picture
    from review.agenda.models import Agenda, AgendaItem, Dossier
    from review.recommendation.models import Recommendation

    Report = Callable[[int, int], None]
    """Told how many parts are done, of how many; it may stop the work by raising."""


@dataclass(frozen=True)
class Amount:
    funder: str
    amount: str


@dataclass(frozen=True)
class Advised:
    """What the committee is asked to decide ("indstilling")."""

    direction: str
    """For a proposal: godkendes or gives afslag."""
    points: tuple[str, ...]
    """Each begins with "at"."""
    amounts: tuple[Amount, ...]
    total: str
    reason: str


@dataclass(frozen=True)
class Annex:
    """A file that goes with an item ("bilag")."""

    pk: int
    label: str
    """E.g. "Bilag 3.2"."""
    title: str
    file_name: str
    size: int
    sha256: str
    is_closed: bool
    """Confidential, also when the item is open ("lukket bilag")."""
    path: str
    """Where it lies in the zip."""
    sent_at: datetime
    """When the proposal was sent with it."""
    stored: str
    """Where it lies in the storage; empty when it is no longer known."""


@dataclass(frozen=True)
class Item:
    """One item of the agenda ("punkt")."""

    number: int
    title: str
    kind: str
    is_closed: bool
    minutes: int
    resume: str
    case_text: str
    advised: Advised | None
    case: Case | None
    annexes: tuple[Annex, ...]

    @property
    def anchor(self) -> str:
        return f"punkt-{self.number}"

    @property
    def letters(self) -> int:
        """About how much text there is to set."""
        return len(json.dumps(_plain(self)))


@dataclass(frozen=True)
class Meeting:
    date: str
    time: str
    place: str
    edition: int
    act: str
    """What the paper proves and when that was, e.g. "udsendt mandag den …"; never the day it was set."""
    act_at: datetime
    readers: str


@dataclass(frozen=True)
class Papers:
    """Everything in the committee's papers, resolved."""

    meeting: Meeting
    fingerprint: str
    """Over the contents, so that two copies can be compared; it does not change with the time of making."""
    items: tuple[Item, ...]

    @property
    def minutes(self) -> int:
        return sum(item.minutes for item in self.items)

    @property
    def pictures(self) -> Iterator[Picture]:
        for item in self.items:
            if item.case:
                yield from item.case.paper.pictures


def collect(
    agenda: Agenda,
    *,
    at: datetime,
    edition: int = 1,
    report: Report = lambda done, total: None,
) -> Papers:
    """Read everything the papers hold: a constant number of queries, however many items there are."""
    rows = list(agenda.items.with_papers().listed())
    versions = [row.version for row in rows if row.version]
    known = Known.about(versions, agenda.published_at or at)
    items = []
    for done, row in enumerate(rows, 1):
        items.append(_item(row, known))
        report(done, len(rows))
    return Papers(agenda_meeting(agenda, edition=edition, at=at), fingerprint(items), tuple(items))


def _item(row: AgendaItem, known: Known) -> Item:
    number = row.number or row.position
    case = case_of(row.version, known) if row.version else None
    return Item(
        number=number,
        title=row.title,
        kind=row.get_kind_display(),
        is_closed=row.is_closed,
        minutes=row.minutes,
        resume=row.recommendation.resume if row.recommendation else row.resume,
        case_text=row.case_text,
        advised=advised(row),
        case=case,
        annexes=_annexes(number, row.title, case, known) if case else (),
    )


def advised(row: AgendaItem) -> Advised | None:
    if row.recommendation:
        return _recommended(row.recommendation)
    points = tuple(at_point(line) for line in row.proposed.splitlines() if line.strip())
    return Advised("", points, (), "", "") if points else None


def _recommended(recommendation: Recommendation) -> Advised:
    points = sorted(recommendation.points.all(), key=lambda point: point.position)
    amounts = sorted(
        recommendation.amounts.all(), key=lambda amount: (amount.funder.sort_key, amount.pk)
    )
    return Advised(
        direction=Direction(recommendation.direction).label,
        points=tuple(str(point) for point in points),
        amounts=tuple(Amount(one.funder.name, danish.money_text(one.amount)) for one in amounts),
        total=danish.money_text(sum((one.amount for one in amounts), Decimal(0)))
        if len(amounts) > 1
        else "",
        reason=recommendation.reason,
    )


CLOSED_FOLDER = "Fortroligt"


def _annexes(number: int, title: str, case: Case, known: Known) -> tuple[Annex, ...]:
    folder = _path_part(f"Punkt {number} {title}")
    annexes = []
    for index, row in enumerate(case.paper.attachments, 1):
        label = f"Bilag {number}.{index}"
        within = f"{folder}/{CLOSED_FOLDER}" if row.is_confidential else folder
        annexes.append(
            Annex(
                pk=row.pk,
                label=label,
                title=row.title,
                file_name=row.file_name,
                size=row.size,
                sha256=row.sha256,
                is_closed=row.is_confidential,
                path=f"{within}/{_path_part(f'{label} {row.title}')}{row.kind.ending}",
                sent_at=case.paper.imprint.act_at,
                stored=known.stored.get(row.pk, ""),
            )
        )
    return tuple(annexes)


LONGEST_PATH_PART = 80


def _path_part(text: str) -> str:
    """Make a name of a file or folder that every machine can unpack, and that leads nowhere else."""
    plain = re.sub(r'[\x00-\x1f\x7f/\\:*?"<>|]+', " ", text)
    return " ".join(plain.split())[:LONGEST_PATH_PART].rstrip(" .") or "uden navn"


READERS = (
    "Kan læses af forretningsudvalget og sekretariatet, dog ikke af den, "
    "der er inhabil i et af punkterne."
)


def agenda_meeting(agenda: Agenda, *, edition: int, at: datetime) -> Meeting:
    """Give the meeting as the papers sent before it say it; `at` dates what is not sent yet."""
    word = "udsendt" if agenda.published_at else "kladde, som den stod"
    return meeting_of(agenda, edition=edition, act=word, act_at=agenda.published_at or at)


def meeting_of(agenda: Agenda, *, edition: int, act: str, act_at: datetime) -> Meeting:
    return Meeting(
        date=danish.date_text(agenda.meeting_date),
        time=danish.clock_text(agenda.meeting_time) if agenda.meeting_time else "",
        place=agenda.place,
        edition=edition,
        act=f"{act} {danish.datetime_text(act_at)}",
        act_at=act_at,
        readers=READERS,
    )


def _plain(data: Any) -> Any:
    return json.loads(json.dumps(asdict(data), default=_said))


def _said(value: Any) -> str:
    """Say what JSON has no word for: a drawing by its hash, an amount or a date by its figures."""
    return hashlib.sha256(value).hexdigest() if isinstance(value, bytes) else str(value)


def fingerprint(rows: Sequence[Any]) -> str:
    canonical = json.dumps([_plain(row) for row in rows], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


LETTERS_A_PAGE = 4300
"""Measured on papers of ordinary proposals; a wrong guess only makes the bar uneven."""
STAGES = 3
"""Each item is counted as it is collected, laid out and drawn."""


def typeset(dossier: Dossier, *, at: datetime, report: Report) -> bytes:
    """
    Collect and set the papers.

    Which item a page belongs to nobody says, so the second and third stage follow the share of the pages: those that are
    expected, and those there are.
    """
    items = dossier.agenda.items.count()
    parts = STAGES * items + 1
    data = collect(
        dossier.agenda, at=at, edition=dossier.number, report=lambda done, _: report(done, parts)
    )
    expected = 2 + sum(1 + item.letters // LETTERS_A_PAGE for item in data.items)
    furthest = 0

    def tell(page: int, pages: int | None) -> None:
        nonlocal furthest
        before = items if pages is None else 2 * items
        done = before + int(min(page / (pages or expected), 1) * items)
        furthest = max(furthest, done)
        report(furthest, parts)

    content = pdf.render(
        "review/papers/pdf/papers.html",
        {"papers": data},
        images=drawings.images(data.pictures),
        on_page=tell,
    )
    report(parts, parts)
    return content
