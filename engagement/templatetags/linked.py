"""Linked data inside a page; no queries."""

import json
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# What could end the element or begin a comment, and what old scripts take for the end of a line.
ESCAPED = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


@register.filter
def json_ld(data: Any) -> SafeString:
    """Plain values as the content of `<script type="application/ld+json">`, whatever their texts hold."""
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(written.translate(ESCAPED))
