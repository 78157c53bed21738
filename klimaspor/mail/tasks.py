"""The sweep that sends what stands in the outbox."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings

import structlog

from klimaspor import leases, sweeps
from klimaspor.mail import outbox
from klimaspor.mail.models import OutgoingMail
from klimaspor.mail.wire import Carrier, NotTaken

if TYPE_CHECKING:
    from datetime import datetime

    from klimaspor.leases import Claim, Ended, Visit

log = structlog.get_logger(__name__)

# Longer than any server takes to receive one letter: the transport gives up after 20 seconds of silence.
LEASE = timedelta(minutes=5)
# Read together, and claimed one by one.
AHEAD = 50


# A server that says "not now" to so many and takes none between says it to everybody.
MOST_REFUSED = 5
LONGEST_REST = timedelta(hours=1)


@sweeps.sweep(outbox.DELIVER)
def deliver(visit: Visit) -> int:
    """Send every letter that is due, one at a time, and return how many; two of these never send the same."""
    sender = _Sender()
    waiting = OutgoingMail.objects.waiting().oldest_first().prefetch_related("attachments")
    try:
        return leases.work(
            waiting, sender.send, visit=visit, lease=LEASE, ahead=AHEAD, ready=sender.carrier.open
        )
    finally:
        sender.carrier.close()


class _Sender:
    """Who sends in one visit, and judges whose fault it is when a letter is not taken."""

    def __init__(self) -> None:
        self.carrier = Carrier()
        self.has_sent = False
        self.refused_in_a_row = 0

    def send(self, claim: Claim[OutgoingMail]) -> Ended:
        mail = claim.row
        try:
            self.carrier.send(mail)
        except NotTaken as refusal:
            raise self._setback(mail, refusal, at=claim.at) from refusal
        self.has_sent, self.refused_in_a_row = True, 0
        # Under the id of what it was written in answer to, not of this visit.
        log.info("letter_sent", letter=mail.pk, template=mail.name, request_id=mail.request_id)
        is_wiped = mail.is_secret and not settings.DEMO
        return {"sent_at": claim.at, **({"body": ""} if is_wiped else {})}

    def _setback(self, mail: OutgoingMail, refusal: NotTaken, *, at: datetime) -> leases.Setback:
        """
        Say what follows: for good is for good, and the rest is the server's fault until it has taken another letter since.

        Whose fault it was is asked anew each time, so that a letter nobody ever takes is given up, but only by a server
        that takes others.
        """
        text = str(refusal)
        if refusal.is_final:
            self.refused_in_a_row = 0
            return leases.Setback(text, is_final=True)
        self.refused_in_a_row += 1
        since = mail.refused_at
        is_its_own = self.has_sent or (
            since is not None and OutgoingMail.objects.sent_since(since).exists()
        )
        if since is None or is_its_own:
            OutgoingMail.objects.filter(pk=mail.pk).update(refused_at=at)
        rest = min(max((at - (since or at)) / 2, leases.FIRST_PAUSE), LONGEST_REST)
        takes_none = refusal.is_away or (
            self.refused_in_a_row >= MOST_REFUSED and not self.has_sent
        )
        kind = leases.Away if takes_none else leases.Setback
        return kind(text, costs_attempt=is_its_own, pause=rest)
