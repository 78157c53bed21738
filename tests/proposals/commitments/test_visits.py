"""Answering with a code by mail: the whole way as a visitor, and everything that opens nothing."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import connection
from django.db.models import QuerySet
from django.test import Client

import pytest

from klimaspor.accounts import links
from klimaspor.mail.models import OutgoingMail
from proposals.commitments import steps as commitment
from proposals.commitments import visits
from proposals.commitments.models import AnswerCode
from proposals.line.models import Access, Proposal
from proposals.participants import steps as participants
from proposals.participants.models import Commitment
from proposals.writers import invitation
from tests.factories.intake import NOW, Cast, a_ready_draft
from tests.factories.parties import known_addresses, proved
from tests.factories.walk import World, a_world, submit
from tests.pages import Pages

if TYPE_CHECKING:
    from proposals.participants.models import Participant
    from proposals.writers.models import ProposalInvitation
    from tests.pages import Page

pytestmark = pytest.mark.django_db

ADDRESS = "kit.kontakt@example.org"
KIT = f"Kit Kontakt, der svarede med en kode sendt til {ADDRESS}"
FILLED = {
    "role": "knowledge",
    "plan_action": "Handling 4.2",
    "hours": "1.200",
    "amount": "150.000",
    "case_number": "26/0117",
    "reason": "",
}


@pytest.fixture(autouse=True)
def clock(now: Any, settings: Any) -> Any:
    settings.BASE_URL = "http://testserver"
    return now


@pytest.fixture
def world() -> World:
    world = a_world()
    # Even an address of the organization's confirms nothing, where only a mailbox is known.
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


@pytest.fixture
def token(solroed: Participant) -> str:
    return asked(solroed)


@pytest.fixture
def visitor() -> Pages:
    return Pages(Client())


def asked(participant: Participant, email: str = ADDRESS, name: str = "Kit Kontakt") -> str:
    sent = commitment.ask(
        participant_pk=participant.pk,
        name=name,
        email=email,
        by=participant.proposal.owner,
        at=NOW,
    )
    return sent.token


def at(token: str, path: str = "") -> str:
    return f"/invitation/forslag/{token}/{path}"


def code_in_letter() -> str:
    body = OutgoingMail.objects.filter(name="answer_code").order_by("-pk")[0].body
    (code,) = re.findall(r"^\d{6}$", body, re.MULTILINE)
    return code


def send(pages: Pages, token: str) -> str:
    pages.post(at(token, "send-kode/"))
    return code_in_letter()


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def enter(pages: Pages, token: str) -> Page:
    return pages.press(at(token, "kode/"), {"code": send(pages, token)})


def answered(participant: Participant) -> Commitment:
    return Commitment.objects.with_frame().get(participant=participant)


def offer() -> ProposalInvitation:
    found: ProposalInvitation = apps.get_model("proposals", "ProposalInvitation").objects.get()
    return found


def test_from_the_letter_to_the_answer_without_a_user(
    visitor: Pages, cast: Cast, solroed: Participant, token: str
) -> None:
    asking = OutgoingMail.objects.get(name="proposal_invitation")
    assert "svare uden bruger" in asking.body
    page = visitor.get(at(token))
    assert page.primary == ["Log på"]
    assert page.buttons[-1:] == ["Send mig en kode"]

    page = visitor.press(at(token, "send-kode/"), {"email": "tyv@example.org"})
    letter = OutgoingMail.objects.get(name="answer_code")
    assert (letter.recipient, letter.is_secret) == (ADDRESS, True)
    assert letter.subject == "Din kode til at svare for Solrød Kommune"
    assert page.heading == "Indtast koden"
    assert page.messages == [f"Vi har sendt en kode til {ADDRESS}."]

    code = code_in_letter()
    page = visitor.press(at(token, "kode/"), {"code": f" {code[:3]} {code[3:]} "})
    assert (page.url, page.heading) == (at(token, "svar/"), "Solrød Kommune")
    assert page.buttons[-4:] == [
        "Bekræft, at vi er med",
        "Gem uden at svare",
        "Svar, at vi ikke er med",
        "Afslut",
    ]
    number = solroed.proposal.number
    assert [link for link in page.links if number in link] == []
    assert visitor.get(f"/forslag/{number}/", status=302).location.startswith("/konto/log-paa/")

    sent = page.sent | FILLED
    page = visitor.press(at(token, "svar/"), sent | {"do": "confirm"})
    said = answered(solroed)
    assert (said.is_confirmed, said.hours, said.contact) == (True, 1200, None)
    assert (said.answered_by, said.answered_text) == (None, KIT)
    assert (said.spoken_by, said.spoken_through) == (None, offer())
    assert re.search(rf"{re.escape(KIT)}, [a-z ]*1\. marts 2027", page.text)
    assert page.buttons[-3] == "Gem"
    solroed.refresh_from_db()
    assert solroed.role == "knowledge"

    told = OutgoingMail.objects.get(name="commitment_answered")
    assert told.recipient == cast.owner.email
    assert "Kit Kontakt har svaret for Solrød Kommune i" in told.body
    assert "med en kode: de er med." in told.body
    assert "oplyst og ikke bekræftet" in told.body
    assert Access.objects.filter(user__email=ADDRESS).exists() is False

    refused = visitor.post(at(token, "svar/"), page.sent | FILLED | {"do": "decline"}, status=200)
    assert refused.problems == ["Skriv, hvorfor I ikke er med"]
    assert refused.value("plan_action") == "Handling 4.2"
    no = page.sent | FILLED | {"do": "decline", "reason": "Ikke i år."}
    page = visitor.press(at(token, "svar/"), no)
    assert answered(solroed).is_confirmed is False
    assert "Det handler forslaget om" not in page.text


def test_it_counts_as_told_and_is_shown_wherever_it_is_shown_who_spoke(
    visitor: Pages, pages: Pages, world: World, solroed: Participant, token: str
) -> None:
    page = enter(visitor, token)
    visitor.post(at(token, "svar/"), page.sent | FILLED | {"do": "confirm"})
    proposal = solroed.proposal

    (row,) = [r for r in proposal.participants.listed().rows(NOW.date()) if r.name == solroed.name]
    assert (row.answer, row.word, row.word_text) == ("claimed", "mailbox", f"oplyst af {KIT}")
    assert KIT in row.brought_text
    section = pages.as_(world.cast.owner).get(f"/forslag/{proposal.number}/afsnit/deltagere/")
    assert f"oplyst af {KIT}" in section.text
    own = pages.get(f"/forslag/{proposal.number}/deltager/{solroed.pk}/")
    assert KIT in own.text
    assert "kun er kendt på sin mailadresse" in own.text
    assert own.buttons[-1] == "Send brevet"
    assert "Gem" not in own.buttons
    history = pages.get(f"/forslag/{proposal.number}/forloeb/")
    assert "Solrød Kommune (Kit Kontakt, med en kode)" in history.text

    submit(proposal, world)
    frozen = proposal.versions.get().content["participants"]
    assert [r["mailbox"] for r in frozen if r["name"] == solroed.name] == [KIT]


def test_writers_do_not_write_over_who_answered_with_a_code(
    visitor: Pages, solroed: Participant, token: str
) -> None:
    page = enter(visitor, token)
    visitor.post(at(token, "svar/"), page.sent | FILLED | {"do": "save"})

    with pytest.raises(commitment.NotTheContact, match="Kun Kit Kontakt kan svare"):
        commitment.save(
            participant_pk=solroed.pk, brought={"hours": 1}, by=solroed.proposal.owner, at=NOW
        )
    invitation.withdraw(invitation_pk=offer().pk, by=solroed.proposal.owner, at=NOW)
    commitment.save(
        participant_pk=solroed.pk, brought={"hours": 1}, by=solroed.proposal.owner, at=NOW
    )

    said = answered(solroed)
    assert (said.hours, said.spoken_at, said.spoken_through) == (1, None, None)


def test_a_link_that_was_passed_on_opens_nothing(visitor: Pages, token: str) -> None:
    assert visitor.get(at(token, "svar/"), status=302).location == at(token)
    page = visitor.post(at(token, "svar/"), FILLED | {"do": "confirm"})
    assert page.location == at(token, "kode/")
    page = visitor.post(at(token, "kode/"), {"code": "000000"}, status=200)

    assert page.problems == ["Koden gælder ikke længere. Bed om en ny kode"]
    assert Commitment.objects.exclude(answered_at=None).exists() is False
    assert OutgoingMail.objects.filter(name="answer_code").exists() is False


@pytest.mark.parametrize("typed", ("", "12345", "1234567", "abcdef", "１２３４５６"))
def test_what_is_no_code_is_said_at_the_field_and_is_no_try(
    visitor: Pages, token: str, typed: str
) -> None:
    send(visitor, token)

    page = visitor.post(at(token, "kode/"), {"code": typed}, status=200)

    said = "Koden er 6 cifre, fx 123 456. Indtast den fra brevet"
    assert page.problems == [said if typed else "Indtast koden fra brevet"]
    assert page.value("code") == typed
    assert AnswerCode.objects.get().tries == 0


def test_five_wrong_ones_end_a_code(visitor: Pages, token: str) -> None:
    code = send(visitor, token)
    said = []
    for _ in range(5):
        page = visitor.post(at(token, "kode/"), {"code": wrong(code)}, status=200)
        said += page.problems

    assert said[:4] == ["Koden er forkert. Indtast de seks cifre fra det nyeste brev"] * 4
    assert said[4] == "Koden gælder ikke længere. Bed om en ny kode"
    page = visitor.post(at(token, "kode/"), {"code": code}, status=200)
    assert page.problems == ["Koden gælder ikke længere. Bed om en ny kode"]
    assert visitor.get(at(token, "svar/"), status=302).location == at(token)


@pytest.mark.parametrize(("minutes", "is_good"), ((14, True), (15, False)))
def test_a_code_is_good_for_a_quarter_of_an_hour(
    visitor: Pages, token: str, clock: Any, minutes: int, is_good: bool
) -> None:
    code = send(visitor, token)
    clock.move_to(NOW + timedelta(minutes=minutes))

    page = visitor.post(at(token, "kode/"), {"code": code}, status=302 if is_good else 200)

    assert page.location == (at(token, "svar/") if is_good else "")


def test_a_code_is_used_once_and_a_new_one_ends_the_old(token: str) -> None:
    mine, other = Pages(Client()), Pages(Client())
    old = send(mine, token)
    code = send(mine, token)
    assert mine.post(at(token, "kode/"), {"code": old}, status=200 if old != code else 302)
    mine.post(at(token, "kode/"), {"code": code})

    page = other.post(at(token, "kode/"), {"code": code}, status=200)

    assert page.problems == ["Koden gælder ikke længere. Bed om en ny kode"]
    assert other.get(at(token, "svar/"), status=302).location == at(token)


def test_three_codes_an_hour_and_ten_a_day(visitor: Pages, token: str, clock: Any) -> None:
    for hours in range(4):
        clock.move_to(NOW + timedelta(hours=hours))
        for _ in range(4):
            page = visitor.press(at(token, "send-kode/"))

    assert page.messages[0].startswith("Der er sendt flere koder til adressen for nylig.")
    assert OutgoingMail.objects.filter(name="answer_code").count() == 10
    clock.move_to(NOW + timedelta(days=2))
    send(visitor, token)
    assert AnswerCode.objects.count() == 1


def test_a_visit_opens_no_other_invitation_s_page(
    visitor: Pages, proposal: Proposal, token: str
) -> None:
    other = asked(proposal.participants.listed()[0], email=ADDRESS)
    enter(visitor, token)

    visitor.get(at(other, "svar/"), status=404)
    visitor.post(at(other, "svar/"), FILLED | {"do": "confirm"}, status=404)

    assert Commitment.objects.exclude(answered_at=None).exists() is False


def test_a_code_is_of_its_own_invitation(visitor: Pages, proposal: Proposal, token: str) -> None:
    other = asked(proposal.participants.listed()[0], email=ADDRESS)
    code = send(visitor, token)
    if send(visitor, other) == code:
        code = send(visitor, token)

    visitor.post(at(other, "kode/"), {"code": code}, status=200)


def test_whoever_was_only_asked_to_write_gets_no_code(visitor: Pages, proposal: Proposal) -> None:
    sent = invitation.invite(
        proposal_pk=proposal.pk,
        email=ADDRESS,
        name="Kit",
        function="write",
        by=proposal.owner,
        at=NOW,
    )
    assert "Send mig en kode" not in visitor.get(at(sent.token)).buttons
    for path in ("send-kode/", "kode/", "svar/", "svar/afslut/"):
        visitor.post(at(sent.token, path), status=404)
        visitor.post(at("findes-ikke", path), status=404)


def test_the_code_is_in_the_letter_alone(
    visitor: Pages, token: str, capfd: pytest.CaptureFixture[str], caplog: Any
) -> None:
    code = send(visitor, token)
    visitor.post(at(token, "kode/"), {"code": wrong(code)}, status=200)
    visitor.post(at(token, "kode/"), {"code": code})

    logged = "".join(capfd.readouterr()) + caplog.text
    assert code not in logged
    assert token not in logged
    rows = [
        str(row)
        for model in apps.get_models()
        if model is not OutgoingMail
        and model._meta.managed
        and model._meta.db_table in connection.introspection.table_names()
        for row in QuerySet(model).values_list()
    ]
    assert [row for row in rows if re.search(rf"(?<!\d){code}(?!\d)", row)] == []
    assert AnswerCode.objects.get().code_hash != code


def test_whoever_reads_letters_does_not_read_the_code(
    visitor: Pages, pages: Pages, cast: Cast, token: str
) -> None:
    code = send(visitor, token)
    letter = OutgoingMail.objects.get(name="answer_code")

    page = pages.as_(cast.secretariat).get(f"/administration/breve/{letter.pk}/")

    assert code not in page.body.decode()


@pytest.mark.parametrize("how", ("withdrawn", "expired", "accepted", "removed"))
@pytest.mark.parametrize("is_right", (True, False))
def test_an_invitation_that_has_ended_says_so_whatever_is_entered(
    visitor: Pages, solroed: Participant, token: str, clock: Any, how: str, is_right: bool
) -> None:
    code = send(visitor, token)
    said = ends(how, solroed, token, clock)

    page = visitor.post(at(token, "kode/"), {"code": code if is_right else wrong(code)})

    assert page.location == at(token)
    assert said in visitor.get(at(token), status=410).text
    assert visitor.post(at(token, "send-kode/")).location == at(token)


@pytest.mark.parametrize("how", ("withdrawn", "expired", "accepted", "removed"))
def test_a_visit_ends_with_its_invitation(
    visitor: Pages, solroed: Participant, token: str, clock: Any, how: str
) -> None:
    page = enter(visitor, token)
    ends(how, solroed, token, clock)

    refused = visitor.post(at(token, "svar/"), page.sent | FILLED | {"do": "confirm"})

    assert refused.location == at(token)
    assert visitor.get(at(token, "svar/"), status=302).location == at(token)
    assert Commitment.objects.exclude(answered_at=None).exists() is False


def ends(how: str, participant: Participant, token: str, clock: Any) -> str:
    owner = participant.proposal.owner
    if how == "withdrawn":
        invitation.withdraw(invitation_pk=offer().pk, by=owner, at=NOW)
        return "Invitationen er trukket tilbage"
    if how == "expired":
        clock.move_to(NOW + timedelta(days=14))
        return "Invitationen udløb"
    if how == "accepted":
        invitation.accept(token=token, by=proved("Kit Kontakt"), at=NOW)
        return "Invitationen er allerede taget imod"
    participants.remove_participant(
        proposal_pk=participant.proposal_id, participant_pk=participant.pk, by=owner, at=NOW
    )
    return "Invitationen er trukket tilbage"


@pytest.mark.parametrize(
    ("name", "more"), (("save", {"brought": {"hours": 1}}), ("answer", {"is_confirmed": True}))
)
def test_the_step_itself_holds_the_invitation_to_its_term(
    solroed: Participant, token: str, name: str, more: dict[str, Any]
) -> None:
    """Taken back between the page's look and the step's, it gives nothing."""
    through = visits.find(token)
    ends("withdrawn", solroed, token, None)
    step = commitment.save if name == "save" else commitment.answer

    with pytest.raises(links.Withdrawn):
        step(participant_pk=solroed.pk, through=through, at=NOW, **more)

    assert Commitment.objects.exclude(spoken_at=None).exists() is False


def test_nobody_answers_for_another_than_they_were_asked_for(
    proposal: Proposal, token: str
) -> None:
    other = proposal.participants.listed()[0]

    with pytest.raises(LookupError):
        commitment.answer(
            participant_pk=other.pk, is_confirmed=True, through=visits.find(token), at=NOW
        )


def test_after_two_hours_what_was_typed_waits_for_a_new_code(
    visitor: Pages, solroed: Participant, token: str, clock: Any
) -> None:
    page = enter(visitor, token)
    clock.move_to(NOW + timedelta(hours=2))

    page = visitor.press(at(token, "svar/"), page.sent | FILLED | {"do": "confirm"})
    assert page.heading == "Indtast koden"
    assert page.messages[0].startswith("Der er gået mere end to timer.")
    assert answered(solroed).answered_at is None

    page = enter(visitor, token)
    assert page.value("plan_action") == "Handling 4.2"
    visitor.post(at(token, "svar/"), page.sent | {"do": "confirm"})
    assert answered(solroed).is_confirmed is True


def test_the_session_s_key_is_changed_and_nobody_is_signed_in(visitor: Pages, token: str) -> None:
    visitor.get(at(token))
    visitor.client.session["x"] = 1
    session = visitor.client.session
    session["planted"] = True
    session.save()
    before = session.session_key
    enter(visitor, token)

    assert visitor.client.session.session_key != before
    assert "_auth_user_id" not in visitor.client.session
    assert visitor.client.session["visit"]["invitation"] == offer().pk


@pytest.mark.parametrize("how", ("signs in", "signs in and out", "ends it"))
def test_signing_in_or_out_or_ending_it_ends_the_visit(
    visitor: Pages, cast: Cast, token: str, how: str
) -> None:
    enter(visitor, token)

    if how == "ends it":
        page = visitor.press(at(token, "svar/afslut/"))
        assert page.messages == ["Du har afsluttet. Vil du svare igen, skal du bede om en ny kode."]
    else:
        visitor.as_(cast.stranger)
        assert "visit" not in visitor.client.session
        assert visitor.get(at(token, "svar/"), status=302).location == at(token)
        assert visitor.post(at(token, "send-kode/")).location == at(token)
        visitor.as_(None if how == "signs in and out" else cast.owner)

    assert visitor.get(at(token, "svar/"), status=302).location == at(token)
    assert visitor.post(at(token, "svar/"), FILLED | {"do": "confirm"}).location.startswith(
        at(token)
    )
    assert Commitment.objects.exclude(answered_at=None).exists() is False


def test_two_browsers_do_not_write_over_each_other(solroed: Participant, token: str) -> None:
    mine, other = Pages(Client()), Pages(Client())
    my_page, other_page = enter(mine, token), enter(other, token)
    mine.post(at(token, "svar/"), my_page.sent | FILLED | {"do": "save"})

    refused = other.post(
        at(token, "svar/"), other_page.sent | FILLED | {"hours": "7", "do": "confirm"}, status=409
    )

    assert "1.200" in refused.text
    assert refused.value("hours") == "7"
    assert answered(solroed).is_confirmed is None
    other.post(at(token, "svar/"), refused.sent | {"hours": "7", "do": "confirm"})
    assert (answered(solroed).hours, answered(solroed).is_confirmed) == (7, True)


def test_whoever_signs_up_later_finds_the_answer(
    visitor: Pages, pages: Pages, cast: Cast, solroed: Participant, token: str
) -> None:
    page = enter(visitor, token)
    visitor.post(at(token, "svar/"), page.sent | FILLED | {"do": "confirm"})
    kit = proved("Kit Kontakt")

    page = pages.as_(kit).press(at(token))
    assert page.heading == "Solrød Kommune"
    assert KIT in page.text
    assert answered(solroed).contact == kit
    own = f"/forslag/{solroed.proposal.number}/deltager/{solroed.pk}/"
    pages.post(own, page.sent | {"do": "confirm"})

    said = answered(solroed)
    assert (said.answered_by, said.answered_through, said.spoken_through) == (kit, None, None)
    (row,) = [
        r for r in solroed.proposal.participants.listed().rows(NOW.date()) if r.name == solroed.name
    ]
    assert row.answer == "confirmed"


def test_taking_the_invitation_later_confirms_nothing_that_was_said_before(
    visitor: Pages, solroed: Participant, token: str
) -> None:
    page = enter(visitor, token)
    visitor.post(at(token, "svar/"), page.sent | FILLED | {"do": "confirm"})
    invitation.accept(token=token, by=proved("Kit Kontakt"), at=NOW)

    (row,) = [
        r for r in solroed.proposal.participants.listed().rows(NOW.date()) if r.name == solroed.name
    ]
    assert (row.answer, row.word) == ("claimed", "mailbox")


def test_who_answered_before_answers_no_more(
    visitor: Pages, solroed: Participant, token: str
) -> None:
    before = proved("Kit Kontakt")
    invitation.accept(token=token, by=before, at=NOW)
    second = asked(solroed, email="ny@example.org", name="Nina Ny")
    page = enter(visitor, second)
    assert answered(solroed).contact == before

    visitor.post(at(second, "svar/"), page.sent | FILLED | {"do": "confirm"})

    assert answered(solroed).contact is None
    assert answered(solroed).answered_name == "Nina Ny"
    assert OutgoingMail.objects.filter(name="removed", recipient=before.email).count() == 1


def test_who_answered_with_a_code_is_not_asked_again_by_the_list(
    visitor: Pages, pages: Pages, cast: Cast, solroed: Participant, token: str, clock: Any
) -> None:
    page = enter(visitor, token)
    visitor.post(at(token, "svar/"), page.sent | FILLED | {"do": "confirm"})
    clock.move_to(NOW + timedelta(days=15))
    url = f"/forslag/{solroed.proposal.number}/deltager/kontakter/"

    page = pages.as_(cast.owner).get(url)
    pages.post(url, page.sent)

    assert OutgoingMail.objects.filter(name="proposal_invitation", recipient=ADDRESS).count() == 1


def test_it_is_read_only_once_answers_are_closed(
    visitor: Pages, solroed: Participant, token: str
) -> None:
    page = enter(visitor, token)
    Proposal.objects.filter(pk=solroed.proposal_id).update(status="in_approval")

    refused = visitor.post(at(token, "svar/"), page.sent | FILLED | {"do": "confirm"}, status=200)
    assert "kan ikke ændres her" in refused.problems[0]
    page = visitor.get(at(token, "svar/"))
    assert page.buttons[-1] == "Afslut"
    assert "Bekræft, at vi er med" not in page.buttons


def test_no_try_is_given_without_the_token_of_the_form(token: str) -> None:
    client = Client(enforce_csrf_checks=True)
    for path in ("send-kode/", "kode/", "svar/", "svar/afslut/"):
        assert client.post(at(token, path), {"code": "123456"}).status_code == 403
    assert OutgoingMail.objects.filter(name="answer_code").exists() is False


def test_queries(visitor: Pages, token: str, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        visitor.get(at(token))
    code = send(visitor, token)
    with django_assert_num_queries(1):
        visitor.get(at(token, "kode/"))
    with django_assert_num_queries(15):
        visitor.post(at(token, "kode/"), {"code": code})
    with django_assert_num_queries(4):
        visitor.get(at(token, "svar/"))
