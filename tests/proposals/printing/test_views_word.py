"""Word and print in the browser: fetched, edited, looked at, taken in; and what each reader gets."""

from __future__ import annotations

import io
import os
import signal
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile

import docx
import pytest

from klimaspor import danish, pdf, unsent, word
from klimaspor.seen import UNSEEN
from proposals.drafting import steps as drafting
from proposals.line.lifecycle import Status
from proposals.line.models import Proposal
from proposals.printing.views import file_name
from proposals.sparring import steps as advice
from tests import pdf_structure
from tests.factories import walk
from tests.factories.intake import NOW, a_cast, a_draft, a_ready_draft, a_round, minutes_later
from tests.proposals.printing import rus_docx
from tests.proposals.printing.test_wordform import box_after, edited

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.pages import Page, Pages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def cast() -> Any:
    return a_cast()


@pytest.fixture
def proposal(cast: Any) -> Proposal:
    return a_ready_draft(cast, a_round())


def at(proposal: Proposal, end: str) -> str:
    return f"/forslag/{proposal.number}/{end}"


def fetched(pages: Pages, proposal: Proposal, end: str = "word/skema/") -> bytes:
    return pages.get(at(proposal, end)).body


def upload(pages: Pages, proposal: Proposal, file: bytes, name: str = "forslag.docx") -> Page:
    return pages.post(
        at(proposal, "word/"), {"do": "upload", "file": SimpleUploadedFile(name, file)}, status=200
    )


def carried(look: Page) -> dict[str, list[str]]:
    """Give what the form of the look would send, as a browser does."""
    sent: dict[str, list[str]] = {}
    form = next(
        f for f in look.root.iter("form") if any(e.get("value") == "take" for e in f.iter("button"))
    )
    for e in form.iter():
        name = e.get("name", "")
        if not name or name == "csrfmiddlewaretoken" or e.tag == "button":
            continue
        if e.get("type") in ("checkbox", "radio") and e.get("checked") is None:
            continue
        value = (
            "".join(e.itertext()).removeprefix("\n") if e.tag == "textarea" else e.get("value", "")
        )
        if e.tag == "select":
            chosen = [o.get("value", "") for o in e.iter("option") if o.get("selected") is not None]
            value = chosen[0] if chosen else ""
        # A browser sends every line break as two signs.
        sent.setdefault(name, []).append(value.replace("\n", "\r\n"))
    return {**sent, "do": ["take"]}


def take(
    pages: Pages, proposal: Proposal, sent: dict[str, list[str]], *, status: int = 302
) -> Page:
    return pages.post(at(proposal, "word/"), sent, status=status)


def write(**answers: str) -> Callable[[Any], None]:
    """Give the change that writes in frames, by the beginning of the question's label."""

    def change(document: Any) -> None:
        for label, text in answers.items():
            box = box_after(document, label.replace("_", " "))
            for extra in box.paragraphs[1:]:
                extra._p.getparent().remove(extra._p)  # noqa: SLF001  # python-docx cannot take a paragraph away
            box.paragraphs[0].text = text

    return change


def changes(look: Page) -> list[str]:
    return [
        e.get("id", "").removeprefix("change-")
        for e in look.root.iter("h2")
        if "change-" in e.get("id", "")
    ]


def choices(look: Page) -> dict[str, bool]:
    boxes = [e for e in look.root.iter("input") if e.get("name") == "take"]
    return {e.get("value", ""): e.get("checked") is not None for e in boxes}


# Out and in


def test_an_untouched_form_changes_nothing(pages: Pages, cast: Any, proposal: Proposal) -> None:
    pages.as_(cast.owner)

    look = upload(pages, proposal, fetched(pages, proposal))

    assert "Der er ingen forskel" in look.text
    assert choices(look) == {}


