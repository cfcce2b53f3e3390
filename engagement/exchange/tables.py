"""A small table as a CSV file: the numbers under a picture, the answers of a check."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

# A spreadsheet takes text that begins so for a formula (OWASP, "CSV Injection").
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def neutralised(cell: object) -> object:
    """Text as a spreadsheet shows it and never runs it: an apostrophe before what would begin a formula.

    And before what begins so after apostrophes of its own, so that `restored` gives every text back as it was.
    """
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip("'").startswith(FORMULA) else cell


def restored(cell: str) -> str:
    """The text that was neutralised."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(FORMULA) else cell


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """`header` and `rows` as CSV (RFC 4180), text neutralised; numbers stay as they are, None is an empty cell."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(header)
    writer.writerows([neutralised(cell) for cell in row] for row in rows)
    return written.getvalue()


def csv_response(filename: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """The table as a download, with the byte-order mark by which spreadsheets know UTF-8."""
    response = HttpResponse("\ufeff" + csv_text(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
