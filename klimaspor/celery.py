"""Celery is only the clock that comes by: what to do stands as rows in the database."""

import os
from logging.config import dictConfig

from django.conf import settings

from celery import Celery
from celery.signals import celeryd_init, setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "klimaspor.settings")

app = Celery("klimaspor")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def _keep_our_logging(**kwargs: object) -> None:
    """Be there, which is enough: Celery sets up its own logging only when nobody listens."""


@celeryd_init.connect
def _log_from_the_start(**kwargs: object) -> None:
    """Have what a worker says before Django is set up logged as everything else."""
    dictConfig(settings.LOGGING)
