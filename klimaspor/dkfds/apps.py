from django.apps import AppConfig


class DkfdsConfig(AppConfig):
    name = "klimaspor.dkfds"
    label = "dkfds"
