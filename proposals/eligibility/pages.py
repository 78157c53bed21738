"""The meter of requirements, as pages show it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from proposals.eligibility.requirements import Finding
    from proposals.line.pages import ProposalPage


def meter(
    page: ProposalPage, findings: Iterable[Finding], *, links: bool = True
) -> list[dict[str, Any]]:
    """Give the rows of the requirements' meter, each leading to where it is fixed."""
    return [
        {
            "id": finding.requirement.id,
            "text": finding.requirement.text,
            "state": str(finding.state),
            "message": finding.message,
            "details": finding.details,
            "url": page.url("section", finding.section)
            if links and finding.section and finding.state in ("missing", "warning")
            else "",
        }
        for finding in findings
    ]
