"""The figures of the pages as one list."""

from app.figure_rows import FigureRow, ShownOn
from app.figures_services import FiguresQuestion
from core.metrics import Unit
from core.periods import Preset
from tests.builders import Company
from tests.fakes import small_services


def test_a_page_is_asked_alone_and_its_figures_are_those_of_its_service():
    services = small_services()
    found = services.figures.figures(FiguresQuestion(page=ShownOn.DATA_QUALITY))
    quality = services.data_quality.scores(found.as_of)

    scores = [row.value for row in found.rows if row.name == "quality_score"]
    assert scores == [table.score for table in quality.tables]
    assert {row.page for row in found.rows} == {ShownOn.DATA_QUALITY}
    assert found.fingerprint == services.coverage().fingerprint


def test_a_figure_is_counted_in_the_unit_of_the_catalogue():
    assert FigureRow("roi", None, "Webinar", ShownOn.ATTRIBUTION).unit is Unit.SHARE


def test_a_page_that_cannot_answer_says_why_and_the_others_stand():
    company = Company().deal("d1", "900.00", None, created_at="2026-10-01", is_won=None)
    found = small_services(company).figures.figures(FiguresQuestion(preset=Preset.ALL_TIME))

    assert any(one.startswith("forecast: ") for one in found.warnings)
    told = {row.page for row in found.rows}
    assert {ShownOn.OVERVIEW, ShownOn.PIPELINE, ShownOn.DATA_QUALITY} <= told
    assert ShownOn.FORECAST not in told
