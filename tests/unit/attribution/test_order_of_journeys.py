"""The Markov order suggested for a workspace is the one its journeys would get as paths."""

import pytest

from core.attribution.order import suggest_order
from core.attribution.order_of_journeys import order_of_journeys
from core.attribution.paths import PathCounts
from core.attribution.results import Question
from core.engine import open_engine
from core.errors import EmptyWorkspaceError
from core.scope import Scope
from tests.builders import Company

QUESTION = Question(Scope("EUR"), ())
PATHS = {("A", "B"): (18, 2), ("B", "A"): (2, 18), ("A", "A", "B"): (3, 1)}


def company(paths=PATHS):
    made, number = Company(), 0
    for path, counts in paths.items():
        for won, deals in zip((True, False), counts, strict=True):
            for _ in range(deals):
                number += 1
                made.deal(f"D{number}", is_won=won)
                for place, channel in enumerate(path):
                    made.touch(
                        f"D{number}-{place}", f"2024-03-0{place + 1}", channel, deal=f"D{number}"
                    )
    return made


@pytest.mark.parametrize("url", ["duckdb:", "polars:"])
def test_journeys_are_judged_as_their_paths_are(url):
    rows = [(path, won, None, lost) for path, (won, lost) in PATHS.items()]
    expected = suggest_order(PathCounts.from_rows(rows))
    with company().workspace() as workspace:
        found = order_of_journeys(open_engine(workspace, url), QUESTION)

    assert found.order == expected.order == 2
    assert found.suggestion.log_likelihood == pytest.approx(expected.log_likelihood)
    assert (found.journeys, found.of_journeys) == (44, 44)


def test_of_very_many_touches_a_part_of_the_deals_is_judged_and_said():
    with company().workspace() as workspace:
        found = order_of_journeys(open_engine(workspace), QUESTION, most_touches=50)

    # 92 touches are more than 50, so every second deal.
    assert (found.journeys, found.of_journeys) == (22, 44)
    assert "22 of 44 journeys" in found.in_words


def test_nothing_won_suggests_nothing():
    with company({("A",): (0, 2)}).workspace() as workspace, pytest.raises(EmptyWorkspaceError):
        order_of_journeys(open_engine(workspace), QUESTION)
