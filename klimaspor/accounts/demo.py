"""The people of the demo: all made up, and the only ones anybody may sign in as with one press."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from allauth.account.models import EmailAddress

from klimaspor.accounts.models import Dgo, Membership, Organization, Role, User

if TYPE_CHECKING:
    from datetime import datetime

# A domain that can never exist, so no letter from the demo reaches anybody.
DOMAIN = "demo.invalid"


@dataclass(frozen=True)
class Part:
    """A role of one made-up person: in a DGO by its slug, for an organization by its name."""

    role: Role
    dgo: str = ""
    organization: str = ""
    is_confirmed: bool = True


@dataclass(frozen=True)
class Person:
    """Somebody who does not exist; `key` names them in the demo's script."""

    key: str
    name: str
    phone: str
    parts: tuple[Part, ...]

    @property
    def email(self) -> str:
        return f"{self.key}@{DOMAIN}"


def _acts_for(organization: str, *, is_confirmed: bool = True) -> Part:
    return Part(Role.MEMBER, organization=organization, is_confirmed=is_confirmed)


# No Danish telephone number begins with 00.
PEOPLE = (
    Person("mette", "Mette Lindholm", "00 00 00 01", (_acts_for("Aarhus Kommune"),)),
    Person(
        "jonas",
        "Jonas Bækgaard",
        "00 00 00 02",
        (_acts_for("Næstved Kommune"), _acts_for("Gate 21", is_confirmed=False)),
    ),
    Person("sofie", "Sofie Ravnkilde", "00 00 00 03", (_acts_for("Hjørring Kommune"),)),
    Person("lene", "Lene Hedegaard", "00 00 00 04", (_acts_for("Skive Kommune"),)),
    Person("troels", "Troels Bakkelund", "00 00 00 05", (_acts_for("Slagelse Kommune"),)),
    Person("nanna", "Nanna Egelund", "00 00 00 06", (_acts_for("Aarhus Kommune"),)),
    Person("karen", "Karen Overgaard", "00 00 00 11", (Part(Role.DGO_ADVISER, dgo="nordjylland"),)),
    Person("peter", "Peter Elmelund", "00 00 00 12", (Part(Role.DGO_ADVISER, dgo="midtjylland"),)),
    Person("lise", "Lise Fjordbak", "00 00 00 13", (Part(Role.DGO_ADVISER, dgo="syddanmark"),)),
    Person(
        "anders",
        "Anders Thorup",
        "00 00 00 14",
        (Part(Role.DGO_ADVISER, dgo="hovedstaden"), Part(Role.DGO_ADVISER, dgo="sjaelland")),
    ),
    Person("birgitte", "Birgitte Vesterholm", "00 00 00 21", (Part(Role.SECRETARIAT),)),
    Person("rasmus", "Rasmus Lindequist", "00 00 00 22", (Part(Role.SECRETARIAT),)),
    Person("erik", "Erik Sandager", "00 00 00 31", (Part(Role.COMMITTEE, organization="KL"),)),
    Person(
        "hanne",
        "Hanne Kirkeby",
        "00 00 00 32",
        (
            Part(Role.COMMITTEE, organization="Region Midtjylland"),
            Part(Role.FUNDER, organization="Region Midtjylland"),
        ),
    ),
    Person("torben", "Torben Ahlgreen", "00 00 00 33", (Part(Role.COMMITTEE),)),
    Person(
        "charlotte",
        "Charlotte Dalsager",
        "00 00 00 41",
        (Part(Role.FUNDER, organization="Realdania"),),
    ),
    Person("ole", "Ole Tvedegaard", "00 00 00 51", (Part(Role.ADMINISTRATOR),)),
)


@transaction.atomic
def make_people(at: datetime) -> dict[str, User]:
    """Make those of the made-up people who are missing, with their roles, and return all by key."""
    users = {person.key: _make(person) for person in PEOPLE}
    answers = users["birgitte"]
    for person in PEOPLE:
        for part in person.parts:
            _give(users[person.key], part, answers=answers, at=at)
    for person in PEOPLE:
        for part in person.parts:
            if part.dgo:
                _make_contact(person, part.dgo)
    return users


def demo_refusal(at: datetime) -> str | None:
    """Say why the demo must not run here, or nothing when it may: it lets anybody in, so never beside real staff."""
    if not User.objects.real().with_duties(at=at).exists():
        return None
    return (
        "Der er rigtige medarbejdere i databasen, og demoen lader enhver logge på. Sæt DEMO=0, "
        "eller vælg en anden mappe med KLIMASPOR_STATE=/en/mappe ./run"
    )


def _make(person: Person) -> User:
    found: User | None = User.objects.demo().with_address(person.email).first()
    if found:
        return found
    made = User.objects.create_user(
        person.email,
        name=person.name,
        phone=person.phone,
        is_demo=True,
        is_staff=any(part.role == Role.ADMINISTRATOR for part in person.parts),
    )
    EmailAddress.objects.create(user=made, email=person.email, verified=True, primary=True)
    return made


def _give(user: User, part: Part, *, answers: User, at: datetime) -> None:
    dgo = Dgo.objects.with_slug(part.dgo).get() if part.dgo else None
    organization = (
        Organization.objects.named(part.organization).get() if part.organization else None
    )
    same = Membership.objects.of(user).same_as(role=part.role, organization=organization, dgo=dgo)
    if same.exists():
        return
    Membership.objects.create(
        user=user,
        role=part.role,
        organization=organization,
        dgo=dgo,
        claimed_at=at,
        confirmed_at=at if part.is_confirmed else None,
        confirmed_by=answers if part.is_confirmed else None,
    )


def _make_contact(person: Person, slug: str) -> None:
    dgo = Dgo.objects.with_slug(slug).get()
    if dgo.contact_phone:
        return
    dgo.contact_name = person.name
    dgo.contact_phone = person.phone
    dgo.contact_email = person.email
    dgo.save(update_fields=["contact_name", "contact_phone", "contact_email"])
