"""What the funders answer, and what the secretariat does with it: enter, launch, lapse, table again, end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from klimaspor.pages import FormPage, Page
from proposals.line.lifecycle import Status, Transition
from proposals.line.models import Proposal
from proposals.line.pages import ProposalPage, ReasonedStep, StepPage, send_file, turned_away
from proposals.line.parts import StepForm
from proposals.line.standing import standing
from review.decision.models import Decision
from review.funding import steps as funding
from review.funding.models import FunderConsent
from review.track import steps as track
from review.track.forms import ConsentForm, EnteredConsentForm

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase


class Funding(Page):
    """What waits for the reader's funder, and what it has answered."""

    template_name = "review/track/funding.html"

    def load(self) -> None:
        if not self.user.duties.funder_ids:
            raise PermissionDenied("Siden er for bidragydernes repræsentanter.")

    def context(self) -> dict[str, Any]:
        visible = Proposal.objects.visible_to(self.user, at=self.at)
        asked = FunderConsent.objects.of_funders(self.user.duties.funder_ids).about(visible)
        rows = [
            {
                "consent": consent,
                "proposal": consent.proposal,
                "title": consent.proposal.title,
                "url": reverse("review:consent", args=[consent.pk]),
            }
            for consent in asked.standing().with_proposals().newest_first()
        ]
        return {
            "waiting": [row for row in rows if not row["consent"].answered_at],
            "answered": [row for row in rows if row["consent"].answered_at],
            "breadcrumbs": [("/", "Forside"), (None, "Bevillinger")],
        }


class Consent(FormPage):
    """One funder's own answer."""

    template_name = "review/track/consent.html"
    heading = "Særskilt godkendelse"
    button = "Send svaret"

    def load(self) -> None:
        visible = Proposal.objects.visible_to(self.user, at=self.at)
        # One that was overtaken is read too, so that what is typed there is answered and not lost.
        asked = FunderConsent.objects.about(visible).with_proposals()
        self.consent: FunderConsent = get_object_or_404(asked, pk=self.kwargs["pk"])
        self.proposal = self.consent.proposal
        if not self.user.has_perm("review.fund", self.consent):
            if standing(self.user, self.proposal, at=self.at).is_blocked_as_funder:
                raise turned_away(self.user, self.proposal, at=self.at, as_funder=True)
            raise PermissionDenied("Kun bidragyderens egen repræsentant kan svare.")

    def form(self, data: Any = None) -> Any:
        return ConsentForm(data)

    def act(self, form: Any) -> str:
        funding.answer(
            consent_pk=self.consent.pk,
            answer=form.cleaned_data["answer"],
            reason=form.cleaned_data["reason"] or "",
            by=self.user,
            at=self.at,
        )
        return "Svaret er sendt. Sekretariatet og forslagsstilleren får besked nu."

    def success_url(self) -> str:
        return reverse("review:funding")

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "consent": self.consent,
            "proposal": self.proposal,
            "state": Status(self.proposal.status).state,
            "title": self.proposal.title,
            "subject": f"{self.proposal.title} ({self.proposal.number}), {self.consent.funder}",
            "is_open": not self.consent.answered_at
            and not self.consent.superseded_at
            and self.proposal.status == Status.APPROVED,
            "decision": Decision.objects.of_proposal(self.proposal)
            .released()
            .newest_first()
            .first(),
            "cancel": reverse("review:funding"),
            "breadcrumbs": [
                ("/", "Forside"),
                (reverse("review:funding"), "Bevillinger"),
                (None, self.proposal.number),
            ],
        }


class Document(ProposalPage):
    """The document behind an answer that the secretariat entered."""

    def load(self) -> None:
        super().load()
        entered = self.proposal.consents.entered()
        self.consent = get_object_or_404(entered, pk=self.kwargs["pk"])
        duties = self.user.duties
        if not (duties.is_secretariat or self.consent.funder_id in duties.funder_ids):
            raise Http404

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]  # a file is streamed
        name = f"{self.proposal.number}-{self.consent.funder.pk}.pdf"
        return send_file(self.consent.document, name)


