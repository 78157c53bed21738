"""Whatever people write, every paper holds it: inside the page, in signs that are there, on pages worth their paper."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING

import pytest

from tests import pdf_structure
from tests.review.papers.every_paper import every_paper

if TYPE_CHECKING:
    from tests.factories.walk import World

pytestmark = [pytest.mark.django_db, pytest.mark.slow("each sets every paper for real")]

LINK = "https://www.example.org/" + "klimahandlingsplan-2027/" * 6 + "side?udgave=2&sprog=da"
LEAST = 0.15


def test_ordinary_papers_leave_no_page_empty_and_end_on_more_than_a_line(world: World) -> None:
    nearly_empty = {}
    for name, paper in every_paper(world).items():
        pages = pdf_structure.ink(paper.print())
        short = [n for n, page in enumerate(pages[:-1], 1) if page.share < LEAST]
        nearly_empty[name] = short + ([len(pages)] if pages[-1].lines < 3 else [])

    assert [name for name, pages in nearly_empty.items() if pages] == []


def test_whatever_is_written_stays_inside_the_page_in_signs_that_are_there(world: World) -> None:
    words = cycle(("", LINK, "", "X" * 120, "🌱✅👨\u200d👩\u200d👧 中 10⁻³"))
    faults = {}
    for name, paper in every_paper(world).items():
        content = paper.with_texts(lambda text: f"{text} {next(words)}" if text else text).print()
        pages = pdf_structure.ink(content)
        found = pdf_structure.read(content)
        faults[name] = {
            "outside": "".join(page.outside for page in pages),
            "boxes": pdf_structure.missing_glyphs(content),
            "not found": found.ids - found.ids_found,
            "nowhere": [link for link in found.links if not link.startswith("Gå til ")],
        }

    fine = {"outside": "", "boxes": 0, "not found": frozenset(), "nowhere": []}
    assert [fault for fault in faults.items() if fault[1] != fine] == []
