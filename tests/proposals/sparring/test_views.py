"""Sparring in the browser: opening, writing, answering, and who is told that they will be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from klimaspor import unsent
from klimaspor.accounts.models import Role
from proposals.line.models import Proposal
from proposals.sparring import steps as advice
from proposals.sparring.models import Advice
from proposals.submission import steps as submission
from tests.factories.intake import NOW, Cast, a_cast, a_draft, a_ready_draft, a_round, give_role

if TYPE_CHECKING:
    from tests.pages import Pages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def cast() -> Cast:
    return a_cast()


@pytest.fixture
def draft(cast: Cast) -> Proposal:
    return a_draft(cast, a_round())


def at(proposal: Proposal, path: str = "") -> str:
    return f"/forslag/{proposal.number}/sparring/{path}"


def opened(proposal: Proposal, cast: Cast) -> Proposal:
    return advice.open_sparring(proposal_pk=proposal.pk, by=cast.owner, at=NOW)


def test_sparring_is_opened_and_closed_with_a_press(
    pages: Pages, cast: Cast, draft: Proposal
) -> None:
    answer = pages.as_(cast.owner).post(at(draft, "aabn/"))
    assert answer.location == at(draft)
    draft.refresh_from_db()
    assert draft.sparring_opened_at == NOW
    pages.as_(cast.adviser).get(at(draft, "kommentar/"))

    pages.as_(cast.owner).post(at(draft, "luk/"))
    draft.refresh_from_db()
    assert draft.sparring_opened_at is None
    pages.as_(cast.adviser).get(at(draft, "kommentar/"), status=404)


def test_sparring_needs_a_dgo(pages: Pages, cast: Cast, draft: Proposal) -> None:
    Proposal.objects.filter(pk=draft.pk).update(lead_dgo=None)
    pages.as_(cast.owner).post(at(draft, "aabn/"))
    tasks = pages.get(f"/forslag/{draft.number}/afsnit/")
    assert tasks.messages == ["Vælg en DGO i afsnittet Deltagere, før du åbner for sparring."]
    draft.refresh_from_db()
    assert draft.sparring_opened_at is None


def test_sparring_is_not_opened_by_an_address(pages: Pages, cast: Cast, draft: Proposal) -> None:
    answer = pages.as_(cast.owner).get(at(draft, "aabn/"), status=302)
    assert answer.location == at(draft)
    draft.refresh_from_db()
    assert draft.sparring_opened_at is None


def test_sparring_is_opened_by_writers_only(pages: Pages, cast: Cast, draft: Proposal) -> None:
    pages.as_(cast.stranger).post(at(draft, "aabn/"), status=404)
    opened(draft, cast)
    pages.as_(cast.adviser).post(at(draft, "luk/"), status=403)


def test_comment_says_who_will_read_it_before_it_is_sent(
    pages: Pages, cast: Cast, draft: Proposal
) -> None:
    opened(draft, cast)
    for person in (cast.owner, cast.adviser, cast.secretariat):
        shown = pages.as_(person).get(at(draft, "kommentar/"))
        assert "Hvem læser dette?" in shown.text
        for reader in (
            "Ella Ejer (forslagsstiller)",
            "rådgiverne i DGO Midtjylland",
            "sekretariatet",
        ):
            assert reader in shown.text


def test_comment_is_kept_under_its_section(pages: Pages, cast: Cast, draft: Proposal) -> None:
    opened(draft, cast)
    script = "<script>alert(1)</script> Hvor meget?"
    answer = pages.as_(cast.adviser).post(
        at(draft, "kommentar/"), {"section": "effekt", "text": script}
    )
    row = Advice.objects.get()
    assert answer.location == f"{at(draft)}#kommentar-{row.pk}"
    assert (row.section, row.text, row.author_role) == ("effekt", script, "DGO Midtjylland")

    shown = pages.as_(cast.owner).get(f"/forslag/{draft.number}/afsnit/effekt/")
    assert script in shown.text
    assert b"<script>alert" not in shown.body
    assert (
        "Rune Rådgiver , DGO Midtjylland" in shown.text
        or "Rune Rådgiver, DGO Midtjylland" in shown.text
    )
    assert script not in pages.get(f"/forslag/{draft.number}/afsnit/rus/").text


def test_comment_without_a_word_is_asked_for(pages: Pages, cast: Cast, draft: Proposal) -> None:
    opened(draft, cast)
    shown = pages.as_(cast.adviser).post(
        at(draft, "kommentar/"), {"section": "findes-ikke", "text": " "}, status=200
    )
    assert shown.problems == ["Vælg et afsnit fra listen", "Skriv din kommentar"]


def test_answer_goes_under_the_comment_and_opens_it_again(
    pages: Pages, cast: Cast, draft: Proposal
) -> None:
    opened(draft, cast)
    thread = advice.comment(
        proposal_pk=draft.pk, section="", text="Hvornår?", by=cast.adviser, at=NOW
    )
    pages.as_(cast.adviser).post(at(draft, f"afslut/{thread.pk}/"))
    thread.refresh_from_db()
    assert thread.resolved_by == cast.adviser

    pages.as_(cast.owner)
    assert "Hvornår?" in pages.get(at(draft, f"svar/{thread.pk}/")).text
    pages.post(at(draft, f"svar/{thread.pk}/"), {"text": "I maj"})
    thread.refresh_from_db()
    assert thread.resolved_at is None
    assert [a.text for a in thread.answers.all()] == ["I maj"]
    shown = pages.post(at(draft, f"svar/{thread.pk}/"), {"text": ""}, status=200)
    assert shown.problems == ["Skriv dit svar"]


def test_what_is_typed_in_one_box_stays_when_another_is_sent(
    pages: Pages, cast: Cast, draft: Proposal
) -> None:
    opened(draft, cast)
    first, second = (
        advice.comment(proposal_pk=draft.pk, section="", text=text, by=cast.adviser, at=NOW)
        for text in ("Hvornår?", "Hvorfor?")
    )
    page = pages.as_(cast.owner).get(at(draft))
    answers = {f"svar{first.pk}-text": "I maj", f"svar{second.pk}-text": "Fordi"}

    typed = page.sent | answers | {"text": "En kommentar"}
    back = pages.press(at(draft, f"svar/{first.pk}/"), typed)
    resolved = pages.press(at(draft, f"afslut/{second.pk}/"), page.sent | answers)

    assert [a.text for a in first.answers.all()] == ["I maj"]
    assert not second.answers.exists()
    assert back.value("text") == "En kommentar"
    assert back.value(f"svar{first.pk}-text") == ""
    assert back.value(f"svar{second.pk}-text") == "Fordi"
    assert resolved.value(f"svar{second.pk}-text") == "Fordi"


def test_answer_to_a_comment_about_another_proposal_is_not_there(
    pages: Pages, cast: Cast, draft: Proposal
) -> None:
    other = opened(a_draft(cast, draft.round, title="En anden"), cast)
    thread = advice.comment(proposal_pk=other.pk, section="", text="?", by=cast.adviser, at=NOW)
    opened(draft, cast)
    pages.as_(cast.owner)
    for verb in ("svar", "afslut"):
        pages.post(at(draft, f"{verb}/{thread.pk}/"), {"text": "Forkert"}, status=404)


def test_comment_while_sparring_is_closed_is_refused_with_the_text_kept(
    pages: Pages, cast: Cast, draft: Proposal
) -> None:
    shown = pages.as_(cast.owner).post(at(draft, "kommentar/"), {"text": "Hallo"}, status=200)
    assert shown.problems == ["Forslaget er ikke åbent for sparring. Din tekst er ikke sendt."]
    assert shown.value("text") == "Hallo"


def test_comment_of_somebody_tied_waits_for_another(
    pages: Pages, cast: Cast, draft: Proposal
) -> None:
    opened(draft, cast)
    give_role(cast.adviser, Role.MEMBER, organization=cast.municipalities[0])
    shown = pages.as_(cast.adviser).post(at(draft, "kommentar/"), {"text": "Fint"}, status=200)
    assert "før en anden har taget stilling til din habilitet" in shown.problems[0]
    assert not Advice.objects.exists()


def test_comment_of_an_expired_session_is_there_after_signing_in(
    pages: Pages, cast: Cast, draft: Proposal
) -> None:
    opened(draft, cast)
    url = at(draft, "kommentar/")
    slip = pages.as_(cast.adviser).get(url).value(unsent.SLIP)
    pages.client.logout()
    pages.post(url, {"section": "effekt", "text": "En lang kommentar", unsent.SLIP: slip})

    shown = pages.as_(cast.adviser).get(url)

    assert shown.value("text") == "En lang kommentar"
    assert shown.value("section") == "effekt"
    assert shown.value(unsent.SLIP)
    assert not Advice.objects.exists()


@pytest.mark.parametrize(
    "path",
    (
        "kommentar/",
        "aabn/",
        "luk/",
        *(f"{verb}/1/" for verb in ("svar", "afslut", "genaabn", "aendret", "ret", "ordlyd")),
    ),
)
def test_sparring_is_not_there_for_others(
    path: str, pages: Pages, cast: Cast, draft: Proposal
) -> None:
    opened(draft, cast)
    for person in (cast.stranger, cast.other_adviser, cast.committee, cast.funder):
        pages.as_(person).post(at(draft, path), {"text": "x"}, status=404)


def test_section_with_a_conversation_asks_no_more(
    pages: Pages, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    proposal = a_ready_draft(cast, a_round())
    opened(proposal, cast)
    for _ in range(3):
        row = advice.comment(
            proposal_pk=proposal.pk, section="deltagere", text="?", by=cast.adviser, at=NOW
        )
        advice.answer(thread_pk=row.pk, text="!", by=cast.owner, at=NOW)
    pages.as_(cast.owner)
    with django_assert_max_num_queries(15):
        pages.get(f"/forslag/{proposal.number}/afsnit/deltagere/")


def test_sparring_ends_with_the_line(pages: Pages, cast: Cast) -> None:
    proposal = a_ready_draft(cast, a_round())
    submission.submit(proposal_pk=proposal.pk, revision=1, by=cast.owner, at=NOW)
    Proposal.objects.filter(pk=proposal.pk).update(status="withdrawn")
    shown = pages.as_(cast.owner).post(at(proposal, "kommentar/"), {"text": "Hallo"}, status=200)
    assert shown.problems == ["Forslaget er ikke åbent for sparring. Din tekst er ikke sendt."]
