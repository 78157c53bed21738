"""Who counts, and the way from those who do not; who leads the track; and what there is when it is carried out."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

import pytest

from klimaspor import danish
from klimaspor.accounts import kommuner
from klimaspor.accounts.models import Organization
from klimaspor.mail.models import OutgoingMail
from proposals.answers.content import Content, counting_day
from proposals.drafting.holding import NotEditable
from proposals.line.models import Proposal
from proposals.participants import steps as participants
from proposals.participants.models import Participant
from proposals.printing import rus
from tests.factories.intake import NOW, a_cast, a_draft, a_ready_draft, a_round
from tests.factories.walk import a_world, submit

if TYPE_CHECKING:
    from tests.factories.intake import Cast
    from tests.pages import Pages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

END = date(2027, 5, 1)
"""When the regions merge here: after today, and before the round's meeting."""


@pytest.fixture
def cast() -> Cast:
    return a_cast()


@pytest.fixture
def draft(cast: Cast) -> Proposal:
    return a_draft(cast, a_round())


@pytest.fixture
def regions(cast: Cast) -> tuple[Organization, Organization]:
    new = Organization.objects.create(
        name="Region Østdanmark", kind="region", valid_from_date=END, is_funder=True
    )
    old = Organization.objects.create(
        name="Region Hovedstaden",
        kind="region",
        code="1084",
        valid_until_date=END,
        successor=new,
        is_funder=True,
    )
    return old, new


def here(proposal: Proposal) -> str:
    return f"/forslag/{proposal.number}/afsnit/deltagere/"


# The day


def test_without_a_period_participants_are_counted_at_the_rounds_meeting(draft: Proposal) -> None:
    meeting = draft.round.meeting_date
    without = counting_day(draft, NOW)
    draft.period_start = date(2027, 8, 1)
    later = counting_day(draft, NOW)
    draft.period_start = date(2026, 8, 1)

    assert (without, later) == (meeting, date(2027, 8, 1))
    assert counting_day(draft, NOW) == danish.day_of(NOW)


def test_a_region_that_ends_is_not_offered_and_what_it_becomes_is(
    pages: Pages, cast: Cast, draft: Proposal, regions: tuple[Organization, Organization]
) -> None:
    old, new = regions
    pages.as_(cast.owner)

    by_either = [
        [
            b
            for b in pages.get(f"{here(draft)}?soeg={word}").buttons
            if b.startswith("Tilføj Region")
        ]
        for word in ("hovedstaden", "østdanmark")
    ]
    typed = {"revision": draft.revision, "new_role": "participant"}
    pages.post(here(draft), {**typed, "do": f"add:{old.pk}"})
    refused = draft.participants.filter(organization=old).exists()
    pages.post(here(draft), {**typed, "do": f"add:{new.pk}"})

    assert by_either == [["Tilføj Region Østdanmark"]] * 2
    assert "region, fra den 1.5.2027" in pages.get(f"{here(draft)}?soeg=østdanmark").text
    assert not refused
    assert draft.participants.filter(organization=new).exists()


def test_one_proposes_for_what_there_is_at_the_meeting(
    pages: Pages, cast: Cast, regions: tuple[Organization, Organization]
) -> None:
    old, new = regions
    round_ = a_round()
    typed = {"title": "Vind", "round": round_.pk, "search": "hovedstaden"}
    pages.as_(cast.owner)

    found = pages.post("/forslag/nyt/", {**typed, "do": "search"}, status=200)
    ended = pages.post("/forslag/nyt/", {**typed, "on_behalf": old.pk}, status=200)
    pages.press("/forslag/nyt/", {**typed, "on_behalf": new.pk, "search": ""} | pages_once(pages))

    assert f'"{new.pk}"' in found.body.decode()
    assert f'value="{old.pk}"' not in found.body.decode()
    assert ended.problems == ["Vælg en organisation fra listen"]
    assert Proposal.objects.get().organization == new


def pages_once(pages: Pages) -> dict[str, str]:
    form = pages.get("/forslag/nyt/")
    return {"once": form.value("once") or ""}


# The way from who does not count


@pytest.mark.parametrize(
    ("name", "kommune"),
    (
        ("Bornholms Energi & Forsyning A/S", "Bornholms Regionskommune"),
        ("Aarhus Vand", "Aarhus Kommune"),
        ("Københavns Havn", "Københavns Kommune"),
        ("Lyngby-Taarbæk Forsyning", "Lyngby-Taarbæk Kommune"),
        ("HOFOR", ""),
        ("Region Midtjylland", ""),
        ("Aarhusianske Virksomheder", ""),
    ),
)
def test_the_kommune_that_others_are_named_after(name: str, kommune: str) -> None:
    assert kommuner.named_after(name) == kommune


