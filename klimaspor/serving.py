"""How gunicorn is set up; `start`, the image and the service units name this module."""

import os

from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "klimaspor.settings")

threads = 4
preload_app = True
graceful_timeout = 10
# It would lie in the home folder, where two portals would fight over it.
control_socket_disable = True
# One JSON object a line, as everything else that logs.
logconfig_dict = settings.LOGGING
