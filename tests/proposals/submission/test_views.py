"""Tjek dine svar, Indsend, the receipt, and what is read of a version that was sent."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile

import pytest

from proposals.answers.sections import FIELDS
from proposals.attachments import steps as attachments
from proposals.drafting import steps as drafting
from proposals.line.functions import Function, Group
from proposals.line.lifecycle import Status
from proposals.line.models import Access, Proposal
from proposals.printing.models import VersionPaper
from proposals.rounds.models import Gate
from proposals.submission import steps as submission
from tests.factories.intake import NOW, Cast, a_cast, a_draft, a_ready_draft, a_round

if TYPE_CHECKING:
    from tests.pages import Page, Pages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

PDF = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture
def cast() -> Cast:
    return a_cast()


@pytest.fixture
def ready(cast: Cast) -> Proposal:
    return a_ready_draft(cast, a_round())


def at(proposal: Proposal, path: str) -> str:
    return f"/forslag/{proposal.number}/{path}"


def press(pages: Pages, proposal: Proposal, *, status: int = 302, **changes: Any) -> Page:
    data = {"revision": proposal.revision, "gate": Gate.QUALIFICATION, **changes}
    return pages.post(at(proposal, "indsend/"), data, status=status)


def sent(proposal: Proposal, cast: Cast) -> Proposal:
    submission.submit(proposal_pk=proposal.pk, revision=proposal.revision, by=cast.owner, at=NOW)
    proposal.refresh_from_db()
    return proposal


def sent_to_approval(proposal: Proposal, cast: Cast) -> Proposal:
    """Sent to both gates; what the DGO does between them is review's."""
    sent(proposal, cast)
    Proposal.objects.filter(pk=proposal.pk).update(status=Status.QUALIFIED)
    proposal.refresh_from_db()
    drafting.save_section(
        proposal_pk=proposal.pk,
        slug="effekt",
        answers={"effects": "- Rettet punkt"},
        by=cast.owner,
        at=NOW,
    )
    submission.submit_for_approval(
        proposal_pk=proposal.pk, revision=proposal.revision, by=cast.owner, at=NOW
    )
    proposal.refresh_from_db()
    return proposal


# Tjek dine svar


def test_check_shows_every_answer_with_where_to_change_it_and_sends(
    pages: Pages, cast: Cast, ready: Proposal
) -> None:
    shown = pages.as_(cast.owner).get(at(ready, "tjek/"))

    assert shown.primary == ["Indsend til faglig kvalificering"]
    assert "10-12 mio. kr." in shown.text
    assert "Intet svar" in shown.text
    assert at(ready, "afsnit/effekt/#id_effects") in shown.links
    assert "DGO Midtjylland får besked nu" in shown.text
    assert shown.value("revision") == str(ready.revision)

    receipt = pages.press(
        at(ready, "indsend/"), {"revision": shown.value("revision"), "gate": shown.value("gate")}
    )
    ready.refresh_from_db()
    version = ready.versions.get()
    assert ready.status == Status.IN_QUALIFICATION
    assert receipt.heading == "Vi har modtaget forslaget"
    for said in (ready.number, "mandag den 1. marts 2027 kl. 10.00.00", version.sha256):
        assert said in receipt.text
    assert "Udtalelsen ventes senest mandag den 26. april 2027 kl. 9.00" in receipt.text


def test_check_lists_what_is_missing_and_has_no_button_to_press(pages: Pages, cast: Cast) -> None:
    draft = a_draft(cast, a_round())
    shown = pages.as_(cast.owner).get(at(draft, "tjek/"))
    assert shown.primary == ["Tilbage til afsnittene"]
    assert "K1: 1 af 3 kommuner/regioner. Tilføj 2 kommuner eller regioner." in shown.text
    assert "Besvar: Overordnet formål" in shown.text
    assert at(draft, "afsnit/udfordringer/#id_purpose") in shown.links


