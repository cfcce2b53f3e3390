"""What `manage.py erase_contact` does: say what goes, ask, erase, say what went. The contact is not named."""

from collections.abc import Callable

from django.core.management import CommandError
from django.db import DatabaseError

from engagement.desk import erasing
from engagement.desk.erasing import Erased, Unknown

Tell = Callable[[str], object]
# Asks for the text that confirms it; None where there is nobody to ask.
Ask = Callable[[str], str] | None


def erase_contact(told: str, ask: Ask, tell: Tell, *, is_sure: bool = False) -> None:
    """Whatever is wrong is one CommandError line, and then nothing was erased."""
    try:
        subject = erasing.find(told)
        if not is_sure:
            tell_plan(erasing.plan(subject), tell)
            confirm(told, ask)
        done = erasing.erase(subject)
    except Unknown as error:
        raise CommandError("There is no contact with this number or key, and nothing is kept of one.") from error
    except OSError as error:
        raise CommandError(f"Nothing was erased, as its ledger failed. {error.strerror}: {error.filename}") from error
    except DatabaseError as error:
        raise CommandError("Nothing was erased: the database refused it.") from error
    tell_done(done, tell)


def confirm(told: str, ask: Ask) -> None:
    if ask is None:
        raise CommandError("Nothing was erased: there is no terminal to ask on. Say --yes.")
    if ask("This cannot be undone. To erase, type again what you gave as ID: ").strip() != told:
        raise CommandError("Nothing was erased.")


def tell_plan(plan: Erased, tell: Tell) -> None:
    tell("This will be cleared:")
    tell_counts(plan, tell)


def tell_done(done: Erased, tell: Tell) -> None:
    tell("Erased. Cleared:")
    tell_counts(done, tell)
    for kind, numbers in done.elsewhere.items():
        tell(f"Look through by hand, texts of others that hold the same: {kind} {listed(numbers)}")


def tell_counts(erased: Erased, tell: Tell) -> None:
    for says, count in erased.cleared.items():
        tell(f"  {count:>5}  {says}")
    if erased.imports:
        tell(f"  The files of imports {listed(erased.imports)} are dropped")


def listed(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers))
