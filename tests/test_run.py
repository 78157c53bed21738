"""`./run` on machines that lack something: what it installs, what it says, and what it takes up again.

The machine around it is made here: a folder of programs is all that `run` finds, and its apt-get knows one package.
"""

import fcntl
import os
import select
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

import pytest

pytestmark = pytest.mark.slow("runs the whole of run, with programs that stand for apt and pip")

# What any Debian has, with nothing on it.
BASE = "awk bash cat cksum cut df dirname env find flock grep id ldd readlink rm sed sh sort tail tr true uname xargs"
READY = "Alt er klart.\n"
LOCKS = ("requirements.txt", "requirements-embedded.txt", "requirements-dev.txt")


class Machine:
    """A checkout that is set up, on a machine with `programs`; each test takes something away."""

    def __init__(self, folder: Path) -> None:
        self.project = folder / "project"
        self.programs = folder / "programs"
        self.asked = folder / "asked"
        self.programs.mkdir()
        for name in [*BASE.split(), "git"]:
            found = shutil.which(name)
            assert found, name
            (self.programs / name).symlink_to(found)
        (self.programs / "python3").symlink_to(Path(sys.executable).resolve())
        self.program("chromium", "exit 0")
        self.program("sudo", 'exec "$@"')
        self._check_out()
        self._set_up()

    def program(self, name: str, text: str) -> Path:
        file = self.programs / name
        file.unlink(missing_ok=True)
        file.write_text(f"#!/bin/sh\n{text}\n")
        file.chmod(0o755)
        return file

    def without(self, *names: str) -> None:
        for name in names:
            (self.programs / name).unlink()

    def apt(self, package: str, installing: str) -> None:
        """Have an apt-get that knows one package, and does this to install it."""
        self.program(
            "apt-get",
            f'echo "$*" >>"{self.asked}"\n'
            'for name; do :; done\ncase "$*" in\n'
            f'*--simulate*) [ "$name" = "{package}" ] ;;\n*" {package}") {installing} ;;\nesac',
        )

    def program_that_wants(self, library: str) -> Path:
        """Put among the Python packages' programs one that wants this library instead of the system's own."""
        real = b"libc.so.6\0"
        broken = library.encode().ljust(len(real), b"\0")
        assert len(broken) == len(real)
        source = Path("/bin/true").resolve().read_bytes()
        assert real in source
        file = self.project / ".venv/bin/tool"
        file.write_bytes(source.replace(real, broken))
        file.chmod(0o755)
        return file

    def run(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["./run", *(words or ("test",))],
            cwd=self.project,
            env=self.surroundings(**more),
            capture_output=True,
            text=True,
            check=False,
        )

    def surroundings(self, **more: str) -> dict[str, str]:
        return {
            "PATH": str(self.programs),
            "HOME": str(self.project),
            "LANG": "C.UTF-8",
            # What the virtual environment of the tests has, this one has too.
            "PYTHONPATH": sysconfig.get_path("purelib"),
            # No server is asked for.
            "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
            "KLIMASPOR_STATE": str(self.project / ".state"),
            **more,
        }

    def _check_out(self) -> None:
        (self.project / ".ci").mkdir(parents=True)
        (self.project / ".ci/checks").write_text(f"printf '%s' '{READY}'\n")
        for name in ("run", *LOCKS):
            shutil.copy(settings.BASE_DIR / name, self.project)
        (self.project / "klimaspor").symlink_to(settings.BASE_DIR / "klimaspor")
        (self.project / "static/build").mkdir(parents=True)
        (self.project / "static/klimaspor.css").touch()
        subprocess.run(["git", "init", "--quiet"], cwd=self.project, check=True)

    def _set_up(self) -> None:
        environment = self.project / ".venv"
        venv.create(environment, symlinks=True)
        (environment / "bin/pip").write_text(f"#!{environment}/bin/python\n")
        for name in LOCKS:
            self.mark(f".venv/.{name}", f"cksum <{name}")
        self.mark(
            "static/build/.built",
            "find static -maxdepth 1 -type f | LC_ALL=C sort | xargs cksum",
        )

    def mark(self, file: str, command: str) -> None:
        said = subprocess.check_output(["sh", "-c", command], cwd=self.project, text=True)
        (self.project / file).write_text(said.rstrip("\n"))


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_says_nothing_when_nothing_is_missing(machine: Machine) -> None:
    done = machine.run()

    assert (done.stdout, done.stderr, done.returncode) == (READY, "", 0)
    assert not (machine.project / ".setup.log").exists()


