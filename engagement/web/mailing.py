"""Mails: a template a kind, in the language of whoever gets it. Nothing of them is logged but that one failed.

Templates stand in templates/mail/: `<name>.txt`, whose first line is the subject.
"""

import logging
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import override

logger = logging.getLogger(__name__)


def send(name: str, to: str, language: str, /, **context: Any) -> bool:
    """Mail the template `name` to one address; False where the server did not take it, or where there is nobody.

    A mail is never the only place where something is told: whoever calls this goes on either way.
    """
    if not to:
        return False
    subject, body = rendered(name, language, **context)
    message = EmailMessage(
        subject, body, settings.DEFAULT_FROM_EMAIL, [to], headers={"Auto-Submitted": "auto-generated"}
    )
    try:
        return bool(message.send())
    except OSError as error:  # smtplib's errors are OSErrors too
        # Without the error's text: servers repeat the address in it.
        logger.warning("A mail (%s) could not be sent: %s", name, type(error).__name__)
        return False


def rendered(name: str, language: str, /, **context: Any) -> tuple[str, str]:
    """Subject and body. As text: nothing in them is escaped for HTML."""
    known = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    site = {"SITE_NAME": settings.SITE_NAME, "SITE_PUBLISHER": settings.SITE_PUBLISHER}
    with override(known):
        text = render_to_string(f"mail/{name}.txt", {**site, **context, "LANGUAGE": known})
    subject, _line, body = text.strip().partition("\n")
    return " ".join(subject.split()), body.strip() + "\n"


def home_of(request: HttpRequest) -> str:
    """The address of the site, as `https://register.example`, for links in mails: `home + reverse(…)`."""
    return request.build_absolute_uri("/").rstrip("/")
