"""
Danish full-text search: the document that is kept of a text, and the question that is put to it.

A document holds each word as it is spelled (`danish.spelled`), so that its beginning finds it, and its stem, so that other
forms of it do; of titles and names it holds every ending as well, so that any part of three letters finds them. It needs
none of PostgreSQL's extensions, which the embedded one has not got.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.search import SearchVectorField
from django.db import connection
from django.db.models import F, FloatField, Func, Lookup, Value

from klimaspor import danish

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

TITLE = """(
    setweight(to_tsvector('danish', %s), 'A') || setweight(to_tsvector('simple', %s), 'A')
    || setweight(to_tsvector('simple', %s), 'A')
)"""
NAMES = """(
    setweight(to_tsvector('danish', %s), 'B') || setweight(to_tsvector('simple', %s), 'B')
    || setweight(to_tsvector('simple', %s), 'B')
)"""
PROSE = """(
    setweight(to_tsvector('danish', %s), 'C') || setweight(to_tsvector('simple', %s), 'D')
)"""
"""A document in SQL: its parts joined by ||, with the values that the functions of the same names give."""
SHORTEST_BEGINNING = 2
MOST_WORDS = 20
LONGEST = 100
"""More words than that, or longer ones, nobody looks for."""
NOTHING = "'ingen' & !'ingen'"
"""What no text answers."""


def title(text: str) -> list[str]:
    """Give the values of `TITLE`."""
    return names([text])


def names(texts: Iterable[str]) -> list[str]:
    """Give the values of `NAMES`."""
    words, spelled = prose(texts)
    parts = dict.fromkeys(end for word in spelled.split() for end in danish.endings(word))
    return [words, spelled, " ".join(parts)]


def prose(texts: Iterable[str]) -> list[str]:
    """Give the values of `PROSE`."""
    words = " ".join(word for text in texts for word in danish.words_of(text))
    return [words, danish.spelled(words)]


def tsquery(text: str) -> str:
    """
    Write what somebody looks for as PostgreSQL reads it (`tsquery`); `NOTHING` when there is no word in it.

    Every word must be there, as the beginning of a word or in another form. "Words in quotes" stand beside each other, a
    word after a minus must not be there, and `or` stands between two of which one is enough.
    """
    parts = _parts(text)
    wanted = [part for _, part in parts if part]
    stems = _stems(tuple(word for part in wanted for word in part)) if wanted else {}
    # Words that any text may have say nothing beside others.
    telling = any(stems[word] for part in wanted for word in part)
    alternatives: list[list[str]] = [[]]
    for sign, part in parts:
        if not part:
            if alternatives[-1]:
                alternatives.append([])
        elif len(part) == 1 and telling and not stems[part[0]]:
            continue
        else:
            found = _phrase(part) if len(part) > 1 else _word(part[0], stems[part[0]])
            alternatives[-1].append(f"!{found}" if sign else found)
    return " | ".join(f"({' & '.join(one)})" for one in alternatives if one) or NOTHING


_PART = re.compile(r"""(?P<sign>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))""")


def _parts(text: str) -> list[tuple[bool, list[str]]]:
    """Give each part of what was typed: whether it must not be there, and its words; none for `or`."""
    parts: list[tuple[bool, list[str]]] = []
    for found in _PART.finditer(danish.one_line(text)):
        typed = danish.words_of(found["phrase"] or found["word"] or "")
        words = [word[:LONGEST] for word in typed if danish.spelled(word)][:MOST_WORDS]
        is_refused = found["sign"] is not None
        if found["word"] and found["word"].lower() == "or":
            parts.append((False, []))
        elif found["phrase"] is not None and len(words) > 1:
            parts.append((is_refused, words))
        else:
            parts += [(is_refused, [word]) for word in words]
    return parts[:MOST_WORDS]


def _word(word: str, stem: str) -> str:
    spelled = danish.spelled(word)
    ways = [f"'{spelled}':*" if len(spelled) >= SHORTEST_BEGINNING else f"'{spelled}'"]
    ways += [f"'{stem}'"] if stem else []
    return f"({' | '.join(ways)})"


def _phrase(words: list[str]) -> str:
    return f"({' <-> '.join(_spelled(word) for word in words)})"


def _spelled(word: str) -> str:
    return f"'{danish.spelled(word)}':*"


@lru_cache(maxsize=10_000)
def _stems(words: tuple[str, ...]) -> Mapping[str, str]:
    """Give the stem of each word, empty for one that any text may have, as "og": one query, and none when asked again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word, (ts_lexize('danish_stem', word))[1] FROM unnest(%s::text[]) AS word",
            [list(words)],
        )
        return {word: stem or "" for word, stem in cursor.fetchall()}


class DocumentField(SearchVectorField):  # type: ignore[type-arg]  # Django refuses an argument at run time
    """A document, which is asked with `tsquery`."""


@DocumentField.register_lookup
class FoundBy(Lookup):
    """Whether the document has what is looked for."""

    lookup_name = "found_by"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        document, values = self.process_lhs(compiler, connection)
        asked, asked_values = self.process_rhs(compiler, connection)
        return f"{document} @@ {asked}::tsquery", [*values, *asked_values]


class Rank(Func):
    """How well a document answers what is looked for (`tsquery`): the title most, then the names, then the rest."""

    function = "ts_rank"
    template = "%(function)s(%(expressions)s::tsquery)"
    output_field = FloatField()

    def __init__(self, document: F, asked: Any) -> None:
        super().__init__(document, Value(asked) if isinstance(asked, str) else asked)
