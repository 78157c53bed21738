"""Who stands in the circle of DGO and secretariat, said three times: of one, of all people, and of a list of proposals."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.conf import settings

import pytest

from klimaspor.accounts.models import Role, User
from proposals.drafting import steps as drafting
from proposals.line import impartiality
from proposals.line.functions import Function
from proposals.line.models import Access, Proposal
from proposals.line.standing import standing
from proposals.sparring import steps as advice
from proposals.sparring.models import Advice, Circle
from proposals.sparring.queries import people_in
from tests.factories.intake import NOW, a_cast, a_draft, a_ready_draft, a_round, give_role, person

if TYPE_CHECKING:
    from tests.factories.intake import Cast

pytestmark = pytest.mark.django_db


def an_adviser(cast: Cast, name: str) -> User:
    user = person(name)
    give_role(user, Role.DGO_ADVISER, dgo=cast.dgo)
    return user


def a_world() -> tuple[Cast, Proposal]:
    """A proposal that is open for sparring, with everybody who may stand in a circle, or seem to."""
    cast, round_ = a_cast(), a_round()
    proposal = a_ready_draft(cast, round_)
    advice.open_sparring(proposal_pk=proposal.pk, by=cast.owner, at=NOW)
    for name in ("Tilde Tilknyttet", "Holger Habil", "Inge Inhabil"):
        tied = an_adviser(cast, name)
        give_role(tied, Role.MEMBER, organization=cast.municipalities[1])
        if name == "Tilde Tilknyttet":
            continue
        row = impartiality.declare(
            proposal_pk=proposal.pk, user=tied, reason="Er ansat.", by=tied, at=NOW
        )
        impartiality.settle(
            impartiality_pk=row.pk,
            is_impartial=name == "Holger Habil",
            note="",
            by=cast.secretariat,
            at=NOW,
        )
    for user, function in (
        (an_adviser(cast, "Lene Læser"), Function.READ),
        (an_adviser(cast, "Søren Skriver"), Function.WRITE),
        (person("Mette Medskriver"), Function.WRITE),
    ):
        Access.objects.grant(proposal, function, user=user, by=cast.owner, at=NOW)
    gone = an_adviser(cast, "Gitte Gået")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    return cast, Proposal.objects.get(pk=proposal.pk)


def a_registered_one(cast: Cast) -> Proposal:
    """A proposal that came by mail, typed in by somebody of the secretariat."""
    proposal = drafting.register(
        email=cast.stranger.email,
        name="Frida Fremmed",
        organization=None,
        round=a_round(name="En anden runde"),
        title="Fra en mail",
        by=cast.secretariat,
        at=NOW,
    )
    Proposal.objects.filter(pk=proposal.pk).update(lead_dgo=cast.dgo)
    return advice.open_sparring(proposal_pk=proposal.pk, by=cast.stranger, at=NOW)


def test_the_circles_are_the_same_of_one_and_of_all() -> None:
    cast, opened = a_world()
    unopened = a_draft(cast, opened.round)
    for proposal in (opened, unopened, a_registered_one(cast)):
        proposal = Proposal.objects.get(pk=proposal.pk)  # noqa: PLW2901 - read as a page reads it
        everybody = list(User.objects.active())
        stands = {user: standing(user, proposal, at=NOW) for user in everybody}
        found = {user: user for user in people_in(proposal, at=NOW)}

        assert {u.name for u in found if u.is_party} == {
            u.name for u in everybody if stands[u].is_party
        }
        assert {u.name for u in found if u.is_adviser} == {
            u.name for u in everybody if stands[u].is_among_advisers
        }


def test_the_inner_circle_is_of_those_who_work_with_it_and_are_tied_to_nothing() -> None:
    _, opened = a_world()

    inner = {user.name for user in people_in(opened, at=NOW) if user.is_adviser}

    assert inner == {"Rune Rådgiver", "Holger Habil", "Sanne Sekretær", "Kim Kollega"}


def test_the_secretary_who_typed_it_in_stands_in_the_inner_circle() -> None:
    proposal = a_registered_one(a_cast())

    assert {user.name for user in people_in(proposal, at=NOW) if user.is_adviser} == {
        "Rune Rådgiver",
        "Sanne Sekretær",
        "Kim Kollega",
    }


def test_open_threads_are_counted_as_each_reader_reads_them() -> None:
    cast, opened = a_world()
    for proposal in (opened, a_registered_one(cast)):
        for by, circle in (
            (proposal.owner, Circle.EVERYBODY),
            (cast.adviser, Circle.ADVISERS),
            (cast.adviser, Circle.ADVISERS),
        ):
            advice.comment(
                proposal_pk=proposal.pk, section="", text="Hej", circle=circle, by=by, at=NOW
            )
    for proposal in Proposal.objects.all():
        for user in User.objects.active():
            counted = Proposal.objects.with_counts(user, at=NOW).get(pk=proposal.pk).open_threads
            stands = standing(user, proposal, at=NOW)
            readable = proposal.advice.readable_by(stands).open().count()
            # Who takes no part opens no list that counts; of those who do it is the same.
            if stands.takes_part:
                assert (user.name, counted) == (user.name, readable)
            assert (counted > 1) is stands.is_among_advisers


def test_nobody_who_takes_no_part_reads_anything() -> None:
    cast, opened = a_world()
    advice.comment(proposal_pk=opened.pk, section="", text="Hej", by=cast.adviser, at=NOW)

    for user in (cast.stranger, cast.other_adviser, cast.committee, cast.funder):
        stands = standing(user, opened, at=NOW)
        assert not Advice.objects.filter(proposal=opened).readable_by(stands).exists()


READS = re.compile(
    r"proposal\.(?:advice|notes)\b(?!\.(?:readable_by\(|models|steps|seen|mails|queries|pages|forms|views|urls))"
    r'|(?:Advice|Note)\.objects\b|\("(?:advice|notes)"\)|\badvice__'
)
HELD = {
    # A step asks `require_circle` once it holds the proposal.
    "proposals/sparring/steps.py",
    "proposals/drafting/steps.py",
    "proposals/notes/steps.py",
    # Hands it to `find`, which narrows it.
    "proposals/sparring/views.py",
    # Counts by `sql.is_among_advisers`.
    "proposals/line/queries.py",
    # Made up for a measurement.
    "review/management/commands/seed.py",
}


def test_whoever_reads_what_is_said_does_so_by_their_standing() -> None:
    """A new page, count, letter or file that reads comments must begin with `readable_by`, or stand here with its reason."""
    read = {
        path.relative_to(settings.BASE_DIR).as_posix()
        for room in ("klimaspor", "proposals", "review")
        for path in (settings.BASE_DIR / room).rglob("*.py")
        if "migrations" not in path.parts and READS.search(path.read_text())
    }

    assert read == HELD
