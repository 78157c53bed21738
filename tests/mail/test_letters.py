"""What a letter looks like, and what other people's words can't do in it."""

import html
import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.template.base import VariableNode

import pytest

from klimaspor import danish
from klimaspor.mail import letters, words
from klimaspor.mail.models import Contact


def test_a_letter_greets_tells_what_happened_and_links() -> None:
    context = {
        "name": "Mette Holm",
        "title": "Varme & <vand>",
        "reason": "Fint.\n\nMen kort.",
        "path": "/forslag/KS-2027-0001/",
    }

    subject, body = letters.write("hilsen", context)

    assert subject == "Dit forslag: Varme & <vand>"
    assert body == (
        "Hej Mette Holm\n"
        "\n"
        "Varme & <vand> er modtaget.\n"
        "\n"
        "> Fint.\n"
        ">\n"
        "> Men kort.\n"
        "\n"
        "Din DGO svarer.\n"
        "\n"
        "Se det her:\n"
        "https://klimaspor.example/forslag/KS-2027-0001/\n"
        "\n"
        "Venlig hilsen\n"
        "Klimaalliancens sekretariat\n"
    )


def test_what_is_not_there_leaves_no_gap() -> None:
    _, body = letters.write("hilsen", {"title": "Klog varme", "reason": ""})

    assert body == (
        "Hej\n"
        "\n"
        "Klog varme er modtaget.\n"
        "\n"
        "Din DGO svarer.\n"
        "\n"
        "Venlig hilsen\n"
        "Klimaalliancens sekretariat\n"
    )


def test_a_letter_of_the_demo_says_so(settings: Any) -> None:
    settings.DEMO = True

    _, body = letters.write("hilsen", {"title": "Klog varme", "reason": ""})

    assert body.endswith("Demo: alle personer og forslag er opdigtede.\n")


def test_a_subject_is_one_line_and_not_endless() -> None:
    subject, _ = letters.write(
        "hilsen", {"title": "a\r\nBcc: alle@example.org\n" + "x" * 300, "reason": ""}
    )

    assert subject.startswith("Dit forslag: »a Bcc: alle@ example. org xxx")
    assert len(subject) == letters.LONGEST_SUBJECT


@pytest.mark.parametrize(
    "text",
    (
        "http://ond.example/x",
        "HTTPS://ond.example",
        "www.ond.example",
        "ond.example",
        "https://klimaspor.example.ond.example/",
        "https://klimaspor.example@ond.example/",
        "(https://ond.example)",
        "post@ond.example",
    ),
)
def test_a_strangers_link_is_no_link_and_still_reads_the_same(text: str) -> None:
    made = words.unlinked(text)

    assert made.replace(" ", "") == text
    assert made.isascii()
    for trace in ("://", "www.o", ".example", "@o"):
        assert trace not in made.replace("https://klimaspor.example/", "")


@pytest.mark.parametrize(
    "text",
    (
        "https://klimaspor.example/forslag/KS-2027-0001/",
        "https://klimaspor.example",
        "1.500.000 kr. senest mandag den 15. april 2027 kl. 9.00",
        "Vi måler, bl. a. vand.\n\n- punkt",
    ),
)
def test_the_portals_links_and_plain_words_are_left_alone(text: str) -> None:
    assert words.unlinked(text) == text


def test_a_title_cannot_become_a_link_in_the_letter() -> None:
    _, body = letters.write(
        "hilsen",
        {
            "title": "Klik https://ond.example",
            "reason": "http://ond.example",
            "name": "www.ond.example",
        },
    )

    assert "ond.example" not in body
    assert "://" not in body


def test_every_letter_has_subject_and_body() -> None:
    folder = Path(__file__).parents[2] / "templates" / "mail"
    names = {path.name for path in folder.iterdir() if path.name != "base"}

    complete = {
        name
        for name in names
        if {"subject.txt", "body.txt"} <= {path.name for path in (folder / name).iterdir()}
    }

    assert names == complete


# The same letter as a page


