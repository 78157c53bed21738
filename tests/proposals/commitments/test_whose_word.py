"""Whose word an answer is: what a membership gives that is missing, claimed, confirmed or ended; and addresses, and papers."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from klimaspor import danish
from klimaspor.accounts import belonging, people
from klimaspor.accounts.models import Membership, Organization, Role, User
from klimaspor.mail.models import OutgoingMail
from proposals.answers.content import Content, ParticipantRow
from proposals.commitments import steps as commitment
from proposals.eligibility import requirements as eligibility
from proposals.line import impartiality
from proposals.line.models import Proposal
from proposals.participants import steps as participants
from proposals.printing import papers, rus
from proposals.printing.word_writing import write_print
from proposals.reading.imprint import Imprint
from proposals.submission import steps as submission
from proposals.writers import invitation
from tests.factories.intake import NOW, Cast, a_ready_draft, give_role
from tests.factories.parties import known_addresses, proved
from tests.factories.walk import World, a_world

if TYPE_CHECKING:
    from collections.abc import Callable

    from proposals.participants.models import Participant

LATER = NOW + timedelta(hours=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    return a_world()


@pytest.fixture
def cast(world: World) -> Cast:
    return world.cast


@pytest.fixture
def proposal(world: World) -> Proposal:
    return a_ready_draft(world.cast, world.round)


def nothing(user: User, organization: Organization) -> None:
    pass


def claimed(user: User, organization: Organization) -> Membership:
    return people.claim(organization=organization, by=user, at=NOW)


def confirmed(user: User, organization: Organization) -> Membership:
    return give_role(user, Role.MEMBER, organization=organization)


def ended(user: User, organization: Organization) -> None:
    people.leave(membership_pk=confirmed(user, organization).pk, by=user, at=NOW)


def refused(user: User, organization: Organization) -> None:
    secretariat = User.objects.get(name="Sanne Sekretær")
    held = claimed(user, organization)
    people.refuse(membership_pk=held.pk, reason="Ukendt.", by=secretariat, at=NOW)


def of(proposal: Proposal, name: str) -> Participant:
    return next(p for p in proposal.participants.listed() if p.name == name)


def row(proposal: Proposal, name: str) -> ParticipantRow:
    return next(r for r in Content.of(proposal, at=LATER).participants if r.name == name)


def a_contact(proposal: Proposal, name: str, user: User) -> None:
    sent = commitment.ask(
        participant_pk=of(proposal, name).pk,
        name=user.name,
        email=user.email,
        by=proposal.owner,
        at=NOW,
    )
    invitation.accept(token=sent.token, by=user, at=NOW)


def answer(
    proposal: Proposal, name: str, by: User, *, is_confirmed: bool = True, **more: Any
) -> None:
    commitment.answer(
        participant_pk=of(proposal, name).pk, by=by, at=LATER, is_confirmed=is_confirmed, **more
    )


def k1(proposal: Proposal) -> str:
    return eligibility.assess(Proposal.objects.get(pk=proposal.pk), at=LATER)[0].message


@pytest.mark.parametrize(
    ("belongs", "speaks", "is_tied"),
    (
        (nothing, False, False),
        (claimed, False, True),
        (confirmed, True, True),
        (ended, False, False),
        (refused, False, False),
    ),
)
def test_what_a_membership_gives(
    cast: Cast,
    proposal: Proposal,
    belongs: Callable[[User, Organization], None],
    speaks: bool,
    is_tied: bool,
) -> None:
    """Every right that hangs on an organization asks whether somebody has confirmed it; a tie, which takes, does not."""
    organization = cast.municipalities[2]
    # The organization proposes it, and takes part.
    Proposal.objects.filter(pk=proposal.pk).update(organization=organization)
    contact, outsider = proved("Kit Kontakt"), cast.stranger
    for person in (cast.owner, contact, outsider):
        belongs(person, organization)

    # Belonging to an organization lets nobody read.
    visible = Proposal.objects.visible_to(outsider, at=LATER)
    assert not visible.filter(pk=proposal.pk).exists()
    assert bool(impartiality.tie(outsider, proposal, at=LATER)) == is_tied
    # Nor does it let anybody answer for a contributor.
    assert outsider.duties_at(LATER).funder_ids == frozenset()

    assert belonging.speaks_for(cast.owner, organization, at=LATER) == speaks
    if speaks:
        participant = of(proposal, "Solrød Kommune")
        commitment.answer_oneself(participant_pk=participant.pk, by=cast.owner, at=LATER)
        answer(proposal, "Solrød Kommune", cast.owner)
        assert row(proposal, "Solrød Kommune").answer_text == "Bekræftet"
    else:
        with pytest.raises(commitment.NotTheirs):
            commitment.answer_oneself(
                participant_pk=of(proposal, "Solrød Kommune").pk, by=cast.owner, at=LATER
            )

    a_contact(proposal, "Solrød Kommune", contact)
    answer(proposal, "Solrød Kommune", contact, brought={"hours": 40})
    said = row(proposal, "Solrød Kommune")
    assert (said.answer_text, said.brought_text) == (
        ("Bekræftet", f"40{danish.NBSP}timer")
        if speaks
        else (
            "Svar ikke bekræftet",
            f"40{danish.NBSP}timer, oplyst af en kontaktperson, der ikke er bekræftet",
        )
    )
    assert ("har bekræftet" in k1(proposal)) == speaks


def test_one_person_confirms_no_kommune_alone(cast: Cast, proposal: Proposal) -> None:
    """Claiming every kommune, and asking one's own other address, gives no confirmed participant, on no paper."""
    other = proved("Ella Anden")
    for organization in cast.municipalities[:3]:
        claimed(cast.owner, organization)
        name = organization.name
        with pytest.raises(commitment.NotTheirs, match="når sekretariatet har bekræftet"):
            commitment.answer_oneself(participant_pk=of(proposal, name).pk, by=cast.owner, at=LATER)
        a_contact(proposal, name, other)
        answer(proposal, name, other)

    version = submission.submit(proposal_pk=proposal.pk, revision=1, by=cast.owner, at=LATER)

    assert version.content["findings"][0]["message"] == "3 af 3 kommuner/regioner."
    paper = papers.collect(version, regions={})
    assert {r.name: (r.answer_text, r.brought_text) for r in paper.participants} == {
        "Aarhus Kommune": (
            "Svar ikke bekræftet",
            "oplyst af en kontaktperson, der ikke er bekræftet",
        ),
        "Ærø Kommune": (
            "Svar ikke bekræftet",
            "oplyst af en kontaktperson, der ikke er bekræftet",
        ),
        "Solrød Kommune": (
            "Svar ikke bekræftet",
            "oplyst af en kontaktperson, der ikke er bekræftet",
        ),
        "Vandværket ApS": ("Ikke svaret", "oplyst af forslagsstilleren"),
    }
    # What waits for the secretariat are the claims of both.
    waiting = Membership.objects.current(LATER).claims()
    assert waiting.of(other).count() == 3


