"""A portal with a round and its people, for ideas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.factories.walk import World, a_world

if TYPE_CHECKING:
    from tests.factories.intake import Cast


@pytest.fixture
def world() -> World:
    return a_world()


@pytest.fixture
def cast(world: World) -> Cast:
    return world.cast
