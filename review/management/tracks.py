"""
Made-up tracks in believable Danish, for the demo and for seeding; nothing here is a real proposal.

Amounts are in kroner.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Track:
    """What one made-up proposal says. `owner` is the key of a demo person, names are organizations'."""

    title: str
    owner: str
    organization: str
    problem_owner: str
    participants: tuple[str, ...]
    others: tuple[tuple[str, str], ...]
    """Typed in: (name, kind)."""
    challenges: str
    purpose: str
    effects: str
    activities: str
    development: str
    novelty: str
    plan_needs: str
    joining: str
    co_financing: str
    requested: int
    budget: tuple[int, int]
    goals: tuple[int, ...]
    months: int = 24
    is_listed: bool = False
    """Whether the owner lets members of the organizations see title and state."""
    openness: str = (
        "Alle metoder, data og erfaringer lægges åbent på Klimaalliancens hjemmeside.\n\n"
        "- To åbne webinarer hvert år\n- En vejledning, som alle kommuner og regioner kan bruge\n"
        "- Skabeloner og beregninger kan frit genbruges"
    )
    organization_text: str = (
        "Problemejeren leder projektet med en projektleder på halv tid.\n\n"
        "- Styregruppe med en chef fra hver deltagende kommune, mødes hvert kvartal\n"
        "- Arbejdsgruppe med fagfolk, mødes hver måned\n- DGO'en hjælper med at dele viden undervejs"
    )


SPENT_ON: tuple[tuple[str, str, int], ...] = (
    ("staff", "Projektledelse og fagfolks timer", 45),
    ("tests", "Afprøvning hos deltagerne", 30),
    ("consultants", "Hjælp til metode og data", 15),
    ("sharing", "Vejledning og webinarer", 10),
)
"""Category, description and per cent of the whole, which they add up to."""


def budget_lines(
    track: Track, year: int, company: int | None = None
) -> list[tuple[int, str, str, Decimal, int | None]]:
    """Spread the lowest budget over two years; a participating company does the tests."""
    return [
        (
            year + later,
            category,
            description,
            Decimal(track.budget[0]) * percent / 200,
            company if category == "tests" else None,
        )
        for later in (0, 1)
        for category, description, percent in SPENT_ON
    ]


