"""The rounds as the secretariat keeps them: a moved deadline first shows whom it concerns."""

from datetime import date, time, timedelta

from django.core.exceptions import ValidationError

import pytest

from klimaspor import danish
from klimaspor.accounts.models import Role
from proposals.line.duties import Kind
from proposals.line.lifecycle import Status
from proposals.rounds.models import Round, usual_dgo_deadline
from proposals.sparring import steps as advice
from tests.factories.intake import NOW, Cast, a_cast, a_draft, a_round, give_role
from tests.factories.walk import a_world, proposal_at
from tests.pages import Pages
from tests.visitor import Visitor

ROUNDS = "/administration/runder/"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def cast() -> Cast:
    return a_cast()


@pytest.fixture
def office(cast: Cast) -> Visitor:
    visitor = Visitor()
    visitor.client.force_login(
        cast.secretariat, backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return visitor.open("/administration/")


def test_a_round_is_made_at_nine(office: Visitor) -> None:
    office.follow("Runder").follow("Ny runde")
    assert office.page.value("qualification_time") == "9.00"
    office.fill("Rundens navn", "Forår 2028").fill("Runden åbner, dato", "3. januar 2028")
    office.fill("Frist for faglig kvalificering, dato", "3.4.2028")
    office.fill("Frist for godkendelsesforløb, dato", "13.4.2028")
    office.fill("Møde i forretningsudvalget, dato", "18.5.2028").press("Gem runden")

    office.sees("Forår 2028 er gemt.")
    made = Round.objects.get()
    assert (
        danish.datetime_text(made.qualification_deadline_at)
        == "mandag den\xa03.\xa0april\xa02028 kl.\xa09.00"
    )
    assert (made.meeting_time, made.min_authorities) == (None, 3)
    # Easter lies between: 13 April is a Thursday, and three working days before it is Monday.
    assert (
        danish.datetime_text(made.dgo_deadline_at)
        == "mandag den\xa010.\xa0april\xa02028 kl.\xa09.00"
    )


@pytest.mark.parametrize(
    ("first", "second", "answer"),
    (
        ((4, 12), (4, 29), (4, 26)),
        # Maundy Thursday to Easter Monday are no working days.
        ((3, 15), (3, 31), (3, 23)),
        ((4, 26), (4, 28), (4, 27)),
    ),
)
def test_the_dgo_answers_three_working_days_before_the_second_deadline(
    first: tuple[int, int], second: tuple[int, int], answer: tuple[int, int]
) -> None:
    between = [danish.wall(date(2027, *day), time(9)) for day in (first, second, answer)]
    assert usual_dgo_deadline(between[0], between[1]) == between[2]


@pytest.mark.parametrize("hours", (0, -1))
def test_the_dgos_term_holds_between_the_deadlines(hours: int) -> None:
    round_ = a_round()
    for at in (
        round_.qualification_deadline_at + timedelta(hours=hours),
        round_.approval_deadline_at - timedelta(hours=hours),
    ):
        round_.dgo_deadline_at = at
        with pytest.raises(ValidationError, match="DGO'ens svarfrist skal ligge efter første"):
            round_.validate_constraints()


def test_a_dgos_term_outside_the_deadlines_is_refused_beside_it(office: Visitor) -> None:
    round_ = a_round()
    office.open(f"{ROUNDS}{round_.pk}/").fill("DGO'ens svarfrist, dato", "29.4.2027")
    office.press("Gem runden")
    assert office.page.problems == ["Svarfristen skal ligge mellem rundens to frister"]
    assert office.page.value("dgo_date") == "29.4.2027"


def test_whom_a_moved_term_of_the_dgo_concerns_is_shown_and_the_desk_follows() -> None:
    world, office = a_world(), Visitor()
    lying, draft = (proposal_at(s, world) for s in (Status.IN_QUALIFICATION, Status.DRAFT))
    office.client.force_login(
        world.cast.secretariat, backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    office.open(f"{ROUNDS}{world.round.pk}/").fill("DGO'ens svarfrist, dato", "27.4.2027")
    office.press("Gem runden")
    office.sees("DGO'ens svarfrist flyttes fra mandag den 26. april 2027", lying.number)
    office.sees_no(draft.number)

    office.press("Flyt fristen, og gem runden")

    duty = lying.duties.undone().get(kind=Kind.QUALIFY)
    assert duty.due_at == danish.wall(date(2027, 4, 27), time(9))


def test_days_must_be_in_order(cast: Cast, pages: Pages) -> None:
    page = pages.as_(cast.secretariat).post(
        f"{ROUNDS}ny/",
        {
            "name": "Forår 2028",
            "opens_date": "3.4.2028",
            "opens_time": "9.00",
            "qualification_date": "3.4.2028",
            "qualification_time": "9.00",
            "approval_date": "2.4.2028",
            "approval_time": "9.00",
            "meeting_date": "2.4.2028",
            "advice_days": "10",
            "reply_days": "3",
            "min_authorities": "3",
        },
        status=200,
    )

    assert page.problems == [
        "Fristen skal ligge efter, at runden åbner",
        "Fristen skal ligge efter fristen for faglig kvalificering",
        "Mødet skal ligge efter fristen for godkendelsesforløb",
    ]


def test_a_moved_deadline_shows_whom_it_concerns_before_it_is_moved(
    office: Visitor, cast: Cast
) -> None:
    round_ = a_round()
    opened = a_draft(cast, round_, title="Åbent forslag")
    advice.open_sparring(proposal_pk=opened.pk, by=cast.owner, at=NOW)
    secret = a_draft(cast, round_, title="Hemmelig kladde")
    answered = a_draft(cast, round_, title="Med egen frist")
    advice.open_sparring(proposal_pk=answered.pk, by=cast.owner, at=NOW)
    answered.answer_due_at = NOW
    answered.save(update_fields=["answer_due_at"])

    office.follow("Runder").follow("Forår 2027")
    office.fill("Frist for faglig kvalificering, dato", "19.4.2027").press("Gem runden")

    office.sees(
        "Du flytter en frist",
        "flyttes fra mandag den 12. april 2027 kl. 9.00 til mandag den 19. april 2027 kl. 9.00",
        opened.number,
        "Åbent forslag",
        "Ella Ejer",
        "Kladder, der ikke er åbnet for jer, står ikke her",
    )
    office.sees_no(secret.number, "Hemmelig kladde", answered.number)
    round_.refresh_from_db()
    assert danish.day_of(round_.qualification_deadline_at) == date(2027, 4, 12)

    office.press("Flyt fristen, og gem runden").sees("Forår 2027 er gemt.")
    round_.refresh_from_db()
    assert danish.day_of(round_.qualification_deadline_at) == date(2027, 4, 19)


def test_a_yes_to_one_move_is_no_yes_to_another(office: Visitor) -> None:
    round_ = a_round()
    office.open(f"{ROUNDS}{round_.pk}/")
    office.fill("Frist for faglig kvalificering, dato", "19.4.2027").press("Gem runden")

    office.fill("Frist for faglig kvalificering, dato", "1.2.2027")
    office.press("Flyt fristen, og gem runden")

    office.sees("Du flytter en frist", "Den er dermed passeret.")
    round_.refresh_from_db()
    assert danish.day_of(round_.qualification_deadline_at) == date(2027, 4, 12)


def test_what_moves_no_deadline_is_saved_at_once(office: Visitor) -> None:
    round_ = a_round()

    office.open(f"{ROUNDS}{round_.pk}/").fill("Mødested", "Odense").press("Gem runden")

    office.sees("Forår 2027 er gemt.")
    round_.refresh_from_db()
    assert round_.meeting_place == "Odense"


def test_two_who_change_the_same_of_a_round_are_told(cast: Cast, office: Visitor) -> None:
    round_ = a_round()
    office.open(f"{ROUNDS}{round_.pk}/")
    moved = danish.wall(date(2027, 4, 14), time(9))
    now = {"qualification_deadline_at": moved, "meeting_place": "Aarhus"}
    Round.objects.filter(pk=round_.pk).update(**now)

    office.fill("Mødested", "Odense").press("Gem runden", status=409)

    assert office.page.problems == [
        "Mødested er ændret, efter du åbnede siden. Se, hvad der står nu. Ret dit, eller gem igen, hvis dit skal stå"
    ]
    round_.refresh_from_db()
    assert round_.meeting_place == "Aarhus"
    # The deadline a colleague has moved is no move of one's own.
    office.press("Gem runden").sees("Forår 2027 er gemt.")
    round_.refresh_from_db()
    assert (round_.qualification_deadline_at, round_.meeting_place) == (moved, "Odense")


def test_an_administrator_keeps_rounds_and_sees_no_proposals(cast: Cast, pages: Pages) -> None:
    round_ = a_round()
    opened = a_draft(cast, round_, title="Åbent forslag")
    advice.open_sparring(proposal_pk=opened.pk, by=cast.owner, at=NOW)
    pages.as_(cast.administrator)
    form = pages.get(f"{ROUNDS}{round_.pk}/")
    fields = [
        "name",
        "opens_date",
        "opens_time",
        "qualification_date",
        "qualification_time",
        "approval_date",
        "approval_time",
        "meeting_date",
        "advice_days",
        "reply_days",
        "min_authorities",
    ]
    carried = pages.seen(f"{ROUNDS}{round_.pk}/")

    data = {name: form.value(name) for name in fields} | carried
    data |= {"qualification_date": "19.4.2027"}
    page = pages.post(f"{ROUNDS}{round_.pk}/", data, status=200)

    assert "Ingen forslag, I kan se, venter på fristen." in page.text
    assert "Åbent forslag" not in page.text
    give_role(cast.administrator, Role.SECRETARIAT)
    assert "Åbent forslag" in pages.post(f"{ROUNDS}{round_.pk}/", data, status=200).text
