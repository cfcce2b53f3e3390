"""What every template may use: the site's name, who stands behind it, its licence. Reads neither user nor session."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, str]:
    return {
        "SITE_NAME": settings.SITE_NAME,
        "SITE_PUBLISHER": settings.SITE_PUBLISHER,
        "DATA_LICENCE": settings.DATA_LICENCE,
    }
