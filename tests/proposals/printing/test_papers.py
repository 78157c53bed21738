"""A sent version as a paper: what it holds, how it reads, and that it is built once and its receipt let go."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core import mail as sent_mail

import pytest

from klimaspor import danish, leases, pdf
from klimaspor.mail import tasks as mail_tasks
from klimaspor.mail.models import OutgoingMail
from proposals import tasks
from proposals.answers.content import Content, ParticipantRow
from proposals.answers.sums import FinancingRow
from proposals.line.models import Version
from proposals.printing import drawings, papers
from proposals.printing.models import VersionPaper
from proposals.reading.imprint import Imprint
from proposals.rounds.models import Round
from proposals.submission import steps as submission
from tests import pdf_structure
from tests.factories.intake import NOW, Cast, a_cast, a_ready_draft, a_round, minutes_later
from tests.proposals.reading.test_diff import content as a_content

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
LATER = minutes_later(NOW, 5)


@pytest.fixture
def cast() -> Cast:
    return a_cast()


@pytest.fixture
def version(cast: Cast) -> Version:
    return a_version(cast)


def a_version(cast: Cast, **answers: Any) -> Version:
    round_ = Round.objects.first() or a_round()
    draft = a_ready_draft(cast, round_, title="Klog varme <b>nu</b>", **answers)
    return submission.submit(
        proposal_pk=draft.pk, revision=draft.revision, by=cast.owner, at=minutes_later(NOW)
    )


def line(year: int, source: str, amount: str, status: str = "requested") -> FinancingRow:
    label = {"requested": "søgt", "own_time": "egen tid", "expected": "forventet"}[status]
    return FinancingRow(year, source, Decimal(amount), status, label)


def with_lines(*lines: FinancingRow) -> Content:
    return replace(a_content(""), financing=lines)


def participant(name: str, code: str) -> ParticipantRow:
    return ParticipantRow(name, "kommune", "deltager", False, code, True, "")


def money(text: str) -> str:
    return text.replace(" ", danish.NBSP)


# What a paper holds


def test_a_paper_holds_what_was_sent_and_asks_for_nothing_more(
    version: Version, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    version = Version.objects.get(pk=version.pk)
    with django_assert_num_queries(0):
        paper = papers.collect(version, regions={})

    assert (paper.title, paper.organization, paper.owner, paper.lead_dgo, paper.round) == (
        "Klog varme <b>nu</b>",
        "Aarhus Kommune (ikke bekræftet)",
        "Ella Ejer",
        "DGO Midtjylland",
        "Forår 2027",
    )
    assert paper.imprint == Imprint(
        version=1,
        text="Version 1, sendt til faglig kvalificering og modtaget mandag den\xa01.\xa0marts\xa02027 kl.\xa010.01.00.",
        stamp="Version 1 · sendt 1.3.2027 kl.\xa010.01",
        readers="Kan læses af dem, der skriver eller læser med på forslaget, DGO'en, medlæsende DGO'er og sekretariatet.",
        act_at=version.frozen_at,
    )
    assert paper.sha256 == version.sha256
    assert [part.title for part in paper.parts] == [
        "Udfordringer og formål",
        "Effekt og tiltag",
        "Udviklingselement",
        "Klimahandlingsplaner",
        "Deltagere",
        "Økonomi og medfinansiering",
        "Periode og organisering",
        "RUS-indsatsområde og verdensmål",
        "Bilag",
    ]
    assert [row.id for row in paper.findings] == [f"K{number}" for number in range(1, 10)]
    assert (paper.findings[0].state, paper.findings[1].state) == ("Opfyldt", "Vurderes af DGO")
    assert paper.authorities == 3


def test_the_title_is_the_only_answer_that_stands_elsewhere(version: Version) -> None:
    paper = papers.collect(version, regions={})

    shown = [a.name for part in paper.parts for group in part.answers for a in group.answers]
    assert shown == [a["name"] for a in version.content["answers"] if a["name"] != "title"]


def test_short_answers_stand_together_and_prose_alone(version: Version) -> None:
    paper = papers.collect(version, regions={})

    period = paper.part("periode").answers
    assert [(group.is_prose, [a.name for a in group.answers]) for group in period] == [
        (False, ["period_start", "period_end"]),
        (True, ["organization_text"]),
        (True, ["continuation"]),
    ]


# Money


def test_money_is_added_up_by_year_source_and_status() -> None:
    economy = papers.money(
        with_lines(
            line(2027, "Klimaalliancen", "1000000"),
            line(2027, "Klimaalliancen", "500000.50"),
            line(2027, "Ærø Kommune", "0", "own_time"),
            line(2028, "Klimaalliancen", "250000", "expected"),
        )
    )

    (table,) = economy.financing
    assert table.years == (2027, 2028)
    assert [(row.heads, row.by_year, row.total) for row in table.lines] == [
        (("Klimaalliancen", "søgt"), ((2027, "1.500.000,50"), (2028, "")), "1.500.000,50"),
        # Zero is an answer; nothing is not.
        (("Ærø Kommune", "egen tid"), ((2027, "0"), (2028, "")), "0"),
        (("Klimaalliancen", "forventet"), ((2027, ""), (2028, "250.000")), "250.000"),
    ]
    assert (table.by_year, table.total) == (
        ((2027, "1.500.000,50"), (2028, "250.000")),
        "1.750.000,50",
    )
    assert economy.financing_total == money("1.750.000,50 kr.")
    assert [(s.status, s.amount, s.percent) for s in economy.shares] == [
        ("søgt", money("1.500.000,50 kr."), money("86 %")),
        ("forventet", money("250.000 kr."), money("14 %")),
        ("egen tid", money("0 kr."), money("0 %")),
    ]
    assert economy.bar is not None
    assert economy.bar.alt.replace(danish.NBSP, " ") == (
        "Søjle, der viser søgt 1.500.000,50 kr. (86 %), forventet 250.000 kr. (14 %) og egen tid 0 kr. (0 %)."
    )


def test_a_little_is_not_nothing_and_nearly_all_is_not_all() -> None:
    economy = papers.money(
        with_lines(line(2027, "A", "10000000"), line(2027, "B", "1000", "expected"))
    )

    assert [share.percent for share in economy.shares] == [
        f"over {money('99 %')}",
        f"under {money('1 %')}",
    ]


def test_more_years_than_fit_make_more_tables_and_one_total() -> None:
    economy = papers.money(with_lines(*(line(year, "A", "100") for year in range(2027, 2033))))

    assert [(table.years, table.span) for table in economy.financing] == [
        ((2027, 2028, 2029, 2030, 2031), "2027-2031"),
        ((2032,), "2032"),
    ]
    assert [table.total for table in economy.financing] == ["", "600"]
    assert [table.lines[0].total for table in economy.financing] == ["600", "600"]


def test_nothing_but_zeros_has_no_bar_and_no_lines_no_table() -> None:
    zeros = papers.money(with_lines(line(2027, "Egen", "0", "own_time")))

    assert (zeros.bar, zeros.financing_total) == (None, money("0 kr."))
    assert papers.money(with_lines()).financing == ()


def test_the_paper_of_a_sent_version_has_its_budget(version: Version) -> None:
    economy = papers.collect(version, regions={}).economy

    assert [
        (row.category, row.recipient, row.asks_state_aid, row.amount)
        for row in economy.budget_lines
    ] == [
        ("løn og timer", "", False, "10.000.000"),
        ("test og demonstration", "Vandværket ApS", True, "250.000,50"),
    ]
    assert economy.budget_total == money("10.250.000,50 kr.")
    assert danish.plain(economy.asked) == "1.500.000 kr., 13-15 % af budgettet"
    assert economy.state_aid == f"Budgettet har {money('250.000,50 kr.')} til Vandværket ApS."


# The map


def test_a_map_marks_kommuner_and_the_kommuner_of_regioner() -> None:
    regions = {"751": "1082", "615": "1082", "101": "1084"}

    drawn = drawings.draw_map(
        (participant("Aarhus Kommune", "751"), participant("Region Midtjylland", "1082")), regions
    )

    assert drawn is not None
    assert drawn.alt == (
        "Kort over Danmark, hvor Aarhus Kommune og Region Midtjylland er markeret."
    )
    land, light, dark = drawn.svg.decode().split("<path ")[1:]
    assert [part.partition('fill="')[2][:7] for part in (land, light, dark)] == [
        "#d5dad6",
        "#8fc1a8",
        "#1f6b45",
    ]
    assert drawings.draw_map((participant("Vandværket ApS", ""),), regions) is None


# The file


@pytest.mark.slow("sets a whole proposal")
def test_the_file_is_readable_by_those_who_do_not_see_it(version: Version) -> None:
    content = papers.render_version(version)

    found = pdf_structure.read(content)
    assert (found.title, found.lang, found.is_marked, found.is_pdf_ua) == (
        f"{version.proposal.number} Klog varme <b>nu</b>",
        "da",
        True,
        True,
    )
    assert found.outline[0] == (1, "Klog varme <b>nu</b>")
    assert [text for level, text in found.outline if level == 2] == [
        "Udfordringer og formål",
        "Effekt og tiltag",
        "Udviklingselement",
        "Klimahandlingsplaner",
        "Deltagere",
        "Økonomi og medfinansiering",
        "Periode og organisering",
        "RUS-indsatsområde og verdensmål",
        "Bilag",
        "Krav",
        "Fingeraftryk",
    ]
    assert (found.tags["H1"], found.cells_without_heading, found.links) == (1, 0, ())
    assert found.ids_found == found.ids != frozenset()
    assert None not in found.figures
    assert "" not in found.figures
    assert set(found.fonts.values()) == {True}
    # Each of the eleven texts with bullets is a list, and so are the lists of facts.
    assert found.tags["LI"] >= 22


def test_every_answer_is_in_the_file_and_an_empty_one_says_so(version: Version) -> None:
    pages = pdf_structure.page_texts(papers.render_version(version))

    text = " ".join(pages)
    for answer in version.content["answers"]:
        assert answer["label"] in text or answer["name"] == "title"
    assert "Intet svar" in text
    assert "<script>alert(1)</script>" in text
    assert (
        "Version 1, sendt til faglig kvalificering og modtaget mandag den 1. marts 2027 kl. 10.01.00."
        in text
    )
    assert version.sha256 in text
    for number, page in enumerate(pages, 1):
        assert version.proposal.number in page
        assert f"Version 1 · fingeraftryk {version.sha256[:16]}" in page
        assert f"Side {number} af {len(pages)}" in page


# The sweep


def receipts() -> list[OutgoingMail]:
    return list(OutgoingMail.objects.exclude(waits_for="").order_by("pk"))


def test_a_version_gets_its_paper_and_the_receipt_goes_with_it(
    version: Version, settings: Any
) -> None:
    settings.MAIL_TRANSPORT = {"backend": "django.core.mail.backends.locmem.EmailBackend"}
    assert [mail.released_at for mail in receipts()] == [None]

    count = tasks.build_papers(at=LATER)
    again = tasks.build_papers(at=LATER)

    assert (count, again) == (1, 0)
    paper = VersionPaper.objects.get()
    with paper.file.open() as file:
        content = file.read()
    assert (paper.built_at, paper.sha256) == (LATER, hashlib.sha256(content).hexdigest())
    mail_tasks.deliver(at=LATER)
    (receipt,) = [mail for mail in sent_mail.outbox if mail.to == ["ella.ejer@example.org"]]
    number = version.proposal.number
    assert receipt.attachments == [(f"{number} version 1.pdf", content, "application/pdf")]


def test_a_worker_that_died_between_paper_and_letter_loses_neither(version: Version) -> None:
    paper = leases.claim_one(VersionPaper.objects.unbuilt(), at=LATER, lease=timedelta(minutes=2))
    assert paper is not None
    leases.keep_file(paper, name="forslag.pdf", content=b"%PDF", at=LATER)

    tasks.build_papers(at=LATER)

    (receipt,) = receipts()
    assert receipt.released_at == LATER
    assert [a.sha256 for a in receipt.attachments.all()] == [paper.sha256]


def test_what_cannot_be_set_stands_aside_and_its_receipt_goes_at_last_without(
    cast: Cast, version: Version, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = a_version(cast)
    render = papers.render_version

    def fail_one(asked: Version) -> bytes:
        if asked.pk == version.pk:
            raise pdf.Refused("file:///etc/passwd")
        return render(asked)

    monkeypatch.setattr(papers, "render_version", fail_one)

    at, counts = LATER, []
    for _ in range(leases.MAX_ATTEMPTS):
        counts.append(tasks.build_papers(at=at))
        at += leases.LONGEST_PAUSE

    assert counts == [1] + [0] * (leases.MAX_ATTEMPTS - 1)
    assert VersionPaper.objects.get(version=good).built_at == LATER
    failed = VersionPaper.objects.get(version=version)
    assert (failed.built_at, failed.error) == (None, "Refused: file:///etc/passwd")
    assert failed.failed_at is not None
    ours, others = receipts()
    assert (ours.waits_for, ours.attachments.count()) == (f"version:{version.pk}", 0)
    assert ours.released_at is not None
    assert (others.released_at, others.attachments.count()) == (LATER, 1)


def test_who_lost_the_lease_keeps_quiet(
    version: Version, monkeypatch: pytest.MonkeyPatch, files: Any
) -> None:
    def take_over(asked: Version) -> bytes:
        # Another worker found the lease ended, and is faster.
        VersionPaper.objects.update(attempts=2)
        return b"%PDF"

    monkeypatch.setattr(papers, "render_version", take_over)

    assert tasks.build_papers(at=LATER) == 0

    assert VersionPaper.objects.get().built_at is None
    assert list(files.rglob("*.pdf")) == []


def test_a_paper_costs_the_same_queries_whatever_the_proposal_holds(
    cast: Cast, version: Version, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    version = Version.objects.get(pk=version.pk)
    with django_assert_num_queries(1):
        papers.render_version(version)


def test_the_sweep_is_quiet_when_nothing_waits(
    version: Version, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    tasks.build_papers(at=LATER)

    # The letters that wait, the papers that wait, the letters again, and that it came by.
    with django_assert_num_queries(4):
        tasks.build_papers(at=LATER)
