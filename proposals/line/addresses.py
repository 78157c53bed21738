"""The addresses of a proposal's pages, and how its number stands in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import register_converter

if TYPE_CHECKING:
    from proposals.line.models import Proposal


class ProposalNumber:
    """A proposal's number, e.g. KS-2026-0012; what has another shape leads nowhere."""

    regex = "KS-[0-9]{4}-[0-9]{4,9}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(ProposalNumber, "number")


def proposal_address(proposal: Proposal) -> str:
    """Give the address of the proposal's page, which lies in the room above this one."""
    return f"/forslag/{proposal.number}/"


def sparring_address(proposal: Proposal) -> str:
    return f"/forslag/{proposal.number}/sparring/"