def test_what_was_edited_is_shown_and_only_what_is_chosen_is_taken_in(
    pages: Pages, cast: Any, proposal: Proposal
) -> None:
    pages.as_(cast.owner)
    file = edited(
        fetched(pages, proposal),
        write(
            Overordnet="Nyt <b>formål</b> & mere",
            Risici="- En\n- To",
            **{"Beløb,_I_søger": "2,5 mio. kr."},
            Samlet_budget_for_hele="3-4 mio.",
            Har_sporet="Nej",
            Hvornår_slutter="december 2028",
            Hvilke_af="Mål 13",
        ),
    )

    look = upload(pages, proposal, file)
    before = Proposal.objects.values().get()
    said = look.text
    sent = carried(look)
    sent["take"].remove("risks")
    done = pages.press(at(proposal, "word/"), sent)

    assert Proposal.objects.get().purpose != before["purpose"]
    assert changes(look) == [
        "purpose",
        "risks",
        "has_development",
        "requested_amount",
        "budget",
        "period_end",
        "goals",
    ]
    assert all(choices(look).values())
    assert "Filen: Nyt <b>formål</b> & mere" in said
    assert "Nu: 1.500.000" in said
    assert "Filen: 2.500.000" in said
    assert "Filen: - 13. Klimaindsats" in said
    assert done.messages == ["6 svar er læst ind fra filen."]
    proposal.refresh_from_db()
    assert (proposal.purpose, proposal.risks) == ("Nyt <b>formål</b> & mere", "")
    assert (proposal.requested_amount, proposal.budget_min, proposal.budget_max) == (
        Decimal(2_500_000),
        Decimal(3_000_000),
        Decimal(4_000_000),
    )
    assert (proposal.has_development, proposal.goals) == (False, [13])
    assert str(proposal.period_end) == "2028-12-31"
    assert str(proposal.period_start) == "2027-08-01"
    assert proposal.participants.count() == 4
    assert proposal.financing.count() == 3


def test_what_cannot_be_read_is_shown_with_what_is_wrong_and_put_right_there(
    pages: Pages, cast: Any, proposal: Proposal
) -> None:
    pages.as_(cast.owner)
    file = edited(
        fetched(pages, proposal),
        write(
            Risici="x" * 200_000,
            **{"Beløb,_I_søger": "1.5 mio"},
            Samlet_budget_for_hele="12-10",
            Har_sporet="Måske",
            Hvornår_begynder="2027",
            Effektkæde="God",
        ),
    )

    look = upload(pages, proposal, file)
    sent = carried(look)
    refused = take(pages, proposal, sent, status=200)

    assert changes(look) == [
        "effect_chain",
        "risks",
        "has_development",
        "requested_amount",
        "budget",
        "period_start",
    ]
    assert look.problems[:3] == [
        "Teksten må højst være på 6000 tegn. Den er på 200000. Gør den kortere",
        "Vælg ja eller nej",
        "Brug punktum mellem tusinder og komma før decimaler, fx 1.500.000 eller 1,5 mio. kr.",
    ]
    assert look.value("requested_amount") == "1.5 mio"
    assert len(look.value("risks") or "") == 200_000
    assert refused.problems[0].startswith("Ret de svar, der ikke kan læses")
    proposal.refresh_from_db()
    assert proposal.effect_chain == ""

    sent |= {"requested_amount": ["1,5 mio. kr."], "risks": ["kort"], "period_start": ["juni 2027"]}
    sent["take"] = ["requested_amount", "effect_chain", "risks", "period_start"]
    take(pages, proposal, sent)
    proposal.refresh_from_db()
    assert (proposal.effect_chain, proposal.risks, proposal.requested_amount) == (
        "God",
        "kort",
        Decimal(1_500_000),
    )
    assert str(proposal.period_start) == "2027-06-01"


