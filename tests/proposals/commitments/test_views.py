"""The participant's own page: asked from, filled in, answered; and closed to everybody else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from klimaspor.accounts.models import Organization, Role
from klimaspor.mail.models import OutgoingMail
from proposals.commitments import steps as commitment
from proposals.line.lifecycle import Status
from proposals.line.models import Proposal
from proposals.participants.models import Commitment, ParticipantRole
from proposals.rounds.models import Round
from proposals.writers import invitation
from proposals.writers.models import ProposalInvitation
from tests.factories.intake import NOW, Cast, a_ready_draft, give_role
from tests.factories.parties import known_addresses, let_in, proved
from tests.factories.walk import World, a_world, proposal_at, submit

if TYPE_CHECKING:
    from klimaspor.accounts.models import User
    from proposals.participants.models import Participant
    from tests.pages import Pages

pytestmark = pytest.mark.django_db

FILLED = {
    "role": "knowledge",
    "plan_action": "Handling 4.2 <script>alert(1)</script>",
    "hours": "1.200",
    "amount": "1,5 mio.",
    "case_number": "26/0117",
    "reason": "",
}


@pytest.fixture(autouse=True)
def _clock(now: Any, settings: Any) -> None:
    settings.BASE_URL = "http://testserver"


@pytest.fixture
def world() -> World:
    world = a_world()
    known_addresses(*world.cast.municipalities)
    return world


@pytest.fixture
def cast(world: World) -> Cast:
    return world.cast


@pytest.fixture
def proposal(world: World) -> Proposal:
    return a_ready_draft(world.cast, world.round)


@pytest.fixture
def solroed(proposal: Proposal) -> Participant:
    return proposal.participants.get(organization__name="Solrød Kommune")


def at(participant: Participant, path: str = "") -> str:
    return f"/forslag/{participant.proposal.number}/deltager/{participant.pk}/{path}"


def a_contact(participant: Participant, name: str = "Kit Kontakt") -> User:
    user = proved(name)
    sent = commitment.ask(
        participant_pk=participant.pk,
        name=name,
        email=user.email,
        by=participant.proposal.owner,
        at=NOW,
    )
    invitation.accept(token=sent.token, by=user, at=NOW)
    return user


def test_from_the_list_to_the_answer(pages: Pages, cast: Cast, solroed: Participant) -> None:
    number = solroed.proposal.number
    section = pages.as_(cast.owner).get(f"/forslag/{number}/afsnit/deltagere/")
    assert at(solroed) in section.links
    page = pages.get(at(solroed))
    assert page.heading == "Solrød Kommune"
    assert page.primary == ["Send brevet"]
    asked = {"name": "Kit Kontakt", "email": "kit.kontakt@example.org"}
    said = pages.press(at(solroed, "spoerg/"), asked)
    assert said.messages == ["Kit Kontakt får nu et brev og kan svare for Solrød Kommune."]
    assert "Kit Kontakt (kit.kontakt@example.org) er spurgt" in said.text
    # Pressed twice.
    again = pages.post(at(solroed, "spoerg/"), asked, status=200)
    assert again.problems[0].startswith("kit.kontakt@example.org er allerede inviteret.")
    letter = OutgoingMail.objects.get(name="proposal_invitation")
    assert "at svare for Solrød Kommune i forslaget" in letter.body
    found = re.search(r"http://testserver(/invitation/forslag/\S+)", letter.body)
    assert found is not None

    pages.as_(proved("Kit Kontakt"))
    assert pages.get(found[1]).heading == "Du er inviteret til at svare for Solrød Kommune"
    page = pages.press(found[1])
    assert (page.url, page.primary) == (at(solroed), ["Bekræft, at vi er med"])
    done = pages.press(at(solroed), {**FILLED, **pages.seen(at(solroed)), "do": "confirm"})

    told = "I har svaret, at Solrød Kommune er med. Forslagets ejer har fået besked."
    until = "Svaret kan ændres, indtil forslaget er sendt til godkendelsesforløb."
    assert done.messages == [f"{told} {until}"]
    assert [done.value(name) for name in FILLED] == [
        "knowledge",
        "Handling 4.2 <script>alert(1)</script>",
        "1.200",
        "1.500.000",
        "26/0117",
        "",
    ]
    for path in ("afsnit/deltagere/", "tjek/", "indhold/"):
        shown = pages.as_(cast.owner).get(f"/forslag/{number}/{path}")
        assert "Bekræftet" in shown.text
        assert "1.200 timer, 1.500.000 kr., sagsnr. 26/0117" in shown.text.replace("\xa0", " ")
    assert "Har bekræftet: Solrød Kommune. Har ikke bekræftet: Ærø Kommune" in shown.text
    assert "1 har bekræftet." in pages.get(f"/forslag/{number}/tjek/").text
    events = pages.get(f"/forslag/{number}/forloeb/").text
    assert "Deltager har bekræftet: Solrød Kommune" in events


def test_declining_needs_a_reason_and_loses_nothing(pages: Pages, solroed: Participant) -> None:
    pages.as_(a_contact(solroed))

    page = pages.post(at(solroed), {**FILLED, "do": "decline"}, status=200)

    assert page.problems == ["Skriv, hvorfor I ikke er med"]
    assert page.value("hours") == "1.200"
    assert Commitment.objects.get().is_confirmed is None
    answer = pages.press(
        at(solroed),
        {**FILLED, **pages.seen(at(solroed)), "reason": "Ingen timer.", "do": "decline"},
    )
    assert answer.messages[0].startswith("I har svaret, at Solrød Kommune er ikke med.")
    # The answer is kept, and nothing else of the proposal; pressed twice, it is where it leads.
    assert (answer.url, answer.heading) == (at(solroed, "svar/"), "Jeres svar for Solrød Kommune")
    assert "Ingen timer." in answer.text
    assert solroed.proposal.title not in answer.text
    again = pages.press(at(solroed), {**FILLED, "reason": "Nej.", "do": "decline"})
    assert (again.url, Commitment.objects.get().reason) == (answer.url, "Ingen timer.")
    assert [
        pages.client.get(f"/forslag/{solroed.proposal.number}/{path}").status_code
        for path in ("", "indhold/", "sparring/", "forloeb/", "adgang/")
    ] == [404] * 5
    # The reason of a no is no part of a yes.
    back = pages.press(at(solroed, "svar/"))
    assert back.messages == ["I har svaret, at Solrød Kommune er med. Du kan læse forslaget igen."]
    assert back.url == at(solroed)
    assert pages.get(at(solroed, "svar/"), status=302).location == at(solroed)
    assert Commitment.objects.get().reason == ""


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    (
        ("hours", "1,5", "Timerne skal være et helt tal, fx 120"),
        ("hours", "-3", "Timerne kan ikke være færre end 0"),
        ("hours", "9" * 30, "Timerne kan højst være 1.000.000"),
        ("role", "chef", "Vælg en rolle fra listen"),
        ("case_number", "x" * 61, "Sagsnummeret må højst være på 60 tegn"),
    ),
)
def test_bad_input_is_answered_beside_the_field(
    pages: Pages, solroed: Participant, name: str, value: str, problem: str
) -> None:
    pages.as_(a_contact(solroed))
    page = pages.post(at(solroed), {**FILLED, name: value, "do": "confirm"}, status=200)
    assert page.problems == [problem]
    assert Commitment.objects.get().is_confirmed is None


def test_who_may_see_ask_fill_in_and_answer(
    pages: Pages, world: World, solroed: Participant
) -> None:
    cast, proposal = world.cast, solroed.proposal
    # Nobody's address says for whom they speak.
    Organization.objects.update(domains=[])
    contact, writer, reader = a_contact(solroed), proved("Skriver"), proved("Læser")
    let_in(proposal, writer)
    let_in(proposal, reader, "read")
    submit(proposal, world)
    other = proposal.participants.get(organization__name="Ærø Kommune")
    ask = {"name": "Ny", "email": "ny@example.org"}
    before = (ProposalInvitation.objects.count(), Commitment.objects.get().is_confirmed)

    seen = {
        user.name: (
            pages.as_(user).client.get(at(solroed)).status_code,
            pages.client.post(at(solroed), {**FILLED, "do": "save"}).status_code,
            pages.client.post(at(solroed), {**FILLED, "do": "decline"}).status_code,
            pages.client.get(at(solroed, "spoerg/")).status_code,
            pages.client.post(at(other, "spoerg/"), ask if user == reader else {}).status_code,
            pages.client.post(at(other, "svarer-selv/")).status_code,
        )
        for user in (cast.owner, writer, reader, cast.adviser, cast.secretariat, cast.stranger)
    }

    party = (200, 200, 403, 200, 200, 302)
    assert seen == {
        "Ella Ejer": party,
        "Skriver": party,
        "Læser": (200, 403, 403, 403, 403, 403),
        "Rune Rådgiver": (403,) * 6,
        "Sanne Sekretær": (403,) * 6,
        "Frida Fremmed": (404,) * 6,
    }
    assert (ProposalInvitation.objects.count(), Commitment.objects.get().is_confirmed) == before
    # The contact of one participant reads about another, and no more.
    assert pages.as_(contact).get(at(other)).primary == []
    assert pages.client.post(at(other), {**FILLED, "do": "confirm"}).status_code == 403
    assert pages.client.get(at(other, "spoerg/")).status_code == 403


def test_opening_a_page_changes_nothing(pages: Pages, cast: Cast, solroed: Participant) -> None:
    edited_at = solroed.proposal.edited_at
    pages.as_(cast.owner).get(at(solroed))
    pages.get(at(solroed, "spoerg/"))
    assert pages.get(at(solroed, "svarer-selv/"), status=302).location == at(solroed)
    assert Commitment.objects.count() == OutgoingMail.objects.count() == 0
    assert Proposal.objects.get(pk=solroed.proposal_id).edited_at == edited_at


def test_a_writer_fills_in_and_answers_for_their_own(
    pages: Pages, cast: Cast, proposal: Proposal, solroed: Participant
) -> None:
    page = pages.as_(cast.owner).press(
        at(solroed), {**FILLED, **pages.seen(at(solroed)), "do": "save"}
    )
    assert page.messages == ["Det, Solrød Kommune bidrager med, er gemt."]
    assert page.value("hours") == "1.200"
    assert solroed.proposal.participants.get(pk=solroed.pk).role == ParticipantRole.KNOWLEDGE
    refused = pages.press(at(solroed, "svarer-selv/"))
    assert refused.messages[0].startswith(
        "Du kan først svare for Solrød Kommune, når sekretariatet"
    )

    give_role(cast.owner, Role.MEMBER, organization=cast.municipalities[0])
    own = proposal.participants.get(organization__name="Aarhus Kommune")
    assert "Jeg svarer selv" in pages.get(at(own)).buttons
    assert pages.press(at(own, "svarer-selv/")).messages == ["Du svarer nu for Aarhus Kommune."]
    assert (
        pages.press(at(own), {**FILLED, **pages.seen(at(own)), "do": "confirm"})
        .messages[0]
        .startswith("I har svaret, at Aarhus Kommune er med. Svaret kan")
    )


def test_a_page_from_before_it_was_sent_says_so_and_keeps_what_was_typed(
    pages: Pages, world: World
) -> None:
    proposal = proposal_at(Status.IN_APPROVAL, world)
    participant = proposal.participants.listed()[1]
    contact = proved("Kit Kontakt")
    Commitment.objects.create(participant=participant, contact=contact)
    proposal.accesses.create(function="read", user=contact, since_at=NOW, since_by=proposal.owner)

    page = pages.as_(contact).post(at(participant), {**FILLED, "do": "confirm"}, status=200)

    closed = f"{proposal.number} er i godkendelsesforløb, og jeres svar kan ikke ændres her."
    assert page.problems == [f"{closed} Kontakt Ella Ejer, hvis noget skal ændres."]
    assert page.value("hours") == "1.200"
    assert "svaret kan ikke ændres her" in pages.get(at(participant)).text
    participant.delete()
    pages.post(at(participant), {**FILLED, "do": "confirm"}, status=404)


def test_what_two_writers_fill_in_is_overwritten_by_neither_unseen(
    pages: Pages, cast: Cast, solroed: Participant
) -> None:
    pages.as_(cast.owner)
    seen = pages.seen(at(solroed))
    empty = {"role": solroed.role, "plan_action": "", "hours": "", "amount": "", "case_number": ""}
    first = empty | {"hours": "1.200", "case_number": "26/0117"}
    pages.post(at(solroed), first | seen | {"do": "save"}, status=302)

    # Another answer merges silently; what was not touched is left alone.
    pages.post(at(solroed), empty | seen | {"do": "save", "amount": "0"}, status=302)
    said = Commitment.objects.get()
    assert (said.hours, said.case_number, said.amount) == (1200, "26/0117", 0)

    second = empty | {"do": "save", "hours": "300", "plan_action": "Handling 4.2"}
    shown = pages.post(at(solroed), second | seen, status=409)
    said.refresh_from_db()
    assert (said.hours, said.plan_action) == (1200, "")
    assert shown.problems == [
        "Timer er ændret, efter du åbnede siden. Se, hvad der står nu. Ret dit, eller gem igen, hvis dit skal stå"
    ]
    assert "Det her blev gemt i mellemtiden" in shown.text
    assert "1.200" in shown.text
    assert shown.value("hours") == "300"

    pages.post(at(solroed), shown.sent | {"do": "save"}, status=302)
    said.refresh_from_db()
    # What he did not see of hers is hers still.
    assert (said.hours, said.plan_action, said.case_number) == (300, "Handling 4.2", "26/0117")


def test_answer_on_an_old_page_shows_what_was_written_meanwhile(
    pages: Pages, solroed: Participant
) -> None:
    contact = a_contact(solroed)
    pages.as_(contact)
    seen = pages.seen(at(solroed))
    pages.post(at(solroed), FILLED | seen | {"do": "save"}, status=302)
    shown = pages.post(at(solroed), FILLED | seen | {"do": "confirm", "hours": "5"}, status=409)
    said = Commitment.objects.get()
    assert (said.hours, said.is_confirmed) == (1200, None)
    now_seen = {name: shown.value(name) for name in seen}
    pages.post(at(solroed), FILLED | now_seen | {"do": "confirm", "hours": "5"}, status=302)
    said.refresh_from_db()
    assert (said.hours, said.is_confirmed) == (5, True)


def test_the_rule_of_the_round_is_said_where_it_holds(
    pages: Pages, cast: Cast, world: World, solroed: Participant
) -> None:
    rule = "har bekræftet"
    assert rule not in pages.as_(None).get("/runder/").text
    assert "skal de selv have" not in pages.get("/krav/").text
    pages.as_(cast.secretariat)
    page = pages.get(f"/administration/runder/{world.round.pk}/")
    fields = {e.get("name"): e.get("value", "") for e in page.root.iter("input") if e.get("name")}
    pages.press(
        page.url,
        {**fields, "is_first_gate_strict": "on", "requires_commitments": "on", "note": ""},
    )
    assert Round.objects.get(pk=world.round.pk).requires_commitments

    said = (
        "Ved fristen for godkendelsesforløb tæller kun kommuner og regioner, der selv har bekræftet"
    )
    assert pages.as_(None).get("/runder/").text.count(said) == 1
    assert "I runden Forår 2027 skal de selv have bekræftet" in pages.get("/krav/").text
    assert "tæller kun kommuner og regioner, der har bekræftet" in (
        pages.as_(a_contact(solroed)).get(at(solroed)).text
    )


def test_queries(
    pages: Pages, cast: Cast, solroed: Participant, django_assert_num_queries: Any
) -> None:
    contact = a_contact(solroed)
    for user, most in ((contact, 7), (cast.owner, 9)):
        pages.as_(user).get(at(solroed))
        with django_assert_num_queries(most):
            pages.get(at(solroed))
    with django_assert_num_queries(14):
        pages.get(f"/forslag/{solroed.proposal.number}/afsnit/deltagere/")
