"""“Is this the address that you hold?”, asked by anybody, and no means to find addresses by guessing.

One check a day is answered to one address of the network (of IPv6 to its /64), and few a day about one body, whoever
asks. They are counted in the database before anything is compared, so that neither a second process nor a restart
gives another guess, and what is refused was not compared. Who asked is kept as a keyed digest of the day, until the
next: of two days nobody can tell whether they hold the same one.
"""

import datetime
import ipaddress

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from engagement.desk.models import MOST_ABOUT_ONE, ContactCheck
from engagement.models import Contact, Office, Organization

SALT = "engagement.desk.checking"
NETWORK = 64  # of an IPv6 address: what a household or a company is given at the least

Body = Organization | Office


def admit(address: str, body: Body) -> bool:
    """Count a check from this address; False where it is not to be answered."""
    forget()
    today = timezone.localdate()
    who, about = digest(today, network_of(address)), digest(today, f"{body._meta.model_name}:{body.pk}")
    checks = ContactCheck.objects.filter(day=today)
    for _try in range(MOST_ABOUT_ONE):
        taken = set(checks.filter(about=about).values_list("number", flat=True))
        free = min({*range(1, MOST_ABOUT_ONE + 1)} - taken, default=None)
        if free is None or checks.filter(who=who).exists():
            return False
        try:
            with transaction.atomic():
                ContactCheck.objects.create(day=today, who=who, about=about, number=free)
        except IntegrityError:  # somebody took the number, or the same one asked twice at one moment
            continue
        return True
    return False


def is_held(email: str, body: Body) -> bool:
    """Whether a contact of the body, public or not, has this e-mail address. Only after `admit`."""
    of_body = {"organization" if isinstance(body, Organization) else "office": body}
    return Contact.objects.filter(email__iexact=email, **of_body).exists()


def network_of(address: str) -> str:
    """What counts as one: an IPv4 address, an IPv6 network; of anything else the text."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found.packed, NETWORK), strict=False))


def digest(day: datetime.date, text: str) -> str:
    return salted_hmac(SALT, f"{day.isoformat()} {text}", algorithm="sha256").hexdigest()


def forget() -> int:
    """Drop what was counted on past days."""
    gone, _by_model = ContactCheck.objects.exclude(day=timezone.localdate()).delete()
    return gone
