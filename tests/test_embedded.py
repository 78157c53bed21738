"""The embedded servers, for real: several at once, killed, left behind, and somebody else's."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

import psycopg
import pytest

from klimaspor import embedded

pytestmark = pytest.mark.slow("makes and starts servers")


def ask(state: Path, question: str) -> object:
    described = embedded.database(state)
    with psycopg.connect(
        host=described["HOST"],
        dbname=described["NAME"],
        user=described["USER"],
        password=described["PASSWORD"],
    ) as connection:
        row = connection.execute(question.encode()).fetchone()
    return row[0] if row else None


def postgres_of(state: Path) -> int:
    return int((state / "servers/postgres/postmaster.pid").read_text().split()[0])


def is_alive(pid: int) -> bool:
    try:
        # A killed one that nobody has buried yet is as dead.
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    while is_alive(pid):
        time.sleep(0.02)


@pytest.fixture
def without_namespaces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let root find no `unshare`, and take away afterwards the user that was made instead."""
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("setpriv", "useradd"):
        found = shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin")
        assert found
        (programs / name).symlink_to(found)
    elsewhere = embedded.may_map_users()
    known = {user.pw_name for user in pwd.getpwall()}
    with monkeypatch.context() as here:
        here.setenv("PATH", str(programs))
        embedded.may_map_users.cache_clear()
        yield
    embedded.may_map_users.cache_clear()
    if elsewhere and embedded.SERVER_USER in {user.pw_name for user in pwd.getpwall()} - known:
        subprocess.run(["userdel", embedded.SERVER_USER], check=True)  # noqa: S603, S607 - where the system has it


