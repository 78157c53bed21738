"""The committee's papers, the zip and the minutes: what they hold, that they are frozen, and that each is made once."""

from __future__ import annotations

import hashlib
import io
import zipfile
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

import pytest

from klimaspor import danish, leases, pdf
from klimaspor.accounts.models import Organization
from proposals import drafting, withdrawal
from proposals.lifecycle import Status
from review import agenda as agendas
from review import decision, dossier, qualification, tasks
from review.dossier import papers as committee_papers
from review.models import Agenda, Dossier
from tests import pdf_structure
from tests.factories import walk
from tests.factories.intake import NOW, a_ready_draft
from tests.factories.walk import World, a_world, day

if TYPE_CHECKING:
    from pathlib import Path

    from proposals.models import Proposal

pytestmark = pytest.mark.django_db
AT = day(5)
PDF = b"%PDF-1.7 et kort"


@pytest.fixture
def world() -> World:
    return a_world()


def a_case(world: World, title: str = "Klog varme", *, annexes: int = 0) -> Proposal:
    """A recommended proposal with annexes and a reply to its assessment."""
    draft = a_ready_draft(world.cast, world.round, title=title)
    for number in range(1, annexes + 1):
        drafting.add_attachment(
            proposal_pk=draft.pk,
            title=f"Kort {number}",
            file=ContentFile(PDF + f"{title} {number}".encode(), "kort.pdf"),
            file_name="kort over området.pdf",
            content_type="application/pdf",
            by=world.cast.owner,
            at=NOW,
        )
    draft.refresh_from_db()
    proposal = walk.qualify(walk.submit(draft, world), world)
    qualification.reply(
        proposal_pk=proposal.pk, text="Vi er enige.", by=world.cast.owner, at=day(1)
    )
    return walk.recommend(walk.submit_for_approval(proposal, world), world)


def published(world: World, *proposals: Proposal, is_closed: bool = False) -> Agenda:
    """A published agenda with the proposals, a free item, and the customary first and last."""
    made = walk.an_agenda(world, *proposals)
    for item in made.items.exclude(proposal=None) if is_closed else ():
        agendas.change_item(item_pk=item.pk, is_closed=True, by=world.cast.secretariat, at=AT)
    agendas.add_item(
        agenda_pk=made.pk,
        kind="information",
        title="Midtvejsevaluering",
        minutes=20,
        resume="Evalueringen er i gang.",
        proposed="At orienteringen tages til efterretning\n\nat den følges op",
        case_text="- Første fund\n- Andet fund",
        by=world.cast.secretariat,
        at=AT,
    )
    walk.publish(made, world)
    found: Agenda = Agenda.objects.get(pk=made.pk)
    return found


def asked_for(agenda: Agenda, kind: str) -> Dossier:
    found: Dossier = agenda.dossiers.get(kind=kind)
    return found


def content_of(row: Dossier) -> bytes:
    with row.file.open() as file:
        content: bytes = file.read()
    return content


# What the papers hold


def test_the_papers_hold_everything_about_each_item(world: World) -> None:
    proposal = a_case(world, annexes=2)
    agenda = published(world, proposal, is_closed=True)

    data = dossier.collect(agenda, at=AT)

    assert (data.meeting.date, data.meeting.place, data.meeting.edition) == (
        "torsdag den 27. maj 2027",
        "Weidekampsgade 10",
        1,
    )
    assert [(i.number, i.title, i.kind, i.is_closed, i.minutes) for i in data.items] == [
        (1, "Godkendelse af dagsorden", "beslutning", False, 5),
        (2, "Klog varme", "beslutning", True, 15),
        (3, "Midtvejsevaluering", "orientering", False, 20),
        (4, "Eventuelt", "drøftelse", False, 5),
    ]
    assert data.minutes == 45
    item = data.items[1]
    assert item.resume == "Forslaget samler tre kommuner om lavbundsjord."
    assert item.advised == committee_papers.Advised(
        direction="godkendes",
        points=("at forslaget godkendes", "at Realdania indstilles til at bidrage"),
        amounts=(committee_papers.Amount("Realdania", f"1.500.000{danish.NBSP}kr."),),
        total="",
        reason="",
    )
    assert item.case is not None
    assert [part.slug for part in item.case.told] == [
        "udfordringer",
        "effekt",
        "udviklingselement",
        "klimahandlingsplaner",
        "periode",
        "rus",
    ]
    assert item.case.paper.version == 2
    assert item.case.paper.economy.budget_lines
    assert item.case.paper.map is not None


