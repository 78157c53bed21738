"""
An idea written, sent and talked about, and the draft it becomes.

It is no proposal: nobody qualifies it, no deadline concerns it, and its DGO promises nothing by answering. Sent, its words
stand, so that what was answered is what one reads; what comes to mind later is said in the thread, or in the draft.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from klimaspor import danish, seen
from klimaspor.accounts.models import Dgo, Role, User
from klimaspor.refusals import AlreadyDone, Missing, Refused
from proposals.drafting import steps as drafting
from proposals.drafting.dgo import suggested_dgo
from proposals.ideas import mails
from proposals.ideas.models import Idea, IdeaReply
from proposals.ideas.seen import shown_dgo, shown_idea

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from klimaspor.accounts.models import Organization
    from klimaspor.seen import Base
    from proposals.line.models import Proposal
    from proposals.rounds.models import Round

WRITTEN = ("title", "what", "who", "plan", "organization", "dgo")
CARRIED = (
    ("effekt", "activities", "what"),
    ("klimahandlingsplaner", "plan_needs", "plan"),
    ("periode", "organization_text", "who"),
)
"""Where the draft's form asks what the idea says: section, question, and what of the idea answers it."""


class Settled(Refused):
    """The idea is not where the page showed it; what was typed stands on it still."""

    is_outdated = True


class NotTheirs(Refused):
    """It is somebody else's to do."""


@transaction.atomic
def create(
    *,
    title: str,
    what: str,
    who: str,
    plan: str,
    organization: Organization | None,
    dgo: Dgo | None,
    by: User,
    at: datetime,
) -> Idea:
    """Begin an idea that only its owner reads; its DGO is suggested where none is chosen."""
    idea: Idea = Idea.objects.create(
        owner=by,
        organization=organization,
        dgo=dgo or suggested(organization, at=at),
        title=title,
        what=what,
        who=who,
        plan=plan,
        created_at=at,
        edited_at=at,
    )
    return idea


def suggested(organization: Organization | None, *, at: datetime) -> Dgo | None:
    """Give the organization's DGO, where that takes anything in."""
    dgo = suggested_dgo(organization)
    return dgo if dgo and _is_valid(dgo, at=at) else None


@transaction.atomic
def write(
    *,
    idea_pk: int,
    title: str,
    what: str,
    who: str,
    plan: str,
    organization: Organization | None,
    dgo: Dgo | None,
    bases: Mapping[str, Base] | None = None,
    by: User,
    at: datetime,
) -> Idea:
    """
    Write on an idea that is not sent.

    :raises Changed: it was written in another window since `bases`.
    :raises Settled:
    :raises NotTheirs:
    """
    idea = _own_unsent(idea_pk, by)
    stands = shown_idea(idea)
    came = {
        "title": title,
        "what": what,
        "who": who,
        "plan": plan,
        "organization": organization,
        "dgo": dgo,
    }
    typed = Idea(pk=idea.pk, owner=idea.owner, **came)
    names = sorted(seen.touched(bases, stands, shown_idea(typed), reader=by))
    for name in names:
        setattr(idea, name, came[name])
    if names:
        idea.edited_at = at
        idea.save(update_fields=[*names, "edited_at"])
    return idea


@transaction.atomic
def delete(*, idea_pk: int, by: User) -> None:
    """
    Delete an idea that nobody else has read.

    :raises Settled:
    :raises NotTheirs:
    """
    _own_unsent(idea_pk, by).delete()


def missing_from(idea: Idea, *, at: datetime) -> dict[str, str]:
    """Say what an idea lacks before it can be sent, by what it is."""
    found = {}
    if not idea.title:
        found["title"] = "Giv idéen en titel"
    if not idea.what:
        found["what"] = "Skriv, hvad I vil afprøve"
    if idea.dgo is None:
        found["dgo"] = "Vælg den DGO, der skal læse idéen"
    elif not _is_valid(idea.dgo, at=at):
        found["dgo"] = f"{idea.dgo.name} er ophørt. Vælg en anden DGO"
    return found


@transaction.atomic
def send(*, idea_pk: int, base: Base | None = None, by: User, at: datetime) -> Idea:
    """
    Send an idea to its DGO, whose advisers are told; from now on its words stand.

    `base` is what the last look showed.

    :raises AlreadyDone:
    :raises Missing:
    :raises Reread:
    :raises Settled:
    :raises NotTheirs:
    """
    idea = _own(idea_pk, by)
    if idea.sent_at:
        raise AlreadyDone("Idéen er allerede sendt.")
    seen.require_read("Idéen", base, shown_idea(idea))
    if missing := missing_from(idea, at=at):
        raise Missing(missing)
    idea.sent_at = idea.edited_at = at
    idea.save(update_fields=["sent_at", "edited_at"])
    mails.idea_sent(idea, answerers(idea, at=at), by=by, at=at)
    return idea


