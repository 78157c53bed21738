"""In which color a status is shown."""

from __future__ import annotations

from proposals.line.lifecycle import Status

TONES: dict[str, str] = {
    Status.DRAFT: "",
    Status.APPROVED: "success",
    Status.ACTIVE: "success",
    Status.COMPLETED: "success",
    Status.REJECTED: "error",
    Status.INADMISSIBLE: "error",
    Status.LAPSED: "warning",
    Status.DISCONTINUED: "warning",
    Status.WITHDRAWN: "",
}
"""The color of a status; a step on the way is blue."""


def tone(status: str) -> str:
    return TONES.get(status, "info")
