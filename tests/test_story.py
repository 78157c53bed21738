"""
From an idea to a track, as the flyer tells it, a paragraph at a time.

Everybody does only what stands on the page before them: follows its links, answers its questions, presses its buttons.
The clock goes from March to June 2027, and the sweeps come by when a worker would have sent them.
"""

from __future__ import annotations

import re
from datetime import date, time
from io import StringIO
from typing import TYPE_CHECKING, Any

from django.core import mail
from django.core.management import call_command

import pytest

from klimaspor import danish
from klimaspor.mail.tasks import deliver
from proposals.tasks import build_papers as build_versions
from review.tasks import build_papers as build_dossiers
from tests import pdf_structure
from tests.visitor import Visitor

if TYPE_CHECKING:
    import time_machine

PASSWORD = "blå cykel under broen"
TITLE = "Vådområder, der virker"
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"

pytestmark = [pytest.mark.django_db, pytest.mark.slow("walks the whole line, page by page")]


class Year:
    """The calendar on the wall, the postman, and the worker in the engine room."""

    def __init__(self, clock: time_machine.Traveller) -> None:
        self.clock = clock

    def becomes(self, day: int, month: int, hour: int = 10) -> None:
        """Turn the clock to an hour of a day in 2027."""
        self.clock.move_to(danish.wall(date(2027, month, day), time(hour)))

    def work_is_done(self) -> None:
        """Let the sweeps come by."""
        build_versions()
        build_dossiers()
        deliver()

    def letter_to(self, address: str) -> Any:
        """Give the newest letter in somebody's inbox."""
        self.work_is_done()
        return next(letter for letter in reversed(mail.outbox) if letter.to == [address])

    def link_to(self, address: str) -> str:
        """Give the address the newest letter leads to."""
        link = re.search(r"http\S+", str(self.letter_to(address).body))
        assert link
        return link[0]


@pytest.fixture
def year(now: time_machine.Traveller, settings: Any) -> Year:
    # What allauth sends goes the way of all letters too.
    settings.EMAIL_BACKEND = "klimaspor.mail.backend.OutboxBackend"
    settings.MAIL_TRANSPORT = {"backend": "django.core.mail.backends.locmem.EmailBackend"}
    return Year(now)


def test_from_idea_to_track(year: Year) -> None:
    sanne = the_portal_opens(year)
    rune, uffe, bodil = the_secretariat_invites(year, sanne)
    ella = have_you_a_good_idea(year)
    everybody_can_propose(ella)
    at_least_three_take_part(ella)
    no_support_for_what_is_known(ella)
    how_much_money_is_there(ella)
    sparring_from_the_idea_on(year, ella, rune)
    last_chance_for_qualification(year, ella)
    the_dgo_asks_for_more(year, ella, rune)
    the_dgo_qualifies(year, ella, rune)
    last_chance_for_the_approval_procedure(year, ella)
    something_is_missing(year, ella, sanne)
    the_secretariat_recommends(year, ella, sanne)
    the_agenda_goes_out(year, ella, sanne, uffe)
    the_committee_decides(year, ella, sanne)
    each_contributor_approves_separately(year, ella, sanne, bodil)
    the_track_begins(year, ella, sanne)


def the_portal_opens(year: Year) -> Visitor:
    """An empty portal knows the kommuner, the DGOs and the rounds, and one letter opens it for the secretariat."""
    year.becomes(1, 3)
    call_command("reference_data", verbosity=0)
    call_command("invite_secretariat", "sanne@kl.example", stdout=StringIO())
    return accept_invitation(year, "Sanne Sekretær", "sanne@kl.example")


