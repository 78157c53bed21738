"""The forms of intake: every question of `sections` has a field, and what is valid is told from what is not."""

from __future__ import annotations

import pkgutil
from datetime import date
from decimal import Decimal
from importlib import import_module
from typing import Any

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

import pytest
from hypothesis import given
from hypothesis import strategies as st

import proposals
from klimaspor import danish
from klimaspor.accounts.models import AUTHORITY_KINDS, Dgo, User
from proposals.answers.sections import BY_SLUG, SECTIONS, Kind
from proposals.attachments.forms import AttachmentForm
from proposals.drafting.parts import SectionForm
from proposals.economy.forms import BudgetForm, FinancingForm, budget_formset, financing_formset
from proposals.economy.models import Financing
from proposals.gates.forms import DispensationForm
from proposals.line.models import Proposal
from proposals.participants.forms import TYPED_KINDS, TypedParticipantForm
from proposals.participants.models import Participant

MODULES = tuple(
    import_module(found.name)
    for found in pkgutil.walk_packages(proposals.__path__, "proposals.")
    if found.name.endswith((".forms", ".parts"))
)
"""Where every form of intake stands."""


def form(slug: str, data: dict[str, Any] | None = None, **answers: Any) -> SectionForm:
    return SectionForm(
        data, section=BY_SLUG[slug], proposal=Proposal(**answers), dgos=Dgo.objects.none()
    )


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.slug)
def test_section_form_asks_every_question_with_its_own_words(section: Any) -> None:
    made = form(section.slug)
    assert [(f.label, f.help_text) for f, _ in made.asked] == [
        (question.label, question.help) for question in section.fields
    ]
    assert made.optional_fields == [q.name for q in section.fields if not q.required]
    assert not any(field.required for field in made.fields.values())


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.slug)
def test_section_form_saves_exactly_the_attributes_of_its_questions(section: Any) -> None:
    made = form(section.slug, {})
    assert made.is_valid()
    assert set(made.answers) == {name for q in section.fields for name in q.attributes}


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_question_is_asked(kind: Kind) -> None:
    asked = {question.kind for section in SECTIONS for question in section.fields}
    assert kind in asked


def test_section_form_leaves_out_what_cannot_be_read() -> None:
    made = form("oekonomi", {"requested_amount": "1.5", "budget": "10-12 mio.", "finances": "x"})
    assert not made.is_valid()
    assert "requested_amount" not in made.answers
    assert made.answers["budget_min"] == Decimal(10_000_000)
    assert made.answers["budget_max"] == Decimal(12_000_000)
    assert made.answers["finances"] == "x"


def test_section_form_empties_a_range_in_both_ends() -> None:
    answers = form("oekonomi", {"budget": ""}, budget_min=Decimal(1), budget_max=Decimal(2))
    assert answers.is_valid()
    assert (answers.answers["budget_min"], answers.answers["budget_max"]) == (None, None)


@pytest.mark.parametrize(
    ("typed", "last"), (("februar 2028", date(2028, 2, 29)), ("12.2027", date(2027, 12, 31)))
)
def test_period_ends_on_the_last_day_of_its_month(typed: str, last: date) -> None:
    made = form("periode", {"period_end": typed})
    assert made.is_valid()
    assert made.answers["period_end"] == last


@pytest.mark.parametrize(
    ("start", "end"),
    (
        ("1. januar 2027", "31. december 2028"),
        ("1.1.2027", "31/12 2028"),
        ("01-01-2027", "31/12-2028"),
        ("januar 2027", "december 2028"),
        ("1/2027", "2028-12"),
    ),
)
def test_a_period_is_read_as_people_write_it(start: str, end: str) -> None:
    made = form("periode", {"period_start": start, "period_end": end})

    assert made.is_valid(), made.errors
    assert (made.answers["period_start"], made.answers["period_end"]) == (
        date(2027, 1, 1),
        date(2028, 12, 31),
    )


def test_a_period_that_cannot_be_read_says_which_month_and_how_and_keeps_what_was_typed() -> None:
    made = form("periode", {"period_start": "15. januar 2027", "period_end": "ultimo 2028"})

    said = {name: [danish.plain(text) for text in texts] for name, texts in made.errors.items()}
    assert said == {
        "period_start": [
            "Projektets begyndelse: der regnes i hele måneder. Indtast den første måned, fx januar 2027"
        ],
        "period_end": [
            "Projektets slutning: måneden findes ikke. Indtast måned og år, fx januar 2027"
        ],
    }
    assert (made["period_start"].value(), made["period_end"].value()) == (
        "15. januar 2027",
        "ultimo 2028",
    )


@pytest.mark.parametrize(
    "typed",
    (
        {"period_start": "maj 2028", "period_end": "april 2028"},
        {"period_start": "engang", "period_end": "april 2028"},
        {"period_start": "maj 2028", "period_end": "engang"},
    ),
)
def test_half_a_period_is_not_saved(typed: dict[str, str]) -> None:
    made = form("periode", {**typed, "continuation": "Drift"})
    assert not made.is_valid()
    assert not {"period_start", "period_end"} & set(made.answers)
    assert made.answers["continuation"] == "Drift"


