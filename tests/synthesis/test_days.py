"""Invented dates."""

import re
from random import Random

from engagement.models.dates import PartialDate
from engagement.synthesis.days import FIRST_YEAR, LAST_YEAR, partial_date, year


def test_years_lie_between_the_first_and_the_last() -> None:
    random = Random(1)
    years = {year(random) for _ in range(5_000)}
    assert min(years) >= FIRST_YEAR and max(years) == LAST_YEAR and len(years) > 70


def test_every_form_of_a_partial_date_occurs_and_is_one() -> None:
    random = Random(1)
    dates = [partial_date(random, 1987) for _ in range(2_000)]
    forms = {re.sub(r"\d", "0", PartialDate.parse(date).text) for date in dates}
    assert forms >= {"0000-00-00", "0000-00", "0000", "0000~", "0000?", "000X", "0000/0000", "../0000"}
