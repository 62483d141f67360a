"""The document, the workbook and the parts: complete, equal for equal data, safe."""

import io
import re
import socket
import zipfile
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import fastexcel
import pytest
from pypdf import PdfReader

from app.report_question import ReportQuestion
from app.services import Services
from core.attribution.results import JourneySettings
from core.attribution.rules.registry import RULES
from core.errors import EmptyWorkspaceError, UnknownNameError
from core.metrics import Unit
from core.periods import Preset
from core.reports.bundle import to_bundle
from core.reports.content import Column, Table
from core.reports.lettering import plain
from core.reports.options import Audience, Part, ReportOptions
from core.reports.paper import Paper
from core.reports.pdf import to_pdf
from core.reports.pdf.tables import FEWEST_ROWS, fitting
from core.reports.workbook import to_csv, to_workbook
from core.selection import parse_condition
from tests.builders import Company
from tests.fakes import small_company, small_services

ALL_TIME = ReportQuestion(preset=Preset.ALL_TIME)


@pytest.fixture(scope="module")
def report():
    return small_services().reports.report(ALL_TIME)


@pytest.fixture(scope="module")
def document(report):
    return to_pdf(report)


def text_of(document):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(document)).pages)


def test_equal_data_make_equal_bytes(report, document):
    again = small_services().reports.report(ALL_TIME)

    assert to_pdf(again) == document
    assert to_workbook(again) == to_workbook(report)
    assert to_bundle(again) == to_bundle(report)


def test_the_figures_are_those_of_the_pages(document):
    text = text_of(document)

    # Won: 1,000.00 + 2,500.50 + 4,000.00; the fourth won deal has no amount.
    assert "€7,500.50 closed won" in text
    assert "reconciled to the cent" in " ".join(text.split())
    assert "1 won deal without an amount" in text


def test_every_section_is_a_bookmark_and_every_page_says_its_number(document):
    reader = PdfReader(io.BytesIO(document))
    pages = len(reader.pages)

    assert [entry.title for entry in reader.outline] == [part.label for part in Part]
    for number, page in enumerate(reader.pages, start=1):
        assert f"Page {number} of {pages}" in page.extract_text()


def test_the_document_says_what_it_is_and_in_which_language(document):
    reader = PdfReader(io.BytesIO(document))

    assert reader.metadata.title.startswith("Revenue report")
    assert reader.metadata.creation_date.strftime("%Y-%m-%d") == "2026-11-20"
    assert reader.trailer["/Root"]["/Lang"] == "en"


def test_charts_are_vectors_and_not_pictures(report, document):
    forms = 0
    for page in PdfReader(io.BytesIO(document)).pages:
        assert not page.images
        forms += sum(name.startswith("/Chart") for name in page["/Resources"].get("/XObject", {}))
    assert forms == len(list(report.charts())) > 0


def test_letter_paper_is_letter_paper(report):
    box = PdfReader(io.BytesIO(to_pdf(report, Paper.LETTER))).pages[0].mediabox

    assert (float(box.width), float(box.height)) == (612, 792)


def test_an_audience_gets_its_parts_and_a_choice_overrides_them():
    reports = small_services().reports
    sales = reports.report(replace(ALL_TIME, options=ReportOptions(Audience.SALES)))
    chosen = reports.report(replace(ALL_TIME, options=ReportOptions(parts=(Part.CHANNELS,))))

    assert Part.ATTRIBUTION not in [section.key for section in sales.sections]
    assert [section.key for section in chosen.sections] == [Part.CHANNELS]


def test_an_empty_workspace_has_no_report():
    with pytest.raises(EmptyWorkspaceError, match="no deals yet"):
        Services(Company().workspace()).reports.report(ReportQuestion())


@pytest.mark.parametrize("deals", [0, 1])
def test_one_open_or_one_won_deal_makes_a_proper_document(deals):
    company = Company().account("a1", name="Northwind")
    company.deal(
        "d1", "100.00", "2026-08-10" if deals else None, created_at="2026-07-01",
        is_won=True if deals else None, account_id="a1",
    )  # fmt: skip

    assert "Revenue report" in text_of(small_services(company).reports.pdf(ALL_TIME))


def test_one_channel_alone_makes_a_proper_document():
    company = (
        Company().account("a1", name="Northwind").touch("t1", "2026-08-01", "Email", deal="d1")
    )
    company.deal(
        "d1", "100.00", "2026-08-10", created_at="2026-07-01", is_won=True, account_id="a1"
    )

    assert "models put Email first" in text_of(small_services(company).reports.pdf(ALL_TIME))


