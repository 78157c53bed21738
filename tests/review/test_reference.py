"""Reference data: whole, put in once, and never against the secretariat."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, time
from io import StringIO

from django.core.management import call_command
from django.db import connection

import pytest

from klimaspor import danish
from klimaspor.accounts.models import Dgo, LoadedReference, Organization
from proposals.rounds.models import Round
from review import reference
from review.criteria.models import Criterion
from tests.factories.intake import NOW

pytestmark = pytest.mark.django_db


def counts() -> tuple[int, ...]:
    return tuple(
        model.objects.count() for model in (Organization, Dgo, Round, Criterion, LoadedReference)
    )


def test_everything_is_put_in_once() -> None:
    first = reference.load(at=NOW)
    there = counts()
    again = reference.load(at=NOW)

    assert (first, again) == (119, 0)
    assert there == counts() == (110, 5, 4, 18, 119)


def test_kommuner_have_their_own_names_and_danish_order() -> None:
    reference.load(at=NOW)

    names = [str(o) for o in Organization.objects.of_kind("municipality").by_name()]
    assert len(names) == 98
    assert {"Københavns Kommune", "Bornholms Regionskommune", "Aarhus Kommune"} <= set(names)
    assert names[0] == "Albertslund Kommune"
    assert names[-3:] == ["Aabenraa Kommune", "Aalborg Kommune", "Aarhus Kommune"]


def test_two_regions_become_one_at_new_year() -> None:
    reference.load(at=NOW)

    def regions(day: date) -> list[str]:
        return [str(o) for o in Organization.objects.of_kind("region").valid(day).by_name()]

    west = ["Region Midtjylland", "Region Nordjylland"]
    assert regions(date(2026, 12, 31)) == [
        "Region Hovedstaden",
        *west,
        "Region Sjælland",
        "Region Syddanmark",
    ]
    assert regions(date(2027, 1, 1)) == [*west, "Region Syddanmark", "Region Østdanmark"]
    ended = Organization.objects.named("Region Sjælland").get()
    assert (str(ended.successor), ended.successor and ended.successor.code) == (
        "Region Østdanmark",
        "",
    )


def test_each_dgo_has_its_own_kommuner_and_no_invented_contact() -> None:
    reference.load(at=NOW)

    found = {
        dgo.slug: (dgo.name, dgo.municipality_count, dgo.contact_name, dgo.contact_phone)
        for dgo in Dgo.objects.with_counts(at=NOW)
    }
    contact = ("Kontakt oplyses af sekretariatet", "")
    assert found == {
        "hovedstaden": ("Klimaalliancen i hovedstadsregionen", 29, *contact),
        "sjaelland": ("Sjællands Klimaalliance", 17, *contact),
        "syddanmark": ("DGO Syddanmark", 22, *contact),
        "midtjylland": ("DGO Midtjylland", 19, *contact),
        "nordjylland": ("KlimaNord", 11, *contact),
    }
    assert Organization.objects.filter(dgos=None, kind="municipality").count() == 0


def test_realdania_and_every_region_may_fund() -> None:
    reference.load(at=NOW)

    assert [str(o) for o in Organization.objects.funders().by_name()] == [
        "Realdania",
        "Region Hovedstaden",
        "Region Midtjylland",
        "Region Nordjylland",
        "Region Sjælland",
        "Region Syddanmark",
        "Region Østdanmark",
    ]
    assert {str(o): o.kind for o in Organization.objects.filter(code="") if not o.is_funder} == {
        "KL": "association",
        "Danske Regioner": "association",
        "CONCITO": "knowledge",
        "C40": "knowledge",
        "Gate 21": "cooperation",
    }


def test_the_rounds_of_2024_are_history_to_the_minute() -> None:
    reference.load(at=NOW)

    assert [
        (
            r.name,
            danish.datetime_text(r.qualification_deadline_at),
            danish.datetime_text(r.approval_deadline_at),
            danish.date_text(r.meeting_date),
            r.meeting_time,
        )
        for r in Round.objects.filter(is_history=True).soonest_first()
    ] == [
        (
            "Forår 2024",
            "mandag den\xa015.\xa0april\xa02024 kl.\xa09.00",
            "torsdag den\xa025.\xa0april\xa02024 kl.\xa09.00",
            "torsdag den\xa030.\xa0maj\xa02024",
            None,
        ),
        (
            "Efterår 2024",
            "mandag den\xa07.\xa0oktober\xa02024 kl.\xa09.00",
            "torsdag den\xa024.\xa0oktober\xa02024 kl.\xa09.00",
            "torsdag den\xa021.\xa0november\xa02024",
            None,
        ),
    ]


def test_the_coming_rounds_are_open_and_their_days_are_working_days() -> None:
    reference.load(at=NOW)
    today = danish.wall(date(2026, 11, 22), time(12))

    rounds = list(Round.objects.open(at=today).soonest_first())

    assert [r.name for r in rounds] == ["Forår 2027", "Efterår 2027"]
    for r in rounds:
        days = [danish.day_of(r.qualification_deadline_at), danish.day_of(r.approval_deadline_at)]
        assert all(danish.is_working_day(day) for day in [*days, r.meeting_date])
        assert [danish.WEEKDAYS[day.weekday()] for day in days] == ["mandag", "torsdag"]
        assert "Foreløbige datoer" in r.note
        criteria = list(Criterion.objects.of_round(r).listed())
        assert [c.code for c in criteria] == [f"V{n}" for n in range(1, 10)]
        assert all(c.is_placeholder for c in criteria)


def test_what_the_secretariat_changed_renamed_or_removed_stays_so() -> None:
    reference.load(at=NOW)
    Organization.objects.named("Realdania").update(name="Realdania Fonden", is_funder=False)
    Organization.objects.filter(code="751").update(name="Århus Kommune")
    Organization.objects.named("C40").delete()
    Dgo.objects.with_slug("nordjylland").update(slug="nord", name="Klima Nord", contact_phone="1")
    Round.objects.named("Forår 2027").update(name="Foråret 2027", min_authorities=2)
    Criterion.objects.filter(code="V9").delete()
    Criterion.objects.filter(code="V1").update(title="Effekt")
    there = counts()

    call_command("reference_data", verbosity=0)

    assert counts() == there
    assert Organization.objects.named("Realdania Fonden").get().is_funder is False
    assert set(Criterion.objects.values_list("title", flat=True)) & {"Effekt", "Merværdi"} == {
        "Effekt"
    }


def test_what_somebody_typed_first_is_not_put_in_twice() -> None:
    Organization.objects.create(name="realdania", kind="other")
    Round.objects.create(
        name="Forår 2027",
        opens_at=NOW,
        qualification_deadline_at=danish.wall(date(2027, 4, 1), time(12)),
        dgo_deadline_at=danish.wall(date(2027, 4, 7), time(12)),
        approval_deadline_at=danish.wall(date(2027, 4, 9), time(12)),
        meeting_date=date(2027, 5, 1),
    )

    reference.load(at=NOW)

    assert Organization.objects.named("Realdania").get().kind == "other"
    theirs = Round.objects.named("Forår 2027").get()
    assert (danish.day_of(theirs.qualification_deadline_at).day, theirs.criteria.count()) == (1, 0)


def test_the_command_says_what_it_did() -> None:
    said = StringIO()

    call_command("reference_data", stdout=said)
    call_command("reference_data", stdout=said)

    assert said.getvalue() == (
        "Lagde 119 stykker grunddata ind.\nAlle grunddata var der i forvejen.\n"
    )


@pytest.mark.django_db(transaction=True)
def test_two_who_load_at_once_put_in_one_of_each() -> None:
    def load(_: int) -> int:
        try:
            return reference.load(at=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        loaded = sorted(both.map(load, range(2)))

    assert loaded == [0, 119]
    assert counts() == (110, 5, 4, 18, 119)
