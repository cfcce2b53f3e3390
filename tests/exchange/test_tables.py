"""Small tables as CSV files."""

import csv
import io

import pytest

from engagement.exchange.tables import csv_response, csv_text


@pytest.mark.parametrize("cell", ["=1+1", "+41 22", "-3", "@home", "\tx", "\rx"])
def test_text_that_would_begin_a_formula_is_neutralised(cell: str) -> None:
    [_header, [written]] = csv.reader(io.StringIO(csv_text(["name"], [[cell]]), newline=""))
    assert written == f"'{cell}"


def test_numbers_stay_numbers_and_an_empty_cell_stays_empty() -> None:
    assert csv_text(["year", "change"], [[1998, -3], [None, "a,b"]]) == 'year,change\r\n1998,-3\r\n,"a,b"\r\n'


def test_a_file_begins_with_the_byte_order_mark_and_has_its_name() -> None:
    response = csv_response("granted.csv", ["name"], [["Fédération"]])
    assert response.content.startswith(b"\xef\xbb\xbf")
    assert response["Content-Disposition"] == 'attachment; filename="granted.csv"'
    assert response.content.decode("utf-8-sig") == "name\r\nFédération\r\n"
