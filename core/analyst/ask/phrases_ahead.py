"""How people say the figures of what is to come: the forecast, and the chances of open deals."""

from typing import Final

_GOOD: Final = r"(good|accurate|reliable|right|trustworthy|precise)"
_GETS: Final = r"(reach|hit|make|meet|beat|get to|exceed)(es|ing)?"

AHEAD: Final = (
    (
        "quota_chance",
        "|".join(
            (
                r"(what |how )?(is |are )?(the |our )?"
                r"(chances?|probability|probabilities|likelihood|odds|likely)"
                r"( (is it|do we|will we|we|of|to|that|will))*"
                rf"( {_GETS})?( (of|the|our|a))*( quarterly)? (quotas?|targets?)",
                rf"(will|can|do|could) we {_GETS} (the |our )?(quotas?|targets?)",
                rf"{_GETS} (the |our )?(quotas?|targets?)",
                r"(quota|target) (chances?|attainment|probability|odds)",
                r"on track( for| to)?( the| our)?( quota| target)?",
            )
        ),
    ),
    (
        "calibration_error",
        "|".join(
            (
                r"calibration( errors?)?|calibrated",
                rf"how {_GOOD} (are|were|is) (the |our |your )?(deal |win )?"
                r"(scores?|scoring|chances?|probability|probabilities|predictions?)",
                r"(can|should|do) (we|i) trust (the |our |your )?(deal |win )?"
                r"(scores?|chances?|probability|probabilities|predictions?)",
                r"(scores?|chances?) (accuracy|reliability)",
            )
        ),
    ),
    (
        "forecast_error",
        "|".join(
            (
                r"forecasts? (errors?|accuracy|misses|record)",
                rf"how {_GOOD} (are|were|is|was) (the |our |your |past )*forecasts?",
                r"(can|should|do) (we|i) trust (the |our |your )?forecasts?",
                r"how (far )?(off|wrong) (are|were|is|was) (the |our |your |past )*forecasts?",
            )
        ),
    ),
    (
        "open_at_risk",
        "|".join(
            (
                r"(how many|number of|count of) (open )?(deals|opportunities) (are )?"
                r"(at (high )?risk|risky|in danger)",
            )
        ),
    ),
    (
        "value_at_risk",
        "|".join(
            (
                r"((open )?(pipeline|revenue|money|value|deals|opportunities) )?(are |is )?"
                r"(at (high )?risk|in danger)",
                r"risky( deals| opportunities)?",
                r"(will|might|may|could|are (likely|going) to) (we )?(lose|be lost)",
                r"likely to (lose|be lost)",
            )
        ),
    ),
    (
        "slipping_value",
        "|".join(
            (
                r"(will|might|may|could|going to|likely to)( \w+)? slip",
                r"slip(s|ping|page)?",
            )
        ),
    ),
    (
        "expected_value",
        "|".join(
            (
                r"expect(ed)?( value| revenue)?( (of|from|in))( (the|our))? "
                r"(open deals|open pipeline|pipeline|deals)",
                r"expected value",
                r"expected to bring",
            )
        ),
    ),
    (
        "win_chance",
        "|".join(
            (
                r"((win|winning|closing) )?(chances?|probability|probabilities|odds|likelihoods?)"
                r"( (to|of|that we|we|for us to) (win|winning|close|closing))?",
                r"(how |most |least )?(likely|probable)( is it| are we)?"
                r"( (to|that we|we will|we)( will)? (win|close|be won))?",
                r"scores?",
            )
        ),
    ),
    (
        "forecast",
        "|".join(
            (
                r"((revenue|sales|bookings) )?forecasts?( revenue| sales)?",
                r"outlook",
                r"projections?|projected( revenue| sales)?",
                r"(where )?(will|do) we (land|end up)",
                r"(what|how (much|many))( revenue| sales| bookings| money)? "
                r"(do|can|should|may|will) (we|i) (expect|win|make|sell|book|close|earn)",
                r"(will|would) (our |the )?(revenue|sales|bookings)( be)?",
                r"expect(ed)? (revenue|sales|bookings|to (win|make|sell|book|close))",
                r"(revenue|sales|bookings) (is |are )?(expected|to come|ahead)",
            )
        ),
    ),
    ("win_chance", r"(will|can) we (win|close|get)"),
)
"""By figure, the more special ones first."""

OF_A_DEAL: Final = (
    r"chances?|probability|probabilities|odds|likely|likelihood|will we|can we|scores?|risk"
)
"""Words that ask about a deal by its name."""
