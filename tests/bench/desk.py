"""
What the DGO's desk costs with 2,000 proposals and 20,000 comments of one DGO, beside an ordinary list and a tenth of them, in one run.

Figures as in `tests.bench.pages`, whose server and clients these are. With `--act` an adviser gives a proposal to another before
each handful of requests.

python -m tests.bench.desk [--rows 200,2000] [--comments 10] [--act] [--seconds 4] [--rounds 3]
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from klimaspor import embedded
from tests.bench import pages

if TYPE_CHECKING:
    from collections.abc import Callable

SHARE = 0.35
"""How many of what is sown come to lie with a DGO."""
GROWTH = 1.15
"""How many times what it is at the first size a page may cost at the last."""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", default="200,2000", help="how many lie there, smallest first")
    parser.add_argument("--comments", type=int, default=10, help="to each of them")
    parser.add_argument("--act", action="store_true", help="take a step between requests")
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    sizes = [int(size) for size in options.rows.split(",")]
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "KLIMASPOR_STATE": folder,
            "DEMO": "1",
            "PORT": str(pages.PORT),
            "DATABASE_KEEP_SECONDS": "7200",
            "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
        }
        with embedded.running(Path(folder)):
            found = []
            for before, size in zip([0, *sizes], sizes, strict=False):
                visits = prepare(size - before, options.comments)
                act = acting() if options.act else None
                with pages.serving() as server:
                    found.append(
                        pages.measure(
                            visits, server, act, seconds=options.seconds, rounds=options.rounds
                        )
                    )
                pages.tell(found[-1], size, act is not None)
            if len(sizes) > 1:
                pages.tell_growth(found, sizes)
                print(f"goal: {GROWTH}")


def prepare(more: int, comments: int) -> list[tuple[str, str, str]]:
    """Let so many more lie with one DGO, each with its comments, and give what to measure."""
    visits = pages.prepare(round(more / SHARE))
    from django.db import connection
    from django.utils import timezone

    from klimaspor.accounts.models import User
    from proposals.line.lifecycle import Status
    from proposals.line.models import Access, Duty, Proposal
    from proposals.sparring.models import Advice
    from review.dgo_desk.queries import lying

    adviser = User.objects.get(email="peter@demo.invalid")
    dgo = adviser.memberships.exclude(dgo=None).get().dgo
    here = Proposal.objects.in_status(Status.DRAFT, Status.IN_QUALIFICATION, Status.QUALIFIED)
    here.update(lead_dgo=dgo)
    Access.objects.exclude(dgo=None).filter(proposal__in=here).update(dgo=dgo)
    Duty.objects.exclude(dgo=None).filter(proposal__in=here).update(dgo=dgo)
    at = timezone.now()
    Advice.objects.bulk_create(
        (
            Advice(
                proposal_id=pk,
                text="Hvad koster det i drift?",
                author_role=dgo.name,
                created_at=at,
                created_by=adviser,
            )
            for pk in here.filter(advice=None).values_list("pk", flat=True)
            for _ in range(comments)
        ),
        batch_size=1_000,
    )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    found = lying(adviser, "tur", at=at)
    print(f"{found.count()} proposals on the desk, {Advice.objects.count()} comments")
    cookies = {name: cookie for name, _, cookie in visits}
    compared = [visit for visit in visits if visit[0] in (pages.EMPTY, pages.BARE)]
    mine = cookies["DGO desk"]
    return [
        *compared,
        ("desk", "/kvalificering/", mine),
        ("desk: nobody has", "/kvalificering/?hvem=ingen", mine),
        ("desk: new since", "/kvalificering/?kun=ny", mine),
        ("desk: by title", "/kvalificering/?sort=titel", mine),
        ("desk: search", "/kvalificering/?q=v%C3%A5domr%C3%A5der", mine),
    ]


def acting() -> Callable[[], None]:
    """Give an act that changes who has what: an adviser takes one of the last, and lets it go again."""
    from itertools import cycle

    from django.utils import timezone

    from klimaspor.accounts.models import User
    from proposals.line.lifecycle import Status
    from proposals.line.models import Proposal
    from review.qualification import holding

    adviser = User.objects.get(email="peter@demo.invalid")
    lying = Proposal.objects.in_status(Status.IN_QUALIFICATION).order_by("-pk")[:20]
    turns = cycle([p.pk for p in lying])

    def act() -> None:
        pk, at = next(turns), timezone.now()
        holder = holding.holder_of(Proposal.objects.get(pk=pk))
        holding.distribute(
            shown={pk: holder.pk if holder else None},
            to_user=None if holder else adviser,
            by=adviser,
            at=at,
        )

    return act


if __name__ == "__main__":
    main()
