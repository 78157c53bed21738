"""The addresses of a proposal's pages, and how its number stands in them."""

from __future__ import annotations

from django.urls import register_converter


class ProposalNumber:
    """A proposal's number, e.g. KS-2026-0012; what has another shape leads nowhere."""

    regex = "KS-[0-9]{4}-[0-9]{4,9}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(ProposalNumber, "number")


PROPOSALS = "/forslag/"
"""Everybody's list of proposals; it and the pages below lie in rooms above this one, which have their names."""


def proposal_address(number: str) -> str:
    """Give the address of the proposal's page."""
    return f"{PROPOSALS}{number}/"


def content_address(number: str) -> str:
    """Give the address of the proposal's text."""
    return f"{proposal_address(number)}indhold/"


def history_address(number: str) -> str:
    return f"{proposal_address(number)}forloeb/"


def sparring_address(number: str) -> str:
    return f"{proposal_address(number)}sparring/"


def qualification_address(number: str) -> str:
    return f"/kvalificering/{number}/"


def pass_on_address(number: str) -> str:
    return f"{qualification_address(number)}giv-videre/"
