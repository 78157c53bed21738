"""The scripts that a browser gets: small modules that go one way, names said once, and autosave for any form."""

from __future__ import annotations

import re
from graphlib import TopologicalSorter
from pathlib import Path

SCRIPTS = Path(__file__).parents[1] / "static/scripts"
ENTRIES = {"klimaspor.js", "autosave.js"}
MOST_LINES = 200
MODULES = {path.relative_to(SCRIPTS).as_posix(): path for path in SCRIPTS.rglob("*.js")}
TEXTS = {name: path.read_text() for name, path in MODULES.items()}


def imports(name: str) -> set[str]:
    found = re.findall(r'^import .* from "(\.[^"]+)";$', TEXTS[name], re.MULTILINE)
    folder = MODULES[name].parent
    return {(folder / path).resolve().relative_to(SCRIPTS).as_posix() for path in found}


def test_each_script_is_small_and_begins_with_what_it_is_for() -> None:
    assert MODULES.keys() >= ENTRIES
    assert [n for n, text in TEXTS.items() if len(text.splitlines()) >= MOST_LINES] == []
    assert [n for n, text in TEXTS.items() if not text.startswith("// ")] == []


def test_scripts_import_one_way_and_none_is_left_over() -> None:
    graph = {name: imports(name) for name in MODULES}

    assert set(TopologicalSorter(graph).static_order()) == MODULES.keys()
    assert MODULES.keys() - {name for found in graph.values() for name in found} == ENTRIES


def test_one_script_knows_what_the_browser_keeps() -> None:
    assert [n for n, text in TEXTS.items() if re.search("(local|session)Storage", text)] == [
        "kept.js"
    ]


def test_autosave_knows_nothing_of_what_it_saves() -> None:
    saving = [name for name in TEXTS if name.startswith(("autosave", "kept"))]

    assert len(saving) > 2
    assert [n for n in saving if re.search("proposal|forslag", TEXTS[n], re.IGNORECASE)] == []
