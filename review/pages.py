"""What the pages of the procedure stand on, above those of intake: its duties, its refusals, and who is not impartial."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse

from klimaspor import pages as klimaspor_pages
from klimaspor import seen as bases
from klimaspor.pages import Page
from proposals.line import impartiality, pages
from proposals.line.models import IllegalTransition, Stale
from proposals.line.pages import NOT_YOURS, visible_or_404
from proposals.line.parts import ReasonForm
from proposals.line.standing import standing
from proposals.line.steps import AlreadyDone, Missing

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from proposals.line.lifecycle import Status, Transition
    from proposals.line.models import Proposal

Crumbs = list[tuple[str | None, str]]
REFUSALS: tuple[type[Exception], ...] = (
    IllegalTransition,
    Stale,
    Missing,
    impartiality.NotImpartial,
    bases.Changed,
    bases.Reread,
)
"""What any step may answer; a page names those of its own step besides."""


class ProposalPage(pages.ProposalPage):
    """A page about one proposal that the reader may see."""

    def load(self) -> None:
        self.proposal = visible_or_404(self.user, self.kwargs["number"], at=self.at)
        # Permissions, buttons and texts all ask it, and find it read.
        self.standing = standing(self.user, self.proposal, at=self.at)


class FormPage(klimaspor_pages.FormPage):
    """A form and the one step it leads to; a second press of what was done leads to the result."""

    heading: ClassVar[str] = ""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        return self.take(form) if form.is_valid() else self.show(form=form)

    def take(self, form: Any) -> HttpResponse:
        """Take the step, or show the page again with why it could not be taken."""
        try:
            said = self.act(form)
        except AlreadyDone as done:
            messages.info(self.request, str(done))
        except REFUSALS + self.refusals as refusal:
            return self.refused(form, refusal)
        else:
            messages.success(self.request, said)
        return redirect(self.success_url())

    def refused(self, form: Any, refusal: Exception) -> HttpResponse:
        if isinstance(refusal, Missing):
            for name, text in refusal.errors.items():
                place = self.place(name)
                form.add_error(place if place in form.fields else None, text)
            return self.show(form=form)
        return super().refused(form, refusal)

    def place(self, name: str) -> str:
        """Say which field of the form a step means by its argument."""
        return name

    def context(self) -> dict[str, Any]:
        return {"heading": self.heading, **super().context()}


BASE = "base-page"
"""The hidden field that says what the page showed."""


class SharedPage(FormPage):
    """
    A form about what several write on: it carries what it showed, and shows what somebody else saved since.

    A last look is one too: it is read again when something has changed.
    """

    changed: bases.Changed | None = None

    def stands(self) -> str:
        """Give the base of what the page shows now."""
        raise NotImplementedError

    @property
    def base(self) -> str:
        """What the page that was posted showed."""
        return self.request.POST.get(BASE, "")

    def refused(self, form: Any, refusal: Exception) -> HttpResponse:
        self.look_again(form, refusal)
        return super().refused(form, refusal)

    def look_again(self, form: Any, refusal: Exception) -> None:
        """Show what stands now, so that the next press has seen it."""
        if isinstance(refusal, bases.Changed | bases.Reread):
            self.load()
            form.data = form.data.copy()
            form.data[BASE] = refusal.base
            self.changed = refusal if isinstance(refusal, bases.Changed) else None

    def show(self, **more: Any) -> HttpResponse:
        form = more.get("form") or more.get("formset")
        # What was typed over an older text does not become newer by being shown again.
        base = form.data.get(BASE, "") if form and form.is_bound else self.stands()
        told = [{"label": label, "value": text, "prose": True} for label, text in self.told]
        return super().show(**{"base": base, "base_name": BASE, "told": told, **more})

    @property
    def told(self) -> bases.Told:
        return self.changed.told if self.changed else []


class StepPage(FormPage, ProposalPage):
    """One step about one proposal: who may is asked first, then whether the line has such an arrow from here."""

    template_name = "proposals/line/step.html"
    duty: ClassVar[str]
    """The permission the step asks for; whoever may only read is told so."""
    transition: ClassVar[Transition | None] = None
    open_in: ClassVar[tuple[Status, ...]] = ()
    """Where a step that moves nothing may be taken."""
    text: ClassVar[str] = ""
    danger: ClassVar[bool] = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.user.has_perm(self.duty, self.proposal):
            if self.standing.is_blocked:
                return self.not_impartial()
            raise PermissionDenied(NOT_YOURS)
        # What was typed must not be lost, so a late POST goes to the step, which refuses it beside the text.
        if request.method == "GET" and not self.is_open:
            return pages.not_now(self)
        return super().dispatch(request, *args, **kwargs)

    @property
    def is_open(self) -> bool:
        sources = self.transition.sources if self.transition else self.open_in
        return not sources or self.proposal.status in sources

    def refused(self, form: Any, refusal: Exception) -> HttpResponse:
        if isinstance(refusal, Stale | IllegalTransition):
            # The next press is about the proposal as it stands now, which the page shows again.
            self.load()
            form.data = form.data.copy()
            form.data["revision"] = str(self.proposal.revision)
        return super().refused(form, refusal)

    def success_url(self) -> str:
        return self.address

    def not_impartial(self) -> HttpResponse:
        """Say that another person must settle whether the reader is impartial."""
        return self.show(
            template="proposals/line/not_impartial.html",
            status=403,
            tie=impartiality.tie(self.user, self.proposal, at=self.at),
            raised=self.proposal.impartialities.of_user(self.user).first(),
        )

    def context(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "danger": self.danger,
            "cancel": self.address,
            "title": shown_title(self.proposal),
            **super().context(),
        }


class Reasoned(StepPage):
    """A step that takes a reason and nothing else."""

    reason_label = "Begrundelse"
    reason_help = ""
    said = ""

    def form(self, data: Any = None) -> Any:
        return ReasonForm(
            data,
            label=self.reason_label,
            help_text=self.reason_help,
            initial={"revision": self.proposal.revision},
        )

    def step(self, **given: Any) -> Any:
        """Take the step."""
        raise NotImplementedError

    def act(self, form: Any) -> str:
        self.step(
            proposal_pk=self.proposal.pk,
            revision=form.cleaned_data["revision"],
            reason=form.cleaned_data["reason"],
            by=self.user,
            at=self.at,
        )
        return f"{self.proposal.number} {self.said}"


def shown_title(proposal: Proposal) -> str:
    return getattr(proposal, "shown_title", proposal.title) or "Uden titel"


class SecretariatPage(Page):
    """A page for the secretariat alone."""

    def load(self) -> None:
        if not self.user.duties.is_secretariat:
            raise PermissionDenied("Siden er for sekretariatet.")

    def crumbs(self, *more: tuple[str | None, str]) -> Crumbs:
        desk = reverse("review:secretariat") if more else None
        return [("/", "Forside"), (desk, "Sekretariat"), *more]