def test_deals_that_no_sum_holds_are_listed():
    company = small_company()
    company.deal(
        "d8", "10.00", "2026-11-18", created_at="2026-11-01", is_won=True, currency="XXX",
        name="Unpriced",
    )  # fmt: skip
    text = text_of(small_services(company).reports.pdf(ALL_TIME))

    assert "Won deals that no sum holds" in text
    assert "Unpriced" in text


@pytest.mark.parametrize("rows", range(40, 62))
def test_no_page_of_a_table_has_a_row_or_two_only(report, rows):
    table = Table(
        "t", "Long", (Column("a", "Name of it"),), tuple((f"row {n}.",) for n in range(rows))
    )
    drawn = to_pdf(replace(report, sections=(replace(report.sections[0], blocks=(table,)),)))
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(drawn)).pages]
    counts = [len(re.findall(r"row \d+\.", page)) for page in pages]

    assert sum(counts) == rows
    assert all(count >= FEWEST_ROWS for count in counts)
    assert all(page.count("Name of it") == 1 for page in pages)


def test_the_document_says_how_to_make_it_again():
    question = replace(
        ALL_TIME, options=ReportOptions(Audience.SALES, paper=Paper.LETTER), as_of=None
    )

    assert question.command("EUR") == (
        "python -m app report --workspace WORKSPACE --out report.pdf --audience sales --period all "
        "--currency EUR --paper letter"
    )
    chosen = replace(question, options=ReportOptions(parts=(Part.RISKS, Part.DATA)))
    assert "--parts risks,data" in chosen.command("EUR")


def test_a_choice_the_command_line_lacks_is_not_said_to_be_repeatable_there():
    assert not replace(ALL_TIME, journeys=JourneySettings(lookback_days=30)).command("EUR")


def test_the_command_says_every_choice_it_can():
    chosen = replace(
        ALL_TIME, models=("linear", "shapley"), model="shapley", owner_ids=("o 1",),
        where=("Region=North|South",),
    )  # fmt: skip

    assert chosen.command("EUR").endswith(
        "--models linear,shapley --model shapley --owner 'o 1' --where 'Region=North|South'"
    )


def test_a_part_of_the_deals_nobody_can_choose_again_has_no_command():
    services = small_services(small_company())
    conditions = (parse_condition("region=DACH"),)
    with closing(services.where(conditions)) as part:
        told = replace(ALL_TIME, where=("region=DACH",))
        by_page, by_command = (
            text_of(part.reports.pdf(replace(question, options=ReportOptions(parts=APPENDIX))))
            for question in (ALL_TIME, told)
        )

    assert "python -m app" not in by_page
    assert " ".join(by_command.split()).count("--where region=DACH") == 2
    assert "DACH" in by_page


APPENDIX = (Part.APPENDIX,)


def test_a_table_of_many_models_is_drawn_in_parts_that_fit():
    models = tuple(RULES)
    question = replace(ALL_TIME, models=models, options=ReportOptions(parts=(Part.ATTRIBUTION,)))
    report = small_services().reports.report(question)
    (table,) = (one for one in report.tables() if one.name == "attribution_by_model")
    parts = fitting(table)

    assert len(table.columns) == 1 + len(models) + 2
    assert [column for part in parts for column in part.columns[1:]] == list(table.columns[1:])
    assert all(part.rows[0][0] == table.rows[0][0] for part in parts)
    assert "(2 of 2)" in text_of(to_pdf(report))


def test_findings_open_a_report_of_any_parts_and_never_repeat_its_only_heading():
    two = ReportOptions(parts=(Part.ATTRIBUTION, Part.CHANNELS))
    reports = small_services().reports

    assert len(reports.report(replace(ALL_TIME, options=two)).findings) == 2
    assert not reports.report(
        replace(ALL_TIME, options=ReportOptions(parts=(Part.CHANNELS,)))
    ).findings


def test_an_unknown_model_is_named():
    with pytest.raises(UnknownNameError, match="linnear"):
        small_services().reports.report(replace(ALL_TIME, models=("linnear",), model="linnear"))


ENDLESS = 3


