"""What the letters of intake say, one function each: name = folder under templates/mail = function."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from klimaspor import danish
from proposals.gates import deadlines
from proposals.line.mails import put_letter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from klimaspor.accounts.models import User
    from proposals.line.models import Event, Version

NOBODY: Mapping[User, str] = MappingProxyType({})


def receipt(
    version: Version, to: Iterable[User], *, case_numbers: Mapping[int, str], at: datetime
) -> None:
    """
    Held until the PDF is there, since municipalities journal the letter with it.

    `case_numbers` gives each person, by id, what the case is called in the organization they act for here.
    """
    for person in to:
        put_letter(
            "receipt",
            str(version.pk),
            person,
            at,
            waits_for=f"version:{version.pk}",
            version=version,
            proposal=version.proposal,
            gate=version.get_gate_display(),
            received=danish.to_the_second(version.frozen_at),
            case_numbers=case_numbers.get(person.pk, ""),
        )


def submitted(
    version: Version, to: Iterable[User], *, at: datetime, why: Mapping[User, str] = NOBODY
) -> None:
    """To whoever is to work with it; `why` says of each of the others why they hear of it."""
    for person in to:
        put_letter(
            "submitted",
            str(version.pk),
            person,
            at,
            version=version,
            proposal=version.proposal,
            gate=version.get_gate_display(),
            why=why.get(person, ""),
        )


def withdrawn(
    event: Event, to: Iterable[User], *, at: datetime, why: Mapping[User, str] = NOBODY
) -> None:
    for person in to:
        put_letter(
            "withdrawn",
            str(event.pk),
            person,
            at,
            event=event,
            proposal=event.proposal,
            why=why.get(person, ""),
        )


def taken_back(
    event: Event,
    to: Iterable[User],
    *,
    is_party: bool,
    at: datetime,
    why: Mapping[User, str] = NOBODY,
) -> None:
    proposal = event.proposal
    term_of = deadlines.terms(proposal)
    for person in to:
        put_letter(
            "taken_back",
            str(event.pk),
            person,
            at,
            event=event,
            proposal=proposal,
            version=event.version,
            is_party=is_party,
            why=why.get(person, ""),
            **(term_of(person) if is_party else {}),
        )


def moved_round(
    event: Event, to: Iterable[User], *, at: datetime, why: Mapping[User, str] = NOBODY
) -> None:
    proposal = event.proposal
    term_of = deadlines.terms(proposal)
    for person in to:
        put_letter(
            "moved_round",
            str(event.pk),
            person,
            at,
            event=event,
            proposal=proposal,
            why=why.get(person, ""),
            **term_of(person),
        )
