"""Whatever says when also says who, in the database, for every model at once."""

from __future__ import annotations

from django.apps import apps
from django.db.models import CheckConstraint

OURS = {"accounts", "mail", "proposals", "review"}


def test_every_optional_at_by_pair_is_both_or_neither() -> None:
    missing = []
    for model in apps.get_models():
        if model._meta.app_label not in OURS:
            continue
        fields = {field.name: field for field in model._meta.get_fields()}
        constraints = [c for c in model._meta.constraints if isinstance(c, CheckConstraint)]
        for name, field in fields.items():
            stem = name.removesuffix("_at")
            by = fields.get(f"{stem}_by")
            if stem == name or by is None or not (field.null or by.null):
                continue
            if not field.null:
                # A moment that is always there may be nobody's: the first invitation, say.
                continue
            if f"{stem}_through" in fields:
                # Said by one of two: test_architecture holds these.
                continue
            if not any(c.name.endswith(f"{stem}_pair") for c in constraints):
                missing.append(f"{model._meta.label}.{stem}")
    assert missing == []


def test_every_check_says_what_to_do_in_danish() -> None:
    default = CheckConstraint.default_violation_error_message
    silent = [
        f"{model._meta.label}.{constraint.name}"
        for model in apps.get_models()
        if model._meta.app_label in OURS
        for constraint in model._meta.constraints
        if isinstance(constraint, CheckConstraint) and constraint.violation_error_message == default
    ]
    assert silent == []
