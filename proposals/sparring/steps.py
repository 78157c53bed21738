"""Sparring: comments between the proposer, its DGO and the secretariat, from draft to launch. Moves nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from klimaspor import danish, seen
from klimaspor.accounts.models import Role, User
from klimaspor.refusals import AlreadyDone, Missing, Refused
from proposals.answers.sections import BY_SLUG, Kind
from proposals.line import impartiality
from proposals.line.functions import IMPARTIAL_FUNCTIONS, PARTY_FUNCTIONS, Function, Group
from proposals.line.lifecycle import SPARRING, Status
from proposals.line.models import Access, Event, Proposal
from proposals.line.standing import standing
from proposals.sparring import mails
from proposals.sparring.models import Advice, AdviceKind, AdviceWording, Circle
from proposals.sparring.places import About, Chosen, Places, read_by
from proposals.sparring.queries import people_in
from proposals.sparring.seen import shown_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from klimaspor.seen import Base
    from proposals.line.standing import Standing

PROPOSER = "forslagsstiller"
SECRETARIAT = "sekretariatet"
ASKED_OF_NOBODY = (
    "En ændring eller en ny ordlyd er til dem, der skriver forslaget. Vælg alle på forslaget"
)


WHOLE = Chosen()
"""Nothing is quoted."""


class NoDgo(Refused):
    """Nobody to open to."""


class SparringClosed(Refused):
    """Comments are no longer taken."""


class NotInCircle(Refused):
    """The person does not stand in the circle, or no longer."""

    def __init__(self) -> None:
        super().__init__(
            "Du er ikke længere med i den kreds, der læser tråden. Din tekst er ikke sendt."
        )


class NotYours(Refused):
    """It is for somebody else to do."""


class Finished(Refused):
    """What is finished is not written anew."""


class DoneBefore(AlreadyDone):
    """Somebody came first."""


@transaction.atomic
def open_sparring(*, proposal_pk: int, by: User, at: datetime) -> Proposal:
    """
    Let the DGO and the secretariat read the live text and comment on it; open already, it stays as it is.

    :raises NoDgo:
    :raises SparringClosed:
    """
    proposal: Proposal = Proposal.objects.locked(proposal_pk)
    if proposal.status not in SPARRING:
        raise SparringClosed(f"{proposal.number} {Status(proposal.status).state}.")
    if proposal.lead_dgo is None:
        raise NoDgo("Vælg en DGO i afsnittet Deltagere, før du åbner for sparring.")
    if proposal.sparring_opened_at:
        return proposal
    Access.objects.grant(proposal, Function.ADVISE, dgo=proposal.lead_dgo, by=by, at=at)
    Access.objects.grant(proposal, Function.ADVISE, group=Group.SECRETARIAT, by=by, at=at)
    proposal.sparring_opened_at = at
    proposal.save(update_fields=["sparring_opened_at"])
    Event.objects.create(proposal=proposal, transition="sparring_opened", at=at, by=by)
    advisers = User.objects.holding(Role.DGO_ADVISER, at=at, dgo=proposal.lead_dgo)
    impartiality.raise_ties(advisers, proposal, by=by, at=at)
    mails.sparring_opened(proposal, impartiality.impartial(advisers, proposal, at=at), by=by, at=at)
    return proposal


@transaction.atomic
def close_sparring(*, proposal_pk: int, by: User, at: datetime) -> Proposal:
    """Stop letting advisers read the live text; what was said stays, and what was sent stays theirs to read."""
    proposal: Proposal = Proposal.objects.locked(proposal_pk)
    if proposal.sparring_opened_at is None:
        return proposal
    proposal.accesses.filter(function=Function.ADVISE).end(at=at)
    if not proposal.versions.exists():
        # Nobody sees a draft that is not opened to them.
        proposal.accesses.of_co_readers().end(at=at)
    proposal.sparring_opened_at = None
    proposal.save(update_fields=["sparring_opened_at"])
    Event.objects.create(proposal=proposal, transition="sparring_closed", at=at, by=by)
    return proposal


@transaction.atomic
def comment(
    *,
    proposal_pk: int,
    section: str,
    text: str,
    kind: str = AdviceKind.COMMENT,
    circle: str = Circle.EVERYBODY,
    name: str = "",
    row: int | None = None,
    chosen: Chosen = WHOLE,
    suggestion: str = "",
    mentioned: Iterable[User] = (),
    by: User,
    at: datetime,
) -> Advice:
    """
    Begin a thread about one section, an answer or a row in it, or about the whole when `section` is empty.

    What is `chosen` are words of the answer, as the person reads it.

    :raises SparringClosed:
    :raises NotImpartial:
    :raises NotInCircle:
    :raises Missing: the words do not stand there, or what it is about does not; a wording of nothing, or for what is no text;
        or somebody is mentioned who will not read it.
    """
    proposal = _open(proposal_pk, by=by, at=at)
    require_circle(by, proposal, circle, at=at)
    if circle != Circle.EVERYBODY and kind != AdviceKind.COMMENT:
        raise Missing({"circle": ASKED_OF_NOBODY})
    if kind == AdviceKind.WORDING:
        _require_wording(section, name, suggestion)
    read = read_by(by, proposal, at=at) if name else Places(None)
    anchor = read.anchored(About(section, name, row), chosen)
    advice = Advice.objects.create(
        proposal=proposal,
        section=section,
        kind=kind,
        circle=circle,
        name=name,
        row=row,
        quote=anchor.quote,
        before=anchor.before,
        after=anchor.after,
        suggestion=suggestion if kind == AdviceKind.WORDING else "",
        text=text,
        author_role=role_of(by, proposal, at=at),
        created_at=at,
        created_by=by,
    )
    _tell(advice, mentioned, at=at)
    return advice


@transaction.atomic
def answer(
    *, thread_pk: int, text: str, mentioned: Iterable[User] = (), by: User, at: datetime
) -> Advice:
    """
    Answer in a thread; an answer to a finished thread opens it again, so that nobody overlooks it.

    :raises SparringClosed:
    :raises NotImpartial:
    :raises NotInCircle:
    :raises Missing: somebody is mentioned who will not read it.
    """
    thread = Advice.objects.threads().get(pk=thread_pk)
    proposal = _open(thread.proposal_id, by=by, at=at)
    require_circle(by, proposal, thread.circle, at=at)
    # Read again, now that nobody else writes.
    thread.refresh_from_db()
    row = Advice.objects.create(
        proposal=proposal,
        section=thread.section,
        name=thread.name,
        row=thread.row,
        parent=thread,
        circle=thread.circle,
        text=text,
        author_role=role_of(by, proposal, at=at),
        created_at=at,
        created_by=by,
    )
    is_askers = may_settle(thread, by, standing(by, proposal, at=at))
    if thread.resolved_at or (thread.done_at and is_askers):
        _open_again(thread)
    _tell(row, mentioned, at=at)
    return row


@transaction.atomic
def edit(
    *,
    advice_pk: int,
    text: str,
    suggestion: str = "",
    bases: Mapping[str, Base] | None = None,
    by: User,
    at: datetime,
) -> Advice:
    """
    Write a comment or an answer anew; what it said before is kept beside it.

    :raises SparringClosed:
    :raises NotImpartial:
    :raises NotInCircle:
    :raises NotYours: somebody else wrote it.
    :raises Finished: its thread is, or its wording has been taken in.
    :raises Missing: a wording without words.
    :raises Changed: its author has written it anew in another window.
    """
    advice = Advice.objects.get(pk=advice_pk)
    proposal = _open(advice.proposal_id, by=by, at=at)
    require_circle(by, proposal, advice.circle, at=at)
    advice.refresh_from_db()
    if advice.created_by_id != by.pk:
        raise NotYours("Kun den, der har skrevet kommentaren, kan rette den.")
    if is_settled(advice):
        raise Finished(
            "Tråden er afklaret, eller ordlyden er sat ind, så kommentaren kan ikke rettes. Skriv et svar i tråden i stedet."
        )
    if advice.kind == AdviceKind.WORDING and not suggestion:
        raise Missing({"suggestion": "Skriv den ordlyd, du foreslår"})
    now = shown_words(advice)
    typed = shown_words(Advice(kind=advice.kind, text=text, suggestion=suggestion))
    wanted = {"text": text, "suggestion": suggestion}
    names = seen.touched(bases, now, typed, reader=by)
    changed = sorted(name for name in names if getattr(advice, name) != wanted[name])
    if not changed:
        return advice
    AdviceWording.objects.create(
        advice=advice, text=advice.text, suggestion=advice.suggestion, at=at, by=by
    )
    for name in changed:
        setattr(advice, name, wanted[name])
    advice.edited_at, advice.edited_by = at, by
    advice.save(update_fields=[*changed, "edited_at", "edited_by"])
    return advice


@transaction.atomic
def resolve(*, thread_pk: int, by: User, at: datetime) -> Advice:
    """
    Mark a thread finished, by whoever asked.

    :raises NotInCircle:
    :raises NotYours: the other side asked.
    :raises DoneBefore: somebody else has.
    """
    thread, proposal = _thread(thread_pk, by=by, at=at)
    _require_asker(thread, proposal, by=by, at=at)
    if thread.resolved_by:
        if thread.resolved_by == by:
            return thread
        raise DoneBefore(f"{thread.resolved_by.name} har allerede markeret tråden som afklaret.")
    thread.resolved_at, thread.resolved_by = at, by
    thread.save(update_fields=["resolved_at", "resolved_by"])
    return thread


@transaction.atomic
def reopen(*, thread_pk: int, by: User, at: datetime) -> Advice:
    """
    Open a finished thread again, by whoever asked; what was said to be changed is then asked for anew.

    Whoever said so takes it back in the same way, until the thread is finished.

    :raises NotInCircle:
    :raises NotYours: the other side asked.
    """
    thread, proposal = _thread(thread_pk, by=by, at=at)
    if not may_take_back_done(thread, by):
        _require_asker(thread, proposal, by=by, at=at)
    _open_again(thread)
    return thread


def _open_again(thread: Advice) -> None:
    thread.resolved_at = thread.resolved_by = thread.done_at = thread.done_by = None
    thread.save(update_fields=["resolved_at", "resolved_by", "done_at", "done_by"])


def may_take_back_done(thread: Advice, user: User) -> bool:
    """Say whether the person said that it was changed, and nobody has ticked it off since."""
    return thread.resolved_at is None and thread.done_by_id == user.pk


@transaction.atomic
def report_done(*, thread_pk: int, by: User, at: datetime) -> Advice:
    """
    Say that the change somebody asked for has been made; whoever asked then ticks it off.

    :raises NotInCircle:
    :raises NotYours: no change was asked for, or the person does not write.
    :raises DoneBefore: somebody else has said so, or it is finished.
    """
    thread, proposal = _thread(thread_pk, by=by, at=at)
    if thread.kind != AdviceKind.CHANGE or not standing(by, proposal, at=at).is_writer:
        raise NotYours("Kun dem, der skriver i forslaget, kan melde en ændring.")
    if thread.resolved_at:
        raise DoneBefore("Tråden er allerede afklaret.")
    if thread.done_by == by:
        return thread
    if thread.done_by:
        raise DoneBefore(f"{thread.done_by.name} har allerede meldt, at det er ændret.")
    thread.done_at, thread.done_by = at, by
    thread.save(update_fields=["done_at", "done_by"])
    asker = [person for person in people_in(proposal, at=at) if person.pk == thread.created_by_id]
    mails.change_made(thread, asker, by=by, at=at)
    return thread


def may_settle(advice: Advice, user: User, stands: Standing) -> bool:
    """
    Say whether somebody may finish a thread or open it again: who asked, and those who speak for the same side.

    People are away, so a colleague in the DGO or the secretariat may, and a co-writer.
    """
    if advice.created_by_id == user.pk:
        return stands.takes_part
    return stands.is_party if advice.author_role == PROPOSER else stands.is_among_advisers


def is_settled(advice: Advice) -> bool:
    """Say whether the thread is finished, or its wording taken in: then nothing of it is written anew."""
    thread = advice.parent or advice
    return thread.resolved_at is not None or advice.taken_at is not None


def require_circle(user: User, proposal: Proposal, circle: str, *, at: datetime) -> None:
    """
    Refuse whoever does not stand in the circle.

    :raises NotInCircle:
    """
    stands = standing(user, proposal, at=at)
    if not (stands.takes_part if circle == Circle.EVERYBODY else stands.is_among_advisers):
        raise NotInCircle


def role_of(user: User, proposal: Proposal, *, at: datetime) -> str:
    """Say in what capacity a person speaks about the proposal."""
    if standing(user, proposal, at=at).is_party and proposal.created_by_id != user.pk:
        return PROPOSER
    if proposal.owner_id == user.pk:
        return PROPOSER
    duties = user.duties_at(at)
    if proposal.lead_dgo and proposal.lead_dgo_id in duties.dgo_ids:
        return proposal.lead_dgo.name
    along = proposal.accesses.current(at=at).of_co_readers().filter(dgo__in=duties.dgo_ids)
    if access := along.with_holders().order_by("pk").first():
        return str(access.dgo)
    return SECRETARIAT if duties.is_secretariat else PROPOSER


def readers(proposal: Proposal, *, circle: str = Circle.EVERYBODY, at: datetime) -> tuple[str, ...]:
    """Say who will read what is written in the circle, in words, before it is posted."""
    return readers_by_circle(proposal, at=at)[Circle(circle)]


def readers_by_circle(proposal: Proposal, *, at: datetime) -> dict[Circle, tuple[str, ...]]:
    """Say it of each circle."""
    held = list(proposal.accesses.current(at=at).with_holders())
    people = [a.user.name for a in held if a.user and a.function in PARTY_FUNCTIONS]
    parties = [f"{name} ({PROPOSER})" for name in sorted(set(people))]
    working = [a for a in held if a.function in IMPARTIAL_FUNCTIONS]
    advisers = sorted({f"rådgiverne i {a.dgo.name}" for a in working if a.dgo})
    if any(a.group == Group.SECRETARIAT for a in working):
        advisers.append(SECRETARIAT)
    return {Circle.EVERYBODY: (*parties, *advisers), Circle.ADVISERS: tuple(advisers)}


def is_open(proposal: Proposal) -> bool:
    """Say whether comments are taken: sparring is open, or something has been sent."""
    if proposal.status not in SPARRING:
        return False
    # Past the draft something has been sent.
    is_sent = proposal.status != Status.DRAFT
    return proposal.sparring_opened_at is not None or is_sent or proposal.versions.exists()


def _open(pk: int, *, by: User, at: datetime) -> Proposal:
    proposal: Proposal = Proposal.objects.locked(pk)
    if not is_open(proposal):
        raise SparringClosed("Forslaget er ikke åbent for sparring. Din tekst er ikke sendt.")
    if not standing(by, proposal, at=at).is_party:
        impartiality.require(by, proposal, at=at)
    return proposal


def _thread(pk: int, *, by: User, at: datetime) -> tuple[Advice, Proposal]:
    """Hold the proposal, and read a thread of it that the person reads."""
    thread = Advice.objects.threads().get(pk=pk)
    proposal: Proposal = Proposal.objects.locked(thread.proposal_id)
    require_circle(by, proposal, thread.circle, at=at)
    thread.refresh_from_db()
    return thread, proposal


def _require_asker(thread: Advice, proposal: Proposal, *, by: User, at: datetime) -> None:
    if not may_settle(thread, by, standing(by, proposal, at=at)):
        raise NotYours(
            f"Det er {thread.created_by.name} ({thread.author_role}), der afgør, om tråden er afklaret. Skriv et svar i tråden."
        )


def _require_wording(section: str, name: str, suggestion: str) -> None:
    asked = BY_SLUG[section].fields if section else ()
    if not any(q.name == name and q.kind in TEXTS for q in asked):
        raise Missing({"section": WHICH_ANSWER})
    if not suggestion:
        raise Missing({"suggestion": "Skriv den ordlyd, du foreslår"})


WHICH_ANSWER = "Vælg det svar, som den nye ordlyd er til"
TEXTS = (Kind.PROSE, Kind.LINE)
"""Answers that are written, and can be worded otherwise."""


def _tell(advice: Advice, mentioned: Iterable[User], *, at: datetime) -> None:
    """Keep who is mentioned, and write to those and to the others who are told, of the circle's readers only."""
    is_inner = advice.circle != Circle.EVERYBODY
    people = {person.pk: person for person in people_in(advice.proposal, at=at)}
    reads = {pk for pk, person in people.items() if not is_inner or person.is_adviser}
    named = {person.pk: person for person in mentioned}
    if wrong := [person.name for pk, person in named.items() if pk not in reads]:
        raise Missing({"mentioned": cannot_read(wrong)})
    advice.mentioned.set(named.values())
    # A party is answered by the DGO; the secretariat reads on the page.
    author = people.get(advice.created_by_id)
    by_party = author is not None and author.is_party
    told = {
        pk for pk in reads if is_inner or people[pk].is_party or (by_party and people[pk].is_of_dgo)
    }
    told -= {advice.created_by_id, *named}
    mails.advice_mentioned(
        advice, [people[pk] for pk in named if pk != advice.created_by_id], at=at
    )
    mails.advice_given(advice, [people[pk] for pk in people if pk in told], at=at)


def cannot_read(names: Iterable[str]) -> str:
    """Say that somebody who is mentioned will not read what is written."""
    return f"{danish.join_text(list(names))} læser ikke det, du skriver her. Nævn kun dem, der er med i den kreds, du har valgt"
