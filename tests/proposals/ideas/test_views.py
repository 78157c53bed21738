"""An idea through its pages: written, sent, answered, made a draft; bad input and races lose nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from klimaspor.accounts.models import Dgo
from klimaspor.mail.models import OutgoingMail
from proposals.ideas import steps as ideas
from proposals.ideas.models import Idea
from proposals.line.models import Proposal
from tests.factories.intake import NOW, Cast, a_round, minutes_later
from tests.proposals.ideas.test_steps import an_idea, answer

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from tests.factories.walk import World
    from tests.pages import Pages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

SCRIPT = "<script>alert(1)</script>"
TYPED = {
    "title": "Biokul på sandjord",
    "what": "Vi vil afprøve biokul\u200b på tre marker.",
    "who": "Aarhus og Ærø",
    "plan": "Handling 4.2",
    "organization": "ingen",
}


def test_from_the_front_page_to_a_draft(pages: Pages, cast: Cast, world: World) -> None:
    front = pages.as_(cast.owner).get("/")
    assert "Har du kun en idé? Send den til DGO'en" in front.text
    assert "Har du kun en idé?" in pages.get("/forslag/nyt/").text
    shown = pages.get("/ideer/ny/")
    assert [b for b in shown.buttons if "Gem" in b][:3] == [
        "Gem",
        "Gem, og se idéen igennem",
        "Gem kladde",
    ]

    look = pages.press(
        "/ideer/ny/",
        {**TYPED, "dgo": cast.dgo.pk, "do": "look", "once": shown.value("once")},
    )
    idea = Idea.objects.get()
    assert idea.what == "Vi vil afprøve biokul på tre marker."
    assert look.url == f"/ideer/{idea.pk}/send/"
    assert (
        "kan DGO Midtjylland (Rune Rådgiver) og sekretariatet læse den og svare dig. Ingen andre kan se den i portalen, "
        "men den er normalt åben for aktindsigt."
    ) in look.text
    sent = pages.press(look.url, look.sent)
    assert sent.messages == [
        "Idéen er sendt. DGO Midtjylland har fået besked, og du får et brev, når der er svaret."
    ]
    assert pages.press(look.url, look.sent).messages == ["Idéen er allerede sendt."]

    desk = pages.as_(cast.adviser).get("/kvalificering/")
    assert "Idéer, der venter på svar Biokul på sandjord Ella Ejer · sendt" in desk.text
    read = pages.get(f"/ideer/{idea.pk}/")
    answered = pages.press(read.url, {**read.sent, "text": "Spørg Ærø først."})
    assert answered.messages == ["Svaret er sendt. Ella Ejer har fået besked."]
    assert "Rune Rådgiver , DGO Midtjylland" in answered.text
    assert "Biokul på sandjord" not in pages.get("/kvalificering/").text
    assert "Spørg Ærø først." in OutgoingMail.objects.get(name="idea_answered").body

    mine = pages.as_(cast.owner).get("/ideer/")
    assert "Biokul på sandjord Besvaret DGO Midtjylland" in mine.text
    shown = pages.get(f"/ideer/{idea.pk}/")
    pressed = {**shown.sent, "round": world.later.pk}
    tasks = pages.press(f"/ideer/{idea.pk}/udkast/", pressed)
    made = Proposal.objects.get()
    assert tasks.url == f"/forslag/{made.number}/afsnit/" or made.number in tasks.url
    assert made.activities == idea.what
    assert made.round == world.later
    again = pages.post(f"/ideer/{idea.pk}/udkast/", pressed)
    assert made.number in again.location
    assert f"Blev til {made.number}" in pages.get("/ideer/").text
    assert f"/ideer/{idea.pk}/" in pages.get(f"/forslag/{made.number}/forloeb/").links

    # Whoever does not see the draft is not told that there is one.
    for who, address in ((cast.adviser, "/ideer/modtaget/"), (cast.secretariat, read.url)):
        said = pages.as_(who).get(address).text
        assert made.number not in said
        assert "Afsluttet" in said


def test_with_one_round_open_nothing_is_asked(pages: Pages, cast: Cast, world: World) -> None:
    world.later.delete()
    idea = an_idea(cast)
    shown = pages.as_(cast.owner).get(f"/ideer/{idea.pk}/")

    assert shown.value("round") is None
    assert f"Runde: {world.round.name}" in shown.text
    pages.post(f"/ideer/{idea.pk}/udkast/", shown.sent)
    assert Proposal.objects.get().round == world.round


def test_without_a_round_it_waits_and_nothing_is_lost(
    pages: Pages, cast: Cast, world: World
) -> None:
    idea = an_idea(cast)
    shown = pages.as_(cast.owner).get(f"/ideer/{idea.pk}/")
    world.round.delete()
    world.later.delete()

    back = pages.press(f"/ideer/{idea.pk}/udkast/", {**shown.sent, "text": "Et halvt svar"})

    assert back.messages == [
        "Ingen runde er åben nu, så der kan ikke laves et udkast. Idéen er her stadig."
    ]
    assert back.value("text") == "Et halvt svar"
    assert "Når den næste åbner" in back.text


def test_a_round_that_is_not_open_is_refused(pages: Pages, cast: Cast) -> None:
    closed = a_round(name="Senere", opens_at=minutes_later(NOW, 60))
    idea = an_idea(cast)
    shown = pages.as_(cast.owner).get(f"/ideer/{idea.pk}/")

    for wrong in (closed.pk, "9" * 30, "x"):
        back = pages.press(f"/ideer/{idea.pk}/udkast/", {**shown.sent, "round": wrong})
        assert back.messages == ["Runden er ikke åben. Vælg en anden."]

    assert not Proposal.objects.exists()


def test_bad_input_is_answered_at_the_field_and_kept(pages: Pages, cast: Cast) -> None:
    pages.as_(cast.owner)
    typed = {
        "title": "x" * 151,
        "what": "y" * 3001,
        "who": "z" * 1501,
        "plan": SCRIPT,
        "organization": str(cast.company.pk),
        "dgo": "99999999",
    }

    shown = pages.post("/ideer/ny/", typed, status=200)

    assert shown.problems == [
        "Titlen må højst være på 150 tegn. Den er på 151. Gør den kortere",
        "Teksten må højst være på 3000 tegn. Den er på 3001. Gør den kortere",
        "Teksten må højst være på 1500 tegn. Den er på 1501. Gør den kortere",
        "Vælg en organisation fra listen",
        "DGO'en kan ikke vælges. Vælg en anden fra listen",
    ]
    assert {n: shown.value(n) for n in ("title", "what", "who", "plan")} == {
        n: typed[n] for n in ("title", "what", "who", "plan")
    }
    assert not Idea.objects.exists()
    assert pages.post("/ideer/ny/", {}, status=200).problems == [
        "Giv idéen en titel",
        "Vælg, hvem du sender idéen på vegne af",
    ]


def test_what_is_missing_is_said_before_it_is_sent(pages: Pages, cast: Cast) -> None:
    idea = an_idea(cast, is_sent=False, what="", dgo=None, organization=None)
    url = f"/ideer/{idea.pk}/send/"

    shown = pages.as_(cast.owner).get(url)

    assert "Skriv, hvad I vil afprøve Vælg den DGO, der skal læse idéen" in shown.text
    assert shown.primary == ["Skriv videre"]
    refused = pages.post(url, {"base-page": str(0)}, status=409)
    assert refused.problems == [
        "Idéen er ændret, siden du åbnede siden. Læs igen, hvad der står, og tryk så."
    ]


def test_script_is_text_everywhere(pages: Pages, cast: Cast) -> None:
    idea = an_idea(cast, title=SCRIPT, what=SCRIPT, who=SCRIPT, plan=SCRIPT)
    answer(idea, cast.adviser, SCRIPT)
    answer(idea, cast.owner, SCRIPT, 2)

    for who, addresses in (
        (cast.owner, ("/ideer/", f"/ideer/{idea.pk}/")),
        (cast.adviser, ("/ideer/modtaget/", f"/ideer/{idea.pk}/", "/kvalificering/")),
    ):
        for address in addresses:
            page = pages.as_(who).get(address)
            assert SCRIPT in page.text
            assert SCRIPT not in page.body.decode()


def test_an_answer_to_what_was_put_aside_meanwhile_is_kept(pages: Pages, cast: Cast) -> None:
    idea = an_idea(cast)
    shown = pages.as_(cast.adviser).get(f"/ideer/{idea.pk}/")
    ideas.put_aside(idea_pk=idea.pk, by=cast.owner, at=NOW)

    refused = pages.post(shown.url, {**shown.sent, "text": "Mit lange svar"}, status=409)

    assert refused.problems == ["Idéen er afsluttet. Det, du skrev, er ikke sendt."]
    assert refused.value("text") == "Mit lange svar"


def test_an_adviser_who_reads_it_no_longer_gets_the_words_back(pages: Pages, cast: Cast) -> None:
    idea = an_idea(cast)
    shown = pages.as_(cast.adviser).get(f"/ideer/{idea.pk}/")
    ideas.change_dgo(idea_pk=idea.pk, dgo=cast.other_dgo, by=cast.owner, at=NOW)

    lost = pages.post(shown.url, {**shown.sent, "text": f"Mit svar {SCRIPT}"}, status=403)

    assert f"Mit svar {SCRIPT}" in lost.text
    assert "Biokul" not in lost.text
    # Whoever never saw it is told as little as of what does not exist.
    pages.as_(cast.committee).post(shown.url, {"text": "x"}, status=404)


def test_an_adviser_hands_it_on(pages: Pages, cast: Cast) -> None:
    idea = an_idea(cast)
    url = f"/ideer/{idea.pk}/dgo/"
    first, second = (pages.as_(cast.adviser).get(url).sent for _ in range(2))
    typed = {"dgo": cast.other_dgo.pk, "text": "I har prøvet det."}

    refused = pages.post(url, {**first, "text": typed["text"]}, status=200)
    handed = pages.press(url, {**first, **typed})
    late = pages.post(url, {**second, **typed}, status=403)

    assert (refused.problems, refused.value("text")) == (["Vælg en DGO"], typed["text"])
    assert handed.url == "/ideer/modtaget/"
    assert handed.messages == ["Idéen ligger nu hos KlimaNord, som har fået besked."]
    assert typed["text"] in late.text
    assert "Biokul" not in late.text
    shown = pages.as_(cast.owner).get(f"/ideer/{idea.pk}/").text
    assert typed["text"] in shown
    assert "givet videre til KlimaNord" in shown
    assert "Du får et brev, når der er svaret." in shown


def test_what_is_written_in_a_deleted_or_sent_idea_is_given_back(pages: Pages, cast: Cast) -> None:
    gone, sent = an_idea(cast, is_sent=False), an_idea(cast, is_sent=False)
    pages.as_(cast.owner)
    opened = {idea.pk: pages.get(f"/ideer/{idea.pk}/skriv/").sent for idea in (gone, sent)}
    ideas.delete(idea_pk=gone.pk, by=cast.owner)
    ideas.send(idea_pk=sent.pk, by=cast.owner, at=NOW)
    typed = {"what": "Skrevet længe"}

    lost = pages.post(f"/ideer/{gone.pk}/skriv/", {**opened[gone.pk], **typed}, status=403)
    late = pages.post(f"/ideer/{sent.pk}/skriv/", {**opened[sent.pk], **typed}, status=409)

    assert "Skrevet længe" in lost.text
    assert late.value("what") == "Skrevet længe"
    assert late.problems == [
        "Idéen er sendt, så teksten ligger fast. Det, du skrev, er ikke gemt. Kopiér det, og skriv det som et svar."
    ]


def test_it_is_saved_while_one_writes(pages: Pages, cast: Cast) -> None:
    idea = an_idea(cast, is_sent=False)
    url = f"/ideer/{idea.pk}/skriv/"
    shown = pages.as_(cast.owner).get(url)

    def pause(**typed: str) -> dict[str, Any]:
        given = {
            **typed,
            "base-who": shown.value("base-who"),
            "unsent-slip": shown.value("unsent-slip"),
        }
        found: dict[str, Any] = pages.client.post(url, {**given, "unit": "who"}).json()
        return found

    saved = pause(who="Nu også Solrød")
    ideas.send(idea_pk=idea.pk, by=cast.owner, at=NOW)
    late = pause(who="Og Bornholm")

    idea.refresh_from_db()
    assert (saved["state"], idea.who) == ("saved", "Nu også Solrød")
    assert late["state"] == "gone"
    assert "står stadig her" in late["said"]


def test_an_expired_session_gives_the_words_back(pages: Pages, cast: Cast) -> None:
    shown = pages.as_(cast.owner).get("/ideer/ny/")
    pages.as_(None).post("/ideer/ny/", {**shown.sent, **TYPED})

    back = pages.as_(cast.owner).get("/ideer/ny/")

    assert back.value("what") == TYPED["what"]
    assert "Du var blevet logget af." in back.text
    assert not Idea.objects.exists()


def test_buttons_keep_a_half_answer(pages: Pages, cast: Cast) -> None:
    idea = an_idea(cast)
    shown = pages.as_(cast.owner).get(f"/ideer/{idea.pk}/")

    aside = pages.press(f"/ideer/{idea.pk}/laeg-til-side/", {**shown.sent, "text": "Et halvt svar"})
    assert aside.messages == ["Idéen er lagt til side. Du kan tage den frem igen, når du vil."]
    assert aside.primary == ["Tag den frem igen"]
    assert aside.value("text") == "Et halvt svar"
    back = pages.press(f"/ideer/{idea.pk}/tag-frem/", aside.sent)

    assert back.messages == ["Idéen er taget frem igen."]
    assert back.primary == ["Lav et udkast af idéen"]


def test_the_secretariat_moves_it_and_lists_them_all(pages: Pages, cast: Cast) -> None:
    idea = an_idea(cast)
    pages.as_(cast.secretariat)

    shown = pages.get(f"/ideer/{idea.pk}/dgo/")
    moved = pages.press(shown.url, {**shown.sent, "dgo": cast.other_dgo.pk})

    assert moved.messages == ["Idéen ligger nu hos KlimaNord, som har fået besked."]
    assert "Biokul på sandjord Venter på svar Ella Ejer" in pages.get("/ideer/modtaget/").text
    assert pages.post(f"/ideer/{idea.pk}/dgo/", {}, status=200).problems == ["Vælg en DGO"]
    assert "Biokul" not in pages.as_(cast.adviser).get("/ideer/modtaget/").text
    answer(idea, cast.other_adviser)
    assert pages.as_(cast.owner).client.get(f"/ideer/{idea.pk}/dgo/").status_code == 302


def test_deleting_asks_first(pages: Pages, cast: Cast) -> None:
    idea = an_idea(cast, is_sent=False)
    url = f"/ideer/{idea.pk}/slet/"
    shown = pages.as_(cast.owner).get(url)

    assert pages.press(url, shown.sent).messages == ["Idéen er slettet."]
    assert not Idea.objects.exists()
    assert "slettet" in pages.post(url, shown.sent, status=403).text


def test_a_cpr_number_is_warned_of(pages: Pages, cast: Cast) -> None:
    typed = {**TYPED, "what": "Spørg 010190-1234", "do": "save"}

    assert any(
        "CPR-nummer" in said for said in pages.as_(cast.owner).press("/ideer/ny/", typed).messages
    )


@pytest.mark.parametrize(
    ("who", "address"), (("owner", "/ideer/"), ("adviser", "/ideer/modtaget/"))
)
def test_a_list_costs_the_same_however_long(
    pages: Pages,
    cast: Cast,
    world: World,
    who: str,
    address: str,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    def more() -> None:
        idea = an_idea(cast)
        answer(idea, cast.adviser)
        ideas.make_draft(idea_pk=idea.pk, round=world.round, by=cast.owner, at=NOW)

    more()
    pages.as_(getattr(cast, who)).get(address)
    counts = []
    for _ in range(2):
        with django_assert_max_num_queries(12) as asked:
            pages.get(address)
        counts.append(len(asked))
        more()
        more()

    assert counts[0] == counts[1]


def test_a_long_list_has_pages(pages: Pages, cast: Cast) -> None:
    for _ in range(26):
        an_idea(cast, is_sent=False)

    assert "Viser 1-25 af 26 idéer" in pages.as_(cast.owner).get("/ideer/").text
    assert (
        len(
            [
                a
                for a in pages.get("/ideer/?page=2").links
                if a.startswith("/ideer/") and a[7:-1].isdigit()
            ]
        )
        == 1
    )


def titles(pages: Pages, address: str) -> list[str]:
    shown = pages.get(address)
    return [one for one in ("Biokul", "Cykler", "Tang") if one in shown.text]


def test_a_list_is_searched_and_narrowed_by_its_address(
    pages: Pages, cast: Cast, world: World
) -> None:
    answer(an_idea(cast, title="Biokul"), cast.adviser)
    an_idea(cast, title="Cykler", what="Lån", who="", plan="")
    tang = an_idea(cast, title="Tang", what="Lån", who="", plan="")
    ideas.make_draft(idea_pk=tang.pk, round=world.round, by=cast.owner, at=NOW)
    an_idea(cast, title="Bier", is_sent=False)

    pages.as_(cast.adviser)
    found = {
        query: titles(pages, f"/ideer/modtaget/{query}")
        for query in (
            *("", "?q=marker", "?q=L%C3%A5n", "?q=Ella", "?tilstand=venter"),
            *("?tilstand=besvaret", "?tilstand=afsluttet", "?q=L%C3%A5n&tilstand=venter", "?q=nej"),
        )
    }
    assert found == {
        "": ["Biokul", "Cykler", "Tang"],
        "?q=marker": ["Biokul"],
        "?q=L%C3%A5n": ["Cykler", "Tang"],
        "?q=Ella": ["Biokul", "Cykler", "Tang"],
        "?tilstand=venter": ["Cykler"],
        "?tilstand=besvaret": ["Biokul"],
        "?tilstand=afsluttet": ["Tang"],
        "?q=L%C3%A5n&tilstand=venter": ["Cykler"],
        "?q=nej": [],
    }
    assert "Ingen idéer svarer til det" in pages.get("/ideer/modtaget/?q=nej").text
    # Others' are never drafts.
    wrong = pages.get("/ideer/modtaget/?tilstand=kladde")
    assert wrong.problems == ["Vælg en tilstand fra listen"]
    mine = pages.as_(cast.owner).get("/ideer/?tilstand=kladde").text
    assert "Bier" in mine
    assert "Cykler" not in mine


def test_two_who_hand_it_on_at_once_see_each_other(pages: Pages, cast: Cast) -> None:
    idea = an_idea(cast)
    url = f"/ideer/{idea.pk}/dgo/"
    third = Dgo.objects.create(slug="fyn", name="DGO Fyn", area="Fyn")
    shown = pages.as_(cast.secretariat).get(url)
    ideas.change_dgo(idea_pk=idea.pk, dgo=cast.other_dgo, by=cast.adviser, at=minutes_later(NOW))
    OutgoingMail.objects.all().delete()

    refused = pages.post(url, {**shown.sent, "dgo": third.pk, "text": "Fyns"}, status=409)

    idea.refresh_from_db()
    assert idea.dgo == cast.other_dgo
    assert "Fyns" in refused.value("text")
    assert not OutgoingMail.objects.exists()
    assert pages.press(url, refused.sent).messages == [
        "Idéen ligger nu hos DGO Fyn, som har fået besked."
    ]
