from typing import Any

import pytest


@pytest.fixture
def gallery(settings: Any) -> None:
    """Serve the pages that show every component."""
    settings.ROOT_URLCONF = "tests.dkfds.gallery"
    settings.TEMPLATES = [
        {
            **settings.TEMPLATES[0],
            "DIRS": [*settings.TEMPLATES[0]["DIRS"], settings.BASE_DIR / "tests/dkfds/templates"],
        }
    ]
