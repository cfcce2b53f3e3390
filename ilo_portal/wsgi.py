"""The WSGI entry: `ilo_portal.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ilo_portal.settings")
application = get_wsgi_application()