def test_an_answer_counts_once_the_secretariat_has_confirmed_who_gave_it(
    cast: Cast, proposal: Proposal
) -> None:
    contact = proved("Kit Kontakt")
    a_contact(proposal, "Solrød Kommune", contact)
    answer(proposal, "Solrød Kommune", contact)
    assert k1(proposal) == "3 af 3 kommuner/regioner."
    letter = OutgoingMail.objects.get(name="commitment_answered")
    assert "Svaret tæller først som deltagerens eget, når det er bekræftet" in letter.body

    (claim,) = Membership.objects.of(contact)
    people.confirm(membership_pk=claim.pk, by=cast.secretariat, at=LATER)

    assert k1(proposal) == "3 af 3 kommuner/regioner. 1 har bekræftet."
    # Who leaves later had spoken for it all the same.
    people.leave(membership_pk=claim.pk, by=contact, at=LATER + timedelta(days=2))
    assert k1(proposal) == "3 af 3 kommuner/regioner. 1 har bekræftet."


def test_who_was_refused_is_not_put_to_the_secretariat_again(
    cast: Cast, proposal: Proposal
) -> None:
    contact = proved("Kit Kontakt")
    refused(contact, cast.municipalities[2])
    a_contact(proposal, "Solrød Kommune", contact)

    answer(proposal, "Solrød Kommune", contact)

    assert not Membership.objects.of(contact).claims().exists()


@pytest.mark.parametrize(
    ("domains", "is_own"),
    (
        ([], False),
        (["example.org"], True),
        (["kommune.example", "example.org"], True),
        (["ample.org"], False),
        (["org"], False),
        (["post.example.org"], False),
    ),
)
def test_an_address_is_the_organization_s_by_the_whole_of_its_domain(
    proposal: Proposal, domains: list[str], is_own: bool
) -> None:
    Organization.objects.filter(name="Solrød Kommune").update(domains=domains)
    contact = proved("Kit Kontakt")
    a_contact(proposal, "Solrød Kommune", contact)

    answer(proposal, "Solrød Kommune", contact)

    assert (row(proposal, "Solrød Kommune").answer_text == "Bekræftet") == is_own
    # Whoever speaks for it is no claim to be answered.
    assert Membership.objects.of(contact).exists() != is_own