@pytest.mark.parametrize(
    ("library", "package"),
    (
        ("libq.so.6", "libq6"),
        ("lq_S.so.1", "lq-s1"),
        ("lq-1.so.3", "lq-1-3"),
        ("lq-2.so.0", "lq2-0"),
        ("libnq3.so", "libnq3"),
    ),
)
def test_a_library_that_a_program_wants_is_installed(
    machine: Machine, library: str, package: str
) -> None:
    tool = machine.program_that_wants(library)
    machine.apt(package, f'{shutil.which("cp")} /bin/true "{tool}"')

    done = machine.run()

    assert (done.stdout, done.stderr) == (f"Installerer {package}\n{READY}", "")


def test_a_library_that_no_package_has_is_said_with_who_wants_it(machine: Machine) -> None:
    machine.program_that_wants("libq.so.6")
    machine.apt("another", "true")

    done = machine.run()

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        "Klimaspor kan ikke starte. Programmer her kræver biblioteker, som systemet ikke har. "
        "Installér dem, og start igen:\nlibq.so.6 .venv/bin/tool:\n"
    )


def test_a_package_that_does_not_help_is_not_believed(machine: Machine) -> None:
    machine.program_that_wants("libq.so.6")
    machine.apt("libq6", "true")

    done = machine.run()

    assert done.returncode == 1
    assert done.stdout == "Installerer libq6\n"
    assert done.stderr.endswith("\nlibq.so.6 .venv/bin/tool:\n")


def test_who_may_not_install_is_told_everything_at_once(machine: Machine) -> None:
    machine.program("id", "echo 1000")
    machine.apt("another", "true")
    machine.without("sudo", "python3", "chromium", "git")
    packages = "python3 python3-venv libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    tools = f"{packages} chromium git libatomic1"

    for word, names in (("test", tools), ("", packages)):
        done = machine.run(word)

        assert done.returncode == 1
        assert done.stdout == ""
        assert done.stderr == (
            f"Klimaspor kan ikke starte. Jeg mangler {names} og må ikke installere. "
            f"Bed en administrator køre: apt-get install {names}\n"
        )


def test_an_installation_that_fails_says_what_apt_said(machine: Machine) -> None:
    machine.without("git")
    machine.apt("git", "echo 'E: Unable to fetch' >&2; exit 100")

    done = machine.run()

    assert done.returncode == 1
    assert done.stderr == (
        "E: Unable to fetch\nKlimaspor kan ikke starte. Installationen mislykkedes. Tjek forbindelsen "
        "til nettet, eller bed en administrator køre: apt-get install git\n"
    )


def test_a_browser_that_cannot_start_is_said(machine: Machine) -> None:
    browser = machine.program("chromium", "echo 'requires the chromium snap' >&2; exit 1")

    done = machine.run()

    assert done.returncode == 1
    assert done.stderr == (
        f"Klimaspor kan ikke starte. {browser} kan ikke starte: requires the chromium snap\n"
    )


def test_a_browser_that_is_not_there_is_said(machine: Machine) -> None:
    done = machine.run(CHROMIUM="/nowhere/chrome")

    assert done.returncode == 1
    assert done.stderr == (
        "Klimaspor kan ikke starte. CHROMIUM=/nowhere/chrome er ikke et program her.\n"
    )


