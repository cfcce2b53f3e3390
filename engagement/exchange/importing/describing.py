"""The columns of each kind for docs/importing.md, out of the declarations that imports go by."""

from collections.abc import Iterator

from django.utils.translation import override

from engagement.exchange.importing.columns import Column
from engagement.exchange.importing.kinds import KINDS, Kind


def columns_of_kinds() -> Iterator[str]:
    """The lines of the generated part."""
    with override("en"):
        for kind in KINDS.values():
            yield from ("", f"### {kind.name}", "", f"{kind.title}. {matched(kind)}", "")
            yield from ("| column | holds | new rows | example |", "|---|---|---|---|")
            yield from (column_row(column) for column in kind.columns)
            yield from ("", f"Accepted and not read: {', '.join(f'`{name}`' for name in not_read(kind))}.")


def matched(kind: Kind) -> str:
    names = " + ".join(f"`{name}`" for name in kind.identity.columns)
    return f"A row without `key` is matched by {names}."


def column_row(column: Column) -> str:
    needed = "needed" if column.required and needs_a_cell(column) else ""
    example = f"`{column.example}`" if column.example else ""
    return f"| `{column.name}` | {column.says} | {needed} | {example} |"


def needs_a_cell(column: Column) -> bool:
    """Whether nothing else says it: the model has no value to begin with."""
    field = next(each for each in column.model._meta.concrete_fields if each.attname == column.to)
    return not field.has_default() and column.name != "source_key"


def not_read(kind: Kind) -> list[str]:
    return [*(name for part in kind.parts for name in part.labels), *(each.name for each in kind.derived)]
