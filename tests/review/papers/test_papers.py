"""The committee's papers: what they hold, that they are frozen, and that everybody can read the file."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

import pytest

from klimaspor import danish
from klimaspor.accounts.models import Organization
from proposals.drafting import steps as drafting
from proposals.line.lifecycle import Status
from proposals.participants import steps as participants
from review import tasks
from review.agenda.models import Agenda
from review.papers import papers as committee_papers
from review.papers import papers as dossier
from review.papers.case import Assessed, Assessment
from review.qualification import steps as qualification
from tests import pdf_structure
from tests.factories import walk
from tests.factories.intake import NOW, a_ready_draft
from tests.factories.walk import World, day
from tests.review.papers.cases import AT, a_case, asked_for, content_of, published

pytestmark = [pytest.mark.django_db, pytest.mark.slow("each sets the papers of a meeting for real")]


def test_the_papers_hold_everything_about_each_item(world: World) -> None:
    proposal = a_case(world, annexes=2)
    agenda = published(world, proposal, is_closed=True)

    data = dossier.collect(agenda, at=AT)

    assert (data.meeting.date, data.meeting.place, data.meeting.edition) == (
        "torsdag den\xa027.\xa0maj\xa02027",
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
    assert item.case.paper.imprint.version == 2
    assert item.case.paper.economy.budget_lines
    assert item.case.paper.map is not None


def test_the_assessment_says_something_about_each_criterion(world: World) -> None:
    agenda = published(world, a_case(world))

    case = dossier.collect(agenda, at=AT).items[1].case

    assert case is not None
    assert case.assessment == Assessment(
        outcome="anbefales med bemærkninger",
        by="DGO Midtjylland",
        on_behalf="",
        reason="",
        completed="tirsdag den\xa02.\xa0marts\xa02027",
        version=1,
        summary="Et stærkt forslag.\n\n- Skriv mere om effekten <b>her</b>",
        sides=(),
        criteria=(
            Assessed("V1", "Klimaeffekt", "", "", "Om Klimaeffekt"),
            Assessed("V2", "Nyhedsværdi", "", "", "Om Nyhedsværdi"),
            Assessed("V3", "Realisme", "", "", "Om Realisme"),
        ),
        cosigned=(),
        reply="Vi er enige.",
        replied="tirsdag den\xa02.\xa0marts\xa02027",
        is_reply_late=False,
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
    assert case.checked == "torsdag den\xa04.\xa0marts\xa02027 kl.\xa010.00 af Sanne Sekretær"


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
    # answers; attachments; regions; on behalf of whom.
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

    assert first.meeting == second.meeting
    assert first.fingerprint == second.fingerprint != third.fingerprint


def test_the_file_is_readable_by_those_who_do_not_see_it(world: World) -> None:
    agenda = published(world, a_case(world, "Klog <b>varme</b>", annexes=1), is_closed=True)

    tasks.build_papers(at=AT)

    content = content_of(asked_for(agenda, "papers"))
    found = pdf_structure.read(content)
    assert (found.title, found.lang, found.is_marked, found.is_pdf_ua) == (
        "Sagsmateriale til forretningsudvalget, torsdag den\xa027.\xa0maj\xa02027",
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
    assert (found.tags["H1"], found.cells_without_heading) == (1, 0)
    assert found.links == (
        "Gå til 1. Godkendelse af dagsorden, side 2",
        "Gå til 2. Klog <b>varme</b>, side 3",
        "Gå til 3. Midtvejsevaluering, side 10",
        "Gå til 4. Eventuelt, side 10",
    )
    assert found.ids_found == found.ids != frozenset()
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
    cover, contents, *rest = pages
    for words in (
        "Klimaalliancens forretningsudvalg",
        "Møde torsdag den 27. maj 2027",
        "Weidekampsgade 10",
        "Udgave 1 Dato Udsendt lørdag den 6. marts 2027 kl. 10.00",
        f"Fingeraftryk af indholdet {fingerprint}",
    ):
        assert words in cover
    assert "2. Klog varme . ." in contents
    assert "lukket punkt" in contents
    # What is said in few words follows the agenda, or shares a page.
    assert "Godkendelse af dagsorden Der er intet materiale til punktet Sagsmateriale," in contents
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


def test_a_region_is_drawn_as_its_kommuner(world: World) -> None:
    Organization.objects.filter(code="751").update(region_code="1082")
    Organization.objects.create(
        name="Randers Kommune", kind="municipality", code="730", region_code="1082"
    )
    draft = a_ready_draft(world.cast, world.round, title="Med region")
    participants.add_participant(
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
