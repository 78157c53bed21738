"""The sweep that sends what stands in the outbox."""

from datetime import timedelta

from django.conf import settings

from klimaspor import leases, sweeps
from klimaspor.leases import Claim, Ended, Visit
from klimaspor.mail import outbox
from klimaspor.mail.models import OutgoingMail
from klimaspor.mail.wire import Carrier

# Longer than any server takes to receive one letter: the transport gives up after 20 seconds of silence.
LEASE = timedelta(minutes=5)
# Read together, and claimed one by one.
AHEAD = 50


@sweeps.sweep(outbox.DELIVER)
def deliver(visit: Visit) -> int:
    """Send every letter that is due, one at a time, and return how many; two of these never send the same."""
    carrier = Carrier()

    def send(claim: Claim[OutgoingMail]) -> Ended:
        carrier.send(claim.row)
        is_wiped = claim.row.is_secret and not settings.DEMO
        return {"sent_at": claim.at, **({"body": ""} if is_wiped else {})}

    waiting = OutgoingMail.objects.waiting().oldest_first().prefetch_related("attachments")
    try:
        return leases.work(waiting, send, visit=visit, lease=LEASE, ahead=AHEAD, ready=carrier.open)
    finally:
        carrier.close()
