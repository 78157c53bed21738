"""Pages for everybody: rounds and their calendar, the DGOs, the tracks under way."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from icalendar import Calendar

from proposals.line.models import Proposal
from proposals.submission import steps as submission
from tests.factories.intake import NOW, Cast, a_cast, a_ready_draft, a_round

if TYPE_CHECKING:
    from tests.pages import Pages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def test_rounds_tell_every_date_to_everybody(pages: Pages) -> None:
    a_round(meeting_place="Rådhuset i Aarhus")
    a_round(
        name="Efterår 2024",
        opens_at=NOW - timedelta(days=900),
        qualification_deadline_at=NOW - timedelta(days=870),
        approval_deadline_at=NOW - timedelta(days=850),
        meeting_date=date(2024, 11, 21),
        is_history=True,
    )
    shown = pages.get("/runder/")
    assert "mandag den 12. april 2027 kl. 9.00 , om 27 arbejdsdage" in shown.text
    assert "torsdag den 27. maj 2027, Rådhuset i Aarhus" in shown.text
    assert "Tidligere runder" in shown.text
    assert "21.11.2024" in shown.text
    assert "/runder.ics" in shown.links


def test_rounds_when_none_is_announced(pages: Pages) -> None:
    shown = pages.get("/runder/")
    assert "Der er ikke meldt en ny runde ud endnu." in shown.text
    assert "/runder.ics" not in shown.links


def test_calendar_holds_deadlines_and_meetings_at_their_danish_time(pages: Pages) -> None:
    a_round(meeting_time=time(13, 30))
    a_round(name="Efterår 2027", meeting_date=date(2027, 11, 18))
    fetched = pages.get("/runder.ics")
    assert fetched.response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    events = Calendar.from_ical(fetched.body).walk("VEVENT")
    told = {(str(e["summary"]), e.decoded("dtstart").isoformat()) for e in events}
    assert told == {
        ("Frist: forslag til faglig kvalificering (Forår 2027)", "2027-04-12T06:45:00+00:00"),
        ("DGO'ens udtalelse ventes senest (Forår 2027)", "2027-04-26T06:45:00+00:00"),
        ("Frist: forslag til godkendelsesforløb (Forår 2027)", "2027-04-29T06:45:00+00:00"),
        ("Møde i forretningsudvalget (Forår 2027)", "2027-05-27T11:30:00+00:00"),
        ("Frist: forslag til faglig kvalificering (Efterår 2027)", "2027-04-12T06:45:00+00:00"),
        ("DGO'ens udtalelse ventes senest (Efterår 2027)", "2027-04-26T06:45:00+00:00"),
        ("Frist: forslag til godkendelsesforløb (Efterår 2027)", "2027-04-29T06:45:00+00:00"),
        ("Møde i forretningsudvalget (Efterår 2027)", "2027-11-18"),
    }
    assert len({str(e["uid"]) for e in events}) == 8


def test_dgo_is_found_by_municipality(pages: Pages) -> None:
    a_cast()
    shown = pages.get("/dgo/?kommune=aar")
    assert "Aarhus Kommune DGO Midtjylland , Karla Prøve, 12 34 56 78" in shown.text
    assert "Ingen kommune passer" in pages.get("/dgo/?kommune=qqq").text


def test_dgo_is_found_while_one_writes(pages: Pages) -> None:
    a_cast()
    part = pages.get("/dgo/?kommune=år", headers={"HX-Request": "true"})
    assert b"<!doctype" not in part.body.lower()
    assert "Aarhus Kommune" in part.text
    assert "Solrød" not in part.text


def test_tracks_tell_nothing_of_what_is_not_set_in_motion(pages: Pages) -> None:
    cast = a_cast()
    proposal = a_ready_draft(cast, a_round(), title="Hemmeligt spor")
    submission.submit(proposal_pk=proposal.pk, revision=1, by=cast.owner, at=NOW)
    shown = pages.get("/spor/")
    assert "Hemmeligt spor" not in shown.text
    assert "Ingen spor er i gang endnu" in shown.text


def test_tracks_tell_what_was_approved_and_no_more(
    pages: Pages, django_assert_max_num_queries: Any
) -> None:
    cast, round_ = a_cast(), a_round()
    for number in range(3):
        proposal = active(cast, round_, f"Spor {number}")
    Proposal.objects.filter(pk=proposal.pk).update(title="Rettet siden", purpose="Hemmeligt")
    with django_assert_max_num_queries(1):
        shown = pages.get("/spor/")
    assert "Spor 2" in shown.text
    assert "Rettet siden" not in shown.text
    assert "Ærø Kommune, Solrød Kommune og Aarhus Kommune" in shown.text
    assert "august 2027 - juli 2029" in shown.text
    assert "Ella Ejer" not in shown.text
    assert "1.500.000" not in shown.text


def active(cast: Cast, round_: Any, title: str) -> Proposal:
    """What review's steps lead to, as far as the public page can tell."""
    proposal = a_ready_draft(cast, round_, title=title)
    submission.submit(proposal_pk=proposal.pk, revision=1, by=cast.owner, at=NOW)
    Proposal.objects.filter(pk=proposal.pk).update(status="qualified")
    proposal.refresh_from_db()
    submission.submit_for_approval(
        proposal_pk=proposal.pk, revision=proposal.revision, by=cast.owner, at=NOW
    )
    Proposal.objects.filter(pk=proposal.pk).update(status="active")
    return proposal


def test_dgo_search_puts_names_that_begin_so_first(pages: Pages) -> None:
    a_cast()
    found = pages.get("/dgo/?kommune=s", headers={"HX-Request": "true"})
    names = ["".join(e.itertext()) for e in found.root.iter("strong")]
    assert names == ["Solrød Kommune", "Bornholms Regionskommune", "Aarhus Kommune"]
