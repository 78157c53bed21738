"""What a letter looks like, and what other people's words can't do in it."""

from pathlib import Path
from typing import Any

import pytest

from klimaspor.mail import letters


def test_a_letter_greets_tells_what_happened_and_links() -> None:
    context = {
        "name": "Mette Holm",
        "title": "Varme & <vand>",
        "reason": "Fint.\n\nMen kort.",
        "path": "/forslag/KS-2027-0001/",
    }

    subject, body = letters.write("hilsen", context)

    assert subject == "Dit forslag: Varme & <vand>"
    assert body == (
        "Hej Mette Holm\n"
        "\n"
        "Varme & <vand> er modtaget.\n"
        "\n"
        "> Fint.\n"
        ">\n"
        "> Men kort.\n"
        "\n"
        "Din DGO svarer.\n"
        "\n"
        "Se det her:\n"
        "https://klimaspor.example/forslag/KS-2027-0001/\n"
        "\n"
        "Venlig hilsen\n"
        "Klimaalliancens sekretariat\n"
    )


def test_what_is_not_there_leaves_no_gap() -> None:
    _, body = letters.write("hilsen", {"title": "Klog varme", "reason": ""})

    assert body == (
        "Hej\n"
        "\n"
        "Klog varme er modtaget.\n"
        "\n"
        "Din DGO svarer.\n"
        "\n"
        "Venlig hilsen\n"
        "Klimaalliancens sekretariat\n"
    )


def test_a_letter_of_the_demo_says_so(settings: Any) -> None:
    settings.DEMO = True

    _, body = letters.write("hilsen", {"title": "Klog varme", "reason": ""})

    assert body.endswith("Demo: alle personer og forslag er opdigtede.\n")


def test_a_subject_is_one_line_and_not_endless() -> None:
    subject, _ = letters.write(
        "hilsen", {"title": "a\r\nBcc: alle@example.org\n" + "x" * 300, "reason": ""}
    )

    assert subject.startswith("Dit forslag: a Bcc: alle@example.org xxx")
    assert len(subject) == letters.LONGEST_SUBJECT


@pytest.mark.parametrize(
    "text",
    (
        "http://ond.example/x",
        "HTTPS://ond.example",
        "www.ond.example",
        "ond.example",
        "https://klimaspor.example.ond.example/",
        "https://klimaspor.example@ond.example/",
        "(https://ond.example)",
        "post@ond.example",
    ),
)
def test_a_strangers_link_is_no_link_and_still_reads_the_same(text: str) -> None:
    made = letters.unlinked(text)

    assert made.replace("\N{WORD JOINER}", "") == text
    for trace in ("://", "www.o", ".example", "@o"):
        assert trace not in made.replace("https://klimaspor.example/", "")


@pytest.mark.parametrize(
    "text",
    (
        "https://klimaspor.example/forslag/KS-2027-0001/",
        "https://klimaspor.example",
        "1.500.000 kr. senest mandag den 15. april 2027 kl. 9.00",
        "Vi måler, bl. a. vand.\n\n- punkt",
    ),
)
def test_the_portals_links_and_plain_words_are_left_alone(text: str) -> None:
    assert letters.unlinked(text) == text


def test_a_title_cannot_become_a_link_in_the_letter() -> None:
    _, body = letters.write(
        "hilsen",
        {
            "title": "Klik https://ond.example",
            "reason": "http://ond.example",
            "name": "www.ond.example",
        },
    )

    assert "ond.example" not in body
    assert "://" not in body


def test_every_letter_has_subject_and_body() -> None:
    folder = Path(__file__).parents[2] / "templates" / "mail"
    names = {path.name for path in folder.iterdir() if path.name != "base"}

    complete = {
        name
        for name in names
        if {"subject.txt", "body.txt"} <= {path.name for path in (folder / name).iterdir()}
    }

    assert names == complete
