"""One answer at a time while one writes, and what two people meet who write the same."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from django.test import Client

import pytest

from klimaspor import danish, unsent
from proposals.answers.sections import BY_SLUG
from proposals.drafting.models import FieldVersion
from proposals.line import impartiality
from proposals.line.functions import Function
from proposals.line.models import Access, Proposal
from proposals.sparring import steps as advice
from proposals.submission import steps as submission
from proposals.writers import steps as drafting
from tests.factories.intake import NOW, Cast, a_cast, a_draft, a_ready_draft, a_round, minutes_later
from tests.pages import Page, Pages, unmarked

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


def url(proposal: Proposal, slug: str = "effekt") -> str:
    return f"/forslag/{proposal.number}/afsnit/{slug}/"


def save(
    pages: Pages, proposal: Proposal, unit: str, slug: str = "effekt", **more: Any
) -> dict[str, Any]:
    """Save as the page does: one unit, with what was seen of it."""
    status = more.pop("status", 200)
    data = {"revision": str(proposal.revision), "unit": unit, **more}
    answer = pages.post(f"{url(proposal, slug)}gem/", data, status=status)
    told: dict[str, Any] = json.loads(answer.body)
    return told


def press(
    pages: Pages, proposal: Proposal, slug: str = "effekt", *, status: int = 302, **values: Any
) -> Page:
    data = {"revision": str(proposal.revision), "do": "save", **values}
    return pages.post(url(proposal, slug), data, status=status)


# Saved while one writes


def test_answer_is_saved_and_told(hers: Pages, cast: Cast, draft: Proposal) -> None:
    seen = hers.seen(url(draft, "klimahandlingsplaner"))

    told = save(
        hers, draft, "plan_needs", "klimahandlingsplaner", plan_needs="4.2 æøå 😀 שלום", **seen
    )

    draft.refresh_from_db()
    assert draft.plan_needs == "4.2 æøå 😀 שלום"
    assert (told["state"], told["said"], told["errors"]) == ("saved", "Gemt kl.\xa010.00", [])
    assert {"base-plan_needs": told["token"]} == hers.seen(url(draft, "klimahandlingsplaner"))
    assert "K2" in told["parts"]["meter"]
    assert (
        "I PDF&#x27;er bliver tegnene 😀, ש, ל, ו og ם trykt i sort"
        in told["parts"]["id_plan_needs_signs"]
    )
    assert FieldVersion.objects.get(name="plan_needs").edited_by == cast.owner


def test_each_save_goes_on_from_the_last(hers: Pages, draft: Proposal) -> None:
    token = hers.seen(url(draft))["base-effects"]
    for text in ("E", "En", "En tekst"):
        told = save(hers, draft, "effects", effects=text, **{"base-effects": token})
        token = told["token"]
    draft.refresh_from_db()
    assert draft.effects == "En tekst"
    assert FieldVersion.objects.get(name="effects").number == 3


def test_answer_that_never_came_back_is_saved_again_without_a_quarrel(
    hers: Pages, draft: Proposal
) -> None:
    seen = hers.seen(url(draft))
    first = save(hers, draft, "effects", effects="Tekst", **seen)
    again = save(hers, draft, "effects", effects="Tekst", **seen)
    assert (first["state"], again["state"], again["token"]) == ("saved", "saved", first["token"])


def test_who_may_not_write_saves_nothing_tied_or_not(cast: Cast, draft: Proposal) -> None:
    advice.open_sparring(proposal_pk=draft.pk, by=cast.owner, at=NOW)
    impartiality.declare(
        proposal_pk=draft.pk, user=cast.adviser, reason="Nabo", by=cast.adviser, at=NOW
    )

    for reader in (cast.adviser, cast.secretariat):
        pages = Pages(Client()).as_(reader)
        data = {"revision": "1", "unit": "effects", "effects": "Sneget ind"}
        pages.post(f"{url(draft)}gem/", data, status=403)
        pages.post(url(draft), data, status=403)

    draft.refresh_from_db()
    assert draft.effects == ""


def test_only_the_unit_is_saved(hers: Pages, draft: Proposal) -> None:
    seen = hers.seen(url(draft))
    save(hers, draft, "effects", effects="Ja", activities="Med i købet", title="Nej", **seen)
    draft.refresh_from_db()
    assert (draft.effects, draft.activities, draft.title) == ("Ja", "", "Lavbundsjord")


@pytest.mark.parametrize(
    "unit", ("", "title", "status", "owner", "financing", "effects\0", "x" * 999)
)
def test_what_is_not_on_the_page_is_refused(unit: str, hers: Pages, draft: Proposal) -> None:
    told = save(hers, draft, unit, status=400, title="Overtaget", status_="approved")
    draft.refresh_from_db()
    assert told["state"] == "refused"
    assert draft.title == "Lavbundsjord"


def test_answer_that_cannot_be_read_is_told_at_the_field(hers: Pages, draft: Proposal) -> None:
    seen = hers.seen(url(draft, "oekonomi"))
    told = save(hers, draft, "requested_amount", "oekonomi", requested_amount="1.5", **seen)
    assert told["state"] == "invalid"
    assert told["said"] == "Ikke gemt endnu: der er noget at rette"
    assert told["errors"][0].startswith("Brug punktum mellem tusinder")


def test_period_that_ends_before_it_begins_is_told(hers: Pages, draft: Proposal) -> None:
    seen = hers.seen(url(draft, "periode"))
    save(hers, draft, "period_start", "periode", period_start="maj 2028", **seen)
    told = save(hers, draft, "period_end", "periode", period_end="april 2028", **seen)
    assert told["errors"] == ["Projektet skal slutte efter, det begynder."]
    draft.refresh_from_db()
    assert draft.period_end is None


@pytest.mark.slow("saves every question there is")
def test_every_question_is_saved_by_itself(hers: Pages, cast: Cast, draft: Proposal) -> None:
    typed = {
        "title": "Titel", "challenges": "x", "purpose": "x", "effects": "- x", "activities": "x",
        "effect_chain": "x", "risks": "x", "has_development": "False", "development": "x",
        "is_beyond_known": "True", "novelty": "x", "is_open": "True", "openness": "x",
        "plan_needs": "x", "joining": "x", "lead_dgo": cast.other_dgo.pk, "requested_amount": "0",
        "budget": "10-12 mio.", "co_financing": "x", "finances": "x", "program_budget": "60 mio.",
        "period_start": "maj 2027", "period_end": "april 2028", "organization_text": "x",
        "continuation": "x", "rus_areas": "x", "goals": ["6", "13"], "goals_text": "x",
    }  # fmt: skip
    for slug, section in BY_SLUG.items():
        seen = hers.seen(url(draft, slug))
        tokens = {}
        for question in section.fields:
            told = save(
                hers,
                draft,
                question.name,
                slug,
                **{question.name: typed.pop(question.name)},
                **seen,
            )
            assert told["state"] == "saved", (question.name, told)
            tokens[f"base-{question.name}"] = told["token"]
        after = hers.seen(url(draft, slug))
        assert {name: after[name] for name in tokens} == tokens
    assert typed == {}


def test_rows_of_the_economy_are_saved(hers: Pages, his: Pages, draft: Proposal) -> None:
    seen = hers.seen(url(draft, "oekonomi"))
    told = save(hers, draft, "financing", "oekonomi", **row("Realdania"), **seen)
    assert told["state"] == "saved"
    assert [line.source for line in draft.financing.listed()] == ["Realdania"]
    assert told["token"] == his.seen(url(draft, "oekonomi"))["base-financing"]

    seen["base-financing"] = told["token"]
    half = save(hers, draft, "financing", "oekonomi", **row("KL", amount=""), **seen)
    assert (half["state"], draft.financing.get().source) == ("invalid", "Realdania")


def test_roles_of_participants_are_saved(hers: Pages, draft: Proposal) -> None:
    aarhus = draft.participants.get()
    seen = hers.seen(url(draft, "deltagere"))
    role = {f"role-{aarhus.pk}": "problem_owner"}
    told = save(hers, draft, "participants", "deltagere", **role, **seen)
    aarhus.refresh_from_db()
    assert (told["state"], aarhus.role) == ("saved", "problem_owner")
    assert told["token"] == hers.seen(url(draft, "deltagere"))["base-participants"]


def row(source: str, amount: str = "1.000", **more: str) -> dict[str, str]:
    return {
        "linjer-TOTAL_FORMS": "1",
        "linjer-INITIAL_FORMS": "0",
        "linjer-0-year": "2027",
        "linjer-0-source": source,
        "linjer-0-amount": amount,
        "linjer-0-status": "granted",
        **more,
    }


def test_lines_are_all_kept_however_often_they_are_saved_on_the_way(
    hers: Pages, draft: Proposal
) -> None:
    token = hers.seen(url(draft, "oekonomi"))["base-financing"]
    typed: dict[str, str] = {"linjer-INITIAL_FORMS": "0"}
    for number in range(5):
        typed["linjer-TOTAL_FORMS"] = str(number + 1)
        for name, value in (
            ("year", str(2027 + number)),
            ("source", "Realdania"),
            ("amount", "1,5 mio."),
            ("status", "granted"),
        ):
            typed[f"linjer-{number}-{name}"] = value
            told = save(hers, draft, "financing", "oekonomi", **{**typed, "base-financing": token})
            token = told.get("token", token)
        years = [line.year for line in draft.financing.listed()]
        assert (told["state"], years) == ("saved", [2027 + n for n in range(number + 1)])


# Who may, and when


def test_sent_proposal_takes_nothing_more(hers: Pages, cast: Cast) -> None:
    proposal = a_ready_draft(cast, a_round())
    seen = hers.seen(url(proposal))
    submission.submit(proposal_pk=proposal.pk, revision=1, by=cast.owner, at=NOW)

    told = save(hers, proposal, "effects", effects="For sent", status=409, **seen)

    after = Proposal.objects.get()
    assert told["state"] == "gone"
    assert "til faglig kvalificering og kan ikke ændres nu" in told["said"]
    assert after.effects == proposal.effects


def test_page_from_before_a_move_saves_nothing(hers: Pages, draft: Proposal) -> None:
    told = save(hers, draft, "effects", effects="x", status=409, revision="0")
    assert told["state"] == "stale"
    assert "Åbn siden igen" in told["said"]


def test_nobody_else_saves(cast: Cast, draft: Proposal) -> None:
    for user in (cast.adviser, cast.secretariat, cast.committee):
        Pages(Client()).as_(user).post(f"{url(draft)}gem/", {"unit": "effects"}, status=404)
    answer = Pages(Client()).post(f"{url(draft)}gem/", {"unit": "effects"})
    assert answer.location.startswith("/konto/log-paa/")
    Pages(Client()).as_(cast.owner).get(f"{url(draft)}gem/", status=405)


def test_autosave_asks_the_database_ten_times_at_most(
    hers: Pages, draft: Proposal, django_assert_num_queries: Any
) -> None:
    seen = hers.seen(url(draft))
    # One of them is what a search finds it by, at once, and one keeps what it said before.
    with django_assert_num_queries(10):
        first = save(hers, draft, "effects", effects="Første gang", **seen)
    with django_assert_num_queries(10):
        save(hers, draft, "effects", effects="Igen", **{"base-effects": first["token"]})


# Two people, one proposal


def test_different_answers_merge_silently(hers: Pages, his: Pages, draft: Proposal) -> None:
    for_her, for_him = hers.seen(url(draft)), his.seen(url(draft))

    press(hers, draft, effects="Ellas", activities="", effect_chain="", risks="", **for_her)
    answer = press(
        his, draft, effects="", activities="Fridas", effect_chain="", risks="", **for_him
    )

    draft.refresh_from_db()
    assert answer.location == url(draft)
    assert (draft.effects, draft.activities) == ("Ellas", "Fridas")


def test_same_answer_shows_both_texts_and_keeps_the_rest(
    hers: Pages, his: Pages, draft: Proposal
) -> None:
    seen = his.seen(url(draft))
    press(hers, draft, effects="Ellas <script>", **hers.seen(url(draft)))

    shown = press(
        his, draft, effects="Fridas <b>", activities="Også", do="next", status=409, **seen
    )

    draft.refresh_from_db()
    assert (draft.effects, draft.activities) == ("Ellas <script>", "Også")
    assert shown.problems == [
        "Effekt: Ella Ejer har ændret det, efter du åbnede siden. Vælg, hvad der skal stå"
    ]
    assert "Ella Ejer har også ændret det" in shown.text
    assert "Ella Ejer, gemt i dag kl. 10.00" in shown.text
    assert "[kun her: Ellas] <[kun her: script]>" in shown.marked
    assert "[kun her: Fridas] <[kun her: b]>" in shown.marked
    assert shown.value("effects") == "Fridas <b>"
    assert b"<script>alert" not in shown.body
    assert shown.buttons.count("Gem min udgave") == 1

    # Pressing on without choosing overwrites nothing.
    again = press(his, draft, effects="Fridas <b>", status=409, **tokens(shown))
    draft.refresh_from_db()
    assert draft.effects == "Ellas <script>"
    assert again.value("base-effects") == shown.value("base-effects")


def tokens(shown: Page) -> dict[str, str]:
    return {
        e.get("name", ""): e.get("value", "")
        for e in shown.root.iter("input")
        if e.get("name", "").startswith("base-")
    }


def choice(shown: Page, words: str) -> str:
    return next(
        b.get("value", "") for b in shown.root.iter("button") if "".join(b.itertext()) == words
    )


def conflict(hers: Pages, his: Pages, draft: Proposal) -> Page:
    seen = his.seen(url(draft))
    press(hers, draft, effects="Ellas", **hers.seen(url(draft)))
    return press(his, draft, effects="Fridas", status=409, **seen)


def test_choosing_mine_or_a_merged_text_writes_it(hers: Pages, his: Pages, draft: Proposal) -> None:
    shown = conflict(hers, his, draft)
    mine = choice(shown, "Gem min udgave")
    press(his, draft, effects="Ellas og Fridas", do=mine, **tokens(shown))
    draft.refresh_from_db()
    assert draft.effects == "Ellas og Fridas"


def test_choosing_theirs_lets_it_stand(hers: Pages, his: Pages, draft: Proposal) -> None:
    shown = conflict(hers, his, draft)
    theirs = choice(shown, "Behold den anden udgave")
    press(his, draft, effects="Fridas", risks="Ny", do=theirs, **tokens(shown))
    draft.refresh_from_db()
    assert (draft.effects, draft.risks) == ("Ellas", "Ny")
    assert FieldVersion.objects.get(name="effects").number == 1


def test_choice_does_not_cover_what_came_after_it(hers: Pages, his: Pages, draft: Proposal) -> None:
    shown = conflict(hers, his, draft)
    press(hers, draft, effects="Ellas nyeste", **hers.seen(url(draft)))
    again = press(
        his,
        draft,
        effects="Fridas",
        do=choice(shown, "Gem min udgave"),
        status=409,
        **tokens(shown),
    )
    draft.refresh_from_db()
    assert draft.effects == "Ellas nyeste"
    assert "Ellas nyeste" in again.text


def test_autosave_meets_the_same_conflict(hers: Pages, his: Pages, draft: Proposal) -> None:
    seen = his.seen(url(draft))
    save(hers, draft, "effects", effects="Ellas", **hers.seen(url(draft)))

    told = save(his, draft, "effects", effects="Fridas", **seen)

    draft.refresh_from_db()
    assert (told["state"], draft.effects) == ("conflict", "Ellas")
    assert "Ellas" in told["conflict"]
    assert "Fridas" in told["conflict"]
    assert "token" not in told


def test_own_other_tab_is_named_as_such(hers: Pages, draft: Proposal) -> None:
    seen = hers.seen(url(draft))
    save(hers, draft, "effects", effects="Fane 1", **seen)
    told = save(hers, draft, "effects", effects="Fane 2", **seen)
    assert told["said"] == "Ikke gemt: du har ændret det samme et andet sted"
    assert "Du har selv ændret det et andet sted" in told["conflict"]


@pytest.mark.parametrize(
    ("slug", "name", "first", "second", "texts"),
    (
        ("udviklingselement", "is_open", "True", "False", ("Ja", "Nej")),
        ("rus", "goals", ["6"], ["13"], ("6. Rent vand og sanitet", "13. Klimaindsats")),
        ("oekonomi", "budget", "10-12 mio.", "5 mio.", ("10-12 mio. kr.", "5 mio. kr.")),
        ("periode", "period_start", "maj 2027", "juni 2027", ("maj 2027", "juni 2027")),
    ),
)
def test_conflict_about_any_kind_of_answer_can_be_read_and_chosen(
    slug: str, name: str, first: Any, second: Any, texts: tuple[str, str],
    hers: Pages, his: Pages, draft: Proposal,
) -> None:  # fmt: skip
    seen = his.seen(url(draft, slug))
    press(hers, draft, slug, **{name: first}, **hers.seen(url(draft, slug)))
    shown = press(his, draft, slug, status=409, **{name: second}, **seen)
    [panel] = shown.by_class("conflict-texts")
    said = unmarked(" ".join(danish.plain("".join(panel.itertext())).split()))
    assert said.index(texts[1]) < said.index(texts[0])

    theirs = choice(shown, "Behold den anden udgave")
    press(his, draft, slug, do=theirs, **{name: second}, **tokens(shown))
    assert hers.seen(url(draft, slug)) == his.seen(url(draft, slug))
    assert FieldVersion.objects.get(name=name).number == 1


def test_page_that_comes_back_with_an_error_does_not_bring_back_old_words(
    hers: Pages, his: Pages, draft: Proposal
) -> None:
    seen = his.seen(url(draft, "oekonomi"))
    save(hers, draft, "finances", "oekonomi", finances="Ellas", **hers.seen(url(draft, "oekonomi")))

    shown = press(his, draft, "oekonomi", status=200, requested_amount="1.5", finances="", **seen)
    press(his, draft, "oekonomi", requested_amount="1.500", finances="", **tokens(shown))

    draft.refresh_from_db()
    assert (draft.finances, draft.requested_amount) == ("Ellas", 1500)


def test_rows_that_two_people_change_are_shown_to_the_second(
    hers: Pages, his: Pages, draft: Proposal
) -> None:
    seen = his.seen(url(draft, "oekonomi"))
    press(hers, draft, "oekonomi", **row("Realdania"), **hers.seen(url(draft, "oekonomi")))

    shown = press(his, draft, "oekonomi", finances="Fridas", status=409, **row("KL"), **seen)

    draft.refresh_from_db()
    assert draft.finances == "Fridas"
    assert [line.source for line in draft.financing.listed()] == ["Realdania"]
    assert shown.value("linjer-0-source") == "KL"
    assert "2027, [kun her: Realdania], 1.000, Bevilget" in shown.marked
    assert "2027, [kun her: KL], 1.000, Bevilget" in shown.marked
    mine = choice(shown, "Gem min udgave")
    press(his, draft, "oekonomi", do=mine, finances="Fridas", **row("KL"), **tokens(shown))
    assert [line.source for line in draft.financing.listed()] == ["KL"]


def test_rows_that_were_not_touched_are_left_alone(
    hers: Pages, his: Pages, draft: Proposal
) -> None:
    press(hers, draft, "oekonomi", **row("Realdania"), **hers.seen(url(draft, "oekonomi")))
    seen = his.seen(url(draft, "oekonomi"))
    press(hers, draft, "oekonomi", **row("KL"), **hers.seen(url(draft, "oekonomi")))

    press(his, draft, "oekonomi", finances="Fridas", **row("Realdania"), **seen)

    assert [line.source for line in draft.financing.listed()] == ["KL"]
    other = choice_of_rows(his, draft, seen)
    assert [line.source for line in draft.financing.listed()] == ["KL"]
    assert other.location == url(draft, "oekonomi")


def choice_of_rows(pages: Pages, draft: Proposal, seen: dict[str, str]) -> Page:
    shown = press(pages, draft, "oekonomi", status=409, **row("Noget nyt"), **seen)
    theirs = choice(shown, "Behold den anden udgave")
    return press(pages, draft, "oekonomi", do=theirs, **row("Noget nyt"), **tokens(shown))


def test_roles_that_were_not_touched_are_left_alone_and_adding_is_never_a_conflict(
    hers: Pages, his: Pages, cast: Cast, draft: Proposal
) -> None:
    aarhus = draft.participants.get()
    seen = his.seen(url(draft, "deltagere"))
    shown = {f"role-{aarhus.pk}": "participant"}
    press(
        hers, draft, "deltagere",
        **{f"role-{aarhus.pk}": "problem_owner"}, **hers.seen(url(draft, "deltagere")),
    )  # fmt: skip

    aeroe = cast.municipalities[1]
    press(his, draft, "deltagere", do=f"add:{aeroe.pk}", new_role="participant", **shown, **seen)

    aarhus.refresh_from_db()
    assert aarhus.role == "problem_owner"
    assert draft.participants.count() == 2


def test_roles_that_two_people_change_are_a_conflict(
    hers: Pages, his: Pages, draft: Proposal
) -> None:
    aarhus = draft.participants.get()
    seen = his.seen(url(draft, "deltagere"))
    name = f"role-{aarhus.pk}"
    press(hers, draft, "deltagere", **{name: "problem_owner"}, **hers.seen(url(draft, "deltagere")))
    shown = press(his, draft, "deltagere", status=409, **{name: "knowledge"}, **seen)
    aarhus.refresh_from_db()
    assert aarhus.role == "problem_owner"
    assert "Rolle for Aarhus Kommune: Problemejer" in unmarked(shown.text)


# Presence


def test_the_others_are_told_who_writes_where(
    hers: Pages, his: Pages, cast: Cast, draft: Proposal, now: Any
) -> None:
    assert others(his.get(url(draft))) == ""
    save(hers, draft, "finances", "oekonomi", finances="x", **hers.seen(url(draft, "oekonomi")))

    assert others(his.get(url(draft))) == "Ella Ejer skriver i Økonomi og medfinansiering lige nu."
    assert others(hers.get(url(draft))) == ""
    told = save(his, draft, "effects", effects="x", **his.seen(url(draft)))
    assert told["others"] == "Ella Ejer skriver i Økonomi og medfinansiering lige nu."
    assert others(hers.get(url(draft))) == "Frida Fremmed skriver i Effekt og tiltag lige nu."
    now.move_to(minutes_later(NOW, 2))
    assert others(his.get(url(draft))) == ""


def others(shown: Page) -> str:
    [line] = shown.by_class("others-writing")
    return (line.text or "").strip()


def test_a_cache_that_is_away_costs_nobody_a_text(
    hers: Pages, draft: Proposal, settings: Any
) -> None:
    seen = hers.seen(url(draft))
    settings.CACHES = {
        "default": {"BACKEND": "klimaspor.valkey.Cache", "LOCATION": "redis://127.0.0.1:1/1"}
    }

    assert save(hers, draft, "effects", effects="x", **seen)["state"] == "saved"
    hers.get(url(draft))


# What no person types


@pytest.mark.parametrize("how", ("button", "autosave"))
def test_more_than_a_field_holds_is_told_and_cut_nowhere(
    how: str, hers: Pages, draft: Proposal
) -> None:
    seen, long = hers.seen(url(draft)), "æ😀" * 100_000
    said = "Teksten må højst være på 6000 tegn. Den er på 200000. Gør den kortere"
    if how == "autosave":
        assert save(hers, draft, "effects", effects=long, **seen)["errors"] == [said]
    else:
        shown = press(hers, draft, status=200, effects=long, activities="Resten", **seen)
        assert shown.problems == [said]
        assert shown.value("effects") == long
    draft.refresh_from_db()
    assert draft.effects == ""
    assert draft.activities == ("" if how == "autosave" else "Resten")


@pytest.mark.parametrize(
    ("typed", "kept"),
    (
        ("a\0b", "ab"),
        ("\u202eא\u2066b", "אb"),
        ("👩\u200d🌾 😀", "👩\u200d🌾 😀"),
        ("a\rb\r\nc", "a\nb\nc"),
    ),
)
def test_odd_signs_are_kept_or_cleaned(typed: str, kept: str, hers: Pages, draft: Proposal) -> None:
    told = save(hers, draft, "effects", effects=typed, **hers.seen(url(draft)))
    draft.refresh_from_db()
    assert (told["state"], draft.effects) == ("saved", kept)
    assert told["token"] == hers.seen(url(draft))["base-effects"]
    told = save(
        hers, draft, "title", "udfordringer", title=f"T{typed}",
        **hers.seen(url(draft, "udfordringer")),
    )  # fmt: skip
    draft.refresh_from_db()
    assert (told["state"], draft.title) == ("saved", f"T{kept}".replace("\n", " "))


def test_bytes_of_another_alphabet_are_told_and_never_stored(hers: Pages, draft: Proposal) -> None:
    token = hers.seen(url(draft))["base-effects"]
    typed = quote("Blåbærgrød", encoding="cp1252")
    body = f"revision=1&base-effects={token}&effects={typed}"
    shown = hers.client.post(url(draft), body, content_type="application/x-www-form-urlencoded")
    draft.refresh_from_db()
    assert draft.effects == ""
    assert "Nogle tegn kunne ikke læses" in shown.content.decode()


def test_tokens_of_any_shape_open_nothing(hers: Pages, his: Pages, draft: Proposal) -> None:
    save(hers, draft, "effects", effects="Ellas", **hers.seen(url(draft)))
    for token in ("", "0-", "1-", "x", "9" * 50, "1-0123456789abcdef\0", "-1-0123456789abcdef"):
        told = save(his, draft, "effects", effects="x", **{"base-effects": token})
        assert told["state"] == "conflict", token
    for pressed in (
        "mine",
        "mine:",
        "mine:effects:",
        "mine:status:1-a",
        "theirs",
        "theirs:owner",
        "mine:::::",
    ):
        press(his, draft, status=409, effects="x", do=pressed)
    draft.refresh_from_db()
    assert draft.effects == "Ellas"


def test_old_tab_gets_every_text_back(hers: Pages, cast: Cast) -> None:
    proposal = a_ready_draft(cast, a_round())
    submission.submit(proposal_pk=proposal.pk, revision=1, by=cast.owner, at=NOW)
    shown = press(
        hers, proposal, "oekonomi", status=409, budget="7 mio.", finances="Skrevet for sent",
        **row("For sen kilde"),
    )  # fmt: skip
    for text in ("7 mio.", "Skrevet for sent", "2027, For sen kilde, 1.000, Bevilget"):
        assert text in shown.text


def test_text_of_an_ended_session_meets_what_was_written_meanwhile(
    hers: Pages, his: Pages, cast: Cast, draft: Proposal
) -> None:
    shown = his.get(url(draft))
    seen, slip = tokens(shown), shown.value(unsent.SLIP)
    his.client.logout()
    press(his, draft, effects="Fridas", **{unsent.SLIP: slip}, **seen)
    save(hers, draft, "effects", effects="Ellas", **hers.seen(url(draft)))

    back = his.as_(cast.stranger).get(url(draft))
    again = press(his, draft, status=409, effects=back.value("effects"), **tokens(back))

    assert back.value("effects") == "Fridas"
    assert "Ellas" in again.text
    draft.refresh_from_db()
    assert draft.effects == "Ellas"


def test_handed_over_proposal_is_not_the_old_owners_to_save(
    hers: Pages, cast: Cast, draft: Proposal
) -> None:
    seen = hers.seen(url(draft))
    drafting.hand_over(proposal_pk=draft.pk, to_user=cast.funder, reason="x", by=cast.owner, at=NOW)
    hers.post(f"{url(draft)}gem/", {"unit": "effects", "effects": "x", **seen}, status=404)