def the_secretariat_invites(year: Year, sanne: Visitor) -> tuple[Visitor, Visitor, Visitor]:
    """ "De lokale geografiske organiseringer og sekretariatet står til rådighed." """
    people = (
        ("Rune Rådgiver", "rune@dgo.example", "DGO-rådgiver", ["DGO Midtjylland"], None),
        ("Uffe Udvalg", "uffe@fu.example", "Medlem af forretningsudvalget", [], None),
        (
            "Bodil Bidrag",
            "bodil@realdania.example",
            "Repræsentant for bidragyder",
            [],
            "Realdania",
        ),
    )
    invited = []
    for name, address, role, dgos, organization in people:
        sanne.open("/").follow("Administration").follow("Invitationer").follow("Invitér")
        sanne.fill("Mailadresse", address).fill("Navn", name).fill("Rolle", role)
        sanne.fill("DGO'er", dgos)
        if organization:
            sanne.fill("Organisation", organization)
        sanne.press("Send invitation").sees(f"{address} får et brev")
        invited.append(accept_invitation(year, name, address))
    rune, uffe, bodil = invited
    assert "Kvalificering" in rune.links
    assert "Møder" in uffe.links
    assert "Bevillinger" in bodil.links
    return rune, uffe, bodil


def have_you_a_good_idea(year: Year) -> Visitor:
    """ "Har du en god ide til et klimaudviklingsspor? Så kontakt din lokale geografiske organisering." """
    year.becomes(8, 3)
    ella = Visitor().open("/").sees("mandag den 12. april 2027 kl. 9.00")
    ella.follow("Find din DGO").fill("Find din kommune", "aar").press("Søg")
    ella.sees("Aarhus Kommune", "DGO Midtjylland")
    ella.open("/").follow("Nyt forslag")
    assert ella.heading == "Log på"
    ella.follow("Opret bruger")
    sign_up(ella, "Ella Ejer", "ella@aarhus.example")
    ella.open(year.link_to("ella@aarhus.example")).press("Bekræft adressen")
    # Signing up ends where it began.
    assert ella.heading == "Nyt forslag"
    return ella


def everybody_can_propose(ella: Visitor) -> None:
    """ "Derfor kan alle foreslå og deltage i et klimaudviklingsspor." """
    ella.fill("Find en anden organisation", "aar").press("Søg")
    ella.fill("På vegne af", "Aarhus Kommune").fill("Runde", "Forår 2027")
    ella.fill("Forslagets titel", TITLE).press("Opret forslag")
    assert ella.heading == "Dit forslag"
    ella.sees("K1", "Ikke begyndt")
    ella.follow("Udfordringer og formål")
    ella.fill("Hvilke udfordringer skal projektet løse?", "Vandet løber for hurtigt.")
    ella.fill("Overordnet formål", "- Holde på vandet\n- Lære af hinanden")
    ella.press("Gem og fortsæt")
    ella.fill("Effekt", "- Mindre CO2 fra lavbundsjord")
    ella.fill("Tiltag og handlinger i projektet", "- Tre vådområder på ét år")
    ella.press("Gem og fortsæt")
    assert ella.heading == "Udviklingselement"


def no_support_for_what_is_known(ella: Visitor) -> None:
    """ "Der gives ikke støtte til direkte implementering af kendte og velafprøvede løsninger." """
    ella.open(f"/forslag/{ella.number}/afsnit/").follow("Udviklingselement")
    ella.fill("Har sporet et tydeligt udviklings-", "Ja")
    ella.fill("Beskriv udviklings-", "Vi måler vandstanden på en ny måde.")
    ella.fill("Går sporet ud over", "Nej")
    ella.fill("Hvad er nyt", "Målingen er ny.")
    ella.fill("Bliver løsninger og viden", "Ja").fill("Hvordan deler I", "Alt bliver lagt frem.")
    ella.press("Gem")
    ella.sees("K4 Mangler")
    ella.fill("Går sporet ud over", "Ja").press("Gem og fortsæt")
    assert ella.heading == "Klimahandlingsplaner"
    ella.fill("Hvilke behov og udfordringer", "- Aarhus Kommunes plan, handling 4.2")
    ella.press("Gem og fortsæt")
    assert ella.heading == "Deltagere"


