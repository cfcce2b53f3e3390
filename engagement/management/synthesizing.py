"""What `manage.py synthesize` does: refuse where a register is, invent, make what is searched, say what there is."""

from collections.abc import Callable

from django.core.management import CommandError
from django.db import DatabaseError, transaction

from engagement import freshness
from engagement.directories.searching import projection
from engagement.management.progress import Bar
from engagement.synthesis.making import TITLE, holds_register, is_synthesized, make

MOST = 5_000_000

Tell = Callable[[str], object]


def synthesize(organizations: int, seed: int, tell: Tell, *, force: bool = False) -> None:
    """Whatever is wrong is one CommandError line, and then nothing was written."""
    if not 1 <= organizations <= MOST:
        raise CommandError(f"--organizations: a number from 1 to {MOST:,}.")
    try:
        register = refuse(force)
        with Bar("Inventing", organizations, "organizations") as bar, transaction.atomic():
            make(organizations, seed, bar.reached)
        with Bar("Search", unit="documents") as bar:
            freshness.rebuild(projection.name, lambda line: bar.reached(documents_of(line)))
    except DatabaseError as error:
        raise CommandError(f"Database: {' '.join(str(error).split())}") from error
    tell(f"Invented {organizations:,} organizations (seed {seed}). Their source: “{TITLE}”.")
    if register:
        tell("This database held a register: it is a trial one from now on. Do not publish it.")


def refuse(force: bool) -> bool:
    """Whether the database holds a register all the same."""
    if is_synthesized():
        raise CommandError("This database holds invented organizations already: begin with an empty one.")
    register = holds_register()
    if register and not force:
        raise CommandError(
            "This database holds a register, which invented data would spoil. Name an empty one with DATABASE_URL, "
            "run `manage.py migrate` on it and come back; or say --force to make this one a trial."
        )
    return register


def documents_of(line: str) -> int:
    """The number in `collection: 500 documents`."""
    return int(line.split()[-2])
