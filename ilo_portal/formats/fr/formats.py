"""The first of a month is “1er”; thousands are set apart by a narrow space at which no line breaks."""

FIRST_OF_MONTH_FORMAT = r"j\e\r F Y"
THOUSAND_SEPARATOR = "\u202f"
