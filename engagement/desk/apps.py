"""The desk's own app: its tables stand outside the change log, since nothing in them is said by the register."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "engagement.desk"
    verbose_name = _("Desk")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from engagement.roles import sync_roles

        post_migrate.connect(sync_roles, sender=self)
