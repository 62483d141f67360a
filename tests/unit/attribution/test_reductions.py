import duckdb
import narwhals as nw
import numpy as np
import polars as pl
import pytest

from core.attribution.chains import ORDERS, chain_of
from core.attribution.paths import PathCounts
from core.attribution.reductions import chain_of_journeys, channels_of, sets_of_journeys

JOURNEYS = [
    ("ABA", True, 500),
    ("ABA", False, None),
    ("B", True, 20),
    ("CCB", True, 700),
    ("ABCACB", False, None),
    ("A", True, 0),
]


def counts_of(journeys) -> PathCounts:
    return PathCounts.from_rows(
        [(tuple(path), int(won), float(worth or 0), int(not won)) for path, won, worth in journeys]
    )


def touches_of(journeys) -> pl.DataFrame:
    rows = [
        (deal, place * 10, channel, int(won), worth)
        for deal, (path, won, worth) in enumerate(journeys)
        for place, channel in enumerate(path)
    ]
    schema = {
        "deal_key": pl.Int64,
        "sequence": pl.Int64,
        "channel": pl.String,
        "won": pl.Int64,
        "worth_minor": pl.Int64,
    }
    return pl.DataFrame(rows, schema=schema, orient="row").sample(
        fraction=1.0, shuffle=True, seed=4
    )


def on_polars(frame):
    return nw.from_native(frame.lazy())


def on_duckdb(frame):
    connection = duckdb.connect()
    connection.register("touches_frame", frame)
    return nw.from_native(connection.table("touches_frame"))


ENGINES = pytest.mark.parametrize("engine", [on_duckdb, on_polars])


@ENGINES
@pytest.mark.parametrize("order", ORDERS)
def test_transitions_counted_by_the_engine_are_those_of_the_paths(engine, order):
    touches = engine(touches_of(JOURNEYS))
    found = chain_of_journeys(touches, channels_of(touches), order)
    expected = chain_of(counts_of(JOURNEYS), order)
    assert found.transition_matrix().equals(expected.transition_matrix())
    assert found.visits.tolist() == expected.visits.tolist()
    assert found.conversions.tolist() == expected.conversions.tolist()
    assert found.values.tolist() == expected.values.tolist()


@ENGINES
def test_channel_sets_counted_by_the_engine_are_those_of_the_paths(engine):
    touches = engine(touches_of(JOURNEYS))
    found = sets_of_journeys(touches, channels_of(touches))
    members = [
        "".join(found.channels[code] for code in found.steps[start:end])
        for start, end in zip(found.starts[:-1], found.starts[1:], strict=True)
    ]
    won = dict(
        zip(members, zip(found.conversions, found.nulls, found.values, strict=True), strict=True)
    )
    assert won == {
        "A": (1, 0, 0),
        "B": (1, 0, 20),
        "AB": (1, 1, 500),
        "BC": (1, 0, 700),
        "ABC": (0, 1, 0),
    }


@ENGINES
def test_more_channels_than_a_whole_number_has_bits_are_kept_apart(engine):
    names = [f"channel {number:03}" for number in range(130)]
    journeys = [((name, names[0]), True, 1) for name in names]
    touches = engine(touches_of(journeys))
    found = sets_of_journeys(touches, channels_of(touches))
    assert found.channels == tuple(names)
    assert np.bincount(found.steps).tolist() == [130] + [1] * 129
    assert found.total_conversions == 130


@pytest.mark.parametrize("order", [1, 2, 3])
def test_a_shortened_chain_is_the_chain_of_that_order(order):
    longest = chain_of(counts_of(JOURNEYS), 4)
    expected = chain_of(counts_of(JOURNEYS), order)
    assert longest.shortened(order).transition_matrix().equals(expected.transition_matrix())
