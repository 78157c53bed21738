"""Writing a proposal in the browser: a new one, the list of what there is to do, and the sections."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from klimaspor import unsent
from klimaspor.accounts.models import Role
from proposals.answers.sections import SECTIONS
from proposals.drafting import steps as drafting
from proposals.line.models import Proposal
from proposals.participants import steps as participants
from proposals.submission import steps as submission
from proposals.writers import steps as writers
from tests.factories.intake import NOW, a_cast, a_draft, a_ready_draft, a_round, give_role

if TYPE_CHECKING:
    from tests.pages import Page, Pages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def cast() -> Any:
    return a_cast()


@pytest.fixture
def round_() -> Any:
    return a_round()


@pytest.fixture
def draft(cast: Any, round_: Any) -> Proposal:
    return a_draft(cast, round_)


def section(proposal: Proposal, slug: str) -> str:
    return f"/forslag/{proposal.number}/afsnit/{slug}/"


def save(pages: Pages, proposal: Proposal, slug: str, *, status: int = 302, **values: Any) -> Page:
    data = {"revision": str(proposal.revision), "do": "save", **values}
    return pages.post(section(proposal, slug), data, status=status)


# A new proposal


def test_new_proposal_is_made_for_the_organization_found_by_search(
    pages: Pages, cast: Any, round_: Any
) -> None:
    pages.as_(cast.stranger)

    shown = pages.post(
        "/forslag/nyt/", {"do": "search", "search": "år", "title": "Vand"}, status=200
    )
    assert "Aarhus Kommune" in shown.text
    assert shown.value("title") == "Vand"
    assert shown.problems == []

    aarhus = cast.municipalities[0]
    made = pages.press(
        "/forslag/nyt/",
        {"on_behalf": aarhus.pk, "round": round_.pk, "title": "Vand", "search": "år"},
    )
    proposal = Proposal.objects.get()
    assert made.heading == "Dit forslag"
    assert made.messages == [
        f"Forslaget er oprettet med nummer {proposal.number}. Kun du kan se det."
    ]
    assert (proposal.owner, proposal.organization, proposal.round, proposal.title) == (
        cast.stranger,
        aarhus,
        round_,
        "Vand",
    )


def test_new_proposal_suggests_the_organization_one_acts_for(
    pages: Pages, cast: Any, round_: Any
) -> None:
    give_role(cast.stranger, Role.MEMBER, organization=cast.municipalities[1])
    shown = pages.as_(cast.stranger).get("/forslag/nyt/")
    assert shown.value("on_behalf") == str(cast.municipalities[1].pk)
    assert shown.value("round") == str(round_.pk)
    assert shown.primary == ["Opret forslag"]


def test_new_proposal_without_an_organization(pages: Pages, cast: Any, round_: Any) -> None:
    pages.as_(cast.stranger).post(
        "/forslag/nyt/", {"on_behalf": "ingen", "round": round_.pk, "title": "Vand"}
    )
    assert Proposal.objects.get().organization is None


def test_new_proposal_says_everything_that_is_missing_at_once(
    pages: Pages, cast: Any, round_: Any
) -> None:
    shown = pages.as_(cast.stranger).post("/forslag/nyt/", {"round": "999"}, status=200)
    assert shown.problems == [
        "Vælg, hvem du stiller forslaget på vegne af",
        "Runden er ikke åben. Vælg en anden",
        "Indtast forslagets titel",
    ]
    assert not Proposal.objects.exists()


def test_new_proposal_enter_in_the_search_looks_up_and_scolds_nobody(
    pages: Pages, cast: Any, round_: Any
) -> None:
    shown = pages.as_(cast.stranger).post(
        "/forslag/nyt/", {"do": "enter", "search": "ærø", "title": ""}, status=200
    )
    assert "Ærø Kommune" in shown.text
    assert shown.problems == []


def test_new_proposal_when_no_round_is_open_says_when_the_next_one_is(
    pages: Pages, cast: Any
) -> None:
    shown = pages.as_(cast.stranger).get("/forslag/nyt/")
    assert "Ingen runde er åben nu" in shown.text
    assert shown.primary == ["Find din DGO"]


def test_new_proposal_answers_the_search_while_one_writes(
    pages: Pages, cast: Any, round_: Any
) -> None:
    part = pages.as_(cast.stranger).get("/forslag/nyt/organisationer/?search=sol")
    assert [(e.get("name"), e.get("value")) for e in part.root.iter("input")] == [
        ("searched", "sol"),
        ("on_behalf", str(cast.municipalities[2].pk)),
    ]
    none = pages.get("/forslag/nyt/organisationer/?search=xyz")
    assert "Ingen organisation på listen passer" in none.text


# What there is to do


def test_tasks_say_how_far_each_section_has_come(pages: Pages, cast: Any, draft: Proposal) -> None:
    drafting.save_section(
        proposal_pk=draft.pk,
        slug="effekt",
        answers={"effects": "Mindre CO2"},
        by=cast.owner,
        at=NOW,
    )
    drafting.save_section(
        proposal_pk=draft.pk,
        slug="klimahandlingsplaner",
        answers={"plan_needs": "4.2"},
        by=cast.owner,
        at=NOW,
    )
    shown = pages.as_(cast.owner).get(f"/forslag/{draft.number}/afsnit/")
    states = {
        next(e.iter("a")).text: " ".join("".join(tag.itertext()) for tag in e.iter("strong"))
        for e in shown.by_class("task")
    }
    assert states == {
        "Udfordringer og formål": "Ikke begyndt",
        "Effekt og tiltag": "I gang",
        "Udviklingselement": "Ikke begyndt",
        "Klimahandlingsplaner": "Udfyldt",
        "Deltagere": "I gang",
        "Økonomi og medfinansiering": "Ikke begyndt",
        "Periode og organisering": "Ikke begyndt",
        "RUS-indsatsområde og verdensmål": "Ikke begyndt",
        "Bilag": "Ikke begyndt",
    }
    assert "1 af 3 kommuner/regioner" in shown.text
    assert shown.primary == ["Tjek dine svar"]


def test_tasks_of_a_sent_proposal_lead_to_its_page(pages: Pages, cast: Any, round_: Any) -> None:
    proposal = a_ready_draft(cast, round_)
    submission.submit(proposal_pk=proposal.pk, revision=1, by=cast.owner, at=NOW)
    answer = pages.as_(cast.owner).get(f"/forslag/{proposal.number}/afsnit/", status=302)
    assert answer.location == f"/forslag/{proposal.number}/"


# The sections


@pytest.mark.parametrize("slug", [s.slug for s in SECTIONS])
def test_section_asks_its_questions_and_saves_nothing_at_all(
    slug: str, pages: Pages, cast: Any, draft: Proposal
) -> None:
    shown = pages.as_(cast.owner).get(section(draft, slug))
    assert shown.primary == ["Gem og fortsæt"]
    save(pages, draft, slug, **({"linjer-TOTAL_FORMS": 0, "linjer-INITIAL_FORMS": 0}))


def test_section_saves_half_and_goes_on_to_the_next(
    pages: Pages, cast: Any, draft: Proposal
) -> None:
    pages.as_(cast.owner)
    answer = save(
        pages, draft, "udfordringer", title="Ny titel", challenges="• Et\r\n• To", do="next"
    )
    draft.refresh_from_db()
    assert answer.location == section(draft, "effekt")
    assert (draft.title, draft.challenges, draft.purpose) == ("Ny titel", "- Et\n- To", "")
    assert pages.get(answer.location).messages == ["Udfordringer og formål er gemt."]


def test_last_section_goes_on_to_the_check(pages: Pages, cast: Any, draft: Proposal) -> None:
    pages.as_(cast.owner)
    assert save(pages, draft, "bilag", do="next").location == f"/forslag/{draft.number}/tjek/"


def test_section_keeps_what_was_typed_and_saves_the_rest(
    pages: Pages, cast: Any, draft: Proposal
) -> None:
    pages.as_(cast.owner)
    shown = save(
        pages,
        draft,
        "periode",
        status=200,
        period_start="engang",
        period_end="december 2028",
        organization_text="Kommunen leder",
    )
    draft.refresh_from_db()
    assert shown.problems == ["Måneden skal skrives med måned og år, fx januar 2027"]
    assert shown.value("period_start") == "engang"
    assert shown.value("period_end") == "december 2028"
    assert "er gemt. Ret resten" in shown.text
    assert (draft.organization_text, draft.period_start, draft.period_end) == (
        "Kommunen leder",
        None,
        None,
    )


def test_section_refuses_a_period_that_ends_before_it_begins(
    pages: Pages, cast: Any, draft: Proposal
) -> None:
    pages.as_(cast.owner)
    shown = save(
        pages, draft, "periode", status=200, period_start="maj 2028", period_end="april 2028"
    )
    assert shown.problems == ["Projektet skal slutte efter, det begynder"]


def test_section_reads_zero_no_and_ranges_as_answers(
    pages: Pages, cast: Any, draft: Proposal
) -> None:
    pages.as_(cast.owner)
    save(pages, draft, "udviklingselement", has_development="False")
    save(
        pages,
        draft,
        "oekonomi",
        requested_amount="0",
        budget="10-12 mio.",
        **{"linjer-TOTAL_FORMS": 0, "linjer-INITIAL_FORMS": 0},
    )
    save(pages, draft, "rus", goals=["6", "13"])
    draft.refresh_from_db()
    assert draft.has_development is False
    assert (draft.requested_amount, draft.budget_min, draft.budget_max) == (
        Decimal(0),
        Decimal(10_000_000),
        Decimal(12_000_000),
    )
    assert draft.goals == [6, 13]
    assert pages.get(section(draft, "udviklingselement")).value("has_development") == "False"
    assert pages.get(section(draft, "oekonomi")).value("requested_amount") == "0"
    assert pages.get(section(draft, "oekonomi")).value("budget") == "10-12 mio. kr."


def test_section_accepts_only_its_own_fields(pages: Pages, cast: Any, draft: Proposal) -> None:
    pages.as_(cast.owner)
    save(pages, draft, "effekt", effects="Ja", title="Overtaget", owner="1", number="KS-1")
    draft.refresh_from_db()
    assert (draft.effects, draft.title, draft.owner) == ("Ja", "Lavbundsjord", cast.owner)


def test_section_escapes_what_was_written(pages: Pages, cast: Any, draft: Proposal) -> None:
    pages.as_(cast.owner)
    script = "<script>alert(1)</script>"
    save(pages, draft, "udfordringer", title=script, challenges=script)
    shown = pages.get(section(draft, "udfordringer"))
    assert script not in shown.body.decode()
    assert shown.value("challenges") == script


def test_section_of_an_older_page_is_refused_with_the_text_kept(
    pages: Pages, cast: Any, draft: Proposal
) -> None:
    pages.as_(cast.owner)
    shown = save(pages, draft, "effekt", status=200, revision="0", effects="Min tekst")
    draft.refresh_from_db()
    assert "er blevet ændret af en anden" in shown.problems[0]
    assert shown.value("effects") == "Min tekst"
    assert shown.value("revision") == "1"
    assert draft.effects == ""


def test_section_of_a_sent_proposal_gives_the_text_back(
    pages: Pages, cast: Any, round_: Any
) -> None:
    proposal = a_ready_draft(cast, round_)
    pages.as_(cast.owner).get(section(proposal, "effekt"))
    submission.submit(proposal_pk=proposal.pk, revision=1, by=cast.owner, at=NOW)

    shown = save(pages, proposal, "effekt", status=409, effects="Skrevet for sent")

    assert shown.heading == "Forslaget kan ikke ændres nu"
    assert "Skrevet for sent" in shown.text
    pages.get(section(proposal, "effekt"), status=409)


def test_section_is_not_there_for_others(pages: Pages, cast: Any, draft: Proposal) -> None:
    for person in (cast.stranger, cast.adviser, cast.secretariat):
        pages.as_(person).get(section(draft, "effekt"), status=404)
        save(pages, draft, "effekt", status=404, effects="Fremmed")
    pages.as_(cast.owner).get(section(draft, "findes-ikke"), status=404)


def test_section_is_read_not_written_by_advisers(pages: Pages, cast: Any, round_: Any) -> None:
    proposal = a_ready_draft(cast, round_)
    submission.submit(proposal_pk=proposal.pk, revision=1, by=cast.owner, at=NOW)
    for person in (cast.adviser, cast.secretariat):
        pages.as_(person)
        save(pages, proposal, "effekt", status=403, effects="Fremmed")


# An expired session


def test_text_of_an_expired_session_is_there_after_signing_in(
    pages: Pages, cast: Any, draft: Proposal
) -> None:
    url = section(draft, "effekt")
    slip = pages.as_(cast.owner).get(url).value(unsent.SLIP)
    pages.client.logout()

    answer = pages.post(
        url, {"revision": "1", "effects": "Lang tekst", "do": "next", unsent.SLIP: slip}
    )
    assert answer.location.endswith(f"?next={url}")

    shown = pages.as_(cast.owner).get(url)
    assert shown.value("effects") == "Lang tekst"
    assert "er ikke gemt endnu" in shown.text
    draft.refresh_from_db()
    assert draft.effects == ""
    assert pages.get(url).value("effects") == "", "it is given back once"


def test_text_of_an_expired_session_is_nobody_elses(
    pages: Pages, cast: Any, draft: Proposal
) -> None:
    url = section(draft, "effekt")
    slip = pages.as_(cast.owner).get(url).value(unsent.SLIP)
    pages.client.logout()
    pages.post(url, {"effects": "Lang tekst", unsent.SLIP: slip})
    writers.hand_over(
        proposal_pk=draft.pk, to_user=cast.stranger, reason="x", by=cast.owner, at=NOW
    )

    shown = pages.as_(cast.stranger).get(url)

    assert shown.value("effects") == ""
    assert "Lang tekst" not in shown.text


@pytest.mark.parametrize("slip", ("", "noget"))
def test_strangers_cannot_fill_a_session(
    slip: str, pages: Pages, cast: Any, draft: Proposal
) -> None:
    pages.post(section(draft, "effekt"), {"effects": "x", unsent.SLIP: slip})
    assert unsent.KEPT not in pages.client.session


def test_a_slip_for_one_page_opens_no_other(pages: Pages, cast: Any, draft: Proposal) -> None:
    slip = str(pages.as_(cast.owner).get(section(draft, "rus")).value(unsent.SLIP))
    pages.client.logout()

    pages.post(section(draft, "effekt"), {"effects": "Andetsteds", unsent.SLIP: slip})

    assert [one["path"] for one in pages.client.session[unsent.KEPT]] == [section(draft, "rus")]
    assert "Andetsteds" not in pages.as_(cast.owner).get(section(draft, "effekt")).text


# Participants


def test_participants_are_found_and_added_with_a_role(
    pages: Pages, cast: Any, draft: Proposal
) -> None:
    pages.as_(cast.owner)
    aeroe = cast.municipalities[1]
    found = pages.get(section(draft, "deltagere") + "?soeg=ærø")
    assert f"add:{aeroe.pk}" in [b.get("value") for b in found.root.iter("button")]

    answer = save(
        pages,
        draft,
        "deltagere",
        do=f"add:{aeroe.pk}",
        new_role="problem_owner",
        joining="Alle kan",
    )

    shown = pages.get(answer.location.partition("#")[0])
    draft.refresh_from_db()
    assert shown.messages == ["Ærø Kommune er tilføjet som problemejer."]
    assert draft.joining == "Alle kan", "what was typed beside it is saved too"
    assert [(p.name, p.role) for p in draft.participants.listed()] == [
        ("Ærø Kommune", "problem_owner"),
        ("Aarhus Kommune", "participant"),
    ]
    assert "2 af 3 kommuner/regioner" in shown.text


def test_participants_are_found_while_one_writes(pages: Pages, cast: Any, draft: Proposal) -> None:
    part = pages.as_(cast.owner).get(section(draft, "deltagere") + "soeg/?soeg=aar")
    assert "Aarhus Kommune" in part.text
    assert "Er med" in part.text
    assert part.buttons == []


def test_participants_search_by_button_saves_what_was_typed(
    pages: Pages, cast: Any, draft: Proposal
) -> None:
    pages.as_(cast.owner)
    answer = save(pages, draft, "deltagere", do="search", soeg="sol rød", joining="Skriv til os")
    draft.refresh_from_db()
    assert answer.location == section(draft, "deltagere") + "?soeg=sol+r%C3%B8d#id_soeg"
    assert draft.joining == "Skriv til os"


def test_participants_typed_in_need_a_kind(pages: Pages, cast: Any, draft: Proposal) -> None:
    pages.as_(cast.owner)
    shown = save(pages, draft, "deltagere", status=200, typed_name="Grøn Energi")
    assert shown.problems == ["Vælg, hvilken type organisationen er"]
    assert shown.value("typed_name") == "Grøn Energi"

    save(
        pages,
        draft,
        "deltagere",
        typed_name="Grøn Energi",
        typed_kind="company",
        typed_role="supplier",
    )

    last = draft.participants.get(organization=None)
    assert (last.name, last.kind, last.role) == ("Grøn Energi", "company", "supplier")
    assert "kun kommuner og regioner tæller" in pages.get(section(draft, "deltagere")).text


def test_participants_typed_in_are_no_authorities(pages: Pages, cast: Any, draft: Proposal) -> None:
    pages.as_(cast.owner)
    shown = save(
        pages, draft, "deltagere", status=200, typed_name="Min Kommune", typed_kind="municipality"
    )
    assert shown.problems == ["Vælg en type fra listen"]


def test_participants_change_role_and_are_removed(pages: Pages, cast: Any, draft: Proposal) -> None:
    pages.as_(cast.owner)
    aarhus = draft.participants.get()
    save(pages, draft, "deltagere", **{f"role-{aarhus.pk}": "problem_owner"})
    aarhus.refresh_from_db()
    assert aarhus.role == "problem_owner"

    save(pages, draft, "deltagere", do=f"remove:{aarhus.pk}")
    assert not draft.participants.exists()
    save(pages, draft, "deltagere", do=f"remove:{aarhus.pk}")


def test_participants_twice_and_unknown_are_answered_calmly(
    pages: Pages, cast: Any, draft: Proposal
) -> None:
    pages.as_(cast.owner)
    there = cast.municipalities[0].pk
    for key, said in (
        (there, "Aarhus Kommune er allerede deltager."),
        ("999999", "Vælg en organisation fra listen."),
        ("x", "Vælg en organisation fra listen."),
    ):
        save(pages, draft, "deltagere", do=f"add:{key}", new_role="participant")
        assert pages.get(section(draft, "deltagere")).messages == [said]
    assert draft.participants.count() == 1


def test_dgo_is_suggested_with_whom_to_ask_and_may_be_changed_until_it_has_received_it(
    pages: Pages, cast: Any, round_: Any
) -> None:
    proposal = a_ready_draft(cast, round_)
    pages.as_(cast.owner)
    shown = pages.get(section(proposal, "deltagere"))
    assert shown.value("lead_dgo") == str(cast.dgo.pk)
    assert "Vi har foreslået DGO Midtjylland" in shown.text
    assert "Karla Prøve" in shown.text

    seen = pages.seen(section(proposal, "deltagere"))
    save(pages, proposal, "deltagere", joining="x", lead_dgo=cast.other_dgo.pk, **seen)
    proposal.refresh_from_db()
    assert proposal.lead_dgo == cast.other_dgo


# Economy


def lines(*rows: tuple[str, str, str, str], initial: int = 0) -> dict[str, str]:
    data = {"linjer-TOTAL_FORMS": str(len(rows)), "linjer-INITIAL_FORMS": str(initial)}
    for n, row in enumerate(rows):
        for name, value in zip(("year", "source", "amount", "status"), row, strict=True):
            data[f"linjer-{n}-{name}"] = value
    return data


def test_economy_adds_up(pages: Pages, cast: Any, draft: Proposal) -> None:
    pages.as_(cast.owner)
    rows = lines(
        ("2027", "Region Hovedstaden", "1,5 mio.", "granted"),
        ("2028", "Region Hovedstaden", "1.500.000", "expected"),
        ("2028", "Kommunen selv", "0", "own_time"),
        ("", "", "", ""),
    )
    save(pages, draft, "oekonomi", budget="10-12 mio.", **rows)

    shown = pages.get(section(draft, "oekonomi"))
    assert [(f.year, f.amount, f.status) for f in draft.financing.listed()] == [
        (2027, Decimal(1_500_000), "granted"),
        (2028, Decimal(1_500_000), "expected"),
        (2028, Decimal(0), "own_time"),
    ]
    # In the sentence about the balance, under the sums by status and by source, and what the region gives.
    assert shown.text.count("3.000.000 kr.") == 4
    assert (
        "Budgettet er 10-12 mio. kr., og finansieringen er 3.000.000 kr. "
        "Der mangler finansiering for 7-9 mio. kr."
    ) in shown.text


def spent(*rows: tuple[str, ...], initial: int = 0) -> dict[str, str]:
    names = ("year", "category", "description", "amount", "recipient")
    return {
        "budgetlinjer-TOTAL_FORMS": str(len(rows)),
        "budgetlinjer-INITIAL_FORMS": str(initial),
        **{
            f"budgetlinjer-{number}-{name}": value
            for number, row in enumerate(rows)
            for name, value in zip(names, row, strict=True)
        },
    }


def test_budget_is_saved_added_up_and_asks_about_state_aid(
    pages: Pages, cast: Any, draft: Proposal
) -> None:
    pages.as_(cast.owner)
    company = participants.add_participant(
        proposal_pk=draft.pk, organization=cast.company, role="supplier", by=cast.owner, at=NOW
    )
    rows = spent(
        ("2027", "staff", "Ledelse", "1,5 mio.", ""),
        ("2028", "tests", "", "400.000", str(company.pk)),
        ("2028", "other", "", "0", ""),
        ("", "", "", "", ""),
    )
    save(pages, draft, "oekonomi", budget="2 mio.", requested_amount="950.000", **lines(), **rows)

    shown = pages.get(section(draft, "oekonomi"))
    assert [(b.year, b.category, b.amount, b.recipient) for b in draft.budget_lines.listed()] == [
        (2027, "staff", Decimal(1_500_000), None),
        (2028, "tests", Decimal(400_000), company),
        (2028, "other", Decimal(0), None),
    ]
    assert (
        "Budgetlinjerne giver 1.900.000 kr., og det samlede budget er 2.000.000 kr. "
        "Der mangler budgetlinjer for 100.000 kr."
    ) in shown.text
    assert "Søgt hos Klimaalliancen: 950.000 kr., 48 % af budgettet" in shown.text
    assert "Penge til en privat virksomhed: spørg om statsstøtte" in shown.text
    assert "Budgettet har 400.000 kr. til Vandværket ApS." in shown.text
    assert "Vandværket ApS (statsstøtte?)" in shown.text


def test_a_table_that_is_not_on_the_page_is_left_as_it_is(
    pages: Pages, cast: Any, round_: Any
) -> None:
    proposal = a_ready_draft(cast, round_)
    pages.as_(cast.owner)
    seen = pages.seen(section(proposal, "oekonomi"))
    save(pages, proposal, "oekonomi", finances="Mere", **lines(), **seen)
    assert (proposal.financing.count(), proposal.budget_lines.count()) == (0, 2)


def test_budget_says_what_is_wrong_and_saves_the_financing(
    pages: Pages, cast: Any, draft: Proposal
) -> None:
    pages.as_(cast.owner)
    shown = save(
        pages,
        draft,
        "oekonomi",
        status=200,
        **spent(("27", "", "Ledelse", "10-12", "999")),
        **lines(("2027", "Realdania", "1", "granted")),
    )
    assert shown.problems == [
        "Årstallet skal være mellem 2020 og 2060",
        "Vælg, hvad beløbet går til",
        "Beløbet skal være ét tal, ikke fra og til, fx 1.500.000",
        "Modtageren er ikke længere blandt deltagerne. Vælg igen",
    ]
    assert shown.value("budgetlinjer-0-amount") == "10-12"
    assert draft.financing.count() == 1
    assert draft.budget_lines.count() == 0


def test_budget_line_is_added_without_losing_what_was_typed(
    pages: Pages, cast: Any, draft: Proposal
) -> None:
    pages.as_(cast.owner)
    rows = spent(("2027", "", "", "mange penge", ""))
    shown = save(pages, draft, "oekonomi", status=200, do="", **rows, **{"add-row": "budgetlinjer"})
    assert shown.problems == []
    assert "Ret resten" not in shown.text
    assert shown.value("budgetlinjer-0-amount") == "mange penge"
    assert shown.value("budgetlinjer-1-amount") == ""


def sums(pages: Pages, proposal: Proposal, status: int = 200, **values: str) -> str:
    found = pages.client.post(f"{section(proposal, 'oekonomi')}summer/", values)
    assert found.status_code == status
    text: str = found.content.decode()
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


def test_sums_follow_what_is_written_and_write_nothing(
    pages: Pages, cast: Any, round_: Any, django_assert_num_queries: Any
) -> None:
    proposal = a_ready_draft(cast, round_)
    company = proposal.participants.get(organization=cast.company)
    pages.as_(cast.owner)
    typed = {
        "requested_amount": "1 mio.",
        "budget": "4 mio.",
        **spent(("2027", "tests", "", "3 mio.", str(company.pk)), ("2027", "staff", "", "1.5", "")),
        **lines(("2027", "A", "2 mio.", "granted"), ("2027", "B", "mange", "granted")),
    }
    with django_assert_num_queries(8):
        found = sums(pages, proposal, **typed)

    assert "2 linjer mangler noget og er ikke regnet med endnu." in found
    assert "Budgetlinjerne giver 3.000.000 kr., og det samlede budget er 4.000.000 kr." in found
    assert "Der mangler finansiering for 1.000.000 kr." in found
    assert "1.000.000 kr., 25 % af budgettet" in found
    assert "Budgettet har 3.000.000 kr. til Vandværket ApS." in found
    assert [b.amount for b in proposal.budget_lines.listed()] == [
        Decimal(10_000_000),
        Decimal("250000.50"),
    ]


def test_sums_of_a_proposal_that_was_sent_are_not_asked_for(
    pages: Pages, cast: Any, round_: Any
) -> None:
    proposal = a_ready_draft(cast, round_)
    submission.submit(proposal_pk=proposal.pk, revision=proposal.revision, by=cast.owner, at=NOW)
    pages.as_(cast.owner)
    assert sums(pages, proposal, 409) == ""


def test_economy_line_is_added_without_losing_what_was_typed(
    pages: Pages, cast: Any, draft: Proposal
) -> None:
    pages.as_(cast.owner)
    rows = lines(("2027", "Realdania", "mange penge", ""))
    shown = save(pages, draft, "oekonomi", status=200, do="", **rows, **{"add-row": "linjer"})
    assert shown.problems == []
    assert shown.value("linjer-0-amount") == "mange penge"
    assert shown.value("linjer-1-amount") == ""


def test_economy_line_is_removed(pages: Pages, cast: Any, round_: Any) -> None:
    proposal = a_ready_draft(cast, round_)
    pages.as_(cast.owner)
    rows = lines(
        ("2027", "Klimaalliancen", "1.500.000", "requested"),
        ("2027", "Ærø Kommune", "0", "own_time"),
        ("2028", "Region Midtjylland", "250.000,50", "expected"),
        initial=3,
    )
    seen = pages.seen(section(proposal, "oekonomi"))
    save(pages, proposal, "oekonomi", **seen, **rows, **{"linjer-1-DELETE": "on"})
    assert [f.source for f in proposal.financing.listed()] == [
        "Klimaalliancen",
        "Region Midtjylland",
    ]


def test_economy_says_what_is_wrong_with_a_line_and_saves_the_rest(
    pages: Pages, cast: Any, draft: Proposal
) -> None:
    pages.as_(cast.owner)
    shown = save(
        pages,
        draft,
        "oekonomi",
        status=200,
        finances="Resten følger",
        **lines(("27", "", "1.5", "")),
    )
    draft.refresh_from_db()
    assert shown.problems == [
        "Årstallet skal være mellem 2020 og 2060",
        "Indtast, hvor beløbet kommer fra, fx Realdania",
        "Brug punktum mellem tusinder og komma før decimaler, fx 1.500.000 eller 1,5 mio. kr.",
        "Vælg, hvor sikkert beløbet er",
    ]
    assert shown.value("linjer-0-amount") == "1.5"
    assert draft.finances == "Resten følger"


# How much is asked of the database


@pytest.mark.parametrize("slug", ("", *(s.slug + "/" for s in SECTIONS)))
def test_section_queries(
    slug: str, pages: Pages, cast: Any, round_: Any, django_assert_max_num_queries: Any
) -> None:
    proposal = a_ready_draft(cast, round_)
    pages.as_(cast.owner)
    with django_assert_max_num_queries(15):
        pages.get(f"/forslag/{proposal.number}/afsnit/{slug}")


# What no person types


@pytest.mark.parametrize(
    "text", ("%00", "%00aar", "x" * 5000, "%F0%9F%8C%8D", "%27%3B--", "%25%5F")
)
def test_search_takes_whatever_comes(text: str, pages: Pages, cast: Any, draft: Proposal) -> None:
    pages.as_(cast.owner)
    pages.get(f"/dgo/?kommune={text}")
    pages.get(f"/forslag/nyt/organisationer/?search={text}")
    pages.get(f"{section(draft, 'deltagere')}soeg/?soeg={text}")
    pages.get(f"{section(draft, 'deltagere')}?soeg={text}")


@pytest.mark.parametrize("number", ("%00", "KS-2027-0001%00", "KS-1-1", "x" * 500, "KS-2027-9999"))
def test_number_of_another_shape_leads_nowhere(number: str, pages: Pages, cast: Any) -> None:
    pages.as_(cast.owner)
    for path in ("afsnit/", "tjek/", "traek-tilbage/", "versioner/1/", "bilag/1/"):
        pages.get(f"/forslag/{number}/{path}", status=404)


def test_keys_of_any_size_open_nothing(pages: Pages, cast: Any, draft: Proposal) -> None:
    pages.as_(cast.owner)
    huge = "9" * 40
    pages.get(f"/forslag/{draft.number}/bilag/{huge}/", status=404)
    pages.get(f"/forslag/{draft.number}/versioner/{huge}/", status=404)
    for act in ("add", "remove"):
        save(pages, draft, "deltagere", do=f"{act}:{huge}", new_role="participant")
    shown = pages.post(
        "/forslag/nyt/", {"on_behalf": huge, "round": huge, "title": "x"}, status=200
    )
    assert shown.problems == [
        "Vælg en organisation fra listen",
        "Runden er ikke åben. Vælg en anden",
    ]