def test_the_assessment_says_something_about_each_criterion(world: World) -> None:
    agenda = published(world, a_case(world))

    case = dossier.collect(agenda, at=AT).items[1].case

    assert case is not None
    assert case.assessment == committee_papers.Assessment(
        outcome="anbefales med bemærkninger",
        by="DGO Midtjylland",
        on_behalf="",
        reason="",
        completed="tirsdag den 2. marts 2027",
        version=1,
        summary="Et stærkt forslag.\n\n- Skriv mere om effekten <b>her</b>",
        criteria=(
            committee_papers.Assessed("V1", "Klimaeffekt", "Om Klimaeffekt"),
            committee_papers.Assessed("V2", "Nyhedsværdi", "Om Nyhedsværdi"),
            committee_papers.Assessed("V3", "Realisme", "Om Realisme"),
        ),
        reply="Vi er enige.",
        replied="tirsdag den 2. marts 2027",
    )


def test_a_waived_assessment_says_why_and_nothing_of_criteria(world: World) -> None:
    proposal = walk.proposal_at(Status.IN_QUALIFICATION, world)
    qualification.waive(
        proposal_pk=proposal.pk,
        revision=proposal.revision,
        reason="DGO'en har ikke svaret.",
        by=world.cast.secretariat,
        at=day(1),
    )
    proposal.refresh_from_db()
    walk.recommend(walk.submit_for_approval(proposal, world), world)
    agenda = published(world, proposal)

    case = dossier.collect(agenda, at=AT).items[1].case

    assert case is not None
    assert case.assessment is not None
    assert (case.assessment.outcome, case.assessment.by, case.assessment.on_behalf) == (
        "frafaldet af sekretariatet",
        "Sekretariatet",
        "DGO Midtjylland",
    )
    assert (case.assessment.reason, case.assessment.criteria, case.assessment.reply) == (
        "DGO'en har ikke svaret.",
        (),
        "",
    )


def test_each_requirement_shows_what_the_portal_found_and_a_person_answered(world: World) -> None:
    agenda = published(world, a_case(world))

    case = dossier.collect(agenda, at=AT).items[1].case

    assert case is not None
    assert [(row.id, row.finding, row.answer) for row in case.requirements] == [
        ("K1", "Opfyldt", ""),
        ("K2", "Vurderes af DGO", "Opfyldt"),
        ("K3", "Vurderes af DGO", "Opfyldt"),
        ("K4", "Vurderes af DGO", "Opfyldt"),
        ("K5", "Vurderes af DGO", "Opfyldt"),
        ("K6", "Opfyldt", ""),
        ("K7", "Opfyldt", ""),
        ("K8", "Opfyldt", ""),
        ("K9", "Opfyldt", ""),
    ]
    assert case.checked == "torsdag den 4. marts 2027 kl. 10.00 af Sanne Sekretær"


def test_annexes_are_numbered_by_their_item(world: World) -> None:
    agenda = published(world, a_case(world, "A: b/c", annexes=2), a_case(world, "D", annexes=1))

    data = dossier.collect(agenda, at=AT)

    assert [(annex.label, annex.path) for item in data.items for annex in item.annexes] == [
        ("Bilag 2.1", "Punkt 2 A b c/Bilag 2.1 Kort 1.pdf"),
        ("Bilag 2.2", "Punkt 2 A b c/Bilag 2.2 Kort 2.pdf"),
        ("Bilag 3.1", "Punkt 3 D/Bilag 3.1 Kort 1.pdf"),
    ]


