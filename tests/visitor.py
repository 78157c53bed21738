"""Somebody at a browser without JavaScript: follows links, answers questions, presses buttons, and can do nothing else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag, urlencode, urljoin, urlsplit, urlunsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.pages import Page

if TYPE_CHECKING:
    from collections.abc import Iterable
    from xml.etree.ElementTree import Element

OPTIONAL = re.compile(r"\s*\(frivilligt\)$")


class Lost(AssertionError):
    """The page does not show what the visitor looks for."""


class Visitor:
    """One browser with its cookies. Each page it sees is held to what every page must hold."""

    def __init__(self) -> None:
        self.client = Client()
        self.address = "/"
        self.email = ""
        self.seen: list[str] = []

    def open(self, address: str, *, status: int = 200) -> Visitor:
        """Type an address, also one that stands in a letter."""
        address = _own(address)
        return self._went(self.client.get(address), address, status)

    def follow(self, text: str, *, nth: int = 1) -> Visitor:
        """Press the link with these words; several that lead to the same place are one."""
        found = {
            a.get("href", ""): words(a)
            for a in self.root.iter("a")
            if a.get("href") is not None and words(a) == text
        } or {
            a.get("href", ""): words(a)
            for a in self.root.iter("a")
            if a.get("href") is not None and words(a).startswith(text)
        }
        if not found or (len(found) > 1 and nth == 1 and text not in found.values()):
            raise Lost(f"No one link says {text!r} on {self.address}: {self._links()}")
        return self.open(urljoin(self.address, list(found)[nth - 1]))

    def fill(self, question: str, answer: Any, *, nth: int = 1) -> Visitor:
        """
        Answer the question with that label or legend, as it stands on the page.

        A choice is answered with the words of the option, several with a list, a file with its name and content.
        """
        labels = [e for e in self.root.iter("label") if _asks(words(e), question)]
        legends = [e for e in self.root.iter("legend") if _asks(words(e), question)]
        exact = [e for e in (*legends, *labels) if _plain(words(e)) == question]
        found = exact or [*legends, *labels]
        if len(found) < nth or (len(found) > 1 and nth == 1 and len(exact) != len(found)):
            raise Lost(f"No one question is {question!r} on {self.address}: {self._questions()}")
        asked = found[nth - 1]
        if asked.tag == "legend":
            self._choose(self._parent(asked), answer)
        else:
            self._type(self._control(asked), answer)
        return self

    def press(self, text: str, *, nth: int = 1, status: int = 200) -> Visitor:
        """Press the button with these words, with everything its form holds."""
        found = [b for b in self._buttons() if words(b) == text] or [
            b for b in self._buttons() if words(b).startswith(text)
        ]
        if len(found) < nth:
            raise Lost(f"No button says {text!r} on {self.address}: {self.buttons}")
        button = found[nth - 1]
        form = self._form_of(button)
        target = urljoin(
            self.address, button.get("formaction") or form.get("action") or self.address
        )
        values = self._values(form, button)
        if (form.get("method") or "get").lower() == "get":
            query = urlencode([(k, v) for k, v in values if isinstance(v, str)])
            return self.open(f"{urldefrag(target).url.partition('?')[0]}?{query}", status=status)
        data: dict[str, list[Any]] = {}
        for name, value in values:
            data.setdefault(name, []).append(value)
        if any(not isinstance(v, str) for _, v in values):
            assert form.get("enctype") == "multipart/form-data", f"{target}: a file would not go"
        return self._went(self.client.post(urldefrag(target).url, data), target, status)

    def sees(self, *texts: str) -> Visitor:
        """Hold the page to showing all of this."""
        for text in texts:
            assert text in self.page.text, f"{text!r} is not on {self.address}: {self.page.text}"
        return self

    def sees_no(self, *texts: str) -> Visitor:
        for text in texts:
            assert text not in self.page.text, f"{text!r} is on {self.address}"
        return self

    def download(self, text: str) -> bytes:
        """Follow a link to a file, and give its bytes."""
        here, page, root = self.address, self.page, self.root
        found = [a for a in root.iter("a") if words(a).startswith(text)]
        if not found:
            raise Lost(f"No link says {text!r} on {here}: {self._links()}")
        response = self.client.get(urljoin(here, found[0].get("href", "")))
        assert response.status_code == 200, response.status_code
        assert "attachment" in response.headers["Content-Disposition"]
        self.address, self.page, self.root = here, page, root
        body: bytes = b"".join(response) if response.streaming else response.content  # type: ignore[arg-type]  # the client gives plain iterators
        return body

    @property
    def heading(self) -> str:
        return self.page.heading

    @property
    def buttons(self) -> list[str]:
        return [words(b) for b in self._buttons()]

    @property
    def links(self) -> list[str]:
        return [words(a) for a in self.root.iter("a") if a.get("href") is not None]

    @property
    def number(self) -> str:
        """Give the proposal's number, as it stands on the page."""
        found = re.search(r"KS-\d{4}-\d{4}", self.page.text)
        if not found:
            raise Lost(f"No number on {self.address}")
        return found[0]

    # What a browser does

    def _went(self, response: Any, address: str, status: int) -> Visitor:
        for _ in range(6):
            if response.status_code not in (301, 302, 303):
                break
            address = _own(urljoin(address, response.headers["Location"]))
            response = self.client.get(address)
        self.address = urldefrag(address).url
        self.seen.append(self.address.partition("?")[0])
        self.page = Page(response, self.address.partition("?")[0], response.content)
        assert response.status_code == status, (
            f"{address}: {response.status_code}, {self.page.text if response.content else ''}"
        )
        self.page.check()
        self.root = self.page.root
        self._parents = {child: parent for parent in self.root.iter() for child in parent}
        self._files: dict[Element, Any] = {}
        return self

    def _parent(self, e: Element) -> Element:
        return self._parents[e]

    def _ancestors(self, e: Element) -> Iterable[Element]:
        while e in self._parents:
            e = self._parents[e]
            yield e

    def _form_of(self, e: Element) -> Element:
        if e.get("form"):
            return next(f for f in self.root.iter("form") if f.get("id") == e.get("form"))
        found = next((a for a in self._ancestors(e) if a.tag == "form"), None)
        if found is None:
            raise Lost(f"{words(e)!r} belongs to no form on {self.address}")
        return found

    def _buttons(self) -> list[Element]:
        return [
            b
            for b in self.root.iter("button")
            if b.get("type", "submit") == "submit"
            and words(b)
            and b.get("tabindex") != "-1"
            and "disabled" not in b.attrib
        ]

    def _control(self, label: Element) -> Element:
        key = label.get("for")
        return next(e for e in self.root.iter() if e.get("id") == key)

    def _choose(self, fieldset: Element, answer: Any) -> None:
        wanted = answer if isinstance(answer, list | tuple) else [answer]
        choices = {
            _choice(_plain(words(label))): self._control(label) for label in fieldset.iter("label")
        }
        for control in choices.values():
            control.attrib.pop("checked", None)
        for text in map(_choice, wanted):
            key = text if text in choices else next((c for c in choices if c.startswith(text)), "")
            if not key:
                raise Lost(f"{text!r} is not among {list(choices)} on {self.address}")
            choices[key].set("checked", "")

    def _type(self, control: Element, answer: Any) -> None:
        if control.tag == "textarea":
            for child in list(control):
                control.remove(child)
            control.text = str(answer)
        elif control.tag == "select":
            options = {_choice(words(o)): o for o in control.iter("option")}
            if _choice(answer) not in options:
                raise Lost(f"{answer!r} is not among {list(options)} on {self.address}")
            for option in options.values():
                option.attrib.pop("selected", None)
            options[_choice(answer)].set("selected", "")
        elif control.get("type") in ("checkbox", "radio"):
            if answer:
                control.set("checked", "")
            else:
                control.attrib.pop("checked", None)
        elif control.get("type") == "file":
            name, content = answer
            self._files[control] = SimpleUploadedFile(name, content, "application/pdf")
        else:
            control.set("value", str(answer))

    def _values(self, form: Element, pressed: Element) -> list[tuple[str, Any]]:
        """Give what the browser would send, in the order of the page."""
        return [
            (e.get("name", ""), value)
            for e in self.root.iter()
            if e.get("name") and "disabled" not in e.attrib and self._belongs(e, form)
            for value in self._sent(e, pressed)
        ]

    def _sent(self, e: Element, pressed: Element) -> list[Any]:
        """Give what one control sends: nothing, a value, or several."""
        kind = e.get("type", "text") if e.tag == "input" else e.tag
        if kind == "textarea":
            # A browser sends lines as the internet wants them.
            text = "".join(e.itertext()).removeprefix("\n")
            return [re.sub(r"\r?\n", "\r\n", text)]
        if kind == "select":
            options = list(e.iter("option"))
            chosen = [o for o in options if "selected" in o.attrib] or options[:1]
            return [o.get("value", words(o)) for o in chosen]
        if kind == "button":
            return [e.get("value", "")] if e is pressed else []
        if kind in ("checkbox", "radio"):
            return [e.get("value", "on")] if "checked" in e.attrib else []
        if kind == "file":
            return [self._files[e]] if e in self._files else []
        is_typed = e.tag == "input" and kind not in ("submit", "image", "reset")
        return [e.get("value", "")] if is_typed else []

    def _belongs(self, e: Element, form: Element) -> bool:
        if any(a.tag == "template" for a in self._ancestors(e)):
            return False
        if e.get("form"):
            return e.get("form") == form.get("id")
        return form in self._ancestors(e)

    # What is said when it is lost

    def _links(self) -> list[str]:
        return sorted(set(self.links))

    def _questions(self) -> list[str]:
        return [_plain(words(e)) for e in self.root.iter() if e.tag in ("label", "legend")]


def _own(address: str) -> str:
    """Leave out the portal's own scheme and host, which the client does not need."""
    return urlunsplit(urlsplit(address)._replace(scheme="", netloc="", fragment=""))


def words(e: Element) -> str:
    return " ".join("".join(e.itertext()).split())


def _plain(text: str) -> str:
    return OPTIONAL.sub("", text)


def _choice(text: str) -> str:
    """Forget what letter a choice begins with."""
    return text[:1].lower() + text[1:]


def _asks(text: str, question: str) -> bool:
    return _plain(text) == question or text.startswith(question)
