"""Views under a name are kept with the workspace, and say what they are when they cannot be."""

import pytest

from core.deals.listing import Column, Listing, Until
from core.deals.saved_views import (
    LONGEST_NAME,
    MOST_VIEWS,
    SavedViews,
    change_views,
    saved_views,
)
from core.deals.views import DealView, Moved
from core.errors import InvalidParameterError, UnknownNameError
from core.workspace import Workspace, set_meta

AT_RISK = Listing(
    show=DealView.SLIPPING,
    until=Until.NEXT_QUARTER,
    owner_ids=("u1", "u2"),
    bands=("high", "medium"),
    signals=("stalled",),
    moved=(Moved.FELL,),
    columns=(Column.AMOUNT, Column.MOVED),
    sort=Column.MOVED,
    ascending=True,
)


def test_a_view_survives_a_restart_with_all_it_says(tmp_path):
    file = tmp_path / "w.duckdb"
    with Workspace.create(file) as workspace:
        change_views(workspace, lambda views: views.saved("At risk", AT_RISK))
        change_views(workspace, lambda views: views.opening_with("At risk"))

    with Workspace.open(file) as workspace:
        assert saved_views(workspace) == SavedViews((("At risk", AT_RISK),), "At risk")


def test_a_workspace_without_views_has_none():
    with Workspace.in_memory() as workspace:
        assert saved_views(workspace) == SavedViews()


def test_saving_does_not_change_the_name_of_the_data():
    with Workspace.in_memory() as workspace:
        before = workspace.fingerprint()
        change_views(workspace, lambda views: views.saved("At risk", AT_RISK))

        assert workspace.fingerprint() == before


def test_names_are_in_order_whatever_their_case_and_in_one_line():
    views = (
        SavedViews().saved("beta", Listing()).saved("Alpha", Listing()).saved(" a\n b ", AT_RISK)
    )

    assert views.names == ("a b", "Alpha", "beta")


def test_a_view_of_the_same_name_is_replaced():
    views = SavedViews().saved("Mine", Listing()).saved("Mine", AT_RISK)

    assert views.views == (("Mine", AT_RISK),)


def test_renaming_keeps_what_a_view_says_and_that_it_opens_by_itself():
    views = SavedViews().saved("Mine", AT_RISK).opening_with("Mine").renamed("Mine", "Ours")

    assert views == SavedViews((("Ours", AT_RISK),), "Ours")


def test_a_name_another_view_has_is_refused():
    views = SavedViews().saved("Mine", AT_RISK).saved("Ours", Listing())

    with pytest.raises(InvalidParameterError, match="called Ours already"):
        views.renamed("Mine", "Ours")


@pytest.mark.parametrize("name", ["", "  ", "\n", "x" * (LONGEST_NAME + 1)])
def test_a_name_that_is_none_is_refused(name):
    with pytest.raises(InvalidParameterError, match="needs a name"):
        SavedViews().saved(name, AT_RISK)


def test_there_is_an_end_to_views():
    views = SavedViews(tuple((f"{number:02}", Listing()) for number in range(MOST_VIEWS)))

    with pytest.raises(InvalidParameterError, match="Delete one first"):
        views.saved("one more", Listing())


def test_a_deleted_view_opens_no_longer_by_itself():
    views = SavedViews().saved("Mine", AT_RISK).opening_with("Mine")

    assert views.without("Mine") == views.without("Mine").without("Mine") == SavedViews()


@pytest.mark.parametrize(
    "change", [lambda v: v.renamed("No", "Way"), lambda v: v.opening_with("No")]
)
def test_a_view_that_is_not_there_is_an_error_that_says_so(change):
    with pytest.raises(UnknownNameError, match="No"):
        change(SavedViews().saved("Mine", AT_RISK))


def test_what_another_version_knew_is_left_out_and_the_rest_kept():
    odd = (
        '{"views": {"Mine": {"show": "gone", "until": 7, "bands": ["high", "huge"],'
        ' "signals": "stalled", "columns": ["moved", "x"], "sort": "chance", "ascending": 1}},'
        ' "default": "Yours"}'
    )
    with Workspace.in_memory() as workspace:
        with workspace.transaction(of_rows=False) as cursor:
            set_meta(cursor, "deal views", odd)

        expected = Listing(bands=("high",), columns=(Column.MOVED,), sort=Column.CHANCE)
        assert saved_views(workspace) == SavedViews((("Mine", expected),), "")
