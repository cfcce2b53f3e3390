"""What keeps programs out of the public forms, without asking people to prove anything: a field that nobody sees,
and a look at how fast the form came back. The third, how often an address may send, is `web.limits`.

Whoever is caught gets the form back with all they wrote and is told what to do, so that no person loses anything.
"""

from copy import copy
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SALT = "engagement.web.trapping"
QUICKEST = 3  # seconds: nobody reads and fills a form in less
LONGEST = 24 * 60 * 60


class Trapped(forms.Form):
    """A form with both traps. templates/engagement/_traps.html shows them; `website_2` is the one that nobody sees."""

    website_2 = forms.CharField(required=False, label=gettext_lazy("Leave this field empty"))
    shown_at = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A form that comes back with errors carries the time at which it was first shown.
        self.initial.setdefault("shown_at", now_signed())

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.cleaned_data.get("website_2"):
            raise ValidationError(_("A field that people do not see was filled in. Empty it, and send the form again."))
        self.require_unhurried(self.cleaned_data.get("shown_at", ""))
        return cleaned

    def require_unhurried(self, shown_at: str) -> None:
        """Raises ValidationError for a form that came back too fast, or that this site never showed."""
        signer = signing.TimestampSigner(salt=SALT)
        try:
            signer.unsign(shown_at, max_age=LONGEST)
        except signing.BadSignature:
            self.show_anew()
            raise ValidationError(_("The form was open too long, or is not one of this site. Send it again.")) from None
        try:
            signer.unsign(shown_at, max_age=QUICKEST)
        except signing.SignatureExpired:
            return
        raise ValidationError(_("The form came back within a moment. Look it over, and send it again."))

    def show_anew(self) -> None:
        data: Any = copy(self.data)
        data[self.add_prefix("shown_at")] = now_signed()
        self.data = data


def now_signed() -> str:
    return signing.TimestampSigner(salt=SALT).sign("shown")
