"""The demo lets anybody in as anybody, so it is only there on this machine and never beside real people."""

from typing import Any

import pytest

from klimaspor.accounts import demo
from klimaspor.accounts.models import Dgo, Membership, Role, User
from tests.factories.intake import NOW, give_role, people_of_the_demo, person
from tests.pages import Pages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def users() -> dict[str, User]:
    return people_of_the_demo()


@pytest.fixture
def demo_on(settings: Any) -> Any:
    settings.DEMO = True
    return settings


def test_there_is_somebody_in_every_role_and_some_have_two(users: dict[str, User]) -> None:
    def holding(role: Role) -> int:
        return Membership.objects.current(NOW).holding(role).values("user").distinct().count()

    assert {role: holding(role) for role in Role} == {
        Role.MEMBER: 6,
        Role.DGO_ADVISER: 4,
        Role.SECRETARIAT: 2,
        Role.COMMITTEE: 3,
        Role.FUNDER: 2,
        Role.ADMINISTRATOR: 1,
    }
    assert len(users["anders"].duties_at(NOW).dgo_ids) == 2
    hanne = users["hanne"].duties_at(NOW)
    assert (hanne.is_committee, len(hanne.funder_ids)) == (True, 1)
    assert not Dgo.objects.filter(memberships=None).exists()
    assert Membership.objects.claims().count() == 1


def test_making_them_again_makes_nobody(users: dict[str, User]) -> None:
    Membership.objects.of(users["lise"]).update(valid_until_date=NOW.date())

    again = demo.make_people(NOW)

    assert {key: user.pk for key, user in again.items()} == {
        key: user.pk for key, user in users.items()
    }
    assert Membership.objects.count() == 20


def test_none_of_them_can_be_written_to_or_rung_up(users: dict[str, User]) -> None:
    assert {user.email.split("@")[1] for user in users.values()} == {"demo.invalid"}
    assert {user.phone[:5] for user in users.values()} == {"00 00"}
    assert {dgo.contact_phone[:5] for dgo in Dgo.objects.all()} == {"00 00"}
    assert not any(user.has_usable_password() for user in users.values())
    assert all(user.is_demo for user in users.values())


def test_one_press_signs_in(users: dict[str, User], demo_on: Any, pages: Pages) -> None:
    page = pages.get("/demo/")
    assert "Hanne Kirkeby" in page.text
    assert "/demo/breve/" in page.links

    answer = pages.post(f"/demo/log-paa/{users['birgitte'].pk}/")

    assert answer.location == "/"
    assert "Birgitte Vesterholm, på vegne af sekretariatet" in pages.get("/konto/profil/").text
    pages.get("/administration/")


def test_changing_person_ends_the_first_session(
    users: dict[str, User], demo_on: Any, pages: Pages
) -> None:
    pages.post(f"/demo/log-paa/{users['birgitte'].pk}/")
    first = pages.client.session.session_key

    pages.post(f"/demo/log-paa/{users['mette'].pk}/")

    assert pages.client.session.session_key != first
    assert "Mette Lindholm, på vegne af Aarhus Kommune" in pages.get("/konto/profil/").text
    pages.get("/administration/", status=403)


def test_reading_the_address_signs_nobody_in(
    users: dict[str, User], demo_on: Any, pages: Pages
) -> None:
    pages.get(f"/demo/log-paa/{users['birgitte'].pk}/", status=302)

    assert "_auth_user_id" not in pages.client.session


def test_only_people_who_do_not_exist_are_signed_in(
    users: dict[str, User], demo_on: Any, pages: Pages
) -> None:
    real = person("Rigtig Person")
    User.objects.filter(pk=users["ole"].pk).update(is_active=False)

    for pk in (real.pk, users["ole"].pk, 0):
        pages.post(f"/demo/log-paa/{pk}/", status=404)
    assert "Rigtig Person" not in pages.get("/demo/").text
    assert "_auth_user_id" not in pages.client.session


@pytest.mark.parametrize(
    ("changed", "request_made"),
    (
        ({"DEMO": False}, {}),
        ({"PRODUCTION": True}, {}),
        ({"BIND": "0.0.0.0"}, {}),  # noqa: S104 - what must not be
        ({"TRUSTED_PROXIES": 1}, {}),
        ({}, {"REMOTE_ADDR": "192.0.2.7"}),
        ({}, {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}),
        ({}, {"HTTP_FORWARDED": "for=127.0.0.1"}),
        ({}, {"HTTP_HOST": "klimaspor.evil.example"}),
    ),
    ids=("off", "production", "bind", "proxies", "far", "forwarded for", "forwarded", "host"),
)
def test_the_demo_is_not_there_for_anybody_else(
    users: dict[str, User],
    demo_on: Any,
    pages: Pages,
    changed: dict[str, Any],
    request_made: dict[str, str],
) -> None:
    for name, value in changed.items():
        setattr(demo_on, name, value)

    answers = {
        pages.client.get("/demo/", **request_made).status_code,
        pages.client.get("/demo/breve/", **request_made).status_code,
        pages.client.post(f"/demo/log-paa/{users['birgitte'].pk}/", **request_made).status_code,
    }

    assert answers == ({400} if "HTTP_HOST" in request_made else {404})
    assert "_auth_user_id" not in pages.client.session


def test_the_demo_refuses_to_start_beside_real_staff(users: dict[str, User]) -> None:
    somebody = person("Rigtig Person")
    assert demo.demo_refusal(NOW) is None

    give_role(somebody, Role.COMMITTEE)

    refusal = demo.demo_refusal(NOW)
    assert refusal is not None
    assert refusal.startswith("Der er rigtige medarbejdere")


@pytest.mark.parametrize("power", ("is_staff", "is_superuser"))
def test_technical_access_is_real_staff_too(power: str) -> None:
    person("Rigtig Person", **{power: True})

    assert demo.demo_refusal(NOW) is not None
