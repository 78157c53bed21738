"""Every form that several write on: the second sees what the first saved beside what they typed, and nothing is lost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.urls import resolve

import pytest

from klimaspor import danish, seen
from klimaspor.accounts.models import Dgo, Organization
from klimaspor.accounts.views.people import Period
from klimaspor.mail.models import Contact
from klimaspor.pages import FormPage
from klimaspor.refusals import Part
from klimaspor.seen import GONE, UNSEEN, Base, Changed, Choice, Reread, Shown
from proposals.commitments.views import VisitPage
from proposals.economy import steps as economy
from proposals.economy.views import GridSums
from proposals.ideas import steps as ideas
from proposals.ideas.models import Idea
from proposals.ideas.views import ChangeDgo as ChangeIdeaDgo
from proposals.ideas.views import SendIdea
from proposals.line.lifecycle import Status
from proposals.line.models import Proposal
from proposals.notes import steps as notes
from proposals.notes.models import Note
from proposals.participants import steps as participants
from proposals.participants.models import Commitment
from proposals.participants.views import ParticipantList
from proposals.rounds.models import Round
from proposals.sparring import steps as sparring
from proposals.sparring.models import Advice
from review.agenda.views import Publish
from review.criteria.models import Criterion
from review.decision.views import Decisions, Discard, Release
from review.qualification import steps as qualification
from review.qualification.models import Qualification
from review.qualification.views import Amend, Complete, CoSign, StepIn
from review.recommendation.views import Recommend
from tests.factories.intake import NOW, a_draft
from tests.factories.parties import let_in, proved
from tests.factories.walk import AFTER, a_world, day, proposal_at
from tests.pages import Page
from tests.proposals.attachments.test_views import given as attached
from tests.review.test_seen import MINE, PLACES, THEIRS
from tests.test_pages import PAGES

if TYPE_CHECKING:
    from collections.abc import Callable

    import time_machine

    from klimaspor.accounts.models import User
    from tests.factories.walk import World
    from tests.pages import Pages


@dataclass(frozen=True)
class Place:
    """A form with its two writers: what they type, and what then stands."""

    url: str
    first: User
    second: User
    typed: Callable[[str], dict[str, Any]]
    stands: Callable[[], object]
    elsewhere: Callable[[str], dict[str, Any]] | None = None
    """What is typed in another field of the same form; nothing where the form is one answer."""
    stands_elsewhere: Callable[[], object] = bool


@pytest.fixture
def world(db: None, now: time_machine.Traveller) -> World:
    now.move_to(AFTER)
    return a_world()


OFFICE = "/administration/"
MAILS = {THEIRS: "anden@example.org", MINE: "egen@example.org"}


def of_the_secretariat(world: World, url: str, *of_the_form: Any) -> Place:
    return Place(url, world.cast.colleague, world.cast.secretariat, *of_the_form)


def at_an_organization(world: World) -> Place:
    row = world.cast.company
    return of_the_secretariat(
        world,
        f"{OFFICE}organisationer/{row.pk}/",
        lambda text: {"name": text, "kind": "company"},
        lambda: Organization.objects.get(pk=row.pk).name,
        lambda text: {"region_code": text},
        lambda: Organization.objects.get(pk=row.pk).region_code,
    )


def at_the_contact(world: World) -> Place:
    return of_the_secretariat(
        world,
        f"{OFFICE}kontakt/",
        lambda text: {"email": "klimaalliancen@kl.dk", "phone": text},
        lambda: Contact.objects.get().phone,
        lambda text: {"email": MAILS[text]},
        lambda: {email: text for text, email in MAILS.items()}[Contact.objects.get().email],
    )


def at_a_dgo(world: World) -> Place:
    row = world.cast.dgo
    return of_the_secretariat(
        world,
        f"{OFFICE}dgo/{row.pk}/",
        lambda text: {
            "name": row.name,
            "area": row.area,
            "contact_name": text,
            "municipalities": [m.pk for m in row.municipalities.all()],
        },
        lambda: Dgo.objects.get(pk=row.pk).contact_name,
        lambda text: {"behind": text},
        lambda: Dgo.objects.get(pk=row.pk).behind,
    )


def at_a_round(world: World) -> Place:
    row = world.round
    return of_the_secretariat(
        world,
        f"{OFFICE}runder/{row.pk}/",
        lambda text: {
            "name": row.name,
            "opens_date": "4.1.2027",
            "opens_time": "9",
            "qualification_date": "12.4.2027",
            "qualification_time": "9",
            "approval_date": "29.4.2027",
            "approval_time": "9",
            "meeting_date": "27.5.2027",
            "advice_days": row.advice_days,
            "reply_days": row.reply_days,
            "min_authorities": row.min_authorities,
            "note": text,
        },
        lambda: Round.objects.get(pk=row.pk).note,
        lambda text: {"name": text},
        lambda: Round.objects.get(pk=row.pk).name,
    )


def at_a_criterion(world: World) -> Place:
    row = world.criteria[0]
    return of_the_secretariat(
        world,
        f"{OFFICE}kriterier/punkt/{row.pk}/",
        lambda text: {"code": row.code, "title": row.title, "text": text},
        lambda: Criterion.objects.get(pk=row.pk).text,
        lambda text: {"title": text},
        lambda: Criterion.objects.get(pk=row.pk).title,
    )


def at_a_note(world: World) -> Place:
    """Its author in two tabs."""
    proposal = proposal_at(Status.IN_QUALIFICATION, world)
    author = world.cast.adviser
    said = {"kind": "other", "participants": "Maja Holm", "text": "Sagt"}
    note = notes.write(
        proposal_pk=proposal.pk,
        circle="everybody",
        held_date=danish.day_of(NOW),
        by=author,
        at=NOW,
        **said,
    )
    typed = {**said, "held_date": danish.short_date(danish.day_of(NOW))}
    return Place(
        f"/forslag/{proposal.number}/notater/{note.pk}/ret/",
        author,
        author,
        lambda text: {**typed, "text": text},
        lambda: Note.objects.get().text,
        lambda text: {"participants": text},
        lambda: Note.objects.get().participants,
    )


def at_an_idea(world: World) -> Place:
    """Its owner in two tabs."""
    author = world.cast.owner
    said = {"title": "Biokul", "what": "Sagt"}
    idea = ideas.create(**said, who="", plan="", organization=None, dgo=None, by=author, at=NOW)
    return Place(
        f"/ideer/{idea.pk}/skriv/",
        author,
        author,
        lambda text: {**said, "organization": "ingen", "what": text},
        lambda: Idea.objects.get().what,
        lambda text: {"plan": text},
        lambda: Idea.objects.get().plan,
    )


def at_an_assessment(world: World) -> Place:
    proposal = proposal_at(Status.IN_QUALIFICATION, world)
    qualification.begin(proposal_pk=proposal.pk, by=world.cast.adviser, at=day(1))
    return Place(
        f"/kvalificering/{proposal.number}/",
        world.cast.adviser,
        another_adviser(world),
        lambda text: {"revision": proposal.revision, "summary": text},
        lambda: Qualification.objects.get().summary,
        lambda text: {f"statement_{world.criteria[1].pk}": text},
        lambda: Qualification.objects.get().statements.get(criterion=world.criteria[1]).text,
    )


def another_adviser(world: World) -> User:
    world.cast.dgo.memberships.create(
        user=world.cast.stranger,
        role="dgo_adviser",
        claimed_at=NOW,
        confirmed_at=NOW,
        confirmed_by=world.cast.stranger,
    )
    return world.cast.stranger


def two_writers(proposal: Proposal) -> tuple[User, User]:
    writer = proved(f"Medskriver {proposal.pk}")
    let_in(proposal, writer)
    return proposal.owner, writer


def at_the_reply(world: World) -> Place:
    proposal = proposal_at(Status.QUALIFIED, world)
    return Place(
        f"/forslag/{proposal.number}/svar/",
        *two_writers(proposal),
        lambda text: {"text": text},
        lambda: Qualification.objects.get().reply,
    )


def at_a_comment(world: World) -> Place:
    """Its author alone writes it anew, in two windows."""
    proposal, by = proposal_at(Status.QUALIFIED, world), world.cast.adviser
    row = sparring.comment(proposal_pk=proposal.pk, section="", text="Hej", by=by, at=AFTER)
    return Place(
        f"/forslag/{proposal.number}/sparring/ret/{row.pk}/",
        by,
        by,
        lambda text: {"text": text},
        lambda: Advice.objects.get().text,
    )


def at_a_participant(world: World) -> Place:
    proposal = a_draft(world.cast, world.round)
    participant = proposal.participants.get()
    return Place(
        f"/forslag/{proposal.number}/deltager/{participant.pk}/",
        *two_writers(proposal),
        lambda text: {"do": "save", "role": participant.role, "case_number": text},
        lambda: Commitment.objects.get().case_number,
        lambda text: {"plan_action": text},
        lambda: Commitment.objects.get().plan_action,
    )


def at_the_contacts(world: World) -> Place:
    proposal = a_draft(world.cast, world.round)
    participants.add_participant(
        proposal_pk=proposal.pk,
        organization=world.cast.municipalities[2],
        role="participant",
        by=proposal.owner,
        at=NOW,
    )
    first, other = proposal.participants.order_by("pk")

    def row(pk: int, name: str) -> dict[str, str]:
        return {f"kontakt-{pk}-name": name, f"kontakt-{pk}-email": f"nr{pk}@example.org"}

    return Place(
        f"/forslag/{proposal.number}/deltager/kontakter/",
        *two_writers(proposal),
        lambda text: row(first.pk, text),
        lambda: proposal.participants.get(pk=first.pk).contact_name,
        lambda text: row(other.pk, text),
        lambda: proposal.participants.get(pk=other.pk).contact_name,
    )


def at_a_question(world: World) -> Place:
    proposal = a_draft(world.cast, world.round)
    return Place(
        f"/forslag/{proposal.number}/afsnit/effekt/",
        *two_writers(proposal),
        lambda text: {"revision": 1, "do": "save", "effects": text},
        lambda: Proposal.objects.get(pk=proposal.pk).effects,
        lambda text: {"risks": text},
        lambda: Proposal.objects.get(pk=proposal.pk).risks,
    )


def at_the_economy(world: World) -> Place:
    proposal = a_draft(world.cast, world.round)
    return Place(
        f"/forslag/{proposal.number}/afsnit/oekonomi/",
        *two_writers(proposal),
        lambda text: {
            "revision": 1,
            "do": "save",
            "linjer-TOTAL_FORMS": 1,
            "linjer-INITIAL_FORMS": 0,
            "linjer-0-year": "2027",
            "linjer-0-source": text,
            "linjer-0-amount": "1",
            "linjer-0-status": "granted",
            "budgetlinjer-TOTAL_FORMS": 0,
            "budgetlinjer-INITIAL_FORMS": 0,
        },
        lambda: proposal.financing.get().source,
    )


def at_the_grid(world: World) -> Place:
    proposal = a_draft(world.cast, world.round)
    economy.save_financing(
        proposal_pk=proposal.pk,
        lines=[(2027, "Fonden", Decimal(1), "granted")],
        by=proposal.owner,
        at=NOW,
    )
    return Place(
        f"/forslag/{proposal.number}/afsnit/oekonomi/aar-for-aar/",
        *two_writers(proposal),
        lambda text: {
            "skema-financing-TOTAL_FORMS": 1,
            "skema-financing-INITIAL_FORMS": 1,
            "skema-financing-0-y2027": "1",
            "skema-financing-0-source": text,
            "skema-financing-0-status": "granted",
            "skema-budget-TOTAL_FORMS": 0,
            "skema-budget-INITIAL_FORMS": 0,
        },
        lambda: proposal.financing.as_written()[0].source,
    )


def at_a_file(world: World) -> Place:
    proposal = a_draft(world.cast, world.round)
    (file,) = attached(proposal, "Kort")
    return Place(
        f"/forslag/{proposal.number}/afsnit/bilag/",
        *two_writers(proposal),
        lambda text: {"revision": 1, "do": "save", f"title-{file.pk}": text},
        lambda: proposal.attachments.get().title,
    )


def at_the_meetings(place: Any) -> Callable[[World], Place]:
    def make(world: World) -> Place:
        return of_the_secretariat(world, *place(world))

    make.__name__ = place.__name__
    return make


EVERYWHERE = (
    at_an_organization,
    at_the_contact,
    at_a_dgo,
    at_a_round,
    at_a_criterion,
    at_a_note,
    at_an_idea,
    at_an_assessment,
    at_the_reply,
    at_a_comment,
    at_a_participant,
    at_the_contacts,
    at_a_question,
    at_the_economy,
    at_the_grid,
    at_a_file,
    *map(at_the_meetings, PLACES),
)
LAST_LOOKS = {
    *(ParticipantList, SendIdea, ChangeIdeaDgo, Complete, CoSign),
    *(Recommend, Publish, Release, Discard),
}
"""They are read again, see tests/review/test_seen.py, tests/review/decision/, tests/proposals/ideas/ and tests/proposals/participants/; and what is stepped in over, and who was at a meeting, too."""
ELSEWHERE = {StepIn, Amend, Decisions, Period}
"""Tried in tests/review/ and tests/accounts/: what is given at once, and what is dates."""


@pytest.mark.parametrize("make", EVERYWHERE)
def test_the_second_sees_what_the_first_saved_and_nothing_is_lost(
    pages: Pages, world: World, make: Callable[[World], Place]
) -> None:
    place = make(world)
    mine = pages.as_(place.second).seen(place.url)
    pages.post(place.url, place.typed("Den førstes tekst") | pages.as_(place.first).seen(place.url))

    is_file = make is at_a_file
    refused = pages.as_(place.second).post(
        place.url, place.typed("Min egen tekst") | mine, status=200 if is_file else 409
    )

    assert place.stands() == "Den førstes tekst"
    assert refused.problems
    assert "Den førstes tekst" in refused.text + refused.conflict
    assert "Min egen tekst" in refused.body.decode()


ONE_ANSWER = (at_the_reply, at_a_comment, at_the_economy, at_the_grid, at_a_file)
"""Rows that are saved together, or one text."""
FIELDWISE = tuple(make for make in EVERYWHERE if make not in ONE_ANSWER)


@pytest.mark.slow("makes every place of a shared form there is")
def test_only_what_is_one_answer_has_one_field(world: World) -> None:
    assert {make for make in EVERYWHERE if make(world).elsewhere is None} == set(ONE_ANSWER)


@pytest.mark.parametrize("make", FIELDWISE)
def test_two_who_write_in_different_fields_do_not_meet(
    pages: Pages, world: World, make: Callable[[World], Place]
) -> None:
    place = make(world)
    assert place.elsewhere
    mine = pages.as_(place.second).get(place.url).sent
    shown = pages.as_(place.first).get(place.url).sent
    pages.post(place.url, shown | {"do": "save"} | place.typed(THEIRS))

    pages.as_(place.second).post(place.url, mine | {"do": "save"} | place.elsewhere(MINE))

    assert place.stands() == THEIRS
    assert place.stands_elsewhere() == MINE


def chosen(answer: Any) -> dict[str, str]:
    """Press the button that says one's own words, where there is one."""
    buttons = Page(answer, "", answer.content).root.iter("button")
    mine = [b.get("value", "") for b in buttons if b.get("value", "").startswith("mine:")]
    return {"do": mine[0]} if mine else {}


