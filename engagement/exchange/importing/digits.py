"""Digits of other scripts as those of this one: ٢٠٠٦ and ۲۰۰۶ are 2006."""

import unicodedata


def western(text: str) -> str:
    """The text with every decimal digit as 0 to 9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(each)) if each.isdecimal() else each for each in text)
