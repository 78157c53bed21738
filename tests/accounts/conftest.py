"""People whose addresses are proved, and the letters they got."""

from collections.abc import Callable
from typing import Any

from django.core.cache import cache

import pytest
from allauth.account.models import EmailAddress

from klimaspor.accounts.models import User
from klimaspor.mail.models import OutgoingMail
from tests.factories.intake import Cast, a_cast


@pytest.fixture(autouse=True)
def _no_limits_left_over() -> None:
    """Forget how often allauth was asked by the tests before."""
    cache.clear()


@pytest.fixture(autouse=True)
def _as_it_runs(settings: Any) -> None:
    settings.BASE_URL = "http://testserver"
    # Django's test runner would keep allauth's letters in memory.
    settings.EMAIL_BACKEND = "klimaspor.mail.backend.OutboxBackend"


@pytest.fixture
def cast(db: None) -> Cast:
    return a_cast()


def verify(user: User) -> User:
    """Let the person have proved that the address is theirs."""
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def letters() -> Callable[[], list[tuple[str, str]]]:
    """Give name and recipient of every letter, oldest first."""
    return lambda: list(OutgoingMail.objects.oldest_first().values_list("name", "recipient"))