def test_answers_are_shown_as_they_would_be_typed() -> None:
    made = form("periode", None, period_start=date(2027, 1, 1), period_end=date(2028, 12, 31))
    assert (made["period_start"].value(), made["period_end"].value()) == (
        "januar 2027",
        "december 2028",
    )
    money = form(
        "oekonomi", None, requested_amount=Decimal(0), budget_min=Decimal(0), budget_max=Decimal(0)
    )
    assert (money["requested_amount"].value(), money["budget"].value()) == ("0", "0 kr.")


def test_dgo_is_not_a_field_once_it_is_settled() -> None:
    made = SectionForm(
        {"lead_dgo": "1"}, section=BY_SLUG["deltagere"], proposal=Proposal(), dgos=None
    )
    assert "lead_dgo" not in made.fields
    assert made.is_valid()
    assert "lead_dgo" not in made.answers


def test_prose_is_counted_after_tidying_with_a_line_break_as_one() -> None:
    assert form("rus", {"rus_areas": "x\r\n" * 400 + "y" * 200}).is_valid()
    made = form("rus", {"rus_areas": "x" * 1001})
    assert made.errors["rus_areas"] == [
        "Teksten må højst være på 1000 tegn. Den er på 1001. Gør den kortere"
    ]


def test_typed_participants_are_no_authorities() -> None:
    assert not {kind for kind, _ in TYPED_KINDS} & set(AUTHORITY_KINDS)


def test_typed_participant_left_empty_says_nothing() -> None:
    made = TypedParticipantForm({"typed_role": "participant"})
    assert made.is_valid()
    assert not made.is_filled


def test_financing_keeps_what_stays_in_order() -> None:
    rows = financing_formset(
        [],
        {
            "linjer-TOTAL_FORMS": "4",
            "linjer-INITIAL_FORMS": "0",
            **row(0, "2028", "B", "0", "own_time"),
            **row(1, "2027", "A", "1,5 mio.", "granted"),
            **row(2, "2027", "Fjernes", "1", "granted"),
            "linjer-2-DELETE": "on",
        },
    )
    assert rows.is_valid()
    assert rows.lines == [
        {"year": 2028, "source": "B", "amount": Decimal(0), "status": "own_time"},
        {"year": 2027, "source": "A", "amount": Decimal(1_500_000), "status": "granted"},
    ]


LINES = st.lists(
    st.sampled_from(
        [
            {"year": year, "source": source, "amount": Decimal(1_500_000), "status": "granted"}
            for year in (2027, 2028)
            for source in ("Realdania", "Kommunen selv")
        ]
    ),
    max_size=6,
)


@given(saved=LINES, typed=LINES, shown=st.integers(0, 6))
def test_financing_is_what_was_posted_whatever_has_been_saved(
    saved: list[dict[str, Any]], typed: list[dict[str, Any]], shown: int
) -> None:
    """A page that was opened with `shown` lines sends all it has, also those that were saved on the way."""
    data = {
        "linjer-TOTAL_FORMS": str(len(typed)),
        "linjer-INITIAL_FORMS": str(min(shown, len(typed))),
    }
    for number, line in enumerate(typed):
        data |= row(number, str(line["year"]), line["source"], "1,5 mio.", line["status"])
    rows = financing_formset([Financing(**line) for line in saved], data)
    assert rows.is_valid()
    assert rows.lines == typed


def test_budget_keeps_what_stays_in_order() -> None:
    company = Participant(pk=7, typed_name="Vand ApS", typed_kind="company")
    kommune = Participant(pk=8, typed_name="Værket", typed_kind="utility")
    rows = budget_formset(
        [],
        [company, kommune],
        {
            "budgetlinjer-TOTAL_FORMS": "4",
            "budgetlinjer-INITIAL_FORMS": "0",
            **spent(0, "2028", "staff", "", "0", ""),
            **spent(1, "2027", "tests", "Prøver", "1,5 mio.", "7"),
            **spent(2, "2027", "tests", "Fjernes", "1", "8"),
            "budgetlinjer-2-DELETE": "on",
        },
    )
    assert rows.is_valid()
    assert rows.lines == [
        {
            "year": 2028,
            "category": "staff",
            "description": "",
            "amount": Decimal(0),
            "recipient": None,
        },
        {
            "year": 2027,
            "category": "tests",
            "description": "Prøver",
            "amount": Decimal(1_500_000),
            "recipient": 7,
        },
    ]
    assert list(rows.forms[0].fields["recipient"].choices) == [
        ("", "Ingen deltager"),
        ("7", "Vand ApS (statsstøtte?)"),
        ("8", "Værket"),
    ]


