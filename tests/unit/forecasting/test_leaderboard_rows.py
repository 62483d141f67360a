"""Leaderboards as rows say how sure each figure is and how many values it rests on."""

from core.forecasting.leaderboard_rows import outlook_rows
from core.forecasting.outlook_results import OutlookStanding
from core.forecasting.series_results import Coverage, Skill

COVERED = Coverage(80, 9, 12, 6, 0.4, 0.95)
OUTLOOK = OutlookStanding(
    "outlook", "Outlook", 0.2, 100.0, 0.8, -10.0, Skill(0.1, -0.1, 0.3), (COVERED,), 4, 12
)


def test_the_outlook_comes_with_its_error_skill_and_coverage():
    row = outlook_rows((OUTLOOK,)).row(0, named=True)

    assert (row["error"], row["chosen"], row["n"], row["origins"]) == ("20.0%", True, 12, 4)
    assert row["mase"] == 0.8
    assert (row["skill"], row["low"], row["high"]) == (0.1, -0.1, 0.3)
    assert (row["inside80"], row["band80"]) == (0.75, "9 of 12, 40% to 95%")
    assert (row["inside95"], row["band95"]) == (None, None)


def test_a_way_that_could_not_be_replayed_is_left_out():
    unmeasured = OutlookStanding(
        "series", "Series alone", None, None, None, None, Skill(None), (), 0, 0
    )

    assert outlook_rows((OUTLOOK, unmeasured))["title"].to_list() == ["Outlook"]
