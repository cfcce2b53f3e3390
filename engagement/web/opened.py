"""Whether organizations may send requests here: only where the operator says so and says who answers them."""

from django.conf import settings


def requests_open() -> bool:
    return bool(settings.REQUESTS and settings.SITE_PUBLISHER.strip())