def at_least_three_take_part(ella: Visitor) -> None:
    """ "Et klimaudviklingsspor skal have minimum tre kommuner/regioner som deltagere i projektet." """
    ella.follow("Til listen over afsnit").follow("Deltagere").sees("1 af 3")
    for name in ("Samsø Kommune", "Favrskov Kommune"):
        ella.fill("Deltagerens rolle", "deltager")
        ella.fill("Find kommune", name[:4].lower()).press("Søg")
        ella.press(f"Tilføj {name}").sees(f"{name} er tilføjet")
    ella.sees("3 af 3")
    ella.fill("Navn", "Vandværket ApS").fill("Type", "virksomhed").fill("Rolle", "leverandør")
    ella.press("Tilføj deltageren").sees("Vandværket ApS er tilføjet")
    ella.fill("Rolle for Aarhus Kommune", "problemejer")
    ella.fill("Hvordan kan andre være med", "Ring til os.")
    # The DGO of the first kommune was suggested.
    ella.press("Gem og fortsæt")
    assert ella.heading == "Økonomi og medfinansiering"


def how_much_money_is_there(ella: Visitor) -> None:
    """ "Der er ingen fast beløbsgrænse. Forslag bør forholde sig til muligheder for medfinansiering." """
    ella.open(f"/forslag/{ella.number}/afsnit/oekonomi/")
    ella.fill("Beløb, I søger hos Klimaalliancen", "1,5 mio.")
    ella.fill("Samlet budget for hele perioden", "10-12 mio.")
    ella.fill("Hvordan har I overvejet medfinansiering?", "Kommunerne giver egen tid.")
    money_line(ella, 1, "2027", "Klimaalliancen", "1.500.000", "søgt")
    ella.press("Tilføj en linje")
    money_line(ella, 2, "2028", "Aarhus Kommune", "0", "egen tid")
    ella.press("Gem og fortsæt")
    ella.fill("Hvornår begynder projektet?", "august 2027")
    ella.fill("Hvornår slutter projektet?", "juli 2029")
    ella.fill("Partnere og projektorganisering", "Aarhus leder.").press("Gem og fortsæt")
    ella.fill("Hvilke af FN's verdensmål", ["13. Klimaindsats", "15. Livet på land"])
    ella.press("Gem og fortsæt")
    ella.fill("Vælg en eller flere filer", ("tidsplan.pdf", PDF)).fill("Bilagets navn", "Tidsplan")
    ella.press("Tilføj bilag").sees("Tidsplan er tilføjet").press("Gem og fortsæt")
    assert ella.heading == "Tjek dine svar"


def sparring_from_the_idea_on(year: Year, ella: Visitor, rune: Visitor) -> None:
    """ "Sparring ift. faglig relevans og krav – lige fra en ide opstår til igangsættelse." """
    number = ella.number
    comes_by(rune).open(f"/forslag/{number}/", status=404)
    ella.follow("Tilbage til afsnittene").press("Åbn for sparring").sees("åbnet for sparring")
    year.becomes(15, 3)
    comes_by(rune).follow(TITLE).follow("Sparring").sees("Hvem læser dette?", "sekretariatet")
    rune.fill("Hvad handler kommentaren om?", "Effekt og tiltag (hele afsnittet)")
    rune.fill("Din kommentar", "Hvor mange ton?").press("Send kommentar").sees("Hvor mange ton?")
    assert TITLE in str(year.letter_to("ella@aarhus.example").subject) or number in str(
        year.letter_to("ella@aarhus.example").subject
    )
    ella.open(f"/forslag/{number}/").follow("Sparring").fill("Dit svar", "400 om året.")
    ella.press("Send svar").sees("400 om året.")
    # Who asked says whether it is answered.
    rune.open(f"/forslag/{number}/").follow("Sparring").press("Markér som afklaret").sees(
        "Afklaret"
    )


def last_chance_for_qualification(year: Year, ella: Visitor) -> None:
    """ "Seneste mulighed for indsendelse af forslag til faglig kvalificering." """
    year.becomes(1, 4)
    number = ella.number
    comes_by(ella).follow("Tjek og indsend").sees("Klokken hos os er 1.4.2027 kl. 10.00")
    ella.press("Indsend til faglig kvalificering")
    assert ella.heading == "Vi har modtaget forslaget"
    ella.sees("torsdag den 1. april 2027 kl. 10.00")
    receipt = year.letter_to("ella@aarhus.example")
    assert receipt.subject == f"Kvittering: {number} er modtaget"
    [(_, paper, _)] = receipt.attachments
    assert pdf_structure.read(paper).is_pdf_ua
    ella.follow("Se, om den er klar")
    assert ella.download("Hent forslaget") == paper


