"""The four ways in to one demo company, and how a figure is read off each of them.

A reading is what a way shows of one metric, by what it is of: a channel, a period, a deal, or the
whole company (``ALL``). Machine formats are read exactly; what is written for people, as written.
"""

import io
import json
import re
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial

import pytest
from fastapi.testclient import TestClient
from pypdf import PdfReader
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df

from app.api.application import create_api
from app.api.keys import KeyFile
from app.api.limits import Limits
from app.cli import main
from app.services import Services
from core import formats
from core.crm.demo import DemoOptions, load, simulate
from core.metrics import Unit
from core.workspace import Workspace
from tests.ui.conftest import visit

ALL = ""
"""What a figure of the whole company is of."""
ENDS_ON = date(2026, 11, 20)
DAYS = ("2025-11-21", "2026-11-20")
"""The last 12 months, which pages and report show while nobody has chosen a period."""
COMPARED = ("Closed won", "Deals won", "Win rate", "Average deal", "Sales cycle")
FORECAST = ("Forecast, Q4 2026", "Booked", "From open deals", "Not yet created", "Chance of quota")
"""Titles of the cards that stand in one row of the document."""

Values = dict[str, float | None]
"""Minor units for money, shares of one, days or a number."""
Texts = dict[str, str]


@dataclass(frozen=True)
class Written:
    """What stands there for people, and how an exact value is written there."""

    texts: Texts
    write: Callable[[float | None], str]


Reading = Values | Written


@dataclass
class Ways:
    """The demo company by page, API, command line and document; each thing is asked once."""

    services: Services
    client: TestClient
    file: object
    folder: object
    cards_read: set[tuple[str, str]] = field(default_factory=set)
    _kept: dict[object, object] = field(default_factory=dict)

    def page(self, script, **query):
        """Return a page as a visitor sees it."""
        asked = partial(visit, script, self.services, **query)
        return self._once(("page", script, *query.items()), asked)

    def api(self, path):
        """Return what the API answers."""
        return self._once(("api", path), lambda: self._asked(path))

    def cli(self, *arguments):
        """Return what a command prints as JSON."""
        return self._once(("cli", arguments), lambda: json.loads(self._run(arguments)))

    @property
    def names_of_deals(self):
        """The names of the open deals by id."""
        return {row["deal_id"]: row["name"] for row in _rows_of_deals(self)}

    @property
    def shared_names_of_deals(self):
        """The names that more than one open deal has, which tell nobody which is meant."""
        return {name for name, deals in Counter(self.names_of_deals.values()).items() if deals > 1}

    @property
    def paper(self):
        """Return the text of the document, line by line, in the order it was drawn."""
        return self._once("paper", self._printed)

    def _once(self, key, work_out):
        if key not in self._kept:
            self._kept[key] = work_out()
        return self._kept[key]

    def _asked(self, path):
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def _run(self, arguments):
        output = io.StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(output):
            patch.setattr(sys, "argv", ["plumbline", *map(str, arguments)])
            with pytest.raises(SystemExit) as stopped:
                main()
        assert not stopped.value.code, arguments
        return output.getvalue()

    def _printed(self):
        parts = "summary,attribution,channels,journeys,pipeline,forecast,deals,risks,data"
        out = self.folder / "report.pdf"
        self._run(("report", "--workspace", self.file, "--out", out, "--parts", parts))
        pages = PdfReader(out).pages
        return [line.strip() for page in pages for line in page.extract_text().splitlines()]


def open_ways(folder, deals):
    """Return the ways in to a demo company; the command line has a file of the same data."""
    options = DemoOptions(ends_on=ENDS_ON, deals=deals)
    company = simulate(options)
    with Workspace.create(folder / "acme.duckdb") as stored:
        load(stored, company)
    workspace = Workspace.in_memory()
    load(workspace, company)
    services = Services(workspace)
    keys = KeyFile(folder / "keys.json")
    _, secret = keys.add("Test", datetime(2026, 11, 23, tzinfo=UTC))
    api = create_api(lambda: services, keys.keys, Limits(burst=1_000_000))
    client = TestClient(api, headers={"Authorization": f"Bearer {secret}"})
    return Ways(services, client, folder / "acme.duckdb", folder)


def figure(unit):
    """Return how a figure of that unit is written on cards and in print."""
    return partial(formats.figure, unit=unit, currency="EUR")


# Pages -------------------------------------------------------------------------------------------


def card(script, title, unit, *, of=ALL):
    """Read a card of a page by its title."""
    return lambda ways: Written({of: _card(ways, script, title).value}, figure(unit))


