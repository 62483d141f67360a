"""The schema is complete enough to be the one source of storage and docs."""

import pytest

from core.errors import UnknownNameError
from core.schema import DEALS, IMPORTED, TABLES, Kind


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_table_states_its_grain_and_has_a_required_key(table):
    assert table.grain.startswith("one row")
    for key in table.key:
        assert table.column(key).required


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_column_says_what_it_means_in_a_sentence(table):
    assert all(column.meaning.endswith(".") for column in table.columns)


def test_an_instant_is_stored_three_ways_and_an_amount_two():
    names = [name for name, _ in DEALS.physical()]

    assert {"closed_at", "closed_at_epoch", "closed_at_is_date"} < set(names)
    assert {"amount", "amount_minor"} < set(names)
    assert names[-2:] == ["import_id", "source_line"]


def test_an_unknown_column_is_named_with_the_known_ones():
    with pytest.raises(UnknownNameError, match="Did you mean 'amount'"):
        DEALS.column("amout")


def test_every_kind_of_column_can_be_stored():
    for kind in Kind:
        assert any(column.kind is kind for table in IMPORTED.values() for column in table.columns)
