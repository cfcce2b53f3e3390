"""Passwords that attackers try first: the most frequent ones, and those of published breaches."""

import hashlib
from pathlib import Path
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

# A line is 40 digits, a colon, how often, and its end.
LONGEST_LINE = 64


class KnownPasswordValidator(CommonPasswordValidator):
    """Refuses Django's 20,000 most frequent passwords, and those in the file `breached`, where one is named.

    breached: lines `SHA-1 in hexadecimal:count`, sorted by digest, as Pwned Passwords is downloaded. Nobody is asked
    over the network. A file that cannot be read raises OSError: then no password is taken.
    """

    def __init__(self, breached: Path | None = None) -> None:
        super().__init__()
        self.breached = breached

    def validate(self, password: str, user: Any = None) -> None:
        super().validate(password, user)
        if self.breached is not None and is_in(self.breached, password):
            raise ValidationError(self.get_error_message(), code="password_too_common")


def is_in(file: Path, password: str) -> bool:
    """Whether the sorted file has the password's digest: its line, if there is one, begins between `low` and `high`."""
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    low, high = 0, file.stat().st_size
    with file.open("rb") as lines:
        while low < high:
            middle = (low + high) // 2
            lines.seek(max(middle - 1, 0))
            if middle:
                lines.readline(LONGEST_LINE)
            start, line = lines.tell(), lines.readline(LONGEST_LINE)
            found = line.split(b":")[0].strip().upper()
            if start < high and found == wanted:
                return True
            low, high = (start + len(line), high) if start < high and found < wanted else (low, middle)
    return False
