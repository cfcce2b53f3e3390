"""Numbers for people and links for mails: nobody finds another's, and what is kept opens nothing."""

import re

from engagement.desk import secrets


def test_a_number_is_read_aloud_without_mistakes_and_is_not_counted_up() -> None:
    numbers = {secrets.number("R") for _number in range(2000)}
    assert len(numbers) == 2000
    assert all(re.fullmatch(r"R-[0-9B-DF-HJKMNP-TV-Z]{4}-[0-9B-DF-HJKMNP-TV-Z]{4}", number) for number in numbers)
    assert not any(letter in number[1:] for number in numbers for letter in "AEIOUL")


def test_a_secret_fits_into_an_address_and_its_digest_is_another_thing() -> None:
    told = secrets.secret()
    assert re.fullmatch(r"[\w-]{43}", told)
    assert secrets.digest(told) == secrets.digest(told) != secrets.digest(secrets.secret())
    assert told not in secrets.digest(told) and len(secrets.digest(told)) == 64
