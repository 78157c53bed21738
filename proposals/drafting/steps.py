"""Making a draft and writing its answers, one section or many at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import CheckConstraint, Q

from klimaspor import danish
from klimaspor.accounts.models import User
from klimaspor.refusals import Part, Refused
from klimaspor.seen import UNSEEN, Base, Changed, digest
from proposals.answers.content import answer_text
from proposals.answers.sections import BY_SLUG, FIELDS, SECTION_OF, SECTIONS, Field, Kind
from proposals.drafting import mails
from proposals.drafting.dgo import may_choose_dgo, move_dgo_access, suggested_dgo
from proposals.drafting.holding import held, number, touch
from proposals.drafting.models import AnswerChange, FieldVersion
from proposals.drafting.seen import base_of, rows_number, versions
from proposals.line import behalf
from proposals.line.functions import Function
from proposals.line.lifecycle import Status
from proposals.line.models import Access, Duty, Event, Proposal
from proposals.search import steps as search
from proposals.sparring.anchors import Anchor, Text
from proposals.sparring.models import Advice
from proposals.sparring.seen import shown_answer
from proposals.sparring.steps import DoneBefore

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from klimaspor.accounts.models import Organization
    from proposals.rounds.models import Round


@transaction.atomic
def save_answers(
    *,
    proposal_pk: int,
    answers: Mapping[str, Mapping[str, Any]],
    bases: Mapping[str, Base],
    by: User,
    at: datetime,
) -> None:
    """
    Write answers to questions of any sections, all or none.

    `answers` maps a question to the attributes it writes, and `bases` to what was seen of it.

    :raises NotEditable:
    :raises Changed: somebody has changed some of them since; nothing is written.
    :raises ValidationError: a value breaks an invariant
    """
    conflicts: list[Changed] = []
    for section in SECTIONS:
        named = [q.name for q in section.fields if q.name in answers]
        if named:
            saved = save_section(
                proposal_pk=proposal_pk,
                slug=section.slug,
                answers={key: value for name in named for key, value in answers[name].items()},
                bases={name: bases.get(name, UNSEEN) for name in named},
                by=by,
                at=at,
            )
            conflicts += saved.conflicts.values()
    if conflicts:
        raise Changed.together(conflicts, reader=by)


class RoundClosed(Refused):
    """The round takes no new proposals."""


class DgoSettled(Refused):
    """The DGO has received the proposal; only the secretariat can change it now."""


@transaction.atomic
def create(
    *,
    owner: User,
    organization: Organization | None,
    round: Round,  # noqa: A002  # the model's own word
    title: str,
    by: User,
    at: datetime,
) -> Proposal:
    """
    Open an empty draft with a number of its own; seen by its owner only.

    :raises RoundClosed:
    """
    if not type(round).objects.open(at=at).filter(pk=round.pk).exists():
        raise RoundClosed(f"Runden {round.name} tager ikke imod forslag nu. Vælg en anden runde.")
    proposal = Proposal.objects.create(
        number=Proposal.objects.next_number(danish.day_of(at).year),
        round=round,
        owner=owner,
        organization=organization,
        lead_dgo=suggested_dgo(organization),
        status_since=at,
        created_at=at,
        created_by=by,
        edited_at=at,
        title=title,
    )
    behalf.claim_again(proposal, at=at)
    Access.objects.grant(proposal, Function.OWN, user=owner, by=by, at=at)
    if by != owner:
        Access.objects.grant(proposal, Function.WRITE, user=by, by=by, at=at)
    Event.objects.create(proposal=proposal, transition="created", target=Status.DRAFT, at=at, by=by)
    if organization is not None and organization.is_authority:
        proposal.participants.create(
            organization=organization, role="participant", is_lead=True, added_at=at
        )
    search.index([proposal.pk])
    Duty.objects.settle(proposal.pk, by=by, at=at)
    return proposal


@transaction.atomic
def register(
    *,
    email: str,
    name: str,
    organization: Organization | None,
    round: Round,  # noqa: A002  # the model's own word
    title: str,
    by: User,
    at: datetime,
) -> Proposal:
    """
    Open a draft for somebody whose proposal came by mail; the secretariat writes it with them.

    The person may be new: they get a letter that tells how to sign in.

    :raises RoundClosed:
    """
    owner = User.objects.filter(email__iexact=email).first()
    if owner is None:
        owner = User.objects.create_user(email, None, name=name)
    proposal = create(
        owner=owner, organization=organization, round=round, title=title, by=by, at=at
    )
    if organization and not proposal.organization_confirmed_at:
        behalf.confirm(proposal, by=by, at=at)
    mails.registered(proposal, owner, at=at)
    return proposal


@dataclass(frozen=True)
class RowsVersion:
    """The version of a section's rows, and who wrote it."""

    number: int
    last: FieldVersion | None


