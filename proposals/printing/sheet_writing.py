"""Participants and economy as an Excel file to fill in, a sheet each, and a last one that says what it was made from."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from klimaspor.accounts.models import OrganizationKind
from klimaspor.excel import writing as excel
from proposals.answers.sums import FinancingStatus
from proposals.economy.models import BudgetCategory
from proposals.participants.models import ParticipantRole
from proposals.printing.sheet_reading import ABOUT, EDITION, NAMES, NUMBER
from proposals.printing.word_reading import BUDGET, FINANCING, PARTICIPANTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from proposals.line.models import Proposal

HELP = (
    "Ret, slet og tilføj rækker i de tre ark. Et beløb for hvert år står i årets kolonne; tilføj flere år ved at skrive årstallet øverst.",
    "En deltager skrives med det navn, organisationen har på listen. Rollen vælges fra listen i cellen.",
    "Gem filen, og vælg den på siden »Skriv i Word eller Excel«. I ser, hvad der bliver ændret, før noget bliver gemt.",
    "Linjerne herunder fortæller, hvornår tallene er hentet. Lad dem stå.",
)


def write(proposal: Proposal, versions: Mapping[str, int]) -> bytes:
    """Write the file; `versions` says which version of the rows this is."""
    roles = tuple(str(label) for label in ParticipantRole.labels)
    kinds = tuple(str(label) for label in OrganizationKind.labels)
    people = proposal.participants.listed()
    budget = sorted(proposal.budget_lines.listed(), key=lambda line: line.position)
    financing = sorted(proposal.financing.listed(), key=lambda line: line.position)
    spent = [
        (
            (
                str(line.get_category_display()),
                line.description,
                line.recipient.name if line.recipient else "",
            ),
            line.year,
            line.amount,
        )
        for line in budget
    ]
    given = [
        ((line.source, str(line.get_status_display())), line.year, line.amount)
        for line in financing
    ]
    return excel.write(
        [
            excel.Table(
                NAMES[PARTICIPANTS],
                ("Navn", "Rolle", "Type", "Kontaktperson", "Mailadresse"),
                tuple(
                    (
                        one.name,
                        str(one.get_role_display()),
                        str(one.kind.label),
                        one.contact_name,
                        one.contact_email,
                    )
                    for one in people
                ),
                (40, 18, 24, 28, 34),
                (excel.Choices(1, roles), excel.Choices(2, kinds)),
            ),
            _grid(
                BUDGET,
                ("Post", "Hvad", "Modtager"),
                spent,
                _years(proposal, spent),
                (28, 40, 28),
                excel.Choices(0, tuple(str(label) for label in BudgetCategory.labels)),
            ),
            _grid(
                FINANCING,
                ("Kilde", "Status"),
                given,
                _years(proposal, given),
                (40, 18),
                excel.Choices(1, tuple(str(label) for label in FinancingStatus.labels)),
            ),
            excel.Table(
                ABOUT,
                (NUMBER, proposal.number),
                (
                    *((f"{NAMES[name]}, {EDITION}", str(versions.get(name, 0))) for name in NAMES),
                    *((line, "") for line in HELP),
                ),
                (90, 20),
            ),
        ],
        title=f"{proposal.number} {proposal.title}",
    )


Spent = tuple[tuple[str, ...], int, Decimal]


def _years(proposal: Proposal, lines: Sequence[Spent]) -> list[int]:
    start, end = proposal.period_start, proposal.period_end
    first = proposal.round.meeting_date.year
    # Until the period is said it begins where the round decides.
    of_period = range(start.year, end.year + 1) if start and end else range(first, first + 3)
    return sorted({*of_period, *(year for _, year, _ in lines)})


def _grid(
    name: str,
    heads: tuple[str, ...],
    lines: Sequence[Spent],
    years: Sequence[int],
    widths: tuple[int, ...],
    choices: excel.Choices,
) -> excel.Table:
    """Put lines about the same in one row with a column for each year; two in one year get a row each."""
    rows: list[tuple[tuple[str, ...], dict[int, Decimal]]] = []
    for about, year, amount in lines:
        place = next((by for row, by in rows if row == about and year not in by), None)
        if place is None:
            place = {}
            rows.append((about, place))
        place[year] = amount
    return excel.Table(
        NAMES[name],
        (*heads, *years),
        tuple((*about, *(by_year.get(year) for year in years)) for about, by_year in rows),
        (*widths, *(14 for _ in years)),
        (choices,),
        sums=len(heads),
    )
