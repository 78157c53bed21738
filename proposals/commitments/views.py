"""A participant's own page: what it brings and whether it is in, and the contact who says so."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from klimaspor import danish, once, unsent
from klimaspor.accounts import links
from klimaspor.accounts.links import MOST_A_DAY
from klimaspor.accounts.models import AUTHORITY_KINDS, Organization
from klimaspor.dkfds.formsets import belonging_to
from klimaspor.pages import FormPage, Press, PublicPage
from proposals.answers.content import ParticipantRow, counting_day
from proposals.commitments import steps as commitment
from proposals.commitments import visits
from proposals.commitments.forms import (
    AskForm,
    CodeForm,
    CommitmentForm,
    ContactsForm,
    StandInForm,
)
from proposals.commitments.seen import contact_unit, shown_commitment, shown_contacts
from proposals.drafting.dgo import suggested_dgo
from proposals.gates import deadlines
from proposals.line.lifecycle import ANSWERED_IN, EDITABLE, Status
from proposals.line.models import Proposal
from proposals.line.pages import NOT_YOURS, ProposalPage
from proposals.participants.models import Commitment, Participant
from proposals.participants.queries import participant_rows
from proposals.rounds.models import Gate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from klimaspor.accounts.querysets import OrganizationQuerySet
    from klimaspor.seen import Shown
    from proposals.writers.models import ProposalInvitation

ANSWERS = ("confirm", "decline")
MOST_NAMED = 12


class _ParticipantPage(ProposalPage):
    """A page about one participant, for the proposal's parties."""

    permission = "proposals.see_participants"
    participant: Participant
    row: ParticipantRow

    def load(self) -> None:
        super().load()
        listed = list(self.proposal.participants.listed())
        rows = participant_rows(listed, counting_day(self.proposal, self.at))
        found = {p.pk: (p, row) for p, row in zip(listed, rows, strict=True)}
        if self.kwargs["pk"] not in found:
            raise Http404
        self.participant, self.row = found[self.kwargs["pk"]]
        self.commitment: Commitment | None = getattr(self.participant, "commitment", None)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except Participant.DoesNotExist as gone:
            # Removed since the page was opened.
            raise Http404 from gone

    @property
    def heading(self) -> str:  # type: ignore[override]  # it says which participant
        return self.participant.name

    @property
    def is_writer(self) -> bool:
        return bool(self.user.has_perm("proposals.edit", self.proposal))

    @property
    def contact_id(self) -> int | None:
        return self.commitment.contact_id if self.commitment else None

    @property
    def visitor(self) -> ProposalInvitation | None:
        return self.commitment.visitor if self.commitment else None

    @property
    def is_answered_for(self) -> bool:
        return self.contact_id is not None or self.visitor is not None

    @property
    def is_contact(self) -> bool:
        return self.contact_id == self.user.pk

    @property
    def is_open(self) -> bool:
        return self.proposal.status in ANSWERED_IN

    @property
    def participant_url(self) -> str:
        return self.url("participant", self.participant.pk)

    def crumbs(self) -> list[tuple[str | None, str]]:
        way = super().crumbs()[:-1]
        if self.is_writer and self.proposal.status in EDITABLE:
            way.append((self.url("section", "deltagere"), "Deltagere"))
        return [*way, (None, self.heading)]


def _take(page: ParticipantPage | VisitPage, form: CommitmentForm, **who: Any) -> str:
    """Save what the participant brings, or take its answer, as the button says; `who` is whose word it is."""
    name, pk = page.participant.name, page.participant.pk
    given = {"brought": form.brought, "bases": page.bases, "at": page.at, **who}
    if page.pressed not in ANSWERS:
        commitment.save(participant_pk=pk, **given)
        return f"Det, {name} bidrager med, er gemt."
    is_confirmed = page.pressed == "confirm"
    reason = "" if is_confirmed else form.cleaned_data["reason"]
    commitment.answer(participant_pk=pk, is_confirmed=is_confirmed, reason=reason, **given)
    return f"I har svaret, at {name} {'er med' if is_confirmed else 'er ikke med'}."


