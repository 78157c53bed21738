"""
What a page shows of a comment that is written anew, and of what a wording takes the place of, see `klimaspor.seen`.

A comment's author may have it open twice; an answer may be written in while a wording for it is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from klimaspor.seen import Shown
from proposals.answers.sections import FIELDS
from proposals.sparring.models import AdviceKind

if TYPE_CHECKING:
    from proposals.line.models import Proposal
    from proposals.sparring.models import Advice


def shown_words(advice: Advice) -> Shown:
    texts = [("text", "Din kommentar", advice.text)]
    if advice.kind == AdviceKind.WORDING:
        texts.append(("suggestion", "Din ordlyd", advice.suggestion))
    return Shown.of_fields(*texts)


def shown_answer(thread: Advice, proposal: Proposal) -> Shown:
    """Give what stands where a wording would be put."""
    return Shown.of((FIELDS[thread.name].label, replaced(thread, proposal)))


def replaced(thread: Advice, proposal: Proposal) -> str:
    """Give the quote, or the whole answer where nothing is quoted."""
    return thread.quote or getattr(proposal, thread.name) or ""