def test_a_yes_that_cannot_be_read_is_told_and_stays_told_until_it_is_chosen(
    pages: Pages, cast: Any, proposal: Proposal
) -> None:
    pages.as_(cast.owner)
    look = upload(
        pages,
        proposal,
        edited(fetched(pages, proposal), write(Har_sporet="Delvist", Hvilke_af_FN="13\nDem alle")),
    )
    sent = carried(look)

    refused = take(pages, proposal, sent, status=200)

    told = "I filen står der »Delvist«. Det kan ikke læses som et svar. Vælg selv herunder."
    assert [told in page.text for page in (look, refused)] == [True, True]
    assert changes(look) == changes(refused) == ["has_development", "goals"]
    # The goals were boxes to cross, and are sent as they were shown: that is a choice.
    goals = "I filen står der »Dem alle«."
    assert [goals in page.text for page in (look, refused)] == [True, False]
    sent |= {"has_development": ["False"], "goals": ["13"]}
    take(pages, proposal, sent)
    proposal.refresh_from_db()
    assert (proposal.has_development, proposal.goals) == (False, [13])


def test_half_a_period_is_held_against_the_other_half(
    pages: Pages, cast: Any, proposal: Proposal
) -> None:
    pages.as_(cast.owner)
    file = edited(fetched(pages, proposal), write(Hvornår_slutter="maj 2026"))

    look = upload(pages, proposal, file)

    assert look.problems == ["Projektet skal slutte efter, det begynder"]


def test_an_answer_changed_here_since_the_file_was_fetched_is_not_taken_unasked(
    pages: Pages, cast: Any, proposal: Proposal
) -> None:
    pages.as_(cast.owner)
    file = edited(fetched(pages, proposal), write(Risici="Fra Word", Overordnet=""))
    drafting.save_section(
        proposal_pk=proposal.pk,
        slug="effekt",
        answers={"effects": "Skrevet på siden", "risks": "Også"},
        by=cast.colleague,
        at=NOW,
    )

    look = upload(pages, proposal, file)

    assert choices(look) == {"purpose": False, "effects": False, "risks": False}
    assert (
        look.text.count(
            "Kim Kollega har ændret svaret her på siden 1.3.2027 kl. 10.00, efter at filen blev hentet."
        )
        == 2
    )
    assert "Feltet er tomt i filen. Sæt kryds, hvis svaret skal slettes." in look.text


def test_an_answer_changed_after_the_look_is_shown_again_and_nothing_is_taken_in(
    pages: Pages, cast: Any, proposal: Proposal
) -> None:
    pages.as_(cast.owner)
    sent = carried(
        upload(
            pages,
            proposal,
            edited(fetched(pages, proposal), write(Risici="Fra Word", Overordnet="Nyt")),
        )
    )
    drafting.save_section(
        proposal_pk=proposal.pk,
        slug="effekt",
        answers={"risks": "Imens"},
        by=cast.colleague,
        at=minutes_later(NOW),
    )

    again = take(pages, proposal, sent, status=200)

    assert "er ændret af en anden, siden du så dem" in again.problems[0]
    assert choices(again) == {"purpose": True, "risks": False}
    assert "Nu: Imens" in again.text
    assert "Kim Kollega har ændret svaret" in again.text
    proposal.refresh_from_db()
    assert (proposal.purpose == "Nyt", proposal.risks) == (False, "Imens")

    sent = carried(again)
    sent["take"].append("risks")
    take(pages, proposal, sent)
    proposal.refresh_from_db()
    assert (proposal.purpose, proposal.risks) == ("Nyt", "Fra Word")


def test_nothing_chosen_is_said(pages: Pages, cast: Any, proposal: Proposal) -> None:
    pages.as_(cast.owner)
    sent = carried(
        upload(pages, proposal, edited(fetched(pages, proposal), write(Risici="Fra Word")))
    )
    del sent["take"]

    again = take(pages, proposal, sent, status=200)

    assert again.problems == ["Sæt kryds ved mindst ét svar eller én række, der skal læses ind"]
    assert choices(again) == {"risks": False}