def the_dgo_asks_for_more(year: Year, ella: Visitor, rune: Visitor) -> None:
    """The DGO sends it back with what must change in one section, and it comes back changed."""
    year.becomes(6, 4)
    comes_by(rune).follow("Kvalificér forslaget").follow("Send tilbage til forslagsstiller")
    rune.fill("Effekt og tiltag", "Skriv, hvor mange ton CO2 det drejer sig om.")
    rune.fill("Svar senest", "9.4.2027").press("Send tilbage").sees("er sendt tilbage")
    assert "hvor mange ton CO2" in str(year.letter_to("ella@aarhus.example").body)
    year.becomes(8, 4)
    comes_by(ella).follow("Tjek og indsend").follow("Ret Effekt")
    ella.sees("Her er der bedt om en ændring", "hvor mange ton CO2")
    ella.fill("Effekt", "- 400 ton CO2 om året").press("Gem")
    ella.follow("Til listen over afsnit").follow("Se, hvad du har ændret").sees("400")
    ella.open(f"/forslag/{ella.number}/tjek/").press("Indsend til faglig kvalificering")
    ella.sees("version 2")


def the_dgo_qualifies(year: Year, ella: Visitor, rune: Visitor) -> None:
    """The DGO says what it thinks of each criterion, and that the proposer may go on."""
    year.becomes(13, 4)
    comes_by(rune).follow("Kvalificering").follow(TITLE).press("Begynd kvalificeringen")
    rune.fill("V1 Klimaeffekt", "400 ton er realistisk.").fill("V7 Realisme", "Stram tidsplan.")
    rune.fill("Udfald", "Anbefales med bemærkninger")
    rune.fill("Samlet udtalelse", "Vi anbefaler sporet.").press("Gem og tjek udtalelsen")
    rune.sees("400 ton er realistisk.").press("Afgiv alligevel").sees("Udtalelsen er afgivet")
    assert "Vi anbefaler sporet." in str(year.letter_to("ella@aarhus.example").body)
    comes_by(ella).open(year.link_to("ella@aarhus.example")).sees("Vi anbefaler sporet.")
    ella.follow("Svar på udtalelsen")
    ella.fill("Dit svar", "Tak. Tidsplanen er løsnet.").press("Send svaret")
    ella.sees("Tidsplanen er løsnet.")


def last_chance_for_the_approval_procedure(year: Year, ella: Visitor) -> None:
    """ "Seneste mulighed for indsendelse af forslag til godkendelsesforløb." """
    year.becomes(16, 4)
    comes_by(ella).follow("Tjek og indsend").follow("Ret Hvornår slutter projektet?")
    ella.fill("Hvornår slutter projektet?", "december 2029").press("Gem")
    ella.open(f"/forslag/{ella.number}/tjek/").press("Indsend til godkendelsesforløb")
    assert ella.heading == "Vi har modtaget forslaget"
    year.work_is_done()
    ella.follow("Gå til forslaget").follow("Versioner").follow("Ændringer siden version 2")
    ella.sees("juli", "december", "2029")


def something_is_missing(year: Year, ella: Visitor, sanne: Visitor) -> None:
    """The secretariat asks for what is missing before the meeting."""
    year.becomes(26, 4)
    comes_by(sanne).follow("Kontrollér kravene").follow("Bed om at få forslaget gjort færdigt")
    sanne.fill("Økonomi og medfinansiering", "Hvem giver egen tid?")
    sanne.fill("Svar senest", "30.4.2027").press("Send tilbage").sees("er sendt tilbage")
    assert "Hvem giver egen tid?" in str(year.letter_to("ella@aarhus.example").body)
    year.becomes(28, 4)
    comes_by(ella).follow("Tjek og indsend").follow("Ret Hvordan har I overvejet")
    ella.fill("Hvordan har I overvejet medfinansiering?", "Alle tre kommuner giver egen tid.")
    ella.press("Gem").open(f"/forslag/{ella.number}/tjek/")
    ella.press("Indsend til godkendelsesforløb").sees("version 4")


