"""Who takes part, in the browser: looked for by Enter, several at once, and a whole list pasted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.test import Client

import pytest

from klimaspor.accounts.models import Organization
from proposals.drafting.models import FieldVersion
from proposals.line.functions import Function
from proposals.line.models import Access
from proposals.participants import steps as participants
from tests.factories.intake import NOW, Cast, a_cast, a_draft, a_round
from tests.pages import Pages

if TYPE_CHECKING:
    from proposals.line.models import Proposal
    from tests.pages import Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def cast() -> Cast:
    return a_cast()


@pytest.fixture
def draft(cast: Cast) -> Proposal:
    proposal = a_draft(cast, a_round())
    Access.objects.grant(proposal, Function.WRITE, user=cast.stranger, by=cast.owner, at=NOW)
    return proposal


@pytest.fixture
def hers(cast: Cast) -> Pages:
    return Pages(Client()).as_(cast.owner)


@pytest.fixture
def his(cast: Cast) -> Pages:
    return Pages(Client()).as_(cast.stranger)


def at(draft: Proposal) -> str:
    return f"/forslag/{draft.number}/afsnit/deltagere/"


def names(draft: Proposal) -> list[str]:
    return [p.name for p in draft.participants.listed()]


def ticked(page: Page) -> list[str]:
    """Give the labels of what is ticked."""
    marks = {e.get("id") for e in page.root.iter("input") if e.get("checked") is not None}
    labels = [e for e in page.root.iter("label") if e.get("for") in marks]
    return [" ".join("".join(label.itertext()).split()) for label in labels]


# Enter in the search


def test_enter_looks_up_what_stands_in_the_search_and_saves_the_rest(
    hers: Pages, draft: Proposal
) -> None:
    shown = hers.get(at(draft))
    sent = {**shown.sent, "do": "enter", "soeg": " sol ", "joining": "Skriv til os"}

    answer = hers.post(at(draft), sent)
    found = hers.get(answer.location.partition("#")[0])

    assert answer.location == f"{at(draft)}?soeg=sol#id_soeg"
    assert found.value("soeg") == "sol"
    assert "Tilføj Solrød Kommune" in found.buttons
    assert found.messages == []
    draft.refresh_from_db()
    assert draft.joining == "Skriv til os"


def test_enter_elsewhere_saves_though_a_word_stands_in_the_search(
    hers: Pages, draft: Proposal
) -> None:
    found = hers.get(f"{at(draft)}?soeg=sol")
    answer = hers.post(at(draft), {**found.sent, "do": "enter", "joining": "Ring"})
    shown = hers.get(answer.location)
    assert shown.messages == ["Deltagere er gemt."]
    assert shown.value("soeg") == "sol", "and the word still stands there"


def test_a_search_beside_something_wrong_is_answered_all_the_same(
    hers: Pages, draft: Proposal
) -> None:
    sent = {**hers.get(at(draft)).sent, "typed_name": "Grøn Energi", "soeg": "sol"}
    for pressed in ("enter", "search"):
        shown = hers.post(at(draft), {**sent, "do": pressed}, status=200)
        assert shown.problems == ["Vælg, hvilken type organisationen er"]
        assert (shown.value("soeg"), shown.value("typed_name")) == ("sol", "Grøn Energi")
        assert "Tilføj Solrød Kommune" in shown.buttons


@pytest.mark.parametrize("on_behalf", ("ingen", "chosen"))
def test_enter_looks_up_on_whose_behalf_also_where_one_is_chosen(
    hers: Pages, cast: Cast, draft: Proposal, on_behalf: str
) -> None:
    chosen = str(cast.municipalities[0].pk) if on_behalf == "chosen" else on_behalf
    typed = {"do": "enter", "on_behalf": chosen, "search": "ærø", "title": "Vand"}
    for url in ("/forslag/nyt/", f"/forslag/{draft.number}/paa-vegne-af/"):
        sent = {**hers.get(url).sent, **typed}
        found = hers.post(url, sent, status=200)
        assert "Ærø Kommune" in found.text
        assert found.problems == []
        assert (found.value("search"), found.value("on_behalf")) == ("ærø", chosen)
        assert [e.get("id") for e in found.root.iter() if "autofocus" in e.attrib] == ["id_search"]

        # The same word again is no longer asked about: Enter came from another field.
        assert hers.client.post(url, {**found.sent, "do": "enter"}).status_code == 302


# Several at once


def test_several_are_added_by_one_press_and_stay_ticked_from_search_to_search(
    hers: Pages, cast: Cast, draft: Proposal
) -> None:
    _, aeroe, solroed, bornholm = cast.municipalities
    sent = hers.get(f"{at(draft)}?soeg=sol").sent
    again = hers.post(at(draft), {**sent, "do": "search", "soeg": "ær", "valgt": [solroed.pk]})
    found = hers.get(again.location.partition("#")[0])
    live = hers.get(f"{at(draft)}soeg/?soeg=born&valgt={solroed.pk}&valgt={aeroe.pk}")
    assert ticked(found) == ["Solrød Kommune kommune"]
    assert ticked(live) == ["Ærø Kommune kommune", "Solrød Kommune kommune"] or ticked(live) == [
        "Solrød Kommune kommune",
        "Ærø Kommune kommune",
    ]
    assert "Bornholms Regionskommune" in live.text

    chosen = [solroed.pk, aeroe.pk, bornholm.pk, cast.municipalities[0].pk]
    sent = {**found.sent, "do": "add", "valgt": chosen, "new_role": "problem_owner"}
    answer = hers.post(at(draft), {**sent, "joining": "Ring"})
    shown = hers.get(answer.location.partition("#")[0])

    assert shown.messages == [
        (
            "3 deltagere er tilføjet: Bornholms Regionskommune, Solrød Kommune og Ærø Kommune. "
            "Aarhus Kommune er allerede deltager."
        )
    ]
    assert names(draft) == [
        *("Bornholms Regionskommune", "Solrød Kommune", "Ærø Kommune", "Aarhus Kommune")
    ]
    assert {p.role for p in draft.participants.all()} == {"problem_owner", "participant"}
    draft.refresh_from_db()
    assert draft.joining == "Ring"
    assert draft.lead_dgo == cast.dgo


@pytest.mark.parametrize("pressed", ("save", "next", "typed", "list", "add:{aeroe}"))
def test_no_press_throws_away_what_is_ticked(
    hers: Pages, cast: Cast, draft: Proposal, pressed: str
) -> None:
    _, aeroe, solroed, _ = cast.municipalities
    sent = {**hers.get(f"{at(draft)}?soeg=sol").sent, "valgt": [solroed.pk]}
    typed = {"typed_name": "Grøn Energi", "typed_kind": "company"} if pressed == "typed" else {}
    hers.post(at(draft), {**sent, **typed, "do": pressed.format(aeroe=aeroe.pk)})
    assert "Solrød Kommune" in names(draft)


@pytest.mark.parametrize("keys", ([], ["x"], ["9" * 40], ["-1", "999999"], [""]))
def test_nothing_ticked_adds_nothing(hers: Pages, draft: Proposal, keys: list[str]) -> None:
    sent = {**hers.get(at(draft)).sent, "do": "add", "valgt": keys}
    answer = hers.post(at(draft), sent)
    shown = hers.get(answer.location.partition("#")[0])
    assert shown.messages == ["Vælg en organisation fra listen."]
    assert names(draft) == ["Aarhus Kommune"]


def test_the_search_stands_before_the_list(hers: Pages, draft: Proposal) -> None:
    text = hers.get(at(draft)).text
    assert text.index("Find kommune, region") < text.index("Hvem er med?")


# A pasted list

PASTED = """Kommune\tKode
"Solrød Kommune"\t269\r
bornholm\t
Ær\u00adø\u00a0Kommune