def test_every_point_of_a_free_item_begins_with_at(world: World) -> None:
    agenda = published(world)

    free = dossier.collect(agenda, at=AT).items[1].advised

    assert free is not None
    assert free.points == ("at orienteringen tages til efterretning", "at den følges op")
    assert (free.direction, free.amounts) == ("", ())


@pytest.mark.parametrize(
    ("typed", "folder"),
    (
        ("../../etc/passwd", "Punkt 2 .. .. etc passwd"),
        ('a\\b:c*d?e"f<g>h|i\n', "Punkt 2 a b c d e f g h i"),
        ("Slut. . ", "Punkt 2 Slut"),
        ("æ" * 200, "Punkt 2 " + "æ" * 72),
    ),
)
def test_a_title_becomes_a_folder_that_every_machine_can_unpack(
    world: World, typed: str, folder: str
) -> None:
    agenda = published(world, a_case(world, "Kort", annexes=1))
    agenda.items.exclude(proposal=None).update(title=typed)

    (annex,) = dossier.collect(agenda, at=AT).items[1].annexes

    assert annex.path == f"{folder}/Bilag 2.1 Kort 1.pdf"


def test_collecting_costs_the_same_however_many_items_there_are(world: World) -> None:
    few = published(world, a_case(world, "A", annexes=1))
    many = published(world, *(a_case(world, f"B{n}", annexes=2) for n in range(3)))

    def queries(agenda: Agenda) -> int:
        with CaptureQueriesContext(connection) as asked:
            dossier.collect(agenda, at=AT)
        return len(asked)

    # Items, points, amounts and their funders; assessments, statements, the rounds' criteria; checks and their
    # answers; attachments; regions.
    assert (queries(few), queries(many)) == (11, 11)


def test_what_happens_after_publication_is_not_in_the_papers(world: World) -> None:
    proposal = a_case(world)
    agenda = published(world, proposal)
    before = dossier.collect(agenda, at=AT)

    walk.decide(agenda, "sent_back", world)
    drafting.save_section(
        proposal_pk=proposal.pk,
        slug="udfordringer",
        answers={"title": "Noget andet", "challenges": "", "purpose": ""},
        by=world.cast.owner,
        at=day(7),
    )
    proposal.qualifications.update(replied_at=day(7), reply="Det var ikke det, vi mente")
    after = dossier.collect(Agenda.objects.get(pk=agenda.pk), at=AT)

    assert before.items[1].case is not None
    assert after.items[1].case is not None
    assert after.items[1].case.paper == before.items[1].case.paper
    assert after.items[1].title == "Klog varme"
    assert after.items[1].case.assessment is not None
    assert after.items[1].case.assessment.reply == ""


def test_the_fingerprint_is_of_the_content_and_not_of_the_hour(world: World) -> None:
    agenda = published(world, a_case(world))

    first, second = (dossier.collect(agenda, at=at) for at in (AT, day(9)))
    agenda.items.filter(number=3).update(resume="Noget andet")
    third = dossier.collect(agenda, at=AT)

    assert first.meeting.built != second.meeting.built
    assert first.fingerprint == second.fingerprint != third.fingerprint


# The file