def beside_card(script, title, pattern, write):
    """Read what stands beside the value of a card, in small letters."""

    def read(ways):
        said = _card(ways, script, title).proto.delta_description
        return Written({ALL: re.search(pattern, said)[1]}, write)

    return read


def score_cards(ways):
    """Read the scores of the tables, whose cards bear the names of the tables."""
    cards = ways.page("data_quality.py").metric
    titles = {one.label for one in cards} & set(scores_by_api(ways))
    read = {title: _card(ways, "data_quality.py", title).value for title in titles}
    return Written(read, lambda score: f"{score:.1f}".removesuffix(".0"))


def _card(ways, script, title):
    (found,) = (one for one in ways.page(script).metric if one.label == title)
    ways.cards_read.add((script, title))
    return found


def column(script, name, value, unit):
    """Read a column of a table of a page, as exact as the table has it.

    Money stands there in major units and shares in percent. Names that stand there twice are left
    out.
    """

    def read(ways):
        frame = _table(ways, script, name, value)
        cells = (_in_unit(cell, unit) for cell in frame[value])
        return _unique(zip(frame[name].astype(str), cells, strict=True))

    return read


def drawn(script, name, value, unit, where):
    """Read the bars of a chart of a page, the one that has a column named by ``where`` as well.

    With ``where`` as ``column=value`` only such bars. Money is drawn in major units.
    """

    def read(ways):
        column, is_filtered, wanted = where.partition("=")
        for chart in ways.page(script).get("vega_lite_chart"):
            for one in chart.proto.datasets:
                frame = convert_arrow_bytes_to_pandas_df(one.data.data)
                if {name, value, column} <= set(frame.columns):
                    rows = frame[frame[column] == wanted] if is_filtered else frame
                    scale = 100 if unit is Unit.MONEY else 1
                    cells = (round(cell * scale, 9) for cell in rows[value])
                    return _unique(zip(rows[name], cells, strict=True))
        raise AssertionError(f"no chart of {script} has {name} and {value}")

    return read


def only(of, reader, named=ALL):
    """Read one of several, and call it otherwise."""

    def read(ways):
        found = reader(ways)
        if isinstance(found, Written):
            return Written({of: found.texts[named]}, found.write)
        return {of: found[named]}

    return read


def cell_text(script, name, value, row, write):
    """Read a cell that holds a figure as text."""

    def read(ways):
        frame = _table(ways, script, name, value)
        return Written({ALL: dict(zip(frame[name], frame[value], strict=True))[row]}, write)

    return read


def sentence(script, pattern, write):
    """Read a figure out of a sentence of a page."""

    def read(ways):
        said = " ".join(one.value.replace("\\", "") for one in ways.page(script).markdown)
        return _found(pattern, said, write)

    return read


def _found(pattern, said, write):
    """Return a figure found in a text, and what it is of where the pattern says so."""
    match = re.search(pattern, said)
    assert match, f"{pattern} is not in {said}"
    *_, text = match.groups()
    return Written({match.groupdict().get("of", ALL): text}, write)


def _table(ways, script, *columns):
    frames = (one.value for one in ways.page(script).dataframe)
    return next(one for one in frames if set(columns) <= set(one.columns))


def _unique(pairs):
    """Return what has a name of its own."""
    listed = list(pairs)
    names = Counter(name for name, _ in listed)
    return {name: value for name, value in listed if names[name] == 1}


def _in_unit(cell, unit):
    if cell is None or cell != cell:  # noqa: PLR0124 - that is what tells NaN
        return None
    if unit is Unit.MONEY:
        return int((Decimal(str(cell)) * 100).to_integral_value())
    return float(cell) / 100 if unit is Unit.SHARE else float(cell)


# API and command line ----------------------------------------------------------------------------


def overview_of(name):
    """Read a figure of the API's overview."""

    def read(ways):
        (found,) = (one for one in ways.api("/overview")["figures"] if one["metric"] == name)
        return {ALL: found["amount"]["minor"] if found["amount"] else found["value"]}

    return read


def credit_by_api(name):
    """Read a column of the API's attribution under the model that pages show first."""

    def read(ways):
        rows = ways.api(f"/attribution?model=linear&from={DAYS[0]}&to={DAYS[1]}")["rows"]
        return {row["name"]: _exact(row[name]) for row in rows}

    return read


