"""The forms of the second factor and of forgotten passwords."""

import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django import forms
from django.contrib.auth.forms import PasswordResetForm
from django.core.mail import EmailMultiAlternatives
from django.template import loader
from django.utils.translation import gettext_lazy as _

logger = logging.getLogger(__name__)
# Joined when the process ends: what was begun is sent.
post_office = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")


class EmptyInput(forms.TextInput):
    """A code that was refused is of no use any more: the next one is typed into an empty field."""

    def format_value(self, value: Any) -> None:
        return None


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=EmptyInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}),
    )


class ForgottenPasswordForm(PasswordResetForm):
    """Sends the mail after the answer: how long that takes would tell whether the address is one of an account."""

    def send_mail(
        self,
        subject_template_name: str,
        email_template_name: str,
        context: dict[str, Any],
        from_email: str | None,
        to_email: str,
        html_email_template_name: str | None = None,
    ) -> None:
        subject = "".join(loader.render_to_string(subject_template_name, context).splitlines())
        text = loader.render_to_string(email_template_name, context)
        post_office.submit(send, EmailMultiAlternatives(subject, text, from_email, [to_email]))


def send(message: EmailMultiAlternatives) -> None:
    try:
        message.send()
    except OSError:  # every failure of smtplib and of the network is one
        logger.exception("A mail for a forgotten password could not be sent")
