from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "review"
    label = "review"
    verbose_name = "Indstillingsforløb"

    def ready(self) -> None:
        """Make addresses, permissions and duties known; they need the models."""
        from review import permissions  # noqa: F401, PLC0415 - importing it is what makes them known
        from review.agenda import addresses  # noqa: F401, PLC0415 - the same
        from review.next_steps import begun, duties  # noqa: F401, PLC0415 - the same
