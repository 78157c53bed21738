"""The first of the secretariat comes in by a command."""

import re
from io import StringIO

from django.core.management import CommandError, call_command

import pytest

from klimaspor.accounts.models import Invitation, Membership
from klimaspor.mail.models import OutgoingMail
from tests.accounts.conftest import verify
from tests.factories.intake import Cast, person
from tests.pages import Pages

pytestmark = pytest.mark.django_db


def invite(*arguments: str) -> str:
    said = StringIO()
    call_command("invite_secretariat", *arguments, stdout=said)
    return said.getvalue()


def test_the_first_of_the_secretariat_comes_in_by_the_printed_link(pages: Pages) -> None:
    said = invite("Forste.Medarbejder@example.org", "--navn", "Første Medarbejder")
    user = person("Forste Medarbejder")
    link = re.search(r"http://testserver(/invitation/[\w-]+/)", said)
    assert link

    answer = pages.as_(verify(user)).post(link[1])

    assert answer.location == "/"
    assert user.duties_at(user.clock).is_secretariat  # type: ignore[arg-type]  # the factory sets it
    assert Membership.objects.of(user).get().confirmed_by == user
    assert OutgoingMail.objects.get().recipient == "forste.medarbejder@example.org"
    assert link[0] in OutgoingMail.objects.get().body


def test_a_lost_link_is_replaced_and_stops_working(pages: Pages) -> None:
    first = re.findall(r"/invitation/[\w-]+/", invite("ny@example.org"))[0]
    second = re.findall(r"/invitation/[\w-]+/", invite("ny@example.org"))[0]

    assert first != second
    assert pages.get(first, status=410).heading == "Invitationen kan ikke bruges"
    assert pages.get(second).heading == "Du er inviteret til Klimaspor"
    assert Invitation.objects.count() == 2


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(CommandError, match="sekretariat er ikke en mailadresse"):
        invite("sekretariat")


def test_who_is_there_already_is_not_invited(cast: Cast) -> None:
    verify(cast.secretariat)

    with pytest.raises(CommandError, match="har allerede rollen: sekretariatet"):
        invite(cast.secretariat.email)
