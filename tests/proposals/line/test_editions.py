"""Who reads which text: SQL, Python and words say the same of everybody, whatever is open to them."""

from __future__ import annotations

import itertools
import random
from datetime import timedelta
from typing import Any

import pytest

from klimaspor.accounts.models import Role, User
from proposals.line.editions import READS, Edition, edition_of
from proposals.line.functions import IMPARTIAL_FUNCTIONS, PARTY_FUNCTIONS, Function, Group
from proposals.line.lifecycle import SPARRING, Status
from proposals.line.models import Access, Impartiality, Proposal, Version
from proposals.line.standing import edition, latest_sent, readable_versions, standings
from proposals.reading.texts import reading
from proposals.rounds.models import Gate, Round
from proposals.search import steps as search
from proposals.writers.readers import readers
from tests.factories.intake import NOW, Cast, a_cast, a_round, give_role, person

pytestmark = pytest.mark.django_db

BEFORE, AFTER = NOW - timedelta(days=2), NOW + timedelta(days=2)

OPEN, CLOSED = True, False
CELLS: dict[tuple[str, bool], Edition | None] = {
    ("own", OPEN): Edition.LIVE,
    ("own", CLOSED): Edition.LIVE,
    ("write", OPEN): Edition.LIVE,
    ("write", CLOSED): Edition.LIVE,
    ("read", OPEN): Edition.LIVE,
    ("read", CLOSED): Edition.LIVE,
    ("advise", OPEN): Edition.LIVE,
    ("advise", CLOSED): Edition.SENT,
    ("co_read", OPEN): Edition.LIVE,
    ("co_read", CLOSED): Edition.SENT,
    ("qualify", OPEN): Edition.SENT,
    ("qualify", CLOSED): Edition.SENT,
    ("recommend", OPEN): Edition.SENT,
    ("recommend", CLOSED): Edition.SENT,
    ("decide", OPEN): Edition.APPROVAL,
    ("decide", CLOSED): Edition.APPROVAL,
    ("fund", OPEN): Edition.APPROVAL,
    ("fund", CLOSED): Edition.APPROVAL,
}


def test_what_each_capacity_reads() -> None:
    found = {
        (function.value, is_open): edition_of({function}, is_sparring_open=is_open)
        for function in Function
        for is_open in (OPEN, CLOSED)
    }
    assert found == CELLS
    assert edition_of((), is_sparring_open=True) is None


def test_several_capacities_read_the_widest_of_their_texts() -> None:
    for held in itertools.chain.from_iterable(
        itertools.combinations(Function, size) for size in (2, 3)
    ):
        for is_open in (OPEN, CLOSED):
            widest = min(CELLS[function.value, is_open] or Edition.APPROVAL for function in held)
            assert edition_of(held, is_sparring_open=is_open) == widest, held


def test_the_rule_goes_from_the_widest_text_to_the_narrowest() -> None:
    # SQL takes the first line that holds for each access, and the least of what they give.
    assert [line.edition for line in READS] == sorted(line.edition for line in READS)


def everybody(cast: Cast) -> dict[str, User]:
    """The cast, and people who hold several duties."""
    found = {name: value for name, value in vars(cast).items() if isinstance(value, User)}
    for name, *roles in (
        ("adviser and funder", Role.DGO_ADVISER, Role.FUNDER),
        ("secretary on the committee", Role.SECRETARIAT, Role.COMMITTEE),
        ("everything", Role.DGO_ADVISER, Role.SECRETARIAT, Role.COMMITTEE, Role.FUNDER),
    ):
        found[name] = person(name)
        for role in roles:
            give_role(
                found[name],
                role,
                dgo=cast.dgo if role == Role.DGO_ADVISER else None,
                organization=cast.realdania if role == Role.FUNDER else None,
            )
    return found


def drafts(count: int, cast: Cast, round_: Round) -> list[Proposal]:
    return Proposal.objects.bulk_create(
        Proposal(
            number=f"KS-2027-{number:04}",
            round=round_,
            owner=cast.owner,
            created_by=cast.owner,
            created_at=BEFORE,
            edited_at=BEFORE,
            status_since=BEFORE,
        )
        for number in range(count)
    )


