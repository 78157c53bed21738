"""
Fills an empty portal with twelve made-up proposals over all stops, and four ideas, by walking the real steps.

Only where DEMO is set, and never beside real staff. What is there already is left alone.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from klimaspor import danish, pdf
from klimaspor.accounts import demo
from klimaspor.accounts.models import Dgo, Organization, User
from klimaspor.mail.models import Contact
from proposals.attachments import steps as attachments
from proposals.drafting import dgo as dgos
from proposals.drafting import steps as drafting
from proposals.economy import steps as economy
from proposals.ideas import steps as ideas
from proposals.line.models import Proposal
from proposals.notes import steps as notes
from proposals.notes.models import NoteKind
from proposals.participants import steps as participants
from proposals.reading import steps as reading
from proposals.rounds.models import Round, usual_dgo_deadline
from proposals.sparring import steps as advice
from proposals.sparring.models import AdviceKind, Circle
from proposals.sparring.places import Chosen
from proposals.submission import steps as submission
from proposals.writers import steps as writers
from review import reference
from review.agenda import steps as agenda
from review.decision import steps as decision
from review.formality import steps as formality
from review.funding import steps as funding
from review.funding.models import FunderConsent
from review.management import commitments
from review.management.ideas import IDEAS, IdeaSaid
from review.management.tracks import TRACKS, Track, budget_lines
from review.meeting import steps as meeting_steps
from review.qualification import steps as qualification
from review.qualification.models import Judgment
from review.qualification.seen import Words
from review.recommendation import steps as recommendation
from review.track import steps as track_steps

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from review.agenda.models import Agenda

NINE = time(9)
STATEMENTS = {
    "V1": "Effekten er beskrevet og kan måles. Tallene er forsigtige, men sandsynlige.",
    "V2": "Sporet går ud over kendte løsninger og tester noget, andre kan lære af.",
    "V3": "Sporet svarer direkte på handlinger i de deltagende kommuners planer.",
    "V4": "Deltagerne dækker både by og land, og samarbejdet er realistisk.",
    "V5": "Løsningen kan bruges af de fleste kommuner uden store ændringer.",
    "V6": "Det er beskrevet, hvem der har ansvaret bagefter, men ikke med hvilke midler.",
    "V7": "Tidsplanen er stram i det første halve år. Resten er realistisk.",
    "V8": "Økonomien er klar, og tilskuddet er nødvendigt for, at testen kan gennemføres.",
    "V9": "Sporet giver viden, som deltagerne ikke kunne skaffe hver for sig.",
}

JUDGMENTS = {
    "V1": Judgment.MET,
    "V2": Judgment.MET,
    "V6": Judgment.PARTLY,
    "V7": Judgment.PARTLY,
}


class Command(BaseCommand):
    help = "Fill an empty portal with twelve made-up proposals (DEMO only)."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--at", help="the moment that counts as now, ISO 8601 with offset")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Demoen laves kun med DEMO=1.")
        at = datetime.fromisoformat(options["at"]) if options["at"] else timezone.now()
        refusal = demo.demo_refusal(at)
        if refusal:
            raise CommandError(refusal)
        if Proposal.objects.exists():
            self.stdout.write("Der er forslag i forvejen. Demoen er ikke lavet igen.")
            return
        with transaction.atomic():
            Walk(at).whole()
        self.stdout.write("Demoen er klar: 12 opdigtede forslag.")


class Walk:
    """One walk through everything; `now` is when it is seen, and each act has its own earlier moment."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.today = danish.day_of(now)
        self.people = demo.make_people(now - timedelta(days=400))
        self.secretary = self.people["birgitte"]
        Contact.objects.update_or_create(pk=Contact.ONLY, defaults={"phone": "12 34 56 78"})
        self.done = self._round("Demo: afsluttet runde", first=-150, second=-135, meeting=-100)
        self.current = self._round("Demo: runde før mødet", first=-45, second=-28, meeting=9)
        self.open = self._open_round()

    def whole(self) -> None:
        """Walk the twelve proposals to where the demo shows them."""
        done = [self._to_recommended(track, self.done) for track in TRACKS[:4]]
        self._meeting(self.done, done, self._day(-115), published=self._day(-110))
        self._decide(done)
        self._fund(done)
        on_agenda = [self._to_recommended(track, self.current) for track in TRACKS[4:6]]
        self._meeting(self.current, on_agenda, self._day(-8), published=self._day(-2))
        self._to_recommended(TRACKS[6], self.current)
        inadmissible = self._to_approval(TRACKS[7], self.current)
        formality.refuse(
            proposal_pk=inadmissible.pk,
            revision=inadmissible.revision,
            reason="Rederiet skal eje batteriet efter projektet, og andre kommuner kan derfor ikke bruge løsningen.",
            by=self.secretary,
            at=self._day(-12),
        )
        self._unfinished(TRACKS[8])
        self._in_sparring(TRACKS[9])
        self._submitted(TRACKS[10])
        self._qualified_elsewhere(TRACKS[11])
        for idea in IDEAS:
            self._idea(idea)

    def _day(self, days: int, hour: int = 10) -> datetime:
        """Give a moment so many days from today, never ahead of now when it lies in the past."""
        day = self.today + timedelta(days=days)
        if not danish.is_working_day(day):
            day = danish.add_working_days(day, -1 if days < 0 else 1)
        moment = danish.wall(day, time(hour))
        return min(moment, self.now) if days <= 0 else moment

    def _round(self, name: str, *, first: int, second: int, meeting: int) -> Round:
        first_at, second_at = (danish.wall(self._workday(days), NINE) for days in (first, second))
        made: Round = Round.objects.create(
            name=name,
            opens_at=self._day(first - 60),
            qualification_deadline_at=first_at,
            dgo_deadline_at=usual_dgo_deadline(first_at, second_at),
            approval_deadline_at=second_at,
            meeting_date=self._workday(meeting),
            meeting_time=time(13),
            meeting_place="Demosalen",
            note="Opdigtet runde. Datoerne følger den dag, demoen er lavet.",
        )
        reference.add_criteria(made)
        return made

    def _workday(self, days: int) -> date:
        day = self.today + timedelta(days=days)
        return day if danish.is_working_day(day) else danish.add_working_days(day, 1)

    def _open_round(self) -> Round:
        found = Round.objects.open(at=self.now).upcoming(at=self.now).soonest_first().first()
        return found or self._round("Demo: åben runde", first=40, second=55, meeting=90)

    def _adviser(self, proposal: Proposal) -> User:
        held = {
            "nordjylland": "karen",
            "midtjylland": "peter",
            "syddanmark": "lise",
            "hovedstaden": "anders",
            "sjaelland": "anders",
        }
        return self.people[held[proposal.lead_dgo.slug if proposal.lead_dgo else "midtjylland"]]

    def _write(self, track: Track, round_: Round, at: datetime) -> Proposal:
        owner = self.people[track.owner]
        proposal = drafting.create(
            owner=owner,
            organization=_organization(track.organization),
            round=round_,
            title=track.title,
            by=owner,
            at=at,
        )
        self._fill(proposal, track, owner, at)
        for name in dict.fromkeys((track.problem_owner, *track.participants)):
            organization = _organization(name)
            role = "problem_owner" if name == track.problem_owner else "participant"
            present = proposal.participants.filter(organization=organization).first()
            if present:
                participants.change_participant(
                    proposal_pk=proposal.pk,
                    participant_pk=present.pk,
                    role=role,
                    by=owner,
                    at=at,
                )
            else:
                participants.add_participant(
                    proposal_pk=proposal.pk, organization=organization, role=role, by=owner, at=at
                )
        for name, kind in track.others:
            participants.add_participant(
                proposal_pk=proposal.pk,
                typed_name=name,
                typed_kind=kind,
                role="knowledge" if kind == "knowledge" else "supplier",
                by=owner,
                at=at,
            )
        self._economy(proposal, track, owner, at)
        if track.is_listed:
            writers.list_to_members(proposal_pk=proposal.pk, is_listed=True, by=owner, at=at)
        proposal.refresh_from_db()
        return proposal

    def _fill(self, proposal: Proposal, track: Track, owner: User, at: datetime) -> None:
        start = date(self.today.year + 1, 8, 1)
        months = start.year * 12 + start.month - 1 + track.months
        end = date(months // 12, months % 12 + 1, 1) - timedelta(days=1)
        sections: dict[str, dict[str, Any]] = {
            "udfordringer": {"challenges": track.challenges, "purpose": track.purpose},
            "effekt": {"effects": track.effects, "activities": track.activities},
            "udviklingselement": {
                "has_development": True,
                "development": track.development,
                "is_beyond_known": True if track.novelty else None,
                "novelty": track.novelty,
                "is_open": True if track.plan_needs else None,
                "openness": track.openness if track.plan_needs else "",
            },
            "klimahandlingsplaner": {"plan_needs": track.plan_needs},
            "deltagere": {"joining": track.joining},
            "oekonomi": {
                "requested_amount": Decimal(track.requested),
                "budget_min": Decimal(track.budget[0]),
                "budget_max": Decimal(track.budget[1]),
                "co_financing": track.co_financing,
            },
            "periode": {
                "period_start": start,
                "period_end": end,
                "organization_text": track.organization_text,
            },
            "rus": {
                "rus_areas": "- Klima og omstilling\n- Bedre anvendelse af ressourcer",
                "goals": list(track.goals),
            },
        }
        for slug, answers in sections.items():
            drafting.save_section(
                proposal_pk=proposal.pk, slug=slug, answers=answers, by=owner, at=at
            )

    def _economy(self, proposal: Proposal, track: Track, owner: User, at: datetime) -> None:
        year = self.today.year + 1
        own = Decimal(track.budget[0] - track.requested)
        half = Decimal(track.requested) / 2
        economy.save_financing(
            proposal_pk=proposal.pk,
            lines=[
                (year, "Klimaalliancen", half, "requested"),
                (year + 1, "Klimaalliancen", half, "requested"),
                (year, track.problem_owner, own // 2, "own_time"),
                (year + 1, "Øvrige deltagere", own - own // 2, "expected"),
            ],
            by=owner,
            at=at,
        )
        companies = (p for p in proposal.participants.listed() if p.typed_kind == "company")
        economy.save_budget(
            proposal_pk=proposal.pk,
            lines=budget_lines(track, year, next((p.pk for p in companies), None)),
            by=owner,
            at=at,
        )

    def _to_qualified(self, track: Track, round_: Round) -> Proposal:
        written = _working(round_.qualification_deadline_at, -14, hour=9)
        proposal = self._write(track, round_, written)
        advice.open_sparring(
            proposal_pk=proposal.pk, by=proposal.owner, at=_working(written, 1, hour=10)
        )
        self._attach(proposal, _working(written, 2, hour=13))
        sent_at = _working(round_.qualification_deadline_at, -1, hour=14)
        submission.submit(
            proposal_pk=proposal.pk, revision=proposal.revision, by=proposal.owner, at=sent_at
        )
        self._qualify(proposal, "recommended", _working(sent_at, 3, hour=11))
        proposal.refresh_from_db()
        return proposal

    def _attach(self, proposal: Proposal, at: datetime) -> None:
        paper = pdf.render(
            "review/papers/pdf/demo_annex.html",
            {"title": f"Tidsplan for {proposal.title}", "number": proposal.number, "at": at},
        )
        attachments.add_attachment(
            proposal_pk=proposal.pk,
            title="Tidsplan",
            file=ContentFile(paper, name="tidsplan.pdf"),
            file_name="tidsplan.pdf",
            content_type="application/pdf",
            by=proposal.owner,
            at=at,
        )

    def _qualify(self, proposal: Proposal, outcome: str, at: datetime) -> None:
        adviser = self._adviser(proposal)
        began = qualification.begin(proposal_pk=proposal.pk, by=adviser, at=at)
        criteria = {c.code: c.pk for c in proposal.round.criteria.listed()}
        saved = qualification.save(
            qualification_pk=began.pk,
            words=Words(
                outcome=outcome,
                summary=(
                    "Sporet svarer på et problem, som mange kommuner har, og testen er godt tænkt. "
                    "Vi anbefaler, at det går videre."
                ),
                tested="Om metoden virker hos flere kommuner på én gang, og hvad den koster i drift.",
                known="Målingerne selv er kendte. Det nye er at bruge dem på tværs.",
                statements={
                    criteria[code]: text for code, text in STATEMENTS.items() if code in criteria
                },
                judgments={
                    criteria[code]: word for code, word in JUDGMENTS.items() if code in criteria
                },
            ),
            by=adviser,
            at=at,
        )
        proposal.refresh_from_db()
        qualification.complete(
            qualification_pk=saved.pk,
            revision=proposal.revision,
            # Where the demo has no words about a criterion, it shows that it is empty.
            anyway=True,
            by=adviser,
            at=at,
        )

    def _to_approval(self, track: Track, round_: Round) -> Proposal:
        proposal = self._to_qualified(track, round_)
        submission.submit_for_approval(
            proposal_pk=proposal.pk,
            revision=proposal.revision,
            by=proposal.owner,
            at=_working(round_.approval_deadline_at, -1, hour=15),
        )
        proposal.refresh_from_db()
        return proposal

    def _to_recommended(self, track: Track, round_: Round) -> Proposal:
        proposal = self._to_approval(track, round_)
        at = _working(round_.approval_deadline_at, 3, hour=10)
        formality.save_answers(
            proposal_pk=proposal.pk,
            answers={f"K{number}": (True, "") for number in range(1, 10)},
            by=self.secretary,
            at=at,
        )
        realdania = Organization.objects.get(name="Realdania")
        region = Organization.objects.get(name="Region Midtjylland")
        whole = Decimal(track.requested)
        recommendation.save(
            proposal_pk=proposal.pk,
            direction="approve",
            resume=f"{track.purpose}\n\nSporet har {track.problem_owner} som problemejer.",
            reason="Sporet opfylder alle krav og er anbefalet af DGO'en.",
            points=[
                f"sporet godkendes med {danish.money_text(whole)}",
                "resultaterne deles med alle kommuner og regioner",
            ],
            amounts={realdania.pk: whole / 2, region.pk: whole / 2},
            by=self.secretary,
            at=at,
        )
        recommendation.recommend(
            proposal_pk=proposal.pk, revision=proposal.revision, by=self.secretary, at=at
        )
        proposal.refresh_from_db()
        return proposal

    def _meeting(
        self, round_: Round, proposals: Sequence[Proposal], at: datetime, *, published: datetime
    ) -> Agenda:
        made = agenda.create(
            round=round_,
            meeting_date=round_.meeting_date,
            meeting_time=round_.meeting_time,
            place=round_.meeting_place,
            by=self.secretary,
            at=at,
        )
        for proposal in proposals:
            agenda.add_proposal(
                agenda_pk=made.pk, proposal_pk=proposal.pk, by=self.secretary, at=at
            )
        agenda.add_item(
            agenda_pk=made.pk,
            kind="information",
            title="Orientering fra sekretariatet",
            minutes=10,
            resume="Status på de igangsatte spor.",
            by=self.secretary,
            at=at,
        )
        agenda.publish(agenda_pk=made.pk, by=self.secretary, at=published)
        return made

    def _decide(self, proposals: Sequence[Proposal]) -> None:
        held = self.done.agendas.get()
        at = danish.wall(self.done.meeting_date, time(15))
        names = ("erik", "hanne", "torben")
        meeting_steps.save_attendance(
            agenda_pk=held.pk,
            presences=[
                meeting_steps.Seat(
                    self.people[name].name,
                    "apologies" if name == "torben" else "present",
                    self.people[name],
                )
                for name in names
            ],
            by=self.secretary,
            at=at,
        )
        items = {item.proposal_id: item for item in held.items.exclude(proposal=None)}
        decision.record(
            item_pk=held.items.get(number=1).pk,
            outcome="approved",
            text="Dagsordenen blev godkendt.",
            by=self.secretary,
            at=at,
        )
        facts: tuple[dict[str, Any], ...] = (
            {"outcome": "approved", "text": "Indstillingen blev godkendt."},
            {
                "outcome": "with_conditions",
                "text": "Indstillingen blev godkendt med en betingelse.",
                "reason": "Udvalget ønsker, at leverandører uden for regionen også bliver hørt.",
                "conditions": "- Kravene sendes i høring hos leverandører, før de afprøves",
            },
            {
                "outcome": "rejected",
                "text": "Forslaget fik afslag.",
                "reason": "Delebiler i små byer er under afprøvning i et andet projekt, og resultatet afventes.",
            },
            {"outcome": "approved", "text": "Indstillingen blev godkendt."},
        )
        for proposal, values in zip(proposals, facts, strict=True):
            decision.record(item_pk=items[proposal.pk].pk, by=self.secretary, at=at, **values)
        decision.release(agenda_pk=held.pk, by=self.secretary, at=_working(at, 1, hour=10))

    def _fund(self, proposals: Sequence[Proposal]) -> None:
        active, waiting, _, lapsed = proposals
        at = _working(danish.wall(self.done.meeting_date, time(10)), 15, hour=10)
        for consent in FunderConsent.objects.standing().filter(proposal=active):
            self._answer(consent, "consented", "", at)
        active.refresh_from_db()
        track_steps.launch(
            proposal_pk=active.pk,
            revision=active.revision,
            by=self.secretary,
            at=_working(at, 4, hour=9),
        )
        first = FunderConsent.objects.standing().filter(proposal=waiting).listed().first()
        if first:
            self._answer(first, "consented", "", at)
        for consent in FunderConsent.objects.standing().filter(proposal=lapsed):
            self._answer(
                consent, "refused", "Varme fra spildevand støttes allerede i en anden pulje.", at
            )
        lapsed.refresh_from_db()
        track_steps.lapse(
            proposal_pk=lapsed.pk,
            revision=lapsed.revision,
            reason="Bidragyderne har givet afslag, og forslagsstilleren ønsker ikke at gå videre.",
            by=self.secretary,
            at=_working(at, 6, hour=9),
        )

    def _answer(self, consent: FunderConsent, answer: str, reason: str, at: datetime) -> None:
        who = "charlotte" if consent.funder.name == "Realdania" else "hanne"
        funding.answer(
            consent_pk=consent.pk, answer=answer, reason=reason, by=self.people[who], at=at
        )

    def _unfinished(self, track: Track) -> None:
        self._write(track, self.open, self._day(-3))

    def _in_sparring(self, track: Track) -> None:
        proposal = self._write(track, self.open, self._day(-12))
        commitments.let_answer(
            proposal,
            commitments.IN_SPARRING,
            self.people,
            asked_at=self._day(-10),
            answered_at=self._day(-7),
        )
        advice.open_sparring(proposal_pk=proposal.pk, by=proposal.owner, at=self._day(-6))
        thread = advice.comment(
            proposal_pk=proposal.pk,
            section="effekt",
            name="effects",
            chosen=Chosen(track.effects.splitlines()[0].removeprefix("- ")),
            text="Hvor mange måltider drejer det sig om? Det vil gøre effekten lettere at vurdere.",
            by=self._adviser(proposal),
            at=self._day(-4),
        )
        advice.answer(
            thread_pk=thread.pk,
            text="Omkring 4.000 om ugen. Vi skriver det ind.",
            by=proposal.owner,
            at=self._day(-3),
        )
        advice.comment(
            proposal_pk=proposal.pk,
            section="deltagere",
            text="Overvej at spørge en kommune med et stort centralkøkken.",
            kind=AdviceKind.CHANGE,
            by=self._adviser(proposal),
            at=self._day(-2),
        )
        advice.comment(
            proposal_pk=proposal.pk,
            section="udfordringer",
            name="purpose",
            text="Formålet står stærkere, når det siger, hvem der får glæde af det.",
            kind=AdviceKind.WORDING,
            suggestion="Kommunernes køkkener skal i fællesskab finde ud af, hvordan klimavenlig mad bliver det nemme valg.",
            by=self._adviser(proposal),
            at=self._day(-2),
        )
        advice.comment(
            proposal_pk=proposal.pk,
            section="",
            text="Skal vi bede en anden DGO om at læse med? Det ligner noget, vi har set før.",
            circle=Circle.ADVISERS,
            by=self._adviser(proposal),
            at=self._day(-2),
        )
        for circle, text in (
            (Circle.EVERYBODY, "Vi talte om måltiderne. Forslagsstilleren skriver tallet ind."),
            (Circle.ADVISERS, "Spørg naboerne, om de har prøvet det samme."),
        ):
            notes.write(
                proposal_pk=proposal.pk,
                kind=NoteKind.TELEPHONE,
                circle=circle,
                held_date=danish.day_of(self._day(-2)),
                participants=f"{proposal.owner.name}, {self._adviser(proposal).name}",
                text=text,
                by=self._adviser(proposal),
                at=self._day(-2),
            )
        another = dgos.may_co_read(proposal, at=self._day(-2)).first()
        if another:
            dgos.add_co_reader(
                proposal_pk=proposal.pk,
                dgo=another,
                note="Har I set noget lignende hos jer?",
                by=self._adviser(proposal),
                at=self._day(-2),
            )
        self._write_on(proposal)

    def _write_on(self, proposal: Proposal) -> None:
        """Change an answer that the adviser has read."""
        reading.mark_as_read(
            proposal_pk=proposal.pk, base=None, by=self._adviser(proposal), at=self._day(-2, 11)
        )
        proposal.refresh_from_db()
        drafting.save_section(
            proposal_pk=proposal.pk,
            slug="effekt",
            answers={"effects": f"{proposal.effects}\n- Omkring 4.000 måltider om ugen"},
            by=proposal.owner,
            # After a weekend both fall on the Friday.
            at=self._day(-1, 12),
        )

    def _submitted(self, track: Track) -> None:
        proposal = self._write(track, self.open, self._day(-9))
        submission.submit(
            proposal_pk=proposal.pk,
            revision=proposal.revision,
            by=proposal.owner,
            at=self._day(-2, hour=14),
        )

    def _qualified_elsewhere(self, track: Track) -> None:
        proposal = self._write(track, self.open, self._day(-20))
        commitments.let_answer(
            proposal,
            commitments.QUALIFIED,
            self.people,
            asked_at=self._day(-18),
            answered_at=self._day(-14),
        )
        submission.submit(
            proposal_pk=proposal.pk,
            revision=proposal.revision,
            by=proposal.owner,
            at=self._day(-10),
        )
        self._qualify(proposal, "with_remarks", self._day(-5))

    def _idea(self, said: IdeaSaid) -> None:
        owner = self.people[said.owner]
        idea = ideas.create(
            title=said.title,
            what=said.what,
            who=said.who,
            plan=said.plan,
            organization=_organization(said.organization),
            dgo=_dgo(said.dgo) if said.dgo else None,
            by=owner,
            at=self._day(-9),
        )
        if not said.is_sent:
            return
        ideas.send(idea_pk=idea.pk, by=owner, at=self._day(-8))
        if said.moved_to:
            ideas.change_dgo(
                idea_pk=idea.pk,
                dgo=_dgo(said.moved_to),
                note=said.note,
                by=self.people[said.moved_by],
                at=self._day(-7),
            )
        for days, (who, text) in enumerate(said.replies):
            at = self._day(-6, 9 + days)
            ideas.reply(idea_pk=idea.pk, text=text, by=self.people[who], at=at)


def _working(moment: datetime, days: int, *, hour: int) -> datetime:
    """Give an hour so many working days from a moment."""
    return danish.wall(danish.add_working_days(danish.day_of(moment), days), time(hour))


def _organization(name: str) -> Organization:
    organization: Organization = Organization.objects.get(name=name)
    return organization


def _dgo(slug: str) -> Dgo:
    found: Dgo = Dgo.objects.get(slug=slug)
    return found
