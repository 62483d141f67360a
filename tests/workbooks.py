"""Small Excel workbooks and archives, part by part, so that a test can break any of them."""

import io
import zipfile
from html import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
FORMATS = ("", "yyyy-mm-dd", "dd.mm.yyyy hh:mm", "00000", "[$€-407] #,##0.00")
DATE, MOMENT, PADDED, EUROS = 1, 2, 3, 4
"""Places of number formats, for `number`."""


def archive(files):
    """Return a ZIP archive of names and contents."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in files.items():
            opened.writestr(name, content)
    return buffer.getvalue()


def text(value):
    return f't="inlineStr"><is><t>{escape(value)}</t></is>'


def number(value, shown=0):
    return f's="{shown}"><v>{value}</v>'


def formula(value):
    stored = "" if value is None else f"<v>{value}</v>"
    return f"><f>A1</f>{stored}"


def error(code):
    return f't="e"><v>{code}</v>'


def letters(column):
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def sheet(rows, merged=()):
    """Return the XML of a sheet; a row is a list of texts, of cells as above, or of None."""
    lines = []
    for at, row in enumerate(rows, 1):
        cells = [
            f'<c r="{letters(place)}{at}" {cell if ">" in cell else text(cell)}</c>'
            for place, cell in enumerate(row, 1)
            if cell is not None
        ]
        lines.append(f'<row r="{at}">{"".join(cells)}</row>')
    boxes = "".join(f'<mergeCell ref="{box}"/>' for box in merged)
    return (
        f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(lines)}</sheetData>'
        f"<mergeCells>{boxes}</mergeCells></worksheet>"
    )


def parts(sheets, *, hidden=(), attributes=""):
    """Return the parts of a workbook whose sheets are given as XML by name."""
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{at}" r:id="r{at}"'
        f' state="{"hidden" if name in hidden else "visible"}"/>'
        for at, name in enumerate(sheets, 1)
    )
    relations = "".join(
        f'<Relationship Id="r{at}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at in range(1, len(sheets) + 1)
    )
    codes = "".join(
        f'<numFmt numFmtId="{163 + at}" formatCode="{escape(code)}"/>'
        for at, code in enumerate(FORMATS)
        if code
    )
    styles = "".join(
        f'<xf numFmtId="{163 + at if code else 0}"/>' for at, code in enumerate(FORMATS)
    )
    return {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><workbookPr {attributes}/>'
            f"<sheets>{listed}</sheets></workbook>"
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{RELATIONS}">{relations}'
            f'<Relationship Id="s" Type="{OFFICE}/styles" Target="/xl/styles.xml"/>'
            "</Relationships>"
        ),
        "xl/styles.xml": (
            f'<styleSheet xmlns="{MAIN}"><numFmts>{codes}</numFmts>'
            f"<cellXfs>{styles}</cellXfs></styleSheet>"
        ),
        **{
            f"xl/worksheets/sheet{at}.xml": content for at, content in enumerate(sheets.values(), 1)
        },
    }


def workbook(sheets, *, hidden=(), attributes=""):
    """Return a workbook of sheets given as XML by name."""
    return archive(parts(sheets, hidden=hidden, attributes=attributes))
