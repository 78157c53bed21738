"""The foundation as an app: it carries the commands that belong to no room."""

from importlib import import_module

from django.apps import AppConfig


class KlimasporConfig(AppConfig):
    name = "klimaspor"
    verbose_name = "Klimaspor"

    def ready(self) -> None:
        # Makes it the current Celery app, so that @shared_task and the web process know its broker.
        import_module("klimaspor.celery")