def test_a_folder_that_git_does_not_know_is_said(machine: Machine) -> None:
    shutil.rmtree(machine.project / ".git")

    done = machine.run()

    assert done.returncode == 1
    assert done.stderr == (
        "Klimaspor kan ikke starte. Testene spørger git, hvilke filer der er vores, "
        "og her er intet lager. Hent koden med git clone.\n"
    )


def cut_off(project: Path) -> None:
    (project / ".venv/.unfinished").touch()


def moved(project: Path) -> None:
    (project / ".venv/bin/pip").write_text("#!/somewhere/else/.venv/bin/python\n")


@pytest.mark.parametrize("happen", (cut_off, moved))
def test_packages_that_are_half_there_are_fetched_anew(
    machine: Machine, happen: Callable[[Path], None]
) -> None:
    for name in LOCKS:
        (machine.project / name).write_text("")
    half = machine.project / ".venv/half"
    half.touch()
    happen(machine.project)

    done = machine.run()

    assert done.stdout == f"Henter Python-pakker\n{READY}"
    assert not half.exists()
    assert not (machine.project / ".venv/.unfinished").exists()

    assert machine.run().stdout == READY


def test_packages_of_another_version_do_not_pass_for_the_tests(machine: Machine) -> None:
    packages = {name: machine.project / name for name in LOCKS}
    for lock in packages.values():
        lock.write_text("")
    assert machine.run("test").stdout == f"Henter Python-pakker\n{READY}"
    # The tests' packages hold those that it starts with.
    assert machine.run("").stdout == ""

    packages["requirements.txt"].write_text("# Another version\n")
    assert machine.run("").stdout == "Henter Python-pakker\n"
    packages["requirements.txt"].write_text("")

    assert machine.run("test").stdout == f"Henter Python-pakker\n{READY}"


def test_servers_of_our_own_are_fetched_where_none_is_named(machine: Machine) -> None:
    for name in LOCKS:
        (machine.project / name).write_text("")
    own = machine.project / ".venv/.requirements-embedded.txt"
    both = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "REDIS_URL": "redis://127.0.0.1"}
    shutil.rmtree(machine.project / ".venv")

    machine.run("", **both)
    assert not own.exists()

    machine.run("", **{**both, "REDIS_URL": ""})
    assert own.exists()


def test_packages_that_cannot_be_fetched_are_fetched_the_next_time(machine: Machine) -> None:
    lock = machine.project / "requirements-dev.txt"
    lock.write_text(f"nowhere==1 --hash=sha256:{'0' * 64}\n")

    done = machine.run(PIP_NO_INDEX="1", PIP_CONFIG_FILE=os.devnull)

    assert done.returncode == 1
    assert done.stderr.endswith(
        "Klimaspor kan ikke starte. Python-pakkerne kunne ikke hentes. Tjek forbindelsen til nettet "
        "og pladsen på disken (df -h .), og start igen.\n"
    )

    lock.write_text("")
    assert machine.run().stdout == f"Henter Python-pakker\n{READY}"


def test_a_full_disk_is_said_before_anything_is_fetched(machine: Machine) -> None:
    machine.program("df", "echo; echo 'disk 9 9 1024 99% /'")
    (machine.project / "requirements-dev.txt").write_text("")

    done = machine.run()

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        "Klimaspor kan ikke starte. Disken er fuld: der skal være 1024 MB fri, "
        f"hvor {machine.project} ligger. Gør plads, og start igen.\n"
    )


def test_the_second_waits_and_says_so(machine: Machine) -> None:
    with (machine.project / ".setup.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with subprocess.Popen(
            ["./run", "test"],
            cwd=machine.project,
            env=machine.surroundings(),
            stdout=subprocess.PIPE,
            text=True,
        ) as second:
            assert second.stdout
            is_said, _, _ = select.select([second.stdout], [], [], 30)
            fcntl.flock(lock, fcntl.LOCK_UN)

            whole = second.stdout.read()

    assert is_said
    assert whole == f"En anden ./run gør klar i samme mappe. Jeg venter på den.\n{READY}"
