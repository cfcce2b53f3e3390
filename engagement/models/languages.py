"""Names and wordings of the register's own in the languages of its interface.

What a source wrote stays in its language. What the register words itself (the names of countries, categories and
fields of work, rights and criteria restated) has a column a language; an empty one falls back to English.
"""

from typing import Any

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

ENGLISH = "en"
# Those that have a column beside the English one.
OTHERS = ("fr", "es")


def in_language(record: Any, field: str) -> str:
    """What `field` says in the language of the page, or in English."""
    return getattr(record, f"{field}_{get_language()}", "") or getattr(record, field)


def in_every_language(record: Any, field: str) -> list[str]:
    """What `field` says in English and in each of the others, where it does."""
    texts = [getattr(record, field), *(getattr(record, f"{field}_{language}") for language in OTHERS)]
    return [text for text in texts if text]


def language_of(record: Any, field: str) -> str:
    """The language in which `in_language` answers, as BCP 47."""
    language = get_language() or ENGLISH
    return language if getattr(record, f"{field}_{language}", "") else ENGLISH


class InLanguage(str):
    """The lookup of a column that other languages have beside it: `country__sort_name`, `country__sort_name_fr`."""

    @property
    def column(self) -> str:
        """The one for the language of the page."""
        language = get_language()
        return f"{self}_{language}" if language in OTHERS else str(self)


def translated(field: models.Field, verbose_name: Any) -> models.Field:
    """The column that keeps what `field` says in another language: as long, and never asked for."""
    return type(field)(verbose_name, max_length=field.max_length, blank=True)


class Named(models.Model):
    """A name in the languages of the interface."""

    name = models.CharField(_("name"), max_length=200)
    name_fr = models.CharField(_("name in French"), max_length=200, blank=True)
    name_es = models.CharField(_("name in Spanish"), max_length=200, blank=True)

    class Meta:
        abstract = True

    @property
    def local_name(self) -> str:
        return in_language(self, "name")