@pytest.mark.parametrize("make", FIELDWISE)
def test_a_second_press_writes_only_in_the_field_that_was_disagreed_on(
    pages: Pages, world: World, make: Callable[[World], Place]
) -> None:
    place = make(world)
    assert place.elsewhere
    mine = pages.as_(place.second).get(place.url).sent
    shown = pages.as_(place.first).get(place.url).sent
    theirs = shown | place.typed(THEIRS) | place.elsewhere(THEIRS)
    pages.post(place.url, theirs | {"do": "save"})

    # What the form of the proposal could take of a press it has taken; there the answer is 200.
    refused = pages.as_(place.second).client.post(
        place.url, mine | {"do": "save"} | place.typed(MINE)
    )
    again = Page(refused, place.url, refused.content).sent
    pages.as_(place.second).post(place.url, again | {"do": "save"} | chosen(refused))

    assert place.stands() == MINE
    assert place.stands_elsewhere() == THEIRS


@pytest.mark.parametrize("make", EVERYWHERE)
def test_a_page_that_carries_nothing_overwrites_nothing(
    pages: Pages, world: World, make: Callable[[World], Place]
) -> None:
    place = make(world)
    pages.post(place.url, place.typed("Den førstes tekst") | pages.as_(place.first).seen(place.url))

    refused = pages.as_(place.second).client.post(place.url, place.typed("Uden at have set"))

    assert refused.status_code in (200, 409)
    assert place.stands() == "Den førstes tekst"