def test_the_file_is_readable_by_those_who_do_not_see_it(world: World) -> None:
    agenda = published(world, a_case(world, "Klog <b>varme</b>", annexes=1), is_closed=True)

    tasks.build_papers(at=AT)

    content = content_of(asked_for(agenda, "papers"))
    found = pdf_structure.read(content)
    assert (found.title, found.lang, found.is_marked, found.is_pdf_ua) == (
        "Sagsmateriale til forretningsudvalget, torsdag den 27. maj 2027",
        "da",
        True,
        True,
    )
    assert found.outline == (
        (1, "Sagsmateriale"),
        (2, "Dagsorden"),
        (2, "1. Godkendelse af dagsorden"),
        (2, "2. Klog <b>varme</b> (lukket)"),
        (3, "Indstilling"),
        (3, "Resumé"),
        (3, "Sagsfremstilling"),
        (3, "Økonomi"),
        (3, "Faglig kvalificering"),
        (3, "Krav"),
        (3, "Deltagere"),
        (3, "Bilag"),
        (4, "Bilag 2.1 Kort 1"),
        (2, "3. Midtvejsevaluering"),
        (3, "Indstilling"),
        (3, "Resumé"),
        (3, "Sagsfremstilling"),
        (2, "4. Eventuelt"),
    )
    assert (found.tags["H1"], found.cells_without_heading, found.links_without_text) == (1, 0, 0)
    assert None not in found.figures
    assert found.figures[-1] == (
        "Kort over Danmark, hvor Ærø Kommune, Solrød Kommune og Aarhus Kommune er markeret."
    )
    assert set(found.fonts.values()) == {True}
    assert found.attachments == ()
    assert found.actions == ()


def test_every_page_says_what_item_it_belongs_to(world: World) -> None:
    proposal = a_case(world, "Klog varme")
    agenda = published(world, proposal, is_closed=True)

    tasks.build_papers(at=AT)

    pages = pdf_structure.page_texts(content_of(asked_for(agenda, "papers")))
    fingerprint = dossier.collect(agenda, at=AT).fingerprint
    cover, contents, first, *rest = pages
    for words in (
        "Klimaalliancens forretningsudvalg",
        "Møde torsdag den 27. maj 2027",
        "Weidekampsgade 10",
        "Udgave 1 Dannet lørdag den 6. marts 2027 kl. 10.00 Indhold 4 punkter, 45 minutter",
        f"Fingeraftryk af indholdet {fingerprint}",
    ):
        assert words in cover
    assert "2. Klog varme . ." in contents
    assert "lukket punkt" in contents
    assert "Punkt 1 · Godkendelse af dagsorden" in first
    item = [page for page in rest if "Punkt 2 · Klog varme" in page]
    assert len(item) > 1
    assert all(f"Lukket punkt · {proposal.number}" in page for page in item)
    assert "Der er intet materiale til punktet" in pages[-1]
    assert proposal.number not in pages[-1]
    for number, page in enumerate(pages, 1):
        assert f"Udgave 1 · fingeraftryk {fingerprint[:16]}" in page
        assert f"Side {number} af {len(pages)}" in page


def test_the_contents_lead_to_the_page_each_item_begins_on(world: World) -> None:
    agenda = published(world, a_case(world, "Klog varme"), a_case(world, "Grønne indkøb"))

    tasks.build_papers(at=AT)

    pages = pdf_structure.page_texts(content_of(asked_for(agenda, "papers")))
    for item in dossier.collect(agenda, at=AT).items:
        first = next(n for n, page in enumerate(pages, 1) if f"Punkt {item.number} · " in page)
        line = pages[1].partition(f"{item.number}. {item.title}")[2]
        assert line.lstrip(" .").split()[0] == str(first)


# The zip


