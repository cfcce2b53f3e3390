"""Links from a term to its entry in the glossary."""

from django import template
from django.urls import reverse
from django.utils.html import format_html

from engagement.glossary import BY_SLUG

register = template.Library()


@register.simple_tag
def term(slug: str, text: str = "") -> str:
    """The term, or `text` in its place, as a link to its entry. A slug without an entry is an error."""
    entry = BY_SLUG[slug]
    return format_html(
        '<a class="term" href="{}#{}">{}</a>', reverse("engagement:glossary"), entry.slug, text or entry.name
    )