class ParticipantPage(FormPage, _ParticipantPage):
    """What the participant brings, and its answer."""

    template_name = "proposals/commitments/participant.html"
    has_declined = False

    def load(self) -> None:
        try:
            super().load()
        except (Http404, PermissionDenied):
            # Whoever said no reads the proposal no more, and keeps the answer.
            mine = Commitment.objects.of_contact(self.user).declined()
            number = self.kwargs["number"]
            self.has_declined = mine.filter(
                participant=self.kwargs["pk"], participant__proposal__number=number
            ).exists()
            if not self.has_declined:
                raise

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.has_declined:
            return redirect("proposals:own_answer", *self.kwargs.values())
        return super().dispatch(request, *args, **kwargs)

    def form(self, data: Any = None) -> CommitmentForm:
        return CommitmentForm(
            data,
            participant=self.participant,
            commitment=self.commitment,
            answers=self.is_contact,
            pressed=self.pressed,
        )

    @property
    def pressed(self) -> str:
        return self.request.POST.get("do", "")

    @property
    def may_write(self) -> bool:
        """Whether the person fills in what the participant brings: its contact, or a writer while it has none."""
        if self.is_contact:
            return self.is_open
        return self.is_writer and not self.is_answered_for and self.proposal.status in EDITABLE

    @property
    def may_ask(self) -> bool:
        return self.is_open and self.is_writer

    def others(self, data: Any = None) -> dict[str, Any]:
        if not self.may_ask:
            return {}
        initial = {} if self.is_answered_for else _named(self.participant)
        return {"ask": belonging_to("participant", AskForm(data, initial=initial))}

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not self.is_contact and (self.pressed in ANSWERS or not self.is_writer):
            raise PermissionDenied(NOT_YOURS)
        return super().post(request, **kwargs)

    def act(self, form: CommitmentForm) -> str:
        said = _take(self, form, by=self.user)
        if self.pressed not in ANSWERS:
            return said
        informed = "" if self.proposal.owner == self.user else " Forslagets ejer har fået besked."
        return (
            f"{said}{informed} Svaret kan ændres, indtil forslaget er sendt til godkendelsesforløb."
        )

    def success_url(self) -> str:
        visible = Proposal.objects.visible_to(self.user, at=self.at)
        if visible.contains(self.proposal):
            return self.participant_url
        return self.url("own_answer", self.participant.pk)

    def shown_now(self) -> Shown:
        return shown_commitment(self.participant, self.commitment)

    def context(self) -> dict[str, Any]:
        speaks_for = self.may_ask and commitment.speaks_for(self.user, self.participant, at=self.at)
        return {
            **super().context(),
            "participant": self.participant,
            "row": self.row,
            "brought": _brought(self.row),
            "commitment": self.commitment,
            "is_contact": self.is_contact,
            "is_open": self.is_open,
            "answer_by": _answer_by(self.proposal) if self.is_open else None,
            "is_required": self.proposal.round.requires_commitments,
            "may_write": self.may_write,
            "may_ask": self.may_ask,
            "may_answer_oneself": speaks_for and not self.is_contact,
            "visitor": self.visitor,
            "asked": _asked(self) if self.is_writer and not self.visitor else "",
        }