def test_the_zip_waits_for_the_papers_and_holds_them(world: World) -> None:
    agenda = published(world, a_case(world, "Klog varme", annexes=2), a_case(world, "B", annexes=1))
    Dossier.objects.filter(kind="papers").update(next_attempt_at=AT + timedelta(hours=1))

    assert tasks.build_papers(at=AT) == 0
    assert tasks.build_papers(at=AT + timedelta(hours=1)) == 2

    papers = content_of(asked_for(agenda, "papers"))
    with zipfile.ZipFile(io.BytesIO(content_of(asked_for(agenda, "annexes")))) as bundle:
        assert bundle.testzip() is None
        assert bundle.namelist() == [
            "Sagsmateriale 2027-05-27.pdf",
            "Punkt 2 Klog varme/Bilag 2.1 Kort 1.pdf",
            "Punkt 2 Klog varme/Bilag 2.2 Kort 2.pdf",
            "Punkt 3 B/Bilag 3.1 Kort 1.pdf",
            "indhold.txt",
        ]
        assert bundle.read("Sagsmateriale 2027-05-27.pdf") == papers
        assert bundle.read("Punkt 3 B/Bilag 3.1 Kort 1.pdf") == PDF + b"B 1"
        listed = bundle.read("indhold.txt").decode()
    assert hashlib.sha256(papers).hexdigest() in listed
    assert "kunne ikke komme med" not in listed


def test_an_annex_that_cannot_be_read_is_left_out_and_the_list_says_so(world: World) -> None:
    proposal = a_case(world, "Klog varme", annexes=3)
    missing, changed, _ = proposal.attachments.order_by("position")
    missing.file.storage.delete(missing.file.name)
    changed.file.storage.delete(changed.file.name)
    default_storage.save(changed.file.name, ContentFile(b"noget andet"))
    agenda = published(world, proposal)

    tasks.build_papers(at=AT)

    with zipfile.ZipFile(io.BytesIO(content_of(asked_for(agenda, "annexes")))) as bundle:
        assert bundle.namelist() == [
            "Sagsmateriale 2027-05-27.pdf",
            "Punkt 2 Klog varme/Bilag 2.3 Kort 3.pdf",
            "indhold.txt",
        ]
        listed = bundle.read("indhold.txt").decode()
    assert listed.split("\r\n")[-4:] == [
        "Disse bilag kunne ikke komme med. Kontakt sekretariatet:",
        "Bilag 2.1 Kort 1 (kort over området.pdf): filen kan ikke læses.",
        "Bilag 2.2 Kort 2 (kort over området.pdf): filen er ikke den, der blev indsendt.",
        "",
    ]


# The minutes


def test_the_minutes_are_the_agenda_with_what_was_decided(world: World) -> None:
    stays, leaves = a_case(world, "Klog varme"), a_case(world, "Grønne indkøb")
    agenda = published(world, stays, leaves)
    by = world.cast.secretariat
    leaves.refresh_from_db()
    withdrawal.withdraw(
        proposal_pk=leaves.pk,
        revision=leaves.revision,
        reason="Vi mangler penge.",
        by=world.cast.owner,
        at=AT,
    )
    decision.save_attendance(
        agenda_pk=agenda.pk,
        presences=[
            decision.Seat("Åse Ågesen", "present", None),
            decision.Seat("Bo Borg", "apologies", None),
            decision.Seat(world.cast.committee.name, "present", world.cast.committee),
        ],
        by=by,
        at=day(6),
    )
    walk.record(
        agenda.items.get(number=2),
        "with_conditions",
        world,
        recused=["Åse Ågesen", "Uffe Udvalg"],
    )
    decision.release(agenda_pk=agenda.pk, by=by, at=day(6))

    minutes = dossier.collect_minutes(Agenda.objects.get(pk=agenda.pk), at=day(6))

    assert [(row.name, row.presence) for row in minutes.attended] == [
        ("Uffe Udvalg", "til stede"),
        ("Åse Ågesen", "til stede"),
        ("Bo Borg", "afbud"),
    ]
    told = minutes.items[1].decided
    assert told is not None
    assert (told.outcome, told.text, told.conditions, told.reason) == (
        "godkendt med betingelser",
        "Udvalget besluttede.",
        "Vis effekten inden et år.",
        "Begrundelsen er denne.",
    )
    assert minutes.items[1].recused == (
        "Uffe Udvalg og Åse Ågesen deltog ikke i sagens behandling."
    )
    assert [
        (row.number, row.decided.outcome if row.decided else None) for row in minutes.items
    ] == [
        (1, "taget til efterretning"),
        (2, "godkendt med betingelser"),
        (3, "udgår"),
        (4, "taget til efterretning"),
        (5, "taget til efterretning"),
    ]


