"""Numbers and links that nobody guesses: what a link holds is kept as its digest alone."""

import hashlib
import secrets

# Crockford's digits without the vowels: no word comes about, and none is taken for another when it is read aloud.
DIGITS = "0123456789BCDFGHJKMNPQRSTVWXYZ"
GROUPS, GROUP = 2, 4


def number(prefix: str) -> str:
    """A number to be told to people, as `R-7K2M-9QXT`: 39 bits, so that nobody finds another's by counting."""
    groups = ("".join(secrets.choice(DIGITS) for _digit in range(GROUP)) for _group in range(GROUPS))
    return "-".join((prefix, *groups))


def secret() -> str:
    """What stands in a link that is mailed: 256 bits, in letters that an address may hold."""
    return secrets.token_urlsafe(32)


def digest(told: str) -> str:
    """What is kept of it (SHA-256, hex). A guess is as long as the secret, so that no salt is needed."""
    return hashlib.sha256(told.encode()).hexdigest()
