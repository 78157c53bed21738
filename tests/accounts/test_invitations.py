"""Invitations: random, bound to an address, good for fourteen days, and used once."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.db import connection

import pytest

from klimaspor.accounts import invitations, links
from klimaspor.accounts.models import Invitation, Membership, Role, User
from klimaspor.mail.models import OutgoingMail
from tests.accounts.conftest import verify
from tests.factories.intake import NOW, Cast, a_cast, person

LATER = NOW + timedelta(days=1)

pytestmark = pytest.mark.django_db


def invite(cast: Cast, email: str = "ny@example.org", **changes: object) -> links.Sent:
    given = {"name": "Ny Person", "role": Role.SECRETARIAT, "by": cast.secretariat, "at": NOW}
    return invitations.invite(email=email, **{**given, **changes})  # type: ignore[arg-type]  # the test names them


def somebody(email: str = "ny@example.org") -> User:
    user = person("Ny")
    user.email = email
    user.save(update_fields=["email"])
    return verify(user)


def test_the_token_is_kept_by_nobody_but_the_letter(cast: Cast) -> None:
    sent = invite(cast)

    letter = OutgoingMail.objects.get()
    stored = Invitation.objects.get()
    assert len(sent.token) >= 43
    assert stored.token_hash == hashlib.sha256(sent.token.encode()).hexdigest()
    assert f"http://testserver/invitation/{sent.token}/" in letter.body
    assert (letter.recipient, letter.is_secret) == ("ny@example.org", True)
    assert stored.expires_at == NOW + timedelta(days=14)


def test_the_invited_gets_the_role(cast: Cast) -> None:
    sent = invite(cast, email="Ny@Example.org")
    user = somebody()

    (membership,) = invitations.accept(token=sent.token, by=user, at=LATER)

    assert (membership.role, membership.confirmed_by) == (Role.SECRETARIAT, cast.secretariat)
    assert user.duties_at(LATER).is_secretariat
    with pytest.raises(links.AlreadyAccepted):
        invitations.accept(token=sent.token, by=user, at=LATER)


def test_one_letter_may_offer_several_dgos(cast: Cast) -> None:
    sent = invite(cast, role=Role.DGO_ADVISER, dgos=[cast.dgo, cast.other_dgo])
    user = somebody()

    assert OutgoingMail.objects.count() == 1
    assert len(invitations.accept(token=sent.token, by=user, at=LATER)) == 2
    assert user.duties_at(LATER).dgo_ids == {cast.dgo.pk, cast.other_dgo.pk}


def test_one_of_several_dgos_may_be_withdrawn(cast: Cast) -> None:
    sent = invite(cast, role=Role.DGO_ADVISER, dgos=[cast.dgo, cast.other_dgo])
    invitations.withdraw(invitation_pk=sent.invitations[0].pk, by=cast.colleague, at=NOW)
    user = somebody()

    invitations.accept(token=sent.token, by=user, at=LATER)

    assert user.duties_at(LATER).dgo_ids == {cast.other_dgo.pk}


def test_a_funder_acts_for_its_organization_and_an_administrator_gets_the_technical_pages(
    cast: Cast,
) -> None:
    user = somebody()

    for role, organization in ((Role.FUNDER, cast.realdania), (Role.ADMINISTRATOR, None)):
        sent = invite(cast, role=role, organization=organization)
        invitations.accept(token=sent.token, by=user, at=LATER)

    duties = user.duties_at(LATER)
    assert (duties.funder_ids, duties.is_administrator) == ({cast.realdania.pk}, True)
    user.refresh_from_db()
    assert user.is_staff


@pytest.mark.parametrize("proved", (False, True), ids=["not proved", "another's"])
def test_only_the_invited_address_may_accept(cast: Cast, proved: bool) -> None:
    sent = invite(cast)
    user = verify(person("Fremmed Person")) if proved else person("Ny")
    if not proved:
        user.email = "ny@example.org"
        user.save(update_fields=["email"])

    with pytest.raises(links.WrongAddress, match=r"sendt til ny@example\.org"):
        invitations.accept(token=sent.token, by=user, at=LATER)
    assert not Membership.objects.of(user).exists()


def test_a_closed_account_cannot_accept(cast: Cast) -> None:
    sent = invite(cast)
    user = somebody()
    user.is_active = False
    user.save(update_fields=["is_active"])

    with pytest.raises(links.WrongAddress):
        invitations.accept(token=sent.token, by=user, at=LATER)


def test_a_link_works_until_the_stroke(cast: Cast) -> None:
    sent = invite(cast)
    user = somebody()
    end = NOW + timedelta(days=14)

    with pytest.raises(
        links.Expired, match=r"udløb mandag den\xa015\.\xa0marts\xa02027 kl\.\xa010\.00"
    ):
        invitations.accept(token=sent.token, by=user, at=end)
    assert invitations.accept(token=sent.token, by=user, at=end - timedelta(seconds=1))


def test_a_withdrawn_link_and_one_nobody_sent_open_nothing(cast: Cast) -> None:
    sent = invite(cast)
    invitations.withdraw(invitation_pk=sent.invitations[0].pk, by=cast.secretariat, at=NOW)
    user = somebody()

    with pytest.raises(links.Withdrawn):
        invitations.accept(token=sent.token, by=user, at=LATER)
    with pytest.raises(links.Unknown):
        invitations.accept(token=sent.invitations[0].token_hash, by=user, at=LATER)


def test_an_accepted_invitation_cannot_be_withdrawn(cast: Cast) -> None:
    sent = invite(cast)
    invitations.accept(token=sent.token, by=somebody(), at=LATER)

    with pytest.raises(links.AlreadyAccepted):
        invitations.withdraw(invitation_pk=sent.invitations[0].pk, by=cast.secretariat, at=LATER)


def test_sending_again_gives_a_new_link_and_ends_the_old(cast: Cast) -> None:
    sent = invite(cast, role=Role.DGO_ADVISER, dgos=[cast.dgo, cast.other_dgo])

    again = invitations.send_again(
        invitation_pk=sent.invitations[1].pk, by=cast.colleague, at=LATER
    )

    user = somebody()
    with pytest.raises(links.Withdrawn):
        invitations.accept(token=sent.token, by=user, at=LATER)
    assert len(invitations.accept(token=again.token, by=user, at=LATER)) == 2


def test_the_same_offer_is_made_once(cast: Cast) -> None:
    invite(cast)

    with pytest.raises(invitations.AlreadyInvited):
        invite(cast, email="NY@example.org")
    assert invite(cast, at=NOW + timedelta(days=15))


def test_who_has_the_role_is_not_invited_to_it(cast: Cast) -> None:
    verify(cast.colleague)

    with pytest.raises(invitations.AlreadyHolds, match="sekretariatet"):
        invite(cast, email=cast.colleague.email)


def test_an_offer_says_of_whom(cast: Cast) -> None:
    with pytest.raises(invitations.ChooseDgo):
        invite(cast, role=Role.DGO_ADVISER)
    with pytest.raises(invitations.ChooseFunder):
        invite(cast, role=Role.FUNDER, organization=cast.company)


def test_one_person_can_only_invite_so_many_a_day(cast: Cast) -> None:
    for number in range(links.MOST_A_DAY):
        invite(cast, email=f"nr{number}@example.org")

    with pytest.raises(links.TooManyToday):
        invite(cast)
    assert invite(cast, by=cast.colleague)
    assert invite(cast, email="naeste@example.org", at=LATER + timedelta(seconds=1))


@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_once_make_one_role() -> None:
    cast = a_cast()
    sent = invite(cast)
    user = somebody()

    def accept(_: int) -> str:
        try:
            invitations.accept(token=sent.token, by=user, at=LATER)
        except links.AlreadyAccepted:
            return "already"
        finally:
            connection.close()
        return "accepted"

    with ThreadPoolExecutor(2) as both:
        answers = sorted(both.map(accept, range(2)))

    assert answers == ["accepted", "already"]
    assert Membership.objects.of(user).count() == 1
