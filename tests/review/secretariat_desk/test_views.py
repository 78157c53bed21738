"""The secretariat's desk: the round at a glance, the formal check, the recommendation, and what only it may do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from klimaspor import danish
from klimaspor.accounts.models import Dgo, Membership, Role
from proposals.line import impartiality
from proposals.line.lifecycle import Status
from review.formality import steps as formality
from review.formality.models import FormalCheck
from review.recommendation.models import Recommendation
from tests.factories.intake import NOW, a_draft, give_role
from tests.factories.walk import DAY, check, day, proposal_at, write_recommendation

if TYPE_CHECKING:
    import time_machine

    from proposals.line.models import Proposal
    from tests.factories.walk import World
    from tests.pages import Page, Pages


@pytest.fixture
def proposal(world: World, pages: Pages) -> Proposal:
    """What was sent to approval, and the secretariat at the page."""
    found = proposal_at(Status.IN_APPROVAL, world)
    pages.as_(world.cast.secretariat)
    return found


def judged(**changes: Any) -> dict[str, Any]:
    return {f"{k}_met": "yes" for k in ("K2", "K3", "K4", "K5")} | changes


def recommended(world: World, **changes: Any) -> dict[str, Any]:
    return {
        "direction": "approve",
        "resume": "Tre kommuner om lavbundsjord.",
        "reason": "",
        f"amount_{world.cast.realdania.pk}": "1,5 mio.",
        "at-TOTAL_FORMS": "2",
        "at-INITIAL_FORMS": "0",
        "at-0-text": "sporet godkendes",
        "at-1-text": "",
        **changes,
    }


# The desk


def test_the_desk_counts_each_gate_with_what_is_late_first(
    pages: Pages, world: World, now: time_machine.Traveller
) -> None:
    late = proposal_at(Status.QUALIFIED, world, title="Sen")
    proposal_at(Status.IN_QUALIFICATION, world, title="Hos DGO")
    proposal_at(Status.IN_APPROVAL, world, title="Til kontrol")
    proposal_at(Status.DRAFT, world, title="Hemmelig kladde")
    pages.as_(world.cast.secretariat)

    early = pages.get("/sekretariat/")
    assert columns(early) == {
        "Kladder": 0,
        "Til kvalificering": 1,
        "Kvalificeret": 1,
        "I godkendelsesforløb": 1,
        "Indstillet": 0,
    }
    assert "Hemmelig kladde" not in early.text
    assert "over fristen" not in early.text
    assert "/forslag/?status=in_qualification" in early.links
    assert "1 forslag skal kontrolleres og indstilles" in early.text
    assert "Dagsordenen er ikke oprettet" in early.text

    now.move_to(world.round.approval_deadline_at.replace(hour=12))
    after = pages.as_(world.cast.secretariat).get("/sekretariat/")
    assert after.text.count("over fristen") == 2
    assert f"/forslag/{late.number}/" in after.links


def test_the_desk_says_what_the_next_dates_still_need(pages: Pages, world: World) -> None:
    proposal_at(Status.QUALIFIED, world)

    page = pages.as_(world.cast.secretariat).get("/sekretariat/")

    assert "Forår 2027: frist for faglig kvalificering Intet" in page.text
    assert (
        "torsdag den 29. april 2027 kl. 9.00 om 26 arbejdsdage "
        "Forår 2027: frist for godkendelsesforløb 1 forslag er ikke sendt videre" in page.text
    )
    assert "torsdag den 27. maj 2027" in page.text
    assert "Efterår 2027" not in page.text


def test_what_lies_with_a_dgo_that_ended_is_shown_and_moved_by_one_press(
    pages: Pages, world: World
) -> None:
    ended = proposal_at(Status.IN_QUALIFICATION, world)
    opened = proposal_at(Status.QUALIFIED, world)
    unopened = a_draft(world.cast, world.round)
    pages.as_(world.cast.secretariat)
    assert "ligger hos ingen DGO" not in pages.get("/sekretariat/").text
    Dgo.objects.filter(pk=world.cast.dgo.pk).update(valid_until_date=danish.day_of(NOW))
    url = "/sekretariat/uden-dgo/"
    assert (
        "2 forslag ligger hos ingen DGO, der kan tage sig af dem" in pages.get("/sekretariat/").text
    )

    page = pages.get(url)
    assert unopened.number not in page.text
    typed = {"proposals": [ended.pk, opened.pk], "dgo": world.cast.other_dgo.pk}
    pages.post(url, typed | pages.seen(url), status=200)
    done = pages.press(url, typed | {"reason": "DGO'en er nedlagt."} | pages.seen(url))

    assert done.messages == [
        f"2 forslag er flyttet til {world.cast.other_dgo}. Rådgiverne får besked nu."
    ]
    assert "Alle forslag ligger hos en DGO" in done.text
    for proposal in (ended, opened):
        proposal.refresh_from_db()
        assert proposal.lead_dgo == world.cast.other_dgo
    pages.as_(world.cast.other_adviser).get(f"/kvalificering/{ended.number}/")


def test_a_dgo_without_an_adviser_is_no_desk(pages: Pages, world: World) -> None:
    proposal = proposal_at(Status.IN_QUALIFICATION, world)
    for held in Membership.objects.filter(dgo=world.cast.dgo):
        held.valid_until_date = danish.day_of(NOW)
        held.save()

    page = pages.as_(world.cast.secretariat).get("/sekretariat/uden-dgo/")

    assert proposal.number in page.text


def test_the_desk_is_the_secretariats(pages: Pages, world: World) -> None:
    for address in ("/sekretariat/", "/sekretariat/habilitet/"):
        for who in ("owner", "adviser", "committee", "funder", "administrator"):
            pages.as_(getattr(world.cast, who)).get(address, status=403)


@pytest.mark.parametrize("count", (1, 3))
def test_the_desk_asks_the_same_however_many_there_are(
    pages: Pages, world: World, django_assert_num_queries: Any, count: int
) -> None:
    for _ in range(count):
        proposal_at(Status.IN_QUALIFICATION, world)
        proposal_at(Status.IN_APPROVAL, world)
    pages.as_(world.cast.secretariat)

    with django_assert_num_queries(11):
        pages.get("/sekretariat/")


# The formal check


def test_the_check_shows_the_programs_finding_and_takes_a_persons_answer(
    pages: Pages, world: World, proposal: Proposal
) -> None:
    url = f"/sekretariat/formalia/{proposal.number}/"

    page = pages.get(url)
    assert "K1: Mindst tre kommuner eller regioner deltager" in page.text
    assert "Portalen: opfyldt 3 af 3 kommuner/regioner." in page.text
    assert "Afgøres af dig" in page.text
    assert page.primary == ["Gem og gå til indstillingen"]

    half = pages.press(url, {"K2_met": "yes", "K2_note": "Side 4"})
    assert half.messages == [
        "Kontrollen er gemt. Der mangler stadig svar på krav, som portalen ikke kan afgøre."
    ]
    assert (half.value("K2_met"), half.value("K2_note")) == ("yes", "Side 4")

    done = pages.press(url, judged(next="1") | pages.seen(url))
    assert done.heading == "Indstilling"
    assert FormalCheck.objects.get().checked_by == world.cast.secretariat


def test_to_disagree_with_the_program_takes_a_reason(
    pages: Pages, world: World, proposal: Proposal
) -> None:
    page = pages.post(f"/sekretariat/formalia/{proposal.number}/", judged(K1_met="no"), status=200)

    assert page.problems == ["Skriv ved K1, hvorfor du er uenig i portalens kontrol"]
    assert page.value("K1_met") == "no"
    assert not FormalCheck.objects.exists()


def test_it_is_sent_back_to_be_completed(pages: Pages, world: World, proposal: Proposal) -> None:
    url = f"/sekretariat/formalia/{proposal.number}/mangler/"
    data = {"revision": proposal.revision, "section_oekonomi": "Hvem giver egen tid?"}

    wrong = pages.post(url, {**data, "answer_date": "1.1.2027"}, status=200)
    assert wrong.problems == ["Vælg en dato fra i dag til mødet torsdag den 27. maj 2027"]
    assert wrong.value("section_oekonomi") == "Hvem giver egen tid?"

    pages.press(url, {**data, "answer_date": "30.4.2027"})
    proposal.refresh_from_db()
    assert proposal.status == Status.QUALIFIED


def test_it_is_refused_with_a_reason_and_reopened(
    pages: Pages, world: World, proposal: Proposal
) -> None:
    refuse = f"/sekretariat/formalia/{proposal.number}/afvis/"
    reopen = f"/sekretariat/formalia/{proposal.number}/genoptag/"
    empty = pages.post(refuse, {"revision": proposal.revision}, status=200)
    assert empty.problems == ["Indtast en begrundelse"]
    pages.get(reopen, status=409)

    page = pages.press(refuse, {"revision": proposal.revision, "reason": "Kun to kommuner."})
    assert page.messages == [
        f"{proposal.number} er afvist på formalia. Forslagsstilleren får brev med begrundelsen nu."
    ]
    twice = pages.press(refuse, {"revision": proposal.revision, "reason": "Kun to kommuner."})
    assert twice.messages == [f"{proposal.number} er allerede afvist på formalia."]

    proposal.refresh_from_db()
    pages.press(reopen, {"revision": proposal.revision, "reason": "Den tredje kom med."})
    proposal.refresh_from_db()
    assert proposal.status == Status.IN_APPROVAL


# The recommendation


def test_a_recommendation_is_written_checked_and_given(
    pages: Pages, world: World, proposal: Proposal
) -> None:
    check(proposal, world)
    url = f"/sekretariat/indstilling/{proposal.number}/"

    seen = pages.press(url, recommended(world, check="1"))
    assert seen.heading == "Indstil til forretningsudvalget"
    assert "Sekretariatet indstiller, at forslaget godkendes." in seen.text
    assert "sporet godkendes" in seen.text
    assert "Realdania: 1.500.000 kr." in seen.text.replace("\N{NO-BREAK SPACE}", " ")

    last = f"{url}indstil/"
    given = pages.press(last, {"revision": proposal.revision} | pages.seen(last))
    assert given.messages == [
        f"{proposal.number} er indstillet og kan sættes på dagsordenen til næste møde."
    ]
    proposal.refresh_from_db()
    assert proposal.status == Status.RECOMMENDED


def test_a_half_finished_recommendation_is_kept(
    pages: Pages, world: World, proposal: Proposal
) -> None:
    url = f"/sekretariat/indstilling/{proposal.number}/"

    page = pages.press(url, recommended(world, direction="", resume="Begyndt"))

    assert page.messages == ["Indstillingen er gemt. Den er ikke givet endnu."]
    assert page.value("resume") == "Begyndt"
    assert page.value("at-0-text") == "sporet godkendes"
    assert page.value(f"amount_{world.cast.realdania.pk}") == "1.500.000"


def test_zero_is_an_amount_and_nothing_is_none(
    pages: Pages, world: World, proposal: Proposal
) -> None:
    url = f"/sekretariat/indstilling/{proposal.number}/"
    field = f"amount_{world.cast.realdania.pk}"

    assert pages.press(url, recommended(world, **{field: "0"})).value(field) == "0"
    without = recommended(world, **{field: ""}) | pages.seen(url)
    assert pages.press(url, without).value(field) == ""
    wrong = pages.post(url, recommended(world, **{field: "1.5"}), status=200)
    assert wrong.value(field) == "1.5"
    assert len(wrong.problems) == 1


def test_at_points_come_and_go_without_javascript(
    pages: Pages, world: World, proposal: Proposal
) -> None:
    url = f"/sekretariat/indstilling/{proposal.number}/"

    grown = pages.post(url, recommended(world, **{"add-row": "at"}), status=200)
    assert grown.problems == []
    assert grown.value("at-TOTAL_FORMS") == "3"
    assert not Recommendation.objects.exists()

    pages.press(
        url,
        recommended(
            world,
            **{
                "at-TOTAL_FORMS": "3",
                "at-1-text": "et andet",
                "at-2-text": "et tredje",
                "at-1-DELETE": "on",
            },
        ),
    )
    points = Recommendation.objects.get().points.order_by("position")
    assert [point.text for point in points] == ["sporet godkendes", "et tredje"]


def test_what_stands_in_the_way_is_said_at_once(
    pages: Pages, world: World, proposal: Proposal
) -> None:
    url = f"/sekretariat/indstilling/{proposal.number}/"
    assert "Svar på alle krav i den formelle kontrol" in pages.get(url).text

    assert pages.get(f"{url}indstil/").primary == ["Gør indstillingen færdig"]

    page = pages.post(f"{url}indstil/", {"revision": proposal.revision}, status=200)

    assert page.problems == [
        "Svar på alle krav i den formelle kontrol",
        "Vælg, om forslaget indstilles til godkendelse eller afslag",
        "Skriv et resumé",
        "Skriv mindst ét at-punkt",
    ]


def test_the_secretariat_is_told_of_money_to_a_company_and_of_the_share_asked(
    pages: Pages, world: World, proposal: Proposal
) -> None:
    checked = pages.get(f"/sekretariat/formalia/{proposal.number}/")
    written = pages.get(f"/sekretariat/indstilling/{proposal.number}/")

    # Beside the questions, and in the proposal itself.
    assert checked.text.count("Penge til en privat virksomhed: spørg om statsstøtte") == 2
    assert checked.text.count("Budgettet har 250.000,50 kr. til Vandværket ApS.") == 2
    assert written.text.count("Søgt hos Klimaalliancen: 1.500.000 kr., 13-15 % af budgettet") == 2


def test_the_pages_of_approval_ask_no_more_than_fifteen(
    pages: Pages, world: World, proposal: Proposal, django_assert_max_num_queries: Any
) -> None:
    check(proposal, world)
    write_recommendation(proposal, world)

    for address in (
        f"formalia/{proposal.number}/",
        f"formalia/{proposal.number}/mangler/",
        f"formalia/{proposal.number}/afvis/",
        f"indstilling/{proposal.number}/",
        f"indstilling/{proposal.number}/indstil/",
        f"ret/{proposal.number}/",
    ):
        with django_assert_max_num_queries(15, info=address):
            pages.get(f"/sekretariat/{address}")


# One step back, and for the DGO


def test_a_slip_is_corrected_one_step_back(pages: Pages, world: World) -> None:
    found = proposal_at(Status.RECOMMENDED, world)
    url = f"/sekretariat/ret/{found.number}/"
    page = pages.as_(world.cast.secretariat).get(url)
    assert "så det igen er i godkendelsesforløb" in page.text
    assert "Ny svarfrist" not in page.text

    done = pages.press(url, {"revision": found.revision, "reason": "Jeg trykkede forkert."})

    assert done.messages == [f"Fejlen er rettet. {found.number} er i godkendelsesforløb igen."]


def test_a_correction_that_lands_with_the_proposer_may_give_a_term(
    pages: Pages, world: World, proposal: Proposal
) -> None:
    url = f"/sekretariat/ret/{proposal.number}/"
    assert "Ny svarfrist" in pages.get(url).text

    pages.press(
        url, {"revision": proposal.revision, "reason": "For tidligt", "answer_date": "3.5.2027"}
    )

    proposal.refresh_from_db()
    assert (proposal.status, proposal.answer_due_at is not None) == (Status.QUALIFIED, True)


def test_a_decided_proposal_is_not_corrected(pages: Pages, world: World) -> None:
    found = proposal_at(Status.APPROVED, world)

    pages.as_(world.cast.secretariat).get(f"/sekretariat/ret/{found.number}/", status=409)


def test_the_secretariat_steps_in_for_a_silent_dgo(pages: Pages, world: World) -> None:
    found = proposal_at(Status.IN_QUALIFICATION, world)
    url = f"/sekretariat/traed-ind/{found.number}/"
    pages.as_(world.cast.secretariat)
    data = {
        "revision": found.revision,
        "outcome": "recommended",
        "summary": "Vi anbefaler det.",
        f"statement_{world.criteria[0].pk}": "God effekt",
    }

    missing = pages.post(url, data, status=200)
    assert missing.problems == ["Indtast, hvorfor sekretariatet afgiver udtalelsen"]
    given = {**data, "reason": "Rådgiveren er syg.", "anyway": "1"}
    pages.press(url, given)

    shown = pages.as_(world.cast.owner).get(f"/forslag/{found.number}/")
    assert "Sekretariatet har afgivet udtalelsen for DGO'en: Rådgiveren er syg." in shown.text
    assert "V1 Klimaeffekt God effekt" in shown.text


def test_the_secretariat_waives_the_assessment(pages: Pages, world: World) -> None:
    found = proposal_at(Status.IN_QUALIFICATION, world)
    pages.as_(world.cast.secretariat)

    pages.press(
        f"/sekretariat/traed-ind/{found.number}/frafald/",
        {"revision": found.revision, "reason": "Ingen har tid."},
    )

    shown = pages.as_(world.cast.owner).get(f"/forslag/{found.number}/")
    assert "Sekretariatet frafaldt den faglige kvalificering" in shown.text
    assert "Ingen har tid." in shown.text


# Who may


@pytest.mark.slow("tries every address for everybody")
def test_nobody_else_does_the_secretariats_work(
    pages: Pages, world: World, proposal: Proposal
) -> None:
    number = proposal.number
    for address in (
        f"formalia/{number}/",
        f"formalia/{number}/mangler/",
        f"formalia/{number}/afvis/",
        f"formalia/{number}/genoptag/",
        f"indstilling/{number}/",
        f"indstilling/{number}/indstil/",
        f"ret/{number}/",
        f"traed-ind/{number}/",
        f"traed-ind/{number}/frafald/",
        f"bidragydere/{number}/",
        f"bidragydere/{number}/igangsaet/",
        f"bidragydere/{number}/bortfald/",
        f"bidragydere/{number}/indstil-igen/",
        f"bidragydere/{number}/afslut/",
        f"bidragydere/{number}/afbryd/",
    ):
        for who, status in (
            ("owner", 403),
            ("adviser", 403),
            ("other_adviser", 404),
            ("committee", 404),
            ("funder", 404),
            ("stranger", 404),
            ("administrator", 404),
        ):
            pages.as_(getattr(world.cast, who))
            data = {"revision": proposal.revision, "reason": "Fordi"}
            assert pages.client.get(f"/sekretariat/{address}").status_code == status, address
            assert pages.client.post(f"/sekretariat/{address}", data).status_code == status
    proposal.refresh_from_db()
    assert proposal.status == Status.IN_APPROVAL


def test_one_of_the_secretariat_who_is_tied_hands_it_to_a_colleague(
    pages: Pages, world: World, proposal: Proposal
) -> None:
    give_role(world.cast.secretariat, Role.MEMBER, organization=world.cast.municipalities[0])
    url = f"/sekretariat/formalia/{proposal.number}/"

    assert pages.get(url, status=403).heading == "Din habilitet skal afklares først"
    pages.as_(world.cast.colleague).get(url)


def test_a_tie_is_settled_by_another(pages: Pages, world: World, proposal: Proposal) -> None:
    raised = impartiality.declare(
        proposal_pk=proposal.pk,
        user=world.cast.secretariat,
        reason="Min søster bor der.",
        by=world.cast.secretariat,
        at=NOW,
    )
    url = f"/sekretariat/habilitet/{raised.pk}/"
    assert "En kollega skal tage stilling" in pages.get("/sekretariat/habilitet/").text
    assert "Det handler om dig selv." in pages.get(url).text
    own = pages.post(url, {"is_impartial": "yes", "note": "Nej da"}, status=200)
    assert own.problems == ["En anden end du selv skal tage stilling til din habilitet."]

    pages.as_(world.cast.colleague)
    empty = pages.post(url, {}, status=200)
    assert empty.problems == ["Vælg, om personen er habil", "Indtast en begrundelse"]
    done = pages.press(url, {"is_impartial": "yes", "note": "Ikke samme forvaltning"})
    assert done.messages == [f"Sanne Sekretær er habil og kan arbejde med {proposal.number}."]
    assert "Ingen venter." in done.text
    again = pages.post(url, {"is_impartial": "no", "note": "Jo"}, status=200)
    assert again.problems == ["En anden har allerede taget stilling."]
    pages.as_(world.cast.secretariat).get(f"/sekretariat/formalia/{proposal.number}/")


def test_the_question_of_a_tie_is_put_again(pages: Pages, world: World, proposal: Proposal) -> None:
    adviser = world.cast.adviser
    raised = impartiality.declare(
        proposal_pk=proposal.pk, user=adviser, reason="Har boet der.", by=adviser, at=NOW
    )
    impartiality.settle(
        impartiality_pk=raised.pk,
        is_impartial=True,
        note="For længe siden",
        by=world.cast.secretariat,
        at=NOW,
    )

    assert "Ingen venter." in pages.get("/sekretariat/habilitet/").text
    listed = pages.get("/sekretariat/habilitet/?vis=afgjort&soeg=rune")
    assert "Habil: For længe siden" in listed.text
    assert "Ingen afgørelser" in pages.get("/sekretariat/habilitet/?vis=afgjort&soeg=xyz").text
    url = f"/sekretariat/habilitet/{raised.pk}/igen/"
    assert pages.post(url, {}, status=200).problems == [
        "Skriv, hvad der er nyt, siden der blev taget stilling"
    ]
    done = pages.press(url, {"reason": "Sidder nu i byrådet."})
    assert done.messages == [f"Spørgsmålet om {adviser} og {proposal.number} er stillet igen."]
    again = pages.post(url, {"reason": "Og er formand."}, status=200)
    assert again.problems == ["Spørgsmålet er allerede stillet igen og venter på svar."]
    assert again.value("reason") == "Og er formand."
    anew = proposal.impartialities.unsettled().get()
    page = pages.get(f"/sekretariat/habilitet/{anew.pk}/")
    assert "Sidder nu i byrådet." in page.text
    assert "fandt Sanne Sekretær personen habil. Grunden var: Har boet der." in page.text


def test_a_stale_press_says_so_and_keeps_the_reason(
    pages: Pages, world: World, proposal: Proposal
) -> None:
    opened = proposal.revision
    formality.request_completion(
        proposal_pk=proposal.pk,
        revision=opened,
        reasons={"effekt": "Ton?"},
        answer_date=day(30).date(),
        by=world.cast.colleague,
        at=DAY[3],
    )

    page = pages.post(
        f"/sekretariat/formalia/{proposal.number}/afvis/",
        {"revision": opened, "reason": "En lang begrundelse"},
        status=409,
    )

    assert page.value("reason") == "En lang begrundelse"
    assert "er blevet ændret af en anden" in page.problems[0]


def columns(page: Page) -> dict[str, int]:
    found = {}
    for section in page.by_class("card-box"):
        heading = next(iter(section.iter("h3")))
        label, _, count = " ".join("".join(heading.itertext()).split()).rpartition(": ")
        found[label] = int(count)
    return found
