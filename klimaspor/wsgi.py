"""What gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

from klimaspor import pdf

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "klimaspor.settings")

application = get_wsgi_application()

# Each web process has a press of its own, awake before anybody prints.
os.register_at_fork(after_in_child=pdf.PRESS.warm)
