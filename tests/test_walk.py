"""Every status can be reached by the real steps alone."""

import pytest

from proposals.line.lifecycle import Status
from tests.factories.walk import proposal_at
from tests.suite.remember import forgetful

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("status", Status)
def test_every_status_is_reached_by_walking(status: Status) -> None:
    with forgetful():
        assert proposal_at(status).status == status
