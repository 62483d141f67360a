"""A sheet of facts made by hand, with everything a text may meet: figures, names, verdicts.

The company is invented: revenue and won deals rose, the win rate fell, the cycle got longer.
"""

from core.analyst.facts import Claim, FactSheet, FactUnit, Topic, numbered
from core.analyst.sheets import making
from core.analyst.sheets.making import Place, Said, topics

PLACE = Place("EUR", (("period", "Last quarter"),))
OF_CREDIT = topics(Topic.CREDIT, Topic.REVENUE, Topic.CHANNEL)
OF_RETURN = topics(Topic.RETURN, Topic.SPEND, Topic.CHANNEL, Topic.MODEL)
NAMES = ("Email", "Paid search", "Northwind", "Kestrel platform", "Ada Byron", "Grace Hopper")


def invented_sheet(topic="overview"):
    """Return the sheet; its slots are f1 to f26 in the order below."""
    link = PLACE.link("overview")
    up, down = making.course(120, 100, "closed_won"), making.course(80, 100, "win_rate")
    longer = making.course(70, 60, "sales_cycle")
    before = "the 12 months before"

    def figure(name, made, previous):
        return [made, making.change(made, previous, before, "before")]

    revenue = Said(
        "closed-won revenue",
        "closed-won revenue of the period",
        "closed_won",
        topics(Topic.REVENUE, Topic.WON, Topic.TOTAL),
        up,
    )
    won = Said("won deal", "number of deals won", "won_deals", topics(Topic.WON, Topic.TOTAL), up)
    rate = Said(
        "win rate", "win rate of the period", "win_rate", topics(Topic.WIN_RATE, Topic.CLOSED), down
    )
    size = Said(
        "average deal",
        "average size of a won deal",
        "average_deal",
        topics(Topic.SIZE, Topic.WON),
        frozenset({Claim.LEVEL}),
    )
    cycle = Said(
        "sales cycle",
        "length of the sales cycle",
        "sales_cycle",
        topics(Topic.CYCLE, Topic.WON, Topic.CLOSED),
        longer,
    )
    open_deals = Said(
        "open pipeline, not weighted",
        "value of all open deals",
        "open_pipeline",
        topics(Topic.OPEN),
    )
    driver = Said(
        "reason",
        "what moved revenue most",
        "closed_won",
        topics(Topic.REVENUE, Topic.WON),
        frozenset({Claim.FIRST, Claim.REASON}) | up,
    )
    facts = [
        making.words("period", "the last 12 months", Said("period", "the period"), link,
                     FactUnit.PERIOD),
        making.words("before", before, Said("period", "the period before", subject="before"), link,
                     FactUnit.PERIOD),
        *figure("closed_won", making.money("closed_won", 421_034_512, revenue, PLACE, link),
                350_000_000),
        *figure("won_deals", making.count("won_deals", 48, won, link), 40),
        *figure("win_rate", making.share("win_rate", 0.24, rate, link, "a win rate of {}"), 0.3),
        *figure("average_deal", making.worth("average_deal", 8_771_552, size, PLACE, link,
                                             "an average deal of {}"), 8_750_000),
        *figure("sales_cycle", making.days("sales_cycle", 70, cycle, link,
                                           "a typical sales cycle of {}"), 60),
        making.money("open_pipeline", 1_200_000_000, open_deals, PLACE, link),
        making.words("driver", "the number of deals won", driver, link),
        making.words("model", "the linear model",
                     Said("model", "the chosen model", "", topics(Topic.MODEL)), link),
        *_channel("leader", "Email", 151_000_000, 0.36, 1),
        *_channel("second", "Paid search", 98_000_000, 0.23, 2),
        making.share("unattributed", 0.12,
                     Said("of the revenue", "part of the revenue no touch explains",
                          "unattributed_share",
                          topics(Topic.UNATTRIBUTED, Topic.TOUCH, Topic.REVENUE, Topic.CREDIT)),
                     link, "an unexplained share of {} of the revenue"),
        *_spender(link),
    ]  # fmt: skip
    return FactSheet(topic, "An invented company", numbered(facts), "state", NAMES)


def _channel(prefix, name, minor, share, number):
    link = PLACE.link("attribution")
    about = f"channel number {number} by revenue"
    claims = frozenset({Claim.FIRST}) if number == 1 else frozenset()
    subject = f"channel {number}"
    of = Said("attributed revenue", f"revenue of the {about}", "attributed_revenue", OF_CREDIT,
              claims, subject, f"for {name}")  # fmt: skip
    part = Said("of the revenue", f"share of the {about}", "credit_share", OF_CREDIT, claims,
                subject, f"for {name}")  # fmt: skip
    return [
        making.name_of(prefix, name, Said("channel", f"name of the {about}", "", OF_CREDIT, claims,
                                          subject), link),
        making.money(f"{prefix}_revenue", minor, of, PLACE, link),
        making.share(f"{prefix}_share", share, part, link),
    ]  # fmt: skip


def _spender(link):
    pays = frozenset({Claim.PAYS})
    said = Said(
        "channel", "name of the channel with the most spend", "", OF_RETURN, pays, "spender"
    )
    of = Said("spend", "spend of that channel", "spend", topics(Topic.SPEND, Topic.CHANNEL),
              frozenset(), "spender", "for Paid search")  # fmt: skip
    roi = Said("return", "return of that channel", "roi", OF_RETURN, pays, "spender",
               "for Paid search")  # fmt: skip
    verdict = Said("verdict", "verdict of the rule on that channel", "roi", OF_RETURN, pays,
                   "spender")  # fmt: skip
    return [
        making.name_of("spender", "Paid search", said, link),
        making.money("spend", 40_000_000, of, PLACE, link),
        making.share("roi", 1.45, roi, link, "a return on spend of {}"),
        making.words("verdict", "returns more than it costs under all 6 models compared", verdict,
                     link),
    ]  # fmt: skip
