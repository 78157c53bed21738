"""What the demo's made-up ideas say: one that is not sent, one that waits, one handed on, one that is answered."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class IdeaSaid:
    """One idea and its conversation; people by their key in the demo, a DGO by its slug."""

    owner: str
    organization: str
    title: str
    what: str
    who: str = ""
    plan: str = ""
    dgo: str = ""
    is_sent: bool = True
    moved_to: str = ""
    moved_by: str = ""
    note: str = ""
    replies: tuple[tuple[str, str], ...] = ()
    """Who said what, in order."""


IDEAS = (
    IdeaSaid(
        owner="mette",
        organization="Aarhus Kommune",
        dgo="midtjylland",
        title="Lån af byggematerialer mellem kommuner",
        what=(
            "Når en skole bygges om, bliver døre, lamper og inventar tit kørt væk, selv om en anden kommune mangler dem. "
            "Vi vil afprøve et fælles lager, hvor det kan stå, til nogen skal bruge det."
        ),
        who="Måske to nabokommuner og en virksomhed, der kan opbevare materialerne.",
        is_sent=False,
    ),
    IdeaSaid(
        owner="mette",
        organization="Aarhus Kommune",
        dgo="midtjylland",
        title="Skolernes cykelbiblioteker",
        what=(
            "Mange familier køber en ladcykel for at prøve den, eller lader være. Vi vil afprøve, om et bibliotek af cykler på "
            "skolerne får flere til at lade bilen stå, også om vinteren."
        ),
        who="Tre kommuner med både by og land, og cyklisternes foreninger.",
        plan="Aarhus Kommunes klimahandlingsplan, om transport.",
        replies=(
            (
                "peter",
                "Det lyder godt, og vi kender ingen, der har prøvet det om vinteren. Hvor mange skoler tænker I på?",
            ),
            ("mette", "Seks skoler i hver kommune, så der er nogle at sammenligne med."),
            (
                "peter",
                "Så er det stort nok til et forslag. Spørg en kommune på landet, før I går videre, for afstandene er noget andet der.",
            ),
        ),
    ),
    IdeaSaid(
        owner="lene",
        organization="Skive Kommune",
        dgo="midtjylland",
        title="Tang som bundsikring i havnene",
        what=(
            "Vi fjerner tang fra strandene hvert år og kører den på deponi. Vi vil afprøve, om den kan binde sand ved havnens kanter, "
            "så vi sparer både kørsel og sten."
        ),
        who="Kommuner med havn, og en forening for havnene.",
        plan="Skive Kommunes klimahandlingsplan, om kysten.",
    ),
    IdeaSaid(
        owner="jonas",
        organization="Næstved Kommune",
        title="Fælles vagt for varmepumper",
        what=(
            "Når en varmepumpe går i stå i en lejebolig, bliver der tit sat el-radiatorer op i ugevis. Vi vil afprøve en fælles vagt, "
            "som kan se fejlen på afstand."
        ),
        who="Boligforeninger og to nabokommuner.",
        dgo="hovedstaden",
        moved_to="syddanmark",
        moved_by="anders",
        note="I har set på det samme med boligforeningerne i fjor, så I er nærmest til at svare.",
    ),
)
