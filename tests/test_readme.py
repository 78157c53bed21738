"""README is the documentation: what it says of the code is made by the code, or held against it."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import Counter
from pathlib import Path

from django.conf import settings

import pytest

from review.management.commands import line, requirements

ROOT = Path(settings.BASE_DIR)
README = (ROOT / "README.md").read_text()
MOST_BYTES = 24_000
FOLDERS = "klimaspor|proposals|review|static|templates|tests"


def part(heading: str) -> str:
    """Give what stands under a heading."""
    found = re.search(rf"(?ms)^## {heading}\n(.*?)(?=^## |\Z)", README)
    assert found, f"README has nothing under {heading}"
    return found[1]


@pytest.mark.parametrize(
    ("mark", "made"), (("line", line.picture()), ("requirements", requirements.table()))
)
def test_generated_parts_are_what_the_code_says(mark: str, made: str) -> None:
    found = re.search(rf"<!-- {mark}:.*?-->\n\n(.*?)\n\n<!-- /{mark} -->", README, re.DOTALL)

    assert found, f"README has no part between the marks of {mark}"
    assert found[1] == made, f"README is behind: paste what `manage.py {mark}` prints"


def test_every_module_and_folder_readme_names_is_there() -> None:
    named = set(re.findall(rf"`((?:{FOLDERS})/[\w/.]*)`", README))

    assert named
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_the_two_commands_come_first() -> None:
    assert README.index("./run ") < README.index("./run test") < README.index("## Following")


def test_it_is_read_in_a_quarter_of_an_hour() -> None:
    assert len(README.encode()) <= MOST_BYTES


# The rooms


def test_the_map_has_every_room() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = config["tool"]["importlinter"]["contracts"]
    inside = next(one for one in contracts if one["name"].startswith("Inside a room"))
    drawn = part("Rooms").partition("```\n")[2].partition("```")[0]
    found = re.findall(r"(?m)^(\w+)/|\b(\w+)/", drawn)
    rooms, app = set(), ""
    for begins, room in found:
        app = begins or app
        if room and app != "klimaspor":
            rooms.add(f"{app}.{room}")

    assert rooms == set(inside["containers"])


def test_every_verb_of_the_table_is_a_function_of_its_room() -> None:
    verbs = re.findall(r"`([a-z]+)\.([a-z_]+)`", part("Following a proposal"))
    missing = [f"{room}.{verb}" for room, verb in verbs if verb not in functions_of(room)]

    assert len(verbs) > 20
    assert missing == []


def functions_of(room: str) -> set[str]:
    folders = [ROOT / app / room for app in ("proposals", "review")]
    sources = [path.read_text() for folder in folders for path in folder.glob("*.py")]
    trees = [ast.parse(source).body for source in sources]
    return {one.name for body in trees for one in body if isinstance(one, ast.FunctionDef)}


# What one follows from file to file


def steps_of(heading: str) -> list[tuple[str, list[str]]]:
    """Give each file in order, with what is named of it."""
    listed = re.findall(r"(?m)^\d+\. `([^`]+)`:(.*)$", part(heading))
    return [(path, re.findall(r"`([^`]+)`", text)) for path, text in listed]


@pytest.mark.parametrize(
    ("heading", "most_files"), (("Following a save", 14), ("Following a step", 18))
)
def test_what_one_follows_is_short_and_never_leads_back(heading: str, most_files: int) -> None:
    files = [path for path, _ in steps_of(heading)]

    assert 10 < len(files) <= most_files
    assert [path for path, times in Counter(files).items() if times > 1] == []
    assert [path for path in files if not (ROOT / path).is_file()] == []
    assert len({str(Path(path).parent) for path in files}) <= 4


@pytest.mark.parametrize("heading", ("Following a save", "Following a step"))
def test_every_name_one_follows_is_in_its_file(heading: str) -> None:
    named = [(path, name) for path, names in steps_of(heading) for name in names]
    missing = [(path, name) for path, name in named if not is_in(path, name)]

    assert len(named) > 12
    assert missing == []


def is_in(path: str, name: str) -> bool:
    """Say whether a file has a name: of Python in its code, whatever its docstrings tell; "Page.setup" is in the class."""
    if "/" in name:
        return (ROOT / name).is_file()
    source = (ROOT / path).read_text()
    if not path.endswith(".py"):
        return re.search(rf"\b{re.escape(name)}\b", re.sub(r"(?m)//.*$", "", source)) is not None
    tree: ast.AST = ast.parse(source)
    owner, _, name = name.rpartition(".")
    if owner:
        classes = [n for n in ast.walk(tree) if isinstance(n, ast.ClassDef) and n.name == owner]
        return any(
            isinstance(n, ast.FunctionDef) and n.name == name for c in classes for n in c.body
        )
    return name in {found for node in ast.walk(tree) for found in names_of(node)}


def names_of(node: ast.AST) -> list[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.Name(id=name):
            return [name]
        case ast.Attribute(attr=name):
            return [name]
        case _:
            return []


# Each thing once


def said() -> list[str]:
    """Give every bullet, row and paragraph, as one line each."""
    text = re.sub(r"(?ms)^```.*?^```$", "", README)
    pieces = re.split(r"\n(?=[-|\d]|\s*\n)", text)
    lines = [" ".join(piece.split()) for piece in pieces]
    return [one for one in lines if re.search(r"\w", one)]


def test_nothing_is_said_twice() -> None:
    assert [one for one, times in Counter(said()).items() if times > 1] == []


UNITS = {
    "ms": "ms|milliseconds?",
    "s": "s|seconds?",
    "min": "min|minutes?",
    "MB": "MB|megabytes?",
    "×": "×|times",
    "requests": "[Rr]equests?(?:/s| a second)?",
    "queries": "queries|query",
}
NUMBER = r"(?<![\w.,])\d+(?:[.,]\d+)*"


def figures(text: str) -> list[str]:
    """Give the numbers with a unit, each as often as it stands; a table's columns may name the unit for their cells."""
    found = [
        f"{number} {unit}"
        for unit, names in UNITS.items()
        for number in re.findall(rf"({NUMBER})\s?(?:{names})(?!\w)", text)
    ]
    for table in re.findall(r"(?m)(?:^\|.*\n)+", text):
        head, *rows = [row.strip("| \n").split("|") for row in table.splitlines()]
        units = [
            [
                unit
                for unit, names in UNITS.items()
                if re.search(rf"(?<![\w/])(?:{names})(?!\w)", cell)
            ]
            for cell in head
        ]
        # Two of a column may be equal: what stands in a table once is one place.
        cells = {
            f"{cell.strip()} {unit}"
            for row in rows
            for cell, named in zip(row, units, strict=False)
            for unit in named
            if re.fullmatch(NUMBER, cell.strip())
        }
        found += cells
    return found


def test_figures_are_seen_in_words_and_in_tables() -> None:
    table = "| Page | Requests/s | × bare list |\n|---|---|---|\n| list | 27.7 | 1.7 |\n| proposal | 27.7 | 1.9 |\n"

    assert sorted(figures("22.7 ms, 2.8 times in 300 requests and 1,000 seconds; K1 of 7 s9")) == [
        "1,000 s",
        "2.8 ×",
        "22.7 ms",
        "300 requests",
    ]
    assert sorted(figures(table)) == ["1.7 ×", "1.9 ×", "27.7 requests"]


def test_no_figure_stands_in_two_places() -> None:
    assert [figure for figure, times in Counter(figures(README)).items() if times > 1] == []


def test_what_is_measured_is_told_in_readme_alone() -> None:
    told = set(figures(part("Measured")))
    docs = [
        (path.relative_to(ROOT).as_posix(), doc)
        for app in ("klimaspor", "proposals", "review", "tests")
        for path in (ROOT / app).rglob("*.py")
        if (doc := ast.get_docstring(ast.parse(path.read_text())))
    ]

    assert told
    assert [(path, one) for path, doc in docs for one in figures(doc) if one in told] == []
