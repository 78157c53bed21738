"""What the tests stand on is held to the same: what is remembered is what steps make, and nothing slow goes by unsaid."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.signals import request_finished, request_started
from django.db import connection, transaction

import pytest

from klimaspor import embedded, tracing
from klimaspor.accounts.models import Organization
from klimaspor.mail.models import OutgoingMail
from proposals.line.lifecycle import Status
from proposals.rounds.models import Round
from tests.factories.intake import NOW, a_draft, a_ready_draft
from tests.factories.walk import World, a_world, proposal_at
from tests.suite import answering, database, pace
from tests.suite.remember import forgetful, remembered, rows

if TYPE_CHECKING:
    from pathlib import Path

    from proposals.attachments.models import Attachment


@pytest.mark.django_db
@pytest.mark.usefixtures("now")
@pytest.mark.parametrize("status", Status)
def test_a_remembered_proposal_is_a_walked_one_row_by_row(status: Status) -> None:
    def stood(*, for_real: bool) -> tuple[dict[str, list[str]], World]:
        database.begin_anew()
        with transaction.atomic():
            world = a_world()
            if for_real:
                with forgetful():
                    proposal_at(status, world)
            else:
                proposal_at(status, world)
            found = {table: sorted(map(_without_chance, there)) for table, there in rows().items()}
            transaction.set_rollback(True)
        return found, world

    walked, after_walking = stood(for_real=True)
    # It is walked once more unless another test has, and then put back.
    stood(for_real=False)
    put_back, after_remembering = stood(for_real=False)

    assert put_back == walked
    assert after_remembering == after_walking


@pytest.mark.django_db
@pytest.mark.usefixtures("now")
@pytest.mark.slow("the whole line is walked by five plans")
def test_steps_write_the_same_rows_however_postgresql_plans() -> None:
    """What is in no order comes by chance: by another plan on another machine, and keys lie otherwise."""
    found = []
    for off in ("nestloop", "hashjoin", "mergejoin", "seqscan", "hashagg"):
        database.begin_anew()
        with transaction.atomic(), forgetful():
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL enable_{off} = off")
            proposal_at(Status.COMPLETED, a_world())
            found.append(
                {name: sorted(map(_without_chance, there)) for name, there in rows().items()}
            )
            transaction.set_rollback(True)

    for others in found[1:]:
        assert {name: there for name, there in others.items() if there != found[0][name]} == {}


@pytest.mark.django_db
@pytest.mark.usefixtures("now")
def test_what_was_made_in_answer_to_one_request_is_not_given_to_another() -> None:
    found = []
    for request_id in ("4bf92f35-77b3", "4bf92f35-77b4"):
        database.begin_anew()
        tracing.begin(request_id)
        with transaction.atomic():
            proposal_at(Status.IN_QUALIFICATION, a_world())
            found.append(set(OutgoingMail.objects.values_list("request_id", flat=True)))
            transaction.set_rollback(True)

    assert found == [{"4bf92f35-77b3"}, {"4bf92f35-77b4"}]


@pytest.mark.django_db
@pytest.mark.usefixtures("now")
def test_steps_ask_for_people_in_an_order() -> None:
    """Without one they come as PostgreSQL likes that day, letters lie in that order, and no two walks are alike."""
    unordered = []

    def look(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        if (
            sql.startswith('SELECT "accounts_user"')
            and "ORDER BY" not in sql
            and context["cursor"].rowcount > 1
        ):
            unordered.append(sql)
        return result

    for status in (Status.COMPLETED, Status.LAPSED, Status.WITHDRAWN):
        database.begin_anew()
        with transaction.atomic(), forgetful(), connection.execute_wrapper(look):
            proposal_at(status, a_world())
            transaction.set_rollback(True)

    assert unordered == []


def test_rows_are_cleared_when_the_live_server_has_answered() -> None:
    begun, done = threading.Event(), []

    def answer() -> None:
        request_started.send(sender=None)
        begun.set()
        time.sleep(0.1)
        done.append("answered")
        request_finished.send(sender=None)

    server = threading.Thread(target=answer)
    server.start()
    begun.wait()
    answering.wait_until_done()
    done.append("cleared")
    server.join()

    assert done == ["answered", "cleared"]


@pytest.mark.parametrize("turn", (1, 2))
def test_no_test_stands_in_the_answer_to_what_another_asked(turn: int) -> None:
    assert tracing.current() == ""
    tracing.begin(f"4bf92f35-77b{turn}")


def _without_chance(row: str) -> str:
    """Leave out the one thing that is drawn anew each time: what a letter is called on its way."""
    return re.sub(r'"message_id": "[^"]*"', "", row)


CALLS: list[str] = []


@remembered
def _renamed_and_removed(name: str) -> Organization:
    CALLS.append(name)
    Organization.objects.named("Vandværket ApS").update(name=name)
    Round.objects.named("Efterår 2027").delete()
    return Organization.objects.get(name=name)


@pytest.mark.django_db
def test_what_changed_and_what_went_is_remembered_too() -> None:
    CALLS.clear()
    for _ in range(2):
        with transaction.atomic():
            a_world()
            made = _renamed_and_removed("Vandværket A/S")
            assert made == Organization.objects.get(name="Vandværket A/S")
            assert not Organization.objects.named("Vandværket ApS").exists()
            assert [round_.name for round_ in Round.objects.all()] == ["Forår 2027"]
            transaction.set_rollback(True)
        database.begin_anew()

    assert CALLS == ["Vandværket A/S"]


@pytest.mark.django_db
def test_where_anything_is_otherwise_the_steps_are_taken() -> None:
    def asked(*, name: str = "Ny", before: str = "") -> None:
        database.begin_anew()
        with transaction.atomic():
            a_world()
            if before:
                Organization.objects.named("Region Midtjylland").update(name=before)
            _renamed_and_removed(name)
            transaction.set_rollback(True)

    CALLS.clear()
    asked()
    asked(name="Anden")
    asked(before="Region Nord")
    asked(name="Anden")
    with forgetful():
        asked()
    asked()

    assert CALLS == ["Ny", "Anden", "Ny", "Ny"]


@pytest.mark.django_db
def test_steps_after_what_was_remembered_go_on_from_there() -> None:
    for _ in range(2):
        database.begin_anew()
        with transaction.atomic():
            world = a_world()
            sent = proposal_at(Status.IN_QUALIFICATION, world)
            later = a_draft(world.cast, world.round)
            assert later.pk > sent.pk
            assert later.number > sent.number
            transaction.set_rollback(True)


@pytest.mark.django_db
def test_what_has_a_file_is_made_each_time() -> None:
    made: list[str] = []

    @remembered
    def with_a_file(world: World) -> Attachment:
        draft = a_ready_draft(world.cast, world.round)
        made.append(draft.number)
        found: Attachment = draft.attachments.create(
            position=1,
            title="Bilag",
            file=ContentFile(b"%PDF-1.7\n", name="bilag.pdf"),
            file_name="bilag.pdf",
            content_type="application/pdf",
            size=9,
            uploaded_at=NOW,
            uploaded_by=world.cast.owner,
        )
        return found

    for _ in range(2):
        database.begin_anew()
        with transaction.atomic():
            with with_a_file(a_world()).file.open() as file:
                assert file.read() == b"%PDF-1.7\n"
            transaction.set_rollback(True)

    assert len(made) == 2


@pytest.mark.django_db(transaction=True)
def test_what_is_committed_is_cleared_away_and_what_migrations_made_is_left() -> None:
    with connection.cursor() as cursor:
        before = {
            table: _count(cursor, table) for table in connection.introspection.table_names(cursor)
        }
        proposal_at(Status.ACTIVE)
        database.clear()
        after = {table: _count(cursor, table) for table in before}

    assert after == before
    assert {table for table, count in before.items() if count} == database.LASTING


def _count(cursor: object, table: str) -> int:
    cursor.execute(f'SELECT count(*) FROM "{table}"')  # type: ignore[attr-defined]  # noqa: S608 - a cursor, and a name of ours
    (count,) = cursor.fetchone()  # type: ignore[attr-defined]  # the same
    return int(count)


@pytest.mark.django_db
def test_the_tests_server_is_not_the_portals() -> None:
    if settings.DATABASE_URL:
        return
    with connection.cursor() as cursor:
        cursor.execute("SHOW fsync")
        assert cursor.fetchone() == ("off",)

    assert connection.settings_dict["HOST"] != embedded.database(settings.STATE)["HOST"]


def run(folder: Path, lines: str) -> subprocess.CompletedProcess[str]:
    """Run tests of their own as a run of ours would be told of them."""
    (folder / "test_made.py").write_text(f"import time, pytest\n{lines}\n")
    (folder / "conftest.py").write_text(f"from tests.suite import pace\npace.BOUND = {BOUND}\n")
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n  slow(reason): x\n  browser: x\n")
    command = [sys.executable, "-m", "pytest", "-p", "tests.suite.pace", "-p", "no:cacheprovider"]
    command += ["-p", "no:playwright", "-p", "no:hypothesispytest", "--ds", "klimaspor.settings"]
    return subprocess.run(
        [*command, "-c", str(folder / "pytest.ini"), str(folder)],
        cwd=settings.BASE_DIR,
        env={**os.environ, "PYTHONPATH": str(settings.BASE_DIR)},
        capture_output=True,
        text=True,
        check=False,
    )


BOUND = 0.02
WORK = """\
    until = time.process_time() + 0.5
    while time.process_time() < until:
        pass
