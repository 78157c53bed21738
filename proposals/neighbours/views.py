"""Neighbours of a proposal: tracks and proposals that touch the same."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from proposals.line.addresses import proposal_address
from proposals.line.pages import ProposalPage
from proposals.neighbours import steps as neighbours


class NeighboursPage(ProposalPage):
    template_name = "proposals/neighbours/neighbours.html"
    permission = "proposals.see_neighbours"
    heading = "Klimaudviklingsspor og forslag, der ligner"

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "neighbours": [
                {
                    "title": row.title,
                    "number": row.number,
                    "status": row.status,
                    "why": row.why,
                    "url": proposal_address(row.number)
                    if row.number
                    else reverse("proposals:tracks"),
                }
                for row in neighbours.find(self.proposal, self.user, at=self.at)
            ],
        }
