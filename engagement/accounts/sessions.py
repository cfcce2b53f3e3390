"""Each login has a session of its own, which ends some time after it, however busy it is."""

import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone


@receiver(user_logged_in)
def begin_anew(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """Also where somebody logs in who was logged in: Django would go on with the session that there was. Its end is a
    moment, which stays when it is saved again; Django would count anew from each saving."""
    request.session.cycle_key()
    request.session.set_expiry(timezone.now() + datetime.timedelta(seconds=settings.SESSION_COOKIE_AGE))