def the_secretariat_recommends(year: Year, ella: Visitor, sanne: Visitor) -> None:
    """ "Forslag skal gennem et indstillingsforløb, inden de går videre til forretningsudvalget." """
    year.becomes(3, 5)
    comes_by(sanne).follow("Kontrollér kravene")
    for requirement in ("K2", "K3", "K4", "K5"):
        sanne.fill(f"Er {requirement} opfyldt?", "Opfyldt")
    sanne.press("Gem og gå til indstillingen")
    assert sanne.heading == "Indstilling"
    sanne.fill("Vi indstiller, at forslaget", "godkendes")
    sanne.fill("Resumé", "Tre kommuner måler vandstand på en ny måde.")
    sanne.fill("At …", "sporet godkendes med 1.500.000 kr.")
    sanne.fill("Beløb fra Realdania", "1 mio.").fill("Beløb fra Region Midtjylland", "500.000")
    sanne.press("Gem og se indstillingen").sees("1.000.000 kr.").press("Indstil")
    sanne.sees("indstillet")
    assert "skrevet en indstilling" in str(year.letter_to("ella@aarhus.example").body)


def the_agenda_goes_out(year: Year, ella: Visitor, sanne: Visitor, uffe: Visitor) -> None:
    """ "Møde i Forretningsudvalget for Klimaalliancen (behandling af forslag)." """
    year.becomes(10, 5)
    comes_by(uffe).open(f"/forslag/{ella.number}/", status=404)
    comes_by(sanne).follow("Sæt på en dagsorden").follow("Ny dagsorden")
    sanne.fill("Klokkeslæt", "10.00").fill("Sted", "KL-huset").press("Opret dagsorden")
    sanne.fill("Indstillet forslag", f"{ella.number} {TITLE}").press("Sæt på dagsordenen")
    sanne.sees(f"{ella.number} er sat på dagsordenen")
    sanne.follow("Tilføj et andet punkt").fill("Titel", "Nyt fra DGO'erne")
    sanne.fill("Type", "orientering").fill("Minutter", "20").press("Gem punktet")
    sanne.press("Op: Nyt fra DGO'erne")
    sanne.follow("Se, hvem der får hvad").sees("Uffe Udvalg").press("Udsend dagsorden")
    sanne.sees("Udsendt")
    assert "dagsorden" in str(year.letter_to("uffe@fu.example").subject).lower()

    comes_by(uffe).follow("Læs dagsordenen").follow(TITLE).sees(
        "sporet godkendes med 1.500.000 kr."
    )
    uffe.follow("Møder").follow("torsdag den 27. maj 2027")
    papers = pdf_structure.read(uffe.download("Hent sagsmateriale"))
    assert papers.is_pdf_ua
    assert papers.lang == "da"
    assert any(TITLE in text for _, text in papers.outline)
    assert uffe.download("Hent sagsmateriale med bilag")[:2] == b"PK"


def the_committee_decides(year: Year, ella: Visitor, sanne: Visitor) -> None:
    """The committee decides; nothing is told until the decisions are released."""
    year.becomes(27, 5, hour=15)
    comes_by(sanne).follow("Skriv beslutninger").fill("Fremmøde, Person 1", "til stede")
    sanne.press("Gem fremmøde").follow(TITLE)
    sanne.fill("Beslutning", "Godkendt").fill("Beslutningens ordlyd", "Indstillingen blev fulgt.")
    sanne.press("Gem beslutningen")
    number = ella.number
    comes_by(ella).open(f"/forslag/{number}/").sees("på dagsordenen").sees_no(
        "Indstillingen blev fulgt"
    )
    year.becomes(28, 5)
    comes_by(sanne).follow("Frigiv beslutninger").press("Frigiv beslutninger")
    letter = year.letter_to("ella@aarhus.example")
    assert "godkendt" in str(letter.subject).lower()
    comes_by(ella).follow(TITLE).sees("Indstillingen blev fulgt.", "afventer bidragydere")
    comes_by(sanne).open("/moeder/2027-05-27/")
    minutes = pdf_structure.page_texts(sanne.download("Hent referat"))
    assert "Indstillingen blev fulgt." in " ".join(minutes)


