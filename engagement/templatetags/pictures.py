"""Places in a picture as an SVG reads them, in every language with a point and without idle zeros; no queries."""

from django import template

register = template.Library()


@register.filter
def percent(share: float) -> str:
    """A share of the width: 0.125 -> “12.5%”."""
    return f"{plain(share * 100)}%"


@register.filter
def plain(number: float) -> str:
    """A number of pixels or of the user’s own units: 12.50 -> “12.5”, 64.0 -> “64”."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
