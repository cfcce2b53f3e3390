"""What the desk keeps of persons: who was asked to confirm a contact, who checked one today, and who was erased."""

from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagement.desk.models.operations import ByStaff
from engagement.models import Contact

# Checks of addresses about one body in a day, whoever asks.
MOST_ABOUT_ONE = 5


class Confirmed(models.TextChoices):
    """What a contact answered."""

    RIGHT = "right", _("Still right")
    WRONG = "wrong", _("Something is wrong")
    REMOVE = "remove", _("Is to be removed")


class ConfirmationQuerySet(models.QuerySet["ContactConfirmation"]):
    def open(self) -> Self:
        """Whose link can still be answered, but for its age."""
        return self.filter(answered_at=None, closed_at=None)

    def waiting(self) -> Self:
        """Whose answer asks staff to do something."""
        return self.filter(answer__in=(Confirmed.WRONG, Confirmed.REMOVE), closed_at=None)


class ContactConfirmation(ByStaff):
    """A contact was asked by mail whether what is held is still right.

    digest: of the secret in the link. sent_to: of the secret with the e-mail address that it went to. closed_at: since
    when nothing is to be done about it: a later link took its place, or the answer was dealt with; what the person
    wrote is then emptied.
    """

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="confirmations", verbose_name=_("contact"))
    digest = models.CharField(_("digest of the link"), max_length=64, unique=True)
    sent_to = models.CharField(_("digest of the link and the address"), max_length=64)
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=10, choices=Confirmed, blank=True)
    message = models.TextField(_("what the person wrote"), blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by_name = models.CharField(_("name of the account that closed it"), max_length=150, blank=True)

    objects = ConfirmationQuerySet.as_manager()

    class Meta:
        verbose_name = _("confirmation of a contact")
        verbose_name_plural = _("confirmations of contacts")
        ordering = ("-sent_at", "-pk")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.sent_at:%Y-%m-%d}"


class ContactCheck(models.Model):
    """That somebody checked an address today, so that nobody can check many. Both texts are keyed digests of a day.

    number: of the checks about one body on that day, from 1; that no two have the same keeps them few.
    """

    day = models.DateField(_("day"))
    who = models.CharField(_("who asked"), max_length=64)
    about = models.CharField(_("what was asked about"), max_length=64)
    number = models.PositiveSmallIntegerField(_("number"))

    class Meta:
        verbose_name = _("check of an address")
        verbose_name_plural = _("checks of addresses")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("day", "who"), name="desk_contactcheck_once_a_day"),
            models.UniqueConstraint(fields=("day", "about", "number"), name="desk_contactcheck_numbered"),
            models.CheckConstraint(
                name="desk_contactcheck_few", condition=models.Q(number__gte=1, number__lte=MOST_ABOUT_ONE)
            ),
        )

    def __str__(self) -> str:
        return f"{self.day}"


class Erasure(ByStaff):
    """A contact was erased: what recognizes it if it comes back, and nothing that says who it was (ADR 13)."""

    digest = models.CharField(_("digest of the key"), max_length=64, unique=True)
    erased_at = models.DateTimeField(_("erased"), default=timezone.now)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ("-erased_at", "-pk")
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.erased_at:%Y-%m-%d}"