@pytest.mark.parametrize(
    ("typed", "amount"),
    (
        ("1.500.000", 1_500_000),
        ("1500000", 1_500_000),
        ("1 500 000", 1_500_000),
        ("1,5 mio.", 1_500_000),
        ("1,5 mio. kr.", 1_500_000),
        ("1.500", 1500),
        ("1.500,50", Decimal("1500.50")),
        ("kr. 500,-", 500),
        ("0", 0),
        ("0 kr.", 0),
        (
            "1.5",
            "Brug punktum mellem tusinder og komma før decimaler, fx 1.500.000 eller 1,5 mio. kr.",
        ),
        ("-3", "Beløbet kan ikke være negativt. Indtast det uden minus, fx 1.500.000"),
        ("10-12", "Beløbet skal være ét tal, ikke fra og til, fx 1.500.000"),
        ("10-12 mio.", "Beløbet skal være ét tal, ikke fra og til, fx 1.500.000"),
        ("mange", "Beløbet skal være et tal, fx 1.500.000"),
        ("", "Indtast et beløb, fx 1.500.000"),
        ("9" * 30, "Beløbet er for stort. Indtast det i kroner, fx 1.500.000"),
    ),
)
def test_a_line_reads_amounts_as_danes_write_them(typed: str, amount: Any) -> None:
    for made in (
        BudgetForm({"year": "2027", "category": "staff", "amount": typed}, participants=[]),
        FinancingForm({"year": "2027", "source": "A", "amount": typed, "status": "granted"}),
    ):
        if isinstance(amount, str):
            assert made.errors == {"amount": [amount]}
        else:
            assert made.is_valid()
            assert made.cleaned_data["amount"] == amount


@pytest.mark.parametrize(
    ("typed", "ends"),
    (
        ("10-12 mio.", (10_000_000, 12_000_000)),
        ("10 - 12 mio. kr.", (10_000_000, 12_000_000)),
        ("800.000-1,2 mio.", (800_000, 1_200_000)),
        ("1.500", (1500, 1500)),
        ("0", (0, 0)),
        ("-3", None),
        ("12-10 mio.", None),
    ),
)
def test_the_total_may_be_a_range(typed: str, ends: tuple[int, int] | None) -> None:
    made = form("oekonomi", {"budget": typed})
    assert made.is_valid() == (ends is not None)
    found = (made.answers.get("budget_min"), made.answers.get("budget_max"))
    assert found == (ends or (None, None))


def test_a_table_that_was_not_on_the_page_says_nothing() -> None:
    rows = budget_formset([], [], {"finances": "x"})
    assert (rows.is_bound, rows.lines, rows.unread) == (False, [], 0)


def test_financing_has_a_largest_number_of_lines() -> None:
    rows = financing_formset(
        [],
        {
            "linjer-TOTAL_FORMS": "101",
            "linjer-INITIAL_FORMS": "0",
            **{k: v for n in range(101) for k, v in row(n, "2027", "A", "1", "granted").items()},
        },
    )
    assert not rows.is_valid()
    assert rows.non_form_errors() == ["Der kan højst være 100 linjer"]


def row(number: int, *values: str) -> dict[str, str]:
    names = ("year", "source", "amount", "status")
    return {f"linjer-{number}-{n}": v for n, v in zip(names, values, strict=True)}


def spent(number: int, *values: str) -> dict[str, str]:
    names = ("year", "category", "description", "amount", "recipient")
    return {f"budgetlinjer-{number}-{n}": v for n, v in zip(names, values, strict=True)}


def uploaded(name: str, content: bytes) -> AttachmentForm:
    file = SimpleUploadedFile(name, content, content_type="application/pdf")
    return AttachmentForm({}, MultiValueDict({"file": [file]}))


def test_attachment_may_have_any_name_but_must_be_what_is_taken() -> None:
    good = uploaded("uden-endelse", b"%PDF-1.4\n%%EOF")
    assert good.is_valid()
    assert [kind.label for _, kind in good.taken] == ["PDF"]
    assert uploaded("rigtig.pdf", b"MZ" + b"0" * 100).errors == {
        "file": [
            (
                "Filen er ikke PDF, Word (docx), Excel (xlsx), PNG eller JPEG. "
                "Gem den som en af dem, og vælg den igen"
            )
        ]
    }
    assert uploaded("x" * 201, b"%PDF-1.4").errors == {
        "file": ["Filens navn må højst være på 200 tegn. Giv den et kortere navn, og vælg den igen"]
    }


def test_dispensation_runs_to_danish_wall_time() -> None:
    made = DispensationForm(
        {"gate": "approval", "until_date": "29.4.2027", "until_time": "kl. 12", "reason": "Sygdom"},
        people=User.objects.none(),
    )
    assert made.errors == {"granted_to": ["Vælg, hvem dispensationen gælder"]}
    assert made.until_at.isoformat() == "2027-04-29T12:00:00+02:00"


def test_no_form_asks_with_the_frameworks_own_words() -> None:
    """Every message that can be shown is one of ours: nobody meets "Dette felt er påkrævet"."""
    kinds = [
        kind
        for module in MODULES
        for kind in vars(module).values()
        if isinstance(kind, type)
        and issubclass(kind, forms.BaseForm)
        and kind.__module__ == module.__name__
    ]
    assert kinds
    for kind in kinds:
        for name, field in kind.base_fields.items():  # type: ignore[attr-defined]  # every form class has them
            said = str(field.error_messages.get("required", ""))
            if field.required:
                assert not said.startswith("Dette felt"), f"{kind.__name__}.{name}"
