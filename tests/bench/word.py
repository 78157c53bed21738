"""
How long a Word file of about 20 pages takes: written, read back, and made into the look at what it changes. And what a bomb costs.

python -m tests.bench.word [--times 20] [--keep file.docx]
"""

from __future__ import annotations

import argparse
import io
import os
import statistics
import time
import tracemalloc
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

PARAGRAPH = (
    "Kommunerne mangler en fælles metode til at prioritere udtagning af lavbundsjord, og hver kommune starter forfra med "
    "de samme spørgsmål om hydrologi, ejerskab og økonomi. "
)
ANSWER = "\n\n".join(
    [
        PARAGRAPH * 7,
        "\n".join(["- Måle ens", "  - i alle kommuner", "- Dele data"] * 3),
        PARAGRAPH * 7,
    ]
)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "klimaspor.settings")
    import django

    django.setup()
    from klimaspor import word
    from proposals.line.models import Proposal
    from proposals.printing import word_reading
    from proposals.printing import word_writing as wordform
    from proposals.printing.forms import Look
    from proposals.reading.imprint import Imprint

    content = filled()
    said = Imprint(0, "Kladde.", "Kladde", "Kan læses af os.", datetime.now(UTC))
    file = wordform.write_form(content, {}, said=said)
    if options.keep:
        options.keep.write_bytes(file)
    document = word.read(io.BytesIO(file), len(file))
    reading = word_reading.read(document)
    characters = sum(len(value) for values in reading.answers.values() for value in values)
    print(
        f"{len(reading.answers)} answers, {characters} characters, {len(file)} bytes, {options.times} times each"
    )
    print(f"{'step':<30}{'median ms':>12}{'p95 ms':>10}{'CPU ms':>10}{'peak MB':>10}")
    bomb = a_bomb(file)
    for name, step in (
        ("write the form", lambda: wordform.write_form(content, {}, said=said)),
        ("guard and read the blocks", lambda: word.read(io.BytesIO(file), len(file))),
        ("find the answers", lambda: word_reading.read(document)),
        (
            "the look at what changes",
            lambda: Look(proposal=Proposal(), read=reading.answers, known={}),
        ),
        ("refuse a bomb of 1 GB", lambda: refused(bomb)),
    ):
        report(name, step, options.times)


def filled() -> Any:
    """Make a content with every answer given, without a database."""
    from proposals.answers.content import Answer, Content
    from proposals.answers.sections import FIELDS, SECTION_OF, Kind

    texts = {
        Kind.LINE: "Lavbundsjord på tværs",
        Kind.PROSE: ANSWER,
        Kind.YES_NO: "Ja",
        Kind.MONTH: "august 2027",
        Kind.MONEY: "1.500.000 kr.",
        Kind.RANGE: "10-12 mio. kr.",
        Kind.GOALS: "- 13. Klimaindsats",
        Kind.DGO: "KlimaNord",
    }
    answers = (
        Answer(q.name, q.label, SECTION_OF[q.name], q.kind, texts[q.kind]) for q in FIELDS.values()
    )
    return Content(
        "KS-2027-0001", "Lavbundsjord", "", "Ella", "", "Forår", tuple(answers), (), (), ()
    )


def a_bomb(file: bytes) -> bytes:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(file)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name != "word/document.xml":
                new.writestr(name, old.read(name))
        with new.open("word/document.xml", "w") as part:
            for _ in range(1024):
                part.write(b" " * 1024 * 1024)
    return stream.getvalue()


def refused(bomb: bytes) -> None:
    from klimaspor import word

    try:
        word.read(io.BytesIO(bomb), len(bomb))
    except word.Unreadable:
        return
    raise SystemExit("The bomb was opened")


def report(name: str, step: Callable[[], object], times: int) -> None:
    taken = []
    # What the step itself costs, also on a machine where others are working.
    began = time.process_time()
    for _ in range(times):
        started = time.perf_counter()
        step()
        taken.append((time.perf_counter() - started) * 1000)
    cpu = (time.process_time() - began) * 1000 / times
    tracemalloc.start()
    step()
    peak = tracemalloc.get_traced_memory()[1] / 1024 / 1024
    tracemalloc.stop()
    p95 = sorted(taken)[max(0, round(len(taken) * 0.95) - 1)]
    print(f"{name:<30}{statistics.median(taken):>12.1f}{p95:>10.1f}{cpu:>10.1f}{peak:>10.1f}")


if __name__ == "__main__":
    main()
