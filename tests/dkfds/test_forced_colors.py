"""What colors and backgrounds say is said by a border, a sign or a word too, where the reader's own colors take their place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.usefixtures("gallery")]

# What is seen of something besides its colors: its borders (one in the color of the page is none), its sign and its words.
SEEN = """(e, part) => {
  const style = getComputedStyle(e, part || null);
  const page = getComputedStyle(document.body).backgroundColor;
  const border = side => {
    const [width, kind, color] = ['width', 'style', 'color'].map(what => style.getPropertyValue(`border-${side}-${what}`));
    return kind === 'none' || color === page ? '0px' : `${width} ${kind}`;
  };
  return [
    ...['top', 'right', 'bottom', 'left'].map(border),
    style.content === 'normal' || style.content === 'none' ? '' : style.content,
    part ? '' : e.innerText.trim(),
  ];
}"""


@pytest.fixture
def forced(page: Page, live_server: object) -> Page:
    page.emulate_media(forced_colors="active")
    page.goto(f"{live_server}/galleri/forslag/")
    return page


def seen(page: Page, selector: str, part: str = "") -> list[str]:
    found: list[str] = page.locator(selector).first.evaluate(SEEN, part)
    return found


def borders(page: Page, selector: str, part: str = "") -> list[str]:
    return seen(page, selector, part)[:4]


NONE = ["0px"] * 4


def test_colors_are_forced(forced: Page) -> None:
    assert forced.evaluate("matchMedia('(forced-colors: active)').matches")


def test_the_current_tab_has_a_line_that_the_others_have_not(forced: Page) -> None:
    assert borders(forced, ".tab-link[aria-current]") == ["0px", "0px", "4px solid", "0px"]
    assert borders(forced, ".tab-link:not([aria-current])") == NONE


@pytest.mark.parametrize(
    "selector",
    (
        ".badge",
        ".nav-count",
        ".meter-mark",
        ".line-mark",
        ".alert",
        ".thread--resolved",
        ".box--next",
    ),
)
def test_what_a_background_showed_has_a_border(forced: Page, selector: str) -> None:
    assert "0px" not in borders(forced, selector)


def test_timeline_has_its_marks(forced: Page) -> None:
    assert borders(forced, ".timeline-event", "::before") == ["6px solid"] * 4


def test_stops_of_the_line_differ_by_their_mark_and_word(forced: Page) -> None:
    kinds = ("done", "now", "todo", "ended")
    marks = [
        (
            borders(forced, f".line-stop--{kind} .line-mark"),
            seen(forced, f".line-stop--{kind} .line-state")[-1],
        )
        for kind in kinds
    ]

    assert len({str(mark) for mark in marks}) == len(kinds)


def test_states_of_the_meter_differ_by_their_word(forced: Page) -> None:
    states = [
        seen(forced, f".meter-item--{state} .meter-state")[-1].split(maxsplit=1)[1]
        for state in ("met", "missing", "judged", "warning")
    ]

    assert states == ["Opfyldt", "Mangler", "Vurderes af DGO", "Bør overvejes"]


def test_bars_and_signs_have_the_color_of_the_text(forced: Page) -> None:
    others: Any = forced.evaluate(
        """() => [...document.querySelectorAll('main .bar-fill, main .icon-svg')]
            .map(e => [e.outerHTML.slice(0, 80), getComputedStyle(e).fill,
                getComputedStyle(e.matches('.icon-svg') ? e : document.body).color])
            .filter(([, fill, color]) => fill !== color)"""
    )

    assert forced.locator("main .bar-fill").count()
    assert others == []


def test_the_current_page_of_a_list_is_marked(forced: Page) -> None:
    forced.goto(forced.url.replace("forslag", "liste"))

    assert borders(forced, ".pagination-item [aria-current]")[2] == "4px solid"
    assert borders(forced, ".pagination-item a:not([aria-current])")[2] != "4px solid"


def test_what_is_chosen_has_a_sign(forced: Page) -> None:
    forced.goto(forced.url.replace("forslag", "form"))
    box = forced.locator(".form-checkbox").first
    label = f"label[for='{box.get_attribute('id')}']"
    box.uncheck(force=True)
    empty = seen(forced, label, "::before")
    box.check(force=True)

    assert seen(forced, label, "::before") != empty
    assert seen(forced, label, "::before")[4] == '"✓"'

    radio = forced.locator(".form-radio").first
    radio.check(force=True)
    assert (
        borders(forced, f"label[for='{radio.get_attribute('id')}']", "::after") == ["6px solid"] * 4
    )


def test_progress_has_a_frame_and_a_part_that_is_full(forced: Page) -> None:
    forced.evaluate(
        """() => document.querySelector('main').insertAdjacentHTML('beforeend',
            '<progress class="progress-bar" max="100" value="40" aria-label="Prøve"></progress>')"""
    )

    assert borders(forced, ".progress-bar") == ["2px solid"] * 4
