"""Comments stand where the text is: beside the answer or the row they are about, with the words they quote marked in it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from django.db import connection
from django.test.utils import CaptureQueriesContext

import pytest

from klimaspor.refusals import Missing
from proposals.answers.content import Content
from proposals.drafting import steps as drafting
from proposals.economy.models import BudgetLine, Financing
from proposals.line.models import Proposal
from proposals.sparring import steps as advice
from proposals.sparring.models import Advice
from proposals.sparring.places import Chosen
from proposals.submission import steps as submission
from tests.factories.intake import NOW, Cast, a_cast, a_ready_draft, a_round

if TYPE_CHECKING:
    from tests.pages import Page, Pages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

TEXT = (
    "Vi tester <b>pumper</b> i fire kommuner.\n\n- Første punkt om pumper\n- Andet punkt om pumper"
)
CHANGED = "Svaret er ændret, siden du læste det, så de gamle ord står ved kommentaren."


@pytest.fixture
def cast() -> Cast:
    return a_cast()


@pytest.fixture
def proposal(cast: Cast) -> Proposal:
    made = a_ready_draft(cast, a_round(), purpose=TEXT)
    return advice.open_sparring(proposal_pk=made.pk, by=cast.owner, at=NOW)


def at(proposal: Proposal, path: str) -> str:
    return f"/forslag/{proposal.number}/{path}"


def comment(
    proposal: Proposal, cast: Cast, quote: str = "", text: str = "Hvorfor?", **more: Any
) -> Advice:
    place = {"section": "udfordringer", "name": "purpose"} if quote else {"section": ""}
    return advice.comment(
        proposal_pk=proposal.pk,
        **{**place, **more},
        chosen=Chosen(quote),
        text=text,
        by=cast.adviser,
        at=NOW,
    )


def write(proposal: Proposal, cast: Cast, text: str, name: str = "purpose") -> None:
    proposal.refresh_from_db()
    drafting.save_section(
        proposal_pk=proposal.pk,
        slug="udfordringer",
        answers={name: text},
        by=cast.owner,
        at=NOW + timedelta(minutes=1),
    )


def marks(page: Page) -> list[str]:
    return [" ".join("".join(e.itertext()).split()) for e in page.root.iter("mark")]


def beside(page: Page, name: str) -> str:
    """Give what stands beside an answer."""
    row = next(e for e in page.root.iter() if e.get("id") == f"svar-{name}")
    found = [e for e in row.iter() if "margin" in e.get("class", "").split()]
    return " ".join(" ".join(" ".join(e.itertext()).split()) for e in found)


def links(page: Page, proposal: Proposal) -> dict[str, dict[str, str]]:
    """Give what the links to a new comment say, by what it is about."""
    path = at(proposal, "sparring/kommentar/")
    found = [urlsplit(a) for a in page.links if urlsplit(a).path == path]
    said = [{name: values[0] for name, values in parse_qs(u.query).items()} for u in found]
    return {one.get("om", ""): one for one in said}


# Where it stands


@pytest.mark.parametrize("who", ("owner", "adviser", "secretariat"))
def test_what_is_quoted_is_marked_and_its_comment_stands_beside_it(
    pages: Pages, cast: Cast, proposal: Proposal, who: str
) -> None:
    comment(proposal, cast, "<b>pumper</b> i fire", "Hvorfor <i>fire</i>?")

    page = pages.as_(getattr(cast, who)).get(at(proposal, "indhold/"))

    assert marks(page) == ["<b>pumper</b> i fire"]
    assert "Hvorfor <i>fire</i>?" in beside(page, "purpose")
    assert "Hvorfor" not in beside(page, "challenges")
    assert b"<b>pumper" not in page.body
    assert b"<i>fire" not in page.body


def test_quotes_that_overlap_and_go_over_points_are_marked_once(
    pages: Pages, cast: Cast, proposal: Proposal
) -> None:
    comment(proposal, cast, "i fire kommuner.\n\nFørste punkt")
    comment(proposal, cast, "kommuner.Første punkt om pumper Andet")

    page = pages.as_(cast.adviser).get(at(proposal, "indhold/"))

    assert marks(page) == ["i fire kommuner.", "Første punkt om pumper", "Andet"]


def test_a_sentence_that_was_changed_is_shown_as_it_was(
    pages: Pages, cast: Cast, proposal: Proposal
) -> None:
    comment(proposal, cast, "i fire kommuner")
    write(proposal, cast, TEXT.replace("fire", "fem"))

    for path in ("indhold/", "afsnit/udfordringer/", "sparring/"):
        page = pages.as_(cast.owner).get(at(proposal, path))
        assert "Sætningen er ændret. Før stod der: i fire kommuner" in page.text
        assert marks(page) == []


def test_a_sentence_is_marked_where_it_was_moved(
    pages: Pages, cast: Cast, proposal: Proposal
) -> None:
    comment(proposal, cast, "<b>pumper</b> i fire kommuner")
    write(proposal, cast, f"En ny begyndelse.\n\n{TEXT.replace('Første', 'Det første')}")

    page = pages.as_(cast.owner).get(at(proposal, "indhold/"))

    assert marks(page) == ["<b>pumper</b> i fire kommuner"]
    assert "Sætningen er ændret" not in page.text


def test_a_resolved_thread_marks_nothing(pages: Pages, cast: Cast, proposal: Proposal) -> None:
    row = comment(proposal, cast, "i fire kommuner")
    advice.resolve(thread_pk=row.pk, by=cast.adviser, at=NOW)

    page = pages.as_(cast.adviser).get(at(proposal, "indhold/"))

    assert marks(page) == []
    assert "1 afklaret kommentar" in beside(page, "purpose")


def test_a_row_is_commented_on_and_said_as_it_was(
    pages: Pages, cast: Cast, proposal: Proposal
) -> None:
    line = Financing.objects.create(
        proposal=proposal, year=2027, source="Realdania", amount=500, status="granted", position=90
    )
    taking_part = proposal.participants.listed()[0]
    for section, name, row in (
        ("oekonomi", "financing", line.pk),
        ("deltagere", "participants", taking_part.pk),
    ):
        comment(proposal, cast, text=f"Om {name}", section=section, name=name, row=row)

    page = pages.as_(cast.adviser).get(at(proposal, "indhold/"))
    assert "2027: Realdania, 500 kr., bevilget" in page.text
    assert "Linjen er ændret" not in page.text
    assert ("Om financing" in page.text, "Om participants" in page.text) == (True, True)
    assert "Om financing" in pages.as_(cast.owner).get(at(proposal, "afsnit/oekonomi/")).text

    Financing.objects.filter(pk=line.pk).update(amount=600)
    page = pages.get(at(proposal, "indhold/"))
    assert "Linjen er ændret. Før stod der: 2027: Realdania, 500 kr., bevilget" in page.text

    line.delete()
    for path in ("indhold/", "sparring/", "afsnit/oekonomi/"):
        page = pages.get(at(proposal, path))
        assert "Linjen er fjernet. Før stod der: 2027: Realdania, 500 kr., bevilget" in page.text


def test_the_qualification_has_the_comments_beside_the_text(
    pages: Pages, cast: Cast, proposal: Proposal
) -> None:
    comment(proposal, cast, "i fire kommuner")
    proposal.refresh_from_db()
    submission.submit(proposal_pk=proposal.pk, revision=proposal.revision, by=cast.owner, at=NOW)

    page = pages.as_(cast.adviser).get(f"/kvalificering/{proposal.number}/")

    assert marks(page) == ["i fire kommuner"]
    assert "Hvorfor?" in beside(page, "purpose")
    assert {one["fra"] for one in links(page, proposal).values()} == {"kvalificering"}


def test_nobody_else_reads_what_was_said(pages: Pages, cast: Cast, proposal: Proposal) -> None:
    comment(proposal, cast, "i fire kommuner", "Kun for os")
    proposal.refresh_from_db()
    submission.submit(proposal_pk=proposal.pk, revision=proposal.revision, by=cast.owner, at=NOW)
    version = proposal.versions.get()

    for path in (f"versioner/{version.number}/", "tjek/"):
        page = pages.as_(cast.owner).client.get(at(proposal, path))
        assert b"Kun for os" not in page.content


def test_the_sparring_stands_by_answer(pages: Pages, cast: Cast, proposal: Proposal) -> None:
    comment(proposal, cast, "i fire kommuner", "Om formålet")
    comment(proposal, cast, text="Om afsnittet", section="udfordringer")
    comment(proposal, cast, text="Om titlen", section="udfordringer", name="title")
    comment(proposal, cast, text="Om alt")

    page = pages.as_(cast.owner).get(at(proposal, "sparring/"))

    said = [page.text.index(f"Om {what}") for what in ("alt", "afsnittet", "titlen", "formålet")]
    assert said == sorted(said)
    assert [h for h in headings(page, "h3") if h in ("Forslagets titel", "Overordnet formål")] == [
        "Forslagets titel",
        "Overordnet formål",
    ]


def headings(page: Page, level: str) -> list[str]:
    return [" ".join("".join(e.itertext()).split()) for e in page.root.iter(level)]


# How it is written


def test_every_answer_and_row_leads_to_a_comment_about_it(
    pages: Pages, cast: Cast, proposal: Proposal
) -> None:
    BudgetLine.objects.create(
        proposal=proposal, category="staff", description="Møder", year=2027, amount=500
    )
    content = Content.of(Proposal.objects.get(), at=NOW)
    page = pages.as_(cast.adviser).get(at(proposal, "indhold/"))
    found = links(page, proposal)

    sections = {part.section.slug for part in content.sections}
    answers = {f"{answer.section}/{answer.name}" for answer in content.answers}
    rows = {f"deltagere/participants/{row.pk}" for row in content.participants}
    rows |= {f"oekonomi/budget_lines/{row.pk}" for row in content.budget}
    rows |= {f"oekonomi/financing/{row.pk}" for row in content.financing}
    assert set(found) == {"", *sections, *answers, *rows}
    for about in ("", "effekt", "effekt/effects", min(rows)):
        href = next(a for a in page.links if f"om={about.replace('/', '%2F')}&" in a)
        shown = pages.get(href)
        assert shown.value("section") == about
        assert shown.value("back") == "indhold"


def test_words_are_quoted_without_a_script(pages: Pages, cast: Cast, proposal: Proposal) -> None:
    url = at(proposal, "sparring/kommentar/?om=udfordringer/purpose&fra=indhold")
    shown = pages.as_(cast.adviser).get(url)
    assert "Første punkt om pumper" in shown.text

    sent = shown.sent | {"quote": "i  fire\xa0kommuner", "text": "Hvorfor?"}
    answer = pages.post(url, sent)

    row = Advice.objects.get()
    assert (row.section, row.name, row.quote) == ("udfordringer", "purpose", "i fire kommuner")
    assert answer.location == f"{at(proposal, 'indhold/')}#kommentar-{row.pk}"


@pytest.mark.parametrize(
    ("section", "quote", "said"),
    (
        (
            "udfordringer/purpose",
            "i syv kommuner",
            "Ordene står ikke i svaret. Kopiér dem fra svaret, eller lad feltet stå tomt",
        ),
        (
            "udfordringer/purpose",
            "punkt om pumper",
            "Ordene står flere steder i svaret. Tag nogle flere ord med, så vi kan se, hvilket sted du mener",
        ),
        (
            "effekt/effects",
            "i fire kommuner",
            "Ordene står ikke i svaret. Kopiér dem fra svaret, eller lad feltet stå tomt",
        ),
        ("effekt", "i fire kommuner", "Vælg det svar, ordene står i, eller slet citatet"),
        ("", "i fire kommuner", "Vælg det svar, ordene står i, eller slet citatet"),
        (
            "udfordringer/purpose",
            "x" * 1001,
            "Citatet må højst være på 1000 tegn. Det er på 1001. Tag færre ord med",
        ),
        ("udfordringer/findes", "", "Vælg et afsnit fra listen"),
        ("deltagere/participants/0", "", "Vælg et afsnit fra listen"),
    ),
)
def test_what_does_not_fit_is_said_and_kept(
    pages: Pages, cast: Cast, proposal: Proposal, section: str, quote: str, said: str
) -> None:
    url = at(proposal, "sparring/kommentar/?om=udfordringer/purpose")
    sent = pages.as_(cast.adviser).get(url).sent
    sent |= {"section": section, "quote": quote, "text": "Hvorfor?"}

    shown = pages.post(url, sent, status=200)

    assert shown.problems == [said]
    assert (shown.value("quote"), shown.value("text")) == (quote, "Hvorfor?")
    assert not Advice.objects.exists()


def test_what_stood_around_tells_which_words_are_meant(
    pages: Pages, cast: Cast, proposal: Proposal
) -> None:
    url = at(proposal, "sparring/kommentar/?om=udfordringer/purpose")
    sent = pages.as_(cast.adviser).get(url).sent
    sent |= {"quote": "punkt om pumper", "before": "kommuner.Første punkt om pumperAndet "}

    pages.post(url, sent | {"text": "Det andet"})

    page = pages.get(at(proposal, "indhold/"))
    body = page.body.decode()
    assert marks(page) == ["punkt om pumper"]
    assert "<li>Andet <mark>punkt om pumper</mark></li>" in body


def test_an_answer_that_is_edited_meanwhile_keeps_what_was_typed(
    pages: Pages, cast: Cast, proposal: Proposal
) -> None:
    read = pages.as_(cast.adviser).get(at(proposal, "indhold/"))
    href = next(a for a in read.links if "om=udfordringer%2Fpurpose&" in a)
    write(proposal, cast, "Noget helt andet.")
    sent = pages.get(href).sent | {"quote": "i fire kommuner", "text": "Hvorfor?"}

    page = pages.press(href, sent)

    assert Advice.objects.get().quote == "i fire kommuner"
    assert page.messages[0].endswith(CHANGED)
    assert "Sætningen er ændret. Før stod der: i fire kommuner" in page.text


def test_a_quote_is_of_the_text_its_writer_reads(
    pages: Pages, cast: Cast, proposal: Proposal
) -> None:
    proposal.refresh_from_db()
    submission.submit(proposal_pk=proposal.pk, revision=proposal.revision, by=cast.owner, at=NOW)
    advice.close_sparring(proposal_pk=proposal.pk, by=cast.owner, at=NOW)
    Proposal.objects.filter(pk=proposal.pk).update(purpose="Kun i kladden.")

    with pytest.raises(Missing, match="Ordene står ikke"):
        comment(proposal, cast, "Kun i kladden")
    comment(proposal, cast, "i fire kommuner")

    page = pages.as_(cast.adviser).get(at(proposal, "indhold/"))
    assert marks(page) == ["i fire kommuner"]
    assert "Sætningen er ændret" in pages.as_(cast.owner).get(at(proposal, "indhold/")).text


@pytest.mark.parametrize(
    ("path", "who"),
    (("indhold/", "adviser"), ("afsnit/udfordringer/", "owner"), ("sparring/", "owner")),
)
def test_a_page_asks_no_more_for_many_comments(
    pages: Pages,
    cast: Cast,
    proposal: Proposal,
    path: str,
    who: str,
    django_assert_num_queries: Any,
) -> None:
    def said(count: int) -> None:
        for _ in range(count):
            row = comment(proposal, cast, "i fire kommuner")
            advice.answer(thread_pk=row.pk, text="Fordi", by=cast.owner, at=NOW)
            row = comment(proposal, cast, section="udfordringer", text="Om afsnittet")
            advice.answer(thread_pk=row.pk, text="Ja", by=cast.adviser, at=NOW)

    pages.as_(getattr(cast, who))
    said(1)
    pages.get(at(proposal, path))
    with CaptureQueriesContext(connection) as few:
        pages.get(at(proposal, path))
    said(5)
    with django_assert_num_queries(len(few)):
        pages.get(at(proposal, path))
