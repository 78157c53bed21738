"""Somebody before a screen: sees what is visible, and does what can be done with it."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import DESKTOP, PHONE, SHOTS, WORK

# Elements that reach beyond the window; the closed menu, what is folded away and what only screen readers meet apart.
TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  return [...document.querySelectorAll('body *')]
    .filter(e => !e.closest('.mobile-drawer') && getComputedStyle(e).position !== 'absolute' && e.checkVisibility())
    .filter(e => e.getBoundingClientRect().width && e.getBoundingClientRect().right > width + 1)
    .map(e => e.outerHTML.slice(0, 80));
}"""

# What the tab key and a screen reader meet, one after the other, and where it stands: what comes later stands further down, or
# beside it on the right. Two things are compared as the boxes that part them: two cards, the content and its margin.
OUT_OF_ORDER = """() => {
  const MET = 'a[href], button, input, select, textarea, summary, h1, h2, h3, h4, [tabindex]';
  const met = [...document.querySelectorAll('main :is(' + MET + ')')]
    .filter(e => e.tabIndex >= 0 || /^H\\d$/.test(e.tagName))
    .filter(e => !e.disabled && e.type !== 'hidden' && !e.closest('.sr-only') && e.checkVisibility())
    .filter(e => !/absolute|fixed/.test(getComputedStyle(e).position));
  // Of a link that goes over several lines, the one where it ends or begins.
  const line = (e, n) => {
    const range = document.createRange();
    range.selectNode(e);
    return [...e.getClientRects()].at(n) ?? range.getBoundingClientRect();
  };
  const boxes = (one, other) => {
    const above = [];
    for (let e = one; e; e = e.parentElement) above.push(e);
    let under = other;
    while (!above.includes(under.parentElement)) under = under.parentElement;
    return [line(above[above.indexOf(under.parentElement) - 1], -1), line(under, 0)];
  };
  const found = [];
  for (let n = 1; n < met.length; n++) {
    if (met[n - 1].contains(met[n])) continue;
    const [first, then] = boxes(met[n - 1], met[n]);
    const isBelow = then.top >= first.bottom - 4 || then.top > first.top + 8;
    if (!isBelow && then.left < first.right - 4)
      found.push(met[n - 1].outerHTML.slice(0, 90) + ' -> ' + met[n].outerHTML.slice(0, 90));
  }
  return found;
}"""

# A table that loses its head, and with it the links that sort.
UNSORTABLE = """() => {
  const words = e => [...e.querySelectorAll('.sort-link')].map(a => new URL(a.href).searchParams.get('sort'));
  return [...document.querySelectorAll('main table:has(.sort-link)')].filter(table => {
    const offered = [...document.querySelectorAll('[name=sort] option')].map(o => o.value);
    const isShown = e => Boolean(e?.checkVisibility());
    const isEither = isShown(table.tHead) !== isShown(document.querySelector('[name=sort]'));
    return !isEither || words(table).some(word => !offered.includes(word));
  }).map(table => table.outerHTML.slice(0, 80));
}"""

# A press that cannot be taken back and is small, or stands so near another that a thumb may hit the wrong one.
EASILY_MISSED = """() => {
  const WITHOUT_ASKING = /\\/(tilknytning|oenske|invitationer|invitation|adgang|punkt)\\/\\d+\\/(fjern|traek-tilbage)\\/$/;
  const seen = s => [...document.querySelectorAll(s)].filter(e => e.checkVisibility() && !e.matches('.sr-only'));
  const all = seen('main :is(a[href], button)');
  const isFinal = e => e.matches('.final, .button-warning, [data-row-button], [value^="remove:"], form[method=post] .button-primary');
  const found = seen('main button').filter(e => WITHOUT_ASKING.test(e.formAction) && !isFinal(e)).map(e => 'not marked: ' + e.outerHTML.slice(0, 90));
  for (const one of all.filter(isFinal)) {
    const box = one.getBoundingClientRect();
    if (box.height < 44) found.push(box.height + ' px: ' + one.outerHTML.slice(0, 90));
    for (const other of all.filter(e => e !== one)) {
      const there = other.getBoundingClientRect();
      const apart = Math.max(there.left - box.right, box.left - there.right, there.top - box.bottom, box.top - there.bottom);
      if (apart < 16) found.push(apart + ' px apart: ' + one.outerHTML.slice(0, 90) + ' | ' + other.outerHTML.slice(0, 90));
    }
  }
  return found;
}"""

# A link or button that something else lies upon, so that it is seen and cannot be pressed.
COVERED = """() => [...document.querySelectorAll('main :is(a[href], button)')].filter(e => {
  if (!e.checkVisibility() || e.closest('.sr-only')) return false;
  e.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
  const box = [...e.getClientRects()].find(r => r.width && r.height);
  const hit = box && document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return hit && !e.contains(hit) && !hit.contains(e);
}).map(e => e.outerHTML.slice(0, 120))"""