def text_of(page: str) -> str:
    """Give the text of a page, one line for each of its own."""
    body = page.partition("<body")[2].partition(">")[2]
    return "\n".join(
        line for line in html.unescape(re.sub(r"<[^>]+>", "", body)).split("\n") if line.strip()
    )


@pytest.mark.parametrize(
    "text",
    (
        "Hej Mette\n\nDit forslag er modtaget.\n\nVenlig hilsen\nSekretariatet\n",
        "Hej\n\n> Linje et\n>\n> <b>Linje</b> to & mere\n\nSe det her:\nhttps://klimaspor.example/x/?a=1&b=2\n",
        "Punkter:\n- et\n- to\n- tre\nSlut -- og > ikke et citat",
        "<script>alert(1)</script> {blocks} {0} %s\r\nslut\r\r3 < 5 > 2",
    ),
)
def test_a_letter_says_the_same_as_a_page(text: str) -> None:
    written = letters.with_contact(text, Contact(pk=1, phone="33 70 33 70"))

    page = letters.as_html(written, title="Emne & <mere>")

    plain = re.sub(r"(?m)^(> ?|- )", "", re.sub(r"\r\n?", "\n", written))
    assert text_of(page) == "\n".join(line for line in plain.split("\n") if line.strip())
    assert "<title>Emne &amp; &lt;mere&gt;</title>" in page
    assert '<html lang="da">' in page
    assert not re.search(r"<(script|img|link|iframe|b)\b|\bsrc=|url\(|@import", page)


def test_what_the_marks_say_is_said_by_the_page() -> None:
    page = letters.as_html(
        "> ikke mine ord\n\n- et\n- to\n\nhttps://klimaspor.example/x/?a=1&b=2\n", title="x"
    )

    assert re.search(r"<blockquote[^>]*>ikke mine ord</blockquote>", page)
    assert "<ul>\n<li>et</li>\n<li>to</li>\n</ul>" in page
    assert 'href="https://klimaspor.example/x/?a=1&amp;b=2"' in page


def test_a_link_that_only_looks_like_ours_is_no_link() -> None:
    page = letters.as_html(
        'https://klimaspor.example.ond.dk https://klimaspor.example/"x', title=""
    )

    assert page.count("<a ") == 1
    assert 'href="https://klimaspor.example/&quot;x"' in page


@pytest.mark.parametrize(
    ("phone", "said"),
    (
        ("", "Har du spørgsmål, så svar på dette brev, eller skriv til a@example.org."),
        (
            "33 70 33 70",
            "Har du spørgsmål, så svar på dette brev, skriv til a@example.org, eller ring til sekretariatet på 33 70 33 70.",
        ),
    ),
)
def test_every_letter_says_whom_to_ask(phone: str, said: str) -> None:
    contact = Contact(pk=1, email="a@example.org", phone=phone)

    assert letters.with_contact("Hej\n", contact) == f"Hej\n\n{said}\n"


def test_the_secretariats_number_can_be_pressed_and_nobody_elses() -> None:
    contact = Contact(pk=1, phone="+45 33703370")
    text = letters.with_contact("Ring til mig på 33 70 33 70 eller 12 34 56 78.\n", contact)

    page = letters.as_html(text, title="x", contact=contact)

    assert re.findall(r'<a href="([^"]*)">([^<]*)</a>', page) == [
        ("tel:+4533703370", danish.telephone_text("33703370"))
    ]
    assert "på 33 70 33 70.\n" in text


def test_dates_and_amounts_stay_on_one_line_in_the_page_and_are_typed_in_the_text() -> None:
    at = datetime(2027, 4, 15, 7, 0, tzinfo=UTC)
    context = {"meeting": danish.datetime_text(at), "workdays": "om 6 arbejdsdage", "path": "/"}

    _, body = letters.write(
        "meeting_reminder", context | {"agenda": SimpleNamespace(meeting_date=at)}
    )
    page = letters.as_html(body, title="x")

    assert "møde torsdag den 15. april 2027 kl. 9.00, om 6 arbejdsdage." in body
    assert danish.datetime_text(at) in page