def advisers(dgo: Dgo | None, *, at: datetime) -> list[User]:
    """Give those who advise in a DGO now."""
    return list(User.objects.holding(Role.DGO_ADVISER, at=at, dgo=dgo).by_name()) if dgo else []


def answerers(idea: Idea, *, at: datetime) -> list[User]:
    """Give those who are to answer it: the DGO's advisers, and the secretariat where the DGO has none."""
    found = [person for person in advisers(idea.dgo, at=at) if person != idea.owner]
    return found or _secretariat(idea, at=at)


def _secretariat(idea: Idea, *, at: datetime) -> list[User]:
    people = User.objects.holding(Role.SECRETARIAT, at=at).by_name()
    return [person for person in people if person != idea.owner]


@transaction.atomic
def reply(*, idea_pk: int, text: str, by: User, at: datetime) -> IdeaReply:
    """
    Say something of an idea that is sent; the other side is told.

    :raises Settled: it is put aside, or has become a draft.
    :raises NotTheirs:
    """
    idea = _held(idea_pk)
    is_adviser = idea.owner_id != by.pk
    if is_adviser and not may_answer(idea, by, at=at):
        raise NotTheirs("Idéen ligger hos en anden DGO nu.")
    _require_open(idea, "Det, du skrev, er ikke sendt.")
    said = _say(idea, text, by=by, at=at)
    idea.edited_at = at
    idea.save(update_fields=["edited_at"])
    if is_adviser:
        mails.idea_answered(said, at=at)
    else:
        mails.idea_replied(said, _in_conversation(idea, at=at), at=at)
    return said


def _say(idea: Idea, text: str, *, by: User, at: datetime) -> IdeaReply:
    is_adviser = idea.owner_id != by.pk
    said: IdeaReply = idea.replies.create(
        text=text,
        at=at,
        by=by,
        is_adviser=is_adviser,
        author_role=capacity(idea, by, at=at) if is_adviser else "forslagsstiller",
    )
    return said


def capacity(idea: Idea, somebody: User, *, at: datetime) -> str:
    """Say as what somebody answers."""
    if idea.dgo and idea.dgo_id in somebody.duties_at(at).dgo_ids:
        return str(idea.dgo.name)
    return "sekretariatet"


def may_answer(idea: Idea, somebody: User, *, at: datetime) -> bool:
    """Say whether somebody answers for the idea's DGO or the secretariat."""
    duties = somebody.duties_at(at)
    return duties.is_secretariat or idea.dgo_id in duties.dgo_ids


def _in_conversation(idea: Idea, *, at: datetime) -> list[User]:
    """Give those who have answered and still read it; where there are none, those who are to."""
    said = set(idea.replies.of_advisers().values_list("by_id", flat=True))
    people = {one.pk: one for one in (*advisers(idea.dgo, at=at), *_secretariat(idea, at=at))}
    return [one for pk, one in people.items() if pk in said] or answerers(idea, at=at)


@transaction.atomic
def put_aside(*, idea_pk: int, by: User, at: datetime) -> Idea:
    """
    Say that nothing more is to be said of an idea that is sent, for now; nobody is told.

    :raises AlreadyDone:
    :raises Settled: it has become a draft.
    :raises NotTheirs:
    """
    idea = _own_sent(idea_pk, by)
    if idea.closed_at:
        raise AlreadyDone("Idéen er allerede lagt til side.")
    idea.closed_at, idea.closed_by = at, by
    idea.save(update_fields=["closed_at", "closed_by"])
    return idea


@transaction.atomic
def take_up(*, idea_pk: int, by: User, at: datetime) -> Idea:
    """
    Take up again what was put aside.

    :raises AlreadyDone:
    :raises Settled: it has become a draft.
    :raises NotTheirs:
    """
    idea = _own_sent(idea_pk, by)
    if not idea.closed_at:
        raise AlreadyDone("Idéen er allerede taget frem igen.")
    idea.closed_at = idea.closed_by = None
    idea.save(update_fields=["closed_at", "closed_by"])
    return idea


