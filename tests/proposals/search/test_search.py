"""What a person may read is what they find, by the words that Danes type, at once and never by anything else."""

from __future__ import annotations

import random
import re
from io import StringIO
from typing import TYPE_CHECKING, Any

from django.core.management import call_command
from django.db import connection
from django.utils.functional import SimpleLazyObject

import pytest
import time_machine
from structlog.testing import capture_logs

from klimaspor import search
from klimaspor.accounts import people
from klimaspor.accounts.models import Organization, User
from proposals.answers.sections import FIELDS, Kind
from proposals.drafting import steps as drafting
from proposals.line.editions import Edition, edition_of
from proposals.line.lifecycle import SPARRING, Status
from proposals.line.models import Proposal, Version
from proposals.participants import steps as participants
from proposals.rounds.models import Gate
from proposals.search import steps
from proposals.search.models import SearchText
from tests.factories.intake import NOW, Cast, a_cast, a_draft, a_ready_draft, a_round
from tests.factories.walk import AFTER, a_world, proposal_at
from tests.proposals.line.test_editions import (
    drafts,
    everybody,
    functions_by_hand,
    open_at_random,
)

if TYPE_CHECKING:
    from datetime import datetime

    from tests.factories.walk import World

pytestmark = pytest.mark.django_db


def found(user: User, text: str, *, at: datetime = NOW) -> list[str]:
    """Give the numbers of what a person finds, best first."""
    seen = Proposal.objects.visible_to(user, at=at).with_reading(user, at=at).with_due()
    matching = seen.matching(search.tsquery(text)).sorted_by("-relevans")
    return [proposal.number for proposal in matching]


@pytest.fixture
def cast() -> Cast:
    return a_cast()


@pytest.fixture
def draft(cast: Cast) -> Proposal:
    return a_draft(cast, a_round(), title="Græsprotein og CO₂ i Klimaplan-2030")


def write(proposal: Proposal, cast: Cast, **answers: Any) -> None:
    """Save answers of one section."""
    drafting.save_section(
        proposal_pk=proposal.pk, slug="udfordringer", answers=answers, by=cast.owner, at=NOW
    )


CASES = {
    # What is typed: whether it finds a title "Græsprotein og CO₂ i Klimaplan-2030" with "lavbundsjord ved Råbjerg" below.
    "lavbund": True,
    "lavbundsjorde": True,
    "LAVBUND": True,
    "bundsjord": False,
    "protein": True,
    "prot": True,
    "græs": True,
    "graes": True,
    "gras": False,
    "2030": True,
    "klimaplan 2030": True,
    "klimaplan-2030": True,
    "co2": True,
    "CO₂": True,
    "raabjerg": True,
    "Råbjerg": True,
    '"ved råbjerg"': True,
    '"råbjerg ved"': False,
    "protein -lavbund": False,
    "protein -elbus": True,
    "elbus or protein": True,
    "elbus protein": False,
    "effektiv": True,
    "filter": True,
    "lav\u00adbund": True,
    "gra\u0308sprotein": True,
    "og": True,
    "---": False,
    "'": False,
    "& | ! :* <->": False,
    "protein & | ! :* \\ '": True,
    "\x00protein": True,
}


@pytest.mark.parametrize(("typed", "is_found"), CASES.items(), ids=map(ascii, CASES))
def test_words_are_found_as_danes_type_them(
    cast: Cast, draft: Proposal, typed: str, is_found: bool
) -> None:
    write(draft, cast, challenges="Lavbunds\u00adjord ved Råbjerg. E\ufb00ektiv og \ufb01lter.")

    assert found(cast.owner, typed) == ([draft.number] if is_found else [])


def test_a_number_is_found_by_its_end_with_blanks_and_hyphens(cast: Cast, draft: Proposal) -> None:
    _, year, end = draft.number.split("-")
    other = a_draft(cast, draft.round)

    for typed in (end, f"{year}-{end}", f"{year} {end}", f"ks {year} {end}", draft.number.lower()):
        assert found(cast.owner, typed) == [draft.number], typed
    assert sorted(found(cast.owner, year)) == sorted([draft.number, other.number])


