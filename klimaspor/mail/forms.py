"""What the pages of letters ask for."""

from django import forms

from klimaspor.fields import LineField

ANY = ("", "Alle")


class Filters(forms.Form):
    """Which letters to show; whatever is wrong shows all."""

    optional_fields = ()

    modtager = LineField(label="Modtagerens mailadresse", required=False)
    tilstand = forms.ChoiceField(label="Tilstand", required=False)

    def __init__(self, *args: object, states: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came
        self.fields["tilstand"].choices = [ANY, *states]  # type: ignore[attr-defined]  # it is the ChoiceField above
