"""The Danish that people read, in templates, letters, messages and demo data: words that are wrong, and none comes back."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from klimaspor import danish

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
CODE = ("klimaspor", "proposals", "review")

IMPERATIVES = (
    "Aktiver|Annuller|Filtrer|Installer|Inviter|Kasser|Kontroller|Kopier|Kvalificer|Marker|Noter|"
    "Prioriter|Rediger|Registrer|Sorter"
)
WRONG = {
    r"\blog(?:ge[rt]?)? ind\b|\blogget ud\b|\blog(?:ge|ger)? ud\b": "log på og log af",
    r"(?<![-/])\b[Ee]-mail(?!/)": "mail",
    r"\b(?:[Dd]e|alle|flere) mails\b|\b[Mm]ailene?\b|\b[Ee]n mail\b": "det, vi sender, er et brev; mail er vejen og adressen",
    r"\bafslag til\b": "afslag på, tilsagn til",
    r"\bskulle svare senest\b": "skal, for fristen kan ligge forude",
    r"\bBeløb I\b": "Beløb, I søger: komma foran ledsætningen",
    r"\b(?:Skriv|Se|Vælg|Fortæl|Tjek|Angiv) (?:hvad|hvem|hvilke[nt]?|hvor|hvordan|hvorfor|hvornår)\b": "komma foran ledsætningen",
    r"\b(?:Se|Tjek) (?:om|at)\b": "komma foran ledsætningen",
    r"\bforskellig vis\b": "på flere måder",
    r"\b[Tt]æller ikke med:": "Tæller ikke med, fordi …",
    r"\bDe passer\.": "Tallene stemmer.",
    r"\b(?:1|flere|99) ting\b": "opgave, opgaver",
    r"\bSvar ønskes\b": "KS-… skal rettes og sendes igen",
    r"(?i)\bfejltrin": "fejl i sagsgangen",
    r"(?i)\btræde?r? ind\b|\btrådte? ind\b": "afgive udtalelse for DGO'en",
    r"\bi (?:dens|DGO'ens) sted\b": "for DGO'en",
    r"\bkører af sig selv\b": "Automatiske opgaver",
    r"\bOgså jeres\b": "Andet, der venter på jer",
    r"\bKlaret\b": "Gjort",
    r"\bNås ikke\b": "Ikke nået",
    r"\bvej er slut\b": "Forslaget er afsluttet",
    r"\b[Dd]e, (?:der|hvis|som)\b": "dem, der",
    r"\bMeld (?:det|om)\b": "Oplys om …, Send oplysningen",
    r"\bbruger vi filens\.": "bruger vi filnavnet",
    r"\bstår som forladte\b": "De kommer på listen Forslag uden ejer",
    r"(?i)\bhvor sikre?t? (?:beløbet|den|finansieringen|pengene) er\b": "Finansieringens status",
    r"\bSpurgt \{": "I blev spurgt …",
    r"\bklimaspors? (?:samler|skema|skabelon)\b|\b(?:et|i|til) klimaspor\b": "Klimaspor er portalen, klimaudviklingsspor det, der søges til",
    r"\b[Tt]ag(?:es|et)? [Dd]ispensationen tilbage\b": "trække tilbage; det sendte tages tilbage, så det kan rettes",
    rf"(?<![-\w/{{])(?:{IMPERATIVES}|filtrer|inviter|kopier|kvalificer|registrer|rediger|sorter)(?![-\w/])": "bydemåde af verber på -ere har é: Kopiér",
    r"\blaves på vegne\b": "udarbejdes på vegne af",
    r"\bat \w+erer\b": "navnemåde: at kontrollere",
}
"""What nobody is to read, and what is written instead."""

RIGHT = (
    'Har du ikke logget på før, så vælg "Glemt adgangskode" på siden Log på',
    "Beløb, I søger hos Klimaalliancen",
    "Skriv, hvilken kommunes plan og hvilken handling det er.",
    "Andre kan være med på flere måder. Skriv, hvilke muligheder der er i jeres spor.",
    "Tæller ikke med, fordi kun kommuner og regioner tæller.",
    "Tallene stemmer.",
    "I blev spurgt",
    "skal rettes og sendes igen",
    "skal svare senest",
    "Ret en fejl i sagsgangen",
    "Afgiv udtalelse for DGO'en",
    "Automatiske opgaver",
    "Andet, der venter på jer",
    "Gjort",
    "Ikke nået",
    "Forslaget er afsluttet.",
    "Hvilke af FN's verdensmål bidrager sporet til?",
    "Kun dem, der har adgang til forslaget, kan se det.",
    "Send oplysningen",
    "Skriver du ikke et navn, bruger vi filnavnet.",
    "De kommer på listen Forslag uden ejer.",
    "Finansieringens status",
    "foreslå et klimaudviklingsspor",
)
"""What is read instead, word for word."""


def template_words(text: str) -> str:
    """Give what a template says: its text, what its tags hand on in quotes, and what attributes say aloud."""
    text = re.sub(r"\{% comment %\}.*?\{% endcomment %\}|\{#.*?#\}", "", text, flags=re.DOTALL)
    text = re.sub(
        r"\{%.*?%\}",
        lambda tag: " ".join(filter(_is_words, re.findall(r'"([^"]*)"', tag[0]))),
        text,
    )
    text = re.sub(
        r"<[^<>]*>",
        lambda tag: " ".join(re.findall(r'(?:title|aria-label|alt)="([^"]*)"', tag[0])),
        text,
    )
    return re.sub(r"\{\{.*?\}\}", "{}", text)


def _is_words(quoted: str) -> bool:
    return " " in quoted or quoted[:1].isupper()


def code_words(text: str) -> Iterator[str]:
    """Give what a module says: its strings but docstrings, with {} for what is put in."""
    tree = ast.parse(text)
    docs = {
        id(body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and (body := node.body)
        and isinstance(body[0], ast.Expr)
    } | {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(
                part.value
                if isinstance(part, ast.Constant) and isinstance(part.value, str)
                else "{}"
                for part in node.values
            )
        elif (
            isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
        ):
            yield node.value


def sources() -> dict[str, str]:
    """Give all that people read, by the file that says it."""
    found = {}
    for folder in (ROOT / "templates", ROOT / "klimaspor/dkfds/templates"):
        for path in sorted(folder.rglob("*.*")):
            if path.suffix in (".html", ".txt"):
                found[str(path.relative_to(ROOT))] = template_words(path.read_text())
    for name in CODE:
        for path in sorted((ROOT / name).rglob("*.py")):
            if "migrations" not in path.parts:
                found[str(path.relative_to(ROOT))] = "\n".join(code_words(path.read_text()))
    for path in sorted((ROOT / "static/scripts").rglob("*.js")):
        found[str(path.relative_to(ROOT))] = "\n".join(
            re.findall(r'"[^"\n]*"|`[^`]*`', path.read_text())
        )
    found["run"] = (ROOT / "run").read_text()
    return found


SAID = sources()


@pytest.mark.parametrize("pattern", WRONG)
def test_no_page_letter_or_message_says_it(pattern: str) -> None:
    wrong = [
        (name, found[0], WRONG[pattern])
        for name, said in SAID.items()
        for found in re.finditer(pattern, said)
    ]

    assert wrong == []


@pytest.mark.parametrize("right", RIGHT)
def test_this_is_said_instead(right: str) -> None:
    assert [name for name, said in SAID.items() if right in said] != []


def test_templates_code_and_scripts_are_all_read() -> None:
    kinds = {name.rpartition(".")[2] for name in SAID}

    assert kinds == {"html", "txt", "py", "js", "run"}
    assert len(SAID) > 600
    assert "Log på" in SAID["templates/account/login.html"]
    assert "Søg efter personer" in SAID["templates/accounts/people.html"]


@pytest.mark.parametrize(
    ("place", "said"),
    (
        ("Demosalen", "i Demosalen"),
        ("Weidekampsgade 10", "i Weidekampsgade 10"),
        ("Mødelokale 3, KL-Huset", "i Mødelokale 3, KL-Huset"),
        ("Vestre Allé 2, Viborg", "på Vestre Allé 2, Viborg"),
        ("Skolevej 4", "på Skolevej 4"),
        ("Samsø", "på Samsø"),
        ("Teams", "på Teams"),
        ("Online", "online"),
        ("Hos Realdania, Jarmers Plads 2", "hos Realdania, Jarmers Plads 2"),
        ("Rådhushallen", "i Rådhushallen"),
    ),
)
def test_a_place_in_a_sentence(place: str, said: str) -> None:
    assert danish.place_text(place) == said
