"""The deals behind an outlook add up also where some are worth nothing or less."""

from datetime import date

import pytest

from core.forecasting.forecast_question import ForecastQuestion, PeriodKind
from core.forecasting.outlook import outlook
from core.forecasting.outlook_deals import open_deals, roll_up_outlook
from core.forecasting.simulate import deciding_deals
from tests.pipelines import Pipeline

ASKED = ForecastQuestion("EUR", date(2024, 6, 15), PeriodKind.QUARTER, 2)


def company(*amounts):
    """Return three months of wins and losses, and open deals of the amounts given."""
    pipeline = Pipeline()
    for month in (3, 4, 5):
        for number in range(4):
            fate = {"won" if number % 2 else "lost": f"2024-{month:02}-2{number}"}
            pipeline = pipeline.deal(
                f"D{month}{number}", f"2024-{month:02}-01", 1000, owner="Ada", **fate
            )
    for number, amount in enumerate(amounts):
        pipeline = pipeline.deal(f"O{number}", "2024-06-01", amount, owner=f"U{number}")
    return pipeline.histories()


@pytest.mark.parametrize("amounts", [(700, -5000), (-701, -300), (333, 333, 333), ()])
def test_a_roll_up_adds_up_with_refunds_among_the_open_deals(amounts):
    answer = outlook(company(*amounts), ASKED)

    for number in range(2):
        rows = roll_up_outlook(answer, "owner", number)
        assert rows["forecast_minor"].sum() == answer.frame["forecast_minor"][number]
        assert rows["pipeline_minor"].sum() == answer.frame["pipeline_minor"][number]


def test_where_nothing_is_uncertain_no_deal_has_a_part_of_it():
    answer = outlook(company(0, 0), ASKED)

    assert deciding_deals(open_deals(answer))["variance_share"].to_list() == [None, None]
