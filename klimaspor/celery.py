"""Celery is only the clock that comes by: what to do stands as rows in the database."""

import os

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "klimaspor.settings")

app = Celery("klimaspor")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def _keep_our_logging(**kwargs: object) -> None:
    """Be there, which is enough: Celery sets up its own logging only when nobody listens."""