def hold_rows(*, proposal_pk: int, names: Collection[str]) -> RowsVersion:
    """
    Hold the proposal and give the version of its rows; belongs in the transaction that then writes them.

    `names` are what the rows are marked by.

    :raises NotEditable:
    """
    known = versions(held(proposal_pk).number, names)
    last = max(known.values(), key=lambda row: row.edited_at, default=None)
    return RowsVersion(rows_number(known, names), last)


@dataclass(frozen=True)
class Saved:
    """What came of a save: the base of each answer that now says what was typed, and the conflicts."""

    proposal: Proposal
    bases: dict[str, Base]
    conflicts: dict[str, Changed]


@transaction.atomic
def save_section(
    *,
    proposal_pk: int,
    slug: str,
    answers: Mapping[str, Any],
    bases: Mapping[str, Base] | None = None,
    by: User,
    at: datetime,
) -> Saved:
    """
    Write the answers of one section; what is not in `answers` stays as it was.

    `answers` maps attributes of Proposal to clean values, those of the section's questions only. With `bases`, by the
    question's name, only what was shown and touched is written, and what another has written meanwhile is a conflict.

    :raises NotEditable:
    :raises DgoSettled:
    :raises LookupError: an attribute belongs to another section
    :raises ValidationError: a value breaks an invariant
    """
    proposal = held(proposal_pk)
    allowed = {name for question in BY_SLUG[slug].fields for name in question.attributes}
    if not answers.keys() <= allowed:
        raise LookupError(f"Not in {slug}: {sorted(answers.keys() - allowed)}")
    settled: dict[str, Base] = {}
    conflicts: dict[str, Changed] = {}
    if bases is None:
        touched = [
            q
            for q in BY_SLUG[slug].fields
            if any(getattr(proposal, n) != answers[n] for n in q.attributes if n in answers)
        ]
        if touched:
            number(proposal, [q.name for q in touched], by=by, at=at)
    else:
        touched, settled, conflicts = _claim(proposal, slug, answers, bases, by=by, at=at)
    changed = [name for q in touched for name in q.attributes if name in answers]
    if changed:
        before = {q.name: answer_text(proposal, q) for q in touched}
        _write(proposal, {name: answers[name] for name in changed}, by=by, at=at)
        texts = {q.name: (before[q.name], answer_text(proposal, q)) for q in touched}
        AnswerChange.objects.keep(proposal, texts, by=by, at=at)
    return Saved(proposal, settled, conflicts)


class Reworded(Refused):
    """What a wording was to take the place of no longer stands as it was seen."""


@transaction.atomic
def take_wording(*, thread_pk: int, base: Base, by: User, at: datetime) -> Advice:
    """
    Put a suggested wording in place of what it quotes, or of the whole answer where it quotes nothing.

    `base` is what the page showed of what it replaces.

    :raises NotEditable:
    :raises DoneBefore: somebody has put it in, or the thread is finished.
    :raises Reworded: nothing is written, and the wording stays to be copied.
    """
    thread: Advice = Advice.objects.threads().get(pk=thread_pk)
    proposal = held(thread.proposal_id)
    thread.refresh_from_db()
    if thread.taken_by:
        if thread.taken_by == by:
            return thread
        raise DoneBefore(f"{thread.taken_by.name} har allerede sat ordlyden ind.")
    if thread.resolved_at:
        raise DoneBefore("Tråden er allerede afklaret, så ordlyden er ikke sat ind.")
    question = FIELDS[thread.name]
    save_section(
        proposal_pk=proposal.pk,
        slug=SECTION_OF[question.name],
        answers={question.name: _reworded(proposal, thread, question, base)},
        by=by,
        at=at,
    )
    thread.taken_at, thread.taken_by = at, by
    thread.save(update_fields=["taken_at", "taken_by"])
    return thread


