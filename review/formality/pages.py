"""What the pages about what was sent to approval share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from proposals.answers.content import Content
from proposals.gates import deadlines
from proposals.line.pages import StepPage
from proposals.reading.shown import read_text
from review.formality import steps as formality

if TYPE_CHECKING:
    from klimaspor.pages import Crumbs
    from proposals.line.models import Version


class ApprovalPage(StepPage):
    """A step about what was sent to approval, which the page shows beside the form."""

    version: Version | None

    def load(self) -> None:
        super().load()
        self.version = formality.sent_version(self.proposal)

    def crumbs(self) -> Crumbs:
        way: Crumbs = [("/", "Forside"), (reverse("review:secretariat"), "Sekretariat")]
        return [*way, (self.address, self.proposal.number), (None, self.heading)]

    def context(self) -> dict[str, Any]:
        sent = Content.of_version(self.version) if self.version else None
        return {
            **super().context(),
            **read_text(self, sent, self.version),
            "leave": deadlines.leave_from(self.proposal),
        }