def open_at_random(
    proposal: Proposal, cast: Cast, people: dict[str, User], chance: random.Random
) -> None:
    """Give the proposal a random status, versions and accesses, some of them over and some to come, and some partial people."""
    Proposal.objects.filter(pk=proposal.pk).update(
        status=chance.choice(list(Status)),
        sparring_opened_at=chance.choice([None, NOW]),
        title="Det, der skrives nu",
    )
    Version.objects.bulk_create(
        Version(
            proposal=proposal,
            number=number,
            gate=chance.choice(list(Gate)),
            round=proposal.round,
            title=f"Version {number}",
            content={},
            sha256="",
            frozen_at=NOW + timedelta(minutes=number),
            frozen_by=proposal.owner,
        )
        for number in range(1, chance.randint(1, 4))
    )
    holders: list[tuple[dict[str, Any], Any]] = [
        *(({"user": user}, PARTY_FUNCTIONS - {Function.OWN}) for user in people.values()),
        ({"dgo": cast.dgo}, IMPARTIAL_FUNCTIONS),
        ({"dgo": cast.other_dgo}, IMPARTIAL_FUNCTIONS),
        ({"group": Group.SECRETARIAT}, IMPARTIAL_FUNCTIONS),
        ({"group": Group.COMMITTEE}, IMPARTIAL_FUNCTIONS),
        ({"organization": cast.realdania}, {Function.FUND}),
    ]
    Access.objects.bulk_create(
        Access(
            proposal=proposal,
            function=function,
            since_at=chance.choice([BEFORE, BEFORE, BEFORE, AFTER]),
            until_at=chance.choice([None, None, NOW - timedelta(days=1), AFTER]),
            since_by=cast.owner,
            **holder,
        )
        for holder, functions in holders
        for function in sorted(functions)
        if chance.random() < (0.2 if "user" in holder else 0.5)
    )
    Impartiality.objects.bulk_create(
        Impartiality(
            proposal=proposal,
            user=user,
            reason="Nabo.",
            declared_at=NOW,
            declared_by=cast.owner,
            holds_for_funding=chance.random() < 0.5,
            is_impartial=(answer := chance.choice([None, True, False])),
            settled_at=None if answer is None else NOW,
            settled_by=None if answer is None else cast.owner,
        )
        for user in people.values()
        if user != cast.owner and chance.random() < 0.3
    )


def functions_by_hand(user: User, proposal: Proposal) -> frozenset[str]:
    """Read the rows one by one, as slowly and plainly as it can be said."""
    duties = user.duties_at(NOW)
    found_partial = [
        row
        for row in Impartiality.objects.filter(proposal=proposal)
        if row.user_id == user.pk and row.is_impartial is False
    ]
    held = set()
    for row in Access.objects.filter(proposal=proposal):
        if row.since_at > NOW or (row.until_at is not None and row.until_at <= NOW):
            continue
        through_duty = (
            row.dgo_id in duties.dgo_ids
            or row.organization_id in duties.funder_ids
            or (row.group == "secretariat" and duties.is_secretariat)
            or (row.group == "committee" and duties.is_committee)
        )
        is_partial = any(r.holds_for_funding or row.function != "fund" for r in found_partial)
        if row.user_id == user.pk or (through_duty and not is_partial):
            held.add(row.function)
    return frozenset(held)


def test_sql_and_python_say_the_same_of_everybody_over_random_accesses() -> None:
    cast = a_cast()
    people = everybody(cast)
    round_ = a_round()
    chance = random.Random(4)  # noqa: S311 - the same chances each time
    proposals = drafts(16, cast, round_)
    for proposal in proposals:
        open_at_random(proposal, cast, people, chance)
    search.index([proposal.pk for proposal in proposals])

    read: set[tuple[str, Edition | None]] = set()
    lost = 0
    for who, user in people.items():
        everything = Proposal.objects.with_reading(user, at=NOW).in_bulk()
        visible = set(Proposal.objects.visible_to(user, at=NOW).values_list("pk", flat=True))
        found = standings(user, everything.values(), at=NOW)
        for pk, proposal in everything.items():
            place = (who, proposal.status, proposal.sparring_opened_at)
            by_hand = functions_by_hand(user, proposal)
            assert found[pk].functions == by_hand, place
            assert (pk in visible) == bool(by_hand), place
            is_open = proposal.sparring_opened_at is not None and proposal.status in SPARRING
            expected = edition_of(by_hand, is_sparring_open=is_open)
            assert edition(user, proposal, at=NOW) == expected, place
            assert proposal.edition == expected, place
            assert proposal.shown_title == title_by_hand(proposal, expected), place
            written = Proposal.objects.written_by(user, proposal.number, at=NOW)
            assert (written == proposal) == bool(by_hand & {"own", "write"}), place
            if chance.random() < 0.2:
                assert_versions(user, proposal, expected)
            read.add((who, expected))
            lost += found[pk].is_blocked and not by_hand

    # What was held equal is not equal because it is empty.
    assert {who for who, one in read if one == Edition.LIVE} == set(people)
    assert {who for who, one in read if one == Edition.SENT} >= {"adviser", "secretariat"}
    assert {who for who, one in read if one == Edition.APPROVAL} >= {"committee", "funder"}
    assert lost > 3


