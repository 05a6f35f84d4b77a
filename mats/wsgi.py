"""The web server's way in: `gunicorn mats.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mats.settings")

application = get_wsgi_application()