def test_a_file_from_another_proposal_says_so(pages: Pages, cast: Any, proposal: Proposal) -> None:
    other = a_draft(cast, proposal.round, title="Et andet")
    pages.as_(cast.owner)

    look = upload(pages, other, fetched(pages, proposal))

    assert f"Filen er hentet fra et andet forslag, {proposal.number}." in look.text
    assert choices(look)["purpose"]


def test_what_is_left_out_is_told_and_stays_told(
    pages: Pages, cast: Any, proposal: Proposal
) -> None:
    pages.as_(cast.owner)

    def change(document: Any) -> None:
        write(Risici="Fra Word")(document)
        document.paragraphs[2].insert_paragraph_before("<i>Hilsen</i>")

    look = upload(pages, proposal, edited(fetched(pages, proposal), change))
    sent = carried(look)
    del sent["take"]

    for page in (look, take(pages, proposal, sent, status=200)):
        assert "»<i>Hilsen</i>« har ingen plads i skemaet." in page.text
        assert "Bilag og DGO læses ikke ind fra filen." in page.text


@pytest.mark.parametrize(
    ("name", "content", "said"),
    (
        ("forslag.docx", b"", "Filen er tom. Vælg en anden fil"),
        (
            "forslag.docx",
            b"MZ\x90\x00" + b"\0" * 100,
            "Filen er et program, ikke et Word-dokument.",
        ),
        ("forslag.docx", "Blå fløde".encode("cp1252"), "Filen er ikke et Word-dokument."),
        (
            "forslag.docx",
            word.write([word.Prose("Brev")], title="T", foot="F"),
            "Filen er ikke Klimaspors skabelon eller RUS-skemaet",
        ),
        ("x" * 201 + ".docx", b"x", "Filens navn må højst være på 200 tegn."),
    ),
)
def test_other_files_are_refused_beside_the_way_to_the_form(
    pages: Pages, cast: Any, proposal: Proposal, name: str, content: bytes, said: str
) -> None:
    pages.as_(cast.owner)

    page = upload(pages, proposal, content, name)

    assert len(page.problems) == 1
    assert page.problems[0].startswith(said)
    assert at(proposal, "word/skema/") in page.links


def test_no_file_is_asked_for(pages: Pages, cast: Any, proposal: Proposal) -> None:
    pages.as_(cast.owner)

    page = pages.post(at(proposal, "word/"), {"do": "upload"}, status=200)

    assert page.problems == ["Vælg en Word- eller Excel-fil"]


def test_the_form_that_was_really_sent_is_taken_in(pages: Pages, cast: Any) -> None:
    draft = a_draft(cast, a_round(), title="")
    pages.as_(cast.owner)

    look = upload(pages, draft, rus_docx.build())
    done = pages.press(at(draft, "word/"), carried(look))

    assert look.problems == []
    assert done.messages == ["11 svar er læst ind fra filen."]
    draft.refresh_from_db()
    assert draft.title == "Klimaalliancen i hovedstadsregionen"
    assert (str(draft.period_start), str(draft.period_end)) == ("2023-01-01", "2027-12-31")
    assert draft.activities.startswith("- Understøtte realiseringen")
    assert draft.activities.count("\n- ") == 7
    assert draft.rus_areas.split("\n") == [
        "- Reducering af klimaforandringerne og tilpasning til et ændret klima",
        "- Bedre anvendelse af ressourcer",
    ]


def test_the_look_survives_a_session_that_ended(
    pages: Pages, cast: Any, proposal: Proposal
) -> None:
    pages.as_(cast.owner)
    sent = carried(
        upload(pages, proposal, edited(fetched(pages, proposal), write(Risici="Fra Word")))
    )
    pages.client.logout()
    pages.post(at(proposal, "word/"), sent, status=302)
    session = pages.client.session[unsent.KEPT]
    pages.as_(cast.owner)
    renewed = pages.client.session
    renewed[unsent.KEPT] = session
    renewed.save()

    look = pages.get(at(proposal, "word/"))

    assert choices(look) == {"risks": True}
    take(pages, proposal, carried(look))
    proposal.refresh_from_db()
    assert proposal.risks == "Fra Word"


