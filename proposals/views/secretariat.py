"""What the secretariat does with a proposal outside its turn. Owners hand over here too."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from klimaspor import danish
from klimaspor.accounts.models import Dgo, User
from klimaspor.accounts.people import Refused
from proposals import dispensation, drafting, invitation
from proposals.forms.drafting import RegisterForm
from proposals.forms.steps import (
    ChangeDgoForm,
    DispensationForm,
    HandOverForm,
    WithdrawDispensationForm,
)
from proposals.lifecycle import ENDED, Gate, Status
from proposals.models import Dispensation, Proposal
from proposals.views.drafting import NewProposal
from proposals.views.pages import NOT_YOURS, Page, StepPage

UNENDED = tuple(status for status in Status if status not in ENDED)
ADMINISTRATION = "/administration/"


class HandOver(StepPage):
    """Another owner: the owner's own wish, or the secretariat's when the owner has gone."""

    template_name = "proposals/hand_over.html"
    permission = "proposals.hand_over"
    heading = "Overdrag forslaget"
    button = "Overdrag forslaget"
    open_in = UNENDED
    refusals = (*StepPage.refusals, drafting.NotAParty, Refused)

    def load(self) -> None:
        # The secretariat does not see a draft that was never opened to it, but must find it a new owner.
        visible = Proposal.objects.visible_to(self.user, at=self.at)
        if self.user.duties.is_secretariat:
            visible = visible | Proposal.objects.orphaned()
        self.proposal = get_object_or_404(visible.with_frame(), number=self.kwargs["number"])
        if not self.user.has_perm(self.permission, self.proposal):
            raise PermissionDenied(NOT_YOURS)

    @property
    def is_owner(self) -> bool:
        return self.proposal.owner_id == self.user.pk

    def form(self, data: Any = None) -> HandOverForm:
        held = self.proposal.accesses.current(at=self.at).of_parties().with_holders()
        people = {a.user_id: a.user for a in held if a.user and a.user_id != self.proposal.owner_id}
        named = sorted(people.values(), key=lambda person: danish.sort_key(person.name))
        return HandOverForm(data, people=named, is_owner=self.is_owner)

    def act(self, form: HandOverForm) -> str:
        if form.person is None:
            return self._invite(form.cleaned_data["email"])
        drafting.hand_over(
            proposal_pk=self.proposal.pk,
            to_user=form.person,
            reason=form.cleaned_data["reason"],
            keeps_writing=form.cleaned_data.get("keeps_writing", False),
            by=self.user,
            at=self.at,
        )
        return f"{form.person.name} ejer nu {self.proposal.number} og har fået besked."

    def _invite(self, email: str) -> str:
        invitation.invite(
            proposal_pk=self.proposal.pk,
            email=email,
            name="",
            function="write",
            by=self.user,
            at=self.at,
        )
        return (
            f"{email} er inviteret til at skrive i {self.proposal.number}. Du ejer stadig forslaget. "
            "Når invitationen er taget imod, kan du overdrage det."
        )

    def success_url(self) -> str:
        visible = Proposal.objects.visible_to(self.user, at=self.at)
        return self.address if visible.contains(self.proposal) else "/"

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "is_owner": self.is_owner,
            "owner": self.proposal.owner,
        }


class ChangeDgo(StepPage):
    permission = "proposals.change_dgo"
    heading = "Skift DGO"
    button = "Skift DGO"
    open_in = UNENDED
    text = "Den nye DGO kan læse det, den hidtidige kunne læse. Den hidtidige kan ikke læse forslaget mere."

    def form(self, data: Any = None) -> ChangeDgoForm:
        others = Dgo.objects.valid(danish.day_of(self.at)).exclude(pk=self.proposal.lead_dgo_id)
        return ChangeDgoForm(data, dgos=others.by_name())

    def act(self, form: ChangeDgoForm) -> str:
        dgo = form.cleaned_data["dgo"]
        drafting.change_dgo(
            proposal_pk=self.proposal.pk,
            dgo=dgo,
            reason=form.cleaned_data["reason"],
            by=self.user,
            at=self.at,
        )
        return f"{dgo.name} har nu hovedansvaret for {self.proposal.number}."


class GrantDispensation(StepPage):
    template_name = "proposals/dispensation.html"
    permission = "proposals.grant_dispensation"
    heading = "Giv dispensation fra en frist"
    button = "Giv dispensation"
    open_in = (Status.DRAFT, Status.QUALIFIED)
    refusals = (*StepPage.refusals, dispensation.NotAhead, dispensation.NotAWriter)
    text = (
        "Dispensationen gælder én person, dette forslag og denne frist. Personen får besked med begrundelsen, og alle, "
        "der behandler forslaget, kan se den."
    )

    def form(self, data: Any = None) -> DispensationForm:
        gate = Gate.QUALIFICATION if self.proposal.status == Status.DRAFT else Gate.APPROVAL
        writers = dispensation.writers(self.proposal, at=self.at)
        people = User.objects.among(row.user_id for row in writers).by_name()
        initial = {"gate": gate, "granted_to": self.proposal.owner_id}
        return DispensationForm(data, people=people, initial=initial)

    def act(self, form: DispensationForm) -> str:
        granted = dispensation.grant(
            proposal_pk=self.proposal.pk,
            gate=Gate(form.cleaned_data["gate"]),
            granted_to=form.cleaned_data["granted_to"],
            until_at=form.until_at,
            reason=form.cleaned_data["reason"],
            by=self.user,
            at=self.at,
        )
        return (
            f"{granted.granted_to.name} har fået dispensation til {danish.datetime_text(granted.until_at)} og har fået "
            "besked."
        )

    def context(self) -> dict[str, Any]:
        now = self.at.replace(microsecond=0)
        return {
            **super().context(),
            "granted": [
                {
                    "row": row,
                    "url": ""
                    if row.withdrawn_at or row.until_at < now
                    else self.url("withdraw_dispensation", row.pk),
                }
                for row in self.proposal.dispensations.with_people().newest_first()
            ],
            "round": self.proposal.round,
        }


class WithdrawDispensation(StepPage):
    permission = "proposals.grant_dispensation"
    heading = "Tag dispensationen tilbage"
    button = "Tag dispensationen tilbage"
    danger = True
    refusals = (*StepPage.refusals, dispensation.NotInForce)

    def load(self) -> None:
        super().load()
        rows = self.proposal.dispensations.with_people()
        self.row: Dispensation = get_object_or_404(rows, pk=self.kwargs["pk"])

    def form(self, data: Any = None) -> WithdrawDispensationForm:
        return WithdrawDispensationForm(data)

    def act(self, form: WithdrawDispensationForm) -> str:
        dispensation.withdraw(
            dispensation_pk=self.row.pk,
            reason=form.cleaned_data["reason"],
            by=self.user,
            at=self.at,
        )
        return f"Dispensationen er taget tilbage. {self.row.granted_to.name} har fået besked."

    def context(self) -> dict[str, Any]:
        text = (
            f"{self.row.granted_to.name} har dispensation fra fristen for {self.row.get_gate_display()} til "
            f"{danish.datetime_text(self.row.until_at)}. Er forslaget allerede sendt, bliver det ved med at være det."
        )
        return {**super().context(), "text": text}


class Register(NewProposal):
    """A proposal that came by mail: made for its sender, and written on by the secretariat."""

    template_name = "proposals/register.html"
    heading = "Registrer et forslag, der er modtaget på mail"
    button = "Registrer forslaget"
    form_class = RegisterForm

    def load(self) -> None:
        if not self.user.has_perm("proposals.register"):
            raise PermissionDenied("Kun sekretariatet kan registrere forslag for andre.")

    def act(self, form: Any) -> str:
        self.made = drafting.register(
            email=form.cleaned_data["email"],
            name=form.cleaned_data["name"],
            organization=form.organization,
            round=form.cleaned_data["round"],
            title=form.cleaned_data["title"],
            by=self.user,
            at=self.at,
        )
        return (
            f"Forslaget er registreret med nummer {self.made.number}. {self.made.owner.name} ejer det og har fået "
            "besked. Du kan skrive det ind nu."
        )

    def context(self) -> dict[str, Any]:
        way = [("/", "Forside"), (ADMINISTRATION, "Administration"), (None, self.heading)]
        return {**super().context(), "cancel": ADMINISTRATION, "breadcrumbs": way}


class _SecretariatPage(Page):
    def load(self) -> None:
        if not self.user.duties.is_secretariat:
            raise PermissionDenied("Kun sekretariatet kan se siden.")


class Orphaned(_SecretariatPage):
    """Proposals whose owner can no longer sign in: numbers and people only, since nobody opened the text."""

    template_name = "proposals/orphaned.html"

    def context(self) -> dict[str, Any]:
        return {
            "proposals": Proposal.objects.orphaned().with_frame().by_number(),
            "breadcrumbs": [
                ("/", "Forside"),
                (ADMINISTRATION, "Administration"),
                (None, "Forslag uden ejer"),
            ],
        }
