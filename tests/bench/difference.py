"""
How long it takes to tell two texts apart: two answers of 50,000 characters, more or less alike, and two whole proposals.

python -m tests.bench.difference [--times 5]
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

GOAL = 1_000
"""Milliseconds for two answers of 50,000 characters, whatever they are."""
WORDS = ("og", "det", "som", "kommunerne", "måler", "vand", "jord", "klima", "fælles", "lavbund")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=5)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "klimaspor.settings")
    import django

    django.setup()
    from klimaspor.difference import changed_words, differences
    from proposals.reading import diff
    from tests.bench.word import filled

    print(f"{'two answers of 50,000 characters':<44}{'median ms':>12}{'goal':>8}")
    for name, one, other in pairs():
        report(name, lambda one=one, other=other: differences(one, other), options.times, GOAL)
    one, other = long_text(1), long_text(2)
    report("only how many words", lambda: changed_words(one, other), options.times, 100)
    before = filled()
    after = replace(
        before,
        answers=tuple(
            replace(a, text=a.text.replace("hver", "enhver") if a.kind == "prose" else a.text)
            for a in before.answers
        ),
    )
    report("whether two proposals differ", lambda: diff.compare(before, after), options.times, 5)
    report(
        "every answer of two proposals",
        lambda: [change.pieces for change in diff.compare(before, after)],
        options.times,
        GOAL,
    )


def long_text(seed: int) -> str:
    chance = random.Random(seed)  # noqa: S311  # a text, not a secret
    lines: list[str] = []
    while sum(map(len, lines)) < 50_000:
        lines.append(" ".join(chance.choices(WORDS, k=chance.randint(4, 30))) + ".")
    return "\n".join(lines)[:50_000]


def pairs() -> list[tuple[str, str, str]]:
    text = long_text(1)
    words = text.split(" ")
    some = [f"{word}X" if place % 500 == 0 else word for place, word in enumerate(words)]
    many = [f"{word}X" if place % 9 == 0 else word for place, word in enumerate(words)]
    lines = text.split("\n")
    moved = [*lines[len(lines) // 2 :], *lines[: len(lines) // 2]]
    return [
        ("the same", text, text),
        ("a word in 500 changed", text, " ".join(some)),
        ("a word in nine changed", text, " ".join(many)),
        ("every other line ended otherwise", text, "\n".join(f"{n} nyt" if i % 2 else n for i, n in enumerate(lines))),
        ("the second half moved first", text, "\n".join(moved)),
        ("nothing but words in common", text, long_text(2)),
        ("one word, over and over", "og " * 16_666, "og eller " * 5_555),
    ]  # fmt: skip


def report(name: str, step: Callable[[], Any], times: int, goal: int) -> None:
    taken = []
    for _ in range(times):
        started = time.process_time()
        step()
        taken.append((time.process_time() - started) * 1000)
    print(f"{name:<44}{statistics.median(taken):>12.1f}{goal:>8}")


if __name__ == "__main__":
    main()
