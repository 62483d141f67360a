"""Words that say what a figure is about: a clause may use them only of facts about that."""

import re
from typing import Final

from core.analyst.check.lists import words_in
from core.analyst.facts import Topic

_T = Topic
_WORDS: Final = (
    ((_T.REVENUE,), "revenue revenues turnover income"),
    ((_T.REVENUE, _T.WON, _T.CLOSED, _T.CYCLE), "sales"),
    ((_T.REVENUE, _T.FORECAST), "booked booking bookings"),
    ((_T.WON, _T.WIN_RATE, _T.REVENUE), "won win wins winning"),
    ((_T.LOST,), "lost lose loses losing losses"),
    ((_T.CLOSED, _T.WON, _T.LOST, _T.REVENUE), "closed closing"),
    ((_T.OPEN,), "open pipeline pipelines unfinished"),
    ((_T.WIN_RATE,), "rate rates convert converts converted converting conversion conversions"),
    ((_T.SIZE,), "size sizes average averages averaged sized"),
    ((_T.CYCLE,), "cycle cycles duration"),
    ((_T.CREDIT,), """
        credit credits credited attribute attributes attributed attribution unattributed earn earns
        earned earning
    """),
    ((_T.UNATTRIBUTED,), "unexplained unattributed"),
    ((_T.TOUCH,), """
        touch touches touched touchpoint touchpoints interaction interactions journey journeys
    """),
    ((_T.SPEND, _T.RETURN, _T.COST_OF_A_DEAL), """
        invested investment investments
        spend spends spent spending cost costs costing budget budgets expense expenses
        expenditure
    """),
    ((_T.RETURN,), "return returns returned roi"),
    ((_T.COST_OF_A_DEAL,), "cac acquisition"),
    ((_T.CHANNEL,), "channel channels campaign campaigns"),
    ((_T.FORECAST,), """
        forecast forecasts forecasted expected expectation outlook
        projection projections projected predict predicts predicted prediction weighted
    """),
    ((_T.NEW_BUSINESS,), "uncreated"),
    ((_T.TARGET,), "target targets goal goals quota quotas"),
    ((_T.CHANCE, _T.WIN_RATE), "chance chances probability probabilities odds likelihood"),
    ((_T.STAGE,), "stage stages"),
    ((_T.PEOPLE,), "rep reps owner owners seller sellers salesperson"),
    ((_T.IMPORT,), "import imports imported importing export exports"),
    ((_T.TOTAL,), "total totals overall"),
    ((_T.FORECAST, _T.NEW_BUSINESS, _T.TARGET, _T.CHANCE, _T.ACTIVITY), "will shall upcoming"),
    ((_T.SIZE, _T.CYCLE), "typical typically"),
    ((_T.NOTHING_HERE,), """
        enterprise enterprises midmarket smb startup startups north northern south southern east
        eastern west western region regions regional domestic overseas foreign european american
        asian global industry industries sector government healthcare retail banking education
        manufacturing weekend weekends rival rivals competitor competitors competition agency
        agencies female male younger older student students executives segment segments
        debt debts refund refunds rent deposit deposits bonus bonuses payment payments prize prizes
        donation charity saving savings fund funds funding valuation margin margins profit profits
        invoice invoices renewal renewals churn retention visitor visitors visits click clicks
        download downloads subscription subscriptions order orders discount discounts penalty
        reward rewards stake stakes tax taxes fee fees wage wages salary salaries headcount cash
        stock inventory shipment shipments complaint complaints defect defects audit audits audited
        seasonal seasonality evening evenings multiplied employee employees
    """),
    ((_T.RANGE,), "interval intervals band bands"),
    ((_T.FORECAST, _T.CHANCE, _T.CREDIT), "estimate estimates estimated"),
    ((_T.STAGE, _T.ACTIVITY, _T.RISK, _T.CHANCE), "age ages"),
)  # fmt: skip

