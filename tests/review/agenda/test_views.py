"""The committee's meetings: assembled, published, read, decided and released, and nothing told too early."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile

import pytest

from klimaspor import leases
from proposals.line import impartiality
from proposals.line.lifecycle import Status
from proposals.submission import withdrawal
from review.agenda import steps as agendas
from review.agenda.models import Agenda, AgendaItem, Dossier
from review.decision import steps as decision
from review.decision.models import Decision
from review.papers.minutes import collect_minutes
from tests.factories.intake import NOW
from tests.factories.walk import (
    AFTER,
    DAY,
    an_agenda,
    attend,
    proposal_at,
    publish,
    record,
)

if TYPE_CHECKING:
    from datetime import date
    from xml.etree.ElementTree import Element

    import time_machine

    from proposals.line.models import Proposal
    from tests.factories.walk import World
    from tests.pages import Page, Pages


@pytest.fixture
def proposal(world: World, pages: Pages) -> Proposal:
    found = proposal_at(Status.RECOMMENDED, world)
    pages.as_(world.cast.secretariat)
    return found


def address(agenda: Agenda, rest: str = "") -> str:
    return f"/moeder/{agenda.meeting_date.isoformat()}/{rest}"


def order(page: Page) -> list[str]:
    """The items of the agenda, as the table has them."""
    body = next(page.root.iter("tbody"))
    links = {th: next(th.iter("a"), None) for th in body.iter("th")}
    return [(th.text if a is None else a.text or "").strip() for th, a in links.items()]


def presences(agenda: Agenda, *rows: tuple[str, str]) -> dict[str, Any]:
    data = {"personer-TOTAL_FORMS": len(rows), "personer-INITIAL_FORMS": 0}
    for n, (name, presence) in enumerate(rows):
        data |= {f"personer-{n}-name": name, f"personer-{n}-presence": presence}
    return data


# Putting the agenda together


def test_an_agenda_takes_its_date_from_the_round(
    pages: Pages, world: World, proposal: Proposal
) -> None:
    page = pages.get("/moeder/ny/")
    assert page.value("meeting_date") == "27.5.2027"
    assert page.value("round") == str(world.round.pk)

    made = pages.press(
        "/moeder/ny/",
        {"round": world.round.pk, "meeting_date": "27.5.2027", "meeting_time": "10", "place": "KL"},
    )

    assert made.messages == ["Dagsordenen er oprettet. Ingen får besked, før du udsender den."]
    assert "Kladde · 2 punkter · 10 minutter" in made.text
    assert "Kl. 10.00, KL." in made.text
    assert order(made) == ["Godkendelse af dagsorden", "Eventuelt"]
    again = pages.post("/moeder/ny/", {"meeting_date": "27.5.2027"}, status=200)
    assert again.problems == ["Der er allerede en dagsorden til den dato"]


def test_items_are_added_moved_changed_and_taken_off_by_buttons(
    pages: Pages, world: World, proposal: Proposal
) -> None:
    agenda = an_agenda(world)
    url = address(agenda, "dagsorden/")

    added = pages.press(f"{url}forslag/", {"proposal": proposal.pk})
    assert added.messages == [f"{proposal.number} er sat på dagsordenen."]
    free = pages.press(
        f"{url}punkt/",
        {
            "title": "Nyt fra DGO'erne",
            "kind": "information",
            "minutes": "20",
            "proposed": "at det tages til efterretning",
        },
    )
    assert order(free) == [
        "Godkendelse af dagsorden",
        "Lavbundsjord",
        "Nyt fra DGO'erne",
        "Eventuelt",
    ]
    assert "Kladde · 4 punkter · 45 minutter" in free.text
    assert "at forslaget godkendes" in free.text
    assert "at det tages til efterretning" in free.text

    item = AgendaItem.objects.get(title="Nyt fra DGO'erne")
    moved = pages.press(f"{url}punkt/{item.pk}/flyt/", {"retning": "op"})
    assert order(moved)[1] == "Nyt fra DGO'erne"
    moved = pages.press(f"{url}punkt/{item.pk}/flyt/", {"retning": "ned"})
    assert order(moved)[2] == "Nyt fra DGO'erne"
    edit = f"{url}punkt/{item.pk}/"
    typed = {"title": "Nyt", "kind": "discussion", "minutes": "0"}
    changed = pages.press(edit, typed | pages.seen(edit))
    assert order(changed)[2] == "Nyt"
    assert "Kladde · 4 punkter · 25 minutter" in changed.text
    gone = pages.press(f"{url}punkt/{item.pk}/fjern/")
    assert gone.messages == ["Nyt er taget af dagsordenen."]
    assert order(gone) == ["Godkendelse af dagsorden", "Lavbundsjord", "Eventuelt"]


def test_a_proposals_words_are_not_changed_on_the_agenda(
    pages: Pages, world: World, proposal: Proposal
) -> None:
    agenda = an_agenda(world, proposal)
    item = agenda.items.get(proposal=proposal)
    url = address(agenda, f"dagsorden/punkt/{item.pk}/")
    assert pages.get(url).value("title") is None

    typed = {"kind": "decision", "minutes": "30", "title": "Andre ord", "is_closed": "on"}
    pages.press(url, typed | pages.seen(url))

    item.refresh_from_db()
    assert (item.title, item.minutes, item.is_closed) == ("Lavbundsjord", 30, True)


def test_a_meeting_is_moved_to_another_day_until_its_agenda_is_out(
    pages: Pages, world: World, proposal: Proposal
) -> None:
    agenda, other = an_agenda(world, proposal), an_agenda(world)
    url = address(agenda, "dagsorden/tid/")
    typed = {"meeting_time": "9.30", "place": "Teams"}

    taken = pages.post(
        url, typed | {"meeting_date": other.meeting_date.isoformat()} | pages.seen(url), status=200
    )
    assert len(taken.problems) == 1
    late = {"meeting_date": "1.6.2020"}
    passed = pages.post(url, typed | late | pages.seen(url), status=200)
    assert passed.problems == ["Vælg en dato, der ikke er passeret"]

    moved = pages.press(url, typed | {"meeting_date": "3.6.2027"} | pages.seen(url))

    assert moved.heading == "Dagsorden til mødet torsdag den 3. juni 2027"
    assert "Kl. 9.30, Teams." in moved.text
    assert order(moved)[1] == "Lavbundsjord"
    pages.get(url, status=404)


def test_what_cannot_be_placed_is_refused_in_words(
    pages: Pages, world: World, proposal: Proposal
) -> None:
    agenda = an_agenda(world)
    early = proposal_at(Status.IN_APPROVAL, world)

    page = pages.press(address(agenda, "dagsorden/forslag/"), {"proposal": early.pk})

    assert page.messages == ["Forslaget er ikke længere indstillet. Vælg et andet."]
    wrong = pages.post(
        address(agenda, "dagsorden/punkt/"), {"title": "", "minutes": "længe"}, status=200
    )
    assert wrong.problems == [
        "Indtast punktets titel",
        "Vælg punktets type",
        "Antal minutter skal være et helt tal, fx 10",
    ]


# Publishing


def test_publishing_shows_who_gets_what_before_it_is_sent(
    pages: Pages, world: World, proposal: Proposal
) -> None:
    agenda = an_agenda(world, proposal)
    url = address(agenda, "udsend/")

    before = pages.get(url)
    assert "Uffe Udvalg uffe.udvalg@example.org Dagsorden og sagsmateriale" in before.text
    assert f"Ella Ejer ella.ejer@example.org Besked om, at {proposal.number}" in before.text
    assert before.primary == ["Udsend dagsorden"]
    assert Agenda.objects.get().published_at is None

    out = pages.press(url, pages.seen(url))
    assert "Udsendt · 3 punkter" in out.text
    proposal.refresh_from_db()
    assert proposal.status == Status.ON_AGENDA

    again = pages.press(url)
    assert again.messages[0].startswith("Dagsordenen er allerede udsendt")
    assert proposal.events.of_transition("publish").count() == 1


def test_publishing_names_nothing_of_what_one_is_not_impartial_about(
    pages: Pages, world: World, proposal: Proposal
) -> None:
    gone = proposal_at(Status.RECOMMENDED, world, title="Trukket")
    agenda = an_agenda(world, proposal, gone)
    for one in (proposal, gone):
        tie = impartiality.declare(
            proposal_pk=one.pk,
            user=world.cast.colleague,
            reason="Familie",
            by=world.cast.colleague,
            at=NOW,
        )
        impartiality.settle(
            impartiality_pk=tie.pk,
            is_impartial=False,
            note="Nær familie",
            by=world.cast.secretariat,
            at=NOW,
        )
    withdrawal.withdraw(
        proposal_pk=gone.pk,
        revision=gone.revision,
        reason="Vi venter",
        by=world.cast.owner,
        at=DAY[5],
    )
    url = address(agenda, "udsend/")

    page = pages.as_(world.cast.colleague).get(url)
    out = pages.press(url, pages.seen(url))

    for shown in (page, out):
        for secret in (proposal.number, gone.number, "Lavbundsjord", "Ella Ejer"):
            assert secret not in shown.text
    assert "Forslagsstillerne bag det, du er inhabil i, får også besked." in page.text

    item = agenda.items.get(proposal=proposal)
    attend(item.agenda, world)
    record(item, "approved", world)
    last = pages.get(address(agenda, "frigiv/")).text
    assert "bliver spurgt" not in last
    assert "Du er inhabil i punktet." in last


def test_a_proposal_that_left_is_left_out_with_a_word(
    pages: Pages, world: World, proposal: Proposal
) -> None:
    other = proposal_at(Status.RECOMMENDED, world, title="Bliver")
    agenda = an_agenda(world, proposal, other)
    withdrawal.withdraw(
        proposal_pk=proposal.pk,
        revision=proposal.revision,
        reason="Vi venter",
        by=world.cast.owner,
        at=DAY[5],
    )
    url = address(agenda, "udsend/")
    assert f"{proposal.number} er trukket tilbage og kommer ikke med." in pages.get(url).text

    out = pages.press(url, pages.seen(url))

    assert f"{proposal.number} er trukket tilbage og kom ikke med på dagsordenen." in out.messages
    assert "Bliver" in out.text


def test_a_published_agenda_is_frozen(pages: Pages, world: World, proposal: Proposal) -> None:
    agenda = publish(an_agenda(world, proposal), world)
    item = agenda.items.get(proposal=proposal)
    url = address(agenda, "dagsorden/")

    page = pages.get(url)
    assert "Dagsordenen er udsendt og kan ikke ændres." in page.text
    assert page.primary == []
    for rest in (f"punkt/{item.pk}/flyt/", f"punkt/{item.pk}/fjern/"):
        assert pages.press(url + rest, {"retning": "op"}).messages == [
            "Dagsordenen er udsendt og kan ikke ændres."
        ]
    refused = pages.post(
        f"{url}punkt/", {"title": "For sent", "kind": "discussion", "minutes": "5"}, status=409
    )
    assert refused.problems == ["Dagsordenen er udsendt og kan ikke ændres."]
    assert refused.value("title") == "For sent"


# Reading


def test_the_committee_sees_a_meeting_when_it_is_published(
    pages: Pages, world: World, proposal: Proposal
) -> None:
    agenda = an_agenda(world, proposal)
    pages.as_(world.cast.committee)
    pages.get(address(agenda), status=404)
    assert "Lavbundsjord" not in pages.get("/moeder/").text

    publish(agenda, world)

    page = pages.get(address(agenda))
    assert order(page)[1] == "Lavbundsjord"
    assert address(agenda) in pages.get("/moeder/").links
    item = pages.get(address(agenda, "punkt/2/"))
    assert item.heading == "2. Lavbundsjord"
    assert "Sekretariatet indstiller, at forslaget godkendes." in item.text
    assert "Forslaget samler tre kommuner om lavbundsjord." in item.text
    assert "Kommunerne mangler en fælles metode." in item.text
    assert "Forslaget anbefales med bemærkninger." in item.text
    assert "K1 Opfyldt" in item.text
    assert "3 af 3 kommuner/regioner." in item.text
    assert "K2 Opfyldt" in item.text
    assert address(agenda, "punkt/3/") in item.links


def test_the_papers_show_how_far_they_have_come_and_are_downloaded_with_their_hash(
    pages: Pages, world: World, proposal: Proposal
) -> None:
    agenda = publish(an_agenda(world, proposal), world)
    papers = Dossier.objects.get(kind="papers")
    pages.as_(world.cast.committee)

    waiting = pages.get(address(agenda))
    assert "Venter på sagsmaterialet" in waiting.text
    box = waiting.by_class("box")
    assert any(e.get("hx-get") == address(agenda, "papirer/") for e in box)
    pages.get(address(agenda, f"papirer/{papers.pk}/"), status=404)

    claimed = leases.claim_one(Dossier.objects.filter(pk=papers.pk), at=AFTER, lease=AFTER - DAY[0])
    assert claimed is not None
    leases.renew(claimed, at=AFTER, lease=AFTER - DAY[0], progress_done=3, progress_total=7)
    part = pages.get(address(agenda, "papirer/"))
    assert "Sætter siderne op, 42 %" in part.text

    leases.keep_file(claimed, name="sagsmateriale.pdf", content=b"%PDF-1.7 papir", at=AFTER)
    done = pages.get(address(agenda))
    # What the committee came for is the first button, and says how much it is; few want the fingerprint.
    assert [" ".join(words.split()) for words in done.primary] == [
        "Hent sagsmateriale (PDF, 14 bytes)"
    ]
    [folded] = [e for e in done.by_class("details-text") if claimed.sha256 in "".join(e.itertext())]
    assert folded.tag == "div"
    file = pages.get(address(agenda, f"papirer/{papers.pk}/"))
    assert file.body == b"%PDF-1.7 papir"
    response = file.response
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Type"] == "application/pdf"


def test_papers_under_way_are_asked_about_by_script_and_without_it_by_a_link(
    pages: Pages, world: World, proposal: Proposal
) -> None:
    agenda = publish(an_agenda(world, proposal), world)

    page = pages.get(address(agenda))

    assert b'hx-trigger="every 2s"' in page.body
    # A stylesheet hides it where the script runs.
    [without] = page.by_class("without-script")
    assert next(without.iter("a")).get("href") == address(agenda)
    assert "Se, om det er klar" in page.text


def test_a_paper_that_was_given_up_is_asked_for_again(
    pages: Pages, world: World, proposal: Proposal
) -> None:
    agenda = publish(an_agenda(world, proposal), world)
    papers = Dossier.objects.get(kind="papers")
    papers.failed_at, papers.error = AFTER, "Skriften mangler"
    papers.save(update_fields=["failed_at", "error"])

    page = pages.get(address(agenda))
    assert "Sekretariatet kan prøve igen." in page.text
    assert "Skriften mangler" not in page.text
    assert "Prøv igen" not in pages.as_(world.cast.committee).get(address(agenda)).buttons
    pages.post(address(agenda, f"papirer/{papers.pk}/igen/"), status=403)

    again = pages.as_(world.cast.secretariat).press(address(agenda, f"papirer/{papers.pk}/igen/"))
    assert again.messages == ["Filen bliver lavet igen nu."]
    papers.refresh_from_db()
    assert papers.failed_at is None


def test_a_member_found_partial_reads_the_other_items_alone(
    pages: Pages, world: World, proposal: Proposal
) -> None:
    other = proposal_at(Status.RECOMMENDED, world, title="Elfærger")
    agenda = publish(an_agenda(world, proposal, other), world)
    papers = Dossier.objects.get(kind="papers")
    papers.file.save("papirer.pdf", ContentFile(b"%PDF-1.7"), save=False)
    papers.sha256, papers.built_at = "f" * 64, AFTER
    papers.save(update_fields=["file", "sha256", "built_at"])
    raised = impartiality.declare(
        proposal_pk=proposal.pk,
        user=world.cast.committee,
        reason="Min gård",
        by=world.cast.committee,
        at=NOW,
    )
    impartiality.settle(
        impartiality_pk=raised.pk,
        is_impartial=False,
        note="Ja",
        by=world.cast.secretariat,
        at=DAY[6],
    )
    pages.as_(world.cast.committee)

    page = pages.get(address(agenda))

    assert order(page)[1:3] == ["Forslag, du er inhabil i", "Elfærger"]
    assert "Lavbundsjord" not in page.text
    assert proposal.number not in page.text
    pages.get(address(agenda, "punkt/2/"), status=404)
    pages.get(address(agenda, "punkt/3/"))
    refused = pages.get(address(agenda, f"papirer/{papers.pk}/"), status=403)
    assert "Filen rummer et punkt, du er inhabil i." in refused.text


@pytest.mark.slow("opens every page of a meeting for everybody")
def test_others_have_no_meetings(pages: Pages, world: World, proposal: Proposal) -> None:
    agenda = publish(an_agenda(world, proposal), world)
    item = agenda.items.get(proposal=proposal)
    for rest in (
        "",
        "papirer/",
        "punkt/2/",
        "dagsorden/",
        "dagsorden/punkt/",
        f"dagsorden/punkt/{item.pk}/",
        "udsend/",
        "beslutninger/",
        f"beslutninger/{item.pk}/",
        "frigiv/",
    ):
        for who in ("owner", "adviser", "funder", "stranger", "administrator"):
            pages.as_(getattr(world.cast, who)).get(address(agenda, rest), status=403)
        if rest not in ("", "papirer/", "punkt/2/"):
            pages.as_(world.cast.committee).get(address(agenda, rest), status=403)
    for rest in ("udsend/", "frigiv/", f"dagsorden/punkt/{item.pk}/fjern/"):
        pages.as_(world.cast.committee).post(address(agenda, rest), status=403)
    pages.as_(world.cast.committee).get("/moeder/ny/", status=403)
    assert Agenda.objects.get().items.count() == 3


def test_there_is_no_meeting_on_a_day_without_one(pages: Pages, world: World) -> None:
    pages.as_(world.cast.secretariat)

    for day in ("2027-05-28", "2027-02-31", "2027-5-27"):
        pages.get(f"/moeder/{day}/", status=404)


# Deciding


@pytest.fixture
def agenda(world: World, proposal: Proposal) -> Agenda:
    return publish(an_agenda(world, proposal), world)


def test_attendance_begins_with_the_committee_and_takes_more(
    pages: Pages, world: World, agenda: Agenda
) -> None:
    url = address(agenda, "beslutninger/")
    page = pages.get(url)
    assert page.value("personer-0-name") == "Uffe Udvalg"

    empty = pages.press(url, presences(agenda, ("Uffe Udvalg", "")))
    assert empty.messages == [
        "Fremmødet er gemt. Det mangler stadig, om Uffe Udvalg var til stede."
    ]
    twice = pages.post(
        url, presences(agenda, ("Uffe Udvalg", "present"), ("uffe udvalg", "absent")), status=200
    )
    assert twice.problems == ["Den samme person står to gange. Fjern den ene linje"]
    saved = pages.press(
        url, presences(agenda, ("Uffe Udvalg", "present"), ("Gæst Gæstesen", "apologies"))
    )
    assert saved.messages == ["Fremmødet er gemt."]
    assert saved.value("personer-1-presence") == "apologies"


def test_a_decision_needs_a_reason_for_all_but_full_approval(
    pages: Pages, world: World, agenda: Agenda
) -> None:
    item = agenda.items.exclude(proposal=None).get()
    url = address(agenda, f"beslutninger/{item.pk}/")

    assert pages.post(url, {}, status=200).problems == ["Vælg, hvad forretningsudvalget besluttede"]
    assert pages.post(url, {"outcome": "rejected"}, status=200).problems == [
        "Skriv begrundelsen. Kun fuld godkendelse kan stå uden"
    ]
    assert pages.post(
        url, {"outcome": "with_conditions", "reason": "Fordi"}, status=200
    ).problems == ["Skriv betingelserne"]
    assert pages.post(url, {"outcome": "sent_back", "reason": "Fordi"}, status=200).problems == [
        "Vælg, hvor forslaget sendes hen",
        "Vælg, hvilken runde forslaget sendes til",
    ]
    assert not Decision.objects.exists()
    saved = pages.press(url, {"outcome": "approved", "text": "Indstillingen blev fulgt."})
    assert saved.messages == [
        "Beslutningen på punkt 2 er gemt. Ingen får besked, før du frigiver beslutningerne."
    ]


def test_a_free_item_is_noted_and_never_sent_back(
    pages: Pages, world: World, agenda: Agenda
) -> None:
    item = agenda.items.get(title="Eventuelt")
    url = address(agenda, f"beslutninger/{item.pk}/")

    page = pages.get(url)
    assert "Taget til efterretning" in page.text
    assert "Sendt tilbage" not in page.text
    assert pages.post(url, {"outcome": "sent_back"}, status=200).problems


FREE = (
    # Each kind of item without a proposal, and a closed one.
    ("decision", "Ny forretningsorden", False),
    ("discussion", "Drøftelse af næste runde", False),
    ("information", "Orientering om økonomien", False),
    ("decision", "Personalesag", True),
)


@pytest.mark.parametrize(
    ("meeting_date", "unwritten"),
    (
        (AFTER.date(), "Ikke behandlet endnu"),
        (AFTER.date() - timedelta(days=1), "Intet besluttet"),
    ),
)
def test_nothing_is_decided_that_nobody_wrote(
    pages: Pages,
    world: World,
    proposal: Proposal,
    now: time_machine.Traveller,
    meeting_date: date,
    unwritten: str,
) -> None:
    agenda = an_agenda(world, proposal)
    Agenda.objects.filter(pk=agenda.pk).update(meeting_date=meeting_date)
    agenda.refresh_from_db()
    for kind, title, is_closed in FREE:
        agendas.add_item(
            agenda_pk=agenda.pk,
            kind=kind,
            title=title,
            minutes=5,
            is_closed=is_closed,
            by=world.cast.secretariat,
            at=DAY[4],
        )
    publish(agenda, world)
    attend(agenda, world)
    now.move_to(AFTER)
    nothing = ["Godkendelse af dagsorden", *(title for _, title, _ in FREE), "Eventuelt"]
    named = {item.title: item for item in agenda.items.all()}

    decisions = outcomes_shown(pages.get(address(agenda, "beslutninger/")))

    assert decisions.pop(proposal.title) == (
        "mangler" if unwritten == "Intet besluttet" else unwritten
    )
    assert decisions == dict.fromkeys(nothing, unwritten)

    record(named[proposal.title], "approved", world)
    record(named["Godkendelse af dagsorden"], "approved", world)
    record(named["Orientering om økonomien"], "noted", world)
    record(named["Drøftelse af næste runde"], "nothing", world, text="Udvalget drøftede runden.")
    wanted = {
        **dict.fromkeys([proposal.title, *nothing], "Intet besluttet"),
        proposal.title: "Godkendt",
        "Godkendelse af dagsorden": "Godkendt",
        "Orientering om økonomien": "Taget til efterretning",
    }
    assert outcomes_shown(pages.get(address(agenda, "frigiv/"))) == wanted
    decision.release(agenda_pk=agenda.pk, by=world.cast.secretariat, at=AFTER)
    shown = outcomes_shown(pages.get(address(agenda, "beslutninger/")))
    assert {title: text[:1].upper() + text[1:] for title, text in shown.items()} == wanted
    agenda.refresh_from_db()
    minutes = collect_minutes(agenda, at=AFTER)
    assert {
        item.title: item.decided.outcome[:1].upper() + item.decided.outcome[1:]
        for item in minutes.items
    } == wanted
    assert {item.title: item.decided.text for item in minutes.items if item.decided.text} == {
        proposal.title: "Udvalget besluttede.",
        "Godkendelse af dagsorden": "Udvalget besluttede.",
        "Orientering om økonomien": "Udvalget besluttede.",
        "Drøftelse af næste runde": "Udvalget drøftede runden.",
    }
    pages.as_(world.cast.committee)
    meeting = pages.get(address(agenda))
    tags = [words(tag) for tag in meeting.by_class("badge-info")]
    assert sorted(tags) == sorted(text.lower() for text in wanted.values())
    closed = pages.get(address(agenda, f"punkt/{named['Personalesag'].number}/"))
    assert [words(tag) for tag in closed.by_class("badge-info")] == ["intet besluttet"]


def words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


NUMBER = re.compile(r" ?KS-\d{4}-\d{4}.*$")


def outcomes_shown(page: Page) -> dict[str, str]:
    """What the table of the page says was decided, by the item's title."""
    return {
        NUMBER.sub("", words(next(row.iter("th")))): words(cell)
        for row in next(page.root.iter("tbody")).iter("tr")
        for cell in row.iter("td")
        if cell.get("data-title") == "Beslutning"
    }


