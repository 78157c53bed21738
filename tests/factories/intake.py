"""People, organizations, a round, and a draft that is ready to be sent: what every walk begins with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from klimaspor import danish
from klimaspor.accounts import demo
from klimaspor.accounts.models import Dgo, Membership, Organization, Role, User
from proposals.drafting import steps as drafting
from proposals.economy import steps as economy
from proposals.participants import steps as participants
from proposals.rounds.models import Round, usual_dgo_deadline
from review import reference
from tests.suite.remember import remembered

if TYPE_CHECKING:
    from proposals.line.models import Proposal

NOW = danish.wall(date(2027, 3, 1), time(10, 0))
"""A Monday in the open round of `a_round`."""

TEXT = "Kommunerne mangler en fælles metode.\n\n- Første punkt <script>alert(1)</script>\n- Andet punkt"


@dataclass(frozen=True)
class Cast:
    """One person in each role, and the organizations they belong to."""

    owner: User
    stranger: User
    adviser: User
    other_adviser: User
    secretariat: User
    colleague: User
    committee: User
    funder: User
    administrator: User
    dgo: Dgo
    other_dgo: Dgo
    municipalities: tuple[Organization, ...]
    region: Organization
    company: Organization
    realdania: Organization


def a_round(**changes: Any) -> Round:
    """A round with both deadlines and the meeting ahead of NOW."""
    values: dict[str, Any] = {
        "name": "Forår 2027",
        "opens_at": danish.wall(date(2027, 1, 4), time(9, 0)),
        "qualification_deadline_at": danish.wall(date(2027, 4, 12), time(9, 0)),
        "approval_deadline_at": danish.wall(date(2027, 4, 29), time(9, 0)),
        "meeting_date": date(2027, 5, 27),
        **changes,
    }
    first_at, second_at = values["qualification_deadline_at"], values["approval_deadline_at"]
    values.setdefault("dgo_deadline_at", usual_dgo_deadline(first_at, second_at))
    return Round.objects.create(**values)


def person(name: str, *, at: datetime = NOW, **fields: Any) -> User:
    """Somebody who can sign in, seen at the clock of the test."""
    slug = name.lower().replace(" ", ".").replace("ø", "oe").replace("å", "aa").replace("æ", "ae")
    user: User = User.objects.create_user(
        f"{slug}@example.org", "hemmeligt-kodeord-1", name=name, **fields
    )
    user.clock = at
    return user


def give_role(
    user: User,
    role: Role,
    *,
    dgo: Dgo | None = None,
    organization: Organization | None = None,
    at: datetime = NOW,
) -> Membership:
    user.__dict__.pop("duties", None)
    membership: Membership = Membership.objects.create(
        user=user,
        role=role,
        dgo=dgo,
        organization=organization,
        claimed_at=at,
        confirmed_at=at,
        confirmed_by=user,
    )
    return membership


@remembered
def a_cast() -> Cast:
    municipalities = tuple(
        Organization.objects.create(name=name, kind="municipality", code=code)
        for name, code in (
            ("Aarhus Kommune", "751"),
            ("Ærø Kommune", "492"),
            ("Solrød Kommune", "269"),
            ("Bornholms Regionskommune", "400"),
        )
    )
    region = Organization.objects.create(name="Region Midtjylland", kind="region", code="1082")
    company = Organization.objects.create(name="Vandværket ApS", kind="company")
    realdania = Organization.objects.create(name="Realdania", kind="association", is_funder=True)
    dgo = Dgo.objects.create(
        slug="midtjylland",
        name="DGO Midtjylland",
        area="Midtjylland",
        contact_name="Karla Prøve",
        contact_phone="12 34 56 78",
    )
    dgo.municipalities.set(municipalities)
    other_dgo = Dgo.objects.create(slug="klimanord", name="KlimaNord", area="Nordjylland")
    cast = Cast(
        owner=person("Ella Ejer"),
        stranger=person("Frida Fremmed"),
        adviser=person("Rune Rådgiver"),
        other_adviser=person("Nanna Nord"),
        secretariat=person("Sanne Sekretær"),
        colleague=person("Kim Kollega"),
        committee=person("Uffe Udvalg"),
        funder=person("Bodil Bidrag"),
        administrator=person("Ada Administrator", is_staff=True),
        dgo=dgo,
        other_dgo=other_dgo,
        municipalities=municipalities,
        region=region,
        company=company,
        realdania=realdania,
    )
    give_role(cast.adviser, Role.DGO_ADVISER, dgo=dgo)
    give_role(cast.other_adviser, Role.DGO_ADVISER, dgo=other_dgo)
    give_role(cast.secretariat, Role.SECRETARIAT)
    give_role(cast.colleague, Role.SECRETARIAT)
    give_role(cast.committee, Role.COMMITTEE)
    give_role(cast.funder, Role.FUNDER, organization=realdania)
    give_role(cast.administrator, Role.ADMINISTRATOR)
    return cast


@remembered
def people_of_the_demo() -> dict[str, User]:
    """Everybody in the demo, among the organizations and DGOs that come with the portal."""
    reference.load(at=NOW)
    return demo.make_people(NOW)


def a_draft(
    cast: Cast, round_: Round, *, at: datetime = NOW, title: str = "Lavbundsjord"
) -> Proposal:
    """An empty draft of the cast's owner."""
    return drafting.create(
        owner=cast.owner,
        organization=cast.municipalities[0],
        round=round_,
        title=title,
        by=cast.owner,
        at=at,
    )


