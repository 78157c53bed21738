"""Writers find whatever they have written, in whichever answer it stands."""

from __future__ import annotations

import re

import pytest

from proposals.answers.sections import FIELDS, Kind
from proposals.line.models import Proposal
from tests.factories.intake import NOW, a_cast, a_draft, a_round

pytestmark = pytest.mark.django_db


def test_every_answer_in_words_is_found_by_its_writers() -> None:
    cast = a_cast()
    proposal = a_draft(cast, a_round())
    asked = [q.name for q in FIELDS.values() if q.kind in (Kind.LINE, Kind.PROSE)]
    words = {name: f"kvidderord{chr(97 + place) * 4}" for place, name in enumerate(asked)}
    Proposal.objects.filter(pk=proposal.pk).update(**words)

    mine = Proposal.objects.visible_to(cast.owner, at=NOW).with_reading(cast.owner, at=NOW)
    missed = [name for name, word in words.items() if not mine.matching(word).exists()]

    assert "risks" in words
    assert missed == []


def test_the_title_weighs_more_than_a_remark() -> None:
    cast, round_ = a_cast(), a_round()
    titled = a_draft(cast, round_, title="Vådområder")
    remarked = a_draft(cast, round_, title="Elbusser")
    Proposal.objects.filter(pk=remarked.pk).update(risks="Vådområder")

    vectors = dict(Proposal.objects.values_list("pk", "search"))
    places = {pk: re.findall(r"'vådområd':(\S+)", vector) for pk, vector in vectors.items()}

    # A place without a letter has weight D, the least.
    assert places == {titled.pk: ["1A"], remarked.pk: ["5"]}
