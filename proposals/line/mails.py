"""What the letters of intake say, one function each: name = folder under templates/mail = function."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, Any

from klimaspor import danish
from klimaspor.accounts.models import Role, User
from klimaspor.mail import outbox
from proposals.line import impartiality
from proposals.line.addresses import proposal_address
from proposals.line.functions import WRITER_FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from proposals.line.models import Event, Proposal


def letter(
    name: str,
    key: str,
    to: User,
    *,
    proposal: Proposal,
    path: str = "",
    waits_for: str = "",
    **context: Any,
) -> outbox.Letter:
    """Give a letter to one person about a proposal; it links to the proposal's page unless a `path` is given."""
    about = {
        "name": to.name,
        "proposal": proposal,
        "path": path or proposal_address(proposal.number),
        **context,
    }
    return outbox.Letter(name, key, to.email, about, waits_for)


def put_letter(name: str, key: str, to: User, at: datetime, **about: Any) -> None:
    """Write the `letter` of one event to one person."""
    outbox.put_letter(letter(name, f"{name}:{key}:{to.pk}", to, **about), at=at)


def removed(proposal: Proposal, to: User, *, by: User, at: datetime) -> None:
    """Say it without a link: there is nothing left to see."""
    outbox.put(
        name="removed",
        key=f"removed:{proposal.pk}:{at.isoformat()}:{to.pk}",
        to=to.email,
        context={"name": to.name, "proposal": proposal, "by": by},
        at=at,
    )


def forget(proposal: Proposal, to: User) -> None:
    """Drop the letters that wait for a paper of the proposal: the person no longer sees it."""
    papers = [f"version:{pk}" for pk in proposal.versions.values_list("pk", flat=True)]
    outbox.drop(papers, to=to.email)


MORNING = time(9, 0)


def parties(proposal: Proposal, *, at: datetime) -> list[User]:
    """Give those who write the proposal."""
    writers = proposal.accesses.current(at=at).filter(function__in=WRITER_FUNCTIONS)
    return list(User.objects.active().filter(pk__in=writers.values("user_id")).by_name())


def advisers(proposal: Proposal, *, at: datetime) -> list[User]:
    """Give the DGO's advisers that the proposal is open to and who may act in it."""
    held = proposal.accesses.current(at=at).filter(dgo=proposal.lead_dgo).exclude(dgo=None)
    if not held.exists():
        return []
    people = User.objects.holding(Role.DGO_ADVISER, at=at, dgo=proposal.lead_dgo).by_name()
    return impartiality.impartial(people, proposal, at=at)


def co_readers(proposal: Proposal, *, at: datetime) -> list[User]:
    """Give the advisers of the other DGOs that read along and who may act in it."""
    held = proposal.accesses.current(at=at).of_co_readers().order_by("pk")
    people = {
        person.pk: person
        for access in held.with_holders()
        for person in User.objects.holding(Role.DGO_ADVISER, at=at, dgo=access.dgo)
    }
    return impartiality.impartial(people.values(), proposal, at=at)


def contacts(proposal: Proposal) -> dict[User, list[str]]:
    """Give those who answer for a participant that has not said no, with the names of what they answer for."""
    found: dict[User, list[str]] = {}
    for participant in proposal.participants.undeclined().with_contacts():
        person = participant.commitment.contact
        if person is not None and person.is_active:
            found.setdefault(person, []).append(participant.name)
    return found


def following(proposal: Proposal, *, without: Iterable[User], at: datetime) -> dict[User, str]:
    """Give those who are told and asked for nothing, each once with why: DGOs that read along, and contact persons."""
    told = set(without)
    found = dict.fromkeys(co_readers(proposal, at=at), "din DGO læser med i forslaget")
    for person, names in contacts(proposal).items():
        found.setdefault(person, f"du svarer for {danish.join_text(names)} i forslaget")
    return {person: why for person, why in found.items() if person not in told}


def secretariat(proposal: Proposal, *, at: datetime) -> list[User]:
    people = User.objects.holding(Role.SECRETARIAT, at=at).by_name()
    return impartiality.impartial(people, proposal, at=at)


def plain_letter(name: str, key: str, to: User, *, path: str, **context: Any) -> outbox.Letter:
    about = {"name": to.name, "path": path, **context}
    return outbox.Letter(name, f"{name}:{key}:{to.pk}", to.email, about)


def put_plain(name: str, key: str, to: User, at: datetime, *, path: str, **context: Any) -> None:
    outbox.put_letter(plain_letter(name, key, to, path=path, **context), at=at)


def put_about(
    name: str,
    event: Event,
    to: Iterable[User],
    at: datetime,
    *,
    path: str = "",
    of_each: Callable[[User], dict[str, Any]] = lambda _: {},
    **context: Any,
) -> None:
    """Write a letter about one move of a proposal; `of_each` gives what is said to that person alone."""
    proposal = event.proposal
    for person in to:
        put_plain(
            name,
            f"{proposal.number}:{event.pk}",
            person,
            at,
            path=path or proposal_address(proposal.number),
            proposal=proposal,
            event=event,
            reasons=[
                {"section": reason.get_section_display(), "text": reason.text}
                for reason in event.reasons.all()
            ],
            **context,
            **of_each(person),
        )


def put_about_to_all(
    name: str, event: Event, at: datetime, *, without: User | None = None, **context: Any
) -> None:
    """Write it to the parties, and to the DGO's advisers and those who follow it in words that ask nothing of them."""
    told = [without] if without else []
    for people, is_party in (
        (parties(event.proposal, at=at), True),
        (advisers(event.proposal, at=at), False),
    ):
        to = [person for person in people if person not in told]
        put_about(name, event, to, at, is_party=is_party, **context)
        told += to
    tell_following(name, event, told, at=at, **context)


def tell_following(
    name: str, event: Event, told: Iterable[User], *, at: datetime, **context: Any
) -> None:
    """Write it to those who follow the proposal and are not told yet, and why they hear of it; who did it knows."""
    without = [*told, *([event.by] if event.by else [])]
    why = following(event.proposal, without=without, at=at)
    context["of_each"] = lambda person: {"why": why[person]}
    put_about(name, event, why, at, is_party=False, **context)
