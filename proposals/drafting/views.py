"""Writing a proposal: a new one, the list of what there is to do, and another DGO."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property

from klimaspor import danish, seen
from klimaspor.accounts.context import acting_for
from klimaspor.accounts.models import Dgo
from klimaspor.pages import FormPage, Page, Press, searched
from proposals.answers.content import Content
from proposals.answers.pages import unsaved_places
from proposals.answers.sections import FIELDS, Kind
from proposals.drafting import dgo as drafting_dgo
from proposals.drafting import steps as drafting
from proposals.drafting import steps as drafting_steps
from proposals.drafting.forms import ChangeDgoForm, CoReaderForm, NewProposalForm, RegisterForm
from proposals.drafting.organizations import (
    acted_for,
    chosen_organization,
    find_organizations,
    is_looking_up,
    meeting_days,
)
from proposals.drafting.returns import reason_for, sent_back_by
from proposals.eligibility import requirements as eligibility
from proposals.eligibility.pages import meter
from proposals.gates import deadlines
from proposals.gates.pages import clock, term, way
from proposals.line.addresses import PROPOSALS, sparring_address
from proposals.line.lifecycle import SPARRING, Status
from proposals.line.models import Proposal
from proposals.line.pages import UNENDED, ProposalPage, StepPage, is_editable
from proposals.line.parts import PressForm
from proposals.rounds.models import Round
from proposals.sparring.pages import asked_of_writers, wording_unit
from proposals.sparring.places import read_by

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from klimaspor.accounts.models import Organization
    from proposals.answers.sections import Section
    from proposals.eligibility.requirements import Finding
    from proposals.line.models import Event


# A new proposal


class NewProposal(FormPage):
    template_name = "proposals/drafting/new.html"
    button = "Opret forslag"
    makes = True
    heading: ClassVar[str] = "Nyt forslag"
    form_class: ClassVar[type[NewProposalForm]] = NewProposalForm

    def form(self, data: Any = None) -> NewProposalForm:
        rounds = Round.objects.open(at=self.at).upcoming(at=self.at).soonest_first()
        days = meeting_days(rounds, at=self.at)
        self.found = find_organizations(searched(data, "search") if data else "", days=days)
        mine = acted_for(self.user, days=days, at=self.at)
        chosen = chosen_organization(data.get("on_behalf", "") if data else "", days=days)
        self.shown = list({o.pk: o for o in (*mine, *chosen)}.values())
        return self.form_class(
            data,
            organizations=(*self.shown, *self.found),
            shown=len(self.shown),
            rounds=rounds,
            initial={
                "round": next(iter(rounds), None),
                "on_behalf": self._acts_for(mine),
            },
        )

    def _acts_for(self, mine: list[Organization]) -> str:
        """Give whom the person acts for now, or the one there is when that has been merged into another by then."""
        chosen = acting_for(self.request)
        if chosen and len(mine) == 1:
            return str(mine[0].pk)
        return str(chosen or "")

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
        rounds = Round.objects.open(at=self.at).upcoming(at=self.at)
        days = meeting_days(rounds, at=self.at)
        return {"found": find_organizations(text, days=days), "searched": text}


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
        leave = deadlines.leave_from(self.proposal)
        findings = eligibility.assess(self.proposal, at=self.at, content=content, leave=leave)
        sent_back = sent_back_by(self.proposal)
        asked = asked_of_writers(self)
        return {
            **super().context(),
            "unsaved": unsaved_places(self),
            "tasks": _tasks(self, content, findings, sent_back, asked),
            "asked": asked,
            "meter": meter(self, findings),
            "sent_back": sent_back,
            "copied": self.proposal.events.of_transition("copied").first(),
            "gate": deadlines.gate_ahead(self.proposal),
            "term": term(self, leave),
            "dgo": self.proposal.lead_dgo,
            "marks": way(self.proposal, reader=self.user, at=self.at, content=content, leave=leave),
            "clock": clock(self),
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
    page: ProposalPage,
    content: Content,
    findings: Sequence[Finding],
    event: Event | None,
    asked: Sequence[dict[str, Any]],
) -> list[dict[str, str]]:
    rows = []
    waiting = Counter(one["section"] for one in asked if one["is_open"])
    for part in content.sections:
        section = part.section
        state, tone, hint = _state(page.proposal, section, content, findings)
        if reason_for(event, section.slug):
            hint = "Her er der bedt om en ændring."
        elif count := waiting[section.slug]:
            wishes = danish.count_text(count, "ønske", "ønsker")
            hint = f"{hint} {wishes} fra sparringen.".strip()
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


class TakeWording(Press, ProposalPage):
    """A button at a suggested wording: it is put into the answer as if the writer had written it."""

    permission = "proposals.edit"

    def load(self) -> None:
        super().load()
        wordings = self.proposal.advice.readable_by(self.standing).wordings()
        self.thread = get_object_or_404(wordings, pk=self.kwargs["pk"])

    def act(self) -> str:
        drafting.take_wording(
            thread_pk=self.thread.pk,
            base=seen.carried(self.request.POST, wording_unit(self.thread.pk)),
            by=self.user,
            at=self.at,
        )
        label = FIELDS[self.thread.name].label
        return f"Ordlyden er sat ind i “{label}”. Det, der stod før, er gemt i svarets historik."

    def back(self) -> str:
        return f"{sparring_address(self.proposal.number)}#kommentar-{self.thread.pk}"


class ChangeDgo(StepPage):
    """Gives the proposal to another DGO with a note: the DGO that has it may, and the secretariat."""

    permission = "proposals.change_dgo"
    heading = "Giv videre til en anden DGO"
    button = "Giv videre"
    open_in = UNENDED
    text = (
        "Den nye DGO kan læse det, den hidtidige kunne læse, og overtager det, der er skrevet til en udtalelse. Den "
        "hidtidige kan ikke læse forslaget mere, medmindre den læser med."
    )

    def form(self, data: Any = None) -> ChangeDgoForm:
        others = Dgo.objects.valid(danish.day_of(self.at)).exclude(pk=self.proposal.lead_dgo_id)
        is_open = drafting_dgo.is_with_dgo(self.proposal, at=self.at)
        return ChangeDgoForm(data, dgos=others.by_name(), is_open=is_open)

    def act(self, form: ChangeDgoForm) -> str:
        dgo = form.cleaned_data["dgo"]
        proposal = drafting_dgo.change_dgo(
            proposal_pk=self.proposal.pk,
            dgo=dgo,
            reason=form.cleaned_data["reason"],
            stays=form.cleaned_data.get("stays", False),
            by=self.user,
            at=self.at,
        )
        told = " og har fået besked" if drafting_dgo.is_with_dgo(proposal, at=self.at) else ""
        return f"{dgo.name} har nu hovedansvaret for {self.proposal.number}{told}."

    def success_url(self) -> str:
        # Who has given it away no longer sees it.
        seen = Proposal.objects.visible_to(self.user, at=self.at).filter(pk=self.proposal.pk)
        return self.address if seen.exists() else "/"


class CoReaders(StepPage):
    """Which other DGOs read along where the proposal crosses areas, and the way to ask one more."""

    template_name = "proposals/drafting/co_readers.html"
    permission = "proposals.choose_co_readers"
    heading = "Lad en anden DGO læse med"
    button = "Lad DGO'en læse med"
    open_in = tuple(SPARRING)

    def form(self, data: Any = None) -> CoReaderForm:
        others = drafting_dgo.may_co_read(self.proposal, at=self.at)
        suggested = self.suggested
        initial = {"dgo": suggested[0]} if len(suggested) == 1 else {}
        return CoReaderForm(data, dgos=others, initial=initial)

    def act(self, form: CoReaderForm) -> str:
        dgo = form.cleaned_data["dgo"]
        drafting_dgo.add_co_reader(
            proposal_pk=self.proposal.pk,
            dgo=dgo,
            note=form.cleaned_data["note"] or "",
            by=self.user,
            at=self.at,
        )
        return f"{dgo.name} læser nu med på {self.proposal.number} og har fået besked."

    def success_url(self) -> str:
        return self.url("co_readers")

    @cached_property
    def suggested(self) -> list[Dgo]:
        """Give the DGOs of the kommuner that take part in the text that this person reads."""
        read = read_by(self.user, self.proposal, at=self.at, rows=["participants"]).content
        names = [row.name for row in read.participants] if read else []
        return drafting_dgo.suggested_co_readers(self.proposal, names, at=self.at)

    def context(self) -> dict[str, Any]:
        held = self.proposal.accesses.current(at=self.at).of_co_readers().with_holders()
        return {
            **super().context(),
            "lead": self.proposal.lead_dgo,
            "is_with_dgo": drafting_dgo.is_with_dgo(self.proposal, at=self.at),
            "along": [
                {
                    "dgo": access.dgo,
                    "since_at": access.since_at,
                    "remove_url": self.url("remove_co_reader", access.dgo_id),
                }
                for access in held.order_by("since_at", "pk")
            ],
            "suggested": danish.join_text([dgo.name for dgo in self.suggested]),
        }


class RemoveCoReader(StepPage):
    permission = "proposals.choose_co_readers"
    above = ("proposals:co_readers", "Medlæsende DGO'er")
    heading = "Lad DGO'en ikke læse med mere"
    button = "Fjern"
    danger = True
    text = "DGO'en kan ikke læse forslaget mere. Det, den har skrevet, bliver stående."

    def load(self) -> None:
        super().load()
        held = self.proposal.accesses.current(at=self.at).of_co_readers().with_holders()
        dgo = get_object_or_404(held, dgo=self.kwargs["pk"]).dgo
        assert dgo is not None  # noqa: S101 - it was looked for by its key
        self.dgo = dgo

    def form(self, data: Any = None) -> PressForm:
        return PressForm(data)

    def act(self, form: PressForm) -> str:
        drafting_dgo.remove_co_reader(
            proposal_pk=self.proposal.pk, dgo=self.dgo, by=self.user, at=self.at
        )
        return f"{self.dgo.name} læser ikke længere med på {self.proposal.number}."

    def success_url(self) -> str:
        return self.cancel_url()

    def context(self) -> dict[str, Any]:
        return {**super().context(), "text": f"{self.dgo.name}: {self.text}"}


class Register(NewProposal):
    """A proposal that came by mail: made for its sender, and written on by the secretariat."""

    template_name = "proposals/drafting/register.html"
    heading = "Registrér et forslag, der er modtaget på mail"
    button = "Registrér forslaget"
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