def credit_by_command(name):
    """Read a column of ``attribute`` under the model that pages show first."""

    def read(ways):
        period = ("--from", DAYS[0], "--to", DAYS[1])
        options = ("--workspace", ways.file, "--model", "linear", *period, "--format", "json")
        rows = ways.cli("attribute", *options)
        return {row["channel"]: _exact(row[name]) for row in rows}

    return read


def fact_by_api(topic, definition):
    """Read a fact of a text of the API by the metric it states, by what it is of."""
    return lambda ways: _facts(ways.api(f"/explanations/{topic}"), definition)


def fact_by_command(topic, definition):
    """Read a fact of a text of ``explain`` by the metric it states, by what it is of."""

    def read(ways):
        options = ("--workspace", ways.file, "--topic", topic, "--format", "json")
        return _facts(ways.cli("explain", *options), definition)

    return read


def _facts(written, definition):
    found = {}
    for fact in written["facts"]:
        if fact["definition"] == definition and not isinstance(fact["value"], str):
            _, has_name, name = fact["text"].partition(" for ")
            found.setdefault(name if has_name else ALL, fact["value"])
    return found


def period_by_api(name):
    """Read an amount of the API's forecast by quarter."""

    def read(ways):
        rows = ways.api("/forecast?period=quarter&horizon=4")["periods"]
        return {formats.period(row["period"]): row[name]["minor"] for row in rows}

    return read


def period_by_command(name):
    """Read an amount of ``forecast`` by quarter."""

    def read(ways):
        asked = ("--period", "quarter", "--horizon", "4", "--format", "json")
        rows = ways.cli("forecast", "--workspace", ways.file, *asked)
        return {formats.period(row["period"]): _exact(row[name]) for row in rows}

    return read


def record_by_api(name, method=""):
    """Read the record in the API's forecast, of every method or of one."""

    def read(ways):
        rows = ways.api("/forecast?period=quarter&horizon=4")["record"]
        found = {row["title"]: _exact(row[name]) for row in rows}
        return {ALL: found[method]} if method else found

    return read


def deals_by_api(name):
    """Read a column of the API's open deals."""

    def read(ways):
        return _unique((row["name"], _exact(row[name])) for row in _rows_of_deals(ways))

    return read


def deals_summed(name, keep=lambda _row: True):
    """Sum a column of the API's open deals, or count them where no column is named."""

    def read(ways):
        kept = [row for row in _rows_of_deals(ways) if keep(row)]
        return {ALL: sum(_exact(row[name]) or 0 for row in kept) if name else len(kept)}

    return read


def _rows_of_deals(ways):
    told = ways.api("/deals?limit=500")
    assert told["total"] == len(told["rows"])
    return told["rows"]


def deals_by_command(name, keep=lambda _row: True):
    """Read a column of ``deals``; counted where no column is named."""

    def read(ways):
        rows = ways.cli("deals", "--workspace", ways.file, "--format", "json")
        if not name:
            return {ALL: sum(1 for row in rows if keep(row))}
        return _unique((row["name"], row[name]) for row in rows)

    return read


def list_by_api(page, name, called=None):
    """Read a figure of the API's list of figures, by what it is of.

    ``called`` names what it is of as the page does; nothing is read of what it calls nothing.
    """

    def read(ways):
        told = ways.api(f"/figures?page={page}&limit=500")
        assert told["total"] == len(told["rows"]), page
        return _listed(ways, told["rows"], name, called)

    return read


def list_by_command(page, name, called=None):
    """Read a figure of ``figures``, which lists all pages at once, as `list_by_api`."""

    def read(ways):
        rows = ways.cli("figures", "--workspace", ways.file, "--format", "json")
        return _listed(ways, (row for row in rows if row["page"] == page), name, called)

    return read


def _listed(ways, rows, name, called):
    """Return what has that name; an amount is text on the command line, an object in the API."""
    found = ((row["of"], row.get("amount") or row["value"]) for row in rows if row["name"] == name)
    shown = ((called(ways, of) if called else of, _exact(value)) for of, value in found)
    return _unique((of, value) for of, value in shown if of is not None)


def one(of):
    """Call one thing the whole, and nothing else anything."""
    return lambda _ways, named: ALL if named == of else None


def without(ending):
    """Take away what tells won from lost; the others are nothing."""
    return lambda _ways, of: of.removesuffix(ending) if of.endswith(ending) else None


def deal_name(ways, deal_id):
    """Return the name of a deal, by which pages show it."""
    return ways.names_of_deals.get(deal_id)


def period_name(_ways, label):
    """Return a period as people read it."""
    return formats.period(label)


