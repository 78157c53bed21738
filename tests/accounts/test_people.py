"""Claims, and the end of roles."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.db import connection

import pytest

from klimaspor import danish
from klimaspor.accounts import people
from klimaspor.accounts.models import Membership, Organization, OrganizationRequest, Role, User
from klimaspor.mail.models import OutgoingMail
from tests.factories.intake import NOW, Cast, a_cast, give_role, person

LATER = NOW + timedelta(hours=1)

pytestmark = pytest.mark.django_db


def test_a_claim_waits_and_gives_nothing(cast: Cast) -> None:
    claim = people.claim(organization=cast.region, by=cast.stranger, at=NOW)

    duties = cast.stranger.duties_at(NOW)
    assert claim.state == "Venter på sekretariatet"
    assert (duties.is_staff, duties.confirmed_organization_ids, duties.acts_for) == (
        False,
        frozenset(),
        ((cast.region.pk, "Region Midtjylland"),),
    )


def test_a_claim_is_made_once(cast: Cast) -> None:
    people.claim(organization=cast.region, by=cast.stranger, at=NOW)

    with pytest.raises(people.AlreadyClaimed, match="Region Midtjylland står allerede"):
        people.claim(organization=cast.region, by=cast.stranger, at=LATER)


def test_an_organization_that_is_gone_points_to_its_successor(cast: Cast) -> None:
    merged = Organization.objects.create(name="Region Østdanmark", kind="region")
    gone = Organization.objects.create(
        name="Region Sjælland",
        kind="region",
        valid_until_date=danish.day_of(NOW),
        successor=merged,
    )

    with pytest.raises(people.NoLongerValid, match=r"findes ikke i dag\. Vælg Region Østdanmark"):
        people.claim(organization=gone, by=cast.stranger, at=NOW)


def test_the_queue_cannot_be_filled_by_one_person(cast: Cast) -> None:
    for number in range(people.MOST_UNANSWERED):
        people.request_organization(
            name=f"Forening {number}", kind="association", by=cast.stranger, at=NOW
        )

    with pytest.raises(people.TooManyUnanswered):
        people.claim(organization=cast.region, by=cast.stranger, at=NOW)
    assert people.claim(organization=cast.region, by=cast.owner, at=NOW)


def test_confirming_tells_the_person(
    cast: Cast, letters: Callable[[], list[tuple[str, str]]]
) -> None:
    claim = people.claim(organization=cast.region, by=cast.stranger, at=NOW)

    people.confirm(membership_pk=claim.pk, by=cast.secretariat, at=LATER)

    claim.refresh_from_db()
    assert (claim.confirmed_by, claim.confirmed_at) == (cast.secretariat, LATER)
    assert cast.stranger.duties_at(LATER).confirmed_organization_ids == {cast.region.pk}
    assert letters() == [("claim_confirmed", cast.stranger.email)]


def test_a_claim_is_answered_once(cast: Cast) -> None:
    claim = people.claim(organization=cast.region, by=cast.stranger, at=NOW)
    people.refuse(membership_pk=claim.pk, reason="Ukendt hos os", by=cast.secretariat, at=NOW)

    with pytest.raises(people.AlreadyAnswered):
        people.confirm(membership_pk=claim.pk, by=cast.colleague, at=NOW)
    letter = OutgoingMail.objects.get()
    assert (letter.name, "> Ukendt hos os" in letter.body) == ("claim_refused", True)
    assert cast.stranger.duties_at(NOW).organization_ids == frozenset()


def test_nobody_answers_their_own_claim(cast: Cast) -> None:
    claim = people.claim(organization=cast.region, by=cast.secretariat, at=NOW)
    asked = people.request_organization(
        name="Ny Forening", kind="association", by=cast.secretariat, at=NOW
    )

    with pytest.raises(people.OwnClaim):
        people.confirm(membership_pk=claim.pk, by=cast.secretariat, at=NOW)
    with pytest.raises(people.OwnClaim):
        people.refuse_request(request_pk=asked.pk, reason="x", by=cast.secretariat, at=NOW)


def test_leaving_an_organization_lets_one_come_again(cast: Cast) -> None:
    claim = people.claim(organization=cast.region, by=cast.stranger, at=NOW)

    people.leave(membership_pk=claim.pk, by=cast.stranger, at=NOW)

    assert cast.stranger.duties_at(NOW).organization_ids == frozenset()
    with pytest.raises(people.AlreadyAnswered):
        people.confirm(membership_pk=claim.pk, by=cast.secretariat, at=NOW)
    assert people.claim(organization=cast.region, by=cast.stranger, at=NOW).pk != claim.pk


def test_only_ones_own_claims_can_be_left(cast: Cast) -> None:
    claim = people.claim(organization=cast.region, by=cast.stranger, at=NOW)
    role = cast.funder.memberships.get()

    with pytest.raises(people.AlreadyEnded):
        people.leave(membership_pk=claim.pk, by=cast.owner, at=NOW)
    with pytest.raises(people.AlreadyEnded):
        people.leave(membership_pk=role.pk, by=cast.funder, at=NOW)
    assert cast.funder.duties_at(NOW).funder_ids == {cast.realdania.pk}


def test_a_typed_organization_is_no_organization_until_it_is_answered(cast: Cast) -> None:
    asked = people.request_organization(
        name="Fjernvarme A/S", kind="utility", by=cast.stranger, at=NOW
    )

    assert not Organization.objects.named("Fjernvarme A/S").exists()
    membership = people.confirm_request(
        request_pk=asked.pk, name="Fjernvarmen A/S", kind="utility", by=cast.secretariat, at=LATER
    )

    asked.refresh_from_db()
    assert str(asked.organization) == "Fjernvarmen A/S"
    assert (membership.confirmed_at, membership.claimed_at) == (LATER, NOW)


def test_a_typed_organization_may_be_one_that_is_there(cast: Cast) -> None:
    claim = people.claim(organization=cast.company, by=cast.stranger, at=NOW)
    asked = people.request_organization(name="Vandværket", kind="company", by=cast.stranger, at=NOW)

    membership = people.confirm_request_as(
        request_pk=asked.pk, organization=cast.company, by=cast.secretariat, at=LATER
    )

    assert membership == claim
    assert membership.confirmed_at == LATER


def test_what_is_on_the_list_is_chosen_there(cast: Cast) -> None:
    with pytest.raises(people.AlreadyOnTheList, match="Vandværket ApS findes allerede"):
        people.request_organization(name="vandværket aps", kind="company", by=cast.stranger, at=NOW)
    with pytest.raises(people.ChooseFromTheList):
        people.request_organization(
            name="Andeby Kommune", kind="municipality", by=cast.stranger, at=NOW
        )
    asked = people.request_organization(name="Ny A/S", kind="company", by=cast.stranger, at=NOW)
    with pytest.raises(people.AlreadyOnTheList):
        people.confirm_request(
            request_pk=asked.pk, name="REALDANIA", kind="company", by=cast.secretariat, at=NOW
        )


def test_a_request_is_answered_once(cast: Cast) -> None:
    asked = people.request_organization(name="Ny A/S", kind="company", by=cast.stranger, at=NOW)
    people.refuse_request(request_pk=asked.pk, reason="Findes ikke", by=cast.secretariat, at=NOW)

    with pytest.raises(people.AlreadyAnswered):
        people.confirm_request(
            request_pk=asked.pk, name="Ny A/S", kind="company", by=cast.colleague, at=NOW
        )
    assert not Organization.objects.named("Ny A/S").exists()


def test_a_request_can_be_taken_back_by_its_own_person(cast: Cast) -> None:
    asked = people.request_organization(name="Ny A/S", kind="company", by=cast.stranger, at=NOW)

    people.take_back_request(request_pk=asked.pk, by=cast.owner)
    assert OrganizationRequest.objects.open().count() == 1

    people.take_back_request(request_pk=asked.pk, by=cast.stranger)
    assert OrganizationRequest.objects.open().count() == 0


def test_a_role_ends_today(cast: Cast, letters: Callable[[], list[tuple[str, str]]]) -> None:
    role = cast.adviser.memberships.get()

    people.end_role(membership_pk=role.pk, by=cast.secretariat, at=NOW)

    assert cast.adviser.duties_at(LATER).dgo_ids == frozenset()
    assert cast.adviser.duties_at(NOW - timedelta(days=1)).dgo_ids == {cast.dgo.pk}
    assert letters() == [("role_ended", cast.adviser.email)]
    with pytest.raises(people.AlreadyEnded):
        people.end_role(membership_pk=role.pk, by=cast.secretariat, at=NOW)


def test_an_administrator_loses_the_technical_pages_with_the_role(cast: Cast) -> None:
    people.end_role(
        membership_pk=cast.administrator.memberships.get().pk, by=cast.secretariat, at=NOW
    )

    cast.administrator.refresh_from_db()
    assert not cast.administrator.is_staff


def test_the_last_of_the_secretariat_stays(cast: Cast) -> None:
    first, last = (user.memberships.get() for user in (cast.colleague, cast.secretariat))
    people.end_role(membership_pk=first.pk, by=cast.secretariat, at=NOW)

    with pytest.raises(people.LastSecretariat):
        people.end_role(membership_pk=last.pk, by=cast.administrator, at=NOW)
    with pytest.raises(people.LastSecretariat):
        people.deactivate(user_pk=cast.secretariat.pk, by=cast.administrator, at=NOW)
    cast.secretariat.refresh_from_db()
    assert cast.secretariat.is_active


def test_a_stand_in_begins_and_ends_without_anybody(cast: Cast) -> None:
    stand_in = give_role(cast.stranger, Role.DGO_ADVISER, dgo=cast.dgo)
    today = danish.day_of(NOW)

    people.set_period(
        membership_pk=stand_in.pk,
        valid_from_date=today + timedelta(days=2),
        valid_until_date=today + timedelta(days=4),
        by=cast.secretariat,
        at=NOW,
    )

    held = [
        bool(User.objects.get(pk=cast.stranger.pk).duties_at(NOW + timedelta(days=n)).dgo_ids)
        for n in range(5)
    ]
    assert held == [False, False, True, True, False]
    # What has not begun may be changed, and what has ended may not.
    people.set_period(
        membership_pk=stand_in.pk,
        valid_from_date=None,
        valid_until_date=today + timedelta(days=1),
        by=cast.secretariat,
        at=NOW,
    )
    with pytest.raises(people.AlreadyEnded):
        people.set_period(
            membership_pk=stand_in.pk,
            valid_from_date=None,
            valid_until_date=None,
            by=cast.secretariat,
            at=NOW + timedelta(days=1),
        )


def test_a_role_that_has_not_begun_ends_with_the_account_and_by_itself(cast: Cast) -> None:
    today = danish.day_of(NOW)
    for somebody in (cast.stranger, cast.other_adviser):
        role = give_role(somebody, Role.DGO_ADVISER, dgo=cast.dgo)
        role.valid_from_date = today + timedelta(days=2)
        role.save(update_fields=["valid_from_date"])

    people.deactivate(user_pk=cast.stranger.pk, by=cast.secretariat, at=NOW)
    people.reactivate(user_pk=cast.stranger.pk, by=cast.secretariat, at=NOW)
    people.end_role(membership_pk=role.pk, by=cast.secretariat, at=NOW)

    later = NOW + timedelta(days=3)
    assert User.objects.get(pk=cast.stranger.pk).duties_at(later).dgo_ids == frozenset()
    assert cast.dgo.pk not in User.objects.get(pk=cast.other_adviser.pk).duties_at(later).dgo_ids


def test_the_last_of_the_secretariat_without_an_end_stays(cast: Cast) -> None:
    first, last = (user.memberships.get() for user in (cast.colleague, cast.secretariat))
    first.valid_until_date = danish.day_of(NOW) + timedelta(days=9)
    first.save(update_fields=["valid_until_date"])

    with pytest.raises(people.LastSecretariat):
        people.end_role(membership_pk=last.pk, by=cast.administrator, at=NOW)

    people.end_role(membership_pk=first.pk, by=cast.administrator, at=NOW)


def test_somebody_of_the_secretariat_has_no_end(cast: Cast) -> None:
    first, last = (user.memberships.get() for user in (cast.colleague, cast.secretariat))
    ends = danish.day_of(NOW) + timedelta(days=9)

    def end(pk: int) -> None:
        people.set_period(
            membership_pk=pk, valid_from_date=None, valid_until_date=ends, by=cast.owner, at=NOW
        )

    end(first.pk)
    with pytest.raises(people.LastSecretariat):
        end(last.pk)
    with pytest.raises(people.NoPeriod):
        end(cast.administrator.memberships.get().pk)


def test_closing_an_account_ends_every_role(cast: Cast) -> None:
    give_role(cast.adviser, Role.COMMITTEE)

    people.deactivate(user_pk=cast.adviser.pk, by=cast.secretariat, at=NOW)
    people.reactivate(user_pk=cast.adviser.pk, by=cast.secretariat, at=LATER)

    cast.adviser.refresh_from_db()
    assert cast.adviser.is_active
    assert not cast.adviser.duties_at(LATER).is_staff


def test_nobody_closes_their_own_account(cast: Cast) -> None:
    with pytest.raises(people.NotYourself):
        people.deactivate(user_pk=cast.secretariat.pk, by=cast.secretariat, at=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_who_end_each_others_role_leave_one() -> None:
    cast = a_cast()
    pairs = ((cast.secretariat, cast.colleague), (cast.colleague, cast.secretariat))

    def end(pair: tuple[User, User]) -> str:
        by, whose = pair
        try:
            people.end_role(membership_pk=whose.memberships.get().pk, by=by, at=NOW)
        except people.LastSecretariat:
            return "refused"
        finally:
            connection.close()
        return "ended"

    with ThreadPoolExecutor(2) as both:
        answers = sorted(both.map(end, pairs))

    assert answers == ["ended", "refused"]
    left = Membership.objects.current(NOW).holding(Role.SECRETARIAT)
    assert left.count() == 1


def test_people_are_sorted_as_danes_do(db: None) -> None:
    for name in ("Ørn", "Aage", "Zita", "ægir", "anna", "Ålborg"):
        person(name)

    assert [user.name for user in User.objects.by_name()] == [
        "anna",
        "Zita",
        "ægir",
        "Ørn",
        "Aage",
        "Ålborg",
    ]
