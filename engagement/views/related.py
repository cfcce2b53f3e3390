"""What the pages of records share: further sources, where records stand."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from engagement.models import Contact, PartialDate
from engagement.models.citations import Cited, Remark, remarks_about


def with_remarks(*groups: Iterable[Any]) -> dict[str, Any]:
    """What further sources say of the records in `groups`: set on each as `remarks`, in one query."""
    records = [record for group in groups for record in group]
    remarks = remarks_about(records)
    by_record: dict[tuple[str, str], list[Any]] = {}
    for remark in remarks:
        by_record.setdefault((remark.kind, remark.record_key), []).append(remark)
    for record in records:
        record.remarks = by_record.get((record._meta.model_name, record.natural_key()[0]), [])
    return {"discrepancies": [readable(remark) for remark in remarks if remark.is_discrepancy]}


def readable(remark: Remark) -> Remark:
    """The same remark with its readings for readers: where one is a date, as the site writes dates."""
    return replace(remark, reading_a=reading(remark.reading_a), reading_b=reading(remark.reading_b))


def reading(text: str) -> str:
    """A reading for readers: “1999-05-27” -> “27 May 1999”; what is no date stays as it is."""
    try:
        return str(PartialDate.parse(text))
    except ValueError:
        return text


def footnoted(facts: Iterable[Any]) -> list[Any]:
    """Number the evidence of `facts` in `footnote`, equal evidence alike; one fact for each number.

    For long lists that rest on few sources. Ask `with_remarks` before.
    """
    numbers: dict[tuple[Any, ...], int] = {}
    firsts = []
    for fact in facts:
        evidence = (fact.source_id, fact.locator, fact.as_of, fact.note, tuple(fact.remarks))
        if evidence not in numbers:
            firsts.append(fact)
        fact.footnote = numbers.setdefault(evidence, len(numbers) + 1)
    return firsts


def impersonal(fact: Cited) -> Cited:
    """The fact as a list may show it: of a contact neither the name nor an address made of it."""
    if fact.model is not Contact:
        return fact
    return replace(fact, label=_("A published contact"), url=reverse("engagement:contacts"))


def impersonally(records: dict[tuple[str, str], Cited]) -> dict[tuple[str, str], Cited]:
    return {name: impersonal(record) for name, record in records.items()}


def language_name(code: str) -> str:
    """A language for readers: “fr” -> “French”; a code that Django does not know stays as it is."""
    if code == "zh":  # Django knows its two scripts only.
        return _("Chinese")
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code