def each_contributor_approves_separately(
    year: Year, ella: Visitor, sanne: Visitor, bodil: Visitor
) -> None:
    """ "Anvendelse af midlerne forudsætter særskilt godkendelse af de respektive bidragende parter." """
    year.becomes(10, 6)
    comes_by(bodil).open(year.link_to("bodil@realdania.example"))
    comes_by(bodil).follow("Giv svar").sees("1.000.000 kr.").fill("Svar", "Vi giver tilsagn")
    bodil.press("Send svaret").sees("Svaret er sendt")
    # A region that never signs in has sent its answer on paper.
    comes_by(sanne).open(f"/forslag/{ella.number}/").follow("Indtast en bidragyders svar")
    sanne.follow("Indtast svar fra Region Midtjylland").fill("Svar", "Bidragyderen giver tilsagn")
    sanne.fill("Bidragyderens svar", ("svar.pdf", PDF)).press("Gem svaret")
    sanne.sees("Svaret fra Region Midtjylland er gemt")
    assert sanne.download("Hent dokumentet") == PDF
    comes_by(bodil).open(f"/forslag/{ella.number}/").sees("tilsagn")


def the_track_begins(year: Year, ella: Visitor, sanne: Visitor) -> None:
    """ "Løsninger og viden skal være tilgængelig for alle interesserede kommuner og regioner." """
    year.becomes(14, 6)
    number = ella.number
    comes_by(sanne).follow("Sæt sporet i gang").press("Sæt sporet i gang").sees("er sat i gang")
    assert "i gang" in str(year.letter_to("ella@aarhus.example").body)
    comes_by(ella).open(f"/forslag/{number}/").sees("igangsat").follow("Forløb")
    for told in (
        "Indsendt til faglig kvalificering",
        "Sendt tilbage med ønsker om ændringer",
        "Fagligt kvalificeret",
        "Indsendt til godkendelsesforløb",
        "Sendt tilbage, fordi noget mangler",
        "Indstillet til forretningsudvalget",
        "Sat på den udsendte dagsorden",
        "Godkendt af forretningsudvalget",
        "Sat i gang",
    ):
        ella.sees(told)
    Visitor().open("/").follow("Klimaudviklingsspor").sees(TITLE, "Samsø Kommune").sees_no(
        "Ring til os."
    )


# What happens more than once


def accept_invitation(year: Year, name: str, address: str) -> Visitor:
    somebody = Visitor().open(year.link_to(address)).follow("Opret bruger")
    sign_up(somebody, name, address)
    somebody.open(year.link_to(address)).press("Bekræft adressen")
    somebody.press("Tag imod").sees("Du har nu rollen")
    return somebody


def comes_by(somebody: Visitor) -> Visitor:
    """Open the front page, and sign in again when the session has ended since the last time."""
    somebody.open("/")
    if "Log på" in somebody.links:
        somebody.follow("Log på").fill("Mailadresse", somebody.email).fill("Adgangskode", PASSWORD)
        somebody.press("Log på")
    return somebody


def sign_up(somebody: Visitor, name: str, address: str) -> None:
    somebody.email = address
    somebody.fill("Dit navn", name).fill("Mailadresse", address)
    somebody.fill("Adgangskode", PASSWORD).fill("Adgangskoden igen", PASSWORD)
    somebody.press("Opret bruger")
    assert somebody.heading == "Bekræft din mailadresse"


def money_line(
    somebody: Visitor, row: int, year: str, source: str, amount: str, status: str
) -> None:
    somebody.fill(f"År, linje {row}", year).fill(f"Kilde, linje {row}", source)
    somebody.fill(f"Beløb i kr., linje {row}", amount).fill(f"Status, linje {row}", status)
