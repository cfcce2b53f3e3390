"""The mail by which a contact is asked whether what is held is still right."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from engagement.desk.confirming import VALID
from engagement.models import Contact
from engagement.web import mailing


def ask_to_confirm(contact: Contact, told: str, language: str, home: str) -> bool:
    """Mail the link. `told`: the secret in it."""
    with override(language):
        link = home + reverse("engagement:contact-confirm", args=[told])
    until = timezone.localdate() + VALID
    return mailing.send("contact_confirm", contact.email, language, link=link, until=until)