class OwnAnswer(Press):
    """What whoever said no has answered: theirs to see and to take back, and nothing else of the proposal."""

    template_name = "proposals/commitments/own_answer.html"

    def load(self) -> None:
        mine = Commitment.objects.of_contact(self.user).with_frame()
        number = self.kwargs["number"]
        self.commitment: Commitment = get_object_or_404(
            mine, participant=self.kwargs["pk"], participant__proposal__number=number
        )
        self.participant = self.commitment.participant
        self.proposal = self.participant.proposal

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.commitment.is_confirmed is not False:
            # Pressed twice, or never said no: they read the proposal, and answer there.
            return redirect(self.back())
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.show()

    def act(self) -> str:
        commitment.answer(
            participant_pk=self.participant.pk, is_confirmed=True, by=self.user, at=self.at
        )
        return f"I har svaret, at {self.participant.name} er med. Du kan læse forslaget igen."

    def back(self) -> str:
        return reverse("proposals:participant", args=[self.proposal.number, self.participant.pk])

    def context(self) -> dict[str, Any]:
        heading = f"Jeres svar for {self.participant.name}"
        own = Participant.objects.filter(pk=self.participant.pk).listed()
        (row,) = own.rows(counting_day(self.proposal, self.at))
        return {
            **super().context(),
            "heading": heading,
            "breadcrumbs": [("/", "Forside"), (None, heading)],
            "commitment": self.commitment,
            "proposal": self.proposal,
            "row": row,
            "brought": _brought(row),
            "is_open": self.proposal.status in ANSWERED_IN,
            "state": Status(self.proposal.status).state,
        }


class AskParticipant(FormPage, _ParticipantPage):
    """The letter that asks a contact to answer."""

    template_name = "proposals/line/step.html"
    button = "Send brevet"
    makes = True

    def load(self) -> None:
        super().load()
        if not self.is_writer:
            raise PermissionDenied(NOT_YOURS)

    @property
    def heading(self) -> str:  # type: ignore[override]  # it says which participant
        return f"Spørg {self.participant.name}"

    def written_at(self) -> str:
        return self.participant_url

    def form(self, data: Any = None) -> AskForm:
        return AskForm(data, initial=_named(self.participant))

    def act(self, form: AskForm) -> str:
        name, email = form.cleaned_data["name"], form.cleaned_data["email"]
        commitment.ask(
            participant_pk=self.participant.pk, name=name, email=email, by=self.user, at=self.at
        )
        return f"{name} får nu et brev og kan svare for {self.participant.name}."

    def success_url(self) -> str:
        return self.participant_url

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "text": f"Kontaktpersonen får et brev, kan læse forslaget og svarer, om {self.participant.name} er med.",
            "cancel": self.participant_url,
        }


class StandIn(FormPage, _ParticipantPage):
    """The way from a participant that does not count for K1 to the kommune that could, and to whoever knows whom to ask."""

    template_name = "proposals/commitments/stand_in.html"
    button = "Tilføj som deltager"
    open_in = EDITABLE
    makes = True

    def load(self) -> None:
        super().load()
        if not self.is_writer:
            raise PermissionDenied(NOT_YOURS)
        if self.participant.kind in AUTHORITY_KINDS:
            raise Http404

    @property
    def heading(self) -> str:  # type: ignore[override]  # it says which participant
        return f"Få en kommune med ud over {self.participant.name}"

    @cached_property
    def organizations(self) -> OrganizationQuerySet:
        """Those that exist when it is counted, and are not on the list."""
        valid = Organization.objects.valid(counting_day(self.proposal, self.at))
        there = self.proposal.participants.exclude(organization=None).values("organization")
        return valid.of_kind(*AUTHORITY_KINDS).exclude(pk__in=there).by_name()

    @cached_property
    def suggested(self) -> Organization | None:
        name = self.row.stand_in
        return self.organizations.named(name).first() if name else None

    def form(self, data: Any = None) -> StandInForm:
        return StandInForm(
            data, organizations=self.organizations, initial={"organization": self.suggested}
        )

    def act(self, form: StandInForm) -> str:
        chosen, name = form.cleaned_data["organization"], form.cleaned_data["name"]
        commitment.bring_in(
            proposal_pk=self.proposal.pk,
            organization=chosen,
            name=name,
            email=form.cleaned_data["email"],
            by=self.user,
            at=self.at,
        )
        asked = f" {name} får nu et brev og kan svare." if name else ""
        return f"{chosen.name} er tilføjet som deltager.{asked}"

    def success_url(self) -> str:
        return f"{self.url('section', 'deltagere')}#deltagerliste"

    def context(self) -> dict[str, Any]:
        dgo = self.proposal.lead_dgo or suggested_dgo(self.suggested)
        return {
            **super().context(),
            "participant": self.participant,
            "suggested": self.suggested,
            "dgo": dgo,
            "cancel": self.url("section", "deltagere"),
        }


