"""Files as staff and others might bring them, built in memory."""

import io
import zipfile
from collections.abc import Mapping

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
CONTENT_TYPES = "[Content_Types].xml"

PARTS = {
    CONTENT_TYPES: (
        f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/></Types>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
        '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>'
        "</Relationships>"
    ),
    STRINGS: f'<sst xmlns="{MAIN}"><si><t>name</t></si><si><t>Invented Union</t></si></sst>',
    SHEET: (
        f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row>'
        '<row r="2"><c r="A2" t="s"><v>1</v></c></row></sheetData></worksheet>'
    ),
}


def archive(parts: Mapping[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", compression) as file:
        for name, part in parts.items():
            file.writestr(name, part)
    return written.getvalue()


def workbook(**parts: str | bytes) -> bytes:
    """A small workbook with one sheet; its `sheet`, `strings` or `types` may be given anew."""
    names = {"sheet": SHEET, "strings": STRINGS, "types": CONTENT_TYPES}
    return archive({**PARTS, **{names[name]: part for name, part in parts.items()}})


def sheet(data: str, before: str = "", after: str = "") -> bytes:
    """A workbook whose sheet has `data` below a header with the one column `name`."""
    header = '<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row>'
    whole = f"{before}<sheetData>{header}{data}</sheetData>{after}"
    return workbook(sheet=f'<worksheet xmlns="{MAIN}">{whole}</worksheet>')