def test_check_lists_each_question_once(pages: Pages, cast: Cast, ready: Proposal) -> None:
    type(ready).objects.filter(pk=ready.pk).update(
        plan_needs=" ", has_development=None, development="", novelty="", is_open=False, openness=""
    )
    shown = pages.as_(cast.owner).get(at(ready, "tjek/"))
    listed = [
        " ".join("".join(item.itertext()).split())
        for alert in shown.by_class("alert-warning")
        if "Det her mangler" in "".join(alert.itertext())
        for item in alert.iter("li")
    ]

    labels = [
        FIELDS[name].label
        for name in ("has_development", "development", "novelty", "openness", "plan_needs")
    ]
    assert sorted(listed) == sorted(
        [
            # What was answered with no is no question any more.
            "K5: Løsninger og viden skal være tilgængelige for alle interesserede kommuner og regioner.",
            *(f"Besvar: {label}" for label in labels),
        ]
    )


def test_check_after_the_deadline_says_what_to_do(
    pages: Pages, cast: Cast, ready: Proposal, now: Any
) -> None:
    a_round(
        name="Efterår 2027",
        qualification_deadline_at=ready.round.qualification_deadline_at + timedelta(days=180),
        approval_deadline_at=ready.round.approval_deadline_at + timedelta(days=180),
    )
    now.move_to(ready.round.qualification_deadline_at + timedelta(seconds=1))
    shown = pages.as_(cast.owner).get(at(ready, "tjek/"))
    assert shown.primary == ["Flyt til Efterår 2027"]
    assert "Karla Prøve, DGO Midtjylland, telefon 12 34 56 78" in shown.text


def test_check_of_a_sent_proposal_says_where_it_stands(
    pages: Pages, cast: Cast, ready: Proposal
) -> None:
    sent(ready, cast)
    shown = pages.as_(cast.owner).get(at(ready, "tjek/"), status=409)
    assert "til faglig kvalificering" in shown.text
    assert shown.primary == ["Gå til forslaget"]


def test_check_is_for_writers(pages: Pages, cast: Cast, ready: Proposal) -> None:
    pages.as_(cast.stranger).get(at(ready, "tjek/"), status=404)
    sent(ready, cast)
    pages.as_(cast.adviser).get(at(ready, "tjek/"), status=403)


def test_check_queries(
    pages: Pages, cast: Cast, ready: Proposal, django_assert_max_num_queries: Any
) -> None:
    pages.as_(cast.owner)
    with django_assert_max_num_queries(15):
        pages.get(at(ready, "tjek/"))


# Indsend


def test_submit_twice_leads_to_the_one_receipt(pages: Pages, cast: Cast, ready: Proposal) -> None:
    pages.as_(cast.owner)
    first, second = press(pages, ready), press(pages, ready)
    assert first.location == second.location == at(ready, "kvittering/1/")
    assert ready.versions.count() == 1


def test_submit_on_the_stroke_and_a_second_late(
    pages: Pages, cast: Cast, ready: Proposal, now: Any
) -> None:
    deadline = ready.round.qualification_deadline_at
    now.move_to(deadline + timedelta(seconds=1))
    shown = press(pages.as_(cast.owner), ready, status=409)
    assert shown.heading == "Forslaget er ikke sendt"
    assert "Fristen for faglig kvalificering var mandag den 12. april 2027 kl. 9.00" in shown.text
    assert "Vi modtog det mandag den 12. april 2027 kl. 9.00.01" in shown.text
    assert ready.versions.count() == 0

    now.move_to(deadline + timedelta(milliseconds=999))
    press(pages, ready)
    assert ready.versions.count() == 1


def test_submit_of_what_is_not_eligible_says_everything_at_once(pages: Pages, cast: Cast) -> None:
    draft = a_draft(cast, a_round())
    shown = press(pages.as_(cast.owner), draft, status=409)
    assert shown.heading == "Forslaget kan ikke indsendes endnu"
    assert "K1:" in shown.text
    assert "Besvar: Effekt" in shown.text
    assert "Karla Prøve" in shown.text
    assert shown.primary == ["Ret forslaget"]


def test_submit_of_a_stale_page_does_nothing(pages: Pages, cast: Cast, ready: Proposal) -> None:
    shown = press(pages.as_(cast.owner), ready, status=409, revision=99)
    assert shown.heading == "Forslaget er ikke sendt"
    assert shown.primary == ["Tjek dine svar igen"]
    assert ready.versions.count() == 0