class Contacts(FormPage, ProposalPage):
    """Who is to answer for each participant, all on one page: one press, and a letter to each that is new."""

    template_name = "proposals/commitments/contacts.html"
    permission = "proposals.edit"
    heading = "Kontaktpersoner"
    button = "Gem og send brevene"
    open_in = ANSWERED_IN
    rows_unit = "kontakter"

    def load(self) -> None:
        super().load()
        self.listed: list[Participant] = list(self.proposal.participants.listed())

    def form(self, data: Any = None) -> ContactsForm:
        answering = {
            p.pk for p in self.listed if hasattr(p, "commitment") and p.commitment.contact_id
        }
        contacts = {p: commitment.contact_of(p) for p in self.listed}
        return ContactsForm(data, contacts=contacts, answering=answering)

    def shown_now(self) -> Shown:
        return shown_contacts((p, commitment.contact_of(p)) for p in self.listed)

    def place(self, name: str) -> str:
        return f"{name}-email"

    def act(self, form: ContactsForm) -> str:
        done = commitment.ask_all(
            proposal_pk=self.proposal.pk,
            contacts=form.contacts,
            bases=self.bases,
            by=self.user,
            at=self.at,
        )
        said = []
        if done.asked:
            letters = danish.count_text(len(done.asked), "brev er", "breve er")
            names = [p.name for p in done.asked]
            of = f" til {danish.join_text(names)}" if len(names) <= MOST_NAMED else ""
            said.append(f"{letters} sendt{of}.")
        elif not done.unasked:
            kept = "Kontaktpersonerne er gemt" if done.is_changed else "Der var intet nyt at gemme"
            said.append(f"{kept}. Ingen nye breve er sendt.")
        if done.unasked:
            letters = danish.count_text(len(done.unasked), "brev er", "breve er")
            said.append(
                f"{letters} ikke sendt, fordi du har sendt {MOST_A_DAY} invitationer det seneste døgn. "
                "Kontaktpersonerne er gemt. Tryk igen i morgen, så bliver resten sendt."
            )
        return " ".join(said)

    def success_url(self) -> str:
        return self.url("contacts")

    def crumbs(self) -> list[tuple[str | None, str]]:
        way = super().crumbs()[:-1]
        if self.proposal.status in EDITABLE:
            way.append((self.url("section", "deltagere"), "Deltagere"))
        return [*way, (None, self.heading)]

    def show(self, **more: Any) -> HttpResponse:
        form = more.get("form")
        if form is None:
            return super().show(**more)
        rows = participant_rows(self.listed, counting_day(self.proposal, self.at))
        last = self.proposal.invitations.last_of(self.listed)
        return super().show(
            rows=[
                {
                    "name": p.name,
                    "url": self.url("participant", p.pk),
                    "name_field": form[f"{contact_unit(p)}-name"],
                    "email_field": form[f"{contact_unit(p)}-email"],
                    "state": row.answer_text if row.answer else self._state(p, last),
                }
                for p, row in zip(self.listed, rows, strict=True)
            ],
            **more,
        )

    def _state(self, participant: Participant, last: Mapping[Any, ProposalInvitation]) -> str:
        """Say how far it has come with the contact."""
        contact = commitment.contact_of(participant)
        answers = participant.commitment.contact if hasattr(participant, "commitment") else None
        if answers and answers.email.lower() == contact.email:
            return "Kan svare"
        still = f". {answers.name} svarer imens" if answers else ""
        asked = last.get((participant.pk, contact.email))
        if asked is None:
            return "Ikke spurgt endnu" if contact.email else "Mangler"
        sent = danish.short_date(danish.day_of(asked.sent_at))
        return f"Blev spurgt {sent}: {asked.state_at(self.at).lower()}{still}"

    def context(self) -> dict[str, Any]:
        editable = self.proposal.status in EDITABLE
        back = self.url("section", "deltagere") if editable else self.address
        return {**super().context(), "cancel": back}


