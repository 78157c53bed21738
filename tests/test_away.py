"""When database or files are away people are told so and lose nothing, and whoever watches is told which."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import OperationalError, connection
from django.test import Client

import pytest

from klimaspor import away, leases
from klimaspor.away import Part
from proposals import tasks
from proposals.attachments import steps as attachments
from proposals.printing.models import VersionPaper
from proposals.submission import steps as submission
from tests import office
from tests.factories.intake import NOW, a_cast, a_ready_draft, a_round
from tests.mail.smtp import MailServer
from tests.pages import Page
from tests.s3 import BUCKET, s3
from tests.suite import pace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROFILE = "/konto/profil/"
SIGN_IN = "/konto/log-paa/"
TYPED = 'Ella "Ejer" <b>&amp;'


@contextlib.contextmanager
def no_database(nowhere: Path) -> Iterator[None]:
    """Let there be none where it should be."""
    connection.close()
    host = connection.settings_dict["HOST"]
    connection.settings_dict["HOST"] = str(nowhere)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["HOST"] = host


@pytest.fixture
def viewer(client: Client) -> Client:
    """A browser that is shown what went wrong."""
    client.raise_request_exception = False
    return client


def told(answer: Any, status: int = 503) -> Page:
    assert answer.status_code == status
    page = Page(answer, "", answer.content)
    assert page.root.get("lang") == "da"
    return page


@pytest.mark.django_db(transaction=True)
def test_a_page_says_that_the_database_is_away_and_when_to_come_again(
    viewer: Client, tmp_path: Path
) -> None:
    viewer.force_login(a_cast().owner)

    with no_database(tmp_path):
        begun = time.monotonic()
        answers = [viewer.get("/"), viewer.get("/forslag/?q=vand")]
        took = time.monotonic() - begun

    for answer in answers:
        page = told(answer)
        assert "Portalen kan ikke nå sin database" in page.text
        assert "Fejlen er vores" not in page.text
        assert answer["Retry-After"] == "30"
        assert "no-store" in answer["Cache-Control"]
        assert answer["X-Request-ID"]
    assert "/forslag/?q=vand" in told(answers[1]).links
    assert took < 2 * pace.slowness()
    assert viewer.get("/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_what_was_typed_is_sent_again_from_the_page_that_says_so(tmp_path: Path) -> None:
    cast = a_cast()
    viewer = Client(enforce_csrf_checks=True, raise_request_exception=False)
    viewer.force_login(cast.owner)
    carried = {
        e.get("name", ""): e.get("value", "")
        for e in told(viewer.get(PROFILE), 200).root.iter("input")
        if e.get("type") == "hidden"
    }

    with no_database(tmp_path):
        page = told(viewer.post(PROFILE, {**carried, "name": TYPED, "phone": "12 34"}))

    assert "det er ikke tabt" in page.text
    [form] = [e for e in page.root.iter("form") if e.get("action") == PROFILE]
    again = {e.get("name"): e.get("value", "") for e in form.iter("input")}
    assert (again["name"], again["phone"]) == (TYPED, "12 34")
    assert viewer.post(PROFILE, again).status_code == 302
    cast.owner.refresh_from_db()
    assert (cast.owner.name, cast.owner.phone) == (TYPED, "12 34")


@pytest.mark.django_db(transaction=True)
def test_a_password_is_shown_by_no_page(viewer: Client, tmp_path: Path) -> None:
    with no_database(tmp_path):
        answer = viewer.post(SIGN_IN, {"login": "ella@example.org", "password": "hemmelig-kode"})

    page = told(answer)
    assert "hemmelig-kode" not in answer.content.decode()
    assert "Gå tilbage i din browser" in page.text


@pytest.mark.django_db(transaction=True)
def test_health_answers_json_to_whoever_has_a_session(viewer: Client, tmp_path: Path) -> None:
    viewer.force_login(a_cast().owner)

    with no_database(tmp_path):
        answer = viewer.get("/sundhed/")

    assert answer.status_code == 503
    assert answer.json()["dele"] == {
        "database": "ikke klar",
        "kø": "klar",
        "gennemløb": "ikke klar",
        "filer": "klar",
        "mail": "ikke klar",
    }


@pytest.mark.django_db(transaction=True)
def test_a_conversation_that_was_cut_off_is_a_database_that_is_away() -> None:
    with connection.cursor() as cursor, pytest.raises(OperationalError) as cut_off:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    connection.close()

    assert away.part_of(cut_off.value) is Part.DATABASE
    wrapped = ValueError("x")
    wrapped.__cause__ = cut_off.value
    assert away.part_of(wrapped) is Part.DATABASE


@pytest.mark.django_db
def test_a_question_that_takes_too_long_is_our_own_fault() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 10")
        with pytest.raises(OperationalError) as too_long:
            cursor.execute("SELECT pg_sleep(1)")

    assert away.part_of(too_long.value) is None


# Files


@pytest.fixture
def draft(now: object, db: None) -> Any:
    return a_ready_draft(a_cast(), a_round())


@contextlib.contextmanager
def no_files(folder: Path) -> Iterator[None]:
    """Let the folder of files be no folder any more, as when what it lies on is gone."""
    aside = folder.with_name("aside")
    folder.mkdir(exist_ok=True)
    folder.rename(aside)
    folder.touch()
    try:
        yield
    finally:
        folder.unlink()
        aside.rename(folder)


def test_a_file_that_cannot_be_kept_now_is_no_fault_of_ours_and_the_rest_is_not_lost(
    viewer: Client, draft: Any, files: Path
) -> None:
    viewer.force_login(draft.owner)
    address = f"/forslag/{draft.number}/afsnit/bilag/"
    typed = {"revision": draft.revision, "do": "upload", "title": "Kort over åen"}

    with no_files(files):
        file = ContentFile(office.PDF, name="bilag.pdf")
        page = told(viewer.post(address, {**typed, "file": file}))

    assert "Portalen kan ikke nå sine filer" in page.text
    assert "Filer kan ikke sendes herfra" in page.text
    assert "Kort over åen" in {e.get("value") for e in page.root.iter("input")}


def test_a_file_that_cannot_be_read_now_is_told_apart_from_one_that_is_lost(
    viewer: Client, draft: Any, files: Path
) -> None:
    viewer.force_login(draft.owner)
    attachment = attachments.add_attachment(
        proposal_pk=draft.pk,
        title="Kort",
        file=ContentFile(office.PDF, name="bilag.pdf"),
        file_name="bilag.pdf",
        content_type="application/pdf",
        by=draft.owner,
        at=NOW,
    )
    address = f"/forslag/{draft.number}/bilag/{attachment.pk}/"

    with no_files(files):
        assert "Portalen kan ikke nå sine filer" in told(viewer.get(address)).text
        health = viewer.get("/sundhed/")
        assert (health.status_code, health.json()["dele"]["filer"]) == (503, "ikke klar")
    (files / attachment.file.name).unlink()
    assert "Fejlen er vores" in told(viewer.get(address), 500).text


def test_no_paper_is_given_up_because_files_are_away(draft: Any, files: Path) -> None:
    submission.submit(proposal_pk=draft.pk, revision=1, by=draft.owner, at=NOW)

    with no_files(files):
        assert tasks.build_papers(at=NOW) == 0
        paper = VersionPaper.objects.get()
        assert (paper.attempts, paper.failed_at) == (0, None)
        assert paper.next_attempt_at == NOW + leases.FIRST_PAUSE
    assert tasks.build_papers(at=NOW + leases.FIRST_PAUSE) == 1


def test_a_bucket_that_gives_no_answer_is_away(settings: Any) -> None:
    def use(address: str) -> None:
        options = {
            "bucket_name": BUCKET,
            "endpoint_url": address,
            "region_name": "eu-north-1",
            "access_key": "klimaspor",
            "secret_key": "hemmelig",
        }
        storage = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
        settings.STORAGES = {**settings.STORAGES, "default": storage}

    with s3() as (_, address):
        use(address)
        assert away.storage_answers()
        with pytest.raises(FileNotFoundError) as missing:
            default_storage.open("findes/ikke.pdf")
        assert away.part_of(missing.value) is None

    use("http://127.0.0.1:1")
    assert not away.storage_answers()
    with pytest.raises(Exception, match="endpoint") as gone:
        default_storage.save("a.pdf", ContentFile(b"x"))
    assert away.part_of(gone.value) is Part.STORAGE


# Mail


@pytest.mark.django_db
def test_health_asks_the_mail_server_once_a_minute(
    viewer: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mail() -> str:
        parts: dict[str, str] = viewer.get("/sundhed/").json()["dele"]
        return parts["mail"]

    with MailServer() as server:
        settings.MAIL_TRANSPORT = {
            "backend": "django.core.mail.backends.smtp.EmailBackend",
            "host": "127.0.0.1",
            "port": server.port,
            "timeout": 20,
        }
        assert [mail(), mail(), mail()] == ["klar"] * 3
        assert server.conversations == 1
    # It is away, and still known to have been there.
    assert mail() == "klar"
    monkeypatch.setattr("klimaspor.mail.standing.KNOWN_SECONDS", 0)
    assert mail() == "ikke klar"
