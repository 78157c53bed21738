"""What several tables hold themselves to."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


def pair(name: str, message: str) -> models.CheckConstraint:
    """Demand that `<name>_at` and `<name>_by` are both there or neither."""
    return models.CheckConstraint(
        condition=Q(**{f"{name}_at": None, f"{name}_by": None})
        | Q(**{f"{name}_at__isnull": False, f"{name}_by__isnull": False}),
        name=f"%(class)s_{name}_pair",
        violation_error_message=message,
    )
