"""On behalf of whom is a claim until somebody else has said so; and who has left an organization is decided about."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from klimaspor.accounts import people
from klimaspor.accounts.models import Organization, Role, User
from klimaspor.mail.models import OutgoingMail
from proposals.answers.content import Content
from proposals.drafting import steps as drafting
from proposals.line import impartiality
from proposals.line.lifecycle import Status
from proposals.line.models import Proposal
from proposals.printing import papers
from proposals.writers import pages as claims
from proposals.writers import steps
from tests.factories.intake import NOW, Cast, a_ready_draft, give_role
from tests.factories.parties import known_addresses, let_in, proved, verify
from tests.factories.walk import World, a_world, proposal_at, submit

if TYPE_CHECKING:
    from tests.pages import Pages

LATER = NOW + timedelta(days=1)
CLAIMS = "/administration/tilknytninger/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(now: Any, settings: Any) -> None:
    settings.BASE_URL = "http://testserver"


@pytest.fixture
def world(db: None) -> World:
    return a_world()


@pytest.fixture
def cast(world: World) -> Cast:
    return world.cast


def begin(world: World, organization: Organization | None, **more: Any) -> Proposal:
    return drafting.create(
        owner=world.cast.owner,
        organization=organization,
        round=world.round,
        title="Klog varme",
        by=world.cast.owner,
        at=NOW,
        **more,
    )


def as_region(world: World) -> Proposal:
    """A ready draft on behalf of a region its owner has nothing to do with."""
    proposal = a_ready_draft(world.cast, world.round)
    steps.change_organization(
        proposal_pk=proposal.pk, organization=world.cast.region, by=world.cast.owner, at=NOW
    )
    return Proposal.objects.get(pk=proposal.pk)


def claimed(user: User, organization: Organization) -> None:
    people.claim(organization=organization, by=user, at=NOW)


def confirmed(user: User, organization: Organization) -> None:
    give_role(user, Role.MEMBER, organization=organization)


def ended(user: User, organization: Organization) -> None:
    held = give_role(user, Role.MEMBER, organization=organization)
    people.leave(membership_pk=held.pk, by=user, at=NOW)


def by_address(user: User, organization: Organization) -> None:
    verify(user)
    known_addresses(organization)


@pytest.mark.parametrize(
    ("belongs", "text"),
    (
        (None, "Region Midtjylland (ikke bekræftet)"),
        (claimed, "Region Midtjylland (ikke bekræftet)"),
        (ended, "Region Midtjylland (ikke bekræftet)"),
        (confirmed, "Region Midtjylland"),
        (by_address, "Region Midtjylland"),
    ),
)
def test_on_behalf_of_whom_is_a_claim_until_confirmed(
    world: World, belongs: Any, text: str
) -> None:
    if belongs:
        belongs(world.cast.owner, world.cast.region)

    begun = begin(world, world.cast.region)

    assert begun.on_behalf_text == text
    assert Content.of(begun, at=NOW).on_behalf_text == text
    changed = as_region(world)
    assert changed.on_behalf_text == text


def test_nobody_is_not_unconfirmed(world: World) -> None:
    assert begin(world, None).on_behalf_text == ""


def test_what_was_sent_says_so_on_every_page_and_paper(
    world: World, cast: Cast, pages: Pages
) -> None:
    proposal = submit(as_region(world), world)
    said = "Region Midtjylland (ikke bekræftet)"

    version = proposal.versions.get()
    assert papers.collect(version, regions={}).organization == said
    number = proposal.number
    shown = {
        cast.adviser: ("/kvalificering/", f"/kvalificering/{number}/", f"/forslag/{number}/"),
        cast.secretariat: ("/forslag/", f"/forslag/{number}/"),
        cast.owner: (f"/forslag/{number}/", f"/forslag/{number}/adgang/"),
    }
    for reader, addresses in shown.items():
        pages.as_(reader)
        for address in addresses:
            assert said in pages.get(address).text, (reader, address)


def test_the_secretariat_confirms_in_one_press(world: World, cast: Cast, pages: Pages) -> None:
    draft = as_region(world)
    pages.as_(cast.secretariat)
    # What is not sent is nobody's to judge.
    assert draft.number not in pages.get(CLAIMS).text
    proposal = submit(draft, world)
    listed = pages.get(CLAIMS)
    assert "Forslag, der er sendt på vegne af en organisation" in listed.text
    press = f"/forslag/{proposal.number}/paa-vegne-af/{cast.region.pk}/bekraeft/"

    done = pages.press(press)

    assert done.messages == [
        f"Bekræftet: {proposal.number} stilles på vegne af Region Midtjylland."
    ]
    rest = done.text.replace(done.messages[0], "")
    assert (done.url, proposal.number in rest) == (CLAIMS, False)
    proposal.refresh_from_db()
    assert proposal.organization_confirmed_by == cast.secretariat
    letters = OutgoingMail.objects.filter(name="organization_confirmed")
    assert [letter.recipient for letter in letters] == [cast.owner.email]
    history = pages.get(f"/forslag/{proposal.number}/forloeb/").text
    assert "Bekræftet på vegne af: Region Midtjylland" in history
    # Pressed twice, and about what it is no more.
    pages.press(press)
    assert letters.count() == 1
    other = f"/forslag/{proposal.number}/paa-vegne-af/{cast.company.pk}/bekraeft/"
    assert "stilles nu på vegne af Region Midtjylland" in pages.press(other).messages[0]


def test_the_secretariat_changes_it_with_a_reason(world: World, cast: Cast, pages: Pages) -> None:
    proposal = submit(as_region(world), world)
    address = f"/forslag/{proposal.number}/paa-vegne-af/ret/"
    pages.as_(cast.secretariat)
    chosen = {"on_behalf": str(cast.company.pk)}
    refused = pages.post(address, chosen, status=200)
    assert refused.problems == ["Skriv, hvorfor det ændres"]

    done = pages.press(address, {**chosen, "reason": "Brevpapiret er vandværkets."})

    assert done.url == CLAIMS
    proposal.refresh_from_db()
    assert (proposal.on_behalf_text, proposal.organization_confirmed_by) == (
        "Vandværket ApS",
        cast.secretariat,
    )
    letter = OutgoingMail.objects.get(name="organization_corrected")
    assert letter.recipient == cast.owner.email
    assert "Brevpapiret er vandværkets." in letter.body
    event = proposal.events.get(transition="organization_changed", by=cast.secretariat)
    assert (event.note, event.reason) == ("Vandværket ApS", "Brevpapiret er vandværkets.")
    # Who takes part and what was sent stay.
    assert Content.of_version(proposal.versions.get()).organization == "Region Midtjylland"
    nobody = pages.press(address, {"on_behalf": "ingen", "reason": "Privat."})
    assert "på vegne af ingen organisation" in nobody.messages[0]
    proposal.refresh_from_db()
    assert (proposal.on_behalf_text, proposal.organization_confirmed_at) == ("", None)


def test_who_is_tied_answers_no_claim(world: World, cast: Cast, pages: Pages) -> None:
    give_role(cast.secretariat, Role.MEMBER, organization=cast.region)
    proposal = submit(as_region(world), world)

    assert "En anden skal svare" in pages.as_(cast.secretariat).get(CLAIMS).text
    press = f"/forslag/{proposal.number}/paa-vegne-af/{cast.region.pk}/bekraeft/"
    assert pages.client.post(press).status_code == 403
    with pytest.raises(impartiality.NotImpartial):
        steps.confirm_organization(
            proposal_pk=proposal.pk, organization_pk=cast.region.pk, by=cast.secretariat, at=LATER
        )


def test_a_confirmed_membership_confirms_what_was_made(world: World, cast: Cast) -> None:
    claimed(cast.owner, cast.region)
    proposal = submit(as_region(world), world)
    held = cast.owner.memberships.get(organization=cast.region)

    people.confirm(membership_pk=held.pk, by=cast.secretariat, at=LATER)

    proposal.refresh_from_db()
    assert proposal.on_behalf_text == "Region Midtjylland"
    assert claims.on_behalf(cast.secretariat, at=LATER).rows == ()


def test_another_owner_is_another_claim(world: World, cast: Cast) -> None:
    confirmed(cast.owner, cast.region)
    proposal = as_region(world)

    steps.hand_over(
        proposal_pk=proposal.pk, to_user=cast.stranger, reason="Ferie", by=cast.owner, at=LATER
    )

    proposal.refresh_from_db()
    assert proposal.on_behalf_text == "Region Midtjylland (ikke bekræftet)"


def test_what_the_secretariat_types_in_is_its_word(world: World, cast: Cast) -> None:
    proposal = drafting.register(
        email="ny@example.org",
        name="Ny Ejer",
        organization=cast.region,
        round=world.round,
        title="Pr. mail",
        by=cast.secretariat,
        at=NOW,
    )

    assert proposal.on_behalf_text == "Region Midtjylland"
    assert proposal.organization_confirmed_by == cast.secretariat


def a_left_writer(world: World) -> tuple[Proposal, User]:
    """A writer of a kommune that takes part, who is not of it any more."""
    proposal = a_ready_draft(world.cast, world.round)
    writer = proved("Lise Let")
    held = give_role(writer, Role.MEMBER, organization=world.cast.municipalities[2])
    let_in(proposal, writer)
    people.leave(membership_pk=held.pk, by=writer, at=LATER)
    return proposal, writer


def test_the_owner_sees_who_has_left_and_decides(
    world: World, cast: Cast, pages: Pages, now: Any
) -> None:
    proposal, writer = a_left_writer(world)
    access = proposal.accesses.get(user=writer)
    page = f"/forslag/{proposal.number}/adgang/"
    said = "Personen har forladt Solrød Kommune 2.3.2027."
    assert said not in pages.as_(cast.owner).get(page).text

    now.move_to(LATER)

    assert said in pages.get(page).text
    assert pages.as_(writer).get(page).text.count("Har forladt Solrød Kommune 2.3.2027.") == 1
    assert pages.client.post(f"{page}{access.pk}/behold/").status_code == 403
    done = pages.as_(cast.owner).press(f"{page}{access.pk}/behold/")
    assert done.messages == [f"Lise Let beholder sin adgang til {proposal.number}."]
    assert (done.url, said in done.text) == (page, False)
    assert proposal.events.get(transition="kept").note == "Lise Let"


def test_the_secretariat_is_shown_who_has_left_and_decides(
    world: World, cast: Cast, pages: Pages, now: Any
) -> None:
    proposal, writer = a_left_writer(world)
    reader = proved("Bliver Her")
    let_in(proposal, reader, "read")
    now.move_to(LATER)
    # What was never opened or sent the secretariat does not see.
    assert proposal.number not in pages.as_(cast.secretariat).get(CLAIMS).text
    submit(proposal, world, at=LATER)
    access, other = (proposal.accesses.get(user=user) for user in (writer, reader))
    address = f"/forslag/{proposal.number}/adgang/{access.pk}/"
    listed = pages.get(CLAIMS)
    assert "Har forladt en organisation og er stadig med i dens forslag" in listed.text
    assert f"{address}fjern/" in listed.links

    done = pages.press(f"{address}fjern/")

    assert (done.url, done.messages) == (CLAIMS, ["Lise Let har ikke længere adgang."])
    assert not Proposal.objects.visible_to(writer, at=LATER).filter(pk=proposal.pk).exists()
    assert pages.press(f"{address}fjern/").messages == ["Adgangen for Lise Let er ophørt."]
    # About anybody else the owner decides.
    theirs = f"/forslag/{proposal.number}/adgang/{other.pk}/fjern/"
    assert pages.client.post(theirs).status_code == 403


def test_an_owner_who_has_left_is_handed_over_from_or_kept(
    world: World, cast: Cast, pages: Pages, now: Any
) -> None:
    held = give_role(cast.owner, Role.MEMBER, organization=cast.municipalities[0])
    proposal = submit(a_ready_draft(world.cast, world.round), world)
    people.leave(membership_pk=held.pk, by=cast.owner, at=LATER)
    now.move_to(LATER)

    listed = pages.as_(cast.secretariat).get(CLAIMS)

    assert f"/forslag/{proposal.number}/overdrag/" in listed.links
    own = proposal.accesses.get(function="own")
    kept = pages.press(f"/forslag/{proposal.number}/adgang/{own.pk}/behold/")
    assert kept.messages == [f"Ella Ejer beholder sin adgang til {proposal.number}."]
    assert (kept.url, proposal.number in kept.text.replace(kept.messages[0], "")) == (CLAIMS, False)


def test_who_belongs_again_or_never_did_is_not_shown(world: World, cast: Cast) -> None:
    proposal, writer = a_left_writer(world)
    stranger = proved("Fri Fugl")
    let_in(proposal, stranger, "read")
    assert len(proposal.accesses.left_behind(at=LATER)) == 1

    people.claim(organization=cast.municipalities[2], by=writer, at=LATER)

    assert len(proposal.accesses.left_behind(at=LATER)) == 0


def test_a_proposal_at_every_stop_is_not_confirmed_by_moving(world: World) -> None:
    proposal = proposal_at(Status.RECOMMENDED, world)
    assert proposal.on_behalf_text.endswith("(ikke bekræftet)") == bool(proposal.organization)