def test_submit_of_the_first_gate_never_goes_on_to_the_next(
    pages: Pages, cast: Cast, ready: Proposal
) -> None:
    sent(ready, cast)
    Proposal.objects.filter(pk=ready.pk).update(status=Status.QUALIFIED)
    ready.refresh_from_db()
    press(pages.as_(cast.owner), ready, status=409)
    assert ready.versions.count() == 1


def test_submit_opened_as_an_address_leads_to_the_check(
    pages: Pages, cast: Cast, ready: Proposal
) -> None:
    pages.as_(cast.owner)
    assert pages.get(at(ready, "indsend/"), status=302).location == at(ready, "tjek/")
    answer = pages.post(at(ready, "indsend/"), {"revision": "x"})
    assert answer.location == at(ready, "tjek/")


def test_submit_for_approval_shows_the_difference_before(
    pages: Pages, cast: Cast, ready: Proposal
) -> None:
    sent(ready, cast)
    Proposal.objects.filter(pk=ready.pk).update(status=Status.QUALIFIED)
    ready.refresh_from_db()
    pages.as_(cast.owner)
    assert "Der er ingen forskel" in pages.get(at(ready, "sammenlign/nu/")).text
    drafting.save_section(
        proposal_pk=ready.pk, slug="effekt", answers={"effects": "Nyt"}, by=cast.owner, at=NOW
    )
    changed = pages.get(at(ready, "sammenlign/nu/"))
    assert "Før [kun her: Kommunerne mangler" in changed.text
    assert "Efter [kun her: Nyt" in changed.text

    shown = pages.get(at(ready, "tjek/"))
    assert shown.primary == ["Indsend til godkendelsesforløb"]
    answer = press(pages, ready, gate=shown.value("gate"))
    assert answer.location == at(ready, "kvittering/2/")
    assert "møde torsdag den 27. maj 2027" in pages.get(answer.location).text


def test_submit_is_not_for_readers(pages: Pages, cast: Cast, ready: Proposal) -> None:
    press(pages.as_(cast.stranger), ready, status=404)
    Access.objects.grant(ready, Function.READ, user=cast.stranger, by=cast.owner, at=NOW)
    press(pages.as_(cast.stranger), ready, status=403)


# The receipt


def test_receipt_is_for_the_parties(pages: Pages, cast: Cast, ready: Proposal) -> None:
    sent(ready, cast)
    pages.as_(cast.adviser).get(at(ready, "kvittering/1/"), status=403)
    pages.as_(cast.stranger).get(at(ready, "kvittering/1/"), status=404)
    pages.as_(cast.owner).get(at(ready, "kvittering/7/"), status=404)


def build_paper(proposal: Proposal) -> None:
    paper = VersionPaper.objects.get(version__proposal=proposal)
    paper.file.save("forslag.pdf", ContentFile(PDF), save=False)
    paper.built_at, paper.sha256 = NOW, "0" * 64
    paper.save(update_fields=["file", "built_at", "sha256"])


def test_receipt_offers_the_pdf_when_it_is_built(pages: Pages, cast: Cast, ready: Proposal) -> None:
    sent(ready, cast)
    url = at(ready, "versioner/1/pdf/")
    waiting = pages.as_(cast.owner).get(at(ready, "kvittering/1/"))
    assert "Vi er ved at lave en PDF" in waiting.text
    assert url not in waiting.links
    assert pages.get(url, status=404).heading == "PDF'en er ikke klar endnu"

    build_paper(ready)

    assert url in pages.get(at(ready, "kvittering/1/")).links
    sent_file = pages.get(url)
    file = sent_file.response
    assert sent_file.body == PDF
    assert file.headers["Content-Disposition"] == (
        f'attachment; filename="{ready.number}-version-1.pdf"'
    )
    assert file.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


# Versions


