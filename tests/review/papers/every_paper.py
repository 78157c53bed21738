"""Every paper that the portal prints, and the same with something else in each text that a person may have written."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from klimaspor import pdf
from proposals.answers.content import Content
from proposals.answers.sums import BudgetRow, FinancingRow
from proposals.printing import drawings, papers, rus
from proposals.printing.drawings import Picture
from review.agenda.models import Agenda
from review.papers import minutes as committee_minutes
from review.papers import papers as committee_papers
from tests.factories import walk
from tests.factories.walk import World, day
from tests.review.papers.cases import AT, a_case, published

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NAMES = ("version", "live", "rus", "papers", "minutes", "annex")
# What a paper's templates ask about, and figures: nobody writes them.
_KEPT = frozenset(
    {
        "amount",
        "budget",
        "budget_total",
        "by_year",
        "code",
        "direction",
        "financing",
        "financing_total",
        "kind",
        "number",
        "percent",
        "rows",
        "sha256",
        "size",
        "slug",
        "total",
        "word",
        "year",
    }
)


@dataclass(frozen=True)
class Paper:
    template: str
    context: dict[str, Any]
    pictures: tuple[Picture, ...] = ()

    def print(self) -> bytes:
        return pdf.render(self.template, self.context, images=drawings.images(iter(self.pictures)))

    def with_texts(self, change: Callable[[str], str]) -> Paper:
        return replace(self, context={k: _changed(v, change) for k, v in self.context.items()})


def every_paper(world: World) -> dict[str, Paper]:
    """The papers of a meeting with two proposals, and of one of them."""
    first, second = a_case(world, "Klog varme", annexes=2), a_case(world, "Grønne indkøb")
    agenda = published(world, first, second, is_closed=True)
    walk.decide(agenda, "approved", world)
    agenda = Agenda.objects.get(pk=agenda.pk)
    version = first.versions.latest("number")
    content = with_money(Content.of_version(version))
    sent = replace(papers.collect(version, regions={}), economy=papers.money(content))
    case = committee_papers.collect(agenda, at=AT)
    return {
        "version": Paper(
            "proposals/printing/pdf/version.html", {"paper": sent}, tuple(sent.pictures)
        ),
        "live": Paper(
            "proposals/printing/pdf/version.html",
            {"paper": replace(sent, sha256="")},
            tuple(sent.pictures),
        ),
        "rus": Paper(
            "proposals/printing/pdf/rus.html",
            {
                "content": content,
                "heading": rus.HEADING,
                "rows": rus.rows(content),
                "said": sent.imprint,
            },
        ),
        "papers": Paper("review/papers/pdf/papers.html", {"papers": case}, tuple(case.pictures)),
        "minutes": Paper(
            "review/papers/pdf/minutes.html",
            {"minutes": committee_minutes.collect_minutes(agenda, at=day(9))},
        ),
        "annex": Paper(
            "review/papers/pdf/demo_annex.html", {"title": "Et kort", "number": "KS-1", "at": AT}
        ),
    }


def with_money(content: Content) -> Content:
    """The same with lines of money in five years."""
    return replace(
        content,
        financing=tuple(
            FinancingRow(year, source, Decimal(amount), "expected", "forventet")
            for year in range(2027, 2032)
            for source, amount in (("Klimaalliancen", "1500000"), ("Aarhus Kommune", "250000.50"))
        ),
        budget=tuple(
            BudgetRow("staff", "løn og timer", "Møder", year, Decimal(500_000), "Vand ApS", True)
            for year in range(2027, 2032)
        ),
    )


def _changed(data: Any, change: Callable[[str], str], name: str = "") -> Any:
    if isinstance(data, Picture) or name in _KEPT:
        return data
    if isinstance(data, str):
        return change(data)
    if isinstance(data, tuple):
        return tuple(_changed(each, change) for each in data)
    if is_dataclass(data) and not isinstance(data, type):
        return replace(data, **dict(_fields(data, change)))
    return data


def _fields(data: Any, change: Callable[[str], str]) -> Iterator[tuple[str, Any]]:
    for field in fields(data):
        yield field.name, _changed(getattr(data, field.name), change, field.name)