def test_what_is_sent_back_says_where_to(world: World) -> None:
    agenda = published(world, a_case(world))
    walk.decide(agenda, "sent_back", world)

    minutes = dossier.collect_minutes(agenda, at=day(6))

    told = minutes.items[1].decided
    assert told is not None
    assert told.back_to == "Sendes tilbage til runden Efterår 2027, kladde."


def test_minutes_cost_the_same_however_many_items_there_are(world: World) -> None:
    few = published(world, a_case(world, "A"))
    many = published(world, *(a_case(world, f"B{n}") for n in range(3)))
    for agenda in (few, many):
        walk.decide(agenda, "approved", world)

    def queries(agenda: Agenda) -> int:
        with CaptureQueriesContext(connection) as asked:
            dossier.collect_minutes(agenda, at=AT)
        return len(asked)

    assert (queries(few), queries(many)) == (6, 6)


def test_the_minutes_become_a_file(world: World) -> None:
    agenda = published(world, a_case(world, "Klog varme"))
    tasks.build_papers(at=AT)
    walk.decide(agenda, "rejected", world, recused=["Åse Ågesen"])

    assert tasks.build_papers(at=day(6)) == 1

    row = asked_for(agenda, "minutes")
    content = content_of(row)
    found = pdf_structure.read(content)
    text = " ".join(pdf_structure.page_texts(content))
    assert found.is_pdf_ua
    assert (1, "Referat") in found.outline
    assert (2, "2. Klog varme") in found.outline
    assert (found.tags["H1"], found.cells_without_heading) == (1, 0)
    for words in (
        "Afslag",
        "Begrundelsen er denne.",
        "Åse Ågesen deltog ikke i sagens behandling.",
    ):
        assert words in text
    assert dossier.file_name(row) == "Referat 2027-05-27.pdf"


# The sweep


def test_each_file_is_made_once_and_kept_with_its_hash(world: World) -> None:
    agenda = published(world, a_case(world))

    counts = [tasks.build_papers(at=AT) for _ in range(2)]

    assert counts == [2, 0]
    for row in agenda.dossiers.all():
        assert hashlib.sha256(content_of(row)).hexdigest() == row.sha256
        assert (row.built_at, row.claimed_until, row.attempts) == (AT, None, 1)
        assert row.progress_done == row.progress_total


def test_the_way_is_told_forward_and_to_the_end(world: World) -> None:
    agenda = published(world, a_case(world, "A"), a_case(world, "B"))
    told: list[tuple[int, int]] = []

    with dossier.build(
        asked_for(agenda, "papers"), at=AT, report=lambda done, total: told.append((done, total))
    ):
        pass

    items = 5
    parts = 3 * items + 1
    assert told[:items] == [(n, parts) for n in range(1, items + 1)]
    assert told == sorted(told)
    # Also while the pages are laid out and drawn, which takes longest.
    assert any(items < done < 2 * items for done, _ in told)
    assert any(2 * items < done < 3 * items for done, _ in told)
    assert told[-1] == (parts, parts)