def test_a_proposal_that_was_sent_is_not_changed(
    pages: Pages, cast: Any, proposal: Proposal
) -> None:
    pages.as_(cast.owner)
    sent = carried(
        upload(pages, proposal, edited(fetched(pages, proposal), write(Risici="Fra Word")))
    )
    Proposal.objects.filter(pk=proposal.pk).update(status=Status.IN_QUALIFICATION)

    pages.get(at(proposal, "word/"), status=409)
    take(pages, proposal, sent, status=409)

    proposal.refresh_from_db()
    assert proposal.risks == ""


def test_only_questions_of_the_form_are_taken(pages: Pages, cast: Any, proposal: Proposal) -> None:
    pages.as_(cast.owner)
    sent = {
        "do": ["take"],
        "take": ["status", "lead_dgo", "owner", "risks"],
        "base-risks": [str(UNSEEN)],
        "risks": ["x"],
    }
    sent |= {f"base-{n}": [str(UNSEEN)] for n in ("status", "lead_dgo", "owner")} | {
        "status": ["active"],
        "lead_dgo": [str(cast.other_dgo.pk)],
    }

    take(pages, proposal, sent)

    before = proposal.lead_dgo
    proposal.refresh_from_db()
    assert (proposal.status, proposal.lead_dgo, proposal.risks) == (Status.DRAFT, before, "x")


def test_the_look_costs_a_fixed_number_of_queries(
    pages: Pages, cast: Any, proposal: Proposal, django_assert_num_queries: Any
) -> None:
    pages.as_(cast.owner)
    file = edited(fetched(pages, proposal), write(Risici="Fra Word", Overordnet="Nyt"))

    with django_assert_num_queries(11):
        look = upload(pages, proposal, file)

    assert changes(look) == ["purpose", "risks"]


# Prints


def test_a_reader_gets_the_text_that_it_reads(pages: Pages) -> None:
    world = walk.a_world()
    proposal = walk.proposal_at(Status.QUALIFIED, world)
    drafting.save_section(
        proposal_pk=proposal.pk,
        slug="effekt",
        answers={"risks": "Efterskrift"},
        by=world.cast.owner,
        at=walk.AFTER,
    )
    found = {}
    for who in (world.cast.owner, world.cast.adviser):
        pages.as_(who)
        for what in ("forslag", "rus"):
            page = pages.get(at(proposal, f"hent/{what}/docx/"))
            document = docx.Document(io.BytesIO(page.body))
            text = (
                "\n".join(p.text for p in document.paragraphs)
                + document.sections[0].footer.paragraphs[0].text
            )
            found[who.name.split()[0], what] = (
                "Efterskrift" in text,
                "Version 1, sendt" in text,
            )

    assert found == {
        ("Ella", "forslag"): (True, False),
        ("Ella", "rus"): (False, False),
        ("Rune", "forslag"): (False, True),
        ("Rune", "rus"): (False, True),
    }
    assert pages.get(at(proposal, "hent/forslag/pdf/"), status=302).location == at(
        proposal, "versioner/1/pdf/"
    )


def test_files_are_saved_under_number_and_title_and_kept_by_nobody(
    pages: Pages, cast: Any, proposal: Proposal
) -> None:
    pages.as_(cast.owner)

    for end, name in (
        ("word/skema/", f"{proposal.number} Lavbundsjord.docx"),
        ("hent/forslag/docx/", f"{proposal.number} Lavbundsjord.docx"),
        ("hent/rus/docx/", f"{proposal.number} RUS-skema Lavbundsjord.docx"),
    ):
        headers = pages.get(at(proposal, end)).response.headers
        assert headers["Content-Disposition"] == f'attachment; filename="{name}"'
        assert headers["Content-Type"] == word.MIME
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "private, no-store"


