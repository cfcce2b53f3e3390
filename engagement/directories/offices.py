"""The Office: its units and field offices, office holders, and public contacts."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from engagement.directories.base import Directory
from engagement.directories.columns import Kind, coded, evidence, field, key_and_name, linked, of
from engagement.directories.filters import Sort, Sorting, Vocabulary, Words
from engagement.directories.questions import DirectoryFilterSet
from engagement.directories.vocabularies import COUNTRIES
from engagement.models import Contact, Office, OfficeKind, Official, ProfileStatement, StatementTopic


class OfficeFilterSet(DirectoryFilterSet):
    q = Words()
    kind = Vocabulary(choices=OfficeKind.choices, label=gettext_lazy("Kind"))
    country = Vocabulary(field_name="country__iso2", choices=COUNTRIES, label=gettext_lazy("Country"))
    sort = Sorting(
        Sort("kind", gettext_lazy("Headquarters first"), ("order", "name", "slug")),
        Sort("name", gettext_lazy("Name A–Z"), ("name", "slug")),
    )

    class Meta:
        model = Office
        fields: tuple[str, ...] = ()


class ContactFilterSet(DirectoryFilterSet):
    q = Words()
    sort = Sorting(Sort("name", gettext_lazy("Name A–Z"), ("name", "key")))

    class Meta:
        model = Contact
        fields: tuple[str, ...] = ()


def offices_lede() -> str:
    return _("The International Labour Office at headquarters and in the field, as sources describe it at their dates.")


def contacts_lede() -> str:
    return _(
        "Contacts as a published source gave them at its own date. They may have changed long since: none is verified "
        "unless it says so."
    )


def officials() -> dict[str, Any]:
    about = ProfileStatement.objects.published().filter(topic=StatementTopic.OFFICES)
    return {"officials": Official.objects.published().for_list(), "statements": about.for_list()}


OFFICE_COLUMNS = (
    *key_and_name(of("name")),
    field("acronym", "Acronym"),
    *coded("kind", "Kind of office"),
    field("city", "City"),
    *linked("country", "Country", "iso2"),
    field("address", "Address"),
    field("covers", "What it covers, as the source words it"),
    field("mandate", "Mandate"),
    *linked("predecessor", "Predecessor", "slug"),
    field("since", "Since", Kind.DATE),
    field("until", "Until", Kind.DATE),
    *evidence(),
)

# Of a contact nothing but Contact.PUBLIC_FIELDS leaves the register.
CONTACT_COLUMNS = (
    *key_and_name(of("name")),
    field("title", "Title or function"),
    *linked("office", "Office", "slug"),
    *linked("organization", "Organization", "slug", "name"),
    field("address", "Address"),
    field("phone", "Telephone"),
    *evidence(),
)

offices = Directory(
    name="offices",
    title=gettext_lazy("Offices"),
    count_label=lambda n: ngettext("%(n)s office", "%(n)s offices", n) % {"n": n},
    records=Office.objects.published,
    filterset=OfficeFilterSet,
    lede=offices_lede,
    more=officials,
    columns=OFFICE_COLUMNS,
)

contacts = Directory(
    name="contacts",
    title=gettext_lazy("Contacts"),
    count_label=lambda n: ngettext("%(n)s contact", "%(n)s contacts", n) % {"n": n},
    records=Contact.objects.published,
    filterset=ContactFilterSet,
    lede=contacts_lede,
    in_index=False,
    kept=False,  # a person may ask to be forgotten
    columns=CONTACT_COLUMNS,
)