@remembered
def a_ready_draft(
    cast: Cast, round_: Round, *, at: datetime = NOW, title: str = "Lavbundsjord", **answers: Any
) -> Proposal:
    """A draft in which every question is answered and three municipalities take part."""
    proposal = a_draft(cast, round_, at=at, title=title)
    sections: dict[str, dict[str, Any]] = {
        "udfordringer": {"title": title, "challenges": TEXT, "purpose": TEXT},
        "effekt": {"effects": TEXT, "activities": TEXT},
        "udviklingselement": {
            "has_development": True,
            "development": TEXT,
            "is_beyond_known": True,
            "novelty": TEXT,
            "is_open": True,
            "openness": TEXT,
        },
        "klimahandlingsplaner": {"plan_needs": TEXT},
        "deltagere": {"joining": TEXT},
        "oekonomi": {
            "requested_amount": Decimal(1_500_000),
            "budget_min": Decimal(10_000_000),
            "budget_max": Decimal(12_000_000),
            "co_financing": TEXT,
        },
        "periode": {
            "period_start": date(2027, 8, 1),
            "period_end": date(2029, 7, 31),
            "organization_text": TEXT,
        },
    }
    for slug, values in sections.items():
        drafting.save_section(
            proposal_pk=proposal.pk,
            slug=slug,
            answers={name: answers.get(name, value) for name, value in values.items()},
            by=cast.owner,
            at=at,
        )
    for organization, role in (
        (cast.municipalities[1], "problem_owner"),
        (cast.municipalities[2], "participant"),
        (cast.company, "supplier"),
    ):
        participants.add_participant(
            proposal_pk=proposal.pk, organization=organization, role=role, by=cast.owner, at=at
        )
    economy.save_financing(
        proposal_pk=proposal.pk,
        lines=[
            (2027, "Klimaalliancen", Decimal(1_500_000), "requested"),
            (2027, "Ærø Kommune", Decimal(0), "own_time"),
            (2028, "Region Midtjylland", Decimal("250000.50"), "expected"),
        ],
        by=cast.owner,
        at=at,
    )
    company = proposal.participants.get(organization=cast.company)
    economy.save_budget(
        proposal_pk=proposal.pk,
        lines=[
            (2027, "staff", "Projektledelse", Decimal(10_000_000), None),
            (2028, "tests", "", Decimal("250000.50"), company.pk),
        ],
        by=cast.owner,
        at=at,
    )
    proposal.refresh_from_db()
    return proposal


def minutes_later(at: datetime, minutes: int = 1) -> datetime:
    return at + timedelta(minutes=minutes)
