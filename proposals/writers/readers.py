"""Who has access to a proposal, in words to one of its parties: "Maja Holm kan skrive"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch, prefetch_related_objects

from klimaspor import danish
from proposals.line.editions import Edition, edition_of
from proposals.line.functions import EARLY_FUNCTIONS, Function, Group
from proposals.participants.models import Participant

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from klimaspor.accounts.models import User
    from proposals.line.models import Access, Proposal, Version

MAY = {
    Function.OWN: "Skriver, indsender, inviterer andre, overdrager forslaget og trækker det tilbage",
    Function.WRITE: "Skriver i alle afsnit og indsender",
    Function.READ: "Læser det hele, også det, der ikke er sendt, og kommenterer",
    Function.ADVISE: "Læser og kommenterer",
    Function.CO_READ: "Læser med fra et andet område og kommenterer, men kvalificerer ikke",
    Function.QUALIFY: "Kommenterer og kvalificerer forslaget",
    Function.RECOMMEND: "Kommenterer, kontrollerer kravene og skriver indstillingen",
    Function.DECIDE: "Læser og beslutter på mødet",
    Function.FUND: "Læser og svarer på, om den giver sit bidrag",
}


@dataclass(frozen=True)
class Reader:
    """One who has access, in words."""

    text: str
    """E.g. "Du er ejer" or "KlimaNord læser med, fordi I har åbnet for sparring"."""
    may: str
    """What they can do, as a list of verbs."""
    since_at: datetime
    access: Access
    is_you: bool = False
    has_left: str = ""
    """What the person has left, where nobody has decided whether the access stays."""

    @property
    def person(self) -> User | None:
        return self.access.user

    @property
    def is_owner(self) -> bool:
        return self.access.function == Function.OWN


def readers(proposal: Proposal, *, to: User, at: datetime) -> tuple[Reader, ...]:
    """Tell one of the parties who has access: the people first, then those who work with it. Four queries."""
    accesses = list(proposal.accesses.current(at=at).with_holders())
    answering = _answering(proposal)
    left = {a.pk: a for a in proposal.accesses.left_behind(at=at)}
    people = [
        _party(a, answering.get(a.user_id or 0, []), to, left.get(a.pk)) for a in accesses if a.user
    ]
    people.sort(key=lambda r: (ORDER[Function(r.access.function)], danish.sort_key(_name(r))))
    sent = list(proposal.versions.newest_first().defer("content"))
    return (*people, *_working(proposal, accesses, sent))


def organizations_behind(proposal: Proposal) -> list[str]:
    """Name the organizations whose members may be let see title and state (`ProposalQuerySet.listed_for`), as Danes sort."""
    names = {
        str(row.organization)
        for row in _taking_part(proposal)
        if row.organization
        and not (hasattr(row, "commitment") and row.commitment.is_confirmed is False)
    }
    if proposal.organization:
        names.add(str(proposal.organization))
    return sorted(names, key=danish.sort_key)


ORDER = {function: place for place, function in enumerate(Function)}


def _name(reader: Reader) -> str:
    return reader.access.user.name if reader.access.user else ""


def _taking_part(proposal: Proposal) -> list[Participant]:
    """Read who takes part, with what each has answered: one query, the first time it is asked of the object."""
    rows = Prefetch("participants", Participant.objects.with_answers())
    prefetch_related_objects([proposal], rows)
    return list(proposal.participants.all())


def _answering(proposal: Proposal) -> dict[int, list[str]]:
    """Give the participants that each person answers for."""
    found: dict[int, list[str]] = {}
    for row in _taking_part(proposal):
        commitment = getattr(row, "commitment", None)
        if commitment and commitment.contact_id:
            found.setdefault(commitment.contact_id, []).append(str(row))
    return found


def _party(access: Access, answers_for: list[str], to: User, left: Any | None) -> Reader:
    person = access.user
    is_you = person == to
    who = "Du" if is_you or person is None else person.name
    verb = {Function.OWN: "er ejer", Function.WRITE: "kan skrive"}.get(
        Function(access.function), "kan læse"
    )
    text = f"{who} {verb}"
    if answers_for:
        text += f" og svarer for {danish.join_text(answers_for)}"
    if person is not None and not person.is_active:
        text += ", men kan ikke længere logge på"
    has_left = (
        f"{'Har' if is_you else 'Personen har'} forladt {left.left_organization} "
        f"{danish.short_date(left.left_date)}."
        if left
        else ""
    )
    return Reader(text, MAY[Function(access.function)], access.since_at, access, is_you, has_left)


def _working(
    proposal: Proposal, accesses: Iterable[Access], sent: Sequence[Version]
) -> list[Reader]:
    """One sentence for each DGO, group and funder, about the widest text they read."""
    by_holder: dict[str, list[Access]] = {}
    for access in accesses:
        if not access.user:
            by_holder.setdefault(_holder(access), []).append(access)
    rows = []
    for name, held in by_holder.items():
        held.sort(key=lambda a: ORDER[Function(a.function)])
        functions = [Function(a.function) for a in held]
        edition = edition_of(functions, is_sparring_open=proposal.is_sparring_open)
        text = f"{name} {_reads(edition, sent)}"
        duty = functions[-1] if functions[-1] in EARLY_FUNCTIONS else functions[0]
        since_at = min(a.since_at for a in held)
        rows.append(Reader(text, MAY[duty], since_at, held[0]))
    return sorted(rows, key=lambda r: (ORDER[Function(r.access.function)], r.text))


def _holder(access: Access) -> str:
    if access.dgo:
        return access.dgo.name
    if access.organization:
        return access.organization.name
    return "Sekretariatet" if access.group == Group.SECRETARIAT else "Forretningsudvalget"


def _reads(edition: Edition | None, sent: Sequence[Version]) -> str:
    if edition == Edition.LIVE:
        return "læser med, fordi I har åbnet for sparring"
    read = [version for version in sent if edition and edition.has(version)]
    if not read:
        return "kan se, at forslaget findes, men har ikke fået det sendt"
    return f"læser versionen, I sendte {danish.datetime_text(read[0].frozen_at)}"
