"""A pasted list is held against everybody on the list of organizations, as people write them."""

from __future__ import annotations

import csv
import time
from typing import Any

from django.conf import settings

import pytest

from klimaspor import danish
from klimaspor.accounts.models import Organization
from proposals.participants.matching import Register, matches

OTHERS = (
    *(("Region Hovedstaden", "1084"), ("Region Midtjylland", "1082"), ("Region Sjælland", "1085")),
    *(
        ("Gate 21", ""),
        ("Aarhus Vand", ""),
        ("Aarhus Universitet", ""),
        ("Foreningen Vand, Luft og Jord", ""),
    ),
)


@pytest.fixture(scope="module")
def register() -> Register:
    path = settings.BASE_DIR / "klimaspor/accounts/kommuner.csv"
    with path.open(encoding="utf-8") as file:
        known = [
            (danish.municipality_name(row["navn"]), row["kode"]) for row in csv.DictReader(file)
        ]
    return Register(
        Organization(pk=pk, name=name, code=code)
        for pk, (name, code) in enumerate((*known, *OTHERS), start=1)
    )


def certain(register: Register, text: str) -> list[str]:
    return [
        m.candidates[0].name if m.is_certain else f"? {m.entry.text}"
        for m in matches(text, register)
    ]


@pytest.mark.parametrize(
    ("written", "name"),
    (
        ("Aarhus Kommune", "Aarhus Kommune"),
        ("Århus", "Aarhus Kommune"),
        ("aarhus kommune", "Aarhus Kommune"),
        ("ÅRHUS KOMMUNE", "Aarhus Kommune"),
        ("  Aarhus Kommune \u00a0 ", "Aarhus Kommune"),
        ("Aar\u00adhus\u00a0Kommune\ufeff", "Aarhus Kommune"),
        ("A\u030arhus", "Aarhus Kommune"),
        ('"Aarhus Kommune"', "Aarhus Kommune"),
        ("- Aarhus Kommune", "Aarhus Kommune"),
        ("• Aarhus", "Aarhus Kommune"),
        ("12. Aarhus", "Aarhus Kommune"),
        ("751", "Aarhus Kommune"),
        ("0751", "Aarhus Kommune"),
        ("751 Aarhus", "Aarhus Kommune"),
        ("Aarhus Kommune (problemejer)", "Aarhus Kommune"),
        ("Kbh. Kommune", "Københavns Kommune"),
        ("Kbh", "Københavns Kommune"),
        ("København", "Københavns Kommune"),
        ("Kobenhavns Kommune", "Københavns Kommune"),
        ("Koebenhavn", "Københavns Kommune"),
        ("Bornholm", "Bornholms Regionskommune"),
        ("Bornholms Kommune", "Bornholms Regionskommune"),
        ("Høje Taastrup", "Høje-Taastrup Kommune"),
        ("Høje-Tåstrup kommune", "Høje-Taastrup Kommune"),
        ("Vesthimmerland", "Vesthimmerlands Kommune"),
        ("Kommune Ærø", "Ærø Kommune"),
        ("Samsø Kommunes", "Samsø Kommune"),
        ("Region Midtjylland", "Region Midtjylland"),
        ("Midtjylland", "Region Midtjylland"),
        ("gate 21", "Gate 21"),
        ("Foreningen Vand, Luft og Jord", "Foreningen Vand, Luft og Jord"),
        ("Aarhus Kommune\t12345678\tLise Prøve\tlise@eksempel.dk", "Aarhus Kommune"),
        ("751\tTeknik og Miljø\tAarhus", "Aarhus Kommune"),
        ("DK12345678\tAarhus Kommune", "Aarhus Kommune"),
        ("Teknik\t751", "Aarhus Kommune"),
    ),
)
def test_what_people_write_for_one_is_that_one(register: Register, written: str, name: str) -> None:
    assert certain(register, written) == [name]


def test_every_municipality_is_known_by_name_bare_name_and_code(register: Register) -> None:
    known = [o for os in register.by_name.values() for o in os if o.code]
    for organization in known:
        for written in (
            organization.name,
            organization.name.removesuffix(" Kommune").removesuffix(" Regionskommune"),
            organization.name.upper().replace("AA", "Å"),
            organization.code,
        ):
            assert certain(register, written) == [organization.name]


@pytest.mark.parametrize(
    ("written", "first"),
    (
        ("Aarhus Komune", "Aarhus Kommune"),
        ("Aahus", "Aarhus Kommune"),
        ("Frederikshavnn", "Frederikshavn Kommune"),
        ("Aarhus Kommune, Teknik og Miljø", "Aarhus Kommune"),
        ("Ringkøbing", "Ringkøbing-Skjern Kommune"),
        ("Brønderslev-Vendsyssel", "Brønderslev Kommune"),
    ),
)
def test_what_looks_alike_is_offered_and_not_taken(
    register: Register, written: str, first: str
) -> None:
    (match,) = matches(written, register)
    assert not match.is_certain
    assert match.candidates[0].name == first


@pytest.mark.parametrize(
    "written", ("Vindlauget Nord", "12345678", "999", "🌱", "%", "--;", "x" * 5000)
)
def test_what_nobody_is_called_is_unknown_and_stays_as_it_was_written(
    register: Register, written: str
) -> None:
    (match,) = matches(written, register)
    assert (match.candidates, match.is_certain, match.entry.text) == ((), False, written)


def test_each_is_named_once_in_the_order_of_the_list(register: Register) -> None:
    text = "Kommune\tKode\r\nSolrød\t269\r\n\r\n \t \r\nAarhus\t751\rAarhus Kommune\nårhus\nSolrød Kommune\nUkendt\nukendt"
    found = matches(text, register)
    assert [(m.entry.text, m.times) for m in found] == [("Solrød", 2), ("Aarhus", 3), ("Ukendt", 2)]


def test_several_on_a_line_are_each_one_when_all_are_known(register: Register) -> None:
    assert certain(register, "Aarhus, Odense og Randers Kommune; Samsø") == [
        *("Aarhus Kommune", "Odense Kommune", "Randers Kommune", "Samsø Kommune")
    ]
    assert certain(register, "Aarhus, Vindlauget") == ["? Aarhus, Vindlauget"]


def test_nothing_is_nobody(register: Register) -> None:
    assert [matches(text, register) for text in ("", "\n \t\n", "Deltagere\n", "''")] == [[]] * 4


@pytest.mark.slow("five hundred lines are the most that may come")
def test_a_long_list_is_read_at_once(register: Register) -> None:
    text = "\n".join(f"Vandforsyningen nummer {n} ved Frederikshavn og omegn" for n in range(500))
    began = time.perf_counter()
    assert len(matches(text, register)) == 500
    assert time.perf_counter() - began < 5


def test_two_by_one_name_are_somebodys_to_choose() -> None:
    twins: Any = [
        Organization(pk=1, name="Aalborg Kommune", code="1"),
        Organization(pk=2, name="Region Aalborg"),
    ]
    (match,) = matches("Aalborg", Register(twins))
    assert ([o.pk for o in match.candidates], match.is_certain) == ([1, 2], False)
