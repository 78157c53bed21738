"""What is typed when somebody raises the question of their own impartiality."""

from __future__ import annotations

from django import forms

from proposals.line.parts import reason_field


class DeclareForm(forms.Form):
    reason = reason_field(
        "Hvad kan gøre dig inhabil?",
        "Skriv, hvad der kan gøre dig inhabil",
        help_text="Fx at du eller en nær pårørende har en interesse i forslaget, eller at du er ansat hos en deltager.",
    )
