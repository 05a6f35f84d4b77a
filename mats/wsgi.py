"""The web server's way in: `gunicorn mats.wsgi:application`."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mats.settings")
django.setup(set_prefix=False)

from mats.identity.encoding import Utf8Handler  # noqa: E402  (it reads the settings)

application = Utf8Handler()