def test_the_application_is_no_superuser_and_may_make_databases_for_tests(tmp_path: Path) -> None:
    with embedded.running(tmp_path, valkey=False):
        assert ask(tmp_path, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
        assert (
            ask(tmp_path, "SELECT rolcreatedb FROM pg_roles WHERE rolname = current_user") is True
        )


def test_a_password_is_asked_for(tmp_path: Path) -> None:
    with embedded.running(tmp_path, valkey=False):
        described = embedded.database(tmp_path)

        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(
                host=described["HOST"],
                dbname=described["NAME"],
                user=described["USER"],
                password="guess",
            )


def test_others_on_the_machine_reach_neither_secrets_nor_sockets(tmp_path: Path) -> None:
    with embedded.running(tmp_path / "state"):
        sockets = Path(embedded.database(tmp_path / "state")["HOST"])
        secrets = list((tmp_path / "state/secrets").iterdir())

        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
        assert {file.name for file in secrets} == {"database", "secret_key", "superuser"}
        assert {stat.S_IMODE(file.stat().st_mode) for file in secrets} == {0o600}


def test_two_states_stand_side_by_side(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"

    with embedded.running(one, valkey=False), embedded.running(other, valkey=False):
        assert postgres_of(one) != postgres_of(other)
        assert embedded.database(one)["PASSWORD"] != embedded.database(other)["PASSWORD"]


def test_the_last_to_leave_stops_them(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib; from klimaspor import embedded\n"
        "with embedded.running(pathlib.Path(sys.argv[1])):\n"
        "    print('in', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(  # noqa: S603 - the program stands above
        [sys.executable, "-c", program, tmp_path],
        cwd=settings.BASE_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout
        other.stdout.readline()
        with embedded.running(tmp_path):
            server = postgres_of(tmp_path)
        assert is_alive(server)

        other.communicate(b"")

    assert not is_alive(server)
    assert not list((tmp_path / "servers/run").glob("*.sock"))


def test_starts_again_after_a_kill_that_left_its_files(tmp_path: Path) -> None:
    with embedded.running(tmp_path):
        ask(tmp_path, "SELECT 1")
        kill(postgres_of(tmp_path))
        kill(int((tmp_path / "servers/valkey/pid").read_text()))
        left = tmp_path / "servers/postgres/postmaster.pid"
        # The number has since been given to another program: this one.
        left.write_text(f"{os.getpid()}\n" + left.read_text().partition("\n")[2])

    with embedded.running(tmp_path):
        assert ask(tmp_path, "SELECT 1") == 1


def test_an_interrupted_beginning_is_begun_again(tmp_path: Path) -> None:
    half = tmp_path / "servers/postgres.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")

    with embedded.running(tmp_path, valkey=False):
        assert ask(tmp_path, "SELECT 1") == 1


def test_a_long_path_gets_a_short_socket_that_is_cleared_away(tmp_path: Path) -> None:
    state = tmp_path / ("x" * 100)

    with embedded.running(state):
        sockets = Path(embedded.database(state)["HOST"])
        assert ask(state, "SELECT 1") == 1
        assert len(str(sockets)) < 80

    assert not sockets.exists()


@pytest.mark.usefixtures("without_namespaces")
def test_programs_may_lie_where_only_root_may_enter(tmp_path: Path) -> None:
    state, closed = tmp_path / "state", tmp_path / "closed"
    state.mkdir()
    closed.mkdir(mode=0o700)
    (closed / "program").touch(mode=0o755)
    # PostgreSQL asks of its programs beforehand, as the real user.
    asks = f"import os, sys; sys.exit(not os.access({str(closed / 'program')!r}, os.X_OK))"

    done = embedded._run(state, [sys.executable, "-c", asks])  # noqa: SLF001 - as it runs them

    assert (done.returncode, done.stdout) == (0, "")


def test_follows_to_where_root_has_no_namespaces(
    tmp_path: Path, without_namespaces: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Only root may enter, as in /root; and what was begun as somebody else goes on as who it is here.
    state = tmp_path / "state"
    elsewhere = set(Path("/var/lib").iterdir())
    with monkeypatch.context() as before:
        before.setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
        embedded.may_map_users.cache_clear()
        with embedded.running(state):
            assert ask(state, "SELECT lo_create(4711)") == 4711
    embedded.may_map_users.cache_clear()
    state.chmod(0o700)

    with embedded.running(state):
        assert ask(state, "SELECT oid FROM pg_largeobject_metadata") == 4711
        owner = Path(f"/proc/{postgres_of(state)}").stat().st_uid
        expected = os.geteuid() or pwd.getpwnam(embedded.SERVER_USER).pw_uid
        assert owner == expected
        assert (
            Path(f"/proc/{(state / 'servers/valkey/pid').read_text().strip()}").stat().st_uid
            == owner
        )
        assert {file.stat().st_uid for file in (state / "servers").rglob("*")} == {owner}

    assert set(Path("/var/lib").iterdir()) == elsewhere


def test_a_deleted_state_folder_begins_again(tmp_path: Path) -> None:
    for _ in range(2):
        with embedded.running(tmp_path / "state", valkey=False):
            assert ask(tmp_path / "state", "SELECT 1") == 1
        shutil.rmtree(tmp_path / "state")


def test_a_full_disk_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "NEEDED_BYTES", 10**18)

    with pytest.raises(embedded.CannotStart, match="er fuld: der skal være mindst 300 MB fri"):
        embedded.prepare(tmp_path)


def test_the_folder_of_another_is_refused(tmp_path: Path) -> None:
    folder = Path("/")
    if os.geteuid() == 0:
        folder = tmp_path / "theirs"
        folder.mkdir()
        os.chown(folder, 4711, -1)

    with pytest.raises(embedded.CannotStart, match=r"tilhører brugeren (4711|root)\. Start som"):
        embedded.prepare(folder)


def test_a_place_that_is_no_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(embedded.CannotStart, match="kan ikke bruges"):
        embedded.prepare(tmp_path / "file")


def test_a_database_of_another_version_is_refused(tmp_path: Path) -> None:
    with embedded.running(tmp_path, valkey=False):
        pass
    (tmp_path / "servers/postgres/PG_VERSION").write_text("9\n")

    with (
        pytest.raises(embedded.CannotStart, match="lavet med PostgreSQL 9, som ikke findes her"),
        embedded.running(tmp_path, valkey=False),
    ):
        pass
