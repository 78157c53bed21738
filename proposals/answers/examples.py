"""
A model proposal, filled in whole and made up: what each question shows as its example, and what the page of it shows in one.

Places, people and figures do not exist; the work is of the kind that kommuner do. An example is as long as a good answer may be
short, and the figures add up, so that one can be read against another.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

EXAMPLES = {
    "title": "Lavbundsjord i fællesskab: en metode til at prioritere på tværs af kommuner",
    "challenges": "Fjordby, Bakkeby og Ådal Kommuner skal sammen tage 1.900 hektar lavbundsjord ud af drift inden 2030, men har nået "
    "140. Kommunerne mangler en fælles metode til at prioritere udtagning af lavbundsjord, og hver kommune starter forfra.\n\n"
    "- Jorderne ligger i de samme ådale, men planlægges hver for sig.\n"
    "- Lodsejere med jord i to kommuner får to forskellige svar.\n"
    "- Kortene over kulstof i jorden er op til 15 år gamle og passer ikke med det, vi måler.",
    "purpose": "Når klimaudviklingssporet er slut, prioriterer de tre kommuner deres lavbundsjord efter én metode, og en lodsejer får samme svar, uanset "
    "hvilken kommune der spørges. Metoden er beskrevet, så en ny kommune kan tage den i brug på tre måneder.",
    "effects": "- 600 hektar lavbundsjord er aftalt udtaget inden udgangen af 2028. Det svarer til cirka 9.000 ton CO2e om året.\n"
    "- Tiden fra første møde med en lodsejer til en aftale falder fra 26 til 12 måneder.\n"
    "- Fem kommuner uden for klimaudviklingssporet har taget metoden i brug et år efter, det er slut.",
    "activities": "- Vi måler kulstof og vandstand i 40 punkter i tre ådale (forår 2027).\n"
    "- Vi bygger et fælles kort, hvor klimaeffekt, natur og lodsejerens ønsker vejes sammen (efterår 2027).\n"
    "- Vi prøver metoden på 20 lodsejere og retter den til (2028).\n"
    "- Vi skriver en vejledning og holder to kurser for andre kommuner (efterår 2028).",
    "effect_chain": "Et fælles kort og én metode giver hurtigere og ens svar til lodsejerne. Så siger flere ja, og de arealer, der giver "
    "mest, bliver taget først. Derfor falder udledningen mere for de samme penge.",
    "risks": "- Lodsejerne siger nej: Vi begynder i de to ådale, hvor der allerede er interesse.\n"
    "- Målingerne bliver forsinket af et vådt forår: Vi har aftalt en ekstra måleperiode i september.",
    "has_development": "Ja",
    "development": "Vi udvikler en metode, der ikke findes i dag: en vægtning af klimaeffekt, natur og lodsejerens ønsker på tværs af "
    "kommunegrænser. Den bliver testet på 20 lodsejere i tre ådale, og vi sammenligner med seks sager, hvor den ikke blev brugt.",
    "is_beyond_known": "Ja",
    "novelty": "Udtagning af lavbundsjord er kendt. Det nye er, at flere kommuner prioriterer sammen efter målt kulstof og ikke efter kort, "
    "og at lodsejerne er med til at fastlægge vægtningen. Vi har spurgt fire DGO'er og fundet to projekter, der ligner. "
    "Ingen af dem går på tværs af kommuner.",
    "is_open": "Ja",
    "openness": "Metode, kort og vejledning ligger frit tilgængeligt fra den dag, de er afprøvet. Vi holder et åbent møde hvert halve år, "
    "fortæller også om det, der ikke virkede, og svarer på spørgsmål i to år efter sporet.",
    "plan_needs": "- Fjordby Kommunes klimahandlingsplan, handling 4.2: udtagning af lavbundsjord er 60 % bagud i forhold til planen.\n"
    "- Bakkeby Kommunes klimahandlingsplan, handling 7: samarbejde om ådalen mangler en metode.\n"
    "- Ådal Kommunes klimahandlingsplan, mål 3: 25 % lavere udledning fra landbrugsjord i 2030.",
    "joining": "- Følgegruppe: møder to gange om året og får alle resultater. Åben for alle kommuner.\n"
    "- Testkommune: prøver metoden på egne lodsejere i 2028. Der er plads til to.\n"
    "- Kursus: to dage i efteråret 2028 for medarbejdere, der arbejder med lavbundsjord.",
    "lead_dgo": "DGO Fjordlandet",
    "requested_amount": "2.400.000 kr.",
    "budget": "4.000.000 kr.",
    "co_financing": "Kommunerne bidrager med 900.000 kr. i medarbejdertid. Vandråd Fjordlandet har givet tilsagn om 300.000 kr. til målinger. "
    "Vi har søgt en fond om 400.000 kr. og venter svar i marts 2027. Får vi nej, måler vi i 30 punkter i stedet for 40.",
    "finances": "Løn er regnet som 1,5 årsværk i 2027 og 1 årsværk i 2028. Der er ingen udgifter til selve udtagningen: den betales af de "
    "statslige ordninger.",
    "program_budget": "60.000.000 kr.",
    "period_start": "januar 2027",
    "period_end": "december 2028",
    "organization_text": "Fjordby Kommune leder projektet med en projektleder på halv tid. En styregruppe med en chef fra hver kommune mødes hvert "
    "kvartal og afgør, hvad der skal ændres. Fjordlandets Universitet står for målingerne, og Vandråd Fjordlandet for kontakten "
    "til lodsejerne.",
    "continuation": "Kortet overgår til kommunernes almindelige drift. De tre kommuner har afsat tid til at opdatere det en gang om året og "
    "til at svare andre kommuner i to år.",
    "rus_areas": "- Grøn omstilling af landbrug og arealer",
    "goals": "- 13. Klimaindsats\n- 15. Livet på land",
    "goals_text": "Sporet bidrager mest til mål 13 ved at nedbringe udledningen. Det våde areal giver også plads til flere arter (mål 15).",
}
"""By question; lists as they are written."""


@dataclass(frozen=True)
class ExampleParticipant:
    name: str
    kind: str
    role: str
    brings: str


PARTICIPANTS = (
    ExampleParticipant("Fjordby Kommune", "kommune", "problemejer", "800 timer"),
    ExampleParticipant("Bakkeby Kommune", "kommune", "problemejer", "500 timer"),
    ExampleParticipant("Ådal Kommune", "kommune", "deltager", "500 timer"),
    ExampleParticipant("Fjordlandets Universitet", "videninstitution", "videnspartner", "målinger"),
    ExampleParticipant(
        "Vandråd Fjordlandet", "forening eller fond", "deltager", "300.000\N{NO-BREAK SPACE}kr."
    ),
)
YEARS = (2027, 2028)
Amounts = tuple[Decimal, ...]
BUDGET: tuple[tuple[str, str, Amounts], ...] = (
    (
        "løn og timer",
        "Projektledelse og kommunernes medarbejdere",
        (Decimal(1_200_000), Decimal(800_000)),
    ),
    ("ekstern rådgivning", "Kort og data", (Decimal(500_000), Decimal(200_000))),
    ("test og demonstration", "Målinger i 40 punkter", (Decimal(600_000), Decimal(300_000))),
    ("formidling og videndeling", "Vejledning og to kurser", (Decimal(0), Decimal(250_000))),
    ("evaluering og revision", "", (Decimal(0), Decimal(150_000))),
)
FINANCING: tuple[tuple[str, str, Amounts], ...] = (
    ("Klimaalliancen", "søgt", (Decimal(1_400_000), Decimal(1_000_000))),
    ("Fjordby, Bakkeby og Ådal Kommuner", "egen tid", (Decimal(500_000), Decimal(400_000))),
    ("Vandråd Fjordlandet", "tilsagn", (Decimal(200_000), Decimal(100_000))),
    ("Fonden for Vådområder", "forventet", (Decimal(200_000), Decimal(200_000))),
)
