"""An idea by its steps: who reads and answers it, what settles it, and the draft it becomes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

import pytest

from klimaspor import danish
from klimaspor.accounts.models import Dgo, Role
from klimaspor.mail import reading
from klimaspor.mail.models import OutgoingMail
from klimaspor.refusals import AlreadyDone, Missing
from klimaspor.seen import Changed, Reread
from proposals.answers.sections import FIELDS
from proposals.drafting.steps import RoundClosed
from proposals.ideas import steps as ideas
from proposals.ideas.forms import LONG, SHORT
from proposals.ideas.models import Idea
from proposals.ideas.pages import waiting_ideas
from proposals.ideas.seen import shown_idea
from proposals.ideas.steps import CARRIED, NotTheirs, Settled
from proposals.line.lifecycle import Status
from proposals.line.models import Proposal
from tests.factories.intake import NOW, Cast, give_role, minutes_later, person

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from klimaspor.accounts.models import User
    from tests.factories.walk import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

SAID: dict[str, Any] = {
    "title": "Biokul på sandjord",
    "what": "Vi vil afprøve biokul på tre marker.",
    "who": "Aarhus og Ærø, måske Vandværket",
    "plan": "Ærøs plan, handling 4.2",
}


def an_idea(cast: Cast, *, is_sent: bool = True, **changes: Any) -> Idea:
    given = {**SAID, "organization": cast.municipalities[0], "dgo": cast.dgo, **changes}
    idea = ideas.create(by=cast.owner, at=NOW, **given)
    return ideas.send(idea_pk=idea.pk, by=cast.owner, at=NOW) if is_sent else idea


def answer(idea: Idea, by: User, text: str = "Ring til os.", minutes: int = 1) -> Any:
    return ideas.reply(idea_pk=idea.pk, text=text, by=by, at=minutes_later(NOW, minutes))


def letters() -> list[tuple[str, str]]:
    return list(
        OutgoingMail.objects.filter(name__startswith="idea")
        .order_by("pk")
        .values_list("name", "recipient")
    )


def test_nobody_reads_what_is_not_sent_but_its_owner(cast: Cast) -> None:
    idea = an_idea(cast, is_sent=False)

    readers = {
        person
        for person in (cast.owner, cast.adviser, cast.secretariat, cast.stranger)
        if Idea.objects.visible_to(person, at=NOW).exists()
    }

    assert readers == {cast.owner}
    assert letters() == []
    assert not waiting_ideas(cast.adviser, at=NOW)["rows"]
    assert idea.edited_at == NOW


def test_sent_it_is_read_by_its_dgo_and_the_secretariat_alone(cast: Cast) -> None:
    an_idea(cast)

    everybody = [
        "owner",
        "stranger",
        "adviser",
        "other_adviser",
        "secretariat",
        "colleague",
        "committee",
        "funder",
        "administrator",
    ]
    readers = {
        name for name in everybody if Idea.objects.visible_to(getattr(cast, name), at=NOW).exists()
    }

    assert readers == {"owner", "adviser", "secretariat", "colleague"}
    assert letters() == [("idea_sent", cast.adviser.email)]


def test_the_dgo_is_suggested_where_none_is_chosen(cast: Cast) -> None:
    assert an_idea(cast, is_sent=False, dgo=None).dgo == cast.dgo
    Dgo.objects.update(valid_until_date=danish.day_of(NOW))
    assert an_idea(cast, is_sent=False, dgo=None).dgo is None
    assert an_idea(cast, is_sent=False, dgo=None, organization=None).dgo is None


@pytest.mark.parametrize(
    ("changes", "missing"),
    (
        ({"what": ""}, {"what": "Skriv, hvad I vil afprøve"}),
        ({"title": ""}, {"title": "Giv idéen en titel"}),
        (
            {"dgo": None, "organization": None},
            {"dgo": "Vælg den DGO, der skal læse idéen"},
        ),
    ),
)
def test_what_is_missing_stops_it(
    cast: Cast, changes: dict[str, Any], missing: dict[str, str]
) -> None:
    idea = an_idea(cast, is_sent=False, **changes)

    with pytest.raises(Missing) as refusal:
        ideas.send(idea_pk=idea.pk, by=cast.owner, at=NOW)

    assert refusal.value.errors == missing
    assert letters() == []


def test_a_dgo_that_has_ended_is_no_longer_sent_to(cast: Cast) -> None:
    idea = an_idea(cast, is_sent=False)
    Dgo.objects.filter(pk=cast.dgo.pk).update(valid_until_date=danish.day_of(NOW))

    with pytest.raises(Missing, match=r"DGO Midtjylland er ophørt\. Vælg en anden DGO"):
        ideas.send(idea_pk=idea.pk, by=cast.owner, at=NOW)


def test_sent_twice_is_sent_once(cast: Cast) -> None:
    idea = an_idea(cast)

    with pytest.raises(AlreadyDone):
        ideas.send(idea_pk=idea.pk, by=cast.owner, at=minutes_later(NOW))

    assert letters() == [("idea_sent", cast.adviser.email)]


def test_what_was_written_since_the_last_look_is_read_again(cast: Cast) -> None:
    idea = an_idea(cast, is_sent=False)
    base = shown_idea(idea).base
    ideas.write(
        idea_pk=idea.pk,
        organization=idea.organization,
        dgo=idea.dgo,
        by=cast.owner,
        at=NOW,
        **{**SAID, "what": "Noget andet"},
    )

    with pytest.raises(Reread, match="Idéen er ændret"):
        ideas.send(idea_pk=idea.pk, base=base, by=cast.owner, at=NOW)


def test_a_dgo_without_advisers_leaves_it_to_the_secretariat(cast: Cast) -> None:
    empty = Dgo.objects.create(slug="tom", name="DGO Tom", area="Intet")

    an_idea(cast, dgo=empty)

    assert letters() == [("idea_sent", p.email) for p in (cast.colleague, cast.secretariat)]


def test_sent_its_words_stand(cast: Cast) -> None:
    idea = an_idea(cast)
    given = {**SAID, "what": "Andet", "organization": None, "dgo": None}

    with pytest.raises(Settled, match="Idéen er sendt, så teksten ligger fast"):
        ideas.write(idea_pk=idea.pk, by=cast.owner, at=NOW, **given)
    with pytest.raises(Settled):
        ideas.delete(idea_pk=idea.pk, by=cast.owner)

    idea.refresh_from_db()
    assert idea.what == SAID["what"]


def test_two_windows_do_not_overwrite_each_other(cast: Cast) -> None:
    idea = an_idea(cast, is_sent=False)
    bases = shown_idea(idea).bases
    given = {
        **SAID,
        "organization": idea.organization,
        "dgo": idea.dgo,
        "by": cast.owner,
        "at": NOW,
    }
    ideas.write(idea_pk=idea.pk, bases=bases, **{**given, "what": "Det første"})
    ideas.write(idea_pk=idea.pk, bases=bases, **{**given, "plan": "En anden plan"})

    with pytest.raises(Changed):
        ideas.write(idea_pk=idea.pk, bases=bases, **{**given, "what": "Det andet"})

    idea.refresh_from_db()
    assert (idea.what, idea.plan, idea.who) == ("Det første", "En anden plan", SAID["who"])


def test_only_the_owner_writes_sends_and_deletes(cast: Cast) -> None:
    idea = an_idea(cast, is_sent=False)

    for step in (
        lambda: ideas.send(idea_pk=idea.pk, by=cast.adviser, at=NOW),
        lambda: ideas.delete(idea_pk=idea.pk, by=cast.secretariat),
        lambda: ideas.put_aside(idea_pk=idea.pk, by=cast.secretariat, at=NOW),
    ):
        with pytest.raises(NotTheirs):
            step()

    ideas.delete(idea_pk=idea.pk, by=cast.owner)
    assert not Idea.objects.exists()
    with pytest.raises(Settled, match="Idéen er slettet"):
        ideas.send(idea_pk=idea.pk, by=cast.owner, at=NOW)


def test_the_thread_tells_the_other_side(cast: Cast) -> None:
    idea = an_idea(cast)
    second = person("Runa Rådgiver")
    give_role(second, Role.DGO_ADVISER, dgo=cast.dgo)
    OutgoingMail.objects.all().delete()

    said = answer(idea, cast.adviser)
    more = answer(idea, cast.owner, "Tak. Hvad med Ærø?", 2)
    answer(idea, cast.owner, "Og Solrød?", 3)
    answer(idea, cast.secretariat, "Solrød vil gerne.", 4)

    # The DGO hears of what its owner says once a day, and of those there only whoever has answered.
    assert letters() == [
        ("idea_answered", cast.owner.email),
        ("idea_replied", cast.adviser.email),
        ("idea_answered", cast.owner.email),
    ]
    assert (said.is_adviser, said.author_role) == (True, "DGO Midtjylland")
    assert (more.is_adviser, more.author_role) == (False, "forslagsstiller")
    assert idea.replies.get(by=cast.secretariat).author_role == "sekretariatet"


def test_it_waits_for_the_dgo_until_that_has_the_last_word(cast: Cast) -> None:
    idea = an_idea(cast)

    def waits() -> bool:
        return bool(waiting_ideas(cast.adviser, at=NOW)["rows"])

    seen = [waits()]
    answer(idea, cast.adviser)
    seen.append(waits())
    answer(idea, cast.owner, "Hvad med Ærø?", 2)
    seen.append(waits())
    ideas.put_aside(idea_pk=idea.pk, by=cast.owner, at=NOW)
    seen.append(waits())

    assert seen == [True, False, True, False]
    assert not waiting_ideas(cast.other_adviser, at=NOW)["rows"]


def test_who_is_no_longer_its_adviser_answers_no_more(cast: Cast) -> None:
    idea = an_idea(cast)

    for stranger in (cast.other_adviser, cast.committee, cast.administrator):
        with pytest.raises(NotTheirs):
            answer(idea, stranger)

    assert not idea.replies.exists()


def test_put_aside_it_takes_no_answers_until_it_is_taken_up(cast: Cast) -> None:
    idea = an_idea(cast)
    ideas.put_aside(idea_pk=idea.pk, by=cast.owner, at=NOW)

    with pytest.raises(AlreadyDone):
        ideas.put_aside(idea_pk=idea.pk, by=cast.owner, at=NOW)
    with pytest.raises(Settled, match="Det, du skrev, er ikke sendt"):
        answer(idea, cast.adviser)
    with pytest.raises(Settled):
        ideas.make_draft(idea_pk=idea.pk, round=a_round_of(), by=cast.owner, at=NOW)
    ideas.take_up(idea_pk=idea.pk, by=cast.owner, at=NOW)
    with pytest.raises(AlreadyDone):
        ideas.take_up(idea_pk=idea.pk, by=cast.owner, at=NOW)

    assert answer(idea, cast.adviser).text == "Ring til os."


def a_round_of() -> Any:
    return Proposal._meta.get_field("round").related_model.objects.order_by("pk")[0]  # type: ignore[union-attr]  # a foreign key has one


@pytest.mark.parametrize("who", ("owner", "adviser", "secretariat"))
def test_the_dgo_is_changed_while_nobody_has_answered(cast: Cast, who: str) -> None:
    idea = an_idea(cast)
    OutgoingMail.objects.all().delete()
    by = getattr(cast, who)

    ideas.change_dgo(idea_pk=idea.pk, dgo=cast.other_dgo, by=by, at=minutes_later(NOW))

    left = [("idea_moved", cast.adviser.email)] if who != "adviser" else []
    told = [("idea_moved", cast.owner.email)] if who != "owner" else []
    assert letters() == [("idea_sent", cast.other_adviser.email), *left, *told]
    assert not Idea.objects.visible_to(cast.adviser, at=NOW).exists()
    again = NotTheirs if who == "adviser" else AlreadyDone
    with pytest.raises(again):
        ideas.change_dgo(idea_pk=idea.pk, dgo=cast.other_dgo, by=by, at=NOW)
    answer(idea, cast.other_adviser, minutes=2)
    with pytest.raises(Settled, match="Idéen er besvaret"):
        ideas.change_dgo(idea_pk=idea.pk, dgo=cast.dgo, by=cast.owner, at=NOW)
    idea.refresh_from_db()
    assert (idea.dgo, idea.what) == (cast.other_dgo, SAID["what"])


def test_an_adviser_hands_it_on_with_a_note_and_it_waits_for_the_other_dgo(cast: Cast) -> None:
    idea = an_idea(cast)
    answer(idea, cast.adviser)
    OutgoingMail.objects.all().delete()

    ideas.change_dgo(
        idea_pk=idea.pk,
        dgo=cast.other_dgo,
        note="I har prøvet det.",
        by=cast.adviser,
        at=minutes_later(NOW, 2),
    )

    idea.refresh_from_db()
    texts = list(idea.replies.oldest_first().values_list("text", "author_role"))
    assert texts == [("Ring til os.", cast.dgo.name), ("I har prøvet det.", cast.dgo.name)]
    assert letters() == [
        ("idea_sent", cast.other_adviser.email),
        ("idea_moved", cast.owner.email),
    ]
    assert all(
        "> I har prøvet det." in body
        for body in OutgoingMail.objects.values_list("body", flat=True)
    )
    assert [row["title"] for row in waiting_ideas(cast.other_adviser, at=NOW)["rows"]] == [
        idea.title
    ]
    answer(idea, cast.other_adviser, minutes=3)
    assert waiting_ideas(cast.other_adviser, at=NOW)["rows"] == []


def test_others_do_not_change_the_dgo_and_none_that_has_ended_is_chosen(cast: Cast) -> None:
    idea = an_idea(cast)

    with pytest.raises(NotTheirs):
        ideas.change_dgo(idea_pk=idea.pk, dgo=cast.other_dgo, by=cast.other_adviser, at=NOW)
    Dgo.objects.filter(pk=cast.other_dgo.pk).update(valid_until_date=danish.day_of(NOW))
    with pytest.raises(Missing, match="KlimaNord er ophørt"):
        ideas.change_dgo(idea_pk=idea.pk, dgo=cast.other_dgo, by=cast.owner, at=NOW)


def test_a_letter_about_an_idea_is_read_by_its_recipient_and_the_secretariat(cast: Cast) -> None:
    an_idea(cast)
    letter = OutgoingMail.objects.get(name="idea_sent")

    readers = {
        name
        for name in ("owner", "adviser", "other_adviser", "administrator", "secretariat")
        if reading.for_reader(OutgoingMail.objects.all(), getattr(cast, name), at=NOW)
        .get(pk=letter.pk)
        .is_readable
    }

    assert readers == {"adviser", "secretariat"}


def test_it_becomes_a_draft_that_says_what_it_said(cast: Cast, world: World) -> None:
    idea = an_idea(cast, dgo=cast.other_dgo)
    answer(idea, cast.other_adviser)

    made = ideas.make_draft(idea_pk=idea.pk, round=world.later, by=cast.owner, at=NOW)
    with pytest.raises(AlreadyDone):
        ideas.make_draft(idea_pk=idea.pk, round=world.later, by=cast.owner, at=NOW)

    made.refresh_from_db()
    idea.refresh_from_db()
    assert idea.proposal == made
    assert (made.status, made.round, made.owner) == (Status.DRAFT, world.later, cast.owner)
    assert (made.title, made.activities, made.plan_needs, made.organization_text) == (
        SAID["title"],
        SAID["what"],
        SAID["plan"],
        SAID["who"],
    )
    assert (made.organization, made.lead_dgo) == (cast.municipalities[0], cast.other_dgo)
    assert Proposal.objects.count() == 1
    # Nobody sees a draft that is not opened to them, and it is found by its words.
    assert not Proposal.objects.visible_to(cast.other_adviser, at=NOW).exists()
    found = Proposal.objects.visible_to(cast.owner, at=NOW).with_reading(cast.owner, at=NOW)
    assert found.matching("biokul").get() == made
    with pytest.raises(Settled):
        ideas.put_aside(idea_pk=idea.pk, by=cast.owner, at=NOW)
    with pytest.raises(Settled):
        answer(idea, cast.other_adviser)


def test_a_dgo_that_has_ended_does_not_follow_into_the_draft(cast: Cast, world: World) -> None:
    idea = an_idea(cast, dgo=cast.other_dgo)
    Dgo.objects.filter(pk=cast.other_dgo.pk).update(valid_until_date=danish.day_of(NOW))

    made = ideas.make_draft(idea_pk=idea.pk, round=world.round, by=cast.owner, at=NOW)

    assert made.lead_dgo == cast.dgo


def test_a_closed_round_makes_no_draft(cast: Cast, world: World) -> None:
    idea = an_idea(cast)
    before = world.round.opens_at - timedelta(days=1)

    with pytest.raises(RoundClosed), transaction.atomic():
        ideas.make_draft(idea_pk=idea.pk, round=world.round, by=cast.owner, at=before)

    assert not Proposal.objects.exists()


def test_every_answer_takes_as_much_as_an_idea_may_say() -> None:
    longest = {"what": LONG, "who": SHORT, "plan": SHORT}

    assert [name for _, name, said in CARRIED if FIELDS[name].max_length < longest[said]] == []


def test_the_desk_asks_once_however_many_wait(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(7):
        an_idea(cast)
    _ = cast.adviser.duties_at(NOW)

    with django_assert_num_queries(1):
        shown = waiting_ideas(cast.adviser, at=NOW)

    assert (len(shown["rows"]), shown["has_more"]) == (5, True)
