"""The main job with JavaScript off, against the running portal: a proposal from nothing to its receipt, which the worker makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import pdf_structure
from tests.browser.conftest import PHONE
from tests.browser.hands import Person

if TYPE_CHECKING:
    from tests.browser.conftest import Portal

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow("writes a whole proposal in a browser, and waits for its paper"),
    pytest.mark.xdist_group("portal"),
]

TITLE = "Fælles indkøb af brugte byggevarer"


def test_a_proposal_is_written_and_sent(portal: Portal) -> None:
    context = portal.signed_in("Mette Lindholm", java_script_enabled=False, viewport=PHONE)
    mette = Person(context.new_page(), "mette-uden-script")
    mette.opens("/forslag/nyt/").at("Nyt forslag").chooses("På vegne af", "Aarhus Kommune")
    mette.page.get_by_role("group", name="Runde").get_by_role("radio").last.check(force=True)
    mette.presses("Opret forslag").at("Nyt forslag").reads("Indtast forslagets titel")
    mette.fills("Forslagets titel", TITLE).presses("Opret forslag").at("Dit forslag")
    number = mette.number()

    mette.follows("Udfordringer og formål").at("Udfordringer og formål")
    mette.fills("Hvilke udfordringer skal projektet løse?", "Brugte mursten bliver til vejfyld.")
    mette.fills("Overordnet formål", "At genbruge dem.").presses("Gem og fortsæt")
    mette.at("Effekt og tiltag").fills("Effekt", "- Mindre affald")
    mette.fills("Tiltag og handlinger i projektet", "- Fælles lager").presses("Gem og fortsæt")
    mette.at("Udviklingselement").chooses("Har sporet et tydeligt", "Ja")
    mette.fills("Beskriv udviklings-", "Vi prøver kravene af i ti udbud.")
    mette.chooses("Går sporet ud over", "Ja").fills("Hvad er nyt", "Et fælles lager.")
    mette.chooses("Bliver løsninger og viden", "Ja").fills("Hvordan deler I", "Alt er åbent.")
    mette.presses("Gem og fortsæt").at("Klimahandlingsplaner")
    mette.fills("Hvilke behov", "Planernes mål om byggeri").presses("Gem og fortsæt")
    mette.at("Deltagere").chooses("Deltagerens rolle", "Problemejer")
    for name in ("Samsø Kommune", "Ærø Kommune"):
        mette.fills("Find kommune", name.partition(" ")[0]).presses("Søg")
        mette.presses(f"Tilføj {name}").reads(f"{name} er tilføjet")
    mette.fills("Hvordan kan andre være med", "Skriv til os.").presses("Gem og fortsæt")
    mette.at("Økonomi og medfinansiering").fills("Beløb, I søger hos Klimaalliancen", "1.500")
    mette.fills("Samlet budget for hele perioden", "3.000")
    mette.fills("Hvordan har I overvejet medfinansiering?", "Ja, med egen tid.")
    mette.fills("År, linje 1", "2027").fills("Kilde, linje 1", "Klimaalliancen")
    mette.fills("Beløb i kr., linje 1", "1500").chooses("Status, linje 1", "Søgt")
    mette.presses("Tilføj en linje").fills("År, linje 2", "2028")
    mette.fills("Kilde, linje 2", "Aarhus Kommune").fills("Beløb i kr., linje 2", "0")
    mette.chooses("Status, linje 2", "Egen tid")
    mette.presses("Gem og fortsæt").at("Periode og organisering")
    mette.fills("Hvornår begynder projektet?", "januar 2028")
    mette.fills("Hvornår slutter projektet?", "december 2029")
    mette.fills("Partnere og projektorganisering", "Aarhus leder.").presses("Gem og fortsæt")
    mette.at("RUS-indsatsområde og verdensmål")

    mette.opens(f"/forslag/{number}/tjek/").at("Tjek dine svar")
    mette.presses("Indsend til faglig kvalificering").at("Vi har modtaget forslaget")
    mette.waits_for("Hent forslaget", asking="Se, om den er klar")
    received = mette.downloads("Hent forslaget")
    structure = pdf_structure.read(received)
    assert structure.is_pdf_ua
    assert structure.lang.startswith("da")
    assert all(structure.fonts.values())
    said = " ".join(pdf_structure.page_texts(received))
    assert TITLE in said
    assert "Brugte mursten bliver til vejfyld." in said
    context.close()
