"""Thousands are set apart by a narrow space at which no line breaks."""

THOUSAND_SEPARATOR = "\u202f"
