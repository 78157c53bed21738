"""Every address of these pages for everybody: literal, so that a new one must be thought about."""

from typing import Any

import pytest

from klimaspor.accounts import invitations, people
from klimaspor.accounts.models import Membership, OrganizationRequest, Role, User
from review.criteria.models import Criterion
from tests.factories.intake import NOW, Cast, a_draft, a_round, give_role
from tests.pages import Pages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

# Who gets what: a stranger who is not signed in, somebody without a role, DGO, committee, funder, secretariat, administrator.
WHO = ("nobody", "owner", "adviser", "committee", "funder", "secretariat", "administrator")
OPEN = (200,) * 7
OWN = (302, *(200,) * 6)
OWN_BACK = (302,) * 7
OFFICE = (302, 403, 403, 403, 403, 200, 200)
OFFICE_BACK = (302, 403, 403, 403, 403, 302, 302)
GONE = (404,) * 7

PAGES = {
    "/konto/": OWN_BACK,
    "/konto/e-mail/anden/": OWN,
    "/konto/profil/": OWN,
    "/konto/profil/organisation/": OWN,
    "/konto/profil/organisation/ny/": OWN,
    "/konto/profil/organisation/{organization}/": OWN_BACK,
    "/konto/profil/tilknytning/{claim}/fjern/": OWN_BACK,
    "/konto/profil/oenske/{request}/fjern/": OWN_BACK,
    "/konto/paa-vegne-af/": OWN_BACK,
    "/invitation/{token}/": OPEN,
    "/administration/": OFFICE,
    "/administration/personer/": OFFICE,
    "/administration/personer/{person}/": OFFICE,
    "/administration/personer/{person}/luk/": OFFICE,
    "/administration/personer/{person}/aabn/": OFFICE,
    "/administration/roller/{role}/afslut/": OFFICE,
    "/administration/tilknytninger/": OFFICE,
    "/administration/tilknytninger/{claim}/bekraeft/": OFFICE_BACK,
    "/administration/tilknytninger/{claim}/afvis/": OFFICE,
    "/administration/tilknytninger/oensker/{request}/": OFFICE,
    "/administration/invitationer/": OFFICE,
    "/administration/invitationer/ny/": OFFICE,
    "/administration/invitationer/{invitation}/traek-tilbage/": OFFICE_BACK,
    "/administration/invitationer/{invitation}/igen/": OFFICE_BACK,
    "/administration/organisationer/": OFFICE,
    "/administration/organisationer/ny/": OFFICE,
    "/administration/organisationer/{organization}/": OFFICE,
    "/administration/dgo/": OFFICE,
    "/administration/dgo/ny/": OFFICE,
    "/administration/dgo/{dgo}/": OFFICE,
    "/administration/kontakt/": OFFICE,
    "/administration/koersel/": OFFICE,
    "/administration/runder/": OFFICE,
    "/administration/runder/ny/": OFFICE,
    "/administration/runder/{round}/": OFFICE,
    "/administration/kriterier/": OFFICE,
    "/administration/kriterier/{round}/": OFFICE,
    "/administration/kriterier/{round}/ny/": OFFICE,
    "/administration/kriterier/{round}/kopier/": OFFICE_BACK,
    "/administration/kriterier/punkt/{criterion}/": OFFICE,
    "/administration/kriterier/punkt/{criterion}/flyt/": OFFICE_BACK,
    "/administration/kriterier/punkt/{criterion}/fjern/": OFFICE,
    "/demo/": GONE,
    "/demo/log-paa/{person}/": GONE,
}


@pytest.fixture
def things(cast: Cast) -> dict[str, Any]:
    """Make one of everything an address may name, so that there is something to leak."""
    round_ = a_round()
    sent = invitations.invite(
        email="hemmelig@example.org",
        name="Hemmelig Person",
        role=Role.COMMITTEE,
        by=cast.secretariat,
        at=NOW,
    )
    return {
        "organization": cast.company.pk,
        "claim": people.claim(organization=cast.region, by=cast.stranger, at=NOW).pk,
        "request": people.request_organization(
            name="Hemmelig A/S", kind="company", by=cast.stranger, at=NOW
        ).pk,
        "person": cast.stranger.pk,
        "role": cast.adviser.memberships.get().pk,
        "invitation": sent.invitations[0].pk,
        "token": sent.token,
        "dgo": cast.dgo.pk,
        "round": round_.pk,
        "criterion": Criterion.objects.create(round=round_, code="V1", title="Effekt").pk,
    }


def who(cast: Cast, name: str) -> User | None:
    return None if name == "nobody" else getattr(cast, name)


@pytest.mark.parametrize("name", WHO)
def test_who_opens_what(cast: Cast, things: dict[str, Any], pages: Pages, name: str) -> None:
    pages.as_(who(cast, name))

    answers = {address: pages.client.get(address.format(**things)).status_code for address in PAGES}

    assert answers == {address: cells[WHO.index(name)] for address, cells in PAGES.items()}


@pytest.mark.parametrize("name", [n for n in WHO if n not in ("secretariat", "administrator")])
def test_who_may_not_act_changes_nothing(
    cast: Cast, things: dict[str, Any], pages: Pages, name: str
) -> None:
    pages.as_(who(cast, name))

    for address in PAGES:
        if not address.startswith("/administration/"):
            continue
        data = {"reason": "x", "answer": "nej", "name": "x", "code": "V2", "title": "x"}
        answer = pages.client.post(address.format(**things), data)
        assert answer.status_code == (302 if name == "nobody" else 403), address
        assert "Hemmelig" not in answer.content.decode(), address

    cast.stranger.refresh_from_db()
    assert cast.stranger.is_active
    assert Membership.objects.claims().count() == 1
    assert OrganizationRequest.objects.open().count() == 1
    assert Membership.objects.filter(valid_until_date=None).count() == 8


@pytest.mark.parametrize("name", ("owner", "adviser", "committee", "funder"))
def test_one_persons_claims_are_anothers_secret(
    cast: Cast, things: dict[str, Any], pages: Pages, name: str
) -> None:
    page = pages.as_(who(cast, name)).get("/konto/profil/")

    assert "Hemmelig" not in page.text
    assert cast.stranger.email not in page.text


def test_acting_for_an_organization_shows_nothing_of_its_proposals(
    cast: Cast, pages: Pages
) -> None:
    proposal = a_draft(cast, a_round(), title="Hemmelig kladde")
    assert proposal.organization
    give_role(cast.stranger, Role.MEMBER, organization=proposal.organization)

    pages.as_(cast.stranger).get(f"/forslag/{proposal.number}/", status=404)
    for address in ("/", "/forslag/", "/forslag/?q=hemmelig", "/konto/profil/"):
        page = pages.get(address)
        assert proposal.number not in page.text
        assert "Hemmelig kladde" not in page.text
    assert proposal.number in pages.as_(cast.owner).get("/forslag/").text


def test_reading_an_address_acts_on_nothing(
    cast: Cast, things: dict[str, Any], pages: Pages
) -> None:
    pages.as_(cast.secretariat)

    for address in PAGES:
        pages.client.get(address.format(**things))

    invitation = invitations.look_up(things["token"], at=NOW)[0]
    assert (invitation.accepted_at, invitation.withdrawn_at) == (None, None)
    assert Membership.objects.claims().count() == 1
    assert OrganizationRequest.objects.open().count() == 1
    assert Criterion.objects.count() == 1
    assert User.objects.active().count() == 9
