"""Dates, money and counts in templates, as klimaspor.danish writes them; nothing for nothing."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import wraps
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from klimaspor import danish

register = template.Library()


def _of_something(write: Callable[..., str]) -> Callable[..., str]:
    @wraps(write)
    def written(value: Any, *args: Any) -> str:
        return "" if value in (None, "") else write(value, *args)

    return written


def _day(value: date | datetime) -> date:
    return danish.day_of(value) if isinstance(value, datetime) else value


@register.filter
@_of_something
def dato(value: date | datetime) -> str:
    """Write e.g. "mandag den 15. april 2024"."""
    return danish.date_text(_day(value))


@register.filter
@_of_something
def kort_dato(value: date | datetime) -> str:
    """Write e.g. "15.4.2027", for tables."""
    return danish.short_date(_day(value))


@register.filter
@_of_something
def tidspunkt(value: datetime) -> str:
    """Write e.g. "mandag den 15. april 2024 kl. 9.00"."""
    return danish.datetime_text(value)


@register.filter
@_of_something
def kort_tidspunkt(value: datetime) -> str:
    """Write e.g. "15.4.2027 kl. 9.00", for tables."""
    return danish.short_datetime(value)


@register.filter
@_of_something
def w3c(value: datetime) -> str:
    """Write a moment as a file's properties have it, e.g. "2027-04-15T07:00:00Z"."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@register.filter
@_of_something
def om_arbejdsdage(value: date | datetime, today: date | datetime) -> str:
    """Write e.g. "om 6 arbejdsdage", counted from `today`."""
    return danish.workdays_text(_day(today), _day(value))


@register.filter
@_of_something
def kroner(value: Decimal) -> str:
    """Write e.g. "1.500.000 kr."."""
    return danish.money_text(Decimal(value))


@register.filter
@_of_something
def tal(value: int) -> str:
    """Write e.g. "1.500"."""
    return danish.number_text(value)


@register.filter(is_safe=True)
def samlet(value: str) -> str:
    """Write guidance or a message of ours so that no line ends inside a date, an amount or a time of day in it."""
    return danish.unbroken(str(value))


@register.filter
def telefon(value: str) -> SafeString:
    """Write a telephone number, or several, as links that dial, e.g. "12 34 56 78 eller 87 65 43 21"."""
    numbers = danish.telephones(str(value or ""))
    return format_html_join(" eller ", "{}", ((_dials(each),) for each in numbers))


def _dials(number: danish.Telephone) -> SafeString:
    written = '<a class="nowrap" href="{}">{}</a>' if number.link else "{1}"
    return format_html(written, number.link, number.text)


@register.filter
def telefonnummer(value: str) -> str:
    """Write a telephone number where nothing can be a link, e.g. in a letter; nothing for what is no number."""
    return " eller ".join(each.text for each in danish.telephones(str(value or "")) if each.link)


@register.filter
def opremset(parts: list[str], most: int = 0) -> str:
    """Write e.g. "a, b og c", or of more than `most` "a, b og 12 andre"."""
    if most and len(parts) > most:
        parts = [*parts[: most - 1], f"{len(parts) - most + 1} andre"]
    return danish.join_text(parts)


@register.simple_tag
def antal(number: int, singular: str, plural: str) -> str:
    """Write e.g. "1 punkt" or "7 punkter"."""
    return danish.count_text(number, singular, plural)
