from django.apps import AppConfig


class ProposalsConfig(AppConfig):
    name = "proposals"
    label = "proposals"
    verbose_name = "Forslag"

    def ready(self) -> None:
        """Make addresses, permissions and who keeps names known; the latter need the models."""
        from proposals.line import addresses, permissions  # noqa: F401, PLC0415 - importing them is what makes them known
        from proposals.search import steps  # noqa: F401, PLC0415 - the same