def test_whoever_is_listed_with_it_is_a_way_to_find_it(cast: Cast, draft: Proposal) -> None:
    assert draft.organization is not None
    listed = [draft.organization.name, cast.owner.name]
    participants.add_participant(
        proposal_pk=draft.pk,
        organization=cast.company,
        role="participant",
        by=cast.owner,
        at=NOW,
    )
    participants.add_participant(
        proposal_pk=draft.pk,
        organization=None,
        typed_name="Landsbylauget",
        typed_kind="association",
        role="participant",
        by=cast.owner,
        at=NOW,
    )
    for name in (*listed, cast.company.name, "Landsbylauget", "bylaug"):
        assert found(cast.owner, name) == [draft.number], name

    [row] = draft.participants.filter(typed_name="Landsbylauget")
    participants.remove_participant(
        proposal_pk=draft.pk, participant_pk=row.pk, by=cast.owner, at=NOW
    )
    assert found(cast.owner, "Landsbylauget") == []


def lazily(user: User) -> Any:
    return SimpleLazyObject(lambda: user)


def test_another_name_is_the_one_that_finds(cast: Cast, draft: Proposal) -> None:
    organization = draft.organization
    assert organization is not None
    # As a request has its user.
    people.save_profile(name="Karoline Kvik", phone="", by=lazily(cast.owner))
    Organization.objects.filter(pk=organization.pk).update(name="Fladstrand Kommune")
    organization.refresh_from_db()
    people.renamed(organization)

    assert found(cast.owner, "kvik") == found(cast.owner, "fladstrand") == [draft.number]
    assert found(cast.owner, "Ejer") == []
    assert steps.reconcile([draft.pk]) == []


def test_every_answer_in_words_is_found_by_its_writers(cast: Cast, draft: Proposal) -> None:
    asked = [q.name for q in FIELDS.values() if q.kind in (Kind.LINE, Kind.PROSE)]
    words = {name: f"kvidderord{chr(97 + place) * 4}" for place, name in enumerate(asked)}
    Proposal.objects.filter(pk=draft.pk).update(**words)
    assert steps.reconcile([draft.pk]) == [draft.pk]

    assert "risks" in words
    assert [name for name, word in words.items() if not found(cast.owner, word)] == []


def test_the_title_comes_before_names_and_names_before_a_remark(cast: Cast) -> None:
    round_ = a_round()
    remarked = a_draft(cast, round_, title="Elbusser")
    write(remarked, cast, challenges="Vådområder. Vådområder. Vådområder.")
    named = a_draft(cast, round_, title="Biokul")
    participants.add_participant(
        proposal_pk=named.pk,
        organization=None,
        typed_name="Foreningen Vådområder",
        typed_kind="association",
        role="participant",
        by=cast.owner,
        at=NOW,
    )
    titled = a_draft(cast, round_, title="Vådområder")

    wanted = [titled.number, named.number, remarked.number]
    assert found(cast.owner, "vådområder") == found(cast.owner, "vådomr") == wanted


@pytest.mark.slow("searches as everybody for the words of every text")
def test_everybody_finds_what_they_read_and_nothing_else_over_random_accesses(cast: Cast) -> None:
    everyone = everybody(cast)
    chance = random.Random(8)  # noqa: S311 - the same chances each time
    proposals = drafts(16, cast, a_round())
    for proposal in proposals:
        open_at_random(proposal, cast, everyone, chance)
        give_each_text_a_word(proposal)
    steps.index([proposal.pk for proposal in proposals])

    read: set[Edition] = set()
    for who, user in everyone.items():
        for proposal in Proposal.objects.all():
            held = functions_by_hand(user, proposal)
            is_open = proposal.sparring_opened_at is not None and proposal.status in SPARRING
            edition = edition_of(held, is_sparring_open=is_open)
            words = words_of_texts(proposal)
            expected = {words[edition]} - {""} if edition else set()
            finds = {word for word in words.values() if word and found(user, word)}
            assert finds == expected, (who, proposal.number, edition)
            # What is listed is found, also where nothing was sent.
            assert (proposal.number in found(user, proposal.number)) == bool(held), who
            if finds and edition:
                read.add(edition)
    assert read == set(Edition)


def give_each_text_a_word(proposal: Proposal) -> None:
    """Let every text, also those that are no longer read, hold a word of its own beside its title."""
    Proposal.objects.filter(pk=proposal.pk).update(challenges=f"ordlive{proposal.pk}x")
    for version in Version.objects.filter(proposal=proposal):
        word = f"ordnr{version.number}i{proposal.pk}x"
        answer = {"name": "challenges", "kind": "prose", "text": word}
        Version.objects.filter(pk=version.pk).update(content={"answers": [answer]})


