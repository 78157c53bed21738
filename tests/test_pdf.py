"""Papers that a screen reader can read, made by an engine that fetches nothing but what it is given."""

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from klimaspor import pdf
from tests import pdf_structure

BAR = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 30" width="400" height="30">'
    b'<rect width="300" height="30" fill="#1f6b45"/></svg>'
)
PAPER = """{% extends "pdf/base.html" %}{% load dkfds danish %}
{% block title %}{{ title }}{% endblock %}
{% block content %}
<div class="cover"><h1 data-running="{{ title }}" data-number="KS-2027-0001" data-stamp="Version 2 · 3f9a">{{ title }}</h1></div>
<h2 id="indhold">Indhold</h2>
<ol class="contents"><li><a href="#punkt">Udfordringer</a></li></ol>
<section class="part" data-running="Punkt 3 · {{ title }}"><h2 id="punkt">Udfordringer</h2>
{{ text|prose }}
<table><caption>Medfinansiering</caption>
<thead><tr><th scope="col">År</th><th scope="col">Kilde</th><th scope="col" class="number">Beløb</th></tr></thead>
<tbody><tr><th scope="row">2027</th><td>Realdania</td><td class="number">{{ amount|kroner }}</td></tr></tbody></table>
<img src="paper:images/bar.svg" alt="Realdania giver 1,5 mio. kr.">
</section>{% endblock %}"""


@pytest.fixture
def template(tmp_path: Path, settings: Any) -> Path:
    """Name a template that a test writes."""
    settings.TEMPLATES = [
        {**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}
    ]
    return tmp_path / "paper.html"


@dataclass
class Listener:
    address: str
    paths: list[str]


@pytest.fixture
def door() -> Iterator[Listener]:
    """Listen on an internal address, and keep what it is asked for; it redirects to a file."""
    paths: list[str] = []

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_response(302)
            self.send_header("Location", "file:///etc/passwd")
            self.end_headers()

    server = HTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Listener(f"127.0.0.1:{server.server_port}", paths)
    server.shutdown()
    server.server_close()


def test_a_paper_is_readable_by_those_who_do_not_see_it(template: Path) -> None:
    template.write_text(PAPER)
    context = {"title": "Klog varme", "text": "Vi vil:\n- måle\n- dele", "amount": 1_500_000}

    content = pdf.render("paper.html", context, images={"bar.svg": BAR})

    found = pdf_structure.read(content)
    assert (found.title, found.shows_title, found.lang) == ("Klog varme", True, "da")
    assert found.is_marked
    assert found.is_pdf_ua
    assert found.pages == 3
    assert found.outline == ((1, "Klog varme"), (2, "Indhold"), (2, "Udfordringer"))
    assert {tag: found.tags[tag] for tag in ("H1", "H2", "L", "LI", "Table", "Caption", "TH")} == {
        "H1": 1,
        "H2": 2,
        "L": 2,
        "LI": 3,
        "Table": 1,
        "Caption": 1,
        "TH": 4,
    }
    assert found.figures == ("Realdania giver 1,5 mio. kr.",)
    assert found.cells_without_heading == 0
    assert found.links == ("Gå til Udfordringer, side 3",)
    assert len(found.ids) == 4
    assert found.ids_found == found.ids
    assert found.fonts == {"IBM-Plex-Sans": True, "IBM-Plex-Sans-Semi-Bold": True}


def test_every_page_says_what_it_belongs_to(template: Path) -> None:
    template.write_text(PAPER)
    text = "\n\n".join(["Kommunernes samarbejde om energifællesskaber."] * 60)

    content = pdf.render(
        "paper.html", {"title": "Klog varme", "text": text, "amount": 0}, images={"bar.svg": BAR}
    )

    cover, contents, *pages = pdf_structure.page_texts(content)
    total = 2 + len(pages)
    assert len(pages) > 1
    assert f"Version 2 · 3f9a Side 1 af {total}" in cover
    assert "KS-2027-0001" not in cover
    assert contents.startswith("Indhold Udfordringer . .")
    assert f"3 Klog varme KS-2027-0001 Version 2 · 3f9a Side 2 af {total}" in contents
    for number, page in enumerate(pages, 3):
        assert (
            f"Punkt 3 · Klog varme KS-2027-0001 Version 2 · 3f9a Side {number} af {total}" in page
        )


