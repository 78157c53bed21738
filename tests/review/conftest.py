"""What the pages of the procedure are tested in: a world in which every walk has come to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.factories.walk import AFTER, World, a_world

if TYPE_CHECKING:
    import time_machine


@pytest.fixture
def world(db: None, now: time_machine.Traveller) -> World:
    """The clock stands after the walks, and before every deadline of the round."""
    now.move_to(AFTER)
    return a_world()