Aarhus kommune
Solrød
Region Midt
Vindlauget Nord
Kagerup Kirke
"""


@pytest.fixture
def listed(draft: Proposal) -> str:
    return f"{at(draft)}liste/"


def found(pages: Pages, listed: str, text: str = PASTED, **more: Any) -> Page:
    sent = {**pages.get(listed).sent, "text": text, "do": "find", **more}
    return pages.post(listed, sent, status=200)


def field(page: Page, label: str) -> str:
    """Give the name of the field that is labelled so."""
    ids = [e.get("for") for e in page.root.iter("label") if "".join(e.itertext()).strip() == label]
    return next(e.get("name", "") for e in page.root.iter() if e.get("id") == ids[0])


def test_a_list_shows_what_each_is_taken_for_and_adds_nothing_yet(
    hers: Pages, draft: Proposal, listed: str
) -> None:
    shown = found(hers, listed)

    assert shown.problems == []
    assert ticked(shown) == ["Solrød Kommune", "Bornholms Regionskommune", "Ærø Kommune"]
    heads = ["".join(e.itertext()) for e in shown.root.iter("h3")]
    assert heads == [
        "Vælg, hvem der menes (1)",
        "Findes ikke i listen over organisationer (2)",
        "Fundet (3)",
        "Er med i forvejen (1)",
    ]
    assert "Står 2 gange på listen" in shown.text
    assert "Aarhus kommune: Aarhus Kommune" in shown.text
    assert shown.value("text") == PASTED.replace("\r", "")
    assert shown.primary == ["Tilføj de valgte"]
    assert names(draft) == ["Aarhus Kommune"]


def test_a_list_is_added_by_one_press_once(
    hers: Pages, cast: Cast, draft: Proposal, listed: str
) -> None:
    shown = found(hers, listed, role="supplier")
    sent = {
        **shown.sent,
        "do": "add",
        field(shown, "Region Midt er"): cast.region.pk,
        field(shown, "Vindlauget Nord er"): "association",
    }

    answer = hers.post(listed, sent)
    again = hers.post(listed, sent)
    said = hers.get(answer.location.partition("#")[0])

    assert again.location == answer.location == f"{at(draft)}#deltagerliste"
    assert said.messages[0] == (
        "5 deltagere er tilføjet: Solrød Kommune, Bornholms Regionskommune, Ærø Kommune, Region Midtjylland "
        "og Vindlauget Nord. 1 navn på listen er ikke tilføjet: Kagerup Kirke."
    )
    assert sorted((p.name, p.role) for p in draft.participants.all()) == [
        ("Aarhus Kommune", "participant"),
        *((name, "supplier") for name in ("Bornholms Regionskommune", "Region Midtjylland")),
        *((name, "supplier") for name in ("Solrød Kommune", "Vindlauget Nord", "Ærø Kommune")),
    ]


def test_the_doubtful_must_be_settled_and_nothing_is_lost(
    hers: Pages, cast: Cast, draft: Proposal, listed: str
) -> None:
    shown = found(hers, listed)
    sent = {
        name: values for name, values in shown.sent.items() if name != field(shown, "Ærø Kommune")
    }
    kind = {field(shown, "Vindlauget Nord er"): "company"}

    asked = hers.post(listed, {**sent, **kind, "do": "add"}, status=200)

    assert asked.problems == ["Vælg, hvem Region Midt er, eller vælg Tilføj ikke"]
    assert ticked(asked) == ["Solrød Kommune", "Bornholms Regionskommune"]
    assert asked.value(field(shown, "Vindlauget Nord er")) == "company"
    assert names(draft) == ["Aarhus Kommune"]

    hers.post(listed, {**asked.sent, field(asked, "Region Midt er"): "nej", "do": "add"})
    assert "Region Midtjylland" not in names(draft)
    assert "Ærø Kommune" not in names(draft)
    assert "Vindlauget Nord" in names(draft)


def test_a_list_that_was_changed_is_shown_before_it_is_added(
    hers: Pages, draft: Proposal, listed: str
) -> None:
    shown = found(hers, listed, "Solrød\nÆrø")
    sent = {
        name: values for name, values in shown.sent.items() if name != field(shown, "Ærø Kommune")
    }

    asked = hers.post(listed, {**sent, "text": "Bornholm\nÆrø", "do": "add"}, status=200)
    assert asked.problems == ["Listen er ændret. Se, hvad vi fandt, og tryk igen, når det passer"]
    assert ticked(asked) == ["Bornholms Regionskommune"], "what was taken away stays away"
    assert names(draft) == ["Aarhus Kommune"]

    hers.post(listed, {**asked.sent, "do": "add"})
    assert names(draft) == ["Bornholms Regionskommune", "Aarhus Kommune"]


def test_a_colleague_who_adds_meanwhile_is_seen_first(
    hers: Pages, his: Pages, cast: Cast, draft: Proposal, listed: str
) -> None:
    shown = found(hers, listed, "Solrød\nÆrø")
    his.post(listed, {**found(his, listed, "Ærø\nBornholm").sent, "do": "add"})

    told = hers.post(listed, {**shown.sent, "do": "add"}, status=409)
    assert told.problems == [
        "Deltagerne er ændret, siden du åbnede siden. Læs igen, hvad der står, og tryk så."
    ]
    assert ticked(told) == ["Solrød Kommune"]
    hers.post(listed, {**told.sent, "do": "add"})

    assert names(draft) == [
        *("Bornholms Regionskommune", "Solrød Kommune", "Ærø Kommune", "Aarhus Kommune")
    ]


def test_a_colleague_who_adds_others_is_in_nobodys_way(
    hers: Pages, his: Pages, draft: Proposal, listed: str
) -> None:
    shown = found(hers, listed, "Solrød\nÆrø")
    his.post(listed, {**found(his, listed, "Bornholm").sent, "do": "add"})
    hers.post(listed, {**shown.sent, "do": "add"})
    assert len(names(draft)) == 4


@pytest.mark.parametrize(
    ("text", "problem"),
    (
        ("", "Sæt listen ind, med et navn på hver linje"),
        (" \n\t\n", "Sæt listen ind, med et navn på hver linje"),
        ("Deltagere\n", "Der er ingen navne på listen"),
        (
            "\n".join(f"Nr. {n}" for n in range(501)),
            "Listen må højst være på 500 linjer. Den er på 501. Del den, og indsæt en del ad gangen",
        ),
    ),
)
def test_a_list_without_names_or_with_too_many_is_asked_about(
    hers: Pages, listed: str, text: str, problem: str
) -> None:
    shown = found(hers, listed, text)
    assert shown.problems == [problem]
    assert (shown.value("text") or "").strip() == text.strip()


def test_nobody_chosen_is_asked_about(hers: Pages, draft: Proposal, listed: str) -> None:
    shown = found(hers, listed, "Vindlauget Nord")
    asked = hers.post(listed, {**shown.sent, "do": "add"}, status=200)
    assert asked.problems == ["Vælg mindst én, der skal tilføjes"]


def test_what_is_all_there_needs_no_press(hers: Pages, listed: str) -> None:
    shown = found(hers, listed, "Århus\n751")
    assert "Er med i forvejen (1)" in shown.text
    assert "Tilføj de valgte" not in shown.buttons


@pytest.mark.parametrize("kind", ("municipality", "region", "x", "999"))
def test_no_authority_is_typed_in_through_a_list(
    hers: Pages, draft: Proposal, listed: str, kind: str
) -> None:
    shown = found(hers, listed, "Min Kommune Nord")
    name = next(name for name in shown.sent if name.startswith("linje-"))
    hers.post(listed, {**shown.sent, name: kind, "do": "add"}, status=200)
    assert names(draft) == ["Aarhus Kommune"]


def test_a_list_lies_where_the_text_does(hers: Pages, draft: Proposal, listed: str) -> None:
    shown = found(hers, listed, "Solrød")
    type(draft).objects.filter(pk=draft.pk).update(status="in_qualification")
    kept = hers.post(listed, {**shown.sent, "do": "add"}, status=409)
    assert kept.value("text") == "Solrød"
    assert "kan ikke ændres nu" in kept.text
    hers.get(listed, status=409)


def test_queries_are_as_many_for_forty_as_for_one(
    hers: Pages, cast: Cast, draft: Proposal, listed: str, django_assert_num_queries: Any
) -> None:
    some = [f"Kommune {n}" for n in range(40)]
    Organization.objects.bulk_create(
        Organization(name=f"{name} Å", kind="municipality", code=str(2000 + n))
        for n, name in enumerate(some)
    )
    hers.post(listed, {**found(hers, listed, "Bornholm").sent, "do": "add"})
    for text in ("Solrød", "\n".join([*(f"{name} Å" for name in some), *some])):
        sent = {**hers.get(listed).sent, "text": text, "do": "find"}
        with django_assert_num_queries(9):
            shown = hers.post(listed, sent, status=200)
        chosen = {
            name: values if values == ["on"] else ["company"]
            for name, values in shown.sent.items()
            if name.startswith("linje-")
        }
        # Two of them are the rows' history: read as readers see them, and kept.
        with django_assert_num_queries(36):
            hers.post(listed, {**shown.sent, **chosen, "do": "add"})
    assert draft.participants.count() > 41
    version = FieldVersion.objects.get(proposal=draft, name="participants")
    assert version.edited_by == cast.owner


def test_the_step_adds_nobody_twice(cast: Cast, draft: Proposal) -> None:
    solroed = cast.municipalities[2]
    twice = [participants.Newcomer("participant", solroed)] * 2
    typed = [
        participants.Newcomer("supplier", typed_name=n, typed_kind="company")
        for n in ("Sol", "SOL")
    ]
    given: dict[str, Any] = {"proposal_pk": draft.pk, "by": cast.owner, "at": NOW}

    first = participants.add_participants(newcomers=[*twice, *typed], **given)
    again = participants.add_participants(newcomers=[*twice, *typed], **given)

    assert [p.name for p in first.participants] == ["Solrød Kommune", "Sol"]
    assert (again.participants, again.there) == (
        [],
        ["Solrød Kommune", "Solrød Kommune", "Sol", "SOL"],
    )
