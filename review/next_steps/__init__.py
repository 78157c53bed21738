"""
What a person can do next, and what waits for whom: every button comes from here.

Permission, status, deadline and each step's guard are joined once, so a button that is shown works. Facts are read
for many proposals at a time, so a list costs as many queries as a page.
"""

from review.next_steps.buttons import OpenStep, open_steps, primary
from review.next_steps.line import line, turn_texts, whose_turn_text
from review.next_steps.waiting import Waiting, WaitingRow, awaiting, waiting_count, waiting_for

__all__ = [
    "OpenStep",
    "Waiting",
    "WaitingRow",
    "awaiting",
    "line",
    "open_steps",
    "primary",
    "turn_texts",
    "waiting_count",
    "waiting_for",
    "whose_turn_text",
]