def test_who_does_not_count_leads_to_the_kommune_that_would(
    pages: Pages, cast: Cast, draft: Proposal
) -> None:
    utility = participants.add_participant(
        proposal_pk=draft.pk,
        typed_name="Bornholms Energi",
        typed_kind="utility",
        role="participant",
        by=cast.owner,
        at=NOW,
    )
    draft.refresh_from_db()
    lies_in = Organization.objects.create(
        name="Vandværket Øst", kind="utility", lies_in=cast.municipalities[2]
    )
    participants.add_participant(
        proposal_pk=draft.pk, organization=lies_in, role="participant", by=cast.owner, at=NOW
    )
    listed = pages.as_(cast.owner).get(here(draft))
    address = f"/forslag/{draft.number}/deltager/{utility.pk}/kommune/"

    page = pages.get(address)
    half = pages.post(address, page.sent | {"name": "Kaj Klima", "email": ""}, status=200)
    done = pages.press(address, page.sent | {"name": "Kaj Klima", "email": "kaj@brk.example"})

    assert address in listed.links
    assert "Bornholms Regionskommune kunne tælle med." in listed.text
    assert "Solrød Kommune kunne tælle med." in listed.text
    assert page.value("organization") == str(cast.municipalities[3].pk)
    assert "Karla Prøve Telefon: 12 34 56 78" in page.text
    assert half.problems == ["Indtast kontaktpersonens mailadresse"]
    assert half.value("name") == "Kaj Klima"
    assert done.messages == [
        "Bornholms Regionskommune er tilføjet som deltager. Kaj Klima får nu et brev og kan svare."
    ]
    assert OutgoingMail.objects.filter(recipient="kaj@brk.example").count() == 1
    assert "Bornholms Regionskommune kunne" not in pages.get(here(draft)).text


# The lead


def leads(proposal: Proposal) -> list[str]:
    return [p.name for p in proposal.participants.all() if p.is_lead]


def test_the_proposers_own_organization_leads_at_first_and_one_at_a_time(
    pages: Pages, cast: Cast
) -> None:
    proposal = a_ready_draft(cast, a_round())
    at_first = leads(proposal)
    other = proposal.participants.get(organization=cast.municipalities[1])
    page = pages.as_(cast.owner).get(here(proposal))

    pages.post(here(proposal), page.sent | {"role-lead": str(other.pk), "do": "save"})

    assert at_first == ["Aarhus Kommune"]
    assert leads(proposal) == ["Ærø Kommune"]
    assert pages.get(here(proposal)).value("role-lead") == str(other.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Participant.objects.filter(organization=cast.municipalities[0]).update(is_lead=True)


def test_two_who_choose_another_lead_see_both(pages: Pages, cast: Cast) -> None:
    proposal = a_ready_draft(cast, a_round())
    first, second = (proposal.participants.get(organization=o) for o in cast.municipalities[1:3])
    page = pages.as_(cast.owner).get(here(proposal))
    participants.choose_lead(
        proposal_pk=proposal.pk, participant_pk=first.pk, by=cast.stranger, at=NOW
    )

    shown = pages.post(
        here(proposal), page.sent | {"role-lead": str(second.pk), "do": "save"}, status=409
    )

    assert leads(proposal) == ["Ærø Kommune"]
    assert "Tovholder: Ærø Kommune" in shown.conflict
    assert "Tovholder: Solrød Kommune" in shown.conflict


def test_who_takes_the_lead_off_the_list_is_told_to_choose_another(
    pages: Pages, cast: Cast, draft: Proposal
) -> None:
    own = draft.participants.get()
    page = pages.as_(cast.owner).get(here(draft))

    gone = pages.press(here(draft), page.sent | {"do": f"remove:{own.pk}"})

    assert gone.messages == [
        "Aarhus Kommune er fjernet og var tovholder. Vælg en anden tovholder blandt deltagerne."
    ]


def test_what_is_sent_says_who_leads_and_keeps_it() -> None:
    world = a_world()
    proposal = submit(a_ready_draft(world.cast, world.round), world)
    sent = Content.of_version(proposal.versions.get())

    assert [(r.name, r.role) for r in sent.participants if r.is_lead] == [
        ("Aarhus Kommune", "tovholder, deltager")
    ]
    ((said, *_),) = (row.asides for row in rus.rows(sent) if "Partnere" in row.label)
    assert "Aarhus Kommune (tovholder, deltager)" in said.points
    with pytest.raises(NotEditable):
        participants.choose_lead(
            proposal_pk=proposal.pk, participant_pk=None, by=world.cast.owner, at=NOW
        )


# What is remarked on


def test_a_start_before_the_meeting_and_a_track_without_a_lead_are_remarked_on_and_stop_nothing(
    pages: Pages, cast: Cast
) -> None:
    proposal = a_ready_draft(cast, a_round(), period_start=date(2027, 5, 1))
    check = f"/forslag/{proposal.number}/tjek/"
    early = (
        "Projektet begynder i maj 2027, og forretningsudvalget tager først stilling på mødet "
        "torsdag den 27. maj 2027. Overvej en senere start."
    )
    led = pages.as_(cast.owner).get(check)
    participants.choose_lead(proposal_pk=proposal.pk, participant_pk=None, by=cast.owner, at=NOW)

    page = pages.get(check)
    period = pages.get(f"/forslag/{proposal.number}/afsnit/periode/")
    listed = pages.get(here(proposal))

    assert early in led.text
    assert "er tovholder" not in led.text
    assert early in page.text
    assert early in period.text
    assert early not in listed.text
    assert "Ingen af deltagerne er tovholder. Vælg en." in page.text
    assert "Ingen af deltagerne er tovholder. Vælg en." in listed.text
    assert page.primary == ["Indsend til faglig kvalificering"]
    Proposal.objects.filter(pk=proposal.pk).update(period_start=date(2027, 6, 1))
    assert "Overvej en senere start" not in pages.get(check).text
