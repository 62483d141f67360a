"""A listing sorts as a person means it: bands by risk, names whatever their case, blanks last."""

import polars as pl
import pytest

from core.deals.listing import Column, Listing, in_order

ROWS = pl.DataFrame(
    {
        "deal_id": ["a", "b", "c", "d"],
        "expected_minor": [5.0, 9.0, None, 9.0],
        "band": ["high", "low", "none", "medium"],
        "signals": [["stalled"], [], ["pushed", "stalled"], []],
        "owner": ["ada", "Bea", None, "Cleo"],
        "moved": [-0.3, 0.2, None, 0.0],
    }
)


@pytest.mark.parametrize(
    ("sort", "ascending", "ids"),
    [
        (Column.EXPECTED, False, "bdac"),
        (Column.EXPECTED, True, "abdc"),
        (Column.BAND, False, "adbc"),
        (Column.BAND, True, "bdac"),
        (Column.SIGNALS, False, "cabd"),
        (Column.OWNER, True, "abdc"),
        (Column.MOVED, True, "adbc"),
    ],
)
def test_rows_are_in_the_order_asked_for_with_what_is_not_known_last(sort, ascending, ids):
    listed = in_order(ROWS, Listing(sort=sort, ascending=ascending))

    assert "".join(listed["deal_id"]) == ids


def test_a_listing_read_back_from_its_content_is_the_same():
    listing = Listing(bands=("low",), columns=(Column.OWNER,), sort=Column.OWNER)

    assert Listing.of(listing.content) == listing
