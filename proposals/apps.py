from django.apps import AppConfig


class ProposalsConfig(AppConfig):
    name = "proposals"
    label = "proposals"
    verbose_name = "Forslag"

    def ready(self) -> None:
        """Make addresses, permissions, duties and who keeps names known; they need the models."""
        from proposals import duties  # noqa: F401, PLC0415 - importing it is what makes them known
        from proposals.ideas import permissions as __  # noqa: F401, PLC0415 - the same
        from proposals.line import addresses, permissions  # noqa: F401, PLC0415 - the same
        from proposals.search import steps  # noqa: F401, PLC0415 - the same
        from proposals.sparring import permissions as _  # noqa: F401, PLC0415 - the same
