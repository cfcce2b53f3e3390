"""A password is looked for in a file of breached ones, wherever it stands there, and in no other."""

import hashlib
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from engagement.accounts.breaches import KnownPasswordValidator, is_in

# Of digests at the beginning, in the middle and at the end; an odd number, and counts of several lengths.
KNOWN = [f"an invented password {number}" for number in range(301)]


def digest(password: str) -> str:
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


@pytest.fixture(params=["\n", "\r\n"], ids=["unix", "windows"])
def breached(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    file = tmp_path / "breached.txt"
    lines = [f"{each}:{10 ** (number % 8)}" for number, each in enumerate(sorted(map(digest, KNOWN)))]
    file.write_bytes(request.param.join(lines).encode())
    return file


def test_every_password_of_the_file_is_found_and_no_other(breached: Path) -> None:
    assert [password for password in KNOWN if not is_in(breached, password)] == []
    assert [password for password in (f"another one {n}" for n in range(2000)) if is_in(breached, password)] == []


def test_a_file_of_one_line_or_of_none_is_read_to_its_end(tmp_path: Path) -> None:
    file = tmp_path / "breached.txt"
    file.write_text("")
    assert not is_in(file, KNOWN[0])
    file.write_text(f"{digest(KNOWN[0])}:1\n")
    assert is_in(file, KNOWN[0]) and not is_in(file, KNOWN[1])


def test_a_breached_password_is_refused_in_the_words_for_a_common_one(breached: Path) -> None:
    validator = KnownPasswordValidator(breached)
    for password in (KNOWN[7], "1q2w3e4r5t6y"):
        with pytest.raises(ValidationError) as refused:
            validator.validate(password)
        assert refused.value.code == "password_too_common"
    validator.validate("nobody has had this one yet")


def test_where_the_file_has_gone_no_password_is_taken(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        KnownPasswordValidator(tmp_path / "gone").validate("nobody has had this one yet")