class AnswerOneself(Press, _ParticipantPage):
    """A writer who acts for the organization answers for it."""

    def load(self) -> None:
        super().load()
        if not self.is_writer:
            raise PermissionDenied(NOT_YOURS)

    def act(self) -> str:
        commitment.answer_oneself(participant_pk=self.participant.pk, by=self.user, at=self.at)
        return f"Du svarer nu for {self.participant.name}."

    def back(self) -> str:
        return self.participant_url


class _ByInvitation(PublicPage):
    """A page on the way from a letter's link to an answer without a user; what has ended is said where the link leads."""

    invitation: ProposalInvitation
    is_closed = False
    """Whether the link offers nothing any more, or the reader is signed in and takes it as somebody with a user does."""

    def load(self) -> None:
        try:
            self.invitation = visits.find(self.kwargs["token"])
        except links.Unknown as unknown:
            raise Http404 from unknown
        self.is_closed = not self.invitation.is_open_at(self.at) or self.user.is_authenticated

    @method_decorator([login_not_required, never_cache])
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.is_closed:
            return redirect(self.invitation_url)
        return super().dispatch(request, *args, **kwargs)

    def link(self, name: str) -> str:
        return reverse(f"proposals:{name}", args=[self.kwargs["token"]])

    @property
    def invitation_url(self) -> str:
        return self.link("invitation")

    @property
    def is_visited(self) -> bool:
        return visits.visited(self.request, at=self.at) == self.invitation.pk


class SendCode(_ByInvitation, Press):
    """The button that sends a code to the address that was invited."""

    makes = True

    def act(self) -> str:
        visits.send_code(invitation_pk=self.invitation.pk, at=self.at)
        return f"Vi har sendt en kode til {self.invitation.email}."

    def back(self) -> str:
        is_post = self.request.method == "POST"
        return self.link("enter_answer_code") if is_post else self.invitation_url


class EnterCode(_ByInvitation, FormPage):
    """Where the code is entered."""

    template_name = "proposals/commitments/enter_code.html"
    heading = "Indtast koden"
    button = "Fortsæt"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if self.is_visited:
            return redirect(self.success_url())
        return super().get(request, **kwargs)

    def form(self, data: Any = None) -> CodeForm:
        return CodeForm(data)

    def act(self, form: CodeForm) -> str:
        entered = visits.enter(
            invitation_pk=self.invitation.pk, code=form.cleaned_data["code"], at=self.at
        )
        visits.begin(self.request, entered, at=self.at)
        return f"Du kan nu svare for {entered.participant}. Det gælder i to timer i denne browser."

    def success_url(self) -> str:
        return self.link("visit")

    def take_step(self, form: Any) -> HttpResponse:
        answer = super().take_step(form)
        # Ended since the page was opened: said where it always is, whatever was entered.
        is_ended = isinstance(self.refusal, links.ENDED)
        return redirect(self.invitation_url) if is_ended else answer

    def show(self, **more: Any) -> HttpResponse:
        # The form has a second button, which makes a new code.
        return super().show(**{**more, "once": once.hidden()})

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "invitation": self.invitation,
            "send_url": self.link("send_answer_code"),
            "cancel": self.invitation_url,
        }


