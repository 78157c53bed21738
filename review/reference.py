"""
What the portal knows before anybody has typed anything: kommuner, regioner, DGOs, funders, rounds and criteria.

Each piece is put in once. What the secretariat changes, renames or removes afterwards stays as they left it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction

from klimaspor import danish
from klimaspor.accounts.kommuner import municipalities
from klimaspor.accounts.models import Dgo, LoadedReference, Organization, OrganizationKind
from proposals.rounds.models import Round, usual_dgo_deadline
from review.criteria.models import Criterion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Lov nr. 699 af 20. juni 2025, § 126: Region Hovedstaden and Region Sjælland become one.
MERGER_DATE = date(2027, 1, 1)
MERGED = "Region Østdanmark"

REGIONS = {
    "1081": "Region Nordjylland",
    "1082": "Region Midtjylland",
    "1083": "Region Syddanmark",
    "1084": "Region Hovedstaden",
    "1085": "Region Sjælland",
}
ENDING = frozenset({"1084", "1085"})

ORGANIZATIONS = (
    ("Realdania", OrganizationKind.ASSOCIATION, True),
    ("KL", OrganizationKind.ASSOCIATION, False),
    ("Danske Regioner", OrganizationKind.ASSOCIATION, False),
    ("CONCITO", OrganizationKind.KNOWLEDGE, False),
    ("C40", OrganizationKind.KNOWLEDGE, False),
    ("Gate 21", OrganizationKind.COOPERATION, False),
)


@dataclass(frozen=True)
class DgoFacts:
    """A DGO and the region whose kommuner it begins with; from then on it has its own list."""

    slug: str
    name: str
    area: str
    behind: str
    region_code: str


# The two without a name of their own are called by their area.
DGOS = (
    DgoFacts(
        "hovedstaden",
        "Klimaalliancen i hovedstadsregionen",
        "Hovedstaden",
        "Gate 21 og Region Hovedstaden",
        "1084",
    ),
    DgoFacts(
        "sjaelland",
        "Sjællands Klimaalliance",
        "Sjælland",
        "Gate 21 og Region Sjælland",
        "1085",
    ),
    DgoFacts(
        "syddanmark",
        "DGO Syddanmark",
        "Syddanmark",
        "Fælleskommunalt Klimasekretariat og Region Syddanmark",
        "1083",
    ),
    DgoFacts(
        "midtjylland",
        "DGO Midtjylland",
        "Midtjylland",
        "Fælleskommunalt Klimasekretariat og Region Midtjylland",
        "1082",
    ),
    DgoFacts("nordjylland", "KlimaNord", "Nordjylland", "BRN", "1081"),
)
NO_CONTACT = "Kontakt oplyses af sekretariatet"

# The official criteria were found nowhere: these hold their places until the secretariat writes them.
CRITERIA = (
    ("Klimaeffekt", "Hvor stor er den forventede effekt, og hvor godt er den begrundet?"),
    ("Nyhedsværdi", "Hvad er nyt i forhold til kendte og velafprøvede løsninger?"),
    (
        "Relevans for klimahandlingsplaner",
        "Svarer forslaget på behov i kommunernes arbejde med at gennemføre deres klimahandlingsplaner?",
    ),
    (
        "Samarbejde og geografisk bredde",
        "Er de rette kommuner, regioner og andre parter med, og kan flere komme til?",
    ),
    (
        "Skalerbarhed og videndeling",
        "Kan andre bruge løsningen, og hvordan bliver viden delt undervejs?",
    ),
    ("Forankring efter projektet", "Hvem fører arbejdet videre, når perioden er slut?"),
    ("Realisme", "Passer tid, opgaver, organisering og risici sammen?"),
    (
        "Økonomi og tilskuddets nødvendighed",
        "Er budgettet rimeligt, er medfinansiering overvejet, og er tilskuddet nødvendigt?",
    ),
    ("Merværdi", "Hvad opnår parterne sammen, som de ikke kunne opnå hver for sig?"),
)


@dataclass(frozen=True)
class RoundFacts:
    """A round: days when its deadlines fall, all at 9.00, and the day of the meeting."""

    name: str
    opens_date: date
    qualification_date: date
    approval_date: date
    meeting_date: date
    is_history: bool
    note: str


OPENING_UNKNOWN = "Runden er historisk. Åbningsdagen kendes ikke og er sat som pladsholder."
PLACEHOLDER = "Foreløbige datoer. Sekretariatet retter dem, når de er besluttet."
ROUNDS = (
    RoundFacts(
        "Forår 2024",
        date(2024, 1, 1),
        date(2024, 4, 15),
        date(2024, 4, 25),
        date(2024, 5, 30),
        is_history=True,
        note=OPENING_UNKNOWN,
    ),
    RoundFacts(
        "Efterår 2024",
        date(2024, 5, 31),
        date(2024, 10, 7),
        date(2024, 10, 24),
        date(2024, 11, 21),
        is_history=True,
        note=OPENING_UNKNOWN,
    ),
    RoundFacts(
        "Forår 2027",
        date(2026, 11, 2),
        date(2027, 4, 12),
        date(2027, 4, 22),
        date(2027, 5, 27),
        is_history=False,
        note=PLACEHOLDER,
    ),
    RoundFacts(
        "Efterår 2027",
        date(2026, 11, 2),
        date(2027, 10, 11),
        date(2027, 10, 28),
        date(2027, 11, 25),
        is_history=False,
        note=PLACEHOLDER,
    ),
)
NINE = time(9)


@transaction.atomic
def load(*, at: datetime) -> int:
    """Put in what has not been put in before, and return how many pieces that was; two at once do it once."""
    there = LoadedReference.objects.keys()
    return sum(_once(key, make, at=at) for key, make in _pieces() if key not in there)


def _once(key: str, make: Callable[[], None], *, at: datetime) -> bool:
    # Somebody else who loads at this moment holds the key until they are done, and then it is there.
    _, is_new = LoadedReference.objects.get_or_create(key=key, defaults={"loaded_at": at})
    if is_new:
        make()
    return is_new


def _pieces() -> Iterator[tuple[str, Callable[[], None]]]:
    """Yield every piece in the order they need each other."""
    yield f"organization:{MERGED}", _add_merged_region
    for code, name in REGIONS.items():
        yield f"organization:{code}", partial(_add_region, code, name)
    for row in municipalities():
        yield f"organization:{row['kode']}", partial(_add_municipality, row)
    for name, kind, is_funder in ORGANIZATIONS:
        yield (
            f"organization:{name}",
            partial(_add_organization, name=name, kind=kind, is_funder=is_funder),
        )
    for dgo in DGOS:
        yield f"dgo:{dgo.slug}", partial(_add_dgo, dgo)
    for round_ in ROUNDS:
        yield f"round:{round_.name}", partial(_add_round, round_)


def add_criteria(round_: Round) -> None:
    """Give a round the placeholder criteria V1 to V9."""
    Criterion.objects.bulk_create(
        Criterion(
            round=round_,
            code=f"V{number}",
            title=title,
            text=text,
            position=number,
            is_placeholder=True,
        )
        for number, (title, text) in enumerate(CRITERIA, 1)
    )


def _add_merged_region() -> None:
    # Its code is not known yet.
    _add_organization(
        name=MERGED, kind=OrganizationKind.REGION, is_funder=True, valid_from_date=MERGER_DATE
    )


def _add_region(code: str, name: str) -> None:
    ending = (
        {
            "valid_until_date": MERGER_DATE,
            "successor": Organization.objects.named(MERGED).first(),
        }
        if code in ENDING
        else {}
    )
    _add_organization(name=name, kind=OrganizationKind.REGION, code=code, is_funder=True, **ending)


def _add_municipality(row: dict[str, str]) -> None:
    _add_organization(
        name=danish.municipality_name(row["navn"]),
        kind=OrganizationKind.MUNICIPALITY,
        code=row["kode"],
        region_code=row["regionskode"],
    )


def _add_organization(*, name: str, code: str = "", **facts: object) -> None:
    if not Organization.objects.known_as(name=name, code=code).exists():
        Organization.objects.create(name=name, code=code, **facts)


def _add_dgo(facts: DgoFacts) -> None:
    if Dgo.objects.with_slug(facts.slug).exists():
        return
    dgo = Dgo.objects.create(
        slug=facts.slug,
        name=facts.name,
        area=facts.area,
        behind=facts.behind,
        contact_name=NO_CONTACT,
    )
    dgo.municipalities.set(Organization.objects.municipalities_in(facts.region_code))


def _add_round(facts: RoundFacts) -> None:
    if Round.objects.named(facts.name).exists():
        return
    round_ = Round.objects.create(
        name=facts.name,
        opens_at=danish.wall(facts.opens_date, NINE),
        qualification_deadline_at=danish.wall(facts.qualification_date, NINE),
        dgo_deadline_at=usual_dgo_deadline(
            danish.wall(facts.qualification_date, NINE), danish.wall(facts.approval_date, NINE)
        ),
        approval_deadline_at=danish.wall(facts.approval_date, NINE),
        meeting_date=facts.meeting_date,
        is_history=facts.is_history,
        note=facts.note,
    )
    if not facts.is_history:
        add_criteria(round_)