def test_a_name_holds_nothing_that_a_disk_cannot() -> None:
    class Named:
        number, title = "KS-2027-0001", 'a/b\\c:"d"\r\n..\0 æ' + "x" * 200

    found = file_name(Named(), "pdf")  # type: ignore[arg-type]  # it has what is asked

    assert found.startswith("KS-2027-0001 a b c d .. æxx")
    assert len(found) == 84


@pytest.mark.slow("sets whole papers")
@pytest.mark.parametrize("what", ("forslag", "rus"))
def test_the_live_text_is_a_tagged_pdf(
    pages: Pages, cast: Any, proposal: Proposal, what: str
) -> None:
    advice.open_sparring(proposal_pk=proposal.pk, by=cast.owner, at=NOW)
    pages.as_(cast.adviser)

    page = pages.get(at(proposal, f"hent/{what}/pdf/"))

    assert page.response.headers["Content-Type"] == "application/pdf"
    found = pdf_structure.read(page.body)
    text = " ".join(" ".join(pdf_structure.page_texts(page.body)).split())
    assert "Forslaget er ikke sendt" in text
    assert "Intet svar" in text
    assert danish.plain(danish.datetime_text(NOW)) in text
    assert (found.is_pdf_ua, found.is_marked, found.lang, found.shows_title) == (
        True,
        True,
        "da",
        True,
    )
    assert found.cells_without_heading == 0
    assert set(found.fonts.values()) == {True}


def test_when_others_are_printing_one_is_told_to_wait(
    pages: Pages, cast: Any, proposal: Proposal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "LONGEST_WAIT", 0.01)
    pages.as_(cast.owner)

    with pdf.printing():
        page = pages.get(at(proposal, "hent/rus/pdf/"), status=503)

    assert "Der er mange, der henter PDF'er lige nu." in page.text
    assert at(proposal, "hent/rus/pdf/") in page.links


@pytest.mark.slow("prints for real, several times")
@pytest.mark.parametrize("what", ("forslag", "rus"))
def test_what_nobody_has_changed_is_handed_out_again_to_who_printed_it_and_to_nobody_else(
    pages: Pages, cast: Any, proposal: Proposal, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    advice.open_sparring(proposal_pk=proposal.pk, by=cast.owner, at=NOW)
    url = at(proposal, f"hent/{what}/pdf/")
    monkeypatch.setattr(pdf, "LONGEST_WAIT", 0.01)
    first = pages.as_(cast.owner).get(url).body

    # Whoever needs the press now is told to wait.
    with pdf.printing():
        assert pages.get(url).body == first
        pages.as_(cast.adviser).get(url, status=503)
        pages.as_(cast.stranger).get(url, status=404)
        Proposal.objects.filter(pk=proposal.pk).update(title="Et andet navn")
        pages.as_(cast.owner).get(url, status=503)

    again = pages.get(url).body
    assert pdf_structure.read(again).title != pdf_structure.read(first).title
    other = "rus" if what == "forslag" else "forslag"
    with pdf.printing():
        pages.get(at(proposal, f"hent/{other}/pdf/"), status=503)


@pytest.mark.slow("waits for a press to be started anew")
def test_a_press_that_dies_takes_no_web_process_with_it(
    pages: Pages, cast: Any, proposal: Proposal
) -> None:
    pages.as_(cast.owner)
    first = pages.get(at(proposal, "hent/rus/pdf/"))
    assert pdf.PRESS.pid is not None
    os.kill(pdf.PRESS.pid, signal.SIGKILL)

    page = pages.get(at(proposal, "hent/forslag/pdf/"))

    assert first.body.startswith(b"%PDF")
    assert page.body.startswith(b"%PDF")


@pytest.mark.parametrize("end", ("hent/forslag/xlsx/", "hent/alt/pdf/"))
def test_other_prints_do_not_exist(pages: Pages, cast: Any, proposal: Proposal, end: str) -> None:
    pages.as_(cast.owner)

    pages.get(at(proposal, end), status=404)
