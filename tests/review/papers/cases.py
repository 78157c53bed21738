"""Agendas with cases on them, and the files that were asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile

from proposals.attachments import steps as drafting
from proposals.commitments import steps as commitment
from review.agenda import steps as agendas
from review.agenda.models import Agenda, Dossier
from review.qualification import steps as qualification
from tests.factories import walk
from tests.factories.intake import NOW, a_ready_draft
from tests.factories.walk import World, day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from proposals.line.models import Proposal

AT = day(5)
PDF = b"%PDF-1.7 et kort"


def a_case(
    world: World,
    title: str = "Klog varme",
    *,
    annexes: int = 0,
    more: Sequence[dict[str, Any]] = (),
    brought: dict[str, Any] | None = None,
) -> Proposal:
    """A recommended proposal with annexes and a reply to its assessment."""
    draft = a_ready_draft(world.cast, world.round, title=title)
    if brought:
        first = draft.participants.order_by("pk")[0]
        commitment.save(participant_pk=first.pk, brought=brought, by=world.cast.owner, at=NOW)
    titled = [{"title": f"Kort {number}"} for number in range(1, annexes + 1)]
    for number, about in enumerate((*titled, *more), 1):
        given = {
            "file_name": "kort over området.pdf",
            "content_type": "application/pdf",
            "by": world.cast.owner,
            "at": NOW,
            **about,
        }
        content = ContentFile(PDF + f"{title} {number}".encode(), "kort.pdf")
        drafting.add_attachment(proposal_pk=draft.pk, file=content, **given)
    draft.refresh_from_db()
    proposal = walk.qualify(walk.submit(draft, world), world)
    qualification.reply(
        proposal_pk=proposal.pk, text="Vi er enige.", by=world.cast.owner, at=day(1)
    )
    return walk.recommend(walk.submit_for_approval(proposal, world), world)


def published(world: World, *proposals: Proposal, is_closed: bool = False) -> Agenda:
    """A published agenda with the proposals, a free item, and the customary first and last."""
    made = walk.an_agenda(world, *proposals)
    for item in made.items.exclude(proposal=None) if is_closed else ():
        agendas.change_item(item_pk=item.pk, is_closed=True, by=world.cast.secretariat, at=AT)
    agendas.add_item(
        agenda_pk=made.pk,
        kind="information",
        title="Midtvejsevaluering",
        minutes=20,
        resume="Evalueringen er i gang.",
        proposed="At orienteringen tages til efterretning\n\nat den følges op",
        case_text="- Første fund\n- Andet fund",
        by=world.cast.secretariat,
        at=AT,
    )
    walk.publish(made, world)
    found: Agenda = Agenda.objects.get(pk=made.pk)
    return found


def asked_for(agenda: Agenda, kind: str) -> Dossier:
    found: Dossier = agenda.dossiers.get(kind=kind)
    return found


def content_of(row: Dossier) -> bytes:
    with row.file.open() as file:
        content: bytes = file.read()
    return content
