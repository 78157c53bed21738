from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "klimaspor.accounts"
    label = "accounts"
    verbose_name = "Personer"

    def ready(self) -> None:
        """Make the permissions known, which need the models."""
        from klimaspor.accounts import permissions  # noqa: F401, PLC0415 - importing it is what makes them known
