"""Notes on the case: who writes and reads them, what an inner one never reaches, and what is kept when one is corrected."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.urls import reverse

import pytest

from klimaspor import danish
from klimaspor.accounts.models import Dgo, Role
from klimaspor.mail.models import OutgoingMail
from klimaspor.refusals import Missing
from klimaspor.seen import Changed
from proposals.line.lifecycle import Status
from proposals.notes import steps as notes
from proposals.notes.models import Note, NoteWording
from proposals.notes.seen import shown_note
from tests.factories.intake import NOW, give_role, person
from tests.factories.walk import AFTER, World, a_world, proposal_at

if TYPE_CHECKING:
    import time_machine

    from klimaspor.accounts.models import User
    from proposals.line.models import Proposal
    from tests.pages import Pages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

TODAY = danish.day_of(NOW)
TYPED = {
    "kind": "meeting",
    "held_date": "1.3.2027",
    "participants": "Maja Holm, Rune Rådgiver",
    "text": "Aftalt <b>mere</b> om effekten",
}


@pytest.fixture
def world() -> World:
    return a_world()


@pytest.fixture
def proposal(world: World) -> Proposal:
    return proposal_at(Status.ON_AGENDA, world)


def write(proposal: Proposal, by: User, *, circle: str = "everybody", text: str = "Sagt") -> Note:
    return notes.write(
        proposal_pk=proposal.pk,
        kind="telephone",
        circle=circle,
        held_date=TODAY,
        participants="Maja Holm",
        text=text,
        by=by,
        at=NOW,
    )


def test_the_people_and_the_advisers_write_and_read(
    pages: Pages, world: World, proposal: Proposal
) -> None:
    cast = world.cast
    letters = OutgoingMail.objects.count()
    history = f"/forslag/{proposal.number}/forloeb/"
    for who, typed, role in (
        (cast.owner, TYPED, "forslagsstiller"),
        (cast.adviser, {**TYPED, "circle": "everybody"}, "DGO Midtjylland"),
        (cast.secretariat, {**TYPED, "circle": "everybody"}, "sekretariatet"),
    ):
        shown = pages.as_(who).get(f"/forslag/{proposal.number}/notater/nyt/")
        key = {"once": shown.value("once")}
        assert pages.post(
            f"/forslag/{proposal.number}/notater/nyt/", {**key, **typed}
        ).location == (f"{history}#notater")
        read = pages.get(history).text
        assert f"Skrevet mandag den 1. marts 2027 kl. 10.00 af {who.name} ({role})" in read
    # Three titles, and what the one link to correct one's own is about.
    assert read.count("Mødenotat mandag den 1. marts 2027") == 4
    assert read.count("Aftalt <b>mere</b> om effekten") == 3
    assert set(Note.objects.values_list("circle", flat=True)) == {"everybody"}
    assert OutgoingMail.objects.count() == letters


def test_bad_input_is_answered_and_nothing_is_lost(
    pages: Pages, world: World, proposal: Proposal
) -> None:
    url = f"/forslag/{proposal.number}/notater/nyt/"
    shown = pages.as_(world.cast.adviser).post(url, {"text": "Det lange"}, status=200)
    assert shown.problems == [
        "Vælg, hvad det er for et notat",
        "Indtast datoen for samtalen eller mødet",
        "Skriv, hvem der deltog",
        "Vælg, hvem der kan læse notatet",
    ]
    assert shown.value("text") == "Det lange"
    late = {**TYPED, "circle": "advisers", "held_date": "2.3.2027"}
    shown = pages.post(url, {**late, "once": shown.value("once")}, status=200)
    assert shown.problems == ["Vælg en dato, der ikke ligger efter i dag"]
    assert not Note.objects.exists()


def test_nothing_of_an_inner_note_reaches_anybody_outside(
    pages: Pages, world: World, proposal: Proposal, now: time_machine.Traveller
) -> None:
    now.move_to(AFTER)
    cast = world.cast
    along = Dgo.objects.create(slug="fyn", name="DGO Fyn", area="Fyn")
    co_reader = person("Fie Fyn")
    give_role(co_reader, Role.DGO_ADVISER, dgo=along)
    proposal.accesses.create(function="co_read", dgo=along, since_at=NOW, since_by=cast.owner)
    reader = person("Laila Læser")
    proposal.accesses.create(function="read", user=reader, since_at=NOW, since_by=cast.owner)
    note = write(proposal, cast.adviser, circle="advisers", text="Hvepserede")
    notes.correct(
        note_pk=note.pk,
        kind="meeting",
        held_date=TODAY,
        participants="Maja Holm",
        text="Hvepserede igen",
        by=cast.adviser,
        at=NOW,
    )
    places = ("", "indhold/", "sparring/", "versioner/", "forloeb/", "adgang/", "notater/nyt/")
    for who in (cast.owner, reader, cast.committee, cast.funder, cast.stranger):
        pages.as_(who)
        for place in places:
            response = pages.client.get(f"/forslag/{proposal.number}/{place}")
            body = response.content.decode()
            assert "Hvepserede" not in body, (who, place)
            assert "kun DGO og sekretariat" not in body, (who, place)
        for address in (
            "/",
            "/forslag/?q=Hvepserede",
            f"/forslag/{proposal.number}/notater/{note.pk}/ret/",
        ):
            body = pages.client.get(address).content.decode().replace('value="Hvepserede"', "")
            assert "Hvepserede igen" not in body, (who, address)
    for who in (cast.adviser, cast.secretariat, co_reader):
        read = pages.as_(who).get(f"/forslag/{proposal.number}/forloeb/").text
        assert "Hvepserede igen" in read
        assert "Det, der stod før" in read
    history = pages.as_(cast.committee).get(f"/forslag/{proposal.number}/forloeb/").text
    assert "Sat på den udsendte dagsorden" in history
    for who, status in ((cast.committee, 403), (cast.funder, 404), (cast.stranger, 404)):
        pages.as_(who).get(f"/forslag/{proposal.number}/notater/nyt/", status=status)
    assert (
        "Notater" not in pages.as_(cast.committee).get(f"/forslag/{proposal.number}/forloeb/").text
    )
    with pytest.raises(notes.NotTheirs):
        write(proposal, cast.owner, circle="advisers")


def test_a_correction_keeps_what_was_said(pages: Pages, world: World, proposal: Proposal) -> None:
    adviser = world.cast.adviser
    note = write(proposal, adviser)
    url = f"/forslag/{proposal.number}/notater/{note.pk}/ret/"
    pages.as_(world.cast.secretariat).get(url, status=404)
    shown = pages.as_(adviser).get(url)
    assert "Hvem kan læse notatet?" not in shown.text
    first = pages.seen(url)
    pages.post(url, {**TYPED, **first})

    note.refresh_from_db()
    before = NoteWording.objects.get()
    assert (note.kind, note.text, note.edited_by) == ("meeting", TYPED["text"], adviser)
    assert (before.kind, before.text, before.by) == ("telephone", "Sagt", adviser)
    # Another tab, which showed what stood first.
    late = pages.post(url, {**TYPED, **first, "text": "En anden fane"}, status=409)
    assert late.problems == [
        "Notat er ændret, efter du åbnede siden. Se, hvad der står nu. Ret dit, eller gem igen, hvis dit skal stå"
    ]
    assert late.value("text") == "En anden fane"
    # The same again changes nothing.
    pages.post(url, {**TYPED, **pages.seen(url)})
    assert NoteWording.objects.count() == 1
    with pytest.raises(notes.NotTheirs):
        notes.correct(
            note_pk=note.pk,
            kind="other",
            held_date=TODAY,
            participants="X",
            text="Y",
            by=world.cast.owner,
            at=NOW,
        )


def test_the_step_holds_to_what_was_seen_and_to_the_past(world: World, proposal: Proposal) -> None:
    note = write(proposal, world.cast.owner)
    said = {"kind": "telephone", "held_date": TODAY, "participants": "Maja Holm"}
    bases = shown_note(note).bases
    by = world.cast.owner
    notes.correct(note_pk=note.pk, text="Andet", bases=bases, by=by, at=NOW, **said)
    with pytest.raises(Changed):
        notes.correct(note_pk=note.pk, text="Tredje", bases=bases, by=by, at=NOW, **said)
    with pytest.raises(Missing):
        notes.correct(
            note_pk=note.pk,
            text="I morgen",
            by=by,
            at=NOW,
            **{**said, "held_date": TODAY + timedelta(days=1)},
        )
    note.refresh_from_db()
    assert note.text == "Andet"


def test_the_technical_administration_shows_no_inner_note(
    pages: Pages, world: World, proposal: Proposal
) -> None:
    admin = world.cast.administrator
    type(admin).objects.filter(pk=admin.pk).update(is_superuser=True)
    for_all = write(proposal, world.cast.adviser)
    inner = write(proposal, world.cast.adviser, circle="advisers", text="Kun os")
    client = pages.as_(admin).client

    listed = client.get(reverse("admin:proposals_note_changelist"))
    opened = client.get(reverse("admin:proposals_note_change", args=[inner.pk]))

    assert [row.pk for row in listed.context["cl"].result_list] == [for_all.pk]
    assert opened.status_code == 302