def test_long_words_are_hyphenated_in_danish_and_still_one_word(template: Path) -> None:
    template.write_text(PAPER)
    text = "arbejdsmarkedspolitiske " * 40

    content = pdf.render(
        "paper.html", {"title": "A", "text": text, "amount": 0}, images={"bar.svg": BAR}
    )

    page = pdf_structure.page_texts(content)[2]
    whole = page.count("arbejdsmarkedspolitiske")
    assert 0 < whole < 40
    assert "-" not in page.partition("Medfinansiering")[0].replace("arbejdsmarkedspolitiske", "")


def test_a_word_that_no_line_can_hold_is_broken_and_nothing_is_put_into_an_address(
    template: Path,
) -> None:
    template.write_text(PAPER)
    address = "https://www.example.org/" + "handlingsplan-2027_" * 9

    content = pdf.render(
        "paper.html",
        {"title": address, "text": f"{address} {'X' * 120}", "amount": 0},
        images={"bar.svg": BAR},
    )

    assert {page.outside for page in pdf_structure.ink(content)} == {""}
    assert pdf_structure.read(content).title == address
    page = pdf_structure.page_texts(content)[2].replace(" ", "")
    assert address in page.partition("Udfordringer")[2]
    assert "X" * 120 in page


FAMILY = "👨\u200d👩\u200d👧"


@pytest.mark.parametrize(
    ("typed", "printed", "typefaces"),
    (
        ("Grøn 🌱 og ✅", "Grøn 🌱 og ✅", {"Noto-Emoji"}),
        (FAMILY, FAMILY, {"Noto-Emoji"}),
        ("10⁻³ ⇒ ☐", "10⁻³ ⇒ ☐", {"DejaVu-Sans"}),
        ("3\u202f000 og CO\u2011to", "3 000 og CO-to", set()),
        ("中国", "[kinesiske tegn U+4E2D U+56FD]", set()),
        ("คน \ue000", "[thailandske tegn U+0E04 U+0E19] [tegn U+E000]", set()),
    ),
)
def test_a_sign_that_the_typeface_lacks_is_printed_in_another_or_as_words(
    template: Path, typed: str, printed: str, typefaces: set[str]
) -> None:
    template.write_text(PAPER)

    content = pdf.render(
        "paper.html", {"title": "A", "text": typed, "amount": 0}, images={"bar.svg": BAR}
    )

    found = pdf_structure.read(content)
    assert pdf_structure.missing_glyphs(content) == 0
    assert set(found.fonts) - {"IBM-Plex-Sans", "IBM-Plex-Sans-Semi-Bold"} == typefaces
    assert printed in pdf_structure.page_texts(content)[2].replace("\x02", "-")


def test_what_people_wrote_is_text(template: Path) -> None:
    template.write_text(PAPER)
    markup = '<img src="file:///etc/passwd"><link rel="attachment" href="file:///etc/passwd"> & "x"'

    content = pdf.render(
        "paper.html", {"title": markup, "text": markup, "amount": 0}, images={"bar.svg": BAR}
    )

    assert pdf_structure.read(content).title == markup
    assert pdf_structure.read(content).attachments == ()
    assert '<img src="file:///etc/passwd">' in pdf_structure.page_texts(content)[2]


