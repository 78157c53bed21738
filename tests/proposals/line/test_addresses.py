"""Addresses written in one place lead to the pages that are meant."""

from __future__ import annotations

from django.urls import resolve

import pytest

from proposals.line.addresses import (
    PROPOSALS,
    pass_on_address,
    proposal_address,
    qualification_address,
    sparring_address,
)

NUMBER = "KS-2027-0012"


@pytest.mark.parametrize(
    ("address", "page", "kwargs"),
    (
        (PROPOSALS, "review:list", {}),
        (proposal_address(NUMBER), "review:proposal", {"number": NUMBER}),
        (sparring_address(NUMBER), "review:sparring", {"number": NUMBER}),
        (qualification_address(NUMBER), "review:qualify", {"number": NUMBER}),
        (pass_on_address(NUMBER), "review:pass_on", {"number": NUMBER}),
    ),
)
def test_addresses_of_pages_in_rooms_above_lead_there(
    address: str, page: str, kwargs: dict[str, str]
) -> None:
    found = resolve(address)

    assert (found.view_name, found.kwargs) == (page, kwargs)
