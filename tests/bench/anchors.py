"""
How long it takes to find 500 comments again in an answer that was edited, beside drawing the answer as a page shows it.

python -m tests.bench.anchors [--rounds 20]
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from collections.abc import Callable

COMMENTS = 500
GOALS = {6_000: 50, 50_000: 200}
"""Milliseconds for all of them, by how long the answer is; the form takes 6,000 characters."""
SENTENCE = "Kommune {} måler udledningen fra lavbundsjord hvert kvartal og deler, hvad den lærer.\n"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")
    django.setup()
    for length in GOALS:
        measure(length, rounds=options.rounds)


def measure(length: int, *, rounds: int) -> None:
    """Anchor comments all over an answer, edit it, and find them again."""
    from klimaspor.dkfds.templatetags.dkfds import prose
    from proposals.sparring.anchors import Place, Text

    text = "".join(SENTENCE.format(n) for n in range(length // len(SENTENCE)))
    read = Text(text)
    step = (len(text) - 200) // COMMENTS
    anchors = [
        anchor
        for n in range(COMMENTS)
        if (anchor := read.anchor(Place(n * step, n * step + 5 + n % 200)))
    ]
    edited = text[: len(text) // 2] + "Nyt afsnit.\n\n" + text[len(text) // 2 + 300 :]

    def again() -> int:
        now = Text(edited)
        return sum(now.find(anchor) is not None for anchor in anchors)

    found, drawn = timed(again, rounds), timed(lambda: prose(edited), rounds)
    print(
        f"{length:6} characters: {again()} of {len(anchors)} comments found again in {found:.1f} ms"
        f" (goal {GOALS[length]}), the answer drawn in {drawn:.1f} ms"
    )


def timed(act: Callable[[], object], rounds: int) -> float:
    """Give the median of some rounds in milliseconds."""
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        act()
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


if __name__ == "__main__":
    main()
