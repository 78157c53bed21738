"""How a letter is written: from two templates to plain text that links to the portal and nowhere else, and to HTML of that."""

from __future__ import annotations

import itertools
import re
from html import escape
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template import Context
from django.template.loader import get_template

if TYPE_CHECKING:
    from collections.abc import Mapping

    from klimaspor.mail.models import Contact

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


def with_contact(text: str, contact: Contact) -> str:
    """Return a letter with whom its reader may write to and call below it, as they are now."""
    ways = ["svar på dette brev", f"skriv til {contact.email}"]
    if contact.phone:
        ways.append(f"ring til sekretariatet på {contact.phone}")
    said = f"Har du spørgsmål, så {', '.join(ways[:-1])}, eller {ways[-1]}."
    return f"{text.rstrip()}\n\n{said}\n"


def as_html(text: str, *, title: str) -> str:
    """
    Return a letter as a page of the same words, for mail programs that show one.

    Made of the text alone, so that the two cannot differ; everything is escaped, and nothing is fetched from anywhere.
    """
    blocks = re.split(r"\n{2,}", text.strip().replace("\r\n", "\n").replace("\r", "\n"))
    return _PAGE.format(title=escape(title), blocks="\n".join(map(_block, blocks)))


_PAGE = """<!doctype html>
<html lang="da">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title></head>
<body style="margin: 0; padding: 16px; background-color: #ffffff; color: #1a1a1a; font: 16px/1.5 Arial, sans-serif">
<div style="max-width: 40em">
{blocks}
</div>
</body>
</html>
"""
_QUOTE = "margin: 1em 0; padding-left: 1em; border-left: 4px solid #747474"
# What may begin a line, and is written as a list or a quote.
_MARK = re.compile(r"(?:> ?|- )?")


def _block(block: str) -> str:
    """Write one paragraph; its lines stand together by how they begin."""
    kinds = itertools.groupby(block.split("\n"), key=lambda line: _mark(line)[:1])
    return "\n".join(_lines(kind, list(lines)) for kind, lines in kinds)


def _mark(line: str) -> str:
    found = _MARK.match(line)
    return found[0] if found else ""


def _lines(kind: str, lines: list[str]) -> str:
    written = [_linked(line.removeprefix(_mark(line)) if kind else line) for line in lines]
    if kind == "-":
        return "<ul>\n" + "\n".join(f"<li>{line}</li>" for line in written) + "\n</ul>"
    text = "<br>\n".join(written)
    return f'<blockquote style="{_QUOTE}">{text}</blockquote>' if kind else f"<p>{text}</p>"


def _linked(line: str) -> str:
    """Escape a line, with its links to the portal as links."""
    if settings.BASE_URL not in line:
        return escape(line)
    parts = re.split(r"(\s+)", line)
    return "".join(_link(part) for part in parts)


def _link(word: str) -> str:
    shown = escape(word)
    is_ours = word == settings.BASE_URL or word.startswith(f"{settings.BASE_URL}/")
    return f'<a href="{shown}">{shown}</a>' if is_ours else shown


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