@pytest.mark.parametrize(
    "asks",
    (
        '<img src="file:///etc/passwd" alt="x">',
        '<img src="/etc/passwd" alt="x">',
        '<img src="http://DOOR/img" alt="x">',
        '<img src="//DOOR/img" alt="x">',
        '<img src="ftp://DOOR/img" alt="x">',
        '<img src="data:image/svg+xml,<svg/>" alt="x">',
        '<img src="paper:images/other.svg" alt="x">',
        '<img src="paper:images/../paper.css" alt="x">',
        '<img src="paper:images/inside.svg" alt="x">',
        '<a rel="attachment" href="file:///etc/passwd">x</a>',
        '<a rel="attachment" href="http://DOOR/attached">x</a>',
        '<link rel="attachment" href="file:///etc/passwd">',
        '<link rel="stylesheet" href="http://DOOR/css">',
        '<style>@import "http://DOOR/css";</style>',
        "<style>@font-face { font-family: x; src: url(file:///etc/passwd) } p { font-family: x }</style><p>x</p>",
        "<style>@font-face { font-family: x; src: url(paper:fonts/../../../settings.py) } p { font-family: x }</style><p>x</p>",
        '<p style="background: url(http://DOOR/background)">x</p>',
        '<ul><li style="list-style-image: url(file:///etc/passwd)">x</li></ul>',
        '<object data="file:///etc/passwd">x</object>',
        '<embed src="file:///etc/passwd">',
    ),
)
def test_a_paper_fetches_nothing_it_was_not_given(
    template: Path, door: Listener, asks: str
) -> None:
    asks = asks.replace("DOOR", door.address)
    template.write_text(
        f'{{% extends "pdf/base.html" %}}{{% block content %}}<h1>A</h1>{asks}{{% endblock %}}'
    )
    inside = BAR.replace(
        b"<rect", f'<image href="http://{door.address}/svg" width="9" height="9"/><rect'.encode()
    )

    with pytest.raises(pdf.Refused):
        pdf.render("paper.html", {}, images={"bar.svg": BAR, "inside.svg": inside})

    assert door.paths == []


def test_a_paper_in_another_typeface_is_not_made(
    template: Path, tmp_path: Path, settings: Any
) -> None:
    template.write_text('{% extends "pdf/base.html" %}{% block content %}<h1>A</h1>{% endblock %}')
    (tmp_path / "static").mkdir()
    shutil.copy(settings.BASE_DIR / "static" / "paper.css", tmp_path / "static")
    settings.BASE_DIR = tmp_path

    with pytest.raises(pdf.FontsMissing, match="npm run build"):
        pdf.render("paper.html", {})


def test_each_page_is_told_of_as_it_is_laid_out_and_as_it_is_drawn(template: Path) -> None:
    template.write_text(PAPER)
    context = {"title": "Klog varme", "text": "\n\n".join(["Varme."] * 120), "amount": 0}
    told: list[tuple[int, int | None]] = []

    content = pdf.render(
        "paper.html",
        context,
        images={"bar.svg": BAR},
        on_page=lambda page, pages: told.append((page, pages)),
    )

    pages = pdf_structure.read(content).pages
    laid_out, drawn = told[:-pages], told[-pages:]
    assert set(laid_out) == {(page, None) for page in range(1, pages + 1)}
    assert drawn == [(page, pages) for page in range(1, pages + 1)]


def test_who_is_told_may_stop_the_work(template: Path) -> None:
    template.write_text(PAPER)
    context = {"title": "Klog varme", "text": "", "amount": 0}

    def stop(page: int, pages: int | None) -> None:
        raise InterruptedError(page)

    with pytest.raises(InterruptedError):
        pdf.render("paper.html", context, images={"bar.svg": BAR}, on_page=stop)


