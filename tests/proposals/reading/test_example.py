"""The model proposal: every question answered, figures that add up, and answers that the form itself would take."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.datastructures import MultiValueDict

import pytest

from klimaspor import danish
from proposals.answers import examples
from proposals.answers.sections import BY_SLUG, FIELDS, SECTION_OF, SECTIONS, Kind
from proposals.drafting.parts import SectionForm
from proposals.line.models import Proposal
from tests.factories.intake import a_cast, a_draft, a_round

if TYPE_CHECKING:
    from tests.pages import Pages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def test_the_example_answers_every_question_and_stands_on_a_page_of_its_own(pages: Pages) -> None:
    page = pages.get("/eksempel/")

    assert list(examples.EXAMPLES) == list(FIELDS)
    assert [q.label for q in FIELDS.values() if q.label not in page.text] == []
    places = {e.get("id", "") for e in page.root.iter("h2")}
    assert {section.slug for section in SECTIONS if section.fields} <= places


def test_its_figures_add_up() -> None:
    spent, given = (
        [sum(amounts[place] for *_, amounts in lines) for place in range(len(examples.YEARS))]
        for lines in (examples.BUDGET, examples.FINANCING)
    )
    asked = sum(
        amount
        for source, _, amounts in examples.FINANCING
        for amount in amounts
        if source == "Klimaalliancen"
    )

    assert spent == given
    assert danish.parse_money(examples.EXAMPLES["budget"]) == sum(spent)
    assert danish.parse_money(examples.EXAMPLES["requested_amount"]) == Decimal(asked)


@pytest.mark.parametrize(
    "name", [n for n, q in FIELDS.items() if q.kind not in (Kind.DGO, Kind.GOALS, Kind.YES_NO)]
)
def test_each_answer_is_one_the_form_takes(name: str) -> None:
    question = FIELDS[name]
    form = SectionForm(
        MultiValueDict({name: [question.example]}),
        section=BY_SLUG[SECTION_OF[name]],
        proposal=Proposal(),
    )
    form.is_valid()

    assert form.errors.get(name) is None
    assert form.answers[question.attributes[0]]


def test_each_section_shows_its_examples_and_leads_to_its_part_of_the_whole(pages: Pages) -> None:
    cast = a_cast()
    proposal = a_draft(cast, a_round())
    pages.as_(cast.owner)

    page = pages.get(f"/forslag/{proposal.number}/afsnit/effekt/")

    assert page.text.count("Se et eksempel") == 4
    assert "/eksempel/#effekt" in [a.get("href", "") for a in page.root.iter("a")]
