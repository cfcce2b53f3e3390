"""The WSGI entry: `ilo_portal.wsgi:application`."""

import gc
import os

import django
from django.utils.module_loading import import_string

from engagement.web.handler import Handler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ilo_portal.settings")
django.setup(set_prefix=False)
django_application = Handler()
# By name, as below: it can only be imported now that the applications are loaded.
application = import_string("engagement.web.observing.requests.observed")(django_application)
# Answers leave few cycles behind. At its own pace the collector took a fifth of the time, and long pauses to look
# through all that stays: that is set aside now, and once more when the sets have been made.
gc.set_threshold(10_000, 50, 1_000)
gc.freeze()
import_string("engagement.directories.warming.warm_beside")()
