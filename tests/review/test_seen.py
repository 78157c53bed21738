"""Nothing is saved over what its writer has not seen, and nothing is given, published or released unread."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from typing import TYPE_CHECKING, Any

import pytest

from klimaspor import danish
from klimaspor.accounts.models import Role
from proposals.line.lifecycle import Status
from review.agenda import steps as agendas
from review.agenda.models import AgendaItem, Dossier
from review.agenda.seen import shown_place
from review.decision import steps as decision
from review.decision.models import Decision, DecisionDraft
from review.qualification import steps as qualification
from review.qualification.models import Qualification
from review.qualification.seen import Words
from review.recommendation.models import Recommendation
from tests.factories.intake import NOW, give_role, person
from tests.factories.walk import (
    DAY,
    an_agenda,
    attend,
    day,
    proposal_at,
    publish,
    record,
    write_recommendation,
)

if TYPE_CHECKING:
    from django.db.models import Model

    from tests.factories.walk import World
    from tests.pages import Pages

OTHERS = "Se, hvad der står nu. Ret dit, eller gem igen, hvis dit skal stå"
THEIRS, MINE = "Den anden", "Min egen"
TIMES = {THEIRS: time(11), MINE: time(12)}
REREAD = "Læs igen, hvad der står, og tryk så."


@pytest.fixture
def colleague(world: World) -> Any:
    found = person("Kollega Kristensen")
    give_role(found, Role.SECRETARIAT, at=NOW)
    return found


def meeting(agenda: Any, rest: str = "") -> str:
    return f"/moeder/{agenda.meeting_date.isoformat()}/{rest}"


def judged(note: str) -> dict[str, Any]:
    return {"K2_met": "yes", "K2_note": note}


def advised(world: World, resume: str) -> dict[str, Any]:
    return {
        "direction": "approve",
        "resume": resume,
        "at-TOTAL_FORMS": "1",
        "at-INITIAL_FORMS": "0",
        "at-0-text": "sporet godkendes",
    }


Typed = Callable[[str], dict[str, Any]]
Stands = Callable[[], object]
Case = tuple[str, Typed, Stands, Typed, Stands]
"""Where it is written, what is typed and what then stands; the same of another field of the form."""


def at_the_check(world: World) -> Case:
    proposal = proposal_at(Status.IN_APPROVAL, world)
    return (
        f"/sekretariat/formalia/{proposal.number}/",
        judged,
        lambda: proposal.formal_checks.get().answers.get(requirement="K2").note,
        lambda text: {"K4_note": text},
        lambda: proposal.formal_checks.get().answers.get(requirement="K4").note,
    )


def at_the_recommendation(world: World) -> Case:
    proposal = proposal_at(Status.IN_APPROVAL, world)
    return (
        f"/sekretariat/indstilling/{proposal.number}/",
        lambda said: advised(world, said),
        lambda: Recommendation.objects.get().resume,
        lambda text: {"reason": text},
        lambda: Recommendation.objects.get().reason,
    )


def at_an_item(world: World) -> Case:
    agenda = an_agenda(world)
    item = agenda.items.listed()[0]
    return (
        meeting(agenda, f"dagsorden/punkt/{item.pk}/"),
        lambda said: {"title": "Velkomst", "kind": "decision", "minutes": "5", "case_text": said},
        lambda: AgendaItem.objects.get(pk=item.pk).case_text,
        lambda text: {"proposed": text},
        lambda: AgendaItem.objects.get(pk=item.pk).proposed,
    )


def at_the_place(world: World) -> Case:
    agenda = an_agenda(world)
    when = danish.short_date(agenda.meeting_date)
    return (
        meeting(agenda, "dagsorden/tid/"),
        lambda said: {"meeting_date": when, "place": said},
        lambda: type(agenda).objects.get().place,
        lambda text: {"meeting_time": danish.time_text(TIMES[text])},
        lambda: next(
            text for text in TIMES if TIMES[text] == type(agenda).objects.get().meeting_time
        ),
    )


def at_a_decision(world: World) -> Case:
    agenda = publish(an_agenda(world, proposal_at(Status.RECOMMENDED, world)), world)
    item = agenda.items.exclude(proposal=None).get()
    return (
        meeting(agenda, f"beslutninger/{item.pk}/"),
        lambda said: {"outcome": "approved", "text": said},
        lambda: decided(item).text,
        lambda text: {"reason": text},
        lambda: decided(item).reason,
    )


def decided(item: AgendaItem) -> Decision | DecisionDraft:
    """What is written on an item, saved as its decision or not yet."""
    return decision.written(AgendaItem.objects.get(pk=item.pk), at=DAY[6]).words


PLACES = (
    at_the_check,
    at_the_recommendation,
    at_an_item,
    at_the_place,
    at_a_decision,
)


@pytest.mark.parametrize("place", PLACES)
def test_two_of_the_secretariat_do_not_overwrite_each_other_unseen(
    pages: Pages, world: World, colleague: Any, place: Callable[[World], Case]
) -> None:
    url, typed, stands, *_ = place(world)
    mine = pages.as_(world.cast.secretariat).seen(url)
    theirs = pages.as_(colleague).seen(url)
    pages.post(url, typed("Kollegaens tekst") | theirs)

    refused = pages.as_(world.cast.secretariat).post(url, typed("Min tekst") | mine, status=409)

    assert stands() == "Kollegaens tekst"
    [problem] = refused.problems
    assert problem.endswith(OTHERS)
    assert "Kollegaens tekst" in refused.text + refused.conflict
    assert "Min tekst" in refused.response.content.decode()

    # The page that showed both may be saved.
    pages.post(url, refused.sent | typed("Vores tekst"))
    assert stands() == "Vores tekst"


@pytest.mark.parametrize("place", PLACES)
def test_an_error_on_the_way_does_not_make_a_page_newer(
    pages: Pages, world: World, colleague: Any, place: Callable[[World], Case]
) -> None:
    url, typed, stands, *_ = place(world)
    mine = pages.as_(world.cast.secretariat).seen(url)
    pages.as_(colleague).post(url, typed("Kollegaens tekst") | pages.seen(url))
    pages.as_(world.cast.secretariat)

    again = pages.post(url, typed("x" * 30_000) | mine, status=200)
    refused = pages.post(url, again.sent | typed("Min tekst"), status=409)

    assert stands() == "Kollegaens tekst"
    assert refused.problems


@pytest.mark.parametrize("place", PLACES)
def test_the_same_press_twice_is_no_conflict(
    pages: Pages, world: World, place: Callable[[World], Case]
) -> None:
    url, typed, stands, *_ = place(world)
    seen = pages.as_(world.cast.secretariat).seen(url)

    pages.post(url, typed("Min tekst") | seen)
    pages.post(url, typed("Min tekst") | seen)

    assert stands() == "Min tekst"


def rows(*seats: tuple[str, str]) -> dict[str, Any]:
    """What a page sends of who was there."""
    cells = {
        f"personer-{n}-{name}": value
        for n, seat in enumerate(seats)
        for name, value in zip(("name", "presence"), seat, strict=True)
    }
    return {"personer-TOTAL_FORMS": len(seats), "personer-INITIAL_FORMS": 0, **cells}


def test_two_who_write_down_who_was_there_meet_only_about_the_same_person(
    pages: Pages, world: World, colleague: Any
) -> None:
    agenda = publish(an_agenda(world, proposal_at(Status.RECOMMENDED, world)), world)
    url = meeting(agenda, "beslutninger/")
    pages.as_(world.cast.secretariat)
    anna, bo, ida = ("Anna", "present"), ("Bo", "present"), ("Ida", "present")
    pages.post(url, rows(anna, bo, ida) | pages.seen(url))
    mine = pages.seen(url)
    # The colleague changes Anna, takes Ida off and adds Eva.
    pages.as_(colleague)
    theirs = rows(("Anna", "apologies"), bo, ("Eva", "present"))
    pages.post(url, theirs | pages.seen(url))

    pages.as_(world.cast.secretariat)
    pages.post(url, rows(anna, ("Bo", "absent"), ida) | mine)
    assert there(agenda) == {"Anna": "apologies", "Bo": "absent", "Eva": "present"}

    refused = pages.post(url, rows(("Anna", "absent"), ("Bo", "absent")) | mine, status=409)
    assert refused.problems == [f"Anna er ændret, efter du åbnede siden. {OTHERS}"]
    assert "afbud" in refused.text
    pages.post(url, refused.sent)
    assert there(agenda) == {"Anna": "absent", "Bo": "absent", "Eva": "present"}


def there(agenda: Any) -> dict[str, str]:
    return dict(agenda.attendance.values_list("name", "presence"))


def test_who_was_there_is_not_written_over_by_a_page_that_carries_nothing(
    pages: Pages, world: World
) -> None:
    agenda = publish(an_agenda(world, proposal_at(Status.RECOMMENDED, world)), world)
    url = meeting(agenda, "beslutninger/")
    pages.as_(world.cast.secretariat).post(url, rows(("Anna", "present")))

    pages.post(url, rows(("Anna", "absent")), status=409)
    pages.post(url, rows(("Bo", "present")))

    assert there(agenda) == {"Anna": "present", "Bo": "present"}


def test_answers_about_an_earlier_version_are_not_taken_for_a_newer(
    pages: Pages, world: World
) -> None:
    proposal = proposal_at(Status.IN_APPROVAL, world)
    url = f"/sekretariat/formalia/{proposal.number}/"
    old = pages.as_(world.cast.secretariat).seen(url)
    version = proposal.versions.newest_first()[0]
    version.pk, version.number = None, version.number + 1
    version.save(force_insert=True)

    refused = pages.post(url, judged("Side 4") | old, status=409)

    assert refused.problems == [f"K2 er ændret, efter du åbnede siden. {OTHERS}"]
    assert not proposal.formal_checks.filter(version=version).exists()


def test_the_answers_about_the_version_before_are_beside_the_new_check(
    pages: Pages, world: World
) -> None:
    proposal = proposal_at(Status.IN_APPROVAL, world)
    url = f"/sekretariat/formalia/{proposal.number}/"
    pages.as_(world.cast.secretariat).post(url, judged("Side 4"))
    version = proposal.versions.newest_first()[0]
    before = version.number
    version.pk, version.number = None, before + 1
    version.save(force_insert=True)

    page = pages.get(url)

    assert f"Sådan svarede I om version {before}" in page.text
    assert "Side 4" in page.text
    assert page.value("K2_note") == ""
    pages.post(url, judged("Side 5") | pages.seen(url))
    assert "Sådan svarede I" not in pages.get(url).text


def test_an_assessment_a_colleague_changed_is_read_before_it_is_given(
    pages: Pages, world: World
) -> None:
    proposal = proposal_at(Status.IN_QUALIFICATION, world)
    draft = qualification.begin(proposal_pk=proposal.pk, by=world.cast.adviser, at=day(1))
    save(draft, "Vi anbefaler.", world)
    url = f"/kvalificering/{proposal.number}/afgiv/"
    looked = pages.as_(world.cast.adviser).seen(url)
    save(draft, "Vi fraråder.", world)

    refused = pages.post(url, {"revision": proposal.revision} | looked, status=409)

    assert refused.problems == [f"Udtalelsen er ændret, siden du åbnede siden. {REREAD}"]
    assert "Vi fraråder." in refused.text
    draft.refresh_from_db()
    assert draft.completed_at is None

    seen_now = {"base-page": refused.value("base-page"), "anyway": "1"}
    pages.post(url, {"revision": proposal.revision} | seen_now)
    draft.refresh_from_db()
    assert (draft.completed_by, draft.summary) == (world.cast.adviser, "Vi fraråder.")


def save(draft: Qualification, summary: str, world: World, **more: Any) -> None:
    qualification.save(
        qualification_pk=draft.pk,
        words=Words(outcome="with_remarks", summary=summary, statements=more.get("statements", {})),
        by=world.cast.adviser,
        at=day(2),
    )


def test_the_secretariat_steps_in_over_nothing_the_dgo_wrote_meanwhile(
    pages: Pages, world: World
) -> None:
    proposal = proposal_at(Status.IN_QUALIFICATION, world)
    draft = qualification.begin(proposal_pk=proposal.pk, by=world.cast.adviser, at=day(1))
    url = f"/sekretariat/traed-ind/{proposal.number}/"
    typed = {
        "revision": proposal.revision,
        "outcome": "recommended",
        "summary": "Sekretariatets tekst",
        "reason": "DGO'en svarer ikke.",
    }
    looked = pages.as_(world.cast.secretariat).seen(url)
    criterion = world.criteria[0]
    save(draft, "DGO'ens egen tekst", world, statements={criterion.pk: "Klart."})

    refused = pages.post(url, typed | looked, status=409)

    assert "DGO'ens egen tekst" in refused.text
    # Where the secretariat wrote nothing, the next press gives what the DGO wrote.
    assert refused.value("summary") == "Sekretariatets tekst"
    assert refused.value(f"statement_{criterion.pk}") == "Klart."
    draft.refresh_from_db()
    assert (draft.summary, draft.completed_at) == ("DGO'ens egen tekst", None)


def test_two_co_writers_do_not_answer_over_each_other(pages: Pages, world: World) -> None:
    proposal = proposal_at(Status.QUALIFIED, world)
    url = f"/forslag/{proposal.number}/svar/"
    looked = pages.as_(world.cast.owner).seen(url)
    pages.post(url, {"text": "Det første svar"} | looked)

    refused = pages.post(url, {"text": "Et andet svar"} | looked, status=409)

    assert "Det første svar" in refused.text
    assert Qualification.objects.get().reply == "Det første svar"


def test_a_recommendation_a_colleague_changed_is_read_before_it_is_given(
    pages: Pages, world: World
) -> None:
    proposal = proposal_at(Status.IN_APPROVAL, world)
    pages.as_(world.cast.secretariat).post(
        f"/sekretariat/formalia/{proposal.number}/",
        {f"K{n}_met": "yes" for n in (2, 3, 4, 5)},
    )
    write_recommendation(proposal, world)
    url = f"/sekretariat/indstilling/{proposal.number}/indstil/"
    looked = pages.seen(url)
    write_recommendation(proposal, world, direction="reject")

    refused = pages.post(url, {"revision": proposal.revision} | looked, status=409)

    assert refused.problems == [f"Indstillingen er ændret, siden du åbnede siden. {REREAD}"]
    assert "gives afslag" in refused.text
    assert status(proposal) == Status.IN_APPROVAL


def test_an_agenda_a_colleague_changed_is_read_before_it_is_published(
    pages: Pages, world: World
) -> None:
    agenda = an_agenda(world, proposal_at(Status.RECOMMENDED, world))
    url = meeting(agenda, "udsend/")
    looked = pages.as_(world.cast.secretariat).seen(url)
    agendas.add_item(
        agenda_pk=agenda.pk,
        kind="information",
        title="Nyt punkt",
        minutes=5,
        by=world.cast.secretariat,
        at=day(4),
    )

    refused = pages.post(url, looked, status=409)

    assert refused.problems == [f"Dagsordenen er ændret, siden du åbnede siden. {REREAD}"]
    assert "Nyt punkt" in refused.text
    assert not Dossier.objects.exists()
    pages.post(url, {"base-page": refused.value("base-page")})
    assert Dossier.objects.count() == 2


def test_decisions_a_colleague_changed_are_read_before_they_are_released(
    pages: Pages, world: World
) -> None:
    proposal = proposal_at(Status.ON_AGENDA, world)
    item = proposal.agenda_items.get()
    attend(item.agenda, world)
    record(item, "approved", world)
    url = meeting(item.agenda, "frigiv/")
    looked = pages.as_(world.cast.secretariat).seen(url)
    record(item, "rejected", world)

    refused = pages.post(url, looked, status=409)

    assert refused.problems == [
        f"Noget af det, der frigives, er ændret, siden du åbnede siden. {REREAD}"
    ]
    assert "Afslag" in refused.text
    assert status(proposal) == Status.ON_AGENDA


def status(proposal: Model) -> str:
    proposal.refresh_from_db()
    return str(proposal.status)  # type: ignore[attr-defined]  # a proposal's


@pytest.mark.parametrize(
    ("more", "field"),
    (
        ({"conditions": "Vis effekten først."}, "conditions"),
        ({"back_to": "draft"}, "back_to"),
    ),
)
def test_what_a_decision_has_no_room_for_is_not_dropped_unsaid(
    pages: Pages, world: World, more: dict[str, str], field: str
) -> None:
    item = proposal_at(Status.ON_AGENDA, world).agenda_items.get()

    refused = pages.as_(world.cast.secretariat).post(
        meeting(item.agenda, f"beslutninger/{item.pk}/"),
        {"outcome": "approved", **more},
        status=200,
    )

    assert len(refused.problems) == 1
    assert refused.value(field) == more[field]
    assert not Decision.objects.exists()


def test_a_second_press_makes_no_second_item_and_moves_nothing_further(
    pages: Pages, world: World
) -> None:
    agenda = an_agenda(world)
    pages.as_(world.cast.secretariat)
    typed = {"title": "Budget", "kind": "decision", "minutes": "10"}
    for _ in range(2):
        pages.post(meeting(agenda, "dagsorden/punkt/"), typed)
    assert [i.title for i in agenda.items.listed()] == [
        "Godkendelse af dagsorden",
        "Budget",
        "Eventuelt",
    ]

    last = agenda.items.listed()[2]
    third = {"base-page": str(shown_place(last).base)}
    assert f'value="{third["base-page"]}"' in str(pages.get(meeting(agenda, "dagsorden/")).body)
    for _ in range(2):
        moved = pages.press(
            meeting(agenda, f"dagsorden/punkt/{last.pk}/flyt/"), {"retning": "op", **third}
        )
    assert moved.messages == [f"Rækkefølgen er ændret, siden du åbnede siden. {REREAD}"]
    assert [i.title for i in agenda.items.listed()] == [
        "Godkendelse af dagsorden",
        "Eventuelt",
        "Budget",
    ]


def test_what_is_written_about_an_item_that_was_taken_off_is_not_lost(
    pages: Pages, world: World
) -> None:
    url, typed, *_ = at_an_item(world)
    seen = pages.as_(world.cast.secretariat).seen(url)
    pages.post(f"{url}fjern/")

    told = pages.post(url, typed("En lang sagsfremstilling") | seen, status=409)

    [problem] = told.problems
    assert problem.startswith("Punktet er taget af dagsordenen, siden du åbnede siden.")
    assert told.value("case_text") == "En lang sagsfremstilling"
    again = typed("En lang sagsfremstilling") | {"base-page": told.value("base-page")}
    pages.post(url, again)
    assert AgendaItem.objects.get(title="Velkomst").case_text == "En lang sagsfremstilling"
    pages.get(url, status=404)


def test_rows_a_colleague_changed_are_renewed_where_only_a_text_was_disagreed_on(
    pages: Pages, world: World, colleague: Any
) -> None:
    proposal = proposal_at(Status.IN_APPROVAL, world)
    write_recommendation(proposal, world)
    url = f"/sekretariat/indstilling/{proposal.number}/"
    mine = pages.as_(world.cast.secretariat).get(url).sent
    theirs = {"resume": "Kollegaens", "at-0-text": "at det udsættes"}
    pages.as_(colleague).post(url, pages.get(url).sent | theirs)

    refused = pages.as_(world.cast.secretariat).post(url, mine | {"resume": "Min"}, status=409)
    pages.post(url, refused.sent)

    assert refused.value("at-0-text") == "at det udsættes"
    saved = Recommendation.objects.get()
    assert saved.resume == "Min"
    assert [point.text for point in saved.points.order_by("position")] == [
        "at det udsættes",
        "at Realdania indstilles til at bidrage",
    ]


def test_a_recommendation_goes_on_from_what_was_written_about_an_earlier_version(
    pages: Pages, world: World
) -> None:
    proposal = proposal_at(Status.IN_APPROVAL, world)
    write_recommendation(proposal, world)
    version = proposal.versions.newest_first()[0]
    version.pk, version.number = None, version.number + 1
    version.save(force_insert=True)

    page = pages.as_(world.cast.secretariat).get(f"/sekretariat/indstilling/{proposal.number}/")

    assert page.value("resume") == "Forslaget samler tre kommuner om lavbundsjord."
    assert page.value("at-1-text") == "at Realdania indstilles til at bidrage"
    assert "Teksten er fra indstillingen af en tidligere version." in page.text


def test_an_amount_of_a_funder_that_has_ended_is_not_dropped_unsaid(
    pages: Pages, world: World
) -> None:
    proposal = proposal_at(Status.IN_APPROVAL, world)
    write_recommendation(proposal, world)
    world.cast.realdania.valid_until_date = DAY[3].date()
    world.cast.realdania.save()
    url = f"/sekretariat/indstilling/{proposal.number}/"
    page = pages.as_(world.cast.secretariat).get(url)
    name = f"amount_{world.cast.realdania.pk}"
    assert page.value(name) == "1.500.000"

    pages.post(url, page.sent | advised(world, "Kort"))

    # It may be written on, but not given.
    assert "Realdania er ikke længere bidragyder. Slet beløbet" in pages.get(f"{url}indstil/").text
    asked_anew = page.sent | advised(world, "Kort") | {name: "2.000.000"}
    refused = pages.post(url, asked_anew | pages.seen(url), status=200)
    assert refused.problems == ["Realdania er ikke længere bidragyder. Slet beløbet"]
