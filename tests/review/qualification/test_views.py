"""The DGO's desk and the assessment: written, assigned, given or sent back, and nothing typed is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from klimaspor import seen
from klimaspor.accounts.models import Role
from proposals.line import impartiality
from proposals.line.lifecycle import Status
from proposals.participants import steps as drafting
from proposals.sparring import steps as advice
from proposals.submission import withdrawal
from review.qualification import steps as qualification
from review.qualification.models import Qualification
from review.qualification.seen import shown_qualification
from tests.factories.intake import NOW, give_role, person
from tests.factories.walk import AFTER, DAY, day, proposal_at

if TYPE_CHECKING:
    import time_machine

    from proposals.line.models import Proposal
    from tests.factories.walk import World
    from tests.pages import Page, Pages


@pytest.fixture
def proposal(world: World) -> Proposal:
    return proposal_at(Status.IN_QUALIFICATION, world)


@pytest.fixture
def begun(world: World, proposal: Proposal, pages: Pages) -> Proposal:
    """The adviser has begun, and sits at the page."""
    pages.as_(world.cast.adviser)
    pages.press(f"/kvalificering/{proposal.number}/begynd/")
    return proposal


def written(world: World, proposal: Proposal, **changes: Any) -> dict[str, Any]:
    """What the form sends."""
    return {
        "revision": proposal.revision,
        **seen.hidden(shown_qualification(Qualification.objects.get()).bases),
        "outcome": "recommended",
        "summary": "Et godt forslag.",
        **{f"statement_{c.pk}": f"Om {c.title}" for c in world.criteria},
        **changes,
    }


def rows(page: Page) -> list[str]:
    body = next(iter(page.root.iter("tbody")), None)
    return [" ".join(" ".join(tr.itertext()).split()) for tr in body.iter("tr")] if body else []


# The desk


def test_the_desk_shows_what_lies_with_the_dgo_and_how_long_is_left(
    pages: Pages, world: World, proposal: Proposal
) -> None:
    qualified = proposal_at(Status.QUALIFIED, world, title="Kvalificeret")
    advice.comment(
        proposal_pk=proposal.pk, section="", text="Et spørgsmål", by=world.cast.owner, at=AFTER
    )

    page = pages.as_(world.cast.adviser).get("/kvalificering/")

    first, second = rows(page)
    assert first == (
        f"Vælg {proposal.number} Lavbundsjord {proposal.number} · Aarhus Kommune (ikke bekræftet) "
        "Ikke læst af dig Ærø Kommune, Solrød Kommune og Aarhus Kommune til faglig kvalificering "
        "0 af 3 kriterier 23 26.4.2027 kl. 9.00 "
        f"Sparring om {proposal.number}, åbne tråde: 1 Ingen endnu Tag den : {proposal.number}"
    )
    assert second.startswith(f"Kvalificeret {qualified.number}")
    assert second.endswith("Forslagsstilleren")
    assert f"/kvalificering/{proposal.number}/" in page.links


def test_the_desk_is_for_advisers_and_shows_their_own_alone(
    pages: Pages, world: World, proposal: Proposal
) -> None:
    for who in (world.cast.owner, world.cast.secretariat, world.cast.committee):
        pages.as_(who).get("/kvalificering/", status=403)

    page = pages.as_(world.cast.other_adviser).get("/kvalificering/")
    assert rows(page) == []
    assert "Her kommer forslag" in page.text


def test_a_late_answer_is_said_in_words(
    pages: Pages, world: World, proposal: Proposal, now: time_machine.Traveller
) -> None:
    now.move_to(world.round.dgo_deadline_at + timedelta(days=1))

    page = pages.as_(world.cast.adviser).get("/kvalificering/")

    assert "Fristen er overskredet , i går" in page.text


def test_the_desk_names_only_participants_that_were_sent(
    pages: Pages, world: World, proposal: Proposal
) -> None:
    qualification.return_for_changes(
        proposal_pk=proposal.pk,
        revision=proposal.revision,
        reasons={"deltagere": "Flere"},
        answer_date=day(40).date(),
        by=world.cast.adviser,
        at=DAY[1],
    )
    drafting.add_participant(
        proposal_pk=proposal.pk,
        organization=world.cast.municipalities[3],
        role="participant",
        by=world.cast.owner,
        at=DAY[2],
    )

    page = pages.as_(world.cast.adviser).get("/kvalificering/")

    assert "Bornholms Regionskommune" not in page.text
    assert "Solrød Kommune" in page.text


# The assessment


def test_the_proposal_stands_beside_the_criteria(
    pages: Pages, world: World, begun: Proposal
) -> None:
    page = pages.get(f"/kvalificering/{begun.number}/")

    assert page.heading == "Faglig kvalificering"
    assert "Version 1, modtaget mandag den 1. marts 2027 kl. 10.00." in page.text
    assert "Kommunerne mangler en fælles metode." in page.text
    assert "V1 Klimaeffekt" in page.text
    assert page.primary == ["Gem og tjek udtalelsen"]
    with_names = {e.get("aria-label") for e in page.root.iter("div") if e.get("role") == "region"}
    assert with_names == {"Forslaget", "Faglig kvalificering"}


def test_a_draft_is_saved_half_finished_and_told_to_nobody(
    pages: Pages, world: World, begun: Proposal
) -> None:
    page = pages.press(
        f"/kvalificering/{begun.number}/", written(world, begun, outcome="", summary="")
    )

    assert page.messages == ["Kladden er gemt. Forslagsstilleren kan ikke se den endnu."]
    assert page.value(f"statement_{world.criteria[0].pk}") == "Om Klimaeffekt"
    shown = pages.as_(world.cast.owner).get(f"/forslag/{begun.number}/")
    assert "Om Klimaeffekt" not in shown.text


def test_an_assessment_is_checked_and_then_given(
    pages: Pages, world: World, begun: Proposal
) -> None:
    check = pages.press(f"/kvalificering/{begun.number}/", written(world, begun, check="1"))
    assert check.heading == "Afgiv udtalelse"
    assert "Forslaget anbefales." in check.text
    assert "V2 Nyhedsværdi Om Nyhedsværdi" in check.text

    url = f"/kvalificering/{begun.number}/afgiv/"
    given = pages.press(url, {"revision": begun.revision} | pages.seen(url))

    begun.refresh_from_db()
    assert begun.status == Status.QUALIFIED
    assert given.messages == [
        (
            "Udtalelsen er afgivet. Forslagsstilleren får besked nu og kan sende forslaget til "
            "godkendelsesforløbet senest torsdag den 29. april 2027 kl. 9.00."
        )
    ]


def test_what_is_missing_is_said_before_it_is_given(
    pages: Pages, world: World, begun: Proposal
) -> None:
    url = f"/kvalificering/{begun.number}/afgiv/"
    page = pages.post(url, {"revision": begun.revision} | pages.seen(url), status=200)

    assert page.problems == ["Vælg et udfald", "Skriv en samlet udtalelse"]
    begun.refresh_from_db()
    assert begun.status == Status.IN_QUALIFICATION


def test_pressing_twice_gives_one_statement(pages: Pages, world: World, begun: Proposal) -> None:
    url = f"/kvalificering/{begun.number}/afgiv/"
    pages.press(f"/kvalificering/{begun.number}/", written(world, begun))
    data = {"revision": begun.revision} | pages.seen(url)
    pages.press(url, data)

    again = pages.press(url, data)

    assert again.messages == ["Udtalelsen er allerede afgivet."]
    assert begun.events.of_transition("qualify").count() == 1


def test_a_stale_page_says_so_and_keeps_the_text(
    pages: Pages, world: World, begun: Proposal
) -> None:
    data = {
        "revision": begun.revision - 1,
        "section_effekt": "Skriv, hvor mange ton.",
        "answer_date": "9.4.2027",
    }

    page = pages.post(f"/kvalificering/{begun.number}/tilbage/", data, status=409)

    assert page.problems == [
        (
            f"{begun.number} er blevet ændret af en anden, siden du åbnede siden. "
            "Se, hvor forslaget står nu, og prøv igen."
        )
    ]
    assert page.value("section_effekt") == "Skriv, hvor mange ton."
    assert page.value("revision") == str(begun.revision)


def test_two_advisers_do_not_overwrite_each_other_unseen(
    pages: Pages, world: World, begun: Proposal
) -> None:
    other = person("Ronja Rådgiver")
    give_role(other, Role.DGO_ADVISER, dgo=world.cast.dgo)
    opened = written(world, begun)
    pages.as_(other).press(
        f"/kvalificering/{begun.number}/", written(world, begun, summary="Ronjas ord")
    )

    conflict = pages.as_(world.cast.adviser).post(
        f"/kvalificering/{begun.number}/", {**opened, "summary": "Runes ord"}, status=409
    )

    assert conflict.problems == [
        "Samlet udtalelse er ændret, efter du åbnede siden. Se, hvad der står nu. Ret dit, eller gem igen, hvis dit skal stå"
    ]
    assert conflict.value("summary") == "Runes ord"
    assert "Samlet udtalelse er også ændret et andet sted" in conflict.text
    assert "Ronjas ord" in conflict.conflict
    saved = pages.press(
        f"/kvalificering/{begun.number}/",
        conflict.sent | {"summary": "Begges ord"},
    )
    assert saved.value("summary") == "Begges ord"


def test_who_has_it_is_chosen_among_the_dgos_advisers(
    pages: Pages, world: World, begun: Proposal
) -> None:
    url = f"/kvalificering/{begun.number}/hvem/"

    page = pages.press(url, {"to_user": world.cast.adviser.pk})
    assert page.messages == ["Rune Rådgiver har nu forslaget."]
    assert "Dig Giv videre" in rows(pages.get("/kvalificering/"))[0]

    refused = pages.press(url, {"to_user": world.cast.stranger.pk})
    assert refused.messages == ["Vælg en rådgiver fra listen."]
    assert pages.press(url, {"to_user": ""}).messages == ["Ingen har forslaget lige nu."]


def test_what_is_typed_stays_when_who_has_it_is_saved(
    pages: Pages, world: World, begun: Proposal
) -> None:
    here = f"/kvalificering/{begun.number}/"
    page = pages.get(here)
    has_it = {"to_user": world.cast.adviser.pk}

    back = pages.press(f"{here}hvem/", page.sent | {"summary": "Næsten færdig", **has_it})

    draft = Qualification.objects.get()
    assert (draft.assigned_to, draft.summary) == (world.cast.adviser, "")
    assert back.value("summary") == "Næsten færdig"
    assert "Det, du skrev, er ikke gemt endnu" in back.text
    assert back.problems == []
    assert back.sent["base-summary"] == page.sent["base-summary"]
    # It is given back once, and not when nothing was typed.
    assert pages.get(here).value("summary") == ""
    assert "ikke gemt endnu" not in pages.press(f"{here}hvem/", page.sent | has_it).text


def test_it_is_sent_back_with_what_must_change_by_section(
    pages: Pages, world: World, begun: Proposal
) -> None:
    url = f"/kvalificering/{begun.number}/tilbage/"
    empty = pages.post(url, {"revision": begun.revision}, status=200)
    assert empty.problems == [
        "Skriv, hvad der skal ændres, i mindst ét afsnit",
        "Indtast den dato, forslaget skal være sendt igen",
    ]

    late = pages.post(
        url,
        {"revision": begun.revision, "section_effekt": "Ton?", "answer_date": "30. april 2027"},
        status=200,
    )
    assert late.problems == ["Vælg en dato fra i dag til torsdag den 29. april 2027"]

    sent = pages.press(
        url, {"revision": begun.revision, "section_effekt": "Ton?", "answer_date": "9.4.2027"}
    )
    assert sent.messages == [
        (
            f"{begun.number} er sendt tilbage. Forslagsstilleren får besked nu "
            "og skal sende det igen senest fredag den 9. april 2027."
        )
    ]
    begun.refresh_from_db()
    assert begun.status == Status.DRAFT


def test_others_may_not_qualify(pages: Pages, world: World, begun: Proposal) -> None:
    for address in ("", "afgiv/", "tilbage/"):
        url = f"/kvalificering/{begun.number}/{address}"
        for who in (world.cast.owner, world.cast.secretariat):
            pages.as_(who).get(url, status=403)
            pages.post(url, written(world, begun), status=403)
        for who in (world.cast.other_adviser, world.cast.committee, world.cast.stranger):
            pages.as_(who).get(url, status=404)
            pages.post(url, written(world, begun), status=404)
    begun.refresh_from_db()
    assert begun.status == Status.IN_QUALIFICATION


def test_one_who_is_tied_sees_that_another_must_settle_it(
    pages: Pages, world: World, begun: Proposal
) -> None:
    give_role(world.cast.adviser, Role.MEMBER, organization=world.cast.municipalities[1], at=NOW)
    url = f"/kvalificering/{begun.number}/"

    page = pages.get(url, status=403)
    assert page.heading == "Din habilitet skal afklares først"
    assert "Ærø Kommune" in page.text
    assert page.primary == ["Rejs spørgsmålet"]
    pages.post(url, written(world, begun), status=403)

    raised = impartiality.declare(
        proposal_pk=begun.pk,
        user=world.cast.adviser,
        reason="Jeg arbejder i Ærø Kommune.",
        by=world.cast.adviser,
        at=AFTER,
    )
    waiting = pages.get(url, status=403)
    assert "Jeg arbejder i Ærø Kommune." in waiting.text
    assert waiting.primary == []

    impartiality.settle(
        impartiality_pk=raised.pk,
        is_impartial=True,
        note="Ikke i samme forvaltning.",
        by=world.cast.secretariat,
        at=AFTER,
    )
    pages.get(url)


def test_what_is_no_longer_there_to_qualify_says_where_it_stands(
    pages: Pages, world: World, begun: Proposal
) -> None:
    data = written(world, begun, summary="En lang udtalelse")
    withdrawal.withdraw(
        proposal_pk=begun.pk,
        revision=begun.revision,
        reason="Vi venter",
        by=world.cast.owner,
        at=AFTER,
    )

    page = pages.get(f"/kvalificering/{begun.number}/", status=409)
    assert "trukket tilbage" in page.text
    assert f"/forslag/{begun.number}/" in page.links
    typed = pages.post(f"/kvalificering/{begun.number}/", data, status=409)
    assert typed.value("summary") == "En lang udtalelse"
    assert typed.problems


def test_nothing_begun_leads_back_to_the_page(
    pages: Pages, world: World, proposal: Proposal
) -> None:
    pages.as_(world.cast.adviser)

    answer = pages.get(f"/kvalificering/{proposal.number}/afgiv/", status=302)

    assert answer.location == f"/kvalificering/{proposal.number}/"


def test_the_dgo_is_told_of_money_to_a_company(pages: Pages, begun: Proposal) -> None:
    page = pages.get(f"/kvalificering/{begun.number}/")

    assert page.text.count("Penge til en privat virksomhed: spørg om statsstøtte") == 2


def test_the_assessment_asks_no_more_than_sixteen(
    pages: Pages, world: World, begun: Proposal, django_assert_max_num_queries: Any
) -> None:
    pages.press(f"/kvalificering/{begun.number}/", written(world, begun))

    with django_assert_max_num_queries(16):
        pages.get(f"/kvalificering/{begun.number}/")
