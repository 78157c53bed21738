"""
How a letter is written: from two templates to plain text that links to the portal and nowhere else, and to HTML of that.

Whatever a template puts into the text that is not its own goes through `words` on its way, and no template has to
remember it.
"""

from __future__ import annotations

import itertools
import re
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template import Context, Engine, engines
from django.template.base import Node, TextNode, VariableNode
from django.template.loaders.filesystem import Loader as FilesystemLoader

from klimaspor import danish
from klimaspor.mail import words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.template import Template

    from klimaspor.mail.models import Contact

LONGEST_SUBJECT = 150
OURS = frozenset({"base_url", "path"})
"""What of the context is not anybody's words."""
WRITTEN = frozenset({"quoted", "address", "dato", "tidspunkt", "kroner"})
"""The filters that write words of ours, or others' as they must be."""


def write(name: str, context: Mapping[str, Any]) -> tuple[str, str]:
    """Return subject and body of the letter in templates/mail/<name>/."""
    context = {"base_url": settings.BASE_URL, "demo": settings.DEMO, **context}
    subject = danish.one_line(danish.plain(_render(f"mail/{name}/subject.txt", context)))
    if len(subject) > LONGEST_SUBJECT:
        subject = subject[: LONGEST_SUBJECT - 1].rstrip() + "…"
    body = danish.plain(_render(f"mail/{name}/body.txt", context))
    lines = "\n".join(line.rstrip() for line in body.split("\n"))
    return subject, re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"


class Loader(FilesystemLoader):
    """Reads templates, each once, in which every value is written as `words` says."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.known: dict[tuple[str, ...], Template] = {}

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        key = (template_name, *(origin.name for origin in skip or ()))
        if key not in self.known:
            self.known[key] = self._read(template_name, skip)
        return self.known[key]

    def _read(self, template_name: str, skip: Any) -> Template:
        template: Template = super().get_template(template_name, skip)
        before: Node | None = None
        for node in template.nodelist.get_nodes_by_type(Node):
            if isinstance(node, VariableNode):
                _guard(node, is_in_quotes=isinstance(before, TextNode) and before.s.endswith('"'))
            before = node
        return template


def _guard(node: VariableNode, *, is_in_quotes: bool) -> None:
    expression = node.filter_expression
    is_written = bool(expression.filters) and expression.filters[-1][0].__name__ in WRITTEN
    if not is_written and expression.token not in OURS:
        expression.filters.append((words.titled if is_in_quotes else words.named, []))


@cache
def _engine(pages: Engine) -> Engine:
    """Give the one that reads letters, from where the pages' templates lie and with their words."""
    return Engine(
        dirs=pages.dirs,
        autoescape=False,
        libraries=pages.libraries,
        loaders=["klimaspor.mail.letters.Loader"],
    )


def read(path: str) -> Template:
    """Give a template of a letter, in which nobody's words can be taken for ours."""
    pages: Any = engines["django"]
    return _engine(pages.engine).get_template(path)


def _render(path: str, context: dict[str, Any]) -> str:
    return str(read(path).render(Context(context, autoescape=False)))


def with_contact(text: str, contact: Contact) -> str:
    """Return a letter with whom its reader may write to and call below it, as they are now."""
    ways = ["svar på dette brev", f"skriv til {contact.email}"]
    if contact.phone:
        ways.append(f"ring til sekretariatet på {phone_of(contact)}")
    said = f"Har du spørgsmål, så {', '.join(ways[:-1])}, eller {ways[-1]}."
    return f"{text.rstrip()}\n\n{said}\n"


def phone_of(contact: Contact) -> str:
    """Give the secretariat's telephone number as letters say it."""
    return danish.plain(danish.telephone_text(contact.phone))


def as_html(text: str, *, title: str, contact: Contact | None = None) -> str:
    """
    Return a letter as a page of the same words, for mail programs that show one.

    Made of the text alone, so that the two cannot differ; everything is escaped, and nothing is fetched from anywhere.
    Dates and amounts stay on one line here. In the text they have ordinary blanks, so that they are found and copied as
    they are typed. The contact's own telephone number can be pressed, and nobody else's.
    """
    lines = text.strip().replace("\r\n", "\n").replace("\r", "\n")
    blocks = [_block(block) for block in re.split(r"\n{2,}", lines)]
    if contact and contact.phone:
        blocks[-1] = _dialed(blocks[-1], contact)
    return _PAGE.format(title=escape(title), blocks="\n".join(blocks))


def _dialed(block: str, contact: Contact) -> str:
    for number in danish.telephones(contact.phone):
        if number.link:
            link = f'<a href="{escape(number.link)}">{escape(number.text)}</a>'
            block = block.replace(escape(danish.plain(number.text)), link)
    return block


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
    """Escape a line, with its links to the portal as links, and what belongs together on one line."""
    line = danish.unbroken(line)
    if settings.BASE_URL not in line:
        return escape(line)
    parts = re.split(r"(\s+)", line)
    return "".join(_link(part) for part in parts)


def _link(word: str) -> str:
    shown = escape(word)
    is_ours = word == settings.BASE_URL or word.startswith(f"{settings.BASE_URL}/")
    return f'<a href="{shown}">{shown}</a>' if is_ours else shown
