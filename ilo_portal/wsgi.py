"""The WSGI entry: `ilo_portal.wsgi:application`."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ilo_portal.settings")
application = get_wsgi_application()
# Answers leave few cycles behind. At its own pace the collector took a fifth of the time, and long pauses to look
# through all that stays: that is set aside now, and once more when the sets have been made.
gc.set_threshold(10_000, 50, 1_000)
gc.freeze()
# By name: it can only be imported now that the applications are loaded.
import_string("engagement.directories.warming.warm_beside")()