class Consents(ProposalPage):
    """The secretariat's page of what the funders have answered, and what may follow."""

    template_name = "review/track/consents.html"
    permission = "review.launch"
    open_in = (Status.APPROVED, Status.ACTIVE)
    heading = "Bidragydere"

    def context(self) -> dict[str, Any]:
        state = funding.state(self.proposal)
        return {
            **super().context(),
            "state": state,
            "rows": [
                {
                    "consent": consent,
                    "url": reverse("review:enter", args=[self.proposal.number, consent.pk]),
                    "document": reverse("review:document", args=[self.proposal.number, consent.pk])
                    if consent.document
                    else "",
                }
                for consent in state.standing
            ],
            "is_approved": self.proposal.status == Status.APPROVED,
        }


BY_FUNDERS = ("review:consents", "Bidragydere")
"""The page these steps are taken from."""


class Enter(StepPage):
    """Enters the answer of a funder that does not sign in, with the document."""

    permission = "review.launch"
    above = BY_FUNDERS
    template_name = "review/track/enter.html"
    open_in = (Status.APPROVED,)
    heading = "Indtast bidragyderens svar"
    button = "Gem svaret"

    def load(self) -> None:
        super().load()
        asked = self.proposal.consents.with_proposals()
        self.consent: FunderConsent = get_object_or_404(asked, pk=self.kwargs["pk"])

    def form(self, data: Any = None) -> Any:
        return EnteredConsentForm(data, self.request.FILES or None)

    def act(self, form: Any) -> str:
        funding.enter(
            consent_pk=self.consent.pk,
            answer=form.cleaned_data["answer"],
            reason=form.cleaned_data["reason"] or "",
            document=form.cleaned_data["document"],
            by=self.user,
            at=self.at,
        )
        return f"Svaret fra {self.consent.funder} er gemt. Forslagsstilleren får besked nu."

    def success_url(self) -> str:
        return self.cancel_url()

    def context(self) -> dict[str, Any]:
        return {**super().context(), "consent": self.consent}


class Launch(StepPage):
    permission = "review.launch"
    above = BY_FUNDERS
    transition = Transition.LAUNCH
    heading = "Sæt klimaudviklingssporet i gang"
    button = "Sæt sporet i gang"
    text = "Sporet går i gang, og det kommer med på siden over klimaudviklingsspor."

    def form(self, data: Any = None) -> Any:
        return StepForm(data, initial={"revision": self.proposal.revision})

    def act(self, form: Any) -> str:
        track.launch(
            proposal_pk=self.proposal.pk,
            revision=form.cleaned_data["revision"],
            by=self.user,
            at=self.at,
        )
        return f"{self.proposal.number} er sat i gang. Forslagsstilleren får besked nu."


class Lapse(ReasonedStep):
    permission = "review.launch"
    above = BY_FUNDERS
    transition = Transition.LAPSE
    heading = "Lad forslaget bortfalde"
    button = "Lad forslaget bortfalde"
    danger = True
    text = "Forslaget slutter her, fordi en bidragyder har givet afslag."
    done = "er bortfaldet. Forslagsstilleren får brev med begrundelsen nu."

    def step(self, **given: Any) -> Any:
        return track.lapse(**given)


class Retable(ReasonedStep):
    permission = "review.launch"
    above = BY_FUNDERS
    transition = Transition.RETABLE
    heading = "Indstil igen"
    button = "Indstil igen"
    text = "Forslaget kommer tilbage til indstilling og kan sættes på et nyt møde. Bidragyderne bliver spurgt igen efter det."
    done = "er indstillet igen og kan sættes på dagsordenen til næste møde."

    def step(self, **given: Any) -> Any:
        return track.retable(**given)


class CompleteTrack(ReasonedStep):
    permission = "review.launch"
    above = BY_FUNDERS
    transition = Transition.COMPLETE
    heading = "Afslut klimaudviklingssporet"
    button = "Afslut sporet"
    reason_label = "Hvad kom der ud af sporet, og hvor er slutrapporten?"
    text = "Sporet er færdigt. Det bliver stående med sin historik."
    done = "er afsluttet. Forslagsstilleren får besked nu."

    def step(self, **given: Any) -> Any:
        return track.complete(**given)


class Discontinue(ReasonedStep):
    permission = "review.launch"
    above = BY_FUNDERS
    transition = Transition.DISCONTINUE
    heading = "Afbryd klimaudviklingssporet"
    button = "Afbryd sporet"
    danger = True
    reason_label = "Hvorfor afbrydes sporet?"
    text = "Sporet stopper, før det er færdigt."
    done = "er afbrudt. Forslagsstilleren får brev med begrundelsen nu."

    def step(self, **given: Any) -> Any:
        return track.discontinue(**given)
