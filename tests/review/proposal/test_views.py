"""The list of proposals and the proposal's own page: who sees what, in which text, and what can be done from there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from klimaspor import search
from klimaspor.accounts.models import Role
from proposals.drafting import steps as drafting
from proposals.line import impartiality
from proposals.line.lifecycle import Status
from proposals.sparring import steps as advice
from proposals.submission import withdrawal
from review.decision import steps as decision
from review.formality import steps as formality
from review.qualification import models as qualification
from tests.factories.intake import NOW, a_draft, give_role, person
from tests.factories.walk import AFTER, DAY, attend, day, proposal_at, record

if TYPE_CHECKING:
    from proposals.line.models import Proposal
    from tests.factories.walk import World
    from tests.pages import Page, Pages

TABS = ("", "indhold/", "sparring/", "versioner/", "forloeb/")
SECRET = "Hemmelig rettelse"


def titles(page: Page) -> list[str]:
    """The proposals that the list shows, in its order."""
    return [
        " ".join(" ".join(a.itertext()).split())
        for row in page.root.iter("tr")
        for th in row.iter("th")
        if th.get("scope") == "row"
        for a in th.iter("a")
    ]


def rewrite(proposal: Proposal, world: World, text: str = SECRET) -> None:
    """Let the owner change the live text after something was sent."""
    drafting.save_section(
        proposal_pk=proposal.pk,
        slug="udfordringer",
        answers={"title": text, "challenges": text, "purpose": text},
        by=world.cast.owner,
        at=AFTER,
    )


# The list


def test_the_list_shows_what_one_may_see_and_counts_nothing_else(
    pages: Pages, world: World
) -> None:
    a_draft(world.cast, world.round, title="Kladde")
    proposal_at(Status.IN_QUALIFICATION, world, title="Sendt")
    proposal_at(Status.ON_AGENDA, world, title="På bordet")

    shown = {
        who: sorted(titles(pages.as_(getattr(world.cast, who)).get("/forslag/")))
        for who in (
            "owner",
            "stranger",
            "adviser",
            "other_adviser",
            "secretariat",
            "committee",
            "funder",
            "administrator",
        )
    }

    assert shown == {
        "owner": ["Kladde", "På bordet", "Sendt"],
        "stranger": [],
        "adviser": ["På bordet", "Sendt"],
        "other_adviser": [],
        "secretariat": ["På bordet", "Sendt"],
        "committee": ["På bordet"],
        "funder": [],
        "administrator": [],
    }
    assert "0 forslag" in pages.as_(world.cast.stranger).get("/forslag/").text
    assert "1 forslag" in pages.as_(world.cast.committee).get("/forslag/").text


def test_search_finds_danish_words_in_what_one_reads_and_nothing_in_what_one_does_not(
    pages: Pages, world: World
) -> None:
    proposal = proposal_at(Status.QUALIFIED, world, title="Vådområder")
    proposal_at(Status.QUALIFIED, world, title="Elfærger")
    rewrite(proposal, world, "Grundvandet")

    def found(who: Any, words: str) -> list[str]:
        return titles(pages.as_(who).get("/forslag/", data={"q": words}))

    cast = world.cast
    assert found(cast.adviser, "vådområde") == ["Vådområder"]
    assert found(cast.adviser, "grundvand") == []
    assert found(cast.owner, "grundvand") == ["Grundvandet"]
    assert found(cast.stranger, "vådområde") == []
    assert found(cast.adviser, proposal.number.lower()) == ["Vådområder"]


def test_search_that_finds_nothing_says_what_to_do(pages: Pages, world: World) -> None:
    proposal_at(Status.QUALIFIED, world)

    page = pages.as_(world.cast.owner).get("/forslag/", data={"q": "<script>alert(intet)</script>"})

    assert "Prøv med færre ord, eller nulstil." in page.text
    assert page.value("q") == "<script>alert(intet)</script>"


def test_filters_stand_in_the_address(pages: Pages, world: World) -> None:
    proposal_at(Status.QUALIFIED, world, title="Kvalificeret")
    moved = proposal_at(Status.DRAFT, world, title="Flyttet")
    withdrawal.move_round(
        proposal_pk=moved.pk,
        revision=moved.revision,
        round=world.later,
        reason="",
        by=world.cast.owner,
        at=DAY[1],
    )
    pages.as_(world.cast.owner)

    def found(**query: Any) -> list[str]:
        return titles(pages.get("/forslag/", data=query))

    assert found(status="qualified") == ["Kvalificeret"]
    assert found(runde=world.later.pk) == ["Flyttet"]
    assert found(dgo=world.cast.dgo.pk, status="draft") == ["Flyttet"]
    assert found(dgo=world.cast.other_dgo.pk) == []


def test_a_filter_that_is_not_a_choice_gives_nothing_rather_than_everything(
    pages: Pages, world: World
) -> None:
    proposal_at(Status.QUALIFIED, world)

    page = pages.as_(world.cast.owner).get("/forslag/", data={"status": "alt"})

    assert titles(page) == []
    assert page.problems


def test_sorting_is_a_link_and_sorts_as_danes_do(pages: Pages, world: World) -> None:
    for title in ("Aarhus", "Zink", "Ål", "Bier"):
        a_draft(world.cast, world.round, title=title)
    pages.as_(world.cast.owner)

    rising = pages.get("/forslag/", data={"sort": "titel"})

    assert titles(rising) == ["Bier", "Zink", "Ål", "Aarhus"]
    assert "?sort=-titel" in rising.links
    assert titles(pages.get("/forslag/", data={"sort": "-titel"})) == [
        "Aarhus",
        "Ål",
        "Zink",
        "Bier",
    ]
    assert len(titles(pages.get("/forslag/", data={"sort": "owner__password"}))) == 4


def test_every_column_sorts(pages: Pages, world: World) -> None:
    for status in (Status.DRAFT, Status.QUALIFIED):
        proposal_at(status, world)
    pages.as_(world.cast.owner)

    for sort in ("nummer", "status", "-frist", "aendret", "-titel"):
        assert len(titles(pages.get("/forslag/", data={"sort": sort}))) == 2


def test_the_list_has_25_rows_a_page_and_the_total(pages: Pages, world: World) -> None:
    for number in range(27):
        a_draft(world.cast, world.round, title=f"Forslag {number:02}")
    pages.as_(world.cast.owner)

    first = pages.get("/forslag/", data={"sort": "titel", "status": "draft"})
    second = pages.get("/forslag/", data={"sort": "titel", "status": "draft", "page": 2})

    assert (len(titles(first)), titles(second)) == (25, ["Forslag 25", "Forslag 26"])
    assert "Viser 1-25 af 27 forslag" in first.text
    assert "?sort=titel&status=draft&page=2" in first.links


@pytest.mark.parametrize("count", (1, 3))
def test_the_list_asks_the_same_however_many_there_are(
    pages: Pages, world: World, django_assert_num_queries: Any, count: int
) -> None:
    for _ in range(count):
        proposal_at(Status.QUALIFIED, world)

    # Words that a process has not heard before cost one question more.
    search.tsquery("lavbundsjord")

    for who in ("owner", "adviser", "secretariat"):
        pages.as_(getattr(world.cast, who))
        for sort in ("", "titel"):
            with django_assert_num_queries(6, info=who):
                pages.get("/forslag/", data={"q": "lavbundsjord", "sort": sort})


# The proposal's page


def test_cannot_see_is_the_same_as_does_not_exist(pages: Pages, world: World) -> None:
    proposal = proposal_at(Status.IN_QUALIFICATION, world)

    for who in ("stranger", "other_adviser", "committee", "funder", "administrator"):
        pages.as_(getattr(world.cast, who))
        for tab in TABS:
            hidden = pages.get(f"/forslag/{proposal.number}/{tab}", status=404)
            missing = pages.get(f"/forslag/KS-2027-9999/{tab}", status=404)
            assert hidden.text == missing.text


def test_a_stranger_at_the_door_signs_in_first(pages: Pages, world: World) -> None:
    proposal = proposal_at(Status.IN_QUALIFICATION, world)

    answer = pages.as_(None).get(f"/forslag/{proposal.number}/", status=302)

    assert answer.location == f"/konto/log-paa/?next=/forslag/{proposal.number}/"


def test_the_header_says_what_it_is_and_where_it_stands(pages: Pages, world: World) -> None:
    proposal = proposal_at(Status.IN_QUALIFICATION, world)

    page = pages.as_(world.cast.owner).get(f"/forslag/{proposal.number}/")

    assert page.heading == "Lavbundsjord"
    assert (
        f"{proposal.number} · Aarhus Kommune (ikke bekræftet) til faglig kvalificering" in page.text
    )
    assert (
        "Nu: DGO Midtjylland kvalificerer. Svar ventes senest mandag den 26. april 2027 kl. 9.00."
        in page.text
    )
    assert {f"/forslag/{proposal.number}/{tab}" for tab in TABS} <= set(page.links)
    assert f"/forslag/{proposal.number}/traek-tilbage/" in page.links


@pytest.mark.slow("opens every tab for everybody")
@pytest.mark.parametrize("status", list(Status))
def test_every_tab_opens_at_every_status(pages: Pages, world: World, status: Status) -> None:
    proposal = proposal_at(status, world)
    url = f"/forslag/{proposal.number}/"
    pages.as_(world.cast.stranger).get(url, status=404)

    for who in ("owner", "adviser", "secretariat", "committee", "funder"):
        pages.as_(getattr(world.cast, who))
        first = pages.client.get(url)
        if first.status_code == 404:
            assert who != "owner"
            continue
        for tab in TABS:
            page = pages.get(url + tab)
            assert page.heading == "Lavbundsjord"
            assert b"<script>alert(1)</script>" not in page.response.content
        for step in filter(None, [first.context["primary"], *first.context["others"]]):
            pages.get(step.url)


def test_what_was_not_sent_is_read_by_the_writers_alone(pages: Pages, world: World) -> None:
    proposal = proposal_at(Status.QUALIFIED, world)
    rewrite(proposal, world)

    for tab in TABS:
        for who in (world.cast.adviser, world.cast.secretariat):
            assert SECRET not in pages.as_(who).get(f"/forslag/{proposal.number}/{tab}").text
    assert SECRET in pages.as_(world.cast.owner).get(f"/forslag/{proposal.number}/indhold/").text


def test_open_sparring_lets_the_adviser_read_the_live_text(pages: Pages, world: World) -> None:
    proposal = proposal_at(Status.QUALIFIED, world)
    advice.open_sparring(proposal_pk=proposal.pk, by=world.cast.owner, at=DAY[2])
    rewrite(proposal, world)

    page = pages.as_(world.cast.adviser).get(f"/forslag/{proposal.number}/indhold/")

    assert "Det her er forslaget til klimaudviklingsspor, som det står lige nu." in page.text
    assert SECRET in page.text


def test_the_committee_reads_what_was_sent_to_approval_and_not_the_sparring(
    pages: Pages, world: World
) -> None:
    draft = proposal_at(Status.DRAFT, world)
    proposal = proposal_at(Status.QUALIFIED, world)
    advice.comment(
        proposal_pk=proposal.pk, section="", text="Mellem os", by=world.cast.owner, at=DAY[1]
    )
    on_agenda = proposal_at(Status.ON_AGENDA, world)
    advice.comment(
        proposal_pk=on_agenda.pk, section="", text="Mellem os", by=world.cast.owner, at=day(7)
    )
    pages.as_(world.cast.committee)

    pages.get(f"/forslag/{draft.number}/", status=404)
    pages.get(f"/forslag/{proposal.number}/", status=404)
    versions = pages.get(f"/forslag/{on_agenda.number}/versioner/")
    assert f"/forslag/{on_agenda.number}/versioner/2/" in versions.links
    assert f"/forslag/{on_agenda.number}/versioner/1/" not in versions.links
    sparring = pages.get(f"/forslag/{on_agenda.number}/sparring/")
    assert "Mellem os" not in sparring.text
    assert "Sparringen er mellem forslagsstilleren, DGO'en og sekretariatet." in sparring.text


def test_what_must_change_is_said_by_section_with_who_and_when(pages: Pages, world: World) -> None:
    proposal = proposal_at(Status.IN_APPROVAL, world)
    formality.request_completion(
        proposal_pk=proposal.pk,
        revision=proposal.revision,
        reasons={"oekonomi": "Hvem giver <b>egen tid</b>?"},
        answer_date=day(30).date(),
        by=world.cast.secretariat,
        at=DAY[3],
    )

    page = pages.as_(world.cast.owner).get(f"/forslag/{proposal.number}/")

    assert "Det skal ændres Sanne Sekretær sendte forslaget tilbage" in page.text
    assert "Økonomi og medfinansiering Hvem giver <b>egen tid</b>?" in page.text
    assert f"/forslag/{proposal.number}/afsnit/oekonomi/" in page.links
    shown = pages.as_(world.cast.adviser).get(f"/forslag/{proposal.number}/")
    assert f"/forslag/{proposal.number}/afsnit/oekonomi/" not in shown.links


def test_the_statement_is_shown_to_the_proposer_who_may_answer_it(
    pages: Pages, world: World
) -> None:
    proposal = proposal_at(Status.QUALIFIED, world)
    url = f"/forslag/{proposal.number}/svar/"
    pages.as_(world.cast.owner)

    page = pages.get(f"/forslag/{proposal.number}/")
    assert "Forslaget anbefales med bemærkninger." in page.text
    assert "Rune Rådgiver, DGO Midtjylland, om version 1" in page.text
    assert "V1 Klimaeffekt Om Klimaeffekt" in page.text
    assert url in page.links

    empty = pages.post(url, {"text": " "}, status=200)
    assert empty.problems == ["Indtast dit svar"]
    answered = pages.press(url, {"text": "Tak.\n\n- Effekten er regnet igennem"})
    assert answered.heading == "Lavbundsjord"
    assert "Forslagsstillers svar" in answered.text
    assert "Effekten er regnet igennem" in answered.text
    assert pages.get(url).value("text") == "Tak.\n\n- Effekten er regnet igennem"


def test_nobody_else_answers_the_statement(pages: Pages, world: World) -> None:
    proposal = proposal_at(Status.QUALIFIED, world)

    for who in (world.cast.adviser, world.cast.secretariat):
        pages.as_(who).get(f"/forslag/{proposal.number}/svar/", status=403)
        pages.post(f"/forslag/{proposal.number}/svar/", {"text": "Nej"}, status=403)

    given = qualification.Qualification.objects.get()
    assert given.reply == ""


def test_an_answer_that_comes_too_late_is_not_lost(pages: Pages, world: World) -> None:
    proposal = proposal_at(Status.ON_AGENDA, world)
    pages.as_(world.cast.owner)

    page = pages.post(f"/forslag/{proposal.number}/svar/", {"text": "Lang tekst"}, status=409)

    assert page.value("text") == "Lang tekst"
    assert page.problems == [
        f"{proposal.number} er på dagsordenen og kan ikke: Svar på udtalelsen."
    ]
    pages.get(f"/forslag/{proposal.number}/svar/", status=409)


def test_who_has_access_is_said_in_words(pages: Pages, world: World) -> None:
    proposal = proposal_at(Status.APPROVED, world)

    page = pages.as_(world.cast.owner).get(f"/forslag/{proposal.number}/")

    assert page.text.partition("Hvem har adgang")[2].startswith(
        " Ella Ejer (ejer) Rådgiverne i DGO Midtjylland Sekretariatet Forretningsudvalget "
        "Realdania (bidragyder)"
    )


def test_nothing_is_said_of_a_decision_before_it_is_released(pages: Pages, world: World) -> None:
    proposal = proposal_at(Status.ON_AGENDA, world)
    item = proposal.agenda_items.get()
    attend(item.agenda, world)
    record(item, "rejected", world)
    pages.as_(world.cast.owner)

    for tab in TABS:
        page = pages.get(f"/forslag/{proposal.number}/{tab}")
        assert "Begrundelsen er denne" not in page.text
        assert "afslag" not in page.text

    decision.release(agenda_pk=item.agenda_id, by=world.cast.secretariat, at=DAY[7])
    page = pages.get(f"/forslag/{proposal.number}/")
    assert "Forretningsudvalgets beslutning: afslag" in page.text
    assert "Begrundelsen er denne." in page.text


def test_the_history_tells_everything_with_who_and_when(pages: Pages, world: World) -> None:
    proposal = proposal_at(Status.INADMISSIBLE, world)

    page = pages.as_(world.cast.owner).get(f"/forslag/{proposal.number}/forloeb/")

    told = [
        "Afvist på formalia torsdag den 4. marts 2027 kl. 10.00 , Sanne Sekretær Kun to kommuner deltager.",
        "Indsendt til godkendelsesforløb (version 2) onsdag den 3. marts 2027 kl. 10.00 , Ella Ejer",
        "Fagligt kvalificeret: anbefales med bemærkninger (version 1) tirsdag den 2. marts 2027 kl. 10.00 , Rune Rådgiver",
        "Indsendt til faglig kvalificering (version 1) mandag den 1. marts 2027 kl. 10.00 , Ella Ejer",
        "Oprettet mandag den 1. marts 2027 kl. 10.00 , Ella Ejer",
    ]
    places = [page.text.find(text) for text in told]
    assert -1 not in places, [t for t, p in zip(told, places, strict=True) if p < 0]
    assert places == sorted(places)


def test_versions_lead_to_what_changed(pages: Pages, world: World) -> None:
    proposal = proposal_at(Status.IN_APPROVAL, world)

    page = pages.as_(world.cast.owner).get(f"/forslag/{proposal.number}/versioner/")

    assert f"/forslag/{proposal.number}/sammenlign/1/2/" in page.links
    assert "Version 2 godkendelsesforløb Forår 2027 3.3.2027 kl. 10.00 Ella Ejer" in page.text


def test_one_found_partial_no_longer_reads_it(pages: Pages, world: World) -> None:
    proposal = proposal_at(Status.IN_QUALIFICATION, world)
    raised = impartiality.declare(
        proposal_pk=proposal.pk,
        user=world.cast.adviser,
        reason="Min bror",
        by=world.cast.adviser,
        at=NOW,
    )
    pages.as_(world.cast.adviser)

    page = pages.get(f"/forslag/{proposal.number}/")
    assert "før en anden har taget stilling til din habilitet" in page.text
    assert page.primary == []

    impartiality.settle(
        impartiality_pk=raised.pk,
        is_impartial=False,
        note="Ja, din bror",
        by=world.cast.secretariat,
        at=DAY[1],
    )
    pages.get(f"/forslag/{proposal.number}/", status=404)
    assert titles(pages.get("/forslag/")) == []


@pytest.mark.parametrize("status", (Status.DRAFT, Status.QUALIFIED, Status.APPROVED))
def test_a_page_asks_no_more_than_sixteen(
    pages: Pages, world: World, django_assert_max_num_queries: Any, status: Status
) -> None:
    proposal = proposal_at(status, world)

    for who in ("owner", "adviser", "secretariat"):
        pages.as_(getattr(world.cast, who))
        if status == Status.DRAFT and who != "owner":
            continue
        for tab in TABS:
            # One of them is what is new to the reader.
            with django_assert_max_num_queries(16, info=f"{who} {tab}"):
                pages.get(f"/forslag/{proposal.number}/{tab}")


def test_a_person_who_only_claims_an_organization_sees_nothing_of_it(
    pages: Pages, world: World
) -> None:
    proposal = proposal_at(Status.ON_AGENDA, world)
    claimer = person("Carl Påstand")
    give_role(claimer, Role.MEMBER, organization=world.cast.municipalities[0])

    pages.as_(claimer).get(f"/forslag/{proposal.number}/", status=404)
    assert titles(pages.get("/forslag/")) == []