def _reworded(proposal: Proposal, thread: Advice, question: Field, base: Base) -> str:
    """Give the answer with the wording in it."""
    text = getattr(proposal, question.name) or ""
    if thread.quote:
        place = Text(text).find(Anchor(thread.quote, thread.before, thread.after))
        if place is None:
            raise Reworded(
                "Sætningen er ændret, siden ordlyden blev foreslået, så den er ikke sat ind. Kopiér den, hvis du vil bruge den."
            )
        text = text[: place.start] + thread.suggestion + text[place.end :]
    elif base != shown_answer(thread, proposal).base:
        raise Reworded(
            "Svaret er ændret, efter du åbnede siden, så ordlyden er ikke sat ind. Læs svaret, som det står nu, og tryk igen, hvis den skal stå i stedet."
        )
    else:
        text = thread.suggestion
    if question.kind == Kind.LINE:
        text = danish.one_line(text)
    if len(text) > question.max_length:
        limit = danish.number_text(question.max_length)
        raise Reworded(
            f"Med ordlyden bliver svaret længere end {limit} tegn, så den er ikke sat ind. Kopiér den, og forkort svaret."
        )
    return text


def _claim(
    proposal: Proposal,
    slug: str,
    answers: Mapping[str, Any],
    bases: Mapping[str, Base],
    *,
    by: User,
    at: datetime,
) -> tuple[list[Field], dict[str, Base], dict[str, Changed]]:
    """Weigh each answer against what its writer saw: what may be written, what then stands, and what is in conflict."""
    asked = [q for q in BY_SLUG[slug].fields if q.name in bases and q.attributes[0] in answers]
    typed = {q.name: digest(answers[name] for name in q.attributes) for q in asked}
    stored = {q.name: digest(getattr(proposal, name) for name in q.attributes) for q in asked}
    touched = [q for q in asked if typed[q.name] != bases[q.name].digest]
    differ = [q for q in touched if typed[q.name] != stored[q.name]]
    won = FieldVersion.objects.claim(
        proposal, {q.name: bases[q.name].number for q in differ}, by=by, at=at
    )
    settled = {name: Base(bases[name].number + 1, typed[name]) for name in won}
    # Who has been here is asked only when somebody has.
    others = [q.name for q in touched if q.name not in won]
    known = versions(proposal.number, others) if others else {}
    conflicts = {}
    for question in touched:
        if question.name in won:
            continue
        base = base_of(proposal, question, known)
        if typed[question.name] == base.digest:
            settled[question.name] = base
        else:
            conflicts[question.name] = _changed(proposal, question, base, known, reader=by)
    return [q for q in differ if q.name in won], settled, conflicts


def _changed(
    proposal: Proposal,
    question: Field,
    base: Base,
    known: Mapping[str, FieldVersion],
    *,
    reader: User,
) -> Changed:
    last = known[question.name]
    stands = Part(question.label, answer_text(proposal, question), question.name)
    return Changed(
        {question.name: base}, [stands], by=last.edited_by, reader=reader, at=last.edited_at
    )


def _write(proposal: Proposal, values: dict[str, Any], *, by: User, at: datetime) -> None:
    if "lead_dgo" in values:
        if not may_choose_dgo(proposal):
            raise DgoSettled(
                "DGO'en har modtaget forslaget. Kontakt sekretariatet, hvis I skal skifte DGO."
            )
        move_dgo_access(proposal, values["lead_dgo"], by=by, at=at)
    for name, value in values.items():
        setattr(proposal, name, value)
    _validate(proposal, values.keys())
    touch(proposal, at, *values)
    if "lead_dgo" in values:
        # Its name is looked for in every text.
        search.index([proposal.pk])
    else:
        search.index_answers(proposal, values.keys())


def _validate(proposal: Proposal, changed: Collection[str]) -> None:
    """Hold the proposal to the invariants that what was changed can break; each of them asks the database."""
    concerned: set[str] = set()
    for constraint in proposal._meta.constraints:
        if isinstance(constraint, CheckConstraint) and isinstance(constraint.condition, Q):
            fields = constraint.condition.referenced_base_fields
            concerned |= set() if fields.isdisjoint(changed) else fields
    if concerned:
        others = {field.name for field in proposal._meta.fields} - concerned
        proposal.validate_constraints(exclude=others)
