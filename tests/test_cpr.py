"""CPR numbers in what people write: found where they are, and not where something else is."""

import pytest

from klimaspor import danish


@pytest.mark.parametrize(
    "text",
    (
        "010190-1234",
        "0101901234",
        "010190 1234",
        "Kontakt Mette (010190-1234), som bor på jorden.",
        "cpr: 311299-4000.",
        "født 29. februar: 290224-4234",
        "borger_010190-1234.pdf",
        "cpr-010190-1234.pdf",
        "010190–1234",
        "linje\n010190-1234\nlinje",
    ),
)
def test_a_cpr_number_is_found(text: str) -> None:
    assert danish.has_cpr_number(text)


@pytest.mark.parametrize(
    "text",
    (
        "",
        "12345678",
        "tlf. 0101901234",
        "Telefon: 01 01 90 12 34",
        "+45 01 01 90 12",
        "4512345678",
        "sagsnr. 010190-1234",
        "Journalnummer 0101901234",
        "24/010190-1234",
        "2024-010190-1234",
        "KS-2027-0012",
        "320190-1234",
        "011390-1234",
        "290223-4234",
        "010190-12345",
        "9010190-1234",
        "P-nummer: 1003388394",
        "EAN 5798000012345",
        "konto 0101901234",
        "1.500.000 kr. i 2027-2028",
        "https://example.org/0101901234",
        "10.10.2027-12.12.2027",
    ),
)
def test_other_numbers_are_not(text: str) -> None:
    assert not danish.has_cpr_number(text)


def test_a_long_text_is_read_in_no_time() -> None:
    assert not danish.has_cpr_number("sagsnr. 010190-1234 " * 10_000)
    assert not danish.has_cpr_number("1" * 200_000)
