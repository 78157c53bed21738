"""Without Valkey people sign in, read and write, nobody waits for it, and two portals may share one."""

from __future__ import annotations

import socket
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

import pytest
import redis
from allauth.account.models import EmailAddress

from klimaspor import embedded, sweeps, valkey
from klimaspor.models import SweepRecord
from tests.factories.intake import a_cast
from tests.suite import pace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

SIGN_IN = "/konto/log-paa/"
PASSWORD = "fire ord uden sammenhæng"


@pytest.fixture(autouse=True)
def _nobody_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(valkey, "_left_alone_until", {})


def use(settings: Any, url: str, *, prefix: str = "", broker: str = "", **options: float) -> None:
    """Keep things at this address, as a portal of that prefix does."""
    settings.CACHES = {
        "default": {
            "BACKEND": "klimaspor.valkey.Cache",
            "LOCATION": url,
            "KEY_PREFIX": prefix,
            "OPTIONS": {**valkey.CACHE_OPTIONS, **options},
        }
    }
    settings.CELERY_BROKER_URL = broker or url
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"global_keyprefix": f"{prefix}:"} if prefix else {}


def use_embedded(settings: Any, state: Path, *, prefix: str = "") -> None:
    """Keep things in the embedded server, which answers when the machine lets it."""
    use(
        settings,
        embedded.cache_url(state),
        prefix=prefix,
        broker=embedded.broker_url(state),
        socket_timeout=20,
        socket_connect_timeout=20,
    )


@pytest.fixture
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for a server that is there, however busy the machine is."""
    monkeypatch.setattr(valkey, "PATIENCE_SECONDS", 20)


@pytest.fixture
def state() -> Iterator[Path]:
    """Give a folder with a short name: with a long one the socket lies elsewhere each time the server is started."""
    with tempfile.TemporaryDirectory(prefix="ks-") as folder:
        yield Path(folder)


@pytest.fixture
def silent() -> Iterator[str]:
    """A server that takes the call and then says nothing."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield f"redis://127.0.0.1:{listener.getsockname()[1]}/1"


@pytest.fixture
def dead() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"redis://127.0.0.1:{probe.getsockname()[1]}/1"


@pytest.mark.parametrize("url", ("silent", "dead"))
@pytest.mark.django_db(transaction=True)
def test_a_page_waits_once_however_much_it_asks(
    request: pytest.FixtureRequest, settings: Any, url: str
) -> None:
    use(settings, request.getfixturevalue(url))
    begun = time.monotonic()

    for number in range(20):
        cache.set(f"key-{number}", number)
    assert [cache.get(f"key-{number}") for number in range(20)] == list(range(20))
    with transaction.atomic():
        for name in settings.SWEEPS:
            sweeps.nudge(name)

    assert time.monotonic() - begun < 0.5 * pace.slowness()


@pytest.mark.usefixtures("_patient")
def test_what_was_away_is_asked_again_when_it_has_been_left_alone(
    settings: Any, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(valkey, "LEFT_ALONE_SECONDS", 0.2)
    with embedded.running(state, postgres=False):
        use_embedded(settings, state)
        cache.set("a", {"any": "thing"})
        assert (cache.get("a"), cache.add("a", 1), cache.incr("n") if cache.add("n", 1) else 0) == (
            {"any": "thing"},
            False,
            2,
        )

    assert cache.get("a", "away") == "away"
    assert (cache.add("b", 1), cache.add("b", 1), cache.get("b")) == (True, False, 1)
    assert (cache.touch("b"), cache.delete("b"), cache.get("b")) == (True, True, None)

    with embedded.running(state, postgres=False):
        time.sleep(0.3)
        # It was kept there, and the connections of before are broken.
        assert cache.get("a") == {"any": "thing"}
        cache.clear()
        assert cache.get("a") is None


@pytest.mark.django_db
def test_people_sign_in_and_are_still_limited_when_valkey_is_stopped(
    settings: Any, tmp_path: Path, client: Client
) -> None:
    user = a_cast().owner
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    with embedded.running(tmp_path, postgres=False):
        use_embedded(settings, tmp_path)
        cache.set("a", 1)

    begun = time.monotonic()
    answer = client.post(SIGN_IN, {"login": user.email, "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/").status_code == 200
    # Each of the pages; signing in is made slow on purpose, and by a hasher that tests make quick.
    assert time.monotonic() - begun < 5

    client.logout()
    told = [
        client.post(SIGN_IN, {"login": user.email, "password": "forkert"}).content.decode()
        for _ in range(12)
    ]
    assert "passer ikke sammen" in told[0]
    assert "Der er prøvet for mange gange" in told[-1]


@pytest.mark.django_db
def test_the_pages_that_say_how_it_goes_stay_up(settings: Any, dead: str, client: Client) -> None:
    use(settings, dead)
    SweepRecord.objects.bulk_create(
        SweepRecord(name=name, visited_at=timezone.now()) for name in settings.SWEEPS
    )
    client.force_login(a_cast().administrator)

    assert client.get("/administration/koersel/").status_code == 200
    parts = client.get("/sundhed/").json()["dele"]
    assert [name for name, state in parts.items() if state != "klar"] == ["kø"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_patient")
def test_two_portals_share_a_server_and_nothing_on_it(settings: Any, tmp_path: Path) -> None:
    def queues() -> dict[str, Any]:
        with redis.from_url(embedded.cache_url(tmp_path).replace("db=1", "db=0")) as there:
            return {key.decode(): there.llen(key) for key in there.scan_iter(_type="list")}

    with embedded.running(tmp_path, postgres=False):
        for prefix in ("by", "land"):
            use_embedded(settings, tmp_path, prefix=prefix)
            assert cache.get("name") is None
            cache.set("name", prefix)
            sweeps.nudge("mail.tasks.deliver")
            assert sweeps.broker_answers()

        assert queues() == {"by:celery": 1, "land:celery": 1}
        use_embedded(settings, tmp_path, prefix="by")
        assert cache.get("name") == "by"
        with pytest.raises(NotImplementedError):
            cache.clear()