def title_of(_ways, name):
    """Return a table or a category as people read it."""
    return name.replace("_", " ").capitalize()


def line_name(ways, line):
    """Return a line of the bridge with its sign, as the table of the page has it."""
    shown = _table(ways, "pipeline.py", "line", "amount_minor")["line"]
    return next(name for name in shown if name[2:].lower() == line)


def answered(question, pattern, write):
    """Read a figure out of the answer to a question asked on the Ask page."""

    def read(ways):
        app = ways.page("ask.py", q=question)
        said = " ".join(element.value.replace("\\", "") for element in app.markdown)
        return _found(pattern, said, write)

    return read


def journeys_by_api(rows, name, value, where=lambda _row: True):
    """Read a column of a list of the API's journeys, those of the period of the page."""

    def read(ways):
        told = ways.api(f"/journeys?limit=500&from={DAYS[0]}&to={DAYS[1]}")
        listed = (row for row in told[rows] if where(row))
        return _unique((_named(row[name]), row[value]) for row in listed)

    return read


def _named(name):
    return " → ".join(name) if isinstance(name, list) else name


def check_by_api(name):
    """Read how many rows fail a check of the API's data quality."""

    def read(ways):
        findings = (one for table in ways.api("/quality")["tables"] for one in table["findings"])
        return {ALL: next(one["failing"] for one in findings if one["check"] == name)}

    return read


def scores_by_api(ways):
    """Read the quality scores of the API, by the title of the table."""
    tables = ways.api("/quality")["tables"]
    return {one["table"].replace("_", " ").capitalize(): one["score"] for one in tables}


def _exact(value):
    if isinstance(value, dict):
        return value["minor"]
    return int(Decimal(value) * 100) if isinstance(value, str) else value


# Document ----------------------------------------------------------------------------------------


def printed_card(title, row, unit, write=None, *, of=ALL):
    """Read a card of the document: the titles of a row come first, then their values."""

    def read(ways):
        lines, across = ways.paper, len(row)
        start = next(i for i in range(len(lines)) if tuple(lines[i : i + across]) == row)
        return Written({of: lines[start + across + row.index(title)]}, write or figure(unit))

    return read


def printed_row(table, names, place, unit, write=None):
    """Read a cell of each row of a table of the document; the ways in tell the names of rows."""

    def read(ways):
        text = " ".join(ways.paper)
        after = text[text.index(table) :]
        found = {}
        for name in names(ways):
            cells = re.search(rf"{re.escape(name)}((?: \S+){{{place}}})", after)
            assert cells, f"{name} is not in {table}"
            found[name] = cells[1].split()[-1]
        return Written(found, write or figure(unit))

    return read


def called_by(reader, rename):
    """Call what is read as another way in calls it, which the ways in tell."""

    def read(ways):
        found = reader(ways)
        return Written({rename(ways, of): text for of, text in found.texts.items()}, found.write)

    return read


def categories(ways):
    """Return the categories of open deals, as people read them."""
    rows = ways.api("/figures?page=pipeline&limit=500")["rows"]
    return [title_of(ways, row["of"]) for row in rows if row["name"] == "pipeline_category"]


def lines_of_bridge(ways):
    """Return the lines of the bridge, as its table on the page has them without their sign."""
    shown = _table(ways, "pipeline.py", "line", "amount_minor")["line"]
    return [name[2:] for name in shown]


def tables_scored(ways):
    """Return the tables that have a score."""
    return list(scores_by_api(ways))


def channels(ways):
    """Return the channels that are credited, without the row of what no touch explains."""
    return [name for name in credit_by_api("revenue")(ways) if name != "(unattributed)"]


def quarters(ways):
    """Return the quarters that are forecast."""
    return list(period_by_api("forecast")(ways))


def printed_deals(table, place, unit, columns=("name", "owner", "stage")):
    """Read a cell of a table of deals of the document; a deal is found by its first cells."""

    def read(ways):
        text = " ".join(ways.paper)
        after = text[text.index(table) :]
        found = {}
        for row in _rows_of_deals(ways):
            named = re.escape(" ".join(str(row[column]) for column in columns))
            cells = re.search(rf"{named}((?: \S+){{{place}}})", after)
            if cells:
                found[row["name"]] = cells[1].split()[-1]
        return Written(found, figure(unit))

    return read


def printed_sentence(pattern, write):
    """Read a figure out of a sentence of the document."""
    return lambda ways: _found(pattern, " ".join(ways.paper), write)