"""


@pytest.mark.slow("runs suites of its own")
def test_an_unmarked_slow_test_fails_the_run(tmp_path: Path) -> None:
    lines = f"def test_long():\n{WORK}\ndef test_short():\n    pass"

    refused = run(tmp_path, lines)
    marked = run(tmp_path, f"@pytest.mark.slow('adds up')\n{lines}")

    assert "2 passed" in refused.stdout
    assert "slow, and not marked so" in refused.stdout
    assert "test_made.py::test_long (at most" in refused.stdout
    assert "test_made.py::test_short (at most" not in refused.stdout
    assert refused.returncode == 1
    assert (marked.returncode, "not marked so" in marked.stdout) == (0, False)


@pytest.mark.slow("runs a suite of its own")
def test_slow_needs_its_reason(tmp_path: Path) -> None:
    refused = run(tmp_path, "@pytest.mark.slow\ndef test_long():\n    pass")

    assert "Say why it must be slow" in refused.stderr + refused.stdout
    assert refused.returncode == pytest.ExitCode.USAGE_ERROR


@pytest.mark.slow("runs a suite of its own")
def test_what_is_made_for_many_is_no_tests_own(tmp_path: Path) -> None:
    lines = (
        f"@pytest.fixture(scope='module')\ndef world():\n{WORK}\ndef test_in_it(world):\n    pass"
    )

    assert run(tmp_path, lines).returncode == 0


def test_a_busy_machine_makes_no_test_slow() -> None:
    def told(**measured: float) -> pace.Told:
        values = {"clock": 60.0, "work": 0.0, "wait": 0.0, "slowness": 1.0, **measured}
        return pace.Told(nodeid="a", bound=2.0, is_marked=False, **values)

    assert not told(work=1.9).is_over
    assert told(work=2.1).is_over
    assert not told(work=2.1, slowness=1.5).is_over
    assert told(wait=2.1).is_over
