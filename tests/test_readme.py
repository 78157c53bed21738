"""README is the documentation: what it says of the code is made by the code."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

import pytest

from review.management.commands import line, requirements

README = Path(settings.BASE_DIR, "README.md").read_text()


@pytest.mark.parametrize(
    ("mark", "made"), (("line", line.picture()), ("requirements", requirements.table()))
)
def test_generated_parts_are_what_the_code_says(mark: str, made: str) -> None:
    found = re.search(rf"<!-- {mark}:.*?-->\n\n(.*?)\n\n<!-- /{mark} -->", README, re.DOTALL)

    assert found, f"README has no part between the marks of {mark}"
    assert found[1] == made, f"README is behind: paste what `manage.py {mark}` prints"


def test_every_module_and_folder_readme_names_is_there() -> None:
    named = set(re.findall(r"`((?:klimaspor|proposals|review|tests)/[\w/.]+)`", README))

    assert named
    assert [path for path in sorted(named) if not Path(settings.BASE_DIR, path).exists()] == []


def test_the_two_commands_come_first() -> None:
    assert README.index("./run ") < README.index("./run test") < README.index("## Following")