@pytest.mark.parametrize(
    "email",
    (
        '"a@kommune.example@b"@ondskab.example',
        '"a@kommune.example"@ondskab.example',
        "kommune.example@ondskab.example",
        "a@ondskab.example.kommune.example",
    ),
)
def test_what_stands_before_the_last_at_is_no_domain(cast: Cast, email: str) -> None:
    organization = cast.municipalities[2]
    Organization.objects.filter(pk=organization.pk).update(domains=["kommune.example"])
    cast.stranger.emailaddress_set.create(email=email, verified=True)

    assert not belonging.speaks_for(cast.stranger, organization, at=NOW)


def test_an_address_counts_when_it_is_proved_and_as_long_as_the_letter_says_so(
    cast: Cast, proposal: Proposal
) -> None:
    organization = cast.municipalities[2]
    known_addresses(organization)
    cast.stranger.emailaddress_set.create(email=cast.stranger.email.upper(), verified=False)
    assert not belonging.speaks_for(cast.stranger, organization, at=NOW)
    cast.stranger.emailaddress_set.update(verified=True)
    assert belonging.speaks_for(cast.stranger, organization, at=NOW)

    contact = proved("Kit Kontakt")
    a_contact(proposal, "Solrød Kommune", contact)
    answer(proposal, "Solrød Kommune", contact)
    # Another address afterwards: the letter was accepted at the organization's.
    contact.emailaddress_set.all().delete()
    assert row(proposal, "Solrød Kommune").answer_text == "Bekræftet"


def test_what_a_writer_writes_over_is_the_proposer_s_word_again(
    cast: Cast, proposal: Proposal
) -> None:
    """After the contact has gone the answer stands, and what it brings is as the proposer says."""
    known_addresses(*cast.municipalities)
    contact = proved("Kit Kontakt")
    a_contact(proposal, "Solrød Kommune", contact)
    answer(proposal, "Solrød Kommune", contact, brought={"hours": 40})
    participant = of(proposal, "Solrød Kommune")
    invitation.leave(proposal_pk=proposal.pk, by=contact, at=LATER)
    assert row(proposal, "Solrød Kommune").brought_text == f"40{danish.NBSP}timer"

    by_owner = {"participant_pk": participant.pk, "by": cast.owner, "at": LATER}
    commitment.save(brought={"hours": 4000}, **by_owner)

    said = row(proposal, "Solrød Kommune")
    assert (said.answer_text, said.brought_text) == (
        "Bekræftet",
        f"4.000{danish.NBSP}timer, oplyst af forslagsstilleren",
    )


def test_a_role_the_proposer_changes_is_the_proposer_s_word(cast: Cast, proposal: Proposal) -> None:
    known_addresses(*cast.municipalities)
    contact = proved("Kit Kontakt")
    a_contact(proposal, "Solrød Kommune", contact)
    answer(proposal, "Solrød Kommune", contact)
    assert row(proposal, "Solrød Kommune").word_text == ""

    participants.change_participant(
        proposal_pk=proposal.pk,
        participant_pk=of(proposal, "Solrød Kommune").pk,
        role="problem_owner",
        by=cast.owner,
        at=LATER,
    )

    assert row(proposal, "Solrød Kommune").word_text == "oplyst af forslagsstilleren"


def test_the_regions_form_and_the_word_file_say_whose_word_it_is(
    cast: Cast, proposal: Proposal
) -> None:
    known_addresses(*cast.municipalities)

    def said_of() -> tuple[list[str], list[str]]:
        """Give who is said to have confirmed, and what is said of the rest."""
        rows = {row.label: row for row in rus.rows(Content.of(proposal, at=LATER))}
        listed, *rest = rows[rus.LABELS["organization_text"]].asides
        assert listed.text == "4 deltagere:"
        confirmed = [p for p in listed.points if p.endswith(", har bekræftet")]
        return confirmed, [aside.text for aside in rest]

    assert said_of() == ([], ["Oplyst af forslagsstilleren."])
    contact = proved("Kit Kontakt")
    a_contact(proposal, "Solrød Kommune", contact)
    answer(proposal, "Solrød Kommune", contact)
    assert said_of() == (
        ["Solrød Kommune (deltager), har bekræftet"],
        ["Resten er oplyst af forslagsstilleren."],
    )

    said = Imprint(0, "Kladde.", "Kladde", "Kan læses af os.", LATER)
    file = write_print(Content.of(proposal, at=LATER), said=said)
    with zipfile.ZipFile(io.BytesIO(file)) as word:
        text = re.sub(r"<[^>]+>", "", word.read("word/document.xml").decode())
    assert text.count("Ikke svaret, oplyst af forslagsstilleren") == 3
    assert text.count("Bekræftet") == 1
