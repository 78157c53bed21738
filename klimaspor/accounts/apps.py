from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "klimaspor.accounts"
    label = "accounts"
    verbose_name = "Personer"
