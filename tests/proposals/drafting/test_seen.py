"""Writing what one has seen, and nothing else: answers, rows, and every interleaving of several writers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from klimaspor.seen import UNSEEN, Base, digest
from proposals.answers.sections import FIELDS
from proposals.drafting import seen as drafting
from proposals.drafting import steps as drafting_steps
from proposals.drafting.models import FieldVersion
from proposals.economy import steps as economy
from proposals.line.models import Proposal
from tests.factories.intake import NOW, Cast, a_cast, a_draft, a_round, minutes_later

if TYPE_CHECKING:
    from collections.abc import Callable

    from klimaspor.accounts.models import User
    from proposals.drafting.steps import Saved

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return a_cast()


@pytest.fixture
def draft(cast: Cast) -> Proposal:
    return a_draft(cast, a_round())


def seen(proposal: Proposal, *names: str) -> dict[str, Base]:
    """Give what a page shows now of some answers."""
    now = Proposal.objects.get(pk=proposal.pk)
    known = drafting.versions(now.number, names)
    return {
        name: Base.of(
            known[name].number if name in known else 0,
            [getattr(now, attribute) for attribute in FIELDS[name].attributes],
        )
        for name in names
    }


def save(
    proposal: Proposal, bases: dict[str, Base], by: User, slug: str = "effekt", **answers: Any
) -> Saved:
    return drafting_steps.save_section(
        proposal_pk=proposal.pk, slug=slug, answers=answers, bases=bases, by=by, at=NOW
    )


def test_different_answers_merge(cast: Cast, draft: Proposal) -> None:
    bases = seen(draft, "effects", "activities")

    save(draft, bases, cast.owner, effects="Ellas", activities="")
    saved = save(draft, bases, cast.stranger, effects="", activities="Fridas")

    after = Proposal.objects.get()
    assert (after.effects, after.activities) == ("Ellas", "Fridas")
    assert saved.conflicts == {}


def test_same_answer_is_a_conflict_and_the_rest_is_written(cast: Cast, draft: Proposal) -> None:
    bases = seen(draft, "effects", "activities")
    save(draft, bases, cast.owner, effects="Ellas", activities="")

    saved = save(draft, bases, cast.stranger, effects="Fridas", activities="Også Fridas")

    [(name, conflict)] = saved.conflicts.items()
    after = Proposal.objects.get()
    assert (after.effects, after.activities) == ("Ellas", "Også Fridas")
    assert (name, conflict.by, conflict.at) == ("effects", cast.owner, NOW)
    assert [part.text for part in conflict.shown_now] == ["Ellas"]
    assert conflict.bases == seen(draft, "effects")
    assert saved.bases == seen(draft, "activities")

    chosen = save(draft, conflict.bases, cast.stranger, effects="Flettet")
    assert chosen.conflicts == {}
    assert Proposal.objects.get().effects == "Flettet"


def test_choice_about_what_has_changed_again_is_a_new_conflict(cast: Cast, draft: Proposal) -> None:
    bases = seen(draft, "effects")
    save(draft, bases, cast.owner, effects="Ellas")
    first = save(draft, bases, cast.stranger, effects="Fridas").conflicts["effects"].bases
    save(draft, first, cast.owner, effects="Ellas anden")

    again = save(draft, first, cast.stranger, effects="Fridas").conflicts["effects"].bases

    assert again["effects"].number == first["effects"].number + 1
    assert Proposal.objects.get().effects == "Ellas anden"


def test_the_same_words_are_no_conflict(cast: Cast, draft: Proposal) -> None:
    bases = seen(draft, "effects")
    save(draft, bases, cast.owner, effects="Det samme")

    saved = save(draft, bases, cast.stranger, effects="Det samme")

    assert saved.conflicts == {}
    assert saved.bases == seen(draft, "effects")
    assert FieldVersion.objects.get(name="effects").edited_by == cast.owner


def test_what_was_not_touched_is_not_rewritten(cast: Cast, draft: Proposal) -> None:
    old = seen(draft, "effects", "activities")
    save(draft, old, cast.owner, effects="Ellas", activities="")

    saved = save(draft, old, cast.stranger, effects="", activities="")

    assert (saved.bases, saved.conflicts) == ({}, {})
    assert Proposal.objects.get().effects == "Ellas"


def test_a_page_that_says_nothing_of_what_it_showed_overwrites_nothing(
    cast: Cast, draft: Proposal
) -> None:
    save(draft, {"effects": UNSEEN}, cast.owner, effects="Det første")

    saved = save(draft, {"effects": UNSEEN}, cast.stranger, effects="")

    assert list(saved.conflicts) == ["effects"]
    assert save(draft, {}, cast.stranger, effects="Uset").bases == {}
    assert Proposal.objects.get().effects == "Det første"


def test_a_saved_base_is_what_a_page_would_show(cast: Cast, draft: Proposal) -> None:
    typed: dict[str, dict[str, Any]] = {
        "oekonomi": {
            "requested_amount": Decimal(0),
            "budget_min": Decimal(1500000),
            "budget_max": Decimal("2000000.50"),
        },
        "periode": {"period_start": date(2027, 8, 1), "period_end": date(2028, 7, 31)},
        "rus": {"goals": [6, 13]},
        "udviklingselement": {"is_open": False},
        "deltagere": {"lead_dgo": cast.other_dgo},
    }
    for slug, answers in typed.items():
        names = {n for n, q in FIELDS.items() if q.attributes[0] in answers}
        saved = save(draft, seen(draft, *names), cast.owner, slug, **answers)
        assert saved.bases == seen(draft, *names), slug


def test_two_halves_of_a_period_cannot_be_merged_into_a_wrong_one(
    cast: Cast, draft: Proposal
) -> None:
    bases = seen(draft, "period_start", "period_end")
    save(draft, bases, cast.owner, "periode", period_start=date(2028, 5, 1), period_end=None)

    with pytest.raises(ValidationError, match="Projektet skal slutte efter"):
        save(
            draft,
            bases,
            cast.stranger,
            "periode",
            period_start=None,
            period_end=date(2027, 12, 31),
        )


@pytest.mark.parametrize("text", ("", "1", "-", "1-xyz", "99999999999-0123456789abcdef", "1-\0"))
def test_base_that_is_not_legible_has_seen_nothing(text: str) -> None:
    assert Base.read(text) == UNSEEN


def test_base_is_read_as_it_is_written() -> None:
    base = Base.of(7, ["æ", None])
    assert Base.read(str(base)) == base


def test_digest_tells_answers_apart_and_forms_of_one_together() -> None:
    assert digest([Decimal("1500000.00")]) == digest([Decimal("1.5E6")])
    assert digest([""]) == digest([None])
    assert len({digest([v]) for v in (None, False, True, Decimal(0), "x", [1], [1, 2])}) == 7
    assert digest(["a", "b"]) != digest(["ab", ""])


def test_rows_are_numbered_by_who_changed_them(cast: Cast, draft: Proposal) -> None:
    def held() -> drafting_steps.RowsVersion:
        with transaction.atomic():
            return drafting_steps.hold_rows(proposal_pk=draft.pk, names=("financing",))

    assert (held().number, held().last) == (0, None)
    economy.save_financing(
        proposal_pk=draft.pk,
        lines=[(2027, "Realdania", Decimal(1), "granted")],
        by=cast.owner,
        at=minutes_later(NOW),
    )
    found = held()
    assert found.number == 1
    assert found.last is not None
    assert (found.last.edited_by, found.last.edited_at) == (cast.owner, minutes_later(NOW))


# Interleavings

NAMES = ("effects", "activities")


@dataclass
class Writer:
    """Somebody with the page open: what they see, and what they have typed over it."""

    user: User
    bases: dict[str, Base] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    met: dict[str, Base] = field(default_factory=dict)
    """What a conflict showed, until they choose."""

    def opens(self, proposal: Proposal) -> None:
        now = Proposal.objects.get(pk=proposal.pk)
        self.bases, self.met = seen(proposal, *NAMES), {}
        self.seen = {name: getattr(now, name) for name in NAMES}
        self.typed = dict(self.seen)


ACTS = ("write",) * 5 + ("type", "save", "save", "mine", "theirs", "open")


@st.composite
def interleavings(draw: st.DrawFn) -> list[tuple[int, str, str, str]]:
    """Draw what two or three people do, in the order it reaches the server."""
    # Hypothesis draws small numbers by preference, which make people idle; a seed gives everybody something to do.
    choose = Random(draw(st.integers(0, 2**32)))  # noqa: S311 - a game, not a secret
    count = choose.choice((2, 3))
    return [
        (choose.randrange(count), choose.choice(ACTS), choose.choice(NAMES), choose.choice("abcd "))
        for _ in range(choose.randrange(8, 32))
    ]


@dataclass
class World:
    """One proposal and its writers; every write is held against what its writer had seen."""

    draft: Proposal
    writers: list[Writer] = field(default_factory=list)
    writes: int = 0
    conflicts: int = 0

    def begin(self, people: tuple[User, ...]) -> None:
        Proposal.objects.filter(pk=self.draft.pk).update(effects="", activities="")
        FieldVersion.objects.filter(proposal=self.draft).delete()
        self.writers = [Writer(user) for user in people]
        for writer in self.writers:
            writer.opens(self.draft)

    def take(self, who: int, act: str, name: str, text: str) -> None:
        writer = self.writers[who]
        if act == "open":
            writer.opens(self.draft)
        elif act in ("type", "write"):
            writer.typed[name] = text
            if act == "write":
                self.save(writer, (name,))
        elif act == "save":
            self.save(writer, NAMES)
        elif name in writer.met:
            writer.bases[name] = writer.met.pop(name)
            if act == "theirs":
                writer.typed[name] = writer.seen[name]
            self.save(writer, (name,))

    def save(self, writer: Writer, names: tuple[str, ...]) -> None:
        before = Proposal.objects.get(pk=self.draft.pk)
        bases = {name: writer.bases[name] for name in names}
        typed = {name: writer.typed[name] for name in names}
        saved = save(self.draft, bases, writer.user, **typed)
        after = Proposal.objects.get(pk=self.draft.pk)
        conflicts = {name: one.bases[name] for name, one in saved.conflicts.items()}
        for name in NAMES:
            stood, stands = getattr(before, name), getattr(after, name)
            if stands != stood:
                assert stood == writer.seen[name], "somebody's words were overwritten unseen"
                assert name not in conflicts
                assert stands == typed[name]
                self.writes += 1
        for name in typed.keys() - conflicts.keys():
            was_touched = digest([typed[name]]) != bases[name].digest
            assert not was_touched or getattr(after, name) == typed[name], "it was lost in silence"
        for name, base in (saved.bases | conflicts).items():
            # The page shows it now, both texts where they differ; between those the writer must still choose.
            writer.seen[name] = getattr(after, name)
            if name in conflicts:
                writer.met[name] = base
                self.conflicts += 1
            else:
                writer.bases[name] = base
                writer.met.pop(name, None)


@pytest.mark.slow("tries 300 interleavings")
def test_no_interleaving_of_writers_loses_a_word_unseen(
    cast: Cast, draft: Proposal, record_property: Callable[[str, object], None]
) -> None:
    people = (cast.owner, cast.stranger, cast.colleague)
    world = World(draft)
    tried: set[tuple[Any, ...]] = set()

    @settings(
        max_examples=300,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(interleavings())
    def interleave(steps: list[tuple[int, str, str, str]]) -> None:
        tried.add(tuple(steps))
        world.begin(people)
        for who, act, name, text in steps:
            world.take(who, act, name, text.strip())

    interleave()

    record_property("interleavings", len(tried))
    said = f"{len(tried)} interleavings, {world.writes} writes, {world.conflicts} conflicts"
    print(said)
    assert len(tried) >= 250
    assert min(world.writes, world.conflicts) > 100
