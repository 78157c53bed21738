"""The demo: twelve made-up proposals over all stops, by the real steps."""

from __future__ import annotations

from collections import Counter
from datetime import date, time
from typing import Any

from django.core.management import CommandError, call_command

import pytest

from klimaspor import danish
from klimaspor.accounts.models import Role, User
from proposals.ideas.models import Idea
from proposals.line.models import Proposal
from tests.factories.intake import give_role, person

pytestmark = pytest.mark.django_db

AT = danish.wall(date(2026, 11, 22), time(9, 30))


@pytest.mark.slow("walks the whole demo")
def test_demo_shows_every_stop_and_is_made_once(settings: Any) -> None:
    settings.DEMO = True
    call_command("reference_data")

    call_command("demo", at=AT.isoformat())
    call_command("demo", at=AT.isoformat())

    assert Counter(Proposal.objects.values_list("status", flat=True)) == {
        "active": 1,
        "approved": 1,
        "rejected": 1,
        "lapsed": 1,
        "on_agenda": 2,
        "recommended": 1,
        "inadmissible": 1,
        "draft": 2,
        "in_qualification": 1,
        "qualified": 1,
    }
    ideas = Idea.objects.with_row().order_by("pk")
    assert [(bool(i.sent_at), bool(i.moved_at), i.is_answered) for i in ideas] == [
        (False, False, None),
        (True, False, True),
        (True, False, None),
        (True, True, None),
    ]
    assert User.objects.filter(is_demo=False).count() == 0
    # Who is let into nothing else has their organization's own list to look at.
    member = User.objects.get(email="nanna@demo.invalid")
    assert not Proposal.objects.visible_to(member, at=AT).exists()
    listed = Proposal.objects.listed_for(member, member.duties_at(AT).member_ids, at=AT)
    assert Counter(listed.values_list("status", flat=True)) == {
        "active": 1,
        "lapsed": 1,
        "on_agenda": 1,
        "draft": 1,
    }


def test_demo_is_refused_where_it_is_not_set(settings: Any) -> None:
    settings.DEMO = False

    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("demo")


def test_demo_is_refused_beside_real_staff(settings: Any) -> None:
    settings.DEMO = True
    give_role(person("Rigtig Person", at=AT), Role.SECRETARIAT, at=AT)

    with pytest.raises(CommandError, match="rigtige medarbejdere"):
        call_command("demo", at=AT.isoformat())
