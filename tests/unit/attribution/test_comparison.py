"""Models side by side: nothing is lost, and what has no name never leads."""

from core.attribution.comparison import compare, credit_of
from core.attribution.results import Level, Question
from core.schema import UNATTRIBUTED
from core.scope import Scope
from tests.fakes import small_services

MODELS = ("first_touch", "last_touch", "linear")


def answer(level=Level.CHANNEL):
    services = small_services()
    return services.attribution(Question(Scope("EUR"), MODELS, level=level))


def test_each_column_sums_to_closed_won():
    frame = compare(answer()).frame

    # d1 1,000.00 + d2 2,500.50 + d3 4,000.00; d5 has no amount
    assert [frame[model].sum() for model in MODELS] == [750_050] * 3


def test_the_range_spans_the_models():
    row = compare(answer()).frame.filter(name="Paid search").row(0, named=True)

    # first of d1 and d3: 5,000.00; last of none; half of d1 and a third of d3: 1,833.33
    assert (row["low_minor"], row["high_minor"]) == (0, 500_000)
    assert row["linear"] == 50_000 + 133_333


def test_what_no_touch_explains_stands_last_and_never_leads():
    comparison = compare(answer())

    assert comparison.frame["name"].to_list()[-1] == UNATTRIBUTED
    assert UNATTRIBUTED not in comparison.leaders.values()


def test_each_leading_name_comes_with_the_models_it_leads_by():
    comparison = compare(answer())

    assert comparison.leaders == {
        "first_touch": "Paid search",
        "last_touch": "Partner",
        "linear": "Email",  # half of d2 and a third of d3: 2,583.58
    }
    assert comparison.led == {
        "Paid search": ("first_touch",),
        "Partner": ("last_touch",),
        "Email": ("linear",),
    }


def test_one_models_credit_is_a_plain_table_of_names():
    credit = credit_of(answer(Level.CAMPAIGN), "last_touch")

    assert credit.columns == ["deals", "revenue_minor", "share", "name"]
    assert "Referral" in credit["name"].to_list()
