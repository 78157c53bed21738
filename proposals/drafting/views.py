"""Writing a proposal: a new one, the list of what there is to do, and another DGO."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse

from klimaspor import danish
from klimaspor.accounts.context import acting_for
from klimaspor.accounts.models import Dgo
from klimaspor.pages import FormPage, Page, searched
from proposals.answers.content import Content
from proposals.answers.pages import unsaved_places
from proposals.answers.sections import Kind
from proposals.drafting import dgo as drafting_dgo
from proposals.drafting import steps as drafting
from proposals.drafting import steps as drafting_steps
from proposals.drafting.forms import ChangeDgoForm, NewProposalForm, RegisterForm
from proposals.drafting.organizations import (
    chosen_organization,
    find_organizations,
    is_looking_up,
    own_organizations,
)
from proposals.drafting.returns import reason_for, sent_back_by
from proposals.eligibility import requirements as eligibility
from proposals.eligibility.pages import meter
from proposals.gates.pages import clock, due_at, gate_ahead, way
from proposals.line.addresses import PROPOSALS
from proposals.line.lifecycle import Status
from proposals.line.pages import UNENDED, ProposalPage, StepPage, is_editable
from proposals.rounds.models import Round

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from proposals.answers.sections import Section
    from proposals.eligibility.requirements import Finding
    from proposals.line.models import Event, Proposal


# A new proposal


class NewProposal(FormPage):
    template_name = "proposals/drafting/new.html"
    button = "Opret forslag"
    makes = True
    heading: ClassVar[str] = "Nyt forslag"
    form_class: ClassVar[type[NewProposalForm]] = NewProposalForm

    def form(self, data: Any = None) -> NewProposalForm:
        self.found = find_organizations(self, searched(data, "search") if data else "")
        mine = own_organizations(self)
        chosen = chosen_organization(self, data.get("on_behalf", "") if data else "")
        self.shown = list({o.pk: o for o in (*mine, *chosen)}.values())
        rounds = Round.objects.open(at=self.at).upcoming(at=self.at).soonest_first()
        return self.form_class(
            data,
            organizations=(*self.shown, *self.found),
            shown=len(self.shown),
            rounds=rounds,
            initial={
                "round": rounds.first(),
                "on_behalf": str(acting_for(self.request) or ""),
            },
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if is_looking_up(request.POST):
            form = self.form(request.POST)
            # Only looked up: nothing is wrong with what is not filled in yet.
            form.errors.clear()
            form.is_looked_up = True
            return self.show(form=form)
        return super().post(request, **kwargs)

    def act(self, form: NewProposalForm) -> str:
        self.made = drafting.create(
            owner=self.user,
            organization=form.organization,
            round=form.cleaned_data["round"],
            title=form.cleaned_data["title"],
            by=self.user,
            at=self.at,
        )
        return f"Forslaget er oprettet med nummer {self.made.number}. Kun du kan se det."

    def success_url(self) -> str:
        return reverse("proposals:tasks", args=[self.made.number])

    def context(self) -> dict[str, Any]:
        return {
            "heading": self.heading,
            "breadcrumbs": [("/", "Forside"), (PROPOSALS, "Forslag"), (None, self.heading)],
            "cancel": PROPOSALS,
            "next_round": Round.objects.upcoming(at=self.at).soonest_first().first(),
            **super().context(),
        }


class OrganizationChoices(Page):
    """What is found while one writes: radio buttons to put into the form."""

    template_name = "proposals/drafting/_organization_choices.html"

    def context(self) -> dict[str, Any]:
        text = searched(self.request.GET, "search")
        return {"found": find_organizations(self, text), "searched": text}


# The list of what there is to do


class Tasks(ProposalPage):
    template_name = "proposals/drafting/tasks.html"
    permission = "proposals.edit"
    heading = "Dit forslag"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not is_editable(self.proposal):
            return redirect(self.address)
        return self.show()

    def context(self) -> dict[str, Any]:
        content = Content.of(self.proposal, at=self.at)
        findings = eligibility.assess(self.proposal, at=self.at, content=content)
        sent_back = sent_back_by(self.proposal)
        closes_at = due_at(self.proposal)
        return {
            **super().context(),
            "unsaved": unsaved_places(self),
            "tasks": _tasks(self, content, findings, sent_back),
            "meter": meter(self, findings),
            "sent_back": sent_back,
            "copied": self.proposal.events.of_transition("copied").first(),
            "gate": gate_ahead(self.proposal),
            "due_at": closes_at,
            "dgo": self.proposal.lead_dgo,
            "marks": way(self.proposal, at=self.at, content=content),
            "clock": clock(self, closes_at),
            "others": [
                {"url": self.url(name), "label": label}
                for name, label in (
                    ("access", "Se, hvem der har adgang"),
                    ("change_organization", "Skift organisation"),
                    ("move_round", "Flyt til en anden runde"),
                    ("hand_over", "Overdrag til en anden"),
                    ("withdraw", "Træk forslaget tilbage"),
                )
                if self.user.has_perm(f"proposals.{name}", self.proposal)
                and (name != "change_organization" or self.proposal.status == Status.DRAFT)
            ],
        }


def _tasks(
    page: ProposalPage, content: Content, findings: Sequence[Finding], event: Event | None
) -> list[dict[str, str]]:
    rows = []
    for part in content.sections:
        section = part.section
        state, tone, hint = _state(page.proposal, section, content, findings)
        if reason_for(event, section.slug):
            hint = "Her er der bedt om en ændring."
        rows.append(
            {
                "url": page.url("section", section.slug),
                "label": section.title,
                "hint": hint,
                "state": state,
                "tone": tone,
            }
        )
    return rows


def _state(
    proposal: Proposal, section: Section, content: Content, findings: Sequence[Finding]
) -> tuple[str, str, str]:
    """Give a section's state in a word, its tone, and a hint."""
    rows = getattr(content, section.rows) if section.rows else ()
    # The title came with the proposal and the DGO was suggested: neither is a beginning.
    begun = any(
        content.answer(q.name) for q in section.fields if q.name != "title" and q.kind != Kind.DGO
    )
    empty = [q for q in section.fields if q.required and not eligibility.is_answered(proposal, q)]
    missing = [f for f in findings if f.section == section.slug and f.state == "missing"]
    if not begun and not rows:
        is_optional = not any(q.required for q in section.fields)
        return "Ikke begyndt", "", "Frivilligt" if is_optional else ""
    if empty:
        return (
            "I gang",
            "info",
            f"Mangler svar på {danish.count_text(len(empty), 'spørgsmål', 'spørgsmål')}",
        )
    if missing:
        return "Mangler noget", "warning", " ".join(finding.message for finding in missing)
    return "Udfyldt", "success", ""


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
        drafting_dgo.change_dgo(
            proposal_pk=self.proposal.pk,
            dgo=dgo,
            reason=form.cleaned_data["reason"],
            by=self.user,
            at=self.at,
        )
        return f"{dgo.name} har nu hovedansvaret for {self.proposal.number}."


class Register(NewProposal):
    """A proposal that came by mail: made for its sender, and written on by the secretariat."""

    template_name = "proposals/drafting/register.html"
    heading = "Registrer et forslag, der er modtaget på mail"
    button = "Registrer forslaget"
    form_class = RegisterForm

    def load(self) -> None:
        if not self.user.has_perm("proposals.register"):
            raise PermissionDenied("Kun sekretariatet kan registrere forslag for andre.")

    def act(self, form: Any) -> str:
        self.made = drafting_steps.register(
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
        above = reverse("accounts:administration")
        way = [("/", "Forside"), (above, "Administration"), (None, self.heading)]
        return {**super().context(), "cancel": above, "breadcrumbs": way}
