"""What is typed at the formal check ("formel kontrol")."""

from __future__ import annotations

from typing import Any

from django import forms

from klimaspor.fields import PlainTextField
from proposals.eligibility.requirements import REQUIREMENTS

MET = (("yes", "Opfyldt"), ("no", "Ikke opfyldt"))


class FormalityForm(forms.Form):
    """A person's answer about each requirement; a half-finished check can be saved."""

    optional_fields = tuple(f"{requirement.id}_note" for requirement in REQUIREMENTS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for requirement in REQUIREMENTS:
            self.fields[f"{requirement.id}_met"] = forms.ChoiceField(
                label=f"Er {requirement.id} opfyldt?",
                choices=MET,
                widget=forms.RadioSelect,
                required=False,
            )
            self.fields[f"{requirement.id}_note"] = PlainTextField(
                label=f"Bemærkning til {requirement.id}",
                max_length=2000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    @property
    def answers(self) -> dict[str, tuple[bool | None, str]]:
        """Whether each requirement is met, with a remark; None where nobody has answered."""
        met = {"yes": True, "no": False}
        return {
            r.id: (
                met.get(self.cleaned_data[f"{r.id}_met"]),
                self.cleaned_data[f"{r.id}_note"] or "",
            )
            for r in REQUIREMENTS
        }
