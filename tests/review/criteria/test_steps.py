"""The criteria of a round: added, ordered, copied, and kept once somebody has written about them."""

from django.urls import reverse

import pytest
from pytest_django import DjangoAssertNumQueries

from klimaspor import danish
from proposals.line.lifecycle import Status
from proposals.rounds.models import Round
from review import reference
from review.criteria import steps as criteria
from review.criteria.models import Criterion
from tests.factories.intake import NOW, Cast, a_cast, a_round
from tests.factories.walk import a_world, proposal_at
from tests.pages import Pages
from tests.visitor import Visitor

ANGRY = "<script>alert(1)</script>"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def cast() -> Cast:
    return a_cast()


@pytest.fixture
def round_() -> Round:
    round_ = a_round()
    reference.add_criteria(round_)
    return round_


@pytest.fixture
def office(cast: Cast) -> Visitor:
    visitor = Visitor()
    visitor.client.force_login(
        cast.secretariat, backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return visitor.open("/administration/")


def codes(round_: Round) -> list[str]:
    return [c.code for c in Criterion.objects.of_round(round_).listed()]


def test_a_criterion_is_added_changed_moved_and_removed(office: Visitor, round_: Round) -> None:
    office.follow("Vurderingskriterier").follow("Forår 2027").follow("Tilføj kriterium")
    assert office.page.value("code") == "V10"
    office.fill("Titel", ANGRY).fill("Uddybning", "- Først\n- Så").press("Gem")
    office.sees(f"V10 {ANGRY} er tilføjet.", "Først")

    office.press(f"Op: V10 {ANGRY}").sees(f"V10 {ANGRY} er flyttet op.")
    assert codes(round_)[-2:] == ["V10", "V9"]
    office.follow("V9 Merværdi").fill("Titel", "Fælles merværdi").press("Gem")
    office.sees("V9 Fælles merværdi er gemt.")

    office.follow(f"Fjern V10 {ANGRY}").press("Fjern kriteriet").sees(f"V10 {ANGRY} er fjernet.")
    assert codes(round_) == [f"V{n}" for n in range(1, 10)]
    positions = Criterion.objects.of_round(round_).listed().values_list("position", flat=True)
    assert list(positions) == list(range(1, 10))


def test_one_goes_on_at_the_criterion_or_at_the_next(office: Visitor, round_: Round) -> None:
    first, second, *_ = Criterion.objects.of_round(round_).listed()
    last = Criterion.objects.of_round(round_).listed()[8]

    def leads_to(step: str, criterion: Criterion, **data: str) -> str:
        answer = office.client.post(reverse(f"review:{step}", args=[criterion.pk]), data)
        return answer.headers["Location"].partition("#")[2]

    assert leads_to("move_criterion", second, retning="op") == f"kriterium-{second.pk}"
    assert leads_to("remove_criterion", second) == f"kriterium-{first.pk}"
    before = Criterion.objects.of_round(round_).listed()[6]
    assert leads_to("remove_criterion", last) == f"kriterium-{before.pk}"


def test_the_first_and_the_last_go_no_further(cast: Cast, round_: Round) -> None:
    first, *_, last = Criterion.objects.of_round(round_).listed()

    criteria.move(criterion_pk=first.pk, up=True, by=cast.secretariat)
    criteria.move(criterion_pk=last.pk, up=False, by=cast.secretariat)

    assert codes(round_) == [f"V{n}" for n in range(1, 10)]


@pytest.mark.parametrize(
    ("data", "problem"),
    (
        ({"code": "", "title": "Ny"}, "Indtast nummeret, fx V10"),
        ({"code": "V10", "title": ""}, "Indtast kriteriets titel"),
        (
            {"code": "V1", "title": "Ny"},
            "Runden har allerede et kriterium med nummeret V1.",
        ),
    ),
)
def test_what_a_criterion_must_have(
    cast: Cast, round_: Round, pages: Pages, data: dict[str, str], problem: str
) -> None:
    page = pages.as_(cast.secretariat).post(
        f"/administration/kriterier/{round_.pk}/ny/", data, status=200
    )

    assert page.problems == [problem]
    assert len(codes(round_)) == 9


def test_what_somebody_has_written_about_stays(pages: Pages) -> None:
    world = a_world()
    cast = world.cast
    proposal = proposal_at(Status.QUALIFIED, world)
    used = Criterion.objects.of_round(proposal.round).listed()[0]
    free = Criterion.objects.create(round=proposal.round, code="V4", title="Ny", position=4)

    with pytest.raises(criteria.InUse):
        criteria.remove(criterion_pk=used.pk, by=cast.secretariat)
    criteria.remove(criterion_pk=free.pk, by=cast.secretariat)

    address = f"/administration/kriterier/punkt/{used.pk}/"
    opened = pages.as_(cast.secretariat).get(address)
    assert "De viser stadig den titel og tekst, det havde, da de blev afgivet." in opened.text
    pages.press(address, opened.sent | {"code": "V99", "title": "Bedre titel"})
    used.refresh_from_db()
    assert (used.code, used.title) == ("V1", "Bedre titel")
    page = pages.press(f"{address}fjern/")
    assert page.messages[-1].startswith("V1 Bedre titel kan ikke fjernes")


def test_two_who_change_the_same_are_told(cast: Cast, round_: Round, pages: Pages) -> None:
    criterion = Criterion.objects.of_round(round_).listed()[0]
    address = f"/administration/kriterier/punkt/{criterion.pk}/"
    opened = pages.as_(cast.secretariat).get(address).sent
    Criterion.objects.filter(pk=criterion.pk).update(title="En andens")

    told = pages.post(address, opened | {"title": "Min"}, status=409)

    assert told.problems == [
        "Titel er ændret, efter du åbnede siden. Se, hvad der står nu. Ret dit, eller gem igen, hvis dit skal stå"
    ]
    assert "Titel En andens" in told.text
    criterion.refresh_from_db()
    assert criterion.title == "En andens"


def test_criteria_are_copied_from_another_round(office: Visitor, cast: Cast, round_: Round) -> None:
    empty = a_round(name="Efterår 2027", meeting_date=danish.day_of(NOW))
    criteria.add(
        round_pk=empty.pk, code="V3", title="Vores", text="", is_placeholder=False, by=cast.owner
    )

    office.follow("Vurderingskriterier").follow("Efterår 2027")
    office.fill("Kopiér kriterier fra", "Forår 2027").press("Kopiér")
    office.sees("8 kriterier er kopieret.", "V3 Vores", "Foreløbigt")
    assert codes(empty) == ["V3", "V1", "V2", "V4", "V5", "V6", "V7", "V8", "V9"]

    office.fill("Kopiér kriterier fra", "Forår 2027").press("Kopiér")
    office.sees("Forår 2027 har ingen kriterier, der ikke er her i forvejen.")


def test_history_is_not_edited(cast: Cast, pages: Pages) -> None:
    past = a_round(name="Forår 2024", is_history=True)

    pages.as_(cast.secretariat).get(f"/administration/kriterier/{past.pk}/", status=404)
    assert "Forår 2024" not in pages.get("/administration/kriterier/").text


def test_a_rounds_page_asks_the_same_however_many_there_are(
    cast: Cast, round_: Round, pages: Pages, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    pages.as_(cast.secretariat)
    Criterion.objects.of_round(round_).filter(position__gt=1).delete()
    with django_assert_num_queries(7):
        pages.get(f"/administration/kriterier/{round_.pk}/")
    Criterion.objects.all().delete()
    reference.add_criteria(round_)
    with django_assert_num_queries(7):
        pages.get(f"/administration/kriterier/{round_.pk}/")