def test_who_took_no_part_stands_with_the_decision(
    pages: Pages, world: World, agenda: Agenda
) -> None:
    attend(agenda, world)
    impartiality.declare(
        proposal_pk=agenda.items.exclude(proposal=None).get().proposal_id,
        user=world.cast.committee,
        reason="Min gård",
        by=world.cast.committee,
        at=DAY[6],
    )
    item = agenda.items.exclude(proposal=None).get()
    url = address(agenda, f"beslutninger/{item.pk}/")
    assert pages.get(url).value("recused") == "Uffe Udvalg"

    pages.press(url, {"outcome": "approved", "recused": ["Uffe Udvalg"]})

    assert [row.name for row in item.recusals.all()] == ["Uffe Udvalg"]


def test_decisions_are_released_at_once_and_only_once(
    pages: Pages, world: World, agenda: Agenda, proposal: Proposal
) -> None:
    url = address(agenda, "frigiv/")
    early = pages.get(url)
    assert early.primary == ["Gør beslutningerne færdige"]
    assert "Skriv, hvem der deltog i mødet, før du frigiver." in early.text
    pages.post(url, status=200)

    attend(agenda, world)
    item = agenda.items.exclude(proposal=None).get()
    record(item, "approved", world)
    ready = pages.get(url)
    assert "Forslagsstilleren får brev. Bidragyderne i indstillingen bliver spurgt." in ready.text
    assert ready.primary == ["Frigiv beslutninger"]
    proposal.refresh_from_db()
    assert proposal.status == Status.ON_AGENDA

    out = pages.press(url, pages.seen(url))
    assert out.messages == [
        (
            "Beslutningerne er frigivet. Forslagsstillere og bidragydere får brev nu, "
            "og referatet bliver lavet."
        )
    ]
    assert "Referat" in out.text
    again = pages.press(url)
    assert again.messages[0].startswith("Beslutningerne er allerede frigivet")
    late = pages.post(
        address(agenda, f"beslutninger/{item.pk}/"), {"outcome": "approved"}, status=302
    )
    assert late.location == address(agenda, "beslutninger/")
    assert Dossier.objects.filter(kind="minutes").count() == 1


