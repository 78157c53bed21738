"""What every page must hold, checked on each one that any test fetches."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from django.urls import Resolver404, resolve, reverse

from selectolax.lexbor import LexborHTMLParser, LexborNode

from klimaspor import danish

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponse
    from django.test import Client

    from klimaspor.accounts.models import User

TYPED = ("text", "email", "tel", "search")
FILES = ("/static/", "/media/")


def read(html: str) -> Element:
    """Give the tree a browser makes of it, without comments; what a template holds stands in it."""
    root = LexborHTMLParser(html).root
    assert root
    return _element(root)


def _element(node: LexborNode) -> Element:
    made = Element(node.tag, {name: value or "" for name, value in node.attributes.items()})
    before: Element | None = None
    inside = node.template_fragments()[0] if node.tag == "template" else node
    for child in inside.iter(include_text=True):
        if child.is_text_node:
            if before is None:
                made.text = (made.text or "") + (child.text_content or "")
            else:
                before.tail = (before.tail or "") + (child.text_content or "")
        elif child.is_element_node:
            before = _element(child)
            made.append(before)
    return made


@dataclass(frozen=True)
class Page:
    """A fetched page, read as a reader would: by its words, its links and its forms."""

    response: HttpResponse
    url: str
    body: bytes
    """Everything that came, also of a file."""

    @cached_property
    def root(self) -> Element:
        return read(self.body.decode())

    @cached_property
    def text(self) -> str:
        return " ".join(danish.plain(words_within(self.root)).split())

    @property
    def marked(self) -> str:
        """Both texts of a conflict, with what stands in one of them only in brackets."""
        panels = self.by_class("conflict-texts")
        return " ".join(danish.plain(" ".join("".join(p.itertext()) for p in panels)).split())

    @property
    def conflict(self) -> str:
        """Both texts of a conflict, as they were typed."""
        return unmarked(self.marked)

    @property
    def heading(self) -> str:
        return _words(next(iter(self.root.iter("h1"))))

    @property
    def links(self) -> list[str]:
        return [a.get("href", "") for a in self.root.iter("a")]

    @property
    def buttons(self) -> list[str]:
        return [_words(button) for button in self.root.iter("button") if _words(button)]

    @property
    def primary(self) -> list[str]:
        """The words of the page's primary buttons, of which there is at most one."""
        return [
            _words(e) for e in self.root.iter() if "button-primary" in e.get("class", "").split()
        ]

    @property
    def problems(self) -> list[str]:
        """What the summary of errors says."""
        summary = self.by_class("error-summary")
        return [_words(item) for e in summary for item in e.iter("li")]

    @property
    def messages(self) -> list[str]:
        return [_words(e) for box in self.by_class("messages") for e in _within(box, "alert-text")]

    @property
    def location(self) -> str:
        """Where a redirect leads."""
        return self.response.headers.get("Location", "")

    def by_class(self, name: str) -> list[Element]:
        return list(_within(self.root, name))

    def value(self, name: str) -> str | None:
        """Give what stands in the field of that name, or what is chosen in it."""
        for e in self.root.iter():
            if e.get("name") != name:
                continue
            if e.tag == "textarea":
                return "".join(e.itertext()).removeprefix("\n")
            if e.tag == "select":
                chosen = [o.get("value") for o in e.iter("option") if o.get("selected") is not None]
                return chosen[0] if chosen else None
            if e.get("type") in ("radio", "checkbox"):
                if e.get("checked") is not None:
                    return e.get("value")
                continue
            return e.get("value", "")
        return None

    @property
    def sent(self) -> dict[str, list[str]]:
        """What a browser sends of the form whose text is its writer's own, when nobody has touched it."""
        forms = [f for f in self.root.iter("form") if any(map(_is_slip, f.iter("input")))]
        return _sent(forms[0])

    def check(self) -> None:
        """Hold the page to what every page must hold."""
        root, ids = self.root, [e.get("id") for e in self.root.iter() if e.get("id")]
        assert root.get("lang") == "da", self.url
        assert len(list(root.iter("h1"))) == 1, self.url
        assert self.heading, self.url
        titles = list(root.find("head").iter("title"))  # type: ignore[union-attr]  # the parser always makes one
        assert len(titles) == 1, self.url
        assert _words(titles[0]).endswith("Klimaspor"), self.url
        assert len(_words(titles[0])) > len(" – Klimaspor"), self.url
        assert len(ids) == len(set(ids)), [i for i in ids if ids.count(i) > 1]
        assert len(self.primary) <= 1, self.primary
        for e in root.iter():
            assert not [a for a in e.attrib if a == "style" or a.startswith("on")], e.attrib
            for attribute in ("for", "aria-describedby", "aria-labelledby"):
                for target in (e.get(attribute) or "").split():
                    assert target in ids, f"{self.url}: {attribute}={target} leads nowhere"
        assert not [s for s in root.iter("script") if "".join(s.itertext()).strip()], self.url
        assert "{{" not in self.text, self.url
        assert "{%" not in self.text, self.url
        for form in root.iter("form"):
            self._check_form(form)
        self._check_presses()
        for href in self.links:
            self._check_address(href, ids)

    def _check_form(self, form: Element) -> None:
        names = [e.get("name") for e in form.iter("input")]
        if (form.get("method") or "get").lower() == "post":
            assert "csrfmiddlewaretoken" in names, f"{self.url}: a form without its token"
        self._check_address(form.get("action") or self.url, [])
        assert form.get("novalidate") is not None, f"{self.url}: the browser would speak first"
        if (form.get("method") or "get").lower() == "post" and any(map(makes, self._led_to(form))):
            assert "once" in names, f"{self.url}: two presses would make two"

    def _led_to(self, form: Element) -> list[str]:
        """Give the addresses that a form's buttons lead to, inside it or elsewhere on the page."""
        inside = list(form.iter("button"))
        named = [b for b in self.root.iter("button") if b.get("form") == (form.get("id") or "-")]
        own = [form.get("action") or self.url]
        return own + [address for b in inside + named if (address := b.get("formaction"))]

    def _check_presses(self) -> None:
        """
        No press may throw away what is typed in another form: there is one, and each button sends all of it.

        But whoever logs off leaves, as one does to sign in elsewhere.
        """
        leaving = [reverse("account_logout"), "/konto/oidc/organisation/login/"]
        posts = [f for f in self.root.iter("form") if f.get("method") == "post"]
        own = [f for f in posts if urlsplit(f.get("action") or "").path not in leaving]
        assert len(own) < 2 or not any(map(_holds_text, own)), f"{self.url}: forms side by side"

    def _check_address(self, href: str, ids: list[str]) -> None:
        parts = urlsplit(href)
        if parts.scheme or parts.netloc or parts.path.startswith(FILES):
            return
        if parts.path:
            try:
                resolve(parts.path)
            except Resolver404:
                raise AssertionError(f"{self.url}: {href} leads nowhere") from None
        elif parts.fragment:
            assert parts.fragment in ids, f"{self.url}: #{parts.fragment} leads nowhere"


