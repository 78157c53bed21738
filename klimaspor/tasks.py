"""The sweep of the foundation itself."""

from klimaspor import once, sweeps
from klimaspor.leases import Visit


@sweeps.sweep("klimaspor.tasks.forget_presses")
def forget_presses(visit: Visit) -> int:
    """Forget which presses have made something, once no page can send them again, and return how many."""
    return once.forget(at=visit.at)
