from django.apps import AppConfig


class ProposalsConfig(AppConfig):
    name = "proposals"
    label = "proposals"
    verbose_name = "Forslag"

    def ready(self) -> None:
        """Make the permissions known, which need the models."""
        from proposals import permissions  # noqa: F401, PLC0415 - importing it is what makes them known
