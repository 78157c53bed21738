"""
What a step answers instead of doing what was asked. The text says what to do next.

Every refusal knows itself how it is put on the form that was sent, and whether the page it came from shows what no longer
stands; `klimaspor.pages.FormPage` asks it, and needs no list of what a step may refuse.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


@dataclass(frozen=True)
class Part:
    """One thing that a page shows, in the words a reader sees."""

    label: str
    text: str
    unit: str = "page"
    """What is guarded by itself, see `klimaspor.seen`: a field of the form, or the page as a whole."""


class Refused(Exception):
    """What was asked cannot be done; the text says what to do instead."""

    is_outdated: ClassVar[bool] = False
    """Whether the page showed what no longer stands: it is read again, and the next press has seen it."""

    carries: Mapping[str, str] = MappingProxyType({})
    """What a page that shows the refusal carries, hidden, as having been seen."""
    shown_now: Sequence[Part] = ()
    """What stands now, for the page to show beside what was typed."""

    def put_on(self, form: Any, place: Callable[[str], str] = str) -> None:
        """
        Say it on the form that was sent, which keeps what was typed.

        `place` gives the field of the form for what the step calls by a name of its own.
        """
        form.add_error(None, str(self))


class Missing(Refused):
    """Something is not filled in, or is not as it must be: `errors` says what, by the step's own argument."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(" ".join(f"{text.rstrip('.')}." for text in errors.values()))
        self.errors = dict(errors)

    def put_on(self, form: Any, place: Callable[[str], str] = str) -> None:
        for name, text in self.errors.items():
            field = place(name)
            form.add_error(field if field in form.fields else None, text)


class AlreadyDone(Refused):
    """The same press came before and did what it asked for: show the result."""
