"""What `npm run build` makes, held against what Python and the templates expect of it."""

import csv
import json
import re
from pathlib import Path

from django.conf import settings

from klimaspor import accounts

STATIC = Path(settings.BASE_DIR, "static")
BUILD = STATIC / "build"


def municipalities() -> set[str]:
    source = Path(accounts.__file__).parent / "kommuner.csv"
    with source.open(encoding="utf-8") as rows:
        return {row["kode"] for row in csv.DictReader(rows)}


def test_the_map_draws_every_municipality_and_no_other() -> None:
    outlines = json.loads(Path(BUILD, "denmark.json").read_text(encoding="utf-8"))["paths"]
    drawn = Path(BUILD, "img/denmark.svg").read_text(encoding="utf-8")

    assert set(outlines) == municipalities()
    assert set(re.findall(r'id="m(\d+)"', drawn)) == municipalities()


def test_the_map_for_papers_draws_every_municipality_by_itself() -> None:
    outlines = json.loads(Path(BUILD, "denmark.json").read_text(encoding="utf-8"))["small"]

    assert set(outlines) == municipalities()
    # They follow each other in one path, where a relative beginning would continue the one before.
    ring = r"M\d+ \d+( \d+ \d+){2,}z"
    assert [code for code, d in outlines.items() if not re.fullmatch(rf"({ring})+", d)] == []


def test_the_map_component_has_the_size_of_the_drawing() -> None:
    size = json.loads(Path(BUILD, "denmark.json").read_text(encoding="utf-8"))
    template = Path(settings.BASE_DIR, "templates/components/map.html").read_text(encoding="utf-8")

    assert f'viewBox="0 0 {size["width"]} {size["height"]}"' in template


def test_every_file_a_stylesheet_names_was_built() -> None:
    for sheet in Path(BUILD, "css").glob("*.css"):
        for path in re.findall(r'url\("?([^")]+)"?\)', sheet.read_text(encoding="utf-8")):
            assert path.startswith("data:") or Path(sheet.parent, path).is_file(), path


def test_nothing_points_at_a_source_map() -> None:
    built = [*BUILD.rglob("*.css"), *BUILD.rglob("*.js")]

    assert [path.name for path in built if "sourceMappingURL" in path.read_text("utf-8")] == []


def test_fonts_are_woff2_only() -> None:
    assert {path.suffix for path in Path(BUILD, "fonts").iterdir()} == {".woff2"}


def test_the_lock_holds_hashes_and_no_addresses() -> None:
    lock = json.loads(Path(STATIC, "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}

    assert all(package["integrity"] for package in packages.values())
    assert [name for name, package in packages.items() if "resolved" in package] == []


def test_every_icon_a_template_names_is_in_the_sprite() -> None:
    sprite = Path(BUILD, "img/icons.svg").read_text(encoding="utf-8")
    names = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    used = {
        name
        for template in Path(settings.BASE_DIR, "templates").rglob("*.html")
        for name in re.findall(r'{% icon "([^"]+)"', template.read_text(encoding="utf-8"))
    }

    assert used - names == set()
