"""A portal full of what could leak: a proposal at every stop, each with a word of its own in everything that is written."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings as django_settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test import override_settings

import pytest
import time_machine

from klimaspor import danish
from klimaspor.accounts import invitations, people
from klimaspor.accounts.models import Dgo, Organization, Role
from klimaspor.mail.models import OutgoingMail
from klimaspor.models import SweepRecord
from proposals.attachments import steps as attachments
from proposals.drafting import dgo as dgos
from proposals.drafting import steps as drafting
from proposals.economy import steps as economy
from proposals.gates import steps as dispensation
from proposals.ideas import steps as ideas
from proposals.line import impartiality
from proposals.line.lifecycle import Status
from proposals.notes import steps as notes
from proposals.participants.models import Commitment
from proposals.printing.models import VersionPaper
from proposals.reading import steps as reading
from proposals.rounds.models import Gate
from proposals.sparring import steps as advice
from proposals.sparring.models import AdviceKind, Circle
from proposals.writers import invitation
from review.agenda import steps as agendas
from review.agenda.models import Dossier
from review.dgo_desk.models import SavedView
from review.funding import steps as funding
from review.funding.models import FunderConsent
from tests.factories import walk
from tests.factories.intake import NOW, a_ready_draft, give_role, person
from tests.suite import database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from proposals.ideas.models import Idea
    from proposals.line.models import Proposal

AT = walk.AFTER
PDF = b"%PDF-1.7\n"

INNER_WORD = "Hviskegran"
"""Said about `opened` between DGO and secretariat."""
IDEA_WORD, UNSENT_IDEA_WORD = "Strandkål", "Marehalm"
"""What the owner's ideas are called, the one that is sent to the adviser's DGO and the one that is not."""
WORDS = {
    "unopened": "Kvarkgnist",
    "opened": "Ravlygte",
    Status.IN_QUALIFICATION: "Tanghytte",
    Status.QUALIFIED: "Mosebro",
    Status.IN_APPROVAL: "Klitrose",
    Status.RECOMMENDED: "Lyngfod",
    Status.ON_AGENDA: "Fjordsten",
    Status.APPROVED: "Birkemel",
    Status.ACTIVE: "Havtorn",
    Status.COMPLETED: "Revling",
    Status.REJECTED: "Porsvin",
    Status.INADMISSIBLE: "Skarntyde",
    Status.WITHDRAWN: "Vejbred",
    Status.LAPSED: "Dueurt",
    Status.DISCONTINUED: "Kællingetand",
}
"""What each proposal is called; no other text of the portal has the word."""


class Leaky:
    """The world of the walks, the people who try to get in, and one of everything an address names."""

    at = AT

    def __init__(self) -> None:
        self.world = world = walk.a_world()
        self.cast = cast = world.cast
        home = cast.municipalities[0]
        self.claimant = person("Claus Krav", at=AT)
        people.claim(organization=home, by=self.claimant, at=NOW)
        self.workmate = person("Kirsten Kollega", at=AT)
        give_role(self.workmate, Role.MEMBER, organization=home)
        self.partial = person("Ib Inhabil", at=AT)
        give_role(self.partial, Role.SECRETARIAT)
        self.other_funder = person("Regitze Region", at=AT)
        region = Organization.objects.create(
            name="Region Syd", kind="region", code="1083", is_funder=True
        )
        give_role(self.other_funder, Role.FUNDER, organization=region)
        self.proposals = {key: self._made(key) for key in WORDS}
        self.things = self._things()
        self.proposal_type = ContentType.objects.get(app_label="proposals", model="proposal").pk

    def numbered(self, given: str) -> bool:
        """Say whether what an address is given is the number of a proposal, and not that of an item."""
        return given.strip("{}") in self.proposals

    def _made(self, key: str) -> Proposal:
        word = WORDS[key]
        if key not in Status.values:
            proposal = a_ready_draft(
                self.cast, self.world.round, title=word, challenges=f"{word} {word}"
            )
            if key == "opened":
                advice.open_sparring(proposal_pk=proposal.pk, by=self.cast.owner, at=NOW)
                advice.comment(
                    proposal_pk=proposal.pk, section="", text=word, by=self.cast.adviser, at=NOW
                )
                self._asked(proposal)
                # What the adviser has read is not what stands.
                reading.mark_as_read(
                    proposal_pk=proposal.pk, base=None, by=self.cast.adviser, at=NOW
                )
                drafting.save_section(
                    proposal_pk=proposal.pk,
                    slug="effekt",
                    answers={"effects": "- Fælles metode i tolv kommuner\n- Andet punkt"},
                    by=self.cast.owner,
                    at=AT,
                )
                economy.save_financing(
                    proposal_pk=proposal.pk,
                    lines=[(2027, "Realdania", Decimal(900_000), "requested")],
                    by=self.cast.owner,
                    at=AT,
                )
                proposal.refresh_from_db()
            return proposal
        proposal = walk.proposal_at(Status(key), self.world, title=word)
        # What the writers have changed since belongs to them alone.
        if key == Status.QUALIFIED:
            drafting.save_section(
                proposal_pk=proposal.pk,
                slug="effekt",
                answers={"effects": "Efterskrift"},
                by=self.cast.owner,
                at=AT,
            )
        impartiality.declare(
            proposal_pk=proposal.pk, user=self.partial, reason="Søskende", by=self.partial, at=NOW
        )
        row = proposal.impartialities.of_user(self.partial).get()
        impartiality.settle(
            impartiality_pk=row.pk, is_impartial=False, note="", by=self.cast.secretariat, at=NOW
        )
        return proposal

    def _asked(self, proposal: Proposal) -> None:
        """Say something that only DGO and secretariat read, and ask the writers for a change and a wording."""
        about: dict[str, Any] = {"proposal_pk": proposal.pk, "by": self.cast.adviser, "at": NOW}
        advice.comment(**about, section="", text=INNER_WORD, circle=Circle.ADVISERS)
        advice.comment(**about, section="effekt", text="Skriv tal på.", kind=AdviceKind.CHANGE)
        advice.comment(
            **about,
            section="effekt",
            name="effects",
            text="",
            kind=AdviceKind.WORDING,
            suggestion="Ti ton om året.",
        )

    def _idea(self, word: str) -> Idea:
        return ideas.create(
            title=word,
            what=f"{word} {word}",
            who="",
            plan="",
            organization=self.cast.municipalities[0],
            dgo=self.cast.dgo,
            by=self.cast.owner,
            at=AT,
        )

    def _things(self) -> dict[str, Any]:
        """Give one of everything an address may name, by the name it has in the table."""
        cast, world, by = self.cast, self.world, self.cast.secretariat
        opened, sent, recommended, tabled, approved = (
            self.proposals[key]
            for key in (
                "opened",
                Status.IN_QUALIFICATION,
                Status.RECOMMENDED,
                Status.ON_AGENDA,
                Status.APPROVED,
            )
        )
        attachment = attachments.add_attachment(
            proposal_pk=self.proposals["unopened"].pk,
            title=WORDS["unopened"],
            file=ContentFile(PDF, name="bilag.pdf"),
            file_name="bilag.pdf",
            content_type="application/pdf",
            by=cast.owner,
            at=NOW,
        )
        planned = walk.an_agenda(world, recommended)
        free = agendas.add_item(
            agenda_pk=planned.pk, kind="information", title="Nyt", minutes=5, by=by, at=NOW
        )
        published = tabled.agenda_items.get().agenda
        for paper in (
            *Dossier.objects.filter(agenda=published),
            *VersionPaper.objects.filter(version__proposal=sent),
        ):
            paper.file.save("papir.pdf", ContentFile(PDF), save=False)
            paper.built_at, paper.sha256 = NOW, "0" * 64
            paper.save()
        region_asked = FunderConsent.objects.create(
            proposal=approved, funder=cast.region, amount=1, asked_at=NOW
        )
        funding.enter(
            consent_pk=region_asked.pk,
            answer="consented",
            document=ContentFile(PDF, name="svar.pdf"),
            by=by,
            at=NOW,
        )
        raised = impartiality.declare(
            proposal_pk=opened.pk, user=cast.colleague, reason="Kusine", by=cast.colleague, at=NOW
        )
        granted = dispensation.grant(
            proposal_pk=self.proposals[Status.QUALIFIED].pk,
            gate=Gate.APPROVAL,
            granted_to=cast.owner,
            until_at=world.round.approval_deadline_at + timedelta(days=1),
            reason="Sygdom",
            by=by,
            at=AT,
        )
        orphan = a_ready_draft(cast, world.round, title="Forladt")
        sent_invitation = invitations.invite(
            email="ny@example.org", name="Ny", role=Role.COMMITTEE, by=by, at=AT
        )
        asked = invitation.invite(
            proposal_pk=orphan.pk,
            email="medskribent@example.org",
            name="",
            function="write",
            by=cast.owner,
            at=AT,
        )
        answering = invitation.invite(
            proposal_pk=orphan.pk,
            email="kontakt@example.org",
            name="Kit Kontakt",
            function="read",
            participant=orphan.participants.listed()[0],
            by=cast.owner,
            at=AT,
        )
        request = people.request_organization(
            name="Hemmelig A/S", kind="company", by=self.claimant, at=NOW
        )
        SweepRecord.objects.bulk_create(
            SweepRecord(name=name, visited_at=AT) for name in django_settings.SWEEPS
        )
        view = SavedView.objects.create(user=cast.adviser, name="Mine", query="hvem=mig")
        declined = opened.participants.listed()[1]
        Commitment.objects.create(
            participant=declined,
            contact=self.claimant,
            is_confirmed=False,
            reason="Vi har ikke folk til det i år.",
            answered_at=NOW,
            answered_by=self.claimant,
        )
        along = Dgo.objects.create(slug="medlaeser", name="DGO Medlæser", area="Fyn")
        dgos.add_co_reader(
            proposal_pk=tabled.pk, dgo=along, note="Se på Fyn.", by=cast.owner, at=AT
        )
        note = notes.write(
            proposal_pk=tabled.pk,
            kind="telephone",
            circle="advisers",
            held_date=danish.day_of(NOW),
            participants="Indre Kreds",
            text="Sivsko",
            by=by,
            at=AT,
        )
        idea, unsent_idea = (self._idea(word) for word in (IDEA_WORD, UNSENT_IDEA_WORD))
        ideas.send(idea_pk=idea.pk, by=cast.owner, at=AT)
        letter = OutgoingMail.objects.filter(sent_at=None).order_by("pk")[0]
        return {
            **{key: p.number for key, p in self.proposals.items()},
            "orphan": orphan.number,
            "attachment": attachment.pk,
            "taking_part": opened.participants.listed()[0].pk,
            "not_counting": opened.participants.get(organization=cast.company).pk,
            "region": cast.region.pk,
            "declined": declined.pk,
            "dispensation": granted.pk,
            "thread": opened.advice.threads().oldest_first()[0].pk,
            "inner": opened.advice.in_circle(Circle.ADVISERS).get().pk,
            "change": opened.advice.get(kind=AdviceKind.CHANGE).pk,
            "wording": opened.advice.get(kind=AdviceKind.WORDING).pk,
            "answer_change": opened.answer_changes.filter(name="effects").latest("pk").pk,
            "planned": planned.meeting_date.isoformat(),
            "item": free.pk,
            "published": published.meeting_date.isoformat(),
            "tabled_item": tabled.agenda_items.get().pk,
            "tabled_number": tabled.agenda_items.get().number,
            "paper": published.dossiers.order_by("pk")[0].pk,
            "consent": approved.consents.get(funder=cast.realdania).pk,
            "entered": region_asked.pk,
            "raised": raised.pk,
            "settled": sent.impartialities.of_user(self.partial).get().pk,
            "round": world.round.pk,
            "criterion": world.criteria[0].pk,
            "organization": cast.company.pk,
            "claim": self.claimant.memberships.get().pk,
            "request": request.pk,
            "person": cast.stranger.pk,
            "role": cast.committee.memberships.get().pk,
            "invitation": sent_invitation.invitations[0].pk,
            "token": sent_invitation.token,
            "asked": asked.invitation.pk,
            "asked_token": asked.token,
            "answering_token": answering.token,
            "dgo": cast.dgo.pk,
            "along": along.pk,
            "note": note.pk,
            "letter": letter.pk,
            "view": view.pk,
            "idea": idea.pk,
            "unsent_idea": unsent_idea.pk,
            "nowhere": "KS-2027-9999",
        }


@pytest.fixture(scope="package")
def leaky(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Leaky]:
    """Make the world once, for good, since each test's own transaction ends by closing the connection."""
    folder = tmp_path_factory.mktemp("files")
    storages = {
        **django_settings.STORAGES,
        "default": {
            "BACKEND": "klimaspor.files.Files",
            "OPTIONS": {"location": folder},
        },
    }
    with (
        django_db_blocker.unblock(),
        override_settings(STORAGES=storages),
        database.lasting() as keep,
    ):
        with time_machine.travel(AT, tick=False), transaction.atomic():
            made = Leaky()
            # Nobody is to work on it.
            connection.run_on_commit.clear()
        keep()
        yield made


@pytest.fixture(autouse=True)
def _seen_on_one_day(leaky: Leaky, db: None) -> Iterator[None]:
    # What another test has counted.
    cache.clear()
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture(autouse=True)
def files() -> None:
    """Keep the world's files where the world put them."""
