"""What confirmed members of an organization see of its proposals, where the owner allows; and that nobody else does."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from klimaspor import danish
from klimaspor.accounts.models import Membership, Organization, Role, User
from proposals.drafting import steps as drafting
from proposals.line import impartiality
from proposals.line.lifecycle import Status
from proposals.line.models import Event, Proposal
from proposals.line.standing import standing
from proposals.participants.models import Commitment
from proposals.submission import taking_back
from proposals.writers import steps as writers
from tests.factories.intake import a_ready_draft, give_role, person
from tests.factories.parties import let_in, verify
from tests.factories.walk import AFTER, DAY, proposal_at

if TYPE_CHECKING:
    from tests.factories.walk import World
    from tests.pages import Page, Pages

HERE = "/forslag/i-organisationen/"


def allow(proposal: Proposal, *, is_listed: bool = True) -> Proposal:
    return writers.list_to_members(
        proposal_pk=proposal.pk, is_listed=is_listed, by=proposal.owner, at=AFTER
    )


def a_member(organization: Organization, name: str = "Maja Medlem") -> User:
    user = person(name, at=AFTER)
    give_role(user, Role.MEMBER, organization=organization)
    return user


def rows_of(page: Page) -> list[str]:
    return [
        danish.plain(" ".join("".join(row.itertext()).split()))
        for row in page.root.iterfind(".//tbody/tr")
    ]


def seen_by(pages: Pages, user: User, query: str = "") -> list[str]:
    """Give the lines of the list as the person reads them."""
    user.__dict__.pop("duties", None)
    page = pages.as_(user).get(f"{HERE}{query}")
    return rows_of(page)


def test_a_member_sees_number_title_state_and_round_and_no_more(pages: Pages, world: World) -> None:
    proposal = allow(proposal_at(Status.IN_QUALIFICATION, world))
    member = a_member(world.cast.municipalities[0])

    page = pages.as_(member).get(HERE)

    assert rows_of(page) == [f"{proposal.number} Lavbundsjord til faglig kvalificering Forår 2027"]
    assert [link for link in page.links if proposal.number in link] == []
    assert pages.as_(member).get(f"/forslag/{proposal.number}/", status=404)
    assert pages.as_(member).get(f"/forslag/?q={proposal.number}").text.count("Lavbundsjord") == 0


def test_the_list_is_found_from_where_a_member_looks(pages: Pages, world: World) -> None:
    member = a_member(world.cast.municipalities[0])

    assert HERE in pages.as_(member).get("/").links
    assert HERE in pages.as_(member).get("/forslag/").links
    assert HERE not in pages.as_(world.cast.stranger).get("/").links


def test_who_may_read_it_finds_a_link(pages: Pages, world: World) -> None:
    proposal = allow(proposal_at(Status.DRAFT, world))
    give_role(world.cast.owner, Role.MEMBER, organization=world.cast.municipalities[0])
    world.cast.owner.__dict__.pop("duties", None)

    assert f"/forslag/{proposal.number}/" in pages.as_(world.cast.owner).get(HERE).links


def test_members_of_participants_see_it_until_theirs_declines(pages: Pages, world: World) -> None:
    proposal = allow(a_ready_draft(world.cast, world.round, title="Lavbundsjord"))
    other = world.cast.municipalities[1]
    member = a_member(other)
    shown = f"{proposal.number} Lavbundsjord kladde Forår 2027"
    assert seen_by(pages, member) == [shown]

    row = proposal.participants.get(organization=other)
    answer = Commitment.objects.create(participant=row)
    assert seen_by(pages, member) == [shown]

    answer.is_confirmed, answer.reason = False, "Vi har ikke tid"
    answer.answered_at, answer.answered_by = AFTER, world.cast.owner
    answer.save()
    assert seen_by(pages, member) == []


def test_a_successor_has_what_was_its_predecessors(pages: Pages, world: World) -> None:
    proposal = allow(proposal_at(Status.DRAFT, world))
    merged, ended = world.cast.region, world.cast.municipalities[0]
    member = a_member(merged)
    proposal.participants.filter(organization=merged).delete()
    ended.successor = merged
    ended.valid_until_date = danish.day_of(AFTER) + timedelta(days=1)
    ended.save()
    assert seen_by(pages, member) == []

    ended.valid_until_date = danish.day_of(AFTER)
    ended.save()
    assert seen_by(pages, member) == [f"{proposal.number} Lavbundsjord kladde Forår 2027"]


def outsiders(world: World) -> dict[str, User]:
    """Everybody who is nearly a member of the kommune that proposes."""
    kommune = world.cast.municipalities[0]
    claims, left, comes, refused = (
        person(f"{name} Næsten", at=AFTER) for name in ("Kaj", "Ida", "Bo", "Eva")
    )
    for user in (claims, left, comes, refused):
        # An address of the kommune is no membership either: it outlives the employment.
        verify(user)
        give_role(user, Role.MEMBER, organization=kommune)
    Organization.objects.filter(pk=kommune.pk).update(domains=["example.org"])
    today = danish.day_of(AFTER)
    Membership.objects.filter(user=claims).update(confirmed_at=None, confirmed_by=None)
    Membership.objects.filter(user=left).update(valid_until_date=today)
    Membership.objects.filter(user=comes).update(valid_from_date=today + timedelta(days=1))
    Membership.objects.filter(user=refused).update(
        confirmed_at=None, confirmed_by=None, refused_at=AFTER, refused_by=world.cast.secretariat
    )
    funder = person("Finn Funder")
    give_role(funder, Role.FUNDER, organization=kommune)
    return {
        "an unconfirmed member": claims,
        "a former member": left,
        "a later member": comes,
        "a refused member": refused,
        "a member of another": a_member(world.cast.municipalities[3]),
        "somebody who answers for its money": funder,
        "a stranger": world.cast.stranger,
    }


def test_nobody_else_sees_any_of_it_nor_how_many(pages: Pages, world: World) -> None:
    proposal = allow(proposal_at(Status.IN_APPROVAL, world))
    kommune = world.cast.municipalities[0]
    found = {}
    for who, user in outsiders(world).items():
        user.__dict__.pop("duties", None)
        for query in ("", "?q=bundsj", f"?organisation={kommune.pk}", "?status=in_approval"):
            text = pages.as_(user).get(f"{HERE}{query}").text
            found[who, query] = [
                proposal.number in text,
                "Lavbundsjord" in text,
                "1 forslag" in text,
            ]
    assert {key: hits for key, hits in found.items() if any(hits)} == {}


def test_what_the_owner_does_not_allow_is_not_even_counted(pages: Pages, world: World) -> None:
    member = a_member(world.cast.municipalities[0])
    shown = proposal_at(Status.DRAFT, world, title="Det åbne")
    hidden = proposal_at(Status.IN_QUALIFICATION, world, title="Det skjulte")
    allow(shown)

    page = pages.as_(member).get(HERE)
    assert ("1 forslag" in page.text, "Det skjulte" in page.text) == (True, False)

    allow(hidden)
    allow(hidden, is_listed=False)
    assert "Det skjulte" not in pages.as_(member).get(HERE).text


def test_whoever_is_found_partial_sees_it_nowhere(pages: Pages, world: World) -> None:
    proposal = allow(proposal_at(Status.IN_QUALIFICATION, world))
    adviser = world.cast.adviser
    give_role(adviser, Role.MEMBER, organization=world.cast.municipalities[0])
    assert len(seen_by(pages, adviser)) == 1

    raised = impartiality.declare(
        proposal_pk=proposal.pk, user=adviser, reason="Gift med ejeren", by=adviser, at=AFTER
    )
    impartiality.settle(
        impartiality_pk=raised.pk,
        is_impartial=False,
        note="Tæt på",
        by=world.cast.secretariat,
        at=AFTER,
    )
    assert seen_by(pages, adviser) == []


def test_the_title_is_what_was_sent_and_of_a_draft_what_stands(pages: Pages, world: World) -> None:
    member = a_member(world.cast.municipalities[0])
    proposal = allow(proposal_at(Status.IN_QUALIFICATION, world))
    taking_back.take_back(
        proposal_pk=proposal.pk, revision=proposal.revision, by=world.cast.owner, at=DAY[1]
    )
    Proposal.objects.filter(pk=proposal.pk).update(title="Under omskrivning")
    # Taken back, nothing is sent.
    assert seen_by(pages, member) == [f"{proposal.number} Under omskrivning kladde Forår 2027"]

    sent = allow(proposal_at(Status.QUALIFIED, world, title="Som sendt"))
    Proposal.objects.filter(pk=sent.pk).update(title="Som den skrives nu")
    assert seen_by(pages, member)[0].startswith(f"{sent.number} Som sendt")


def test_a_withdrawn_one_says_so(pages: Pages, world: World) -> None:
    member = a_member(world.cast.municipalities[0])
    proposal = allow(proposal_at(Status.WITHDRAWN, world))

    assert seen_by(pages, member) == [f"{proposal.number} Lavbundsjord trukket tilbage Forår 2027"]


def test_the_list_is_searched_narrowed_and_sorted_by_its_address(
    pages: Pages, world: World
) -> None:
    first, second = world.cast.municipalities[:2]
    member = a_member(first)
    give_role(member, Role.MEMBER, organization=world.cast.region)
    made = {
        title: allow(proposal_at(status, world, title=title))
        for title, status in (
            ("Ådale", Status.DRAFT),
            ("Aalekyst", Status.DRAFT),
            ("Zoner", Status.QUALIFIED),
        )
    }

    def titles(query: str = "") -> list[str]:
        return [row.split()[1] for row in seen_by(pages, member, query)]

    assert titles() == ["Zoner", "Ådale", "Aalekyst"]
    assert titles("?sort=-titel") == ["Aalekyst", "Ådale", "Zoner"]
    assert titles("?sort=-nummer") == ["Zoner", "Aalekyst", "Ådale"]
    assert titles("?q=ådale") == ["Ådale"]
    assert titles(f"?q={made['Zoner'].number}") == ["Zoner"]
    assert titles("?status=draft&sort=nummer") == ["Ådale", "Aalekyst"]
    assert titles(f"?runde={world.round.pk}") == ["Zoner", "Ådale", "Aalekyst"]
    assert titles(f"?runde={world.later.pk}") == []
    assert titles(f"?organisation={first.pk}") == ["Zoner", "Ådale", "Aalekyst"]
    assert titles(f"?organisation={world.cast.region.pk}") == []
    # One of somebody else's is no choice.
    assert titles(f"?organisation={second.pk}") == []
    assert "Vælg en af dine organisationer fra listen" in (
        pages.as_(member).get(f"{HERE}?organisation={second.pk}").text
    )


@pytest.mark.parametrize("count", (1, 3))
def test_the_list_asks_as_much_of_one_as_of_three(
    pages: Pages, world: World, django_assert_num_queries: Any, count: int
) -> None:
    member = a_member(world.cast.municipalities[0])
    for n in range(count):
        allow(proposal_at(Status.IN_QUALIFICATION, world, title=f"Nummer {n}"))
    pages.as_(member).get(HERE)

    with django_assert_num_queries(QUERIES):
        page = pages.get(HERE)
    assert len(rows_of(page)) == count


QUERIES = 6


def test_the_owner_allows_and_takes_back_and_a_writer_sees_what_is_chosen(
    pages: Pages, world: World
) -> None:
    proposal = a_ready_draft(world.cast, world.round, title="Lavbundsjord")
    writer = verify(person("Villy Viktor"))
    let_in(proposal, writer)
    access = f"/forslag/{proposal.number}/adgang/"
    names = "Solrød Kommune, Vandværket ApS, Ærø Kommune og Aarhus Kommune"

    page = pages.as_(writer).get(access)
    assert "kan ikke se, at forslaget findes" in page.text
    assert "Ejeren, Ella Ejer, bestemmer." in page.text
    assert "Vis titel og status for medlemmerne" not in page.text
    pages.as_(writer).post(f"{access}vis/", status=403)

    done = pages.as_(proposal.owner).post(f"{access}vis/", status=200, follow=True)
    assert "Medlemmerne kan nu se" in done.text
    assert "kan se forslagets titel, nummer, status og runde på deres organisations liste" in (
        done.text
    )
    assert names in done.text
    proposal.refresh_from_db()
    assert proposal.is_listed is True
    assert "Vis titel og status" not in pages.as_(writer).get(access).text
    assert "Medlemmer af " in pages.as_(writer).get(access).text
    pages.as_(writer).post(f"{access}vis-ikke/", status=403)

    # Pressed twice, it is done once.
    pages.as_(proposal.owner).post(f"{access}vis/")
    pages.as_(proposal.owner).post(f"{access}vis-ikke/")
    proposal.refresh_from_db()
    assert proposal.is_listed is False
    told = Event.objects.filter(proposal=proposal, transition__in=("listed", "unlisted"))
    assert list(told.order_by("pk").values_list("transition", "by__name")) == [
        ("listed", "Ella Ejer"),
        ("unlisted", "Ella Ejer"),
    ]
    history = pages.as_(proposal.owner).get(f"/forslag/{proposal.number}/forloeb/").text
    assert "Titel og tilstand vises ikke længere for organisationernes medlemmer" in history


def test_the_secretariat_does_not_choose_for_the_owner(pages: Pages, world: World) -> None:
    registered = drafting.create(
        owner=world.cast.owner,
        organization=None,
        round=world.round,
        title="Kom med post",
        by=world.cast.secretariat,
        at=AFTER,
    )
    rights = standing(world.cast.secretariat, registered, at=AFTER)
    assert (rights.may_invite, rights.is_owner) == (True, False)
    address = f"/forslag/{registered.number}/adgang/"
    page = pages.as_(world.cast.secretariat).get(address)
    assert "Vis titel og status for medlemmerne" not in page.buttons
    pages.post(f"{address}vis/", status=403)


@pytest.mark.parametrize("who", ("owner", "secretariat"))
def test_another_organization_is_allowed_anew(world: World, who: str) -> None:
    proposal = allow(proposal_at(Status.DRAFT, world))
    change: dict[str, Any] = {
        "proposal_pk": proposal.pk,
        "organization": world.cast.company,
        "at": AFTER,
    }
    if who == "owner":
        writers.change_organization(by=proposal.owner, **change)
    else:
        writers.correct_organization(by=world.cast.secretariat, reason="Det var dem", **change)
    proposal.refresh_from_db()
    assert proposal.is_listed is False