# A card, or a row that is one on a phone, about a proposal whose number it does not say.
UNNUMBERED = """() => [...document.querySelectorAll('main a[href*="/forslag/KS-"]')].filter(link => {
  const [number] = new URL(link.href).pathname.match(/KS-\\d+-\\d+/);
  const card = link.closest('tr, li.task, article, .card-box, section.box');
  const isPageOfIt = location.pathname.includes(number);
  return card && !isPageOfIt && !card.innerText.includes(number);
}).map(link => link.outerHTML.slice(0, 120))"""


@dataclass
class Person:
    page: Page
    name: str = ""
    seen: int = 0

    def opens(self, address: str) -> Person:
        self.page.goto(address)
        return self

    def at(self, heading: str) -> Person:
        """Come to a page, which is whole; a picture of it is kept for whoever wants to look."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)
        assert self.page.evaluate(TOO_WIDE) == [], self.page.url
        if SHOTS:
            self.seen += 1
            words = re.sub(r"\W+", "-", heading.lower()).strip("-")[:40]
            for size in (PHONE, DESKTOP):
                self.page.set_viewport_size(size)  # type: ignore[arg-type]  # a size
                path = Path(SHOTS) / f"{self.name}-{self.seen:02}-{words}-{size['width']}.png"
                self.page.screenshot(path=path, full_page=True)
        return self

    def fills(self, question: str, answer: str) -> Person:
        self._field(question).fill(answer)
        return self

    def chooses(self, question: str, *answers: str) -> Person:
        """Choose in a list, among radio buttons or among boxes to tick."""
        group = self.page.get_by_role("group", name=_begins(question))
        if not group.count():
            options = self._field(question).locator("option").all_inner_texts()
            [label] = [option for option in options if _is(answers[0]).search(option)]
            self._field(question).select_option(label=label)
        for answer in answers if group.count() else ():
            # The design system draws its own box over the browser's.
            group.first.get_by_text(_is(answer)).click()
        return self

    def attaches(self, question: str, name: str, content: bytes) -> Person:
        self._field(question).set_input_files(
            {"name": name, "mimeType": "application/pdf", "buffer": content}
        )
        return self

    def presses(self, button: str) -> Person:
        self.page.get_by_role("button", name=_begins(button)).first.click()
        return self

    def follows(self, link: str) -> Person:
        self.page.get_by_role("link", name=_begins(link)).locator("visible=true").first.click()
        return self

    def reads(self, *texts: str) -> Person:
        for text in texts:
            expect(self.page.locator("main")).to_contain_text(text)
        return self

    def downloads(self, link: str) -> bytes:
        """Wait until the worker has made a file, and fetch it."""
        found = self.page.get_by_role("link", name=_begins(link)).first
        expect(found).to_be_visible(timeout=WORK)
        with self.page.expect_download() as started:
            found.click()
        return Path(started.value.path()).read_bytes()

    def waits_for(self, link: str, *, asking: str) -> Person:
        """Ask again by a link of the page until the other link is there."""
        deadline = time.monotonic() + WORK / 1000
        while not self.page.get_by_role("link", name=_begins(link)).count():
            assert time.monotonic() < deadline, f"{link} never came on {self.page.url}"
            self.page.wait_for_timeout(500)
            self.follows(asking)
        return self

    def number(self) -> str:
        """Give the proposal's number, as it stands on the page."""
        found = re.search(r"KS-\d{4}-\d{4}", self.page.locator("main").inner_text())
        assert found
        return found[0]

    def _field(self, question: str) -> Locator:
        exact = self.page.get_by_label(re.compile(rf"^{re.escape(question)}( \(frivilligt\))?$"))
        return exact.first if exact.count() else self.page.get_by_label(_begins(question)).first


def _begins(words: str) -> re.Pattern[str]:
    # What only screen readers get stands in a box of its own, and the browser puts a space before it.
    typed = r"\s+".join(map(re.escape, words.split())).replace(":", r"\s*:")
    return re.compile(r"^\s*" + typed)


def _is(words: str) -> re.Pattern[str]:
    """Read a choice whether it begins with a capital or not."""
    first, rest = words[0], re.escape(words[1:])
    return re.compile(rf"^\s*[{first.upper()}{first.lower()}]{rest}\s*$")


def pdf(*, text: str = "Tidsplan") -> bytes:
    """Make a small PDF that is really one."""
    stream = f"BT /F1 18 Tf 72 720 Td ({text}) Tj ET".encode()
    page = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>"
    )
    parts = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        page,
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
    )
    written = b"%PDF-1.7\n"
    for number, part in enumerate(parts, 1):
        written += b"%d 0 obj%s endobj\n" % (number, part)
    return written + b"trailer<</Root 1 0 R>>\n%%EOF\n"