def test_sixty_channels_with_endless_names_break_over_pages_with_their_headings():
    company = small_company()
    for number in range(60):
        name = f"Channel {number} " + "x" * (10_000 if number < ENDLESS else 100)
        company.touch(f"c{number}", "2026-08-05", name, campaign="C", deal="d3")
    document = small_services(company).reports.pdf(ALL_TIME)

    headed = [
        page for page in PdfReader(io.BytesIO(document)).pages
        if "What the models say" in page.extract_text()
    ]  # fmt: skip
    assert len(headed) > 1


HOSTILE = (
    "<img src='http://127.0.0.1:9/x.png'/>",
    "<b>unclosed",
    "<para><font color='red'>",
    "=HYPERLINK(\"http://127.0.0.1:9\",\"x\")",
    "![x](http://127.0.0.1:9/x.png)",
    "展示会 شركة النور 🚀 שלום",
    "\u202egnp.exe\u202c\x00\x07",
    "]]> & < > \" '",
)  # fmt: skip


@dataclass(frozen=True)
class Made:
    """What a report becomes: the pages of the document, the workbook, the parts."""

    pages: list
    workbook: bytes
    bundle: bytes


@pytest.fixture(scope="module")
def hostile():
    """Make everything of a company that has all of the names, where no call can leave."""
    company = small_company()
    for number, name in enumerate(HOSTILE):
        company.account(f"h{number}", name=name)
        company.touch(f"h{number}", "2026-08-05", name, campaign=name, deal="d1")
        company.deal(
            f"h{number}", "10.00", "2026-11-19", created_at="2026-08-01", is_won=True, name=name,
            account_id=f"h{number}",
        )  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", refuse)
        report = small_services(company).reports.report(ALL_TIME)
        pages = PdfReader(io.BytesIO(to_pdf(report))).pages
        return Made(list(pages), to_workbook(report), to_bundle(report))


def refuse(*_):
    raise AssertionError("a name in the data caused a call")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_drawn_and_never_obeyed(name, hostile):
    book = fastexcel.read_excel(hostile.workbook)
    cells = {
        str(cell)
        for sheet in book.sheet_names
        for row in book.load_sheet(sheet, header_row=None).to_polars().iter_rows()
        for cell in row
    }

    assert plain(name) in cells
    assert "Last deals won" in book.sheet_names
    assert not any(page.images for page in hostile.pages)
    assert hostile.bundle


def test_a_formula_in_a_name_is_text_in_the_workbook(report):
    table = Table("t", "T", (Column("name", "Name"),), (("=1+1",),))
    book = to_workbook(replace(report, sections=(replace(report.sections[0], blocks=(table,)),)))
    sheet = zipfile.ZipFile(io.BytesIO(book)).read("xl/worksheets/sheet1.xml").decode()

    assert "<f>" not in sheet


def test_amounts_leave_in_their_own_unit():
    columns = (Column("revenue_minor", "Revenue", Unit.MONEY), Column("share", "S", Unit.SHARE))
    table = Table("t", "T", columns, ((123_456, 0.5), (None, None)))

    assert to_csv(table, "EUR").decode("utf-8-sig") == "revenue,share\n1234.56,0.5\n,\n"


def test_the_report_of_a_past_day_is_the_same_after_more_has_happened():
    from datetime import date

    then = replace(ALL_TIME, as_of=date(2026, 10, 20))
    before = small_services().reports.pdf(then)
    company = small_company()
    company.touch("late", "2026-11-05", "Webinar", campaign="W", deal="d3")
    company.deal("d7", "900.00", "2026-11-18", created_at="2026-11-01", is_won=True)

    assert small_services(company).reports.pdf(then) == before


HOSTILE_FILES = Path(__file__).resolve().parents[2] / "golden" / "hostile_csv"


def test_every_text_of_the_hostile_files_can_be_drawn(report):
    texts = {
        cell
        for path in sorted(HOSTILE_FILES.glob("*.csv"))
        for cell in re.split(r'[,;\t\r\n"]', path.read_bytes().decode("utf-8", "replace"))
        if cell.strip()
    }
    rows = tuple((text, text) for text in sorted(texts)[:MOST_TEXTS])
    table = Table("t", "Texts", (Column("a", "A"), Column("b", "B", width=0.2)), rows)
    drawn = to_pdf(replace(report, sections=(replace(report.sections[0], blocks=(table,)),)))

    assert len(texts) > 100
    assert len(PdfReader(io.BytesIO(drawn)).pages) > 1


MOST_TEXTS = 800