def test_a_table_is_kept_whole_where_a_page_holds_it_and_else_leaves_none_empty(
    template: Path,
) -> None:
    template.write_text(
        '{% extends "pdf/base.html" %}{% block content %}<h1>A</h1>{% for n in before %}<p>Varme</p>{% endfor %}'
        "<h2>Hvem</h2><table><caption>Liste</caption><thead><tr><th scope='col'>Navn</th></tr></thead>"
        "<tbody>{% for row in rows %}<tr><td>{{ row|linebreaksbr }}</td></tr>{% endfor %}</tbody></table>{% endblock %}"
    )

    def pages(before: int, rows: list[str]) -> list[str]:
        context = {"before": range(before), "rows": rows}
        return pdf_structure.page_texts(pdf.render("paper.html", context))

    whole = pages(24, [f"Nr{n}." for n in range(10)])
    assert ["Liste" in page for page in whole] == [False, True]
    assert [page.count("Nr") for page in whole] == [0, 10]
    # Its head stands on each page, and no row by itself.
    long = pages(24, [f"Nr{n}." for n in range(50)])
    assert ["Navn" in page for page in long] == [True, True, True]
    assert [page.count("Nr") for page in long] == [2, 33, 15]
    # No page can hold it, so it begins where it stands.
    tall = pages(2, ["\n".join(["Varme"] * 20)] * 5)
    assert ["Liste" in page for page in tall] == [True, False, False]


# In a process of its own


def test_a_paper_set_apart_is_the_same_paper(template: Path) -> None:
    template.write_text(PAPER)
    context = {"title": "Lavbundsjord", "text": "Et\n\n- to", "amount": 1500000}

    here = pdf_structure.read(pdf.render("paper.html", context, images={"bar.svg": BAR}))
    apart = pdf_structure.read(pdf.render_apart("paper.html", context, images={"bar.svg": BAR}))

    assert apart == here


def test_a_paper_that_fails_apart_says_why(template: Path) -> None:
    template.write_text(PAPER)

    with pytest.raises(pdf.NotMade, match=r"Refused: Error fetching .paper:images/bar\.svg"):
        pdf.render_apart("paper.html", {"title": "x", "amount": 1})


def test_a_paper_that_takes_too_long_apart_is_given_up_and_makes_room(
    template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    template.write_text(PAPER)
    monkeypatch.setattr(pdf, "LONGEST_APART", 0.01)

    with pytest.raises(pdf.Busy, match="for lang tid"):
        pdf.render_apart("paper.html", {"title": "x", "amount": 1}, images={"bar.svg": BAR})

    monkeypatch.setattr(pdf, "LONGEST_WAIT", 0)
    with pdf.printing(), pytest.raises(pdf.Busy, match="mange"), pdf.printing():
        pass


# What is kept


def test_the_same_for_the_same_reader_is_printed_once() -> None:
    made = []

    def make() -> bytes:
        made.append(1)
        return b"%%PDF %d" % len(made)

    def asked(*says: str, reader: int = 1) -> bytes:
        return pdf.keep(make, says=says, reader=reader)

    assert asked("live", "a") == asked("live", "a") == b"%PDF 1"
    assert asked("live", "b") == b"%PDF 2"
    assert asked("live", "a", reader=2) == b"%PDF 3"
    # Two texts never run together to the same.
    assert asked("livea", "") == b"%PDF 4"
    assert asked("live", "a") == b"%PDF 1"


def test_what_fails_is_not_kept() -> None:
    def fail() -> bytes:
        raise pdf.Busy("Vent")

    with pytest.raises(pdf.Busy):
        pdf.keep(fail, says=("live", "a"), reader=1)

    assert pdf.keep(lambda: b"%PDF", says=("live", "a"), reader=1) == b"%PDF"


def test_the_oldest_goes_first_and_all_of_it_after_a_while() -> None:
    kept = pdf.Kept(most_bytes=10, seconds=60)
    for key in ("a", "b", "c"):
        kept.put(key, b"1234")
    assert [kept.get(key) for key in ("a", "b", "c")] == [None, b"1234", b"1234"]

    kept.put("huge", b"x" * 11)
    assert kept.get("huge") is None

    brief = pdf.Kept(most_bytes=10, seconds=0)
    brief.put("a", b"1")
    assert brief.get("a") is None
