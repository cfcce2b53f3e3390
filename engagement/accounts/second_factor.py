"""The second factor of staff: a code of the moment from an authenticator, or one of ten recovery codes.

The tables and the arithmetic are those of django-otp. Recovery codes are kept as keyed hashes.
"""

import base64
import datetime
import hashlib
import math
import re
import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex

RECOVERY_CODES = 10
# Without letters and digits that look alike.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


class NotAcceptedError(Exception):
    """What to say to whoever gave the code."""


def is_passed(request: HttpRequest) -> bool:
    """Has a code been given in this session; or is none asked of this account?"""
    if getattr(request.user, "otp_device", None) is not None:
        return True
    return not settings.HTTPS and not has_device(request.user)


def has_device(user: Any) -> bool:
    """Asked several times a page, of the database once."""
    if not hasattr(user, "has_second_factor"):
        user.has_second_factor = TOTPDevice.objects.filter(user_id=user.pk, confirmed=True).exists()
    known: bool = user.has_second_factor
    return known


# -- Setting up ----------------------------------------------------------------------------------------------


def new_key() -> str:
    key: str = random_hex(20)
    return key


def candidate(user: Any, key: str) -> TOTPDevice:
    """The authenticator that holds this key. It is saved once it has shown a code."""
    return TOTPDevice(user=user, name="authenticator", key=key)


def in_groups(device: TOTPDevice) -> str:
    """The key as authenticators take it by hand: base 32, four characters a group."""
    text = base64.b32encode(device.bin_key).decode()
    return " ".join(re.findall("....", text))


def confirm(user: Any, key: str, code: str) -> TOTPDevice:
    """Take the authenticator in place of the account's present one, if it shows the right code."""
    device = candidate(user, key)
    with transaction.atomic():
        get_user_model().objects.select_for_update().get(pk=user.pk)
        before = TOTPDevice.objects.filter(user=user)
        if not device.verify_token(code):
            transaction.set_rollback(True)
            raise NotAcceptedError(_("This is not the code that belongs to this key. Is the telephone's clock right?"))
        before.exclude(pk=device.pk).delete()
    user.has_second_factor = True
    return device


def new_recovery_codes(user: Any) -> list[str]:
    """Ten codes in place of those before. Only their hashes are kept: they can be shown this once."""
    codes = ["-".join(random_text(5) for _half in range(2)) for _number in range(RECOVERY_CODES)]
    with transaction.atomic():
        device, _made = StaticDevice.objects.get_or_create(user=user, defaults={"name": "recovery codes"})
        device.token_set.all().delete()
        for code in codes:
            device.token_set.create(token=hashed(code))
    return codes


def random_text(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _place in range(length))


def hashed(code: str) -> str:
    """Sixteen characters, which is what the table holds: 80 bits, under the site's key."""
    plain = re.sub(r"[\s-]", "", code).lower()
    digest = hashlib.blake2b(plain.encode(), key=settings.SECRET_KEY.encode()[:64], digest_size=10).digest()
    return base64.b32encode(digest).decode().lower()


def recovery_codes_left(user: Any) -> int:
    return sum(device.token_set.count() for device in StaticDevice.objects.filter(user=user))


def remove(user: Any) -> bool:
    """Authenticator and recovery codes; False if there was neither."""
    user.has_second_factor = False
    gone = [model.objects.filter(user=user).delete()[0] for model in (TOTPDevice, StaticDevice)]
    return any(gone)


# -- Codes ---------------------------------------------------------------------------------------------------


def accept(user: Any, code: str) -> Device:
    """The device that the code is of. A code is taken once; after a wrong one the next has to wait, ever longer."""
    plain = re.sub(r"[\s-]", "", code)
    of_the_moment = bool(re.fullmatch("[0-9]{6}", plain))
    model, token = (TOTPDevice, plain) if of_the_moment else (StaticDevice, hashed(plain))
    with transaction.atomic():
        device = model.objects.select_for_update().filter(user=user, confirmed=True).first()
        if device and not (allowed := device.verify_is_allowed())[0]:
            raise NotAcceptedError(please_wait(allowed[1]["locked_until"]))
        accepted = device is not None and device.verify_token(token)
    if not accepted:
        raise NotAcceptedError(
            _("This code is wrong, or it was used before. The authenticator shows the next one soon.")
        )
    return device


def please_wait(until: datetime.datetime) -> str:
    seconds = math.ceil((until - timezone.now()).total_seconds())
    said = ngettext(
        "After a wrong code the next has to wait: try again in %(count)s second.",
        "After a wrong code the next has to wait: try again in %(count)s seconds.",
        seconds,
    )
    return said % {"count": seconds}
