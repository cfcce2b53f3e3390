"""Partial dates in each of the forms that the register knows (models/dates.py)."""

from random import Random

FIRST_YEAR, LAST_YEAR = 1945, 2025


def year(random: Random, first: int = FIRST_YEAR, last: int = LAST_YEAR) -> int:
    """Later years are likelier."""
    return last - int((last - first + 1) * random.random() ** 1.5)


def partial_date(random: Random, at: int) -> str:
    """Some date in or about the year."""
    drawn = random.random()
    if drawn < 0.45:
        return f"{at}-{random.randint(1, 12):02d}-{random.randint(1, 28):02d}"
    if drawn < 0.60:
        return f"{at}-{random.randint(1, 12):02d}"
    if drawn < 0.85:
        return str(at)
    rare = (f"{at}~", f"{at}?", f"{at // 10}X", f"{at}/{at + 2}", f"../{at}", f"{at}-03/{at}-11")
    return rare[int(random.random() * len(rare))]
