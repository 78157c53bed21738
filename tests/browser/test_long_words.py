"""
Words that have no end: whatever people type breaks where the page ends, on a phone, at 400 % and on a wide screen.

Every column of words in a portal in use is filled with them, and the text of every version that was sent with the same; a new
column, or a new page, is tried without being written here.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import models, transaction

import pytest

from klimaspor.columns import Address
from proposals.line.models import Version
from tests.browser.conftest import DESKTOP, PHONE, ZOOMED
from tests.browser.hands import TOO_WIDE
from tests.browser.test_every_page import House, files, house, places
from tests.test_columns import NO_WORDS, OURS, word_columns

__all__ = ["files", "house"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow("makes a portal in use, and looks at each page at three widths"),
    pytest.mark.django_db,
]

WORD = "X" * 120
LINK = "https://eksempel.dk/" + "klimatilpasning" * 10 + "/bilag.pdf"
assert len(LINK) == 180

SHORT = 30
"""What holds no more is a code or a telephone number."""
NOT_TYPED = {
    "mail.MailAttachment.name": "made here",
    "proposals.FieldVersion.name": "a question of ours",
}


def typed_columns() -> dict[str, models.Field[Any, Any]]:
    """Give every column that holds what people write, by its name."""
    texts = {
        f"{model._meta.app_label}.{model.__name__}.{field.name}": field
        for app in OURS
        if app in apps.app_configs
        for model in apps.get_app_config(app).get_models()
        # A test of its own may have left one that has no table here.
        if not model.__module__.startswith("tests.")
        for field in model._meta.local_fields
        if isinstance(field, models.TextField) and not field.choices
    }
    lines = {
        name: f
        for name, f in word_columns().items()
        if (f.max_length or SHORT) > SHORT and not f.model.__module__.startswith("tests.")
    }
    return {
        name: field
        for name, field in {**lines, **texts}.items()
        if name not in NO_WORDS | NOT_TYPED
    }


def endless(field: models.Field[Any, Any], pk: Any) -> str:
    if isinstance(field, (Address, models.EmailField)):
        return f"{WORD[:50]}{pk}@{'x' * 60}.{'x' * 60}.dk"
    if isinstance(field, models.CharField):
        return f"{pk}{WORD}"[: field.max_length]
    return f"{LINK} {WORD}"


@pytest.fixture(scope="module")
def endless_house(house: House, django_db_blocker: Any) -> House:
    became: dict[str, str] = {}
    with django_db_blocker.unblock(), transaction.atomic():
        for field in typed_columns().values():
            table = field.model._default_manager  # noqa: SLF001 - the name Django documents
            for pk, text in table.values_list("pk", field.attname):
                if text:
                    became[text] = endless(field, pk)
                    table.filter(pk=pk).update(**{field.attname: became[text]})
        for version in Version.objects.all():
            content = replaced(version.content, became)
            assert content != version.content
            Version.objects.filter(pk=version.pk).update(content=content)
    return house


def replaced(content: Any, became: dict[str, str]) -> Any:
    """Give what was sent with the words that its rows have now."""
    if isinstance(content, dict):
        return {name: replaced(part, became) for name, part in content.items()}
    if isinstance(content, list):
        return [replaced(part, became) for part in content]
    return became.get(content, content) if isinstance(content, str) else content


def test_every_column_of_words_is_filled() -> None:
    assert len(typed_columns()) > 60


@pytest.mark.parametrize(("who", "name", "given", "status"), tuple(places()))
def test_endless_words_stay_on_the_page(
    endless_house: House, who: str, name: str, given: dict[str, str], status: int
) -> None:
    page = endless_house.page_of(who)
    page.goto(endless_house.address(name, given))
    page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true; })")

    wrong: list[Any] = []
    for size in (DESKTOP, PHONE, ZOOMED):
        page.set_viewport_size(size)
        wrong += [(size["width"], e) for e in page.evaluate(TOO_WIDE)]

    assert wrong == [], page.url