@pytest.mark.slow("opens every shared form there is")
@pytest.mark.django_db
def test_every_shared_form_is_tried(pages: Pages, world: World) -> None:
    shared = {
        page
        for page in PAGES
        if issubclass(page, FormPage) and page.shown_now is not FormPage.shown_now
    }
    shared.remove(GridSums)
    # Its two browsers are in tests/proposals/commitments/test_visits.py: there is nobody to sign in.
    shared.remove(VisitPage)
    tried = {resolve(make(world).url).func.view_class for make in EVERYWHERE}  # type: ignore[attr-defined]  # a page's

    assert shared - tried == LAST_LOOKS | ELSEWHERE


# The guard itself


def test_what_was_seen_may_be_written(reader: Any) -> None:
    now = fields(place="Odense")

    seen.require(now.bases, now, fields(place="Aarhus"), reader=reader)
    seen.require(None, now, fields(place="Aarhus"), reader=reader)
    seen.require({}, now, fields(place="Odense"), reader=reader)


@pytest.fixture
def reader() -> Any:
    return object()


@pytest.mark.parametrize("base", (UNSEEN, GONE, Shown.of(("Place", "")).base))
@pytest.mark.parametrize("ask", (seen.require, seen.touched))
def test_what_was_not_seen_is_not_written_over(reader: Any, base: Base, ask: Any) -> None:
    now = fields(place="Odense", time="")

    with pytest.raises(Changed, match="En kollega har gemt") as refusal:
        ask({"place": base}, now, fields(place="Aarhus", time=""), reader=reader)

    assert refusal.value.shown_now == now.parts[:1]
    assert refusal.value.carries == {"base-place": str(now.base_of("place"))}
    assert refusal.value.touched == {"place", "time"}


