"""A participant's own page: what it brings and whether it is in, and the contact who says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect

from klimaspor import danish
from klimaspor.accounts.people import Refused
from proposals import commitment
from proposals.content import Content
from proposals.forms.commitments import AskForm, CommitmentForm
from proposals.views.pages import NOT_YOURS, FormPage, ProposalPage

if TYPE_CHECKING:
    from django import forms
    from django.http import HttpRequest, HttpResponse

    from proposals.content import ParticipantRow
    from proposals.models import Commitment, Participant, Proposal


class _ParticipantPage(FormPage, ProposalPage):
    """A page about one participant, for the proposal's parties."""

    template_name = "proposals/participant.html"
    permission = "proposals.see_participants"
    refusals: ClassVar[tuple[type[Exception], ...]] = (Refused,)
    participant: Participant

    def load(self) -> None:
        super().load()
        listed = self.proposal.participants.listed()
        self.participant = get_object_or_404(listed, pk=self.kwargs["pk"])
        # The proposal is read already, and its rows ask for it.
        self.participant.proposal = self.proposal
        self.commitment: Commitment | None = getattr(self.participant, "commitment", None)

    @property
    def is_writer(self) -> bool:
        return bool(self.user.has_perm("proposals.edit", self.proposal))

    @property
    def is_contact(self) -> bool:
        return self.commitment is not None and self.commitment.contact_id == self.user.pk

    @property
    def is_open(self) -> bool:
        return self.proposal.status in commitment.ANSWERED_IN

    @property
    def may_write(self) -> bool:
        """Whether the person fills in what the participant brings: its contact, or a writer while it has none."""
        has_contact = self.commitment is not None and self.commitment.contact_id is not None
        return self.is_open and (self.is_contact or (self.is_writer and not has_contact))

    def success_url(self) -> str:
        return self.url("participant", self.participant.pk)

    def crumbs(self) -> list[tuple[str | None, str]]:
        way = super().crumbs()[:-1]
        if self.is_writer:
            way.append((self.url("section", "deltagere"), "Deltagere"))
        return [*way, (None, self.participant.name)]


class ParticipantPage(_ParticipantPage):
    """What the participant brings, and its answer."""

    button = "Gem"

    def form(self, data: Any = None) -> CommitmentForm:
        return CommitmentForm(
            data, commitment=self.commitment, answers=self.is_contact, pressed=self.pressed
        )

    @property
    def pressed(self) -> str:
        return self.request.POST.get("do", "")

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        is_answer = self.pressed in ("confirm", "decline")
        if (is_answer and not self.is_contact) or not (self.is_contact or self.is_writer):
            raise PermissionDenied(NOT_YOURS)
        return super().post(request, **kwargs)

    def act(self, form: CommitmentForm) -> str:
        name = self.participant.name
        if self.pressed not in ("confirm", "decline"):
            commitment.save(
                participant_pk=self.participant.pk, brought=form.brought, by=self.user, at=self.at
            )
            return f"Det, {name} bidrager med, er gemt."
        is_confirmed = self.pressed == "confirm"
        commitment.answer(
            participant_pk=self.participant.pk,
            is_confirmed=is_confirmed,
            reason="" if is_confirmed else form.cleaned_data["reason"],
            brought=form.brought,
            by=self.user,
            at=self.at,
        )
        if is_confirmed:
            return f"{name} er bekræftet som deltager. Forslagsstilleren har fået besked."
        return f"{name} er ikke med. Forslagsstilleren har fået besked."

    def context(self) -> dict[str, Any]:
        content = Content.of(self.proposal, at=self.at, rows=["participants"])
        row = _row(content, self.proposal, self.participant)
        return {
            **super().context(),
            "heading": self.participant.name,
            "participant": self.participant,
            "row": row,
            "brought": _brought(row),
            "commitment": self.commitment,
            "is_contact": self.is_contact,
            "is_open": self.is_open,
            "may_write": self.may_write,
            "may_ask": self.is_open and self.is_writer,
            "may_answer_oneself": self.is_open
            and self.is_writer
            and not self.is_contact
            and commitment.acts_for(self.user, self.participant, at=self.at),
            "ask": AskForm(
                initial={
                    "name": self.participant.contact_name,
                    "email": self.participant.contact_email,
                }
            ),
            "ask_url": self.url("ask_participant", self.participant.pk),
            "oneself_url": self.url("answer_oneself", self.participant.pk),
            "asked": _asked(self),
            "purpose": self.proposal.purpose,
        }


class AskParticipant(_ParticipantPage):
    """The letter that asks a contact to answer."""

    template_name = "proposals/step.html"
    heading = "Spørg deltageren"
    button = "Send brevet"

    def form(self, data: Any = None) -> AskForm:
        return AskForm(
            data,
            initial={
                "name": self.participant.contact_name,
                "email": self.participant.contact_email,
            },
        )

    def load(self) -> None:
        super().load()
        if not self.is_writer:
            raise PermissionDenied(NOT_YOURS)

    def act(self, form: AskForm) -> str:
        commitment.ask(
            participant_pk=self.participant.pk,
            name=form.cleaned_data["name"],
            email=form.cleaned_data["email"],
            by=self.user,
            at=self.at,
        )
        return (
            f"{form.cleaned_data['name']} får nu et brev og kan svare for {self.participant.name}."
        )

    def refused(self, form: forms.Form, refusal: Exception) -> HttpResponse:
        form.add_error(None, str(refusal))
        return self.show(form=form)

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "text": f"Kontaktpersonen svarer for {self.participant.name} og kan læse forslaget.",
            "cancel": self.success_url(),
        }


class AnswerOneself(_ParticipantPage):
    """A writer who acts for the organization answers for it."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not self.is_writer:
            raise PermissionDenied(NOT_YOURS)
        try:
            commitment.answer_oneself(participant_pk=self.participant.pk, by=self.user, at=self.at)
        except Refused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, f"Du svarer nu for {self.participant.name}.")
        return redirect(self.success_url())


def _row(content: Content, proposal: Proposal, participant: Participant) -> ParticipantRow:
    listed = proposal.participants.listed()
    found = zip(listed, content.participants, strict=True)
    return next(row for each, row in found if each.pk == participant.pk)


def _brought(row: ParticipantRow) -> list[dict[str, Any]]:
    return [
        {"label": "Handling i klimahandlingsplanen", "value": row.plan_action, "prose": True},
        {"label": "Timer", "value": "" if row.hours is None else danish.number_text(row.hours)},
        {
            "label": "Medfinansiering",
            "value": "" if row.amount is None else danish.money_text(row.amount),
        },
        {"label": "Sagsnr.", "value": row.case_number},
    ]


def _asked(page: _ParticipantPage) -> str:
    """Say whom was asked last, and what has come of it."""
    last = page.proposal.invitations.answering_for(page.participant).newest_first().first()
    if last is None or last.accepted_at:
        return ""
    who = last.name or last.email
    return f"{who} ({last.email}) er spurgt {danish.date_text(danish.day_of(last.sent_at))}. {last.state_at(page.at)}."
