"""
What waits ("det venter på dig"), as rows: which duties there are, and the rules that say of a proposal what stands.

A duty (`models.Duty`) is one thing that somebody is to do with one proposal.

- `kind` is the step that answers it, and the id of the button that leads there (`OpenStep.id`). Where several buttons stand
  for one duty (writing on, sending, or moving a late draft to another round), each names its duty as `OpenStep.duty`.
- Its holder is a person, a DGO, an organization as funder, or a group, as `Access` has it. Whether the reader is impartial
  is asked when duties are read, as for access.
- `subject` is what one thing is to its holder: the proposal, by its number, or a meeting, by its day, with all that stands
  on its agenda. So review's rows are named without a key that points at them.
- It waits from `since_at`, which may lie ahead (the secretariat steps in when the gate has closed), until it is done, or
  `until_at` (a meeting that is held needs no reading). `due_at` is its place in the order: the term, or when it began.

Nobody writes a duty by hand. `Duty.objects.settle` asks the rules what should stand, closes what does not, opens what is
missing and moves what has another term; a step calls it last, and `Proposal.move` always does. Each app tells its rules
(`proposals/duties.py`, `review/next_steps/duties.py`) with `rule`. The buttons stay where they are said with words: a test
walks the line at random and holds the two equal, and `manage.py reconcile` mends what a mistake has left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import TextChoices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from proposals.line.lifecycle import Status
    from proposals.line.models import Duty, Proposal

    Rule = Callable[[Sequence[Proposal], datetime], Iterable[Duty]]


class Kind(TextChoices):
    """What is to be done, in the order of the line and of its buttons."""

    SUBMIT = "submit", "indsende til faglig kvalificering"
    SUBMIT_FOR_APPROVAL = "submit_for_approval", "indsende til godkendelsesforløb"
    COMMIT = "commit", "svare for en deltager"
    QUALIFY = "qualify", "kvalificere"
    STEP_IN = "step_in", "afgive udtalelse for DGO'en"
    CHECK = "check", "kontrollere kravene"
    RECOMMEND = "recommend", "skrive indstilling"
    PLACE = "place", "sætte på en dagsorden"
    PUBLISH = "publish", "gøre dagsordenen færdig"
    DECIDE = "decide", "skrive beslutninger"
    RELEASE = "release", "frigive beslutninger"
    PREPARE = "prepare", "læse sagen"
    CONSENT = "consent", "svare som bidragyder"
    LAUNCH = "launch", "sætte sporet i gang"
    RETABLE = "retable", "indstille igen eller lade bortfalde"


_rules: list[tuple[frozenset[Status], Rule]] = []


def rule(*statuses: Status) -> Callable[[Rule], Rule]:
    """Let a function say which duties stand for proposals in these statuses; it reads what it needs of all of them at once."""

    def known(function: Rule) -> Rule:
        _rules.append((frozenset(statuses), function))
        return function

    return known


def wanted(proposals: Sequence[Proposal], *, at: datetime) -> Iterator[Duty]:
    """Give every duty that should stand for the proposals, unsaved."""
    for statuses, function in _rules:
        concerned = [proposal for proposal in proposals if proposal.status in statuses]
        if concerned:
            yield from function(concerned, at)
