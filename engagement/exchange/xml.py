"""What every XML document of the register has to heed."""

import re

UNHOLDABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def holdable(text: str) -> str:
    """Without the characters that XML 1.0 cannot hold, however they are written."""
    return UNHOLDABLE.sub("", text)
