"""What is prepared for anybody says to each what the queryset itself would."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator

import pytest

from klimaspor.accounts.anybody import Question
from klimaspor.accounts.models import Role
from klimaspor.prepared import FoundPaginator
from proposals.line import impartiality
from proposals.line.lifecycle import Status
from proposals.line.models import Proposal
from review.dgo_desk import views as dgo_desk
from review.next_steps import waiting
from review.secretariat_desk import views as secretariat
from tests.factories.intake import NOW, give_role
from tests.factories.walk import AFTER, proposal_at

if TYPE_CHECKING:
    from tests.factories.walk import World

QUESTIONS = {
    f"{module.__name__}.{name}": value
    for module in (waiting, secretariat, dgo_desk)
    for name, value in vars(module).items()
    if isinstance(value, Question)
}
EVERYBODY = (
    "owner",
    "stranger",
    "adviser",
    "other_adviser",
    "secretariat",
    "colleague",
    "committee",
    "funder",
    "administrator",
)


@pytest.fixture
def told(world: World) -> dict[str, Any]:
    """Proposals over the line, two people with several duties, and one who is partial."""
    cast = world.cast
    for status in (Status.DRAFT, Status.IN_APPROVAL, Status.RECOMMENDED, Status.APPROVED):
        proposal_at(status, world)
    tied = proposal_at(Status.IN_QUALIFICATION, world)
    proposal_at(Status.ON_AGENDA, world)
    row = impartiality.declare(
        proposal_pk=tied.pk, user=cast.adviser, reason="Nabo", by=cast.adviser, at=AFTER
    )
    impartiality.settle(
        impartiality_pk=row.pk, is_impartial=False, note="Nabo", by=cast.colleague, at=AFTER
    )
    give_role(cast.funder, Role.COMMITTEE)
    give_role(cast.colleague, Role.DGO_ADVISER, dgo=cast.other_dgo)
    return {who: getattr(cast, who) for who in EVERYBODY}


@pytest.mark.parametrize("at", (NOW, AFTER), ids=("now", "after"))
def test_a_prepared_question_answers_as_its_queryset(told: dict[str, Any], at: Any) -> None:
    for name, question in QUESTIONS.items():
        for who, user in told.items():
            plain = list(question.build(user, at=at))
            asked = question(user, at=at)

            assert list(asked) == plain, (name, who)
            assert asked.count() == len(plain), (name, who)


def test_a_part_is_the_same_rows_in_the_same_order(told: dict[str, Any]) -> None:
    question = QUESTIONS["review.next_steps.waiting._others"]
    plain = list(question.build(told["secretariat"], at=AFTER))

    asked = question(told["secretariat"], at=AFTER)

    assert len(plain) == 3
    assert asked[:2] == plain[:2]
    assert asked[1:100] == plain[1:]
    assert [p.shown_title for p in asked[:2]] == [p.shown_title for p in plain[:2]]


def test_a_question_is_put_together_once_for_each_kind_of_person(told: dict[str, Any]) -> None:
    built = []

    def build(user: Any, *, at: Any) -> Any:
        built.append(user)
        return Proposal.objects.visible_to(user, at=at)

    question = Question(build)
    seen = {
        who: set(question(told[who], at=AFTER)) for who in ("adviser", "other_adviser", "owner")
    }

    assert len(built) == 2
    assert seen["adviser"] != seen["other_adviser"]


@pytest.mark.parametrize(
    "name", ("next_steps.waiting._others", "next_steps.waiting._alone", "dgo_desk.views._lying")
)
def test_a_page_is_the_same_rows_and_tells_how_many_there_are(
    told: dict[str, Any], name: str
) -> None:
    question = QUESTIONS[f"review.{name}"]
    for who, user in told.items():
        plain = list(question.build(user, at=AFTER))
        asked = question(user, at=AFTER)
        assert asked.page(0, 2) == (plain[:2], len(plain)), who
        assert asked.page(1, 100) == (plain[1:], len(plain) if plain[1:] else 0), who


@pytest.mark.parametrize(
    ("number", "shown"),
    (
        (None, 1),
        ("1", 1),
        ("2", 2),
        ("3", 2),
        ("0", 2),
        ("-1", 2),
        ("to", 1),
        ("9" * 40, 2),
        ("1.5", 1),
    ),
)
def test_pages_of_what_is_found_are_those_of_any_list(
    told: dict[str, Any], number: str | None, shown: int
) -> None:
    asked = QUESTIONS["review.next_steps.waiting._others"](told["secretariat"], at=AFTER)
    page = FoundPaginator(asked, 2).get_page(number)
    plain = Paginator(list(asked), 2).get_page(number)
    assert (page.number, list(page), page.paginator.count, page.paginator.num_pages) == (
        shown,
        list(plain),
        3,
        2,
    )
    assert plain.number == shown


def test_nothing_found_is_one_empty_page(told: dict[str, Any]) -> None:
    asked = QUESTIONS["review.next_steps.waiting._others"](told["stranger"], at=NOW)
    page = FoundPaginator(asked, 2).get_page("1")
    assert (list(page), page.paginator.count, page.paginator.num_pages) == ([], 0, 1)
