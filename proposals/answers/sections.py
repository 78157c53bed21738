"""
The sections of the form ("afsnit") and the fields in each: one list that the form, the task list, the check page,
the frozen version, the difference and the papers all read, so that none of them can forget a field.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from klimaspor import danish
from proposals.answers.examples import EXAMPLES


class Kind(StrEnum):
    LINE = "line"
    PROSE = "prose"
    YES_NO = "yes_no"
    MONTH = "month"
    MONEY = "money"
    RANGE = "range"
    GOALS = "goals"
    DGO = "dgo"


@dataclass(frozen=True)
class Field:
    """
    One question of the form; `name` is the attribute of Proposal that holds the answer.

    A range has two attributes, `<name>_min` and `<name>_max`; an exact amount has them equal.
    """

    name: str
    label: str
    kind: Kind
    required: bool = True
    max_length: int = 0
    help: str = ""
    blocks: bool = True
    """Whether an empty answer stops the submission; what a proposal only "bør" say never does."""

    @property
    def example(self) -> str:
        """What a good answer looks like, from a proposal that is made up."""
        return danish.unbroken(EXAMPLES.get(self.name, ""))

    @property
    def attributes(self) -> tuple[str, ...]:
        if self.kind == Kind.RANGE:
            return (f"{self.name}_min", f"{self.name}_max")
        return (self.name,)


@dataclass(frozen=True)
class Section:
    slug: str
    title: str
    fields: tuple[Field, ...]
    rows: str = ""
    """The accessor of the section's own rows: participants, financing or attachments."""


