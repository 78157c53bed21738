"""
Pages of a long list, which is counted no further than to a thousand: what a list costs does not grow with what is stored.

Beyond that its length reads "over 1.000", and one goes on from page to page without knowing which is the last.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.core import paginator

from klimaspor.prepared import AskedList

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_COUNTED = 1_000
MOST_PAGES = 1_000_000
"""Beyond it a number is no page's, and no number of PostgreSQL's."""


class Paginator(paginator.Paginator):  # type: ignore[type-arg]  # Django refuses an argument at run time
    """Pages of a queryset, or of a prepared list."""

    most = MOST_COUNTED
    known: int | None = None
    """How many there are, when that has been seen."""

    def page(self, number: Any) -> Page:
        """
        Read one page.

        :raises InvalidPage: it is none of the list's.
        """
        try:
            number = int(number)
        except (TypeError, ValueError) as error:
            raise paginator.PageNotAnInteger("Ikke et sidetal") from error
        if not 1 <= number < MOST_PAGES:
            raise paginator.EmptyPage("Siden findes ikke")
        start, stop = (number - 1) * self.per_page, number * self.per_page
        rows = self._read(start, stop)
        if not rows and number > 1:
            raise paginator.EmptyPage("Siden findes ikke")
        return Page(rows[: self.per_page], number, self, has_more=len(rows) > self.per_page)

    def _read(self, start: int, stop: int) -> Sequence[Any]:
        """Read the rows of a page and one more, which tells whether there is a next."""
        found: Any = self.object_list
        if isinstance(found, AskedList):
            rows, counted = found.page(start, stop + 1, most=MOST_COUNTED + 1)
            # Past the end nothing is counted.
            self.known = counted if rows or start == 0 else None
            return rows
        rows = list(found[start : stop + 1])
        if len(rows) <= self.per_page and (rows or start == 0):
            self.known = start + len(rows)
        return rows

    def get_page(self, number: Any) -> Page:
        """Read a page; what is no number is the first, and what lies beyond the last is the last."""
        try:
            return self.page(number)
        except paginator.PageNotAnInteger:
            return self.page(1)
        except paginator.EmptyPage:
            # Only whoever writes a number into the address has all counted.
            if not self.is_counted:
                found: Any = self.object_list
                self.known = found.count()
            return self.page(max(1, -(-self.count // self.per_page)))

    @cached_property
    def _at_most(self) -> int:
        found: Any = self.object_list
        if isinstance(found, AskedList):
            # How many there are comes with the first of them.
            return found.page(0, 1, most=MOST_COUNTED + 1)[1]
        part = found[: MOST_COUNTED + 1]
        return len(part) if isinstance(part, list | range | tuple) else part.count()

    @property
    def count(self) -> int:
        """Give how many there are, when they are counted; more than `MOST_COUNTED` when not."""
        return self._at_most if self.known is None else self.known

    @property
    def is_counted(self) -> bool:
        return self.count <= MOST_COUNTED

    @property
    def num_pages(self) -> int:
        """Give how many pages are known of."""
        return max(1, -(-min(self.count, MOST_COUNTED) // self.per_page))


class Page(paginator.Page):  # type: ignore[type-arg]  # Django refuses an argument at run time
    """One page, and whether there is a next."""

    paginator: Paginator

    def __init__(
        self, rows: Sequence[Any], number: int, pages: Paginator, *, has_more: bool
    ) -> None:
        super().__init__(rows, number, pages)
        self._has_more = has_more

    def has_next(self) -> bool:
        return self._has_more

    def next_page_number(self) -> int:
        if not self._has_more:
            raise paginator.EmptyPage("Der er ikke flere sider")
        return self.number + 1

    def previous_page_number(self) -> int:
        if self.number == 1:
            raise paginator.EmptyPage("Der er ikke flere sider")
        return self.number - 1

    def start_index(self) -> int:
        return (self.number - 1) * self.paginator.per_page + 1 if self.object_list else 0

    def end_index(self) -> int:
        return (self.number - 1) * self.paginator.per_page + len(self.object_list)

    @property
    def numbers(self) -> list[int | None]:
        """List the pages worth a link: the first, the last that is known and those around this one; None for what is left out."""
        if self.paginator.is_counted:
            last = self.paginator.num_pages
        else:
            last = max(self.number + self._has_more, min(self.number + 2, self.paginator.num_pages))
        around = range(max(1, self.number - 2), min(last, self.number + 2) + 1)
        shown = sorted({1, *around, *([last] if self.paginator.is_counted else [])})
        numbers: list[int | None] = []
        for number in shown:
            if numbers and numbers[-1] is not None and number > numbers[-1] + 1:
                # One page alone takes no more room than the dots.
                numbers.append(number - 1 if number == numbers[-1] + 2 else None)
            numbers.append(number)
        return numbers if self.paginator.is_counted else [*numbers, *([None] * self._has_more)]
