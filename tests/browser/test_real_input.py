"""
A form that was really sent on paper walks from the front page to a decision and a track, with the worker making its papers.

Nothing on the paper may lack a home; nothing is done here that is not visible to the one who does it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests import pdf_structure
from tests.browser import paper
from tests.browser.conftest import SHOTS
from tests.browser.hands import Person, pdf

if TYPE_CHECKING:
    from tests.browser.conftest import Portal

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow("walks the whole line in a browser"),
    pytest.mark.xdist_group("portal"),
]

PAPER = paper.read()
TITLE = PAPER["Titel"]
# Lov nr. 699 af 20. juni 2025, § 126.
REGION = "Region Østdanmark"
KOMMUNER = ("Københavns Kommune", "Albertslund Kommune", "Gladsaxe Kommune")
OTHERS = ("Realdania", "CONCITO", "C40", "KL", "Danske Regioner", "Gate 21")


def test_the_paper_form_becomes_a_track(portal: Portal) -> None:
    karen = Person(portal.context().new_page(), "karen")
    she_signs_up(karen)
    number = she_types_the_paper(karen)
    she_sends_it(karen, "faglig kvalificering")
    the_dgo_qualifies(portal, number)
    karen.opens("/").at("Det venter på dig").follows("Tjek og indsend").at("Tjek dine svar")
    she_sends_it(karen, "godkendelsesforløb")
    the_secretariat_recommends(portal, number)
    meeting = the_agenda_goes_out(portal, number)
    the_committee_reads(portal, number, meeting)
    the_committee_decides(portal, meeting)
    karen.opens(f"/forslag/{number}/").at(TITLE).reads("Indstillingen blev fulgt.")
    the_funder_agrees_and_it_begins(portal, number)
    karen.opens(f"/forslag/{number}/forloeb/").at(TITLE).reads("Sat i gang")
    karen.page.context.close()


def she_signs_up(karen: Person) -> None:
    karen.opens("/").at("Stil forslag til et klimaudviklingsspor").follows("Nyt forslag")
    karen.at("Log på").follows("Opret bruger").at("Opret bruger")
    karen.fills("Dit navn", "Karen Holm").fills("Mailadresse", f"karen.{uuid4().hex}@example.org")
    karen.fills("Adgangskode", "gul kaffe i hovedstaden")
    karen.fills("Adgangskoden igen", "gul kaffe i hovedstaden").presses("Opret bruger")
    karen.at("Bekræft din mailadresse")
    karen.opens("/demo/breve/").at("Breve i demoen")
    karen.page.locator("a[href*='/konto/bekraeft-e-mail/']").first.click()
    karen.at("Bekræft din mailadresse").presses("Bekræft adressen").at("Nyt forslag")


def she_types_the_paper(karen: Person) -> str:
    karen.fills("Find en anden organisation", REGION.lower())
    karen.page.get_by_text(REGION, exact=True).click()
    karen.page.get_by_role("group", name="Runde").get_by_role("radio").last.check(force=True)
    karen.fills("Forslagets titel", TITLE).presses("Opret forslag").at("Dit forslag")
    number = karen.number()

    karen.follows("Udfordringer og formål").at("Udfordringer og formål")
    karen.fills(
        "Hvilke udfordringer skal projektet løse?",
        PAPER["Hvilke udfordringer skal projektet løse"],
    )
    karen.fills("Overordnet formål", PAPER["Overordnet formål"]).presses("Gem og fortsæt")
    karen.at("Effekt og tiltag").fills("Effekt", PAPER["Effekt"])
    karen.fills("Tiltag og handlinger i projektet", PAPER["Tiltag/handlinger i projektet"])
    karen.presses("Gem og fortsæt").at("Udviklingselement")

    # The paper did not ask for these three; the portal must.
    karen.chooses("Har sporet et tydeligt", "Ja")
    karen.fills("Beskriv udviklings-", "Fælles systematik i monitorering, der ikke findes i dag.")
    karen.chooses("Går sporet ud over", "Ja").fills("Hvad er nyt", "Klimaaftryk fra forbrug.")
    karen.chooses("Bliver løsninger og viden", "Ja")
    karen.fills("Hvordan deler I", "Løbende analyser og rapporter.").presses("Gem og fortsæt")
    karen.at("Klimahandlingsplaner")
    karen.fills("Hvilke behov", "- DK2020-planerne: gennemførelse og revision")
    karen.presses("Gem og fortsæt").at("Deltagere")

    for name in KOMMUNER:
        karen.chooses("Deltagerens rolle", "Problemejer")
        add(karen, name)
    for name in OTHERS:
        karen.chooses("Deltagerens rolle", "Videnspartner")
        add(karen, name)
    karen.fills("Hvordan kan andre være med", "Alle kommuner i hovedstadsregionen kan deltage.")
    karen.presses("Gem og fortsæt").at("Økonomi og medfinansiering")

    karen.fills("Beløb, I søger hos Klimaalliancen", "1,5 mio. kr.")
    karen.fills("Samlet budget for hele perioden", "10 -12 mio. kr.")
    karen.fills("Hvordan har I overvejet medfinansiering?", "Regionen bidrager hvert år.")
    karen.fills("Bemærkninger til økonomien", PAPER["Økonomi"])
    karen.fills("Samlet budget for et program", "ca. 60 mio. kr.")
    for row, year in enumerate(range(2023, 2028), 1):
        if row > 1:
            karen.presses("Tilføj en linje")
        karen.fills(f"År, linje {row}", str(year)).fills(f"Kilde, linje {row}", REGION)
        karen.fills(f"Beløb i kr., linje {row}", "1,5 mio.")
        karen.chooses(f"Status, linje {row}", "Bevilget" if row == 1 else "Forventet")
    karen.presses("Gem og fortsæt").at("Periode og organisering")

    karen.fills("Hvornår begynder projektet?", "januar 2023")
    karen.fills("Hvornår slutter projektet?", "december 2027")
    karen.fills("Partnere og projektorganisering", PAPER["Partnere og projektorganisering"])
    karen.presses("Gem og fortsæt").at("RUS-indsatsområde og verdensmål")

    karen.fills("Indsatsområde", PAPER["Indsatsområde i RUS- handlingsplan 2020-2023"])
    # The four that stood on the paper as pictures are not in its text.
    karen.chooses(
        "Hvilke af FN's verdensmål", "11. Bæredygtige byer og lokalsamfund", "13. Klimaindsats"
    )
    karen.fills("Bemærkninger til verdensmålene", PAPER["Bidrager til FN’s verdensmål"])
    karen.presses("Gem og fortsæt").at("Bilag")
    karen.attaches("Vælg en eller flere filer", "tidsplan.pdf", pdf()).fills(
        "Bilagets navn", "Tidsplan"
    )
    karen.presses("Tilføj bilag").reads("Tidsplan er tilføjet").at("Bilag")
    karen.follows("Til listen over afsnit").at("Dit forslag").follows("Tjek dine svar")
    karen.at("Tjek dine svar")
    every_word_has_a_home(karen)
    return number


def add(karen: Person, name: str) -> None:
    karen.fills("Find kommune", name.split(maxsplit=1)[0].lower())
    karen.presses(f"Tilføj {name}").reads(f"{name} er tilføjet")


def every_word_has_a_home(karen: Person) -> None:
    """Nothing on the paper may lack a home: every line of it stands on the page, points as points."""
    shown = " ".join(karen.page.locator("main").inner_text().split())
    points = {
        " ".join(point.split())
        for point in karen.page.locator("main .prose-list li").all_inner_texts()
    }
    for heading, text in PAPER.items():
        if heading == "Projektperiode":
            assert "januar 2023" in shown
            assert "december 2027" in shown
            continue
        for line in filter(None, text.split("\n")):
            words = " ".join(line.removeprefix("- ").removeprefix("• ").split())
            assert words in (points if line.startswith(("- ", "• ")) else shown), heading
    for figure in (
        "1.500.000 kr.",
        "10-\N{WORD JOINER}12 mio. kr.",
        "60 mio. kr.",
        "7.500.000 kr.",
    ):
        assert figure in shown, figure


def she_sends_it(karen: Person, gate: str) -> None:
    karen.presses(f"Indsend til {gate}").at("Vi har modtaget forslaget")
    karen.waits_for("Hent forslaget", asking="Se, om den er klar")
    received = karen.downloads("Hent forslaget")
    structure = pdf_structure.read(received)
    assert structure.is_pdf_ua
    assert structure.lang.startswith("da")
    assert all(structure.fonts.values())
    assert TITLE in " ".join(pdf_structure.page_texts(received))
    keep(f"kvittering-{gate}.pdf", received)


def the_dgo_qualifies(portal: Portal, number: str) -> None:
    anders = Person(portal.as_("Anders Thorup"), "anders")
    anders.opens("/").at("Det venter på dig").follows(f"Kvalificér forslaget: {number}")
    anders.at("Faglig kvalificering").presses("Begynd kvalificeringen").at("Faglig kvalificering")
    anders.fills("V1 Klimaeffekt", "Effekten er sandsynlig.").fills(
        "V7 Realisme", "Godt organiseret."
    )
    anders.chooses("Udfald", "Anbefales med bemærkninger")
    anders.fills("Samlet udtalelse", "Vi anbefaler sporet.\n\n- Vis effekten pr. kommune")
    anders.presses("Gem og tjek udtalelsen").at("Afgiv udtalelse").presses("Afgiv alligevel")
    anders.at(TITLE).reads("Udtalelsen er afgivet")


def the_secretariat_recommends(portal: Portal, number: str) -> None:
    birgitte = Person(portal.as_("Birgitte Vesterholm"), "birgitte")
    birgitte.opens("/").at("Det venter på dig").follows(f"Kontrollér kravene: {number}")
    birgitte.at("Formel kontrol")
    for requirement in ("K2", "K3", "K4", "K5"):
        birgitte.chooses(f"Er {requirement} opfyldt?", "Opfyldt")
    birgitte.presses("Gem og gå til indstillingen").at("Indstilling")
    birgitte.chooses("Vi indstiller, at forslaget", "Godkendes")
    birgitte.fills("Resumé", "Regionalt partnerskab om at gennemføre klimahandlingsplanerne.")
    birgitte.fills("At …", "sporet godkendes med 1.500.000 kr.")
    birgitte.fills("Beløb fra Realdania", "1,5 mio.").presses("Gem og se indstillingen")
    birgitte.at("Indstil til forretningsudvalget").reads("1.500.000 kr.").presses("Indstil").at(
        TITLE
    )


def the_agenda_goes_out(portal: Portal, number: str) -> str:
    birgitte = Person(portal.as_("Birgitte Vesterholm"), "birgitte-dagsorden")
    birgitte.opens("/").follows(f"Sæt på en dagsorden: {number}").at("Møder i forretningsudvalget")
    birgitte.follows("Ny dagsorden").at("Ny dagsorden").fills("Klokkeslæt", "10.00")
    birgitte.fills("Sted", "KL-huset").presses("Opret dagsorden").reads("Dagsordenen er oprettet")
    heading = birgitte.page.get_by_role("heading", level=1).inner_text()
    meeting = heading.removeprefix("Dagsorden til m").removeprefix("ødet ")
    birgitte.chooses("Indstillet forslag", f"{number} {TITLE}").presses("Sæt på dagsordenen")
    birgitte.reads(f"{number} er sat på dagsordenen").at(heading)
    birgitte.follows("Se, hvem der får hvad").at("Udsend dagsorden").reads("Erik Sandager")
    birgitte.presses("Udsend dagsorden").reads("Dagsordenen er udsendt")
    # The worker takes seconds over the papers, and the page shows how far it is.
    expect(birgitte.page.locator("#papers progress").first).to_be_visible()
    birgitte.at(f"Mødet {meeting}")
    return meeting


def the_committee_reads(portal: Portal, number: str, meeting: str) -> None:
    erik = Person(portal.as_("Erik Sandager"), "erik")
    erik.opens("/").at("Det venter på dig").follows("Møder").at("Møder i forretningsudvalget")
    erik.follows(meeting).at(f"Mødet {meeting}").follows(TITLE).at(f"2. {TITLE}")
    erik.reads("sporet godkendes med 1.500.000 kr.", "Vi anbefaler sporet.")
    erik.follows("Møder").follows(meeting)
    papers = erik.downloads("Hent sagsmateriale")
    erik.at(f"Mødet {meeting}")
    structure = pdf_structure.read(papers)
    assert structure.is_pdf_ua
    assert structure.is_marked
    assert structure.shows_title
    assert structure.lang.startswith("da")
    assert all(structure.fonts.values())
    assert None not in structure.figures
    assert any(TITLE in text for _, text in structure.outline)
    texts = pdf_structure.page_texts(papers)
    assert f"Side {len(texts)} af {len(texts)}" in texts[-1]
    assert number in " ".join(texts)
    keep("sagsmateriale.pdf", papers)
    assert erik.downloads("Hent sagsmateriale med bilag")[:2] == b"PK"


def the_committee_decides(portal: Portal, meeting: str) -> None:
    birgitte = Person(portal.as_("Birgitte Vesterholm"), "birgitte-moede")
    birgitte.opens("/").follows("Møder").follows(meeting).follows("Skriv beslutninger")
    birgitte.at("Beslutninger")
    for row in range(1, 4):
        birgitte.chooses(f"Fremmøde, Person {row}", "Til stede")
    birgitte.presses("Gem fremmøde").reads("Fremmødet er gemt").follows(TITLE)
    birgitte.at("Beslutning på punkt 2").chooses("Beslutning", "Godkendt")
    birgitte.fills("Beslutningens ordlyd", "Indstillingen blev fulgt.")
    birgitte.presses("Gem beslutningen").reads("er gemt").at("Beslutninger")
    birgitte.follows("Frigiv beslutninger").at("Frigiv beslutninger")
    birgitte.presses("Frigiv beslutninger").reads("Beslutningerne er frigivet")
    minutes = birgitte.at(f"Mødet {meeting}").downloads("Hent referat")
    assert "Indstillingen blev fulgt." in " ".join(pdf_structure.page_texts(minutes))
    keep("referat.pdf", minutes)


def the_funder_agrees_and_it_begins(portal: Portal, number: str) -> None:
    charlotte = Person(portal.as_("Charlotte Dalsager"), "charlotte")
    charlotte.opens("/").at("Det venter på dig").follows("Bevillinger").at("Bevillinger")
    charlotte.follows(f"Giv svar på {number}").at("Særskilt godkendelse")
    charlotte.chooses("Svar", "Vi giver tilsagn").presses("Send svaret").at("Bevillinger")
    birgitte = Person(portal.as_("Birgitte Vesterholm"), "birgitte-spor")
    birgitte.opens("/").follows(f"Sæt sporet i gang: {number}").at(
        "Sæt klimaudviklingssporet i gang"
    )
    birgitte.presses("Sæt sporet i gang").at(TITLE).reads("er sat i gang")
    stranger = Person(portal.context().new_page(), "fremmed")
    stranger.opens("/").follows("Klimaudviklingsspor").at("Klimaudviklingsspor")
    expect(stranger.page.get_by_role("heading", name=TITLE)).to_be_visible()
    stranger.page.context.close()


def keep(name: str, content: bytes) -> None:
    """Keep a paper beside the pictures."""
    if SHOTS:
        (Path(SHOTS) / name).write_bytes(content)