PROSE_LIMIT = 6000
SECTIONS: tuple[Section, ...] = (
    Section(
        "udfordringer",
        "Udfordringer og formål",
        (
            Field("title", "Forslagets titel", Kind.LINE, max_length=150),
            Field(
                "challenges",
                "Hvilke udfordringer skal projektet løse?",
                Kind.PROSE,
                max_length=PROSE_LIMIT,
                help="Beskriv problemet, og hvem der har det. Tag afsæt i det, der er svært i dag.",
            ),
            Field(
                "purpose",
                "Overordnet formål",
                Kind.PROSE,
                max_length=PROSE_LIMIT,
                help="Hvad skal være anderledes, når sporet er slut?",
            ),
        ),
    ),
    Section(
        "effekt",
        "Effekt og tiltag",
        (
            Field(
                "effects",
                "Effekt",
                Kind.PROSE,
                max_length=PROSE_LIMIT,
                help="Skriv gerne som punkter. Begynd linjen med en bindestreg.",
            ),
            Field(
                "activities",
                "Tiltag og handlinger i projektet",
                Kind.PROSE,
                max_length=PROSE_LIMIT,
                help="Skriv gerne som punkter. Begynd linjen med en bindestreg.",
            ),
            Field(
                "effect_chain",
                "Effektkæde",
                Kind.PROSE,
                required=False,
                max_length=PROSE_LIMIT,
                help="Hvordan fører tiltagene til effekten?",
            ),
            Field("risks", "Risici", Kind.PROSE, required=False, max_length=PROSE_LIMIT),
        ),
    ),
    Section(
        "udviklingselement",
        "Udviklingselement",
        (
            Field(
                "has_development",
                "Har sporet et tydeligt udviklings-, test- eller demonstrationselement?",
                Kind.YES_NO,
            ),
            Field(
                "development",
                "Beskriv udviklings-, test- eller demonstrationselementet",
                Kind.PROSE,
                max_length=PROSE_LIMIT,
            ),
            Field(
                "is_beyond_known",
                "Går sporet ud over direkte implementering af kendte og velafprøvede løsninger?",
                Kind.YES_NO,
                help="Der gives ikke støtte til direkte implementering af kendte og velafprøvede løsninger.",
            ),
            Field(
                "novelty",
                "Hvad er nyt i forhold til det, der allerede findes?",
                Kind.PROSE,
                max_length=PROSE_LIMIT,
            ),
            Field(
                "is_open",
                "Bliver løsninger og viden tilgængelige for alle interesserede kommuner og regioner?",
                Kind.YES_NO,
            ),
            Field(
                "openness",
                "Hvordan deler I løsninger og viden?",
                Kind.PROSE,
                max_length=PROSE_LIMIT,
            ),
        ),
    ),
    Section(
        "klimahandlingsplaner",
        "Klimahandlingsplaner",
        (
            Field(
                "plan_needs",
                "Hvilke behov og udfordringer i klimahandlingsplanerne tager sporet afsæt i?",
                Kind.PROSE,
                max_length=PROSE_LIMIT,
                help="Skriv, hvilken kommunes plan og hvilken handling det er.",
            ),
        ),
    ),
    Section(
        "deltagere",
        "Deltagere",
        (
            Field(
                "joining",
                "Hvordan kan andre være med i sporet?",
                Kind.PROSE,
                max_length=PROSE_LIMIT,
                help="Andre kan være med på flere måder. Skriv, hvilke muligheder der er i jeres spor.",
                blocks=False,
            ),
            Field("lead_dgo", "Hvilken DGO har hovedansvaret?", Kind.DGO),
        ),
        rows="participants",
    ),
    Section(
        "oekonomi",
        "Økonomi og medfinansiering",
        (
            Field(
                "requested_amount",
                "Beløb, I søger hos Klimaalliancen",
                Kind.MONEY,
                help="I hele kroner, fx 1.500.000 eller 1,5\N{NO-BREAK SPACE}mio. Der er ingen fast beløbsgrænse.",
            ),
            Field(
                "budget",
                "Samlet budget for hele perioden",
                Kind.RANGE,
                help="Et beløb eller et spænd, fx 10-\N{WORD JOINER}12\N{NO-BREAK SPACE}mio.",
            ),
            Field(
                "co_financing",
                "Hvordan har I overvejet medfinansiering?",
                Kind.PROSE,
                max_length=PROSE_LIMIT,
                help="I bør forholde jer til muligheder for medfinansiering. Den behøver ikke være på plads.",
                blocks=False,
            ),
            Field(
                "finances",
                "Bemærkninger til økonomien",
                Kind.PROSE,
                required=False,
                max_length=PROSE_LIMIT,
                help="Skriv her, hvad tallene ikke siger, fx hvad der er forventet i senere år.",
            ),
            Field(
                "program_budget",
                "Samlet budget for et program, forslaget er en del af",
                Kind.RANGE,
                required=False,
                help="Et beløb eller et spænd, fx 60\N{NO-BREAK SPACE}mio.",
            ),
        ),
        rows="financing",
    ),
    Section(
        "periode",
        "Periode og organisering",
        (
            Field(
                "period_start", "Hvornår begynder projektet?", Kind.MONTH, help="Fx januar 2027."
            ),
            Field("period_end", "Hvornår slutter projektet?", Kind.MONTH, help="Fx december 2028."),
            Field(
                "organization_text",
                "Partnere og projektorganisering",
                Kind.PROSE,
                max_length=PROSE_LIMIT,
                help="Hvem leder projektet, og hvordan arbejder partnerne sammen?",
            ),
            Field(
                "continuation",
                "Hvad sker der efter projektperioden?",
                Kind.PROSE,
                required=False,
                max_length=PROSE_LIMIT,
            ),
        ),
    ),
    Section(
        "rus",
        "RUS-indsatsområde og verdensmål",
        (
            Field(
                "rus_areas",
                "Indsatsområde i den regionale udviklingsstrategi (RUS)",
                Kind.PROSE,
                required=False,
                max_length=1000,
                help="Skriv et eller flere indsatsområder som punkter, hvis I søger medfinansiering hos en region.",
            ),
            Field(
                "goals",
                "Hvilke af FN's verdensmål bidrager sporet til?",
                Kind.GOALS,
                required=False,
            ),
            Field(
                "goals_text",
                "Bemærkninger til verdensmålene",
                Kind.PROSE,
                required=False,
                max_length=2000,
            ),
        ),
    ),
    Section("bilag", "Bilag", (), rows="attachments"),
)
BY_SLUG = {section.slug: section for section in SECTIONS}
FIELDS = {field.name: field for section in SECTIONS for field in section.fields}
SECTION_OF = {field.name: section.slug for section in SECTIONS for field in section.fields}
GOALS = (
    (1, "1. Afskaf fattigdom"),
    (2, "2. Stop sult"),
    (3, "3. Sundhed og trivsel"),
    (4, "4. Kvalitetsuddannelse"),
    (5, "5. Ligestilling mellem kønnene"),
    (6, "6. Rent vand og sanitet"),
    (7, "7. Bæredygtig energi"),
    (8, "8. Anstændige jobs og økonomisk vækst"),
    (9, "9. Industri, innovation og infrastruktur"),
    (10, "10. Mindre ulighed"),
    (11, "11. Bæredygtige byer og lokalsamfund"),
    (12, "12. Ansvarligt forbrug og produktion"),
    (13, "13. Klimaindsats"),
    (14, "14. Livet i havet"),
    (15, "15. Livet på land"),
    (16, "16. Fred, retfærdighed og stærke institutioner"),
    (17, "17. Partnerskaber for handling"),
)
