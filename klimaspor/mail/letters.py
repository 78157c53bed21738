"""How a letter is written: from two templates to plain text that links to the portal and nowhere else."""

import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.template import Context
from django.template.loader import get_template

LONGEST_SUBJECT = 150
# A word with a sign in it that a link could be made of: most have none, and need no look.
_LINKABLE = re.compile(r"(?<!\S)(?=[^\s:.@]*[:.@])\S+")
# Where the sign stands between two parts that a mail program would join to a link.
_JOINT = re.compile(r"(?<=:)(?=//)|(?<=\.)(?=[^\W\d_])|(?<=@)(?=\w)")


def write(name: str, context: Mapping[str, Any]) -> tuple[str, str]:
    """Return subject and body of the letter in templates/mail/<name>/."""
    context = {"base_url": settings.BASE_URL, "demo": settings.DEMO, **context}
    subject = " ".join(_render(f"mail/{name}/subject.txt", context).split())
    if len(subject) > LONGEST_SUBJECT:
        subject = subject[: LONGEST_SUBJECT - 1].rstrip() + "…"
    body = _render(f"mail/{name}/body.txt", context)
    lines = "\n".join(line.rstrip() for line in body.splitlines())
    return subject, unlinked(re.sub(r"\n{3,}", "\n\n", lines).strip()) + "\n"


def unlinked(text: str) -> str:
    """
    Return text in which mail programs find no links but those to the portal, and no others look like one.

    People's own words come into letters with our name under them, so an address in a title must not be one press away.
    """
    return _LINKABLE.sub(_unlink, text)


def _render(path: str, context: dict[str, Any]) -> str:
    template = get_template(path).template  # type: ignore[attr-defined]  # a backend's template has the real one inside
    return str(template.render(Context(context, autoescape=False)))


def _unlink(word: re.Match[str]) -> str:
    if word[0] == settings.BASE_URL or word[0].startswith(f"{settings.BASE_URL}/"):
        return word[0]
    # The word joiner is not seen, and no domain name or scheme has one.
    return _JOINT.sub("\N{WORD JOINER}", word[0])
