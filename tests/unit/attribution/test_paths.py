import pytest

from core.attribution.paths import PathCounts
from core.errors import EmptyWorkspaceError, InvalidParameterError


def test_rows_with_the_same_path_are_added_up():
    counts = PathCounts.from_rows([(("A", "B"), 1, 2.0, 3), (("A", "B"), 4, 5.0, 6)])
    assert counts.conversions.tolist() == [5.0]
    assert counts.nulls.tolist() == [9.0]
    assert counts.total_value == 7.0


def test_paths_are_laid_end_to_end_with_their_positions():
    counts = PathCounts.from_rows([(("B", "A", "B"), 1, None, 0), (("A",), 0, None, 1)])
    assert counts.channels == ("A", "B")
    assert counts.steps.tolist() == [1, 0, 1, 0]
    assert counts.starts.tolist() == [0, 3, 4]
    assert counts.path_of_step.tolist() == [0, 0, 0, 1]
    assert counts.position_of_step.tolist() == [0, 1, 2, 0]


def test_the_value_is_unknown_when_a_converting_path_lacks_it():
    assert PathCounts.from_rows([(("A",), 1, 5.0, 0), (("B",), 1, None, 0)]).total_value is None


def test_a_path_that_never_converted_needs_no_value():
    assert PathCounts.from_rows([(("A",), 1, 5.0, 0), (("B",), 0, None, 2)]).total_value == 5.0


def test_channel_sets_hold_each_channel_once_in_code_order():
    sets = PathCounts.from_rows(
        [(("B", "A", "B"), 1, None, 0), (("B",), 1, None, 0)]
    ).channel_sets()
    assert sets.steps.tolist() == [0, 1, 1]
    assert sets.starts.tolist() == [0, 2, 3]


def test_paths_nobody_took_are_left_out_but_channels_keep_their_place():
    counts = PathCounts.from_rows([(("A", "B"), 0, None, 1), (("C", "C"), 1, None, 0)])
    seen = counts.without_nulls().seen()
    assert seen.channels == ("A", "B", "C")
    assert seen.steps.tolist() == [2, 2]


def test_a_path_without_a_touch_is_refused():
    with pytest.raises(InvalidParameterError, match="without a touch"):
        PathCounts.from_rows([((), 1, None, 0)])


def test_data_without_a_conversion_has_nothing_to_share_out():
    with pytest.raises(EmptyWorkspaceError, match="No journey"):
        PathCounts.from_rows([(("A",), 0, None, 3)]).require_conversions()
