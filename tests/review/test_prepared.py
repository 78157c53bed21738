"""What is prepared for anybody says to each what the queryset itself would."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

import pytest

from klimaspor.accounts.anybody import PreparedFor
from klimaspor.accounts.models import Role
from klimaspor.prepared import _filled as filled
from klimaspor.prepared import together
from proposals.line import impartiality
from proposals.line.lifecycle import Status
from proposals.line.models import Proposal
from review.dgo_desk import queries as dgo_desk
from review.dgo_desk.queries import TURN
from review.listing import views as listing
from review.listing.forms import SORTS
from review.next_steps import queries as waiting
from review.secretariat_desk import queries as secretariat
from tests.factories.intake import NOW, give_role
from tests.factories.walk import AFTER, proposal_at

if TYPE_CHECKING:
    from tests.factories.walk import World

pytestmark = pytest.mark.slow(
    "asks what is prepared of every kind of person, over proposals at every stop"
)

QUESTIONS = {
    f"{module.__name__}.{name}": value
    for module in (waiting, secretariat)
    for name, value in vars(module).items()
    if isinstance(value, PreparedFor)
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
    return {"cast": cast, **{who: getattr(cast, who) for who in EVERYBODY}}


def plainly(rows: Any, values: dict[str, Any]) -> list[Any]:
    """Ask a queryset as Django does, with the values that it leaves open."""
    sql, open_values = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(sql, filled(open_values, values))
        return cursor.fetchall()


@pytest.mark.parametrize("at", (NOW, AFTER), ids=("now", "after"))
def test_a_prepared_question_answers_as_its_queryset(told: dict[str, Any], at: Any) -> None:
    cast = told["cast"]
    values = {
        "keys": list(Proposal.objects.values_list("pk", flat=True)),
        "subjects": ["2027-05-27", "2027-05-28"],
        "status": Status.IN_APPROVAL,
        "round": Proposal.objects.first().round_id,
    }
    holders = {"_of_dgo": cast.dgo.pk, "_of_funder": cast.realdania.pk, "_of_group": "secretariat"}
    answered = set()
    for name, question in QUESTIONS.items():
        _, _, last = name.rpartition(".")
        given = {**values, "holder": holders.get(last)}
        words = (Status.DRAFT,) if last == "_due" else ()
        for who in EVERYBODY:
            user = told[who]
            plain = plainly(question.build(user, *words, at=at), given)
            asked = question(user, *words, at=at, **given)

            assert together([asked]) == plain, (name, who)
            if plain:
                answered.add(last)
    if at == AFTER:
        # What answers alike is not alike because nothing is there.
        assert {q.rpartition(".")[2] for q in QUESTIONS} - answered == {
            "_own_late",
            "_orphans",
            "_ties",
            "_without_desk",
        }


def test_what_is_read_are_the_rows_of_its_queryset(told: dict[str, Any]) -> None:
    keys = list(Proposal.objects.values_list("pk", flat=True))
    found = waiting.shown(told["secretariat"], at=AFTER, keys=keys)
    plain = Proposal.objects.visible_to(told["secretariat"], at=AFTER)
    titles = {p.pk: p.shown_title for p in plain.with_reading(told["secretariat"], at=AFTER)}

    assert {p.pk: p.shown_title for p in found} == titles
    assert len(titles) == 5


def test_a_question_is_put_together_once_for_each_kind_of_person(told: dict[str, Any]) -> None:
    built = []

    def build(user: Any, *, at: Any) -> Any:
        built.append(user)
        return Proposal.objects.visible_to(user, at=at)

    question = PreparedFor(build)
    seen = {
        who: set(question(told[who], at=AFTER)) for who in ("adviser", "other_adviser", "owner")
    }

    assert len(built) == 2
    assert seen["adviser"] != seen["other_adviser"]


@pytest.mark.parametrize("at", (NOW, AFTER), ids=("now", "after"))
@pytest.mark.parametrize("sort", SORTS)
def test_pages_of_the_list_are_its_rows_in_order(told: dict[str, Any], at: Any, sort: str) -> None:
    for who in EVERYBODY:
        user = told[who]
        listed = listing._listed.build(user, sort, at=at)  # noqa: SLF001 - what the page asks
        keys = [row["pk"] for found in listed.found for row in found]
        asked = listing._listed(user, sort, at=at)  # noqa: SLF001 - the same
        hold_pages(asked, keys, who)
        seen = Proposal.objects.visible_to(user, at=at).values_list("pk", flat=True)
        assert sorted(keys) == sorted(seen), who


@pytest.mark.parametrize("at", (NOW, AFTER), ids=("now", "after"))
def test_pages_of_the_desk_are_its_rows_in_order(told: dict[str, Any], at: Any) -> None:
    for who in ("adviser", "other_adviser", "colleague"):
        user = told[who]
        listed = dgo_desk.lying.build(user, TURN, at=at)
        keys = [row["proposal_id"] for found in listed.found for row in found]
        hold_pages(dgo_desk.lying(user, TURN, at=at), keys, who)
        seen = Proposal.objects.visible_to(user, at=at)
        assert set(keys) <= set(seen.values_list("pk", flat=True)), who


def hold_pages(asked: Any, keys: list[int], who: str) -> None:
    rows, count = asked.page(0, 100, most=1001)
    assert [row.pk for row in rows] == keys, who
    assert count == len(keys) == asked.count(), who
    part, counted = asked.page(1, 3, most=2)
    assert [row.pk for row in part] == keys[1:3], who
    # Past the end nobody knows.
    assert counted == (min(len(keys), 3) if keys[1:] else 0), who


def test_questions_that_are_asked_together_give_the_rows_of_all(told: dict[str, Any]) -> None:
    user, (first, second) = told["secretariat"], list(Status)[:2]
    asked = [secretariat._due(user, status, at=AFTER) for status in (first, second)]  # noqa: SLF001 - two that have rows
    alone = [row for one in asked for row in together([one])]

    assert len(alone) == 1
    assert together(asked) == alone
