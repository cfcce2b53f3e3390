"""The WSGI entry: `ilo_portal.wsgi:application`."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ilo_portal.settings")
application = get_wsgi_application()
# What is loaded now stays: the collector need not look through it again and again while answers are made.
gc.freeze()
# By name: it can only be imported now that the applications are loaded.
import_string("engagement.directories.warming.warm_beside")()