class VisitPage(_ByInvitation, FormPage):
    """What whoever entered a code reads and answers: the one participant's page, and nothing else of the proposal."""

    template_name = "proposals/commitments/visit.html"

    def load(self) -> None:
        super().load()
        visited = visits.visited(self.request, at=self.at)
        if visited is not None and visited != self.invitation.pk:
            raise Http404
        if self.is_visited and not self.is_closed:
            self._read()

    def _read(self) -> None:
        self.proposal = self.invitation.proposal
        listed = list(self.proposal.participants.listed())
        rows = participant_rows(listed, counting_day(self.proposal, self.at))
        own = self.invitation.participant_id
        self.participant, self.row = next(
            (p, row) for p, row in zip(listed, rows, strict=True) if p.pk == own
        )
        self.commitment: Commitment | None = getattr(self.participant, "commitment", None)

    @method_decorator([login_not_required, never_cache])
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.is_closed and not self.is_visited:
            return self._ask_anew()
        try:
            return super().dispatch(request, *args, **kwargs)
        except Participant.DoesNotExist:
            return redirect(self.invitation_url)

    def _ask_anew(self) -> HttpResponse:
        if self.request.method != "POST":
            return redirect(self.invitation_url)
        if unsent.keep_for_visitor(self.request):
            text = "Der er gået mere end to timer. Bed om en ny kode. Det, du skrev, står der, når du har indtastet den."
        else:
            text = "Der er gået mere end to timer. Bed om en ny kode."
        messages.warning(self.request, text)
        return redirect(self.link("enter_answer_code"))

    @property
    def heading(self) -> str:  # type: ignore[override]  # it says which participant
        return self.participant.name

    @property
    def pressed(self) -> str:
        return self.request.POST.get("do", "")

    @property
    def is_open(self) -> bool:
        return self.proposal.status in ANSWERED_IN

    def form(self, data: Any = None) -> CommitmentForm:
        return CommitmentForm(
            data,
            participant=self.participant,
            commitment=self.commitment,
            answers=True,
            pressed=self.pressed,
        )

    def shown_now(self) -> Shown:
        return shown_commitment(self.participant, self.commitment)

    def act(self, form: CommitmentForm) -> str:
        said = _take(self, form, through=self.invitation)
        return f"{said} Forslagets ejer har fået besked." if self.pressed in ANSWERS else said

    def take_step(self, form: Any) -> HttpResponse:
        try:
            answer = super().take_step(form)
        except links.Unknown:
            return redirect(self.invitation_url)
        return redirect(self.invitation_url) if isinstance(self.refusal, links.ENDED) else answer

    def success_url(self) -> str:
        return self.link("visit")

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "participant": self.participant,
            "proposal": self.proposal,
            "row": self.row,
            "brought": _brought(self.row),
            "commitment": self.commitment,
            "invitation": self.invitation,
            "is_contact": True,
            "is_visit": True,
            "is_open": self.is_open,
            "may_write": self.is_open,
            "answer_by": _answer_by(self.proposal) if self.is_open else None,
            "is_required": self.proposal.round.requires_commitments,
            "end_url": self.link("end_visit"),
            "breadcrumbs": [("/", "Forside"), (None, self.heading)],
        }


class EndVisit(_ByInvitation, Press):
    """The button that ends the visit, for whoever uses a computer that others use too."""

    def act(self) -> str:
        visits.end(self.request)
        return "Du har afsluttet. Vil du svare igen, skal du bede om en ny kode."

    def back(self) -> str:
        return self.invitation_url


def _named(participant: Participant) -> dict[str, str]:
    return {"name": participant.contact_name, "email": participant.contact_email}


def _brought(row: ParticipantRow) -> list[dict[str, Any]]:
    return [
        {"label": "Rolle", "value": row.role[:1].upper() + row.role[1:]},
        {"label": "Handling i klimahandlingsplanen", "value": row.plan_action, "prose": True},
        {"label": "Timer", "value": "" if row.hours is None else danish.number_text(row.hours)},
        {
            "label": "Medfinansiering",
            "value": "" if row.amount is None else danish.money_text(row.amount),
        },
        {"label": "Sagsnr.", "value": row.case_number},
    ]


def _answer_by(proposal: Proposal) -> Any:
    """Give when the second gate closes for the proposal."""
    if proposal.status == Status.QUALIFIED:
        return deadlines.due_at(proposal, Gate.APPROVAL)
    return proposal.round.approval_deadline_at


def _asked(page: _ParticipantPage) -> str:
    """Say whom was asked last, and what has come of it."""
    last = page.proposal.invitations.answering_for(page.participant).newest_first().first()
    if last is None or last.accepted_at:
        return ""
    who = f"{last.name} ({last.email})" if last.name else last.email
    sent = danish.date_text(danish.day_of(last.sent_at))
    return f"{who} er spurgt {sent}: {last.state_at(page.at).lower()}."