def test_a_withdrawn_proposal_is_dropped_and_needs_no_decision(
    pages: Pages, world: World, agenda: Agenda, proposal: Proposal
) -> None:
    proposal.refresh_from_db()
    withdrawal.withdraw(
        proposal_pk=proposal.pk,
        revision=proposal.revision,
        reason="Vi venter",
        by=world.cast.owner,
        at=DAY[6],
    )
    attend(agenda, world)

    page = pages.get(address(agenda, "beslutninger/"))
    assert f"Lavbundsjord {proposal.number} udgår" in page.text
    item = agenda.items.exclude(proposal=None).get()
    refused = pages.post(
        address(agenda, f"beslutninger/{item.pk}/"), {"outcome": "approved"}, status=200
    )
    assert refused.problems == [f"Punktet udgår: {proposal.number} er trukket tilbage."]
    pages.press(address(agenda, "frigiv/"), pages.seen(address(agenda, "frigiv/")))
    assert Decision.objects.get(item=item).outcome == "dropped"


@pytest.mark.slow("opens every page of a meeting")
@pytest.mark.parametrize("count", (1, 3))
def test_the_pages_of_a_meeting_ask_the_same_however_many_proposals(
    pages: Pages, world: World, django_assert_num_queries: Any, count: int
) -> None:
    found = [proposal_at(Status.RECOMMENDED, world) for _ in range(count)]
    draft = an_agenda(world, *found)
    pages.as_(world.cast.secretariat)

    for rest, queries in QUERIES_OF_A_DRAFT.items():
        with django_assert_num_queries(queries, info=rest):
            pages.get(address(draft, rest))
    publish(draft, world)
    for rest, queries in QUERIES_WHEN_OUT.items():
        with django_assert_num_queries(queries, info=rest):
            pages.get(address(draft, rest))
    with django_assert_num_queries(5):
        pages.get("/moeder/")


QUERIES_OF_A_DRAFT = {"": 8, "dagsorden/": 11}
QUERIES_WHEN_OUT = {"": 9, "beslutninger/": 11, "frigiv/": 12, "punkt/2/": 14}
