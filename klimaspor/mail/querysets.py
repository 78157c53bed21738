"""What is asked of the outbox."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db.models import CharField, Func, QuerySet, Value
from django.db.models.functions import Cast, Concat

if TYPE_CHECKING:
    from datetime import datetime

    from klimaspor.mail.models import Contact, OutgoingMail


class MomentText(Func):
    """A moment as Python writes it in UTC (`isoformat`), as keys have it."""

    template = (
        "replace(to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US'), "
        "'.000000', '') || '+00:00'"
    )
    output_field = CharField()


def key_of(*parts: Any) -> Concat:
    """Put the key of a letter together in SQL: texts as they are, columns as text, with colons between."""
    texts: list[Any] = []
    for part in parts:
        texts += [Value(":"), Value(part) if isinstance(part, str) else Cast(part, CharField())]
    return Concat(*texts[1:], output_field=CharField())


class OutgoingMailQuerySet(QuerySet["OutgoingMail"]):
    """Letters by what has become of them: each is either held, waiting, sent or given up."""

    def unreleased(self) -> Self:
        return self.filter(released_at=None)

    def waiting(self) -> Self:
        """Narrow to what will be sent, also what rests between two attempts."""
        return self.filter(released_at__isnull=False, sent_at=None, failed_at=None)

    def sent(self) -> Self:
        return self.filter(sent_at__isnull=False)

    def sent_since(self, at: datetime) -> Self:
        return self.filter(sent_at__gte=at)

    def given_up(self) -> Self:
        return self.filter(failed_at__isnull=False)

    def to_address(self, text: str) -> Self:
        """Narrow to letters whose address holds the text."""
        return self.filter(recipient__icontains=text) if text else self

    def readable(self) -> Self:
        """Narrow to what `reading.for_reader` lets its reader read: whoever searches finds nothing else."""
        return self.filter(is_readable=True)

    def oldest_first(self) -> Self:
        return self.order_by("created_at", "pk")

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")


class ContactQuerySet(QuerySet["Contact"]):
    """The one row, written or not."""

    def the_one(self) -> Contact:
        return self.filter(pk=self.model.ONLY).first() or self.model(pk=self.model.ONLY)

    def locked(self) -> Contact:
        """Give the row that is held until it is written; nobody can hold one that was never written."""
        return self.select_for_update().the_one()