def test_whoever_writes_one_proposal_writes_no_other() -> None:
    cast = a_cast()
    hers, other = drafts(2, cast, a_round())
    access = {"user": cast.stranger, "function": Function.WRITE, "since_by": cast.owner}
    # A key that is the proposal's own is the one that a query which mixes them up would take.
    Access.objects.create(pk=hers.pk, proposal=hers, since_at=BEFORE, **access)

    assert Proposal.objects.written_by(cast.stranger, hers.number, at=NOW) == hers
    assert Proposal.objects.written_by(cast.stranger, other.number, at=NOW) is None
    assert Proposal.objects.written_by(cast.owner, hers.number, at=NOW) is None


def title_by_hand(proposal: Proposal, expected: Edition | None) -> str | None:
    if expected == Edition.LIVE:
        return "Det, der skrives nu"
    sent = [
        version
        for version in Version.objects.filter(proposal=proposal)
        if expected == Edition.SENT or version.gate == Gate.APPROVAL
    ]
    if sent:
        return max(sent, key=lambda version: version.number).title
    return "Det, der skrives nu" if expected == Edition.SENT else None


def assert_versions(user: User, proposal: Proposal, expected: Edition | None) -> None:
    read = list(readable_versions(user, proposal, at=NOW))
    everything = list(proposal.versions.order_by("-number"))
    late = [version for version in everything if version.gate == Gate.APPROVAL]
    if expected is None:
        assert read == []
    else:
        assert read == (late if expected == Edition.APPROVAL else everything)
    assert latest_sent(user, proposal, at=NOW) == (read[0] if read else None)
    if expected != Edition.LIVE and not read:
        assert reading(user, proposal, at=NOW) == (None, None)


NOTHING_SENT = "kan se, at forslaget findes, men har ikke fået det sendt"
LIVE = "læser med, fordi I har åbnet for sparring"


def test_the_words_say_what_is_read() -> None:
    cast = a_cast()
    round_ = a_round()
    chance = random.Random(7)  # noqa: S311 - the same chances each time
    members = {
        cast.dgo.name: cast.adviser,
        cast.other_dgo.name: cast.other_adviser,
        "Sekretariatet": cast.secretariat,
        "Forretningsudvalget": cast.committee,
        cast.realdania.name: cast.funder,
    }
    said: set[str] = set()
    for draft in drafts(16, cast, round_):
        open_at_random(draft, cast, {}, chance)
    for proposal in Proposal.objects.all():
        told = {
            name: reader.text.removeprefix(f"{name} ")
            for reader in readers(proposal, to=cast.owner, at=NOW)
            for name in members
            if reader.text.startswith(name)
        }
        for name, member in members.items():
            one = edition(member, proposal, at=NOW)
            assert (name in told) == (one is not None), (name, one)
            if one is None:
                continue
            version = latest_sent(member, proposal, at=NOW)
            said.add(told[name] if told[name] in (LIVE, NOTHING_SENT) else "sent")
            if one == Edition.LIVE:
                assert told[name] == LIVE
            elif version is None:
                assert told[name] == NOTHING_SENT
            else:
                minutes = int((version.frozen_at - NOW).total_seconds() // 60)
                assert told[name].startswith("læser versionen, I sendte ")
                assert told[name].endswith(f"kl.\xa010.{minutes:02}")
    assert said == {LIVE, NOTHING_SENT, "sent"}
