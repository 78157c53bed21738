"""The world in which the papers are made."""

from __future__ import annotations

import pytest

from tests.factories.walk import World, a_world


@pytest.fixture
def world(db: None) -> World:
    return a_world()