@pytest.mark.parametrize("ask", (seen.require, seen.touched))
def test_a_page_that_carries_nothing_fills_in_what_is_blank(reader: Any, ask: Any) -> None:
    ask({}, fields(place=""), fields(place="Aarhus"), reader=reader)


def test_what_takes_effect_at_once_has_been_seen_whole(reader: Any) -> None:
    opened = fields(hours="", place="")
    now, typed = fields(hours="120", place=""), fields(hours="", place="Odense")

    assert seen.touched(opened.bases, now, typed, reader=reader) == {"place"}
    with pytest.raises(Changed) as refusal:
        seen.require(opened.bases, now, typed, reader=reader)

    assert refusal.value.shown_now == (Part("Hours", "120", "hours"),)
    assert refusal.value.touched == {"place"}


def test_another_matter_has_not_been_seen(reader: Any) -> None:
    old, new = fields(k2=""), replace(fields(k2=""), about=2)

    with pytest.raises(Changed):
        seen.touched(old.bases, new, replace(fields(k2="Ja"), about=2), reader=reader)


def test_a_last_look_is_of_all_that_is_shown() -> None:
    one, other = fields(hours="1", place="Odense"), fields(hours="2", place="Odense")

    assert one.whole.bases == {"page": one.base}
    assert one.base != other.base