HOSTILE = (
    'Ella"»\r\nPas på: kontoen lukkes.\u2028Klik https://ond.example/x\x85nu\u202e ond@ond.example'
)
WHEN = datetime(2027, 4, 15, 7, 0, tzinfo=UTC)


class Anything:
    """Whatever a template asks for: a moment, an amount, a list, or else a stranger's words."""

    def __init__(self, **given: Any) -> None:
        self.__dict__ |= given

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name.endswith(("_at", "_date", "deadline")):
            return WHEN
        if name == "amount":
            return Decimal(1_500_000)
        if name.startswith(("is_", "has_", "requires_")):
            return True
        return Anything()

    def __str__(self) -> str:
        return HOSTILE

    def strip(self) -> str:
        return HOSTILE


class Context(dict[str, Any]):
    """A context that knows every name."""

    def __init__(self, **given: Any) -> None:
        super().__init__(path="/forslag/", titles=[HOSTILE] * 2, roles=[HOSTILE], **given)
        self["reasons"] = [Anything(section=HOSTILE, text=HOSTILE)] * 2
        for name in NAMES - {*self, "base_url"}:
            if not name.startswith(("is_", "has_")):
                self[name] = getattr(Anything(), name)


FOLDER = Path(__file__).parents[2] / "templates" / "mail"
LETTERS = sorted(path.name for path in FOLDER.iterdir() if path.name != "base")
NAMES = {
    name
    for path in FOLDER.rglob("*.txt")
    for name in re.findall(r"(?:\{\{|\{%[^%]*?\b)\s*([a-z_]+)", path.read_text())
} | {"consent", "event", "dispensation", "invitation", "commitment", "comment", "by", "who"}


@pytest.mark.parametrize("is_told", (False, True))
@pytest.mark.parametrize("name", LETTERS)
def test_no_stranger_writes_a_sentence_in_our_name(name: str, is_told: bool) -> None:
    flags = dict.fromkeys((n for n in NAMES if n.startswith(("is_", "has_"))), is_told)

    subject, body = letters.write(name, Context(**flags))

    assert "konto" not in re.sub(r'»[^«»]*«|"[^"]*"', "", subject) or "…" in subject
    ours = [line for line in body.splitlines() if not line.startswith(">")]
    for line in ours:
        assert "konto" not in re.sub(r'»[^«»]*«|"[^"]*"', "", line), line
    assert body.count("\n") == len(body.splitlines())
    for trace in ("://ond", "@ond", ".example", "\u202e", "\u2060", "\r", "\x85", "\u2028"):
        assert trace not in (subject + body).replace("https://klimaspor.example/", "")


@pytest.mark.parametrize("name", LETTERS)
@pytest.mark.parametrize("part", ("subject.txt", "body.txt"))
def test_whatever_a_template_puts_in_is_written_as_others_words(name: str, part: str) -> None:
    template = letters.read(f"mail/{name}/{part}")

    for node in template.nodelist.get_nodes_by_type(VariableNode):
        expression = node.filter_expression
        last = expression.filters[-1][0].__name__ if expression.filters else ""
        assert last in {"named", "titled"} | letters.WRITTEN or expression.token in letters.OURS


def test_an_ordinary_name_stands_as_it_is_and_a_sentence_is_set_apart() -> None:
    for name in ("Jens P. Holm", "Nr. Nebel Vandværk a.m.b.a.", "Ærø Kommune", "kort.pdf"):
        assert words.named(name) == name
    assert words.named("Sekretariatet: ring nu") == "»Sekretariatet: ring nu«"
    assert words.named("Kontoen lukkes. Ring") == "»Kontoen lukkes. Ring«"
    assert words.titled('Varme" (afvist)\n"') == "Varme' (afvist) '"


def test_the_recipients_own_address_can_be_copied() -> None:
    _, body = letters.write("invitation", {"email": "ny@\u2060eksempel.dk", "roles": []})

    assert "Invitationen gælder kun for ny@eksempel.dk. Log på" in body
