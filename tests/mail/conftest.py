"""Letters to test with, and a transport that keeps what it sends."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from klimaspor.mail import outbox
from klimaspor.mail.models import OutgoingMail

AT = datetime(2027, 4, 12, 6, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def transport(settings: Any) -> None:
    settings.MAIL_TRANSPORT = {"backend": "django.core.mail.backends.locmem.EmailBackend"}
    settings.BASE_URL = "https://klimaspor.example"
    settings.DEFAULT_FROM_EMAIL = "Klimaspor <post@klimaspor.example>"


@pytest.fixture(autouse=True)
def letter(tmp_path: Path, settings: Any) -> Path:
    """Make the letter "hilsen", whose files a test may write anew."""
    folder = tmp_path / "templates" / "mail" / "hilsen"
    folder.mkdir(parents=True)
    (folder / "subject.txt").write_text("Dit forslag: {{ title }}\n")
    (folder / "body.txt").write_text(
        '{% extends "mail/base/letter.txt" %}{% load letters %}'
        "{% block happened %}{{ title }} er modtaget.{% endblock %}"
        "{% block quote %}{{ reason|quoted }}{% endblock %}"
        "{% block next %}Din DGO svarer.{% endblock %}"
    )
    settings.TEMPLATES = [
        {**settings.TEMPLATES[0], "DIRS": [folder.parent.parent, *settings.TEMPLATES[0]["DIRS"]]}
    ]
    return folder


@pytest.fixture
def write() -> Callable[..., OutgoingMail | None]:
    """Put a letter into the outbox, with what the test does not care about filled in."""

    def write(key: str = "hilsen:1", **given: Any) -> OutgoingMail | None:
        context = {"title": "Klog varme", "reason": "", **given.pop("context", {})}
        to = given.pop("to", "mette@example.org")
        return outbox.put(name="hilsen", key=key, to=to, context=context, at=AT, **given)

    return write