@dataclass
class Pages:
    """Fetches pages as somebody, and checks each."""

    client: Client

    def as_(self, user: User | None) -> Pages:
        if user is None:
            self.client.logout()
        else:
            self.client.force_login(
                user, backend="allauth.account.auth_backends.AuthenticationBackend"
            )
        return self

    def get(self, url: str, *, status: int = 200, **more: Any) -> Page:
        return self._checked(self.client.get(url, **more), url, status)

    def post(self, url: str, data: Any = None, *, status: int = 302, **more: Any) -> Page:
        return self._checked(self.client.post(url, data or {}, **more), url, status)

    def seen(self, url: str) -> dict[str, str]:
        """Give what the page carries of what it shows, which comes back with what is typed in it."""
        shown = self.get(url).root.iter("input")
        names = {e.get("name", ""): e.get("value", "") for e in shown}
        return {name: value for name, value in names.items() if name.startswith("base-")}

    def press(self, url: str, data: Any = None) -> Page:
        """Post, and fetch the page it leads to."""
        answer = self.post(url, data)
        return self.get(answer.location.partition("#")[0])

    def _checked(self, response: Any, url: str, status: int) -> Page:
        path = url.partition("?")[0]
        # A file that is not read to its end is never closed.
        body = b"".join(response.streaming_content) if response.streaming else response.content
        page = Page(response, path, body)
        assert response.status_code == status, (url, response.status_code, page.location)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if is_page and body.lstrip().lower().startswith(b"<!doctype"):
            page.check()
        return page


def makes(address: str) -> bool:
    """Say whether a press that is sent there makes something new."""
    view: Any = resolve(urlsplit(address).path).func
    known = {"makes": getattr(getattr(view, "view_class", None), "makes", False)}
    return bool({**known, **getattr(view, "view_initkwargs", {})}["makes"])


def _holds_text(form: Element) -> bool:
    return any(
        e.tag == "textarea" or (e.tag == "input" and e.get("type", "text") in TYPED)
        for e in form.iter()
    )


def _is_slip(field: Element) -> bool:
    return field.get("name") == "unsent-slip"


def _sent(form: Element) -> dict[str, list[str]]:
    sent: dict[str, list[str]] = {}
    for e in form.iter():
        name = e.get("name", "")
        if e.tag not in ("input", "select", "textarea") or not name or e.get("type") == "file":
            continue
        if e.tag == "textarea":
            values = ["".join(e.itertext()).removeprefix("\n")]
        elif e.tag == "select":
            options = list(e.iter("option"))
            chosen = [o for o in options if o.get("selected") is not None]
            values = [o.get("value", "") for o in chosen or options[:1]]
        elif e.get("type") in ("radio", "checkbox"):
            values = [e.get("value", "on")] if e.get("checked") is not None else []
        else:
            values = [e.get("value", "")]
        sent.setdefault(name, []).extend(values)
    return sent


def _within(root: Element, name: str) -> Iterator[Element]:
    return (e for e in root.iter() if name in e.get("class", "").split())


def _words(e: Element) -> str:
    return " ".join(danish.plain(" ".join(e.itertext())).split())


def unmarked(text: str) -> str:
    """Give what a page says without saying which of it stands in one of two texts only."""
    return text.replace("[kun her: ", "").replace("]", "")


def words_within(e: Element) -> str:
    """Give the words a reader sees there, each blank as it is."""
    return " ".join(_text(e))


def _text(e: Element) -> Iterator[str]:
    if e.tag in ("script", "style", "template", "title"):
        return
    yield e.text or ""
    for child in e:
        yield from _text(child)
        yield child.tail or ""