def test_a_worker_that_lost_its_lease_stops_at_once_and_leaves_nothing(
    world: World, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    agenda = published(world, a_case(world))
    renew = leases.renew

    def taken_over(row: Any, **told: Any) -> None:
        if told["progress_done"] == 3:
            Dossier.objects.filter(pk=row.pk).update(attempts=7)
        renew(row, **told)

    monkeypatch.setattr(leases, "renew", taken_over)

    assert tasks.build_papers(at=AT) == 0

    row = asked_for(agenda, "papers")
    assert (row.progress_done, row.built_at, row.failed_at, row.error) == (2, None, None, "")
    assert list(files.rglob("Sagsmateriale*")) == []


def test_a_file_that_cannot_be_made_stands_aside_for_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = published(world, a_case(world, "A")), published(world, a_case(world, "B"))
    collect = committee_papers.collect

    def fail_one(agenda: Agenda, **more: Any) -> Any:
        if agenda.pk == bad.pk:
            raise pdf.Refused("file:///etc/passwd")
        return collect(agenda, **more)

    monkeypatch.setattr(committee_papers, "collect", fail_one)

    assert tasks.build_papers(at=AT) == 2

    row = asked_for(bad, "papers")
    assert (row.built_at, row.error) == (None, "Refused: file:///etc/passwd")
    assert row.next_attempt_at == AT + leases.FIRST_PAUSE
    assert asked_for(good, "annexes").built_at == AT


# What a page shows


def shown(agenda: Agenda) -> list[tuple[str, str, int | None, str]]:
    return [(row.label, row.state, row.percent, row.text) for row in dossier.progress(agenda)]


def test_a_page_shows_how_far_each_file_has_come(world: World) -> None:
    agenda = published(world, a_case(world))
    waiting = shown(agenda)
    papers = Dossier.objects.filter(kind="papers")
    papers.update(progress_done=2, progress_total=13)
    collecting = shown(agenda)[0]
    papers.update(progress_done=10)
    setting = shown(agenda)[0]
    papers.update(built_at=AT)
    Dossier.objects.filter(kind="annexes").update(progress_done=1, progress_total=4)
    packing = shown(agenda)

    zip_label = "Sagsmateriale med bilag (zip)"
    assert waiting == [
        ("Sagsmateriale", "working", None, "Venter"),
        (zip_label, "working", None, "Venter på sagsmaterialet"),
    ]
    assert collecting == ("Sagsmateriale", "working", 15, "Samler punkt 2 af 4")
    assert setting == ("Sagsmateriale", "working", 76, f"Sætter siderne op, 76{danish.NBSP}%")
    assert packing == [
        ("Sagsmateriale", "done", 100, "Klar lørdag den 6. marts 2027 kl. 10.00"),
        (zip_label, "working", 25, "Pakker fil 1 af 4"),
    ]


def test_what_was_given_up_is_made_when_somebody_asks_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    agenda = published(world, a_case(world))
    with monkeypatch.context() as patch:
        patch.setattr(leases, "MAX_ATTEMPTS", 1)
        patch.setattr(committee_papers, "collect", None)
        tasks.build_papers(at=AT)
    failed = asked_for(agenda, "papers")
    assert shown(agenda)[0] == (
        "Sagsmateriale",
        "failed",
        None,
        "Sagsmateriale kunne ikke laves. Sekretariatet kan prøve igen.",
    )

    assert dossier.try_again(failed)

    assert tasks.build_papers(at=AT) == 2
    assert not dossier.try_again(failed)


def test_a_region_is_drawn_as_its_kommuner(world: World) -> None:
    Organization.objects.filter(code="751").update(region_code="1082")
    Organization.objects.create(
        name="Randers Kommune", kind="municipality", code="730", region_code="1082"
    )
    draft = a_ready_draft(world.cast, world.round, title="Med region")
    drafting.add_participant(
        proposal_pk=draft.pk,
        organization=world.cast.region,
        role="participant",
        by=world.cast.owner,
        at=NOW,
    )
    draft.refresh_from_db()
    proposal = walk.qualify(walk.submit(draft, world), world)
    agenda = published(world, walk.recommend(walk.submit_for_approval(proposal, world), world))

    case = dossier.collect(agenda, at=AT).items[1].case

    assert case is not None
    assert case.paper.map is not None
    assert "Region Midtjylland" in case.paper.map.alt
    assert case.paper.map.svg.count(b"<path ") == 3