def test_a_last_look_is_read_again() -> None:
    looked, now = Shown.of(("Punkt 1", "Budget")), Shown.of(("Punkt 1", "Regnskab"))

    seen.require_read("Dagsordenen", looked.base, looked)
    seen.require_read("Dagsordenen", None, now)
    with pytest.raises(Reread, match="Dagsordenen er ændret") as refusal:
        seen.require_read("Dagsordenen", looked.base, now)

    assert refusal.value.carries == {"base-page": str(now.base)}


def fields(**texts: str) -> Shown:
    return Shown.of_fields(*((name, name.title(), text) for name, text in texts.items()))


def test_fields_are_guarded_one_by_one(reader: Any) -> None:
    opened = fields(hours="", place="", text="Gammel")
    now = fields(hours="120", place="", text="Gammel")

    assert seen.touched(
        opened.bases, now, fields(hours="", place="Odense", text="Ny"), reader=reader
    ) == {"place", "text"}
    assert seen.touched(
        opened.bases, now, fields(hours="120", place="", text="Gammel"), reader=reader
    ) == {"hours"}
    assert seen.touched(None, now, fields(hours="5"), reader=reader) == {"hours"}


def test_a_field_that_another_wrote_is_shown_and_the_rest_not_written(reader: Any) -> None:
    opened, now = fields(hours="", place=""), fields(hours="120", place="")

    with pytest.raises(Changed) as refusal:
        seen.touched(opened.bases, now, fields(hours="5", place="Odense"), reader=reader)

    assert refusal.value.shown_now == (Part("Hours", "120", "hours"),)
    assert refusal.value.carries == {"base-hours": str(now.base_of("hours"))}


def test_a_choice_is_read_from_the_button() -> None:
    base = Base.of(3, ["x"])

    assert Choice.of(f"mine:effects:{base}") == Choice("mine", "effects", base)
    assert Choice.of("theirs:effects") == Choice("theirs", "effects", UNSEEN)
    for other in ("", "save", "remove:7", "mine"):
        assert Choice.of(other).base == UNSEEN
    assert Choice.of("remove:7").kept == ""
