"""How a fixture's faults are named, and what follows from loading it."""

import json
import re
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import CommandError

from engagement.desk.erasing import reapply


def one_line(error: BaseException) -> str:
    """The error in one line, without the prefix that loaddata puts before every message."""
    message = re.sub(r"^Problem installing fixtures?(?: '[^']*')?: ", "", str(error))
    return " ".join((message or str(error.__cause__)).split())


def name_object(path: str, number: int) -> str:
    """`path: object 13 (engagement.organization itu)`, counted from 1; the path alone if it is not readable JSON."""
    try:
        thing = json.loads(Path(path).read_text(encoding="utf-8"))[number]
        return f"{path}: object {number + 1} ({thing['model']} {key_of(thing)})"
    except (OSError, ValueError, LookupError, TypeError):
        return path


def key_of(thing: dict[str, Any]) -> Any:
    """The natural key of a serialised object, or its primary key."""
    try:
        field = getattr(apps.get_model(thing["model"]), "key_field", "pk")
    except LookupError:
        field = "pk"
    return thing["fields"].get(field, thing.get("pk"))


def erase_again() -> None:
    """Before anything is committed: a contact that was erased is there for nobody."""
    try:
        reapply()
    except OSError as error:
        raise CommandError(f"Nothing was loaded. {error.strerror}: {error.filename}") from error