TRACKS: tuple[Track, ...] = (
    Track(
        title="Vådområder på lavbundsjord, som også renser drænvand",
        is_listed=True,
        owner="mette",
        organization="Aarhus Kommune",
        problem_owner="Aarhus Kommune",
        participants=("Norddjurs Kommune", "Viborg Kommune", "Region Midtjylland"),
        others=(("Østjysk Landboforum", "association"), ("Institut for Jord og Vand", "knowledge")),
        challenges=(
            "Kommunerne skal tage lavbundsjord ud af drift for at nå deres klimamål, men mange projekter går i stå, "
            "fordi lodsejerne ikke kan se, hvad de får ud af det.\n\nSamtidig mangler der viden om, hvordan et "
            "vådområde kan rense drænvand, når jorden er rig på fosfor."
        ),
        purpose=(
            "At udvikle og afprøve en model, hvor udtagning af lavbundsjord og rensning af drænvand planlægges samlet, "
            "så det giver mening for både lodsejer, vandløb og klima."
        ),
        effects=(
            "- Mindre udledning af CO2 fra 180 ha lavbundsjord\n- Mindre kvælstof og fosfor til fjorden\n"
            "- Kortere tid fra idé til lodsejeraftale"
        ),
        activities=(
            "- Kortlægge lavbundsjord med højt indhold af fosfor\n- Teste tre typer af vådområder på tre steder\n"
            "- Udvikle en samtalemodel til mødet med lodsejeren\n- Måle på vand og klimagasser i to sæsoner"
        ),
        development=(
            "Vi tester en ny kombination: mættede randzoner foran vådområdet fanger fosfor, før området oversvømmes. "
            "Det er ikke prøvet i Danmark i den skala."
        ),
        novelty="Kendte vådområdeprojekter tager ikke højde for fosfor. Vi udvikler en model, der gør.",
        plan_needs=(
            "- Aarhus Kommunes klimahandlingsplan, indsats om lavbundsjord\n"
            "- Viborg Kommunes klimahandlingsplan, handling om arealer og natur"
        ),
        joining="Kommuner med lavbundsjord kan deltage i læringsnetværket fra andet år og få lånt måleudstyr.",
        co_financing=(
            "Kommunerne lægger egen tid. Region Midtjylland er spurgt om støtte til målingerne og svarer i foråret."
        ),
        requested=2_400_000,
        budget=(4_200_000, 4_600_000),
        goals=(6, 13, 15),
        months=30,
    ),
    Track(
        title="Fælles indkøb af byggematerialer med lavt klimaaftryk",
        is_listed=True,
        owner="jonas",
        organization="Næstved Kommune",
        problem_owner="Næstved Kommune",
        participants=("Slagelse Kommune", "Holbæk Kommune", "Roskilde Kommune"),
        others=(("Byggeriets Materialeklynge", "association"),),
        challenges=(
            "Kommunerne bygger skoler og plejehjem for store beløb, men hver kommune stiller sine egne klimakrav. "
            "Leverandørerne ved ikke, hvad de skal satse på, og priserne bliver høje."
        ),
        purpose="At gøre det let for kommuner at købe byggematerialer med lavt klimaaftryk sammen.",
        effects=(
            "- 25 procent lavere klimaaftryk fra nye kommunale byggerier\n- Lavere priser, når flere køber ens\n"
            "- Færre timer brugt på udbud i hver kommune"
        ),
        activities=(
            "- Samle data om materialer i ti byggerier\n- Udvikle fælles krav sammen med leverandører\n"
            "- Afprøve kravene i fire udbud\n- Evaluere pris og klimaaftryk"
        ),
        development="Fire kommuner tester de samme klimakrav i rigtige udbud og måler på pris og klimaaftryk.",
        novelty="Der findes vejledninger, men ingen har afprøvet ens krav på tværs af kommuner i rigtige udbud.",
        plan_needs="- Næstved Kommunes klimahandlingsplan, handling om klimavenligt byggeri",
        joining="Andre kommuner kan bruge kravene med det samme og melde deres egne udbud ind som test.",
        co_financing="Hver kommune betaler sine egne timer. Vi har talt med en fond om støtte til evalueringen.",
        requested=1_800_000,
        budget=(2_900_000, 2_900_000),
        goals=(11, 12, 13),
    ),
    Track(
        title="Delebiler i små byer",
        owner="sofie",
        organization="Hjørring Kommune",
        problem_owner="Hjørring Kommune",
        participants=("Brønderslev Kommune", "Frederikshavn Kommune"),
        others=(("Nordjysk Delebil A/S", "company"),),
        challenges="I byer med under 2.000 indbyggere kan delebiler ikke løbe rundt, og alle har to biler.",
        purpose="At finde en model for delebiler, der virker, hvor der er langt mellem husene.",
        effects="- Færre biler i husstandene\n- Mindre CO2 fra persontransport",
        activities="- Opstille delebiler i seks byer\n- Lade kommunens egne biler være delebiler om aftenen",
        development="Kommunens tjenestebiler deles med borgerne efter arbejdstid i seks små byer.",
        novelty="Delebiler er kendt i storbyer. Det nye er at dele kommunens egne biler i små byer.",
        plan_needs="- Hjørring Kommunes klimahandlingsplan, handling om transport i landområder",
        joining="Kommuner kan låne booking og aftaler gratis.",
        co_financing="Der er ikke medfinansiering endnu. Kommunerne bruger egen tid.",
        requested=950_000,
        budget=(1_300_000, 1_500_000),
        goals=(11, 13),
        months=18,
    ),
    Track(
        title="Overskudsvarme fra spildevand til fjernvarme",
        is_listed=True,
        owner="mette",
        organization="Aarhus Kommune",
        problem_owner="Randers Kommune",
        participants=("Aarhus Kommune", "Silkeborg Kommune"),
        others=(("Gudenå Forsyning", "utility"),),
        challenges="Varmen i spildevand løber ud i åen. Små renseanlæg kan ikke få økonomien til at hænge sammen.",
        purpose="At gøre varme fra små renseanlæg til en del af fjernvarmen.",
        effects="- Mindre brug af biomasse om vinteren\n- 3.200 ton CO2 sparet om året ved fuld udbredelse",
        activities="- Teste en flytbar varmepumpe på tre renseanlæg\n- Beregne samspil med fjernvarmen",
        development="En flytbar varmepumpe demonstreres på tre små renseanlæg gennem en vinter.",
        novelty="Store anlæg har varmepumper. Vi udvikler en flytbar løsning til de små.",
        plan_needs="- Randers Kommunes klimahandlingsplan, handling om grøn varme",
        joining="Forsyninger kan låne den flytbare varmepumpe i en uge.",
        co_financing="Forsyningen har givet tilsagn om 1,2 mio. kr.",
        requested=2_100_000,
        budget=(3_900_000, 4_300_000),
        goals=(7, 9, 13),
    ),
    Track(
        title="Klimaregnskab for kommunens forbrug, som alle kan bruge",
        owner="jonas",
        organization="Næstved Kommune",
        problem_owner="Roskilde Kommune",
        participants=("Næstved Kommune", "Lejre Kommune", "Region Sjælland"),
        others=(),
        challenges=(
            "Kommunerne ved meget om energi og meget lidt om det, de køber. Regnskaberne laves forskelligt, og tallene "
            "kan ikke sammenlignes."
        ),
        purpose="At udvikle en fælles metode til at regne på klimaaftrykket fra kommuners forbrug.",
        effects="- Tal, der kan sammenlignes mellem kommuner\n- Bedre beslutninger om indkøb",
        activities="- Samle faktureringsdata fra fire organisationer\n- Udvikle og teste en fælles metode",
        development="Metoden afprøves på rigtige data fra tre kommuner og en region og justeres undervejs.",
        novelty="De metoder, der findes, bygger på gennemsnit i kroner. Vi regner på varer.",
        plan_needs="- Roskilde Kommunes klimahandlingsplan, handling om forbrug og indkøb",
        joining="Alle kommuner kan bruge metoden og sende data ind fra andet år.",
        co_financing="Regionen overvejer at bidrage. Kommunerne lægger 600 timer hver.",
        requested=1_500_000,
        budget=(2_200_000, 2_400_000),
        goals=(12, 13),
    ),
    Track(
        title="Klimatilpasning af almene boliger sammen med beboerne",
        is_listed=True,
        owner="mette",
        organization="Aarhus Kommune",
        problem_owner="Aarhus Kommune",
        participants=("Odense Kommune", "Esbjerg Kommune"),
        others=(("Boligforeningen Lunden", "association"),),
        challenges="Kældre og stier i almene afdelinger oversvømmes, og beboerne bliver spurgt for sent.",
        purpose="At udvikle en måde at planlægge klimatilpasning på, hvor beboerne er med fra begyndelsen.",
        effects="- Færre oversvømmede kældre\n- Flere grønne opholdssteder\n- Større opbakning blandt beboere",
        activities="- Teste fælles planlægning i fire afdelinger\n- Anlægge tre regnbede som demonstration",
        development="Beboere, boligforening og kommune tester sammen en ny proces i fire afdelinger.",
        novelty="Teknikken er kendt. Processen og den fælles økonomi er ny.",
        plan_needs="- Aarhus Kommunes klimahandlingsplan, handling om klimatilpasning i tætte byområder",
        joining="Boligforeninger i alle kommuner kan følge forløbet på åbne byvandringer.",
        co_financing="Boligforeningen betaler anlæg. Der søges også hos en fond.",
        requested=1_250_000,
        budget=(2_000_000, 2_600_000),
        goals=(11, 13),
    ),
    Track(
        title="Biokul af haveaffald i kommunale anlæg",
        owner="sofie",
        organization="Hjørring Kommune",
        problem_owner="Aalborg Kommune",
        participants=("Hjørring Kommune", "Jammerbugt Kommune", "Region Nordjylland"),
        others=(("Nordjysk Affaldsselskab", "utility"),),
        challenges="Haveaffald køres langt og brændes eller komposteres med udledning af klimagasser.",
        purpose="At afprøve, om haveaffald kan blive til biokul i et lille anlæg på genbrugspladsen.",
        effects="- Kulstof lagres i jord\n- Mindre kørsel med haveaffald",
        activities="- Leje et lille anlæg i et år\n- Måle på energi, røg og kvalitet\n- Bruge biokul i vejtræers jord",
        development="Et lille anlæg demonstreres på en genbrugsplads i et år, og alt måles.",
        novelty="Biokul laves i dag på store anlæg. Ingen kommune har prøvet det på genbrugspladsen.",
        plan_needs="- Aalborg Kommunes klimahandlingsplan, handling om affald og kulstoflagring",
        joining="Kommuner kan besøge anlægget og få prøver af biokul.",
        co_financing="Affaldsselskabet stiller plads og mandskab til rådighed.",
        requested=1_700_000,
        budget=(2_500_000, 3_000_000),
        goals=(12, 13, 15),
    ),
    Track(
        title="Elfærger på korte ruter",
        owner="mette",
        organization="Aarhus Kommune",
        problem_owner="Samsø Kommune",
        participants=("Ærø Kommune", "Aarhus Kommune"),
        others=(("Ø-færgerne A/S", "company"),),
        challenges="Færger på korte ruter sejler på diesel, og havnene har ikke strøm nok.",
        purpose="At planlægge opladning, så små havne kan klare elfærger uden at udvide nettet.",
        effects="- 8.000 ton mindre CO2 om året på tre ruter\n- Billigere drift",
        activities="- Måle forbrug på tre ruter\n- Teste et batteri på kajen",
        development="Et batteri på kajen testes gennem en sommer med fuld trafik.",
        novelty="Elfærger er kendt. Opladning fra et batteri i en lille havn er ikke afprøvet.",
        plan_needs="- Samsø Kommunes klimahandlingsplan, handling om færger",
        joining="Øer og havne kan få adgang til målinger og beregninger.",
        co_financing="Rederiet bidrager med egen tid. Der er ikke søgt andre steder.",
        requested=3_000_000,
        budget=(6_000_000, 8_000_000),
        goals=(7, 9, 13),
    ),
    Track(
        title="Skoler som kølige steder i en varm by",
        owner="jonas",
        organization="Næstved Kommune",
        problem_owner="Køge Kommune",
        participants=("Næstved Kommune", "Greve Kommune"),
        others=(),
        challenges="Skolegårde er af asfalt og bliver for varme. Om sommeren står de tomme, når byen er varmest.",
        purpose="At gøre skolegårde til kølige og grønne steder, som hele byen kan bruge.",
        effects="- Lavere temperatur på varme dage\n- Mere regnvand bliver i jorden",
        activities="- Måle temperatur i seks skolegårde\n- Udvikle tre løsninger sammen med elever",
        development="Tre løsninger testes side om side og måles mod en skolegård uden ændringer.",
        novelty="",
        plan_needs="",
        joining="",
        co_financing="",
        requested=900_000,
        budget=(1_400_000, 1_600_000),
        goals=(3, 11, 13),
    ),
    Track(
        title="Græsprotein i kommunens køkkener",
        is_listed=True,
        owner="mette",
        organization="Aarhus Kommune",
        problem_owner="Aarhus Kommune",
        participants=("Skive Kommune", "Holstebro Kommune"),
        others=(("Det Grønne Mejeri ApS", "company"), ("Fødevareskolen", "knowledge")),
        challenges="Kommunale køkkener vil bruge mindre kød, men mangler lokale råvarer, som smager godt.",
        purpose="At udvikle retter med græsprotein, som ældre og børn vil spise.",
        effects="- Mindre kød i køkkenerne\n- Ny afsætning for græs fra vandområder",
        activities="- Udvikle 20 retter i tre køkkener\n- Teste dem hos 800 børn og ældre",
        development="Retterne udvikles og testes i rigtige køkkener sammen med dem, der spiser.",
        novelty="Græsprotein til mennesker er nyt og ikke afprøvet i offentlige køkkener.",
        plan_needs="- Skive Kommunes klimahandlingsplan, handling om fødevarer",
        joining="Køkkener i alle kommuner kan få opskrifter og prøver.",
        co_financing="Mejeriet leverer råvarer gratis. Kommunerne betaler køkkentid.",
        requested=1_100_000,
        budget=(1_700_000, 1_900_000),
        goals=(2, 12, 13),
        months=18,
    ),
    Track(
        title="Fælles varslingssystem for stigende grundvand",
        owner="sofie",
        organization="Hjørring Kommune",
        problem_owner="Hjørring Kommune",
        participants=("Thisted Kommune", "Mariagerfjord Kommune"),
        others=(("Nordjysk Vandcenter", "knowledge"),),
        challenges="Grundvandet stiger, og kældre og veje bliver våde nedefra. Kommunerne ser det først bagefter.",
        purpose="At kunne varsle høj grundvandsstand to uger frem.",
        effects="- Færre skader på veje og huse\n- Bedre grundlag for at planlægge nye boliger",
        activities="- Opstille 60 målere\n- Udvikle en model, der varsler\n- Teste varsler med borgere i tre byer",
        development="En ny model kobler målinger og vejrudsigt og testes i tre byer gennem to vintre.",
        novelty="Der findes målinger, men intet varsel, som kommuner kan handle på.",
        plan_needs="- Thisted Kommunes klimahandlingsplan, handling om højt grundvand",
        joining="Kommuner kan koble egne målere på i andet år.",
        co_financing="Kommunerne køber målerne. Regionen er spurgt om data.",
        requested=1_950_000,
        budget=(3_100_000, 3_400_000),
        goals=(6, 11, 13),
    ),
    Track(
        title="Genbrug af vejasfalt uden ny varme",
        is_listed=True,
        owner="jonas",
        organization="Næstved Kommune",
        problem_owner="Holbæk Kommune",
        participants=("Slagelse Kommune", "Næstved Kommune"),
        others=(("Sjællands Vejbyg A/S", "company"),),
        challenges="Gammel asfalt varmes op igen med gas. Kommunerne tør ikke stille krav om andet.",
        purpose="At afprøve kold genbrug af asfalt på mindre veje.",
        effects="- 40 procent lavere klimaaftryk fra en renoveret vej\n- Billigere vedligehold",
        activities="- Anlægge seks teststrækninger\n- Måle på slid i to år",
        development="Seks teststrækninger anlægges og måles ved siden af almindelig asfalt.",
        novelty="Metoden er prøvet i Norden, men ikke på danske kommuneveje.",
        plan_needs="- Slagelse Kommunes klimahandlingsplan, handling om veje og anlæg",
        joining="Kommuner kan få udbudskrav og måledata.",
        co_financing="Entreprenøren betaler halvdelen af to strækninger.",
        requested=1_350_000,
        budget=(2_600_000, 2_800_000),
        goals=(9, 12, 13),
    ),
)
