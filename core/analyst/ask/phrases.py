"""How people say the figures, breakdowns and ends of a list; the first that fits is meant."""

from typing import Final

from core.analyst.ask.inquiry import Breakdown, Order
from core.analyst.ask.phrases_ahead import AHEAD
from core.analyst.check.lists import words_in

METRICS: Final = (
    *AHEAD,
    (
        "unattributed_share",
        "|".join(
            (
                r"unattributed revenue",
                r"unattributed share",
                r"unattributed",
                r"unexplained revenue",
                r"unexplained",
                r"without (a |any )?touch(es)?",
                r"no touch(es)?",
                r"without touches",
            )
        ),
    ),
    (
        "credit_share",
        "|".join(
            (
                r"share of (the )?(credit|revenue)",
                r"credit share",
                r"revenue share",
                r"(percentage|part|proportion) of (the )?(credit|revenue)",
            )
        ),
    ),
    (
        "attributed_revenue",
        "|".join(
            (
                r"attributed revenue",
                r"attribution",
                r"credit",
                r"earned",
                r"earns",
                r"earn",
                r"(brings?|brought|bringing|generates?|generated|drives?|drove) "
                r"(us )?(in )?(the )?(revenue|money)",
            )
        ),
    ),
    (
        "attributed_deals",
        "|".join(
            (
                r"attributed deals",
                r"(brings?|brought|generates?|generated) (in )?(the )?(deals|wins)",
            )
        ),
    ),
    (
        "cac",
        "|".join(
            (
                r"\bcac\b",
                r"(customer )?acquisition costs?",
                r"costs? (per|of|for) (a |each |every )?(won )?(deal|win|customer)",
            )
        ),
    ),
    (
        "roi",
        "|".join(
            (
                r"\broi\b",
                r"returns? on (investment|spend|ad spend|marketing)",
                r"\broas\b",
                r"returns?",
                r"pays? off",
                r"profitable",
                r"worth it",
            )
        ),
    ),
    (
        "spend",
        "|".join(
            (
                r"spend",
                r"spent",
                r"spending",
                r"costs?",
                r"budgets?",
                r"expenses?",
                r"pay",
                r"paid",
                r"invest(ed)?",
            )
        ),
    ),
    (
        "win_rate",
        "|".join(
            (
                r"win(ning)? rates?",
                r"close rates?",
                r"closing rates?",
                r"conversion( rates?)?",
                r"hit rates?",
                r"success rates?",
                r"convert",
            )
        ),
    ),
    (
        "sales_cycle",
        "|".join(
            (
                r"sales cycles?",
                r"cycle (length|time)s?",
                r"time to (close|win)",
                r"days to (close|win)",
                r"how (long|many days) "
                r"(does it take|do we need|did it take|does a deal take|do deals take)?"
                r"( us)?( to (close|win)( a deal| deals)?)?",
                r"cycles?",
                r"velocity",
            )
        ),
    ),
    (
        "average_deal",
        "|".join(
            (
                r"average (deal|contract|order)( size| value)?s?",
                r"deal sizes?",
                r"size of (a |our )?deals?",
                r"typical deal( size)?",
                r"\bacv\b",
                r"\basp\b",
                r"deal value",
                r"contract value",
                r"how (big|large) (is|are) (a |an |our |the )?(average |typical )?deals?",
            )
        ),
    ),
    (
        "open_pipeline",
        "|".join(
            (
                r"open pipeline",
                r"pipelines?",
                r"open deals",
                r"open opportunities",
                r"funnel",
            )
        ),
    ),
    (
        "won_deals",
        "|".join(
            (
                r"deals? (did we |were |have we |was |we )?"
                r"(won|win|close[d]?|sign(ed)?)",
                r"won deals?",
                r"(number|count) of (won )?(deals|wins)",
                r"how many (deals|wins|customers)",
                r"wins",
                r"deals won",
                r"(closed|signed) deals",
                r"deals",
            )
        ),
    ),
    (
        "closed_won",
        "|".join(
            (
                r"closed[- ]won",
                r"revenues?",
                r"sales",
                r"bookings?",
                r"turnover",
                r"income",
                r"money",
                r"sell",
                r"sold",
                r"win",
                r"won",
                r"close[d]?",
                r"make",
                r"made",
            )
        ),
    ),
)
"""By figure, the more special ones first."""

BREAKDOWNS: Final = (
    (
        Breakdown.CAMPAIGN,
        "|".join(
            (
                r"(by|per|for each|across|of each|which|what|each) campaigns?",
                r"campaigns?",
            )
        ),
    ),
    (
        Breakdown.CHANNEL,
        "|".join(
            (
                r"(by|per|for each|across|of each|which|what|each) (marketing )?(channel|source)s?",
                r"channels?",
                r"sources?",
            )
        ),
    ),
    (
        Breakdown.OWNER,
        "|".join(
            (
                r"(by|per|for each|across|which|what|each) (sales ?)?"
                r"(owner|rep|person|people|seller|salesperson|team member)s?",
                r"\bwho\b",
                r"owners?",
                r"reps?",
                r"sellers?",
                r"salespeople",
            )
        ),
    ),
    (
        Breakdown.DEAL,
        r"(by|which|what|list|show( me)?)( the| our| of)* (open )?"
        r"(deals?|opportunity|opportunities)",
    ),
    (
        Breakdown.MONTH,
        "|".join(
            (
                r"(by|per|each|every) month",
                r"monthly",
                r"month by month",
                r"over time",
                r"trends?",
                r"history",
            )
        ),
    ),
)
"""By what a figure is told apart by."""

ORDERS: Final = (
    (
        Order.LOWEST,
        "|".join(
            (
                r"lowest",
                r"least",
                r"worst",
                r"smallest",
                r"weakest",
                r"shortest",
                r"cheapest",
                r"bottom",
            )
        ),
    ),
    (
        Order.HIGHEST,
        "|".join(
            (
                r"highest",
                r"most",
                r"best",
                r"largest",
                r"biggest",
                r"strongest",
                r"longest",
                r"top",
                r"leading",
                r"leads",
            )
        ),
    ),
)
"""By which end of a list."""

EMPTY: Final = words_in(
    """
    a about all amount an and any are as at be been before being between big bring brings
    brought business by came can channel close closed come company compared could current
    currently d data deal deals did do does down during each earned every far figure find
    for from generate generated get give go going had has have how hows i in is it its know
    large like list long look looks made make many me monthly much my need needs now number
    numbers of on or our over overall per please rate re revenue s sales see show size so
    take takes tell than that the there this to today total trend trends up us value versus
    vs want was we went were what whats which win with won would you your
    """
)
"""Words that carry no meaning of their own in a question."""
