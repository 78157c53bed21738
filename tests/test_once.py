"""Ten presses at the very same moment make one."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.test import Client
from django.urls import reverse

import pytest
import time_machine

from klimaspor.accounts.models import Organization
from klimaspor.models import UsedKey
from proposals.line.models import Proposal
from proposals.sparring import steps as sparring
from proposals.sparring.models import Advice
from tests.factories.intake import NOW, a_cast, a_ready_draft, a_round

if TYPE_CHECKING:
    from klimaspor.accounts.models import User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PRESSES = 10


def pressed_at_once(user: User, address: str, typed: dict[str, Any]) -> list[str]:
    """Press as often at the same moment, and give where each press led."""
    ready, led = threading.Barrier(PRESSES), []

    def press() -> None:
        try:
            client = Client()
            client.force_login(user, backend=BACKEND)
            ready.wait()
            answer = client.post(address, typed)
            led.append(answer.headers.get("Location", str(answer.status_code)))
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(PRESSES)]
    with time_machine.travel(NOW, tick=False):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return led


@pytest.mark.slow("ten people at once, each with a connection of their own")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ("copy", "comment", "organization"))
def test_ten_presses_at_once_make_one(what: str) -> None:
    cast, round_ = a_cast(), a_round()
    proposal = a_ready_draft(cast, round_)
    sparring.open_sparring(proposal_pk=proposal.pk, by=cast.owner, at=NOW)
    user, address, typed, count = {
        "copy": (
            cast.owner,
            reverse("proposals:copy", args=[proposal.number]),
            {"round": round_.pk},
            Proposal.objects.count,
        ),
        "comment": (
            cast.adviser,
            reverse("proposals:comment", args=[proposal.number]),
            {"text": "Hvad med vinden?"},
            Advice.objects.count,
        ),
        # Its name may be taken once, so those who come later must not be told that it is.
        "organization": (
            cast.secretariat,
            reverse("accounts:new_organization"),
            {"name": "Vindlaug", "kind": "company"},
            Organization.objects.count,
        ),
    }[what]
    before = count()

    led = pressed_at_once(user, address, {**typed, "once": "x"})

    assert count() == before + 1
    assert len(led) == PRESSES
    assert len(set(led)) == 1, led
    assert led[0].startswith("/")
    assert UsedKey.objects.count() == 1