_OF_ONE_DEAL: Final = (
    _T.SIZE, _T.CYCLE, _T.CHANCE, _T.RISK, _T.OPEN, _T.STAGE, _T.ACTIVITY, _T.PEOPLE,
)  # fmt: skip
_SIZED: Final = "sizes?|cycle"
_SIDES: Final = (
    "(figures|numbers|measures|metrics|sides|fronts|counts|points|aspects|areas|changes|channels|"
    "ends|ways|cases|movements|trends|facts|is|has|was)\\b"
)
_COUNTED: Final = (
    "(deals?|wins?|won|closed|open|lost|touch(es)?|opportunit(y|ies)|channels?|models?|records?)\\b"
)
_OTHERS: Final = (
    "(customers|clients|buyers|accounts|users|companies|people|leads|meetings|calls|visits|emails|"
    "messages|contracts|employees|reps|prospects|partners|members|participants)"
)
_AGAINST: Final = "(on|to|below|above|under|met|meets|beat|missed|against|ahead of|behind)"

TOPIC_WORDS: Final[dict[str, frozenset[Topic]]] = {
    word: frozenset().union(*(found for found, words in _WORDS if word in words.split()))
    for _, every in _WORDS
    for word in every.split()
}
"""By word, the topics of which a cited fact has to have one."""

PHRASES: Final[tuple[tuple[re.Pattern[str], frozenset[Topic]], ...]] = tuple(
    (re.compile(pattern), frozenset(topics))
    for pattern, topics in (
        (r"\bwin rates?\b", (_T.WIN_RATE,)),
        (r"\bsales cycles?\b", (_T.CYCLE,)),
        (r"\bsales (team|teams|people|process)\b", ()),
        (r"\bdeal sizes?\b", (_T.SIZE,)),
        (r"\bnew business\b", (_T.NEW_BUSINESS, _T.FORECAST)),
        (r"\bwithout (a|any) (recorded )?touch(es)?\b", (_T.UNATTRIBUTED,)),
        (r"\bno (recorded )?touch(es)?\b", (_T.UNATTRIBUTED,)),
        (r"\btop[- ]line\b", (_T.REVENUE,)),
        (r"\bnext (period|quarter|month|year|time)\b", (_T.FORECAST,)),
        (r"\b(each|every) [a-z]+\b", (_T.SIZE, _T.COST_OF_A_DEAL)),
        (rf"^(a|this|that) deal\b(?! {_SIZED})", _OF_ONE_DEAL),
        (r"\b(any|another|some) deal\b", _OF_ONE_DEAL),
        (rf"\bboth (?!{_SIDES})[a-z]+s\b", (_T.NOTHING_HERE,)),
        (rf"\bnumber of (?!{_COUNTED})[a-z]+\b", (_T.NOTHING_HERE,)),
        (rf"\b(new|lost|more|other) {_OTHERS}\b", (_T.NOTHING_HERE,)),
        (rf"\b{_OTHERS}(?=:| (is|are|was|were|at|came to|stand at|stood at) \{{)",
         (_T.NOTHING_HERE,)),
        (rf"\b{_AGAINST} (the |our |its |their )?plan\b", (_T.TARGET,)),
        (r"\b(the|our) plan (is|was|stands|stood)\b", (_T.TARGET,)),
        (r"\b(is|was|at) (the|our|its) price\b|\bprice of\b", (_T.SIZE,)),
        (r"\b(company|team|business|firm|we|reps?) (also )?(pays?|paid|owes?|owed)\b", (_T.SPEND,)),
        (r"\bdivided by\b", (_T.NOTHING_HERE,)),
        (r"^overall\b", ()),
        (r"\bto sum up\b", ()),
        (r"\b(left|leaves?|remains?|stays?) open\b", (_T.OPEN, _T.UNATTRIBUTED)),
        (r"\bopens? up\b", ()),
        (r"\b(keep|bear) in mind\b", ()),
    )
)  # fmt: skip
"""Turns of phrase that say it as a whole; their words are not looked at again."""

SPANS: Final = words_in(
    """
    day days daily week weeks weekly month months monthly quarter quarterly year years yearly annual
    annually annualised hourly nightly
    """
)
"""Lengths of time: said only where the words of a cited fact say them too."""