def test_version_is_what_was_sent_whatever_is_written_since(
    pages: Pages, cast: Cast, ready: Proposal
) -> None:
    sent_to_approval(ready, cast)
    pages.as_(cast.owner)
    assert "- Rettet punkt" not in pages.get(at(ready, "versioner/1/")).text
    shown = pages.get(at(ready, "versioner/2/"))
    assert "Rettet punkt" in shown.text
    assert at(ready, "sammenlign/1/2/") in shown.links

    compared = pages.get(at(ready, "sammenlign/1/2/"))
    assert "Før [kun her: Kommunerne mangler" in compared.text
    assert "Efter - [kun her: Rettet ] punkt" in compared.text
    assert pages.get(at(ready, "sammenlign/2/1/")).text == compared.text
    assert "Der er ingen forskel" in pages.get(at(ready, "sammenlign/2/2/")).text
    pages.get(at(ready, "sammenlign/1/9/"), status=404)


def test_versions_are_read_by_whom_they_were_sent_to(
    pages: Pages, cast: Cast, ready: Proposal
) -> None:
    sent_to_approval(ready, cast)
    Access.objects.grant(ready, Function.DECIDE, group=Group.COMMITTEE, by=cast.secretariat, at=NOW)
    build_each(ready)
    for person, first, second in (
        (cast.owner, 200, 200),
        (cast.adviser, 200, 200),
        (cast.secretariat, 200, 200),
        (cast.committee, 404, 200),
        (cast.other_adviser, 404, 404),
        (cast.funder, 404, 404),
        (cast.stranger, 404, 404),
    ):
        pages.as_(person)
        for number, status in ((1, first), (2, second)):
            pages.get(at(ready, f"versioner/{number}/"), status=status)
            pages.get(at(ready, f"versioner/{number}/pdf/"), status=status)
        pages.get(at(ready, "sammenlign/1/2/"), status=first)


def build_each(proposal: Proposal) -> None:
    for paper in VersionPaper.objects.filter(version__proposal=proposal):
        paper.file.save("forslag.pdf", ContentFile(PDF), save=False)
        paper.built_at = NOW
        paper.save(update_fields=["file", "built_at"])


def test_attachments_are_read_with_the_version_they_were_sent_with(
    pages: Pages, cast: Cast, ready: Proposal
) -> None:
    add = {
        "proposal_pk": ready.pk,
        "content_type": "application/pdf",
        "by": cast.owner,
        "at": NOW,
    }
    early = attachments.add_attachment(
        title="Tidligt", file=ContentFile(PDF), file_name="a.pdf", **add
    )
    sent(ready, cast)
    Proposal.objects.filter(pk=ready.pk).update(status=Status.QUALIFIED)
    attachments.remove_attachment(
        proposal_pk=ready.pk, attachment_pk=early.pk, by=cast.owner, at=NOW
    )
    late = attachments.add_attachment(title="Sent", file=ContentFile(PDF), file_name="b.pdf", **add)
    for person, read_early, read_late in (
        (cast.owner, 200, 200),
        (cast.adviser, 200, 404),
        (cast.secretariat, 200, 404),
        (cast.other_adviser, 404, 404),
        (cast.committee, 404, 404),
    ):
        pages.as_(person)
        pages.get(at(ready, f"bilag/{early.pk}/"), status=read_early)
        pages.get(at(ready, f"bilag/{late.pk}/"), status=read_late)


def test_attachment_of_another_proposal_is_not_there(
    pages: Pages, cast: Cast, ready: Proposal
) -> None:
    other = a_draft(cast, ready.round, title="En anden")
    mine = attachments.add_attachment(
        proposal_pk=other.pk,
        title="Min",
        file=ContentFile(PDF),
        file_name="a.pdf",
        content_type="application/pdf",
        by=cast.owner,
        at=NOW,
    )
    pages.as_(cast.owner).get(at(ready, f"bilag/{mine.pk}/"), status=404)


def test_version_queries(
    pages: Pages, cast: Cast, ready: Proposal, django_assert_max_num_queries: Any
) -> None:
    sent_to_approval(ready, cast)
    pages.as_(cast.owner)
    for path in ("kvittering/2/", "versioner/2/", "sammenlign/1/2/"):
        with django_assert_max_num_queries(15):
            pages.get(at(ready, path))
