"""Files in S3-compatible storage: the settings build it, and uploads, papers and sweeps work on it."""

from __future__ import annotations

import runpy
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

import pytest

from klimaspor import leases, uploads
from proposals import tasks
from proposals.attachments import steps as drafting
from proposals.printing.models import VersionPaper
from proposals.submission import steps as submission
from tests import office
from tests.factories.intake import NOW, a_cast, a_ready_draft, a_round
from tests.s3 import BUCKET, s3

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.pages import Pages
    from tests.s3 import Server

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def bucket(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with s3() as (server, address):
        for name, value in {
            "BUCKET": BUCKET,
            "ENDPOINT": address,
            "REGION": "eu-north-1",
            "ACCESS_KEY": "klimaspor",
            "SECRET_KEY": "hemmelig",
        }.items():
            monkeypatch.setenv(f"FILES_S3_{name}", value)
        # As the portal itself reads them.
        read = runpy.run_path(str(settings.BASE_DIR / "klimaspor/settings.py"))
        settings.STORAGES = {**settings.STORAGES, "default": read["STORAGES"]["default"]}
        yield server


def test_the_settings_build_a_storage(bucket: Server) -> None:
    first = default_storage.save("bilag/2027/03/a b ø.pdf", ContentFile(office.PDF))
    second = default_storage.save(first, ContentFile(b"andet"))

    assert first != second
    assert sorted(bucket.kept) == sorted([first, second])
    assert bucket.signatures == {"AWS4-HMAC-SHA256"}
    with default_storage.open(first) as file:
        assert file.read() == office.PDF
    assert default_storage.exists(first)
    assert default_storage.listdir("bilag") == (["2027"], [])
    assert default_storage.get_modified_time(first) > datetime.now(UTC) - timedelta(minutes=5)
    default_storage.delete(first)
    assert not default_storage.exists(first)
    with pytest.raises(FileNotFoundError):
        default_storage.open(first)


def test_uploads_papers_and_sweeps_use_the_bucket(bucket: Server, pages: Pages) -> None:
    cast = a_cast()
    proposal = a_ready_draft(cast, a_round())
    content = office.PDF + b" " * 9_000_000
    attachment = drafting.add_attachment(
        proposal_pk=proposal.pk,
        title="Stort kort",
        file=ContentFile(content),
        file_name="kort.pdf",
        content_type=uploads.PDF.mime,
        by=cast.owner,
        at=NOW,
    )
    version = submission.submit(proposal_pk=proposal.pk, revision=1, by=cast.owner, at=NOW)
    paper = leases.claim_one(VersionPaper.objects.unbuilt(), at=NOW, lease=timedelta(minutes=1))
    assert paper
    leases.keep_file(paper, name="forslag.pdf", content=office.PDF, at=NOW)
    orphan = default_storage.save("bilag/2027/02/x.pdf", ContentFile(b"x"))

    pages.as_(cast.adviser)
    assert pages.get(f"/forslag/{proposal.number}/bilag/{attachment.pk}/").body == content
    fetched = pages.get(f"/forslag/{proposal.number}/versioner/{version.number}/pdf/")
    assert fetched.body == office.PDF
    assert fetched.response.headers["Content-Disposition"].startswith("attachment")
    assert tasks.remove_orphans(at=datetime(2099, 1, 1, tzinfo=UTC)) == 1
    assert sorted(bucket.kept) == sorted([attachment.file.name, paper.file.name])
    assert orphan not in bucket.kept