def words_of_texts(proposal: Proposal) -> dict[Edition, str]:
    """Give the word of each text, found the plain way; none of what was never sent."""
    sent = list(Version.objects.filter(proposal=proposal).order_by("number"))
    late = [version for version in sent if version.gate == Gate.APPROVAL]
    found = {
        edition: f"ordnr{versions[-1].number}i{proposal.pk}x" if versions else ""
        for edition, versions in ((Edition.SENT, sent), (Edition.APPROVAL, late))
    }
    return {Edition.LIVE: f"ordlive{proposal.pk}x", **found}


def test_an_older_version_and_a_newer_draft_are_nobodys_to_find() -> None:
    world: World = a_world()
    cast = world.cast
    proposal = proposal_at(Status.QUALIFIED, world)
    write(proposal, cast, title="Biokul", challenges="Halmfyr")

    assert found(cast.owner, "biokul halmfyr", at=AFTER) == [proposal.number]
    for user in (cast.secretariat, cast.committee, cast.funder, cast.stranger):
        assert found(user, "biokul", at=AFTER) == found(user, "halmfyr", at=AFTER) == []


@pytest.mark.slow("walks a proposal to every status")
def test_what_steps_keep_is_what_there_should_be() -> None:
    world: World = a_world()
    for status in Status:
        proposal_at(status, world)
    a_ready_draft(world.cast, world.round)
    keys = list(Proposal.objects.order_by("pk").values_list("pk", flat=True))

    assert steps.reconcile(keys) == []
    assert SearchText.objects.count() == 3 * len(keys)

    SearchText.objects.filter(proposal=keys[0], edition=Edition.SENT).delete()
    SearchText.objects.filter(proposal=keys[1], edition=Edition.LIVE).update(document="'x'")
    assert steps.reconcile(keys) == keys[:2]
    assert steps.reconcile(keys) == []


def test_reconcile_mends_what_is_searched_and_says_whose(draft: Proposal) -> None:
    SearchText.objects.filter(edition=Edition.LIVE).update(document="'x'")
    out = StringIO()

    with capture_logs() as logs, time_machine.travel(NOW, tick=False):
        call_command("reconcile", stdout=out)

    assert out.getvalue().splitlines()[-1] == "1 forslags søgetekster er rettet."
    assert [(log["event"], log["subject"]) for log in logs] == [
        ("search_text_mended", draft.number)
    ]
    assert steps.reconcile([draft.pk]) == []


def test_a_title_that_was_open_goes_on_being_found_and_shown(cast: Cast, draft: Proposal) -> None:
    kept = SearchText.objects.get(proposal=draft, edition=Edition.SENT)
    assert kept.title == draft.title

    write(draft, cast, title="Tangdyrkning", challenges="Hemmeligt")

    kept.refresh_from_db()
    assert kept.title == "Tangdyrkning"
    assert "hemmeligt" not in str(kept.document)
    assert steps.reconcile([draft.pk]) == []


def test_search_is_asked_of_the_index(cast: Cast, draft: Proposal) -> None:
    rows = SearchText.objects.filter(document__found_by=search.tsquery("protein"))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

    assert "searchtext_document" in rows.explain()


def test_what_search_asks_of_the_database(
    cast: Cast, draft: Proposal, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        asked = search.tsquery("Ukendte ord, der ikke er set før")
    with django_assert_num_queries(0):
        assert search.tsquery("Ukendte ord, der ikke er set før") == asked
    # Proposals, who is named, who takes part, versions, documents, and the savepoint around them.
    with django_assert_num_queries(7):
        steps.index([draft.pk])
    with django_assert_num_queries(1):
        steps.index_answers(draft, ["challenges"])
    with django_assert_num_queries(0):
        steps.index_answers(draft, ["requested_amount", "is_open"])


def test_weights_are_those_of_title_names_and_prose(draft: Proposal) -> None:
    document = str(SearchText.objects.get(proposal=draft, edition=Edition.LIVE).document)

    assert re.search(r"'graesprotein':\d+A", document)
    assert re.search(r"'otein':\d+A", document)
    assert re.search(r"'ejer':[\dB,]*B", document)