@transaction.atomic
def change_dgo(
    *,
    idea_pk: int,
    dgo: Dgo,
    note: str = "",
    base: Base | None = None,
    by: User,
    at: datetime,
) -> Idea:
    """
    Give an idea to another DGO; the one before no longer reads it.

    Its owner may until it is answered, whoever answers it as long as it is open. Both DGOs are told, and its owner when
    another does it. `note` stands among the answers, and the idea waits for the other DGO's. `base` is where the page showed
    that it lies.

    :raises AlreadyDone:
    :raises Missing: dgo.
    :raises Reread: somebody has given it to another DGO since.
    :raises Settled:
    :raises NotTheirs:
    """
    idea = _held(idea_pk)
    may_hand_on = may_answer(idea, by, at=at)
    if idea.owner_id != by.pk and not may_hand_on:
        raise NotTheirs("Idéen ligger hos en anden DGO nu.")
    if idea.dgo_id == dgo.pk:
        raise AlreadyDone(f"Idéen ligger allerede hos {dgo.name}.")
    seen.require_read("Idéens DGO", base, shown_dgo(idea))
    _require_open(idea, "DGO'en er ikke skiftet.")
    if not may_hand_on and is_answered(idea):
        raise Settled("Idéen er besvaret, så DGO'en kan ikke skiftes. Svar i tråden i stedet.")
    if not _is_valid(dgo, at=at):
        raise Missing({"dgo": f"{dgo.name} er ophørt. Vælg en anden DGO"})
    before = idea.dgo
    had = answerers(idea, at=at)
    if note:
        _say(idea, note, by=by, at=at)
    idea.dgo = dgo
    idea.edited_at = idea.moved_at = at
    idea.save(update_fields=["dgo", "edited_at", "moved_at"])
    now_have = answerers(idea, at=at)
    mails.idea_sent(idea, [p for p in now_have if p != by], by=by, is_moved=True, note=note, at=at)
    left = [p for p in had if p not in now_have and p != by and not may_answer(idea, p, at=at)]
    mails.idea_moved(idea, left, before=before, is_owner=False, by=by, at=at)
    if by != idea.owner:
        mails.idea_moved(idea, [idea.owner], before=before, is_owner=True, note=note, by=by, at=at)
    return idea


def is_answered(idea: Idea) -> bool:
    """Say whether the DGO that has it, or the secretariat, has answered."""
    return bool(idea.replies.since_moved().of_advisers().exists())


@transaction.atomic
def make_draft(
    *,
    idea_pk: int,
    round: Round,  # noqa: A002  # the model's own word
    by: User,
    at: datetime,
) -> Proposal:
    """
    Open a draft that says what the idea says; the idea and its thread stay readable.

    Its organization is the one there is on the day of the meeting.

    :raises AlreadyDone:
    :raises RoundClosed:
    :raises Settled: it is not sent, or it is put aside.
    :raises NotTheirs:
    """
    idea = _own(idea_pk, by)
    if idea.proposal:
        raise AlreadyDone("Der er allerede lavet et udkast af idéen.")
    _require_open(idea, "Der er ikke lavet et udkast.")
    whose = idea.organization
    draft = drafting.create(
        owner=by,
        organization=whose.entity_on(round.meeting_date) if whose else None,
        round=round,
        title=idea.title,
        by=by,
        at=at,
    )
    answers = [(slug, name, getattr(idea, said)) for slug, name, said in CARRIED]
    if idea.dgo and idea.dgo != draft.lead_dgo and _is_valid(idea.dgo, at=at):
        answers.append(("deltagere", "lead_dgo", idea.dgo))
    for slug, name, value in answers:
        if value:
            drafting.save_section(
                proposal_pk=draft.pk, slug=slug, answers={name: value}, by=by, at=at
            )
    idea.proposal = draft
    idea.edited_at = at
    idea.save(update_fields=["proposal", "edited_at"])
    return draft


# What a step asks of the idea it holds


def _held(pk: int) -> Idea:
    """
    Hold an idea's row.

    :raises Settled: it is deleted.
    """
    idea: Idea | None = Idea.objects.locked_or_none(pk)
    if idea is None:
        raise Settled("Idéen er slettet i et andet vindue.")
    return idea


def _own(pk: int, by: User) -> Idea:
    idea = _held(pk)
    if idea.owner_id != by.pk:
        raise NotTheirs("Kun den, der har idéen, kan gøre det.")
    return idea


def _own_unsent(pk: int, by: User) -> Idea:
    idea = _own(pk, by)
    if idea.sent_at:
        raise Settled(
            "Idéen er sendt, så teksten ligger fast. Det, du skrev, er ikke gemt. Kopiér det, og skriv det som et svar."
        )
    return idea


def _own_sent(pk: int, by: User) -> Idea:
    idea = _own(pk, by)
    if idea.proposal_id:
        raise Settled("Der er lavet et udkast af idéen. Arbejd videre i det.")
    if not idea.sent_at:
        raise Settled("Idéen er ikke sendt endnu.")
    return idea


def _require_open(idea: Idea, undone: str) -> None:
    if idea.proposal_id or idea.closed_at:
        # Who answers may not know of the draft, so both are told alike.
        raise Settled(f"Idéen er afsluttet. {undone}")
    if not idea.sent_at:
        raise Settled(f"Idéen er ikke sendt endnu. {undone}")


def _is_valid(dgo: Dgo, *, at: datetime) -> bool:
    return Dgo.objects.valid(danish.day_of(at)).contains(dgo)
