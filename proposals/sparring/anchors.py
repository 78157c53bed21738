"""Where a quote stands in an answer."""

from __future__ import annotations


def find(text: str, *, quote: str, before: str, after: str) -> int | None:
    """Give where the quote begins in the text; None where it has been changed, or could be any of several."""
    places = _places(text, quote) if quote else []
    exact = [p for p in places if _is_before(text, p, before) and _is_after(text, p, quote, after)]
    if len(exact) == 1:
        return exact[0]
    if len(places) != 1:
        return None
    [only] = places
    is_beside = (before and _is_before(text, only, before)) or (
        after and _is_after(text, only, quote, after)
    )
    return only if is_beside else None


def _places(text: str, quote: str) -> list[int]:
    places, place = [], text.find(quote)
    while place >= 0:
        places.append(place)
        place = text.find(quote, place + 1)
    return places


def _is_before(text: str, place: int, before: str) -> bool:
    return text.endswith(before, 0, place)


def _is_after(text: str, place: int, quote: str, after: str) -> bool:
    return text.startswith(after, place + len(quote))
