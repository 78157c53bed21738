"""Who has access, seen and changed from the page; the invitation's own page; and on whose behalf."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.test import Client

import pytest

from klimaspor.accounts.models import Role, User
from klimaspor.mail.models import OutgoingMail
from proposals import reminders
from proposals.drafting import holding
from proposals.drafting import steps as drafting
from proposals.line.models import Proposal
from proposals.line.standing import standing
from proposals.participants.models import Commitment
from proposals.sparring import steps as advice
from proposals.submission import steps as submission
from proposals.writers import invitation
from proposals.writers import steps as writers
from proposals.writers.models import ProposalInvitation
from proposals.writers.readers import readers
from tests.factories.intake import (
    NOW,
    Cast,
    a_cast,
    a_draft,
    a_ready_draft,
    a_round,
    give_role,
)
from tests.factories.parties import let_in, proved

if TYPE_CHECKING:
    from time_machine import Traveller

    from tests.pages import Pages

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PASSWORD = "en-lang-hemmelig-saetning"
MAJA = "maja.holm@example.org"


@pytest.fixture(autouse=True)
def clock(now: Traveller, settings: Any) -> Traveller:
    settings.BASE_URL = "http://testserver"
    settings.EMAIL_BACKEND = "klimaspor.mail.backend.OutboxBackend"
    return now


@pytest.fixture
def cast() -> Cast:
    return a_cast()


@pytest.fixture
def draft(cast: Cast) -> Proposal:
    return a_draft(cast, a_round())


def at(proposal: Proposal, path: str = "adgang/") -> str:
    return f"/forslag/{proposal.number}/{path}"


def link(proposal: Proposal, email: str = MAJA, function: str = "write", **more: Any) -> str:
    sent = invitation.invite(
        proposal_pk=proposal.pk,
        email=email,
        name="Maja",
        function=function,
        by=proposal.owner,
        at=NOW,
        **more,
    )
    return f"/invitation/forslag/{sent.token}/"


def functions(proposal: Proposal, user: User) -> set[str]:
    return {f.value for f in standing(user, Proposal.objects.get(pk=proposal.pk), at=NOW).functions}


# The page


def test_the_owner_invites_from_the_page(pages: Pages, cast: Cast, draft: Proposal) -> None:
    pages.as_(cast.owner).get(at(draft))

    shown = pages.press(
        at(draft), {"email": "Maja.Holm@Example.org", "name": " Maja\n Holm ", "function": "read"}
    )

    assert shown.messages == [
        f"Invitationen er sendt til {MAJA}. Du får besked, når den er taget imod."
    ]
    assert "Venter på svar" in shown.text
    row = ProposalInvitation.objects.get()
    assert (row.email, row.name, row.function) == (MAJA, "Maja Holm", "read")
    # Pressed twice.
    assert pages.post(at(draft), {"email": MAJA, "function": "read"}, status=200).problems == [
        f"{MAJA} er allerede inviteret. Send invitationen igen fra listen, eller træk den tilbage."
    ]
    assert OutgoingMail.objects.filter(name="proposal_invitation").count() == 1


def test_what_is_wrong_is_said_and_what_was_typed_stays(
    pages: Pages, cast: Cast, draft: Proposal
) -> None:
    shown = pages.as_(cast.owner).post(
        at(draft), {"email": "maja holm", "name": "Maja", "function": "own"}, status=200
    )
    assert shown.problems == [
        "Indtast en mailadresse, fx navn@kommune.dk",
        "Vælg, om personen skal kunne skrive eller læse",
    ]
    assert (shown.value("email"), shown.value("name")) == ("maja holm", "Maja")
    assert not ProposalInvitation.objects.exists()


def test_an_address_with_an_account_and_one_without_are_answered_alike(
    pages: Pages, cast: Cast, draft: Proposal
) -> None:
    said = {
        pages.as_(cast.owner)
        .press(at(draft), {"email": email, "function": "write"})
        .messages[0]
        .replace(email, "x")
        for email in (cast.stranger.email, "ingen@example.org")
    }
    assert len(said) == 1


def test_withdrawn_and_sent_again_from_the_page(pages: Pages, cast: Cast, draft: Proposal) -> None:
    first = link(draft)
    row = ProposalInvitation.objects.get()
    again, back = (
        at(draft, f"adgang/invitation/{row.pk}/{verb}/") for verb in ("send-igen", "traek-tilbage")
    )
    pages.as_(cast.owner)
    for url in (again, back):
        assert pages.get(url, status=302).location == at(draft)
    assert ProposalInvitation.objects.get().withdrawn_at is None

    assert "Det gamle link virker ikke mere." in pages.press(again).messages[0]
    assert "trukket tilbage" in pages.get(first, status=410).text
    assert pages.press(back).messages == [
        f"Invitationen til {MAJA} er trukket tilbage. Linket virker ikke mere."
    ]
    newest = ProposalInvitation.objects.newest_first()[0]
    pages.post(at(draft, f"adgang/invitation/{newest.pk}/traek-tilbage/"))
    assert not ProposalInvitation.objects.open(at=NOW).exists()


def test_an_invitation_of_another_proposal_is_not_found(
    pages: Pages, cast: Cast, draft: Proposal
) -> None:
    other = a_draft(cast, draft.round)
    link(other)
    pk = ProposalInvitation.objects.get().pk
    pages.as_(cast.owner)
    for verb in ("send-igen", "traek-tilbage"):
        pages.post(at(draft, f"adgang/invitation/{pk}/{verb}/"), status=404)
    access = other.accesses.get()
    pages.post(at(draft, f"adgang/{access.pk}/fjern/"), status=404)


WHO = ("owner", "writer", "reader", "gone", "stranger", "adviser", "secretariat")
CELLS = {
    "GET adgang/": (200, 200, 200, 404, 404, 403, 403),
    "POST adgang/": (302, 403, 403, 404, 404, 403, 403),
    "GET fjern/": (200, 403, 403, 404, 404, 403, 403),
    "POST fjern/": (302, 403, 403, 404, 404, 403, 403),
    "POST traek-tilbage/": (302, 403, 403, 404, 404, 403, 403),
    "POST send-igen/": (302, 403, 403, 404, 404, 403, 403),
    "GET forlad/": (403, 200, 200, 404, 404, 403, 403),
    "GET paa-vegne-af/": (200, 403, 403, 404, 404, 403, 403),
    "GET overdrag/": (200, 403, 403, 404, 404, 403, 200),
    "GET afsnit/effekt/": (200, 200, 403, 404, 404, 403, 403),
    "GET ": (200, 200, 200, 404, 404, 200, 200),
    "POST forlad/": (403, 302, 302, 404, 404, 403, 403),
}


@pytest.mark.parametrize("who", WHO)
def test_who_may_what(pages: Pages, cast: Cast, who: str) -> None:
    draft = a_ready_draft(cast, a_round())
    advice.open_sparring(proposal_pk=draft.pk, by=cast.owner, at=NOW)
    people = {name: getattr(cast, name) for name in ("owner", "stranger", "adviser", "secretariat")}
    for name, function in (("writer", "write"), ("reader", "read"), ("gone", "write")):
        people[name] = proved(name.title())
        let_in(draft, people[name], function)
    invitation.remove_person(proposal_pk=draft.pk, user=people["gone"], by=cast.owner, at=NOW)
    link(draft, "venter@example.org")
    waiting = ProposalInvitation.objects.open(at=NOW).get()
    other = proved("Til Fjernelse")
    let_in(draft, other)
    target = draft.accesses.get(user=other)
    places = {
        "fjern/": f"adgang/{target.pk}/fjern/",
        "traek-tilbage/": f"adgang/invitation/{waiting.pk}/traek-tilbage/",
        "send-igen/": f"adgang/invitation/{waiting.pk}/send-igen/",
    }

    found = {}
    for cell in CELLS:
        method, _, path = cell.partition(" ")
        client = Client()
        client.force_login(people[who], backend=BACKEND)
        data = {"email": "ny@example.org", "function": "write"} if path == "adgang/" else {}
        send = client.post if method == "POST" else client.get
        found[cell] = send(at(draft, places.get(path, path)), data).status_code

    assert found == {cell: row[WHO.index(who)] for cell, row in CELLS.items()}


def test_everybody_in_sees_who_and_only_writers_see_who_is_asked(
    pages: Pages, cast: Cast, draft: Proposal
) -> None:
    writer, reader = proved("Wilma Writer"), proved("Rita Reader")
    let_in(draft, writer)
    let_in(draft, reader, "read")
    link(draft, "venter@example.org")

    shown = {user: pages.as_(user).get(at(draft)) for user in (cast.owner, writer, reader)}

    assert [("venter@example.org" in page.text) for page in shown.values()] == [True, True, False]
    assert [page.primary for page in shown.values()] == [["Send invitation"], [], []]
    assert [("Fjern" in page.text) for page in shown.values()] == [True, False, False]
    assert "Wilma Writer kan skrive" in shown[reader].text
    assert "Du kan læse" in shown[reader].text
    assert at(draft, "forlad/") in shown[reader].links
    assert at(draft, "forlad/") not in shown[cast.owner].links


def test_the_page_asks_the_same_of_the_database_however_many_are_in(
    pages: Pages, cast: Cast, draft: Proposal, django_assert_num_queries: Any
) -> None:
    for count in (1, 3):
        for number in range(count):
            let_in(draft, proved(f"Nr {count}{number}"))
            link(draft, f"venter{count}{number}@example.org")
        pages.as_(cast.owner)
        with django_assert_num_queries(11):
            pages.client.get(at(draft))


def test_it_is_reached_from_the_tasks_and_the_proposals_own_page(
    pages: Pages, cast: Cast, draft: Proposal
) -> None:
    reader = proved("Rita Reader")
    let_in(draft, reader, "read")
    pages.as_(cast.owner)
    assert at(draft) in pages.get(at(draft, "afsnit/")).links
    assert "Se, hvad hver enkelt kan, og invitér andre" in pages.get(at(draft, "")).text
    shown = pages.as_(reader).get(at(draft, ""))
    assert at(draft) in shown.links
    assert "invitér andre" not in shown.text


def test_it_is_not_offered_to_those_who_work_with_it(pages: Pages, cast: Cast) -> None:
    draft = a_ready_draft(cast, a_round())
    advice.open_sparring(proposal_pk=draft.pk, by=cast.owner, at=NOW)
    assert at(draft) not in pages.as_(cast.adviser).get(at(draft, "")).links


# In words


def words(proposal: Proposal, to: User) -> list[str]:
    proposal = Proposal.objects.get(pk=proposal.pk)
    return [reader.text for reader in readers(proposal, to=to, at=NOW)]


def test_who_has_access_in_words(cast: Cast) -> None:
    draft = a_ready_draft(cast, a_round())
    maja, rita = proved("Maja Holm"), proved("Rita Reader")
    let_in(draft, maja)
    let_in(draft, rita, "read")
    commitment = Commitment.objects.create(participant=draft.participants.first())
    commitment.contact = rita
    commitment.save()
    name = commitment.participant.name

    assert words(draft, cast.owner) == [
        "Du er ejer",
        "Maja Holm kan skrive",
        f"Rita Reader kan læse og svarer for {name}",
    ]
    assert words(draft, maja)[:2] == ["Ella Ejer er ejer", "Du kan skrive"]

    User.objects.filter(pk=maja.pk).update(is_active=False)
    advice.open_sparring(proposal_pk=draft.pk, by=cast.owner, at=NOW)
    assert words(draft, cast.owner)[1:2] == ["Maja Holm kan skrive, men kan ikke længere logge på"]
    along = "læser med, fordi I har åbnet for sparring"
    assert words(draft, cast.owner)[3:] == [f"DGO Midtjylland {along}", f"Sekretariatet {along}"]

    submission.submit(proposal_pk=draft.pk, revision=1, by=cast.owner, at=NOW)
    advice.close_sparring(proposal_pk=draft.pk, by=cast.owner, at=NOW)
    sent = "læser versionen, I sendte mandag den\xa01.\xa0marts\xa02027 kl.\xa010.00"
    assert words(draft, cast.owner)[3:] == [f"DGO Midtjylland {sent}", f"Sekretariatet {sent}"]


# Out again


def test_removed_from_the_page_and_gone_everywhere(pages: Pages, cast: Cast) -> None:
    draft = a_ready_draft(cast, a_round(), title="Kvarkgnist")
    maja = proved("Maja Holm")
    let_in(draft, maja)
    assert "Kvarkgnist" in pages.as_(maja).get("/forslag/").text
    url = at(draft, f"adgang/{draft.accesses.get(user=maja).pk}/fjern/")
    asked = pages.as_(cast.owner).get(url)
    assert "Maja Holm kan ikke længere se forslaget og får besked." in asked.text
    assert functions(draft, maja) == {"write"}, "asking changes nothing"

    assert pages.press(url).messages == ["Maja Holm har ikke længere adgang."]
    assert pages.press(url).messages == ["Adgangen for Maja Holm er ophørt."]

    pages.as_(maja)
    for path in ("", "afsnit/", "afsnit/effekt/", "adgang/", "forlad/", "sparring/"):
        pages.get(at(draft, path), status=404)
    for page in ("/", "/forslag/", "/forslag/?tekst=Kvarkgnist", f"/forslag/?tekst={draft.number}"):
        assert "Kvarkgnist" not in pages.get(page).text
    pages.post(at(draft, "afsnit/effekt/"), {"revision": 1, "effects": "x"}, status=404)
    before = OutgoingMail.objects.count()
    submission.submit(proposal_pk=draft.pk, revision=1, by=cast.owner, at=NOW)
    later = OutgoingMail.objects.order_by("pk")[before:]
    assert maja.email not in {letter.recipient for letter in later}


def test_who_leaves_presses_once_or_twice(pages: Pages, cast: Cast, draft: Proposal) -> None:
    maja = proved("Maja Holm")
    let_in(draft, maja, "read")
    url = at(draft, "forlad/")
    pages.as_(maja).get(url)
    assert functions(draft, maja) == {"read"}

    assert pages.press(url).messages == [f"Du har forladt {draft.number}. Ejeren har fået besked."]
    assert pages.press(url).messages == [f"Du har forladt {draft.number}."]
    assert draft.events.of_transition("left").count() == 1
    pages.get(at(draft, ""), status=404)


def test_the_history_tells(pages: Pages, cast: Cast, draft: Proposal) -> None:
    maja = proved("Maja Holm")
    let_in(draft, maja)
    invitation.remove_person(proposal_pk=draft.pk, user=maja, by=cast.owner, at=NOW)
    let_in(draft, maja, "read")
    invitation.leave(proposal_pk=draft.pk, by=maja, at=NOW)
    writers.change_organization(
        proposal_pk=draft.pk, organization=cast.municipalities[1], by=cast.owner, at=NOW
    )

    told = pages.as_(cast.owner).get(at(draft, "forloeb/")).text

    for text in (
        "Taget imod en invitation: kan skrive",
        "Adgang fjernet: Maja Holm",
        "Taget imod en invitation: kan læse",
        "Har forladt forslaget",
        "Stilles nu på vegne af: Ærø Kommune",
    ):
        assert text in told


# The invitation's own page


def test_opening_the_link_changes_nothing_and_the_button_accepts(
    pages: Pages, cast: Cast, draft: Proposal
) -> None:
    url = link(draft)
    maja = proved("Maja Holm")
    for _ in range(2):
        shown = pages.as_(maja).get(url)
    assert shown.primary == ["Tag imod"]
    assert shown.heading == "Du er inviteret til at skrive med"
    assert functions(draft, maja) == set()
    assert "no-store" in shown.response.headers["Cache-Control"]

    answer = pages.post(url)

    assert answer.location == at(draft, "afsnit/")
    assert functions(draft, maja) == {"write"}
    assert pages.get(answer.location).messages == [
        f"Du kan nu skrive i {draft.number}. Ella Ejer har fået besked."
    ]
    # Pressed twice.
    assert pages.press(url).messages == ["Du har allerede taget imod invitationen."]
    invitation.remove_person(proposal_pk=draft.pk, user=maja, by=cast.owner, at=NOW)
    assert "din adgang er ophørt" in pages.post(url, status=410).text


def test_who_reads_is_led_to_the_proposal(pages: Pages, cast: Cast, draft: Proposal) -> None:
    url = link(draft, function="read")
    pages.as_(proved("Maja Holm"))
    assert pages.post(url).location == at(draft, "")


def test_who_answers_for_a_participant_is_led_to_its_page(
    pages: Pages, cast: Cast, draft: Proposal
) -> None:
    url = link(draft, function="read", participant=draft.participants.get())
    maja = proved("Maja Holm")
    assert pages.as_(maja).get(url).heading == "Du er inviteret til at svare for Aarhus Kommune"
    participant = draft.participants.get()
    assert pages.post(url).location == at(draft, f"deltager/{participant.pk}/")


@pytest.mark.parametrize("state", ("expired", "withdrawn", "accepted", "unknown", "other"))
def test_a_link_that_opens_nothing_says_why(
    pages: Pages, cast: Cast, draft: Proposal, clock: Traveller, state: str
) -> None:
    url, status, text = link(draft), 410, ""
    row = ProposalInvitation.objects.get()
    maja, user = proved("Maja Holm"), proved("Frida Anden")
    if state == "expired":
        clock.move_to(NOW + timedelta(days=14))
        text, user = "Invitationen udløb mandag den 15. marts 2027 kl. 10.00. Bed Ella Ejer", maja
    elif state == "withdrawn":
        invitation.withdraw(invitation_pk=row.pk, by=cast.owner, at=NOW)
        text, user = "Invitationen er trukket tilbage", maja
    elif state == "accepted":
        invitation.accept(token=url.split("/")[3], by=maja, at=NOW)
        text = "Invitationen er allerede taget imod."
    elif state == "unknown":
        url, status, text = "/invitation/forslag/forkert/", 404, "Linket kender vi ikke"
    else:
        status, text = 403, f"Invitationen er sendt til {MAJA}"
    before = list(draft.accesses.values_list())

    shown = pages.as_(user).post(url, status=status)

    assert shown.heading == "Invitationen kan ikke bruges"
    assert text in shown.text
    assert draft.title not in shown.text
    assert list(draft.accesses.values_list()) == before
    if state == "other":
        assert "Du er logget på med en anden adresse" in pages.get(url).text
        return
    # The same for whoever is signed in, and for nobody.
    for who in (user, None):
        assert pages.as_(who).get(url, status=status).heading == "Invitationen kan ikke bruges"


def test_who_has_another_address_asks_for_it_there_and_the_owner_decides(
    pages: Pages, cast: Cast, draft: Proposal
) -> None:
    url, other = link(draft), proved("Anden Adresse")
    before = list(draft.accesses.values_list())

    page = pages.as_(other).press(url, {"do": "want"})
    pages.press(url, {"do": "want"})

    assert (page.url, page.primary) == (url, [])
    assert f"Når invitationen er sendt til {other.email}" in page.text
    assert list(draft.accesses.values_list()) == before
    (letter,) = OutgoingMail.objects.filter(name="proposal_invitation_wanted")
    assert letter.recipient == cast.owner.email
    listed = pages.as_(cast.owner).get(at(draft))
    assert f"Anden Adresse beder om at få den sendt til {other.email}" in listed.text
    (asked,) = draft.invitations.all()
    done = pages.press(at(draft, f"adgang/invitation/{asked.pk}/send-dertil/"))
    assert done.messages[0].startswith(f"Invitationen er sendt til {other.email}.")
    new = draft.invitations.exclude(pk=asked.pk).get()
    assert (new.email, new.function) == (other.email, "write")
    assert pages.as_(other).get(url, status=410).heading == "Invitationen kan ikke bruges"


def test_somebody_new_signs_up_on_the_way_and_comes_back(pages: Pages, draft: Proposal) -> None:
    url = link(draft)
    assert pages.post(url).location.startswith("/konto/log-paa/?next=/invitation/forslag/")
    signup = next(a for a in pages.get(url).links if a.startswith("/konto/opret/"))
    assert pages.get(signup).value("email") == MAJA
    pages.post(
        signup,
        {
            "name": "Maja Holm",
            "email": MAJA,
            "password1": PASSWORD,
            "password2": PASSWORD,
            "next": url,
        },
    )
    letter = OutgoingMail.objects.newest_first().first()
    assert letter is not None
    confirm = re.search(r"http://testserver(/konto/bekraeft-e-mail/[^/\s]+/)", letter.body)
    assert confirm
    pages.get(confirm[1])
    assert pages.post(confirm[1]).location == url
    pages.press(url)
    assert functions(draft, User.objects.get(email=MAJA)) == {"write"}


def test_nobody_posts_the_acceptance_from_elsewhere(draft: Proposal) -> None:
    url = link(draft)
    maja = proved("Maja Holm")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(maja, backend=BACKEND)
    assert strict.post(url).status_code == 403
    assert functions(draft, maja) == set()


def test_the_token_is_not_in_the_log(
    pages: Pages, draft: Proposal, caplog: pytest.LogCaptureFixture
) -> None:
    url = link(draft)
    caplog.set_level("INFO")
    pages.get(url)
    assert url.split("/")[3] not in caplog.text
    assert "/invitation/…" in caplog.text


def test_names_and_titles_are_shown_as_text(pages: Pages, cast: Cast, draft: Proposal) -> None:
    drafting.save_section(
        proposal_pk=draft.pk,
        slug="udfordringer",
        answers={"title": "<b>Fed</b>"},
        by=cast.owner,
        at=NOW,
    )
    url = link(draft)
    assert "<b>Fed</b>" in pages.get(url).text
    invitation.invite(
        proposal_pk=draft.pk,
        email="x@example.org",
        name="<script>alert(1)</script>",
        function="read",
        by=cast.owner,
        at=NOW,
    )
    assert "<script>alert(1)</script>" in pages.as_(cast.owner).get(at(draft)).text


# What writers hear of


def test_writers_get_the_receipt_and_the_reminders_and_readers_do_not(cast: Cast) -> None:
    draft = a_ready_draft(cast, a_round())
    writer, reader, locked_out = (proved(n) for n in ("Wilma Writer", "Rita Reader", "Luk Ket"))
    for user, function in ((writer, "write"), (reader, "read"), (locked_out, "write")):
        let_in(draft, user, function)
    User.objects.filter(pk=locked_out.pk).update(is_active=False)
    OutgoingMail.objects.all().delete()
    the_day_before = draft.round.qualification_deadline_at - timedelta(days=3)

    reminders.send_due(at=the_day_before)
    submission.submit(proposal_pk=draft.pk, revision=1, by=writer, at=NOW)

    def told(name: str) -> set[str]:
        return set(OutgoingMail.objects.filter(name=name).values_list("recipient", flat=True))

    assert told("draft_reminder") == {cast.owner.email, writer.email}
    assert told("receipt") == {cast.owner.email, writer.email}


# On whose behalf


def test_the_owner_says_on_whose_behalf_while_it_is_a_draft(
    pages: Pages, cast: Cast, draft: Proposal
) -> None:
    give_role(cast.owner, Role.MEMBER, organization=cast.region)
    url = at(draft, "paa-vegne-af/")
    shown = pages.as_(cast.owner).get(url)
    assert "Aarhus Kommune" in shown.text
    assert "Region Midtjylland" in shown.text
    found = pages.post(url, {"do": "search", "search": "ær"}, status=200)
    assert "Ærø Kommune" in found.text
    assert found.problems == []

    said = pages.press(url, {"on_behalf": cast.municipalities[1].pk}).messages

    draft.refresh_from_db()
    assert draft.organization == cast.municipalities[1]
    assert {p.name for p in draft.participants.listed()} == {"Aarhus Kommune", "Ærø Kommune"}
    assert said == [
        (
            "Forslaget stilles nu på vegne af Ærø Kommune. Aarhus Kommune står stadig under Deltagere. "
            "Ret det dér, hvis den ikke er med."
        )
    ]
    assert (
        pages.press(url, {"on_behalf": "ingen"})
        .messages[0]
        .startswith("Forslaget stilles ikke længere på vegne af en organisation.")
    )
    for wrong in ("999999", "x", "", "9" * 40):
        assert pages.post(url, {"on_behalf": wrong}, status=200).problems


def test_on_whose_behalf_is_settled_when_it_is_sent(pages: Pages, cast: Cast) -> None:
    sent = a_ready_draft(cast, a_round())
    submission.submit(proposal_pk=sent.pk, revision=1, by=cast.owner, at=NOW)
    url = at(sent, "paa-vegne-af/")
    pages.as_(cast.owner).get(url, status=409)
    pages.post(url, {"on_behalf": cast.municipalities[1].pk}, status=409)
    with pytest.raises(holding.NotEditable):
        writers.change_organization(proposal_pk=sent.pk, organization=None, by=cast.owner, at=NOW)
    sent.refresh_from_db()
    assert sent.organization == cast.municipalities[0]
    assert url not in pages.get(at(sent)).links


def test_a_draft_without_a_dgo_is_suggested_one(cast: Cast) -> None:
    draft = drafting.create(
        owner=cast.owner, organization=None, round=a_round(), title="x", by=cast.owner, at=NOW
    )
    assert draft.lead_dgo is None
    writers.change_organization(
        proposal_pk=draft.pk, organization=cast.municipalities[0], by=cast.owner, at=NOW
    )
    draft.refresh_from_db()
    assert draft.lead_dgo == cast.dgo
