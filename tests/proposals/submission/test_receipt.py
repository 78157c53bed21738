"""What a proposer journals: number, moment, fingerprint and their own case number, on the page, in the mail and on the paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.template.loader import render_to_string

import pytest

from klimaspor import danish
from klimaspor.mail.models import OutgoingMail
from proposals.participants.models import Commitment
from proposals.printing import papers
from proposals.submission import steps as submission
from tests.factories.intake import NOW, Cast, a_cast, a_ready_draft, a_round

if TYPE_CHECKING:
    from proposals.line.models import Version
    from tests.pages import Pages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

RECEIVED = "mandag den 1. marts 2027 kl. 10.00.00"
CASE = "2027-4711 (Ærø Kommune)"


@pytest.fixture
def cast() -> Cast:
    return a_cast()


@pytest.fixture
def version(cast: Cast) -> Version:
    proposal = a_ready_draft(cast, a_round())
    Commitment.objects.create(
        participant=proposal.participants.get(role="problem_owner"),
        contact=cast.owner,
        case_number="2027-4711",
    )
    return submission.submit(
        proposal_pk=proposal.pk, revision=proposal.revision, by=cast.owner, at=NOW
    )


def test_page_mail_and_paper_say_the_same(pages: Pages, cast: Cast, version: Version) -> None:
    number = version.proposal.number
    page = pages.as_(cast.owner).get(f"/forslag/{number}/kvittering/1/").text
    mail = OutgoingMail.objects.get(name="receipt").body
    paper = render_to_string(
        "proposals/printing/pdf/version.html", {"paper": papers.collect(version, regions={})}
    )

    for said in (page, mail, paper):
        assert RECEIVED in danish.plain(said)
        assert version.sha256 in said
        assert number in said
        assert CASE.partition(" ")[0] in said


def test_the_receipt_is_found_again_by_its_people_alone(
    pages: Pages, cast: Cast, version: Version
) -> None:
    here = f"/forslag/{version.proposal.number}/"
    assert f"{here}kvittering/1/" in pages.as_(cast.owner).get(f"{here}versioner/").links
    assert f"{here}kvittering/1/" not in pages.as_(cast.adviser).get(f"{here}versioner/").links
