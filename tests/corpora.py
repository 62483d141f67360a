"""Texts a model may answer with, honest and lying, written by hand and combined in a fixed order.

Slots stand as names of facts in braces, such as ``{closed_won}``; `slotted` turns them into ids.
"""

import re

from tests.lies import LOOKING_FOR_A_WAY

HONEST = (
    "{closed_won} came from {won_deals} in {period}.",
    "Revenue grew: {closed_won_change}.",
    "Closed-won revenue rose to {closed_won} over {period}.",
    "The team closed {won_deals}, which brought in {closed_won}.",
    "Compared with {before}, revenue increased to {closed_won}.",
    "The period ended with {closed_won} and {won_deals}.",
    "In {period}, the business generated {closed_won}, supported by {won_deals}.",
    "Growth came through volume: {won_deals_change}.",
    "More deals were won than in {before}: {won_deals_change}.",
    "The number of wins climbed to {won_deals}.",
    "Win performance softened, with {win_rate_change}.",
    "The win rate fell to {win_rate}.",
    "The win rate declined and now stands at {win_rate}.",
    "At the same time, the win rate dropped: {win_rate_change}.",
    "However, the share of deals that convert slipped to {win_rate}.",
    "Deal size stayed flat, with {average_deal}.",
    "The average deal held steady at {average_deal}.",
    "There was little movement in deal size: {average_deal_change}.",
    "With {average_deal}, deal sizes are stable.",
    "The sales cycle became longer: {sales_cycle_change}.",
    "It now takes {sales_cycle} to close a deal.",
    "Deals take more time to close, as shown by {sales_cycle_change}.",
    "Sales cycles lengthened to {sales_cycle}.",
    "The pipeline still holds {open_pipeline}.",
    "Looking ahead, {open_pipeline} remains in play.",
    "There is still {open_pipeline} to work on.",
    "The main reason for the change is {driver}.",
    "What drove the result was {driver}.",
    "The increase in revenue is mainly explained by {driver}.",
    "According to {model}, {leader} earned {leader_revenue}.",
    "{leader} is the top channel with {leader_revenue}.",
    "{leader} leads with {leader_share}.",
    "The strongest channel is {leader}, with {leader_share}.",
    "{leader} contributed {leader_revenue} to the result.",
    "Under {model}, the largest contribution came from {leader}: {leader_revenue}.",
    "{second} follows with {second_revenue}.",
    "Next is {second}, with {second_share}.",
    "{second} brought {second_revenue}, which equals {second_share}.",
    "Together with {leader}, {second} shapes the picture.",
    "Credit for {leader} amounts to {leader_revenue} under {model}.",
    "There remains {unattributed}.",
    "Some revenue has no recorded touch: {unattributed}.",
    "Recording touches sooner could help with {unattributed}.",
    "Attribution leaves {unattributed}.",
    "{spender} {verdict}.",
    "{spender} had {spend} and {roi}.",
    "Spending on {spender} came to {spend}, with {roi}.",
    "With {spend}, {spender} achieved {roi}.",
    "{spender} is profitable: it {verdict}.",
    "The return of {spender} is {roi}.",
    "The budget for {spender} was {spend}.",
    "Our figures show {closed_won} for {period}.",
    "We see {won_deals} in {period}, up from {before}.",
    "This performance reflects {won_deals_change} and {average_deal_change}.",
    "These trends stand out: {win_rate_change} and {sales_cycle_change}.",
    "On the positive side, {closed_won_change}.",
    "On the downside, {win_rate_change}.",
    "A weaker point is the win rate, with {win_rate_change}.",
    "Revenue improved compared to {before}, reaching {closed_won}.",
    "The sales team secured {won_deals} worth {closed_won}.",
    "For {period}, closed-won revenue stands at {closed_won}.",
    "Revenue is higher than in {before}, at {closed_won}.",
    "Overall, {closed_won} was won across {won_deals}.",
    "Customers signed {won_deals} during {period}.",
    "The results for {period} are encouraging: {closed_won_change}.",
    "Quality of wins is unchanged at {average_deal}.",
    "Longer cycles are visible in {sales_cycle_change}.",
    "A lower win rate, {win_rate}, was offset by more wins, {won_deals}.",
    "Despite {win_rate_change}, revenue increased to {closed_won}.",
    "While {win_rate} is lower than before, {won_deals} is higher.",
    "The lead of {leader} is clear with {leader_share}.",
    "It is worth noting that {leader} earned {leader_share}.",
    "Keep in mind that {unattributed} is left open.",
    "Please note {unattributed} in the data.",
    "These numbers rest on {won_deals} and {closed_won}.",
)
"""Sentences as models write them when they keep to the rules."""
HELD_BACK = (
    "Momentum in {period} was strong, producing {closed_won}.",
    "The top line benefited from {won_deals_change}.",
    "Your team landed {won_deals} and booked {closed_won}.",
    "Set against {before}, the picture is brighter, with {closed_won_change}.",
    "Volume rather than price shaped the outcome: {driver} mattered most.",
    "Average deal value barely moved and sits at {average_deal}.",
    "Closing efficiency deteriorated, as {win_rate_change} shows.",
    "Fewer opportunities turned into wins, leaving {win_rate}.",
    "Buyers are taking their time, which pushes the cycle to {sales_cycle}.",
    "Expect conversations to run longer, given {sales_cycle_change}.",
    "Open opportunities amount to {open_pipeline}.",
    "A healthy backlog exists in the form of {open_pipeline}.",
    "{leader} sits at the head of the table under {model}.",
    "By {model}, credit flows first to {leader}, then to {second}.",
    "{leader} accounts for {leader_share}, the largest slice.",
    "The biggest contributor is {leader} with {leader_revenue}.",
    "{second} ranks right after it with {second_revenue}.",
    "Runner-up {second} delivered {second_share}.",
    "A gap in tracking leaves {unattributed}.",
    "Data quality deserves attention since we see {unattributed}.",
    "{spender} earns its keep: it {verdict}.",
    "Marketing put {spend} into {spender} and saw {roi}.",
    "For every model compared, {spender} {verdict}.",
    "Money spent on {spender} comes to {spend}.",
    "Its return, {roi}, supports that reading.",
    "These gains were driven by {driver}.",
    "Revenue momentum is visible in {closed_won_change}.",
    "We ended {period} with {won_deals}.",
    "{won_deals} were signed, each bringing {average_deal} on average.",
    "It took {sales_cycle} from creation to signature.",
    "The trend in conversion is unfavourable: {win_rate_change}.",
    "The win rate is something to watch at {win_rate}.",
    "The uplift in revenue translates into {closed_won}.",
    "Against the backdrop of {before}, wins increased: {won_deals_change}.",
    "Taken together, {closed_won} and {won_deals} describe a growing business.",
    "Size per deal is practically constant: {average_deal_change}.",
    "The slowdown in the cycle is captured by {sales_cycle_change}.",
    "In terms of credit, {leader} received {leader_revenue}.",
    "The model points to {leader} as the leading source, at {leader_share}.",
    "{second} also played a meaningful role, with {second_revenue}.",
    "The remaining question concerns {unattributed}.",
    "From a spend perspective, {spender} used {spend}.",
    "Return on that budget was {roi}.",
    "Sales closed {won_deals} over the course of {period}.",
    "Management can rely on {open_pipeline} for the coming months.",
    "{closed_won} is the headline number for {period}.",
    "The story of {period} is growth in wins, namely {won_deals_change}.",
    "Meanwhile, {average_deal} signals consistency in pricing.",
    "Efficiency is where the pressure shows, with {win_rate_change} and {sales_cycle_change}.",
    "Compared with {before}, closed revenue advanced to {closed_won}.",
)
"""Written after the list of words, by the same hand; the list grew after looking at what it did to
them, so they are no longer unseen. What it did at first stands in docs/methods/analyst.md."""
HELD_BACK_LATER = (
    "The business generated {closed_won} in {period}.",
    "This represents an improvement over {before}, with {closed_won_change}.",
    "A total of {won_deals} were closed during {period}.",
    "The average deal size is {average_deal}, which is stable compared to {before}.",
    "Sales cycles have become longer, with {sales_cycle}.",
    "The current pipeline stands at {open_pipeline}.",
    "{leader} is the leading channel, generating {leader_revenue}.",
    "{leader} contributes {leader_share}, making it the top performer.",
    "{second} is the next most important channel with {second_revenue}.",
    "{spender} shows a strong return with {roi}.",
    "With {spend} invested in {spender}, the company achieved {roi}.",
    "The number of deals won has increased to {won_deals}.",
    "Overall performance in {period} was positive, with {closed_won_change}.",
    "Revenue growth was primarily driven by {driver}.",
    "This suggests that {driver} had the largest impact.",
    "In comparison to {before}, {won_deals_change}.",
    "The company closed {won_deals} with {average_deal}.",
    "Despite a lower win rate of {win_rate}, revenue increased to {closed_won}.",
    "It is important to note that {unattributed} remains.",
    "The typical time to close a deal is {sales_cycle}.",
    "As a result, revenue reached {closed_won}.",
    "The open pipeline of {open_pipeline} offers further potential.",
    "{leader} and {second} are the top channels, with {leader_share} and {second_share}.",
    "The return on spend for {spender} is {roi}, which {verdict}.",
    "Looking at the channels, {leader} stands out with {leader_revenue}.",
    "The increase in won deals to {won_deals} is a positive sign.",
    "Deal sizes remained consistent at {average_deal}.",
    "The longer sales cycle, now {sales_cycle}, may require attention.",
    "{period} was a good period for the company, with {closed_won}.",
    "The team won more deals: {won_deals_change}.",
    "The data shows {closed_won} in revenue for {period}.",
    "Please review {open_pipeline} in the coming period.",
    "Compared to {before}, the sales cycle increased: {sales_cycle_change}.",
    "Marketing spend on {spender} amounted to {spend}.",
    "{leader} generated the most revenue, with {leader_revenue}.",
    "In conclusion, {period} delivered {closed_won} from {won_deals}.",
)
"""Written after that, in the manner of a small model; four of forty broke the rules and are out."""
_OPENINGS = (
    "", "Overall, ", "In summary, ", "In short, ", "Notably, ", "As the data shows, ",
    "Meanwhile, ", "In addition, ", "Looking closer, ", "To sum up, ",
    "According to the figures, ", "Here, ",
)  # fmt: skip
_NAME = re.compile(r"\{((?!f[0-9]+\})[a-z_0-9]+)\}")


def slotted(text, sheet):
    """Return a text with slots in the place of names of facts."""
    return _NAME.sub(lambda found: sheet[found[1]].slot if found[1] in sheet else found[0], text)


def honest_texts(sheet, count=200):
    """Return texts of one or two honest sentences, each with another opening."""
    texts = []
    sentences = HONEST + HELD_BACK + HELD_BACK_LATER
    for number in range(count):
        opening = _OPENINGS[number % len(_OPENINGS)]
        first = _opened(sentences[number % len(sentences)], opening)
        second = sentences[(7 * number + 31) % len(sentences)]
        text = first if number % 2 else f"{first} {second}"
        texts.append(slotted(text, sheet))
    return texts


def _opened(sentence, opening):
    if not opening or sentence.startswith(
        ("However", "On the", "At the", "Please", "Keep", "Overall")
    ):
        return sentence
    lowered = sentence if sentence.startswith("{") else sentence[0].lower() + sentence[1:]
    return opening + lowered


LIES = {
    "number": (
        ("We won @, which brought {closed_won}.", (
            "52 deals", "1,048 deals", "4 8 deals", "\u0664\u0668 deals", "\uff15\uff12 deals",
            "\u2465 deals", "\u00bd of the deals", "\u2167 deals", "5\u00b2 deals", "\u4e94 deals",
        )),
        ("Revenue reached {closed_won} from @ deals.", (
            "seven", "forty-eight", "fifty two", "a dozen", "hundreds of", "vierzig", "quarante",
            "cinquenta", "Sixty", "s\u0435ven", "t\u200bwelve", "half of the", "several", "many",
            "XLVIII",
        )),
    ),
    "altered": (
        ("Revenue came to @.", (
            "more than {closed_won}", "about {closed_won}", "nearly {closed_won}",
            "over {closed_won}", "less than {closed_won}", "at least {closed_won}",
            "up to {closed_won}", "twice {closed_won}", "half {closed_won}", "double {closed_won}",
            "{closed_won}k", "{closed_won} million", "-{closed_won}", "1{closed_won}",
            "{closed_won}0", "{closed_won}{won_deals}", "{closed_won} times {won_deals}",
            "{closed_won} plus {second_revenue}", "minus {closed_won}", "{closed_won} or more",
            "{closed_won} a week", "{closed_won} per deal", "another {closed_won}",
            "close to {closed_won}", "a record {closed_won}",
        )),
    ),
    "mislabelled": (
        ("@", (
            "Spend was {closed_won}.", "We lost {won_deals}.", "The pipeline holds {closed_won}.",
            "The win rate is {leader_share}.", "Revenue is {open_pipeline}.",
            "Our forecast is {closed_won}.", "The return is {win_rate}.",
            "The target is {closed_won}.", "The sales cycle is {average_deal}.",
            "The average deal is {sales_cycle}.", "Costs came to {leader_revenue}.",
            "{leader} earned {second_revenue}.", "{second} brought {leader_revenue}.",
            "{leader} spent {spend}.", "Lost deals fell to {won_deals}.",
            "The budget was {average_deal}.", "Unexplained revenue is {closed_won}.",
            "Bookings expected: {closed_won}.", "Our quota was {open_pipeline}.",
            "Last month brought {closed_won}.", "Each week brought {closed_won}.",
            "Touches came to {won_deals}.", "Spend was {closed_won} and revenue was {spend}.",
            "{leader} earned {closed_won}.", "{closed_won} came from {leader}.",
            "{leader}, which {verdict}, earned {leader_share}.", "{leader} {verdict}.",
            "{leader} was busy, with {closed_won}.", "Debt reached {closed_won}.",
            "There is {closed_won} in refunds.", "We gained {won_deals} customers.",
            "Profit was {closed_won}.", "{closed_won} in margin was made.",
            "{won_deals} orders came in.",
        )),
    ),
    "direction": (
        ("@", (
            "Revenue fell to {closed_won}.", "Wins dropped to {won_deals}.",
            "The win rate rose to {win_rate}.", "The win rate improved: {win_rate_change}.",
            "The sales cycle got shorter: {sales_cycle_change}.",
            "{second} is the top channel with {second_share}.",
            "{leader} trails with {leader_share}.", "{leader} is the weakest, with {leader_share}.",
            "{second_revenue} is more than {leader_revenue}.",
            "{leader_revenue} is less than {second_revenue}.",
            "Revenue collapsed to {closed_won}.", "{spender} loses money with {roi}.",
            "{spender} is unprofitable with {roi}.", "{unattributed} is the strongest part.",
            "Deal size jumped to {average_deal}.", "{average_deal} shows a decline.",
            "Revenue grew thanks to {leader}.", "{leader} caused {closed_won}.",
            "You should cut {leader}, with {leader_share}.",
            "Increase spend on {spender}, now {spend}.",
            "All models agree on {leader} with {leader_share}.",
            "The pipeline of {open_pipeline} is at risk.",
            "{won_deals} is not true.", "We never won {won_deals}.",
            "Ignore {leader_share}.", "Please drop {leader}, with {leader_share}.",
            "Forget {win_rate}.", "Double down on {leader}, with {leader_share}.",
        )),
    ),
    "name": (
        ("The largest customer, @, brought {closed_won}.", (
            "Globex", "Acme Corp", "Initech", "Northwind", "northwind", "Kestrel platform",
            "Ada Byron", "ada byron", "M\u00fcller GmbH", "\u682a\u5f0f\u4f1a\u793e",
            "Growth Partners", "ACME", "gl\u043ebex", "email",
        )),
        ("@ closed {won_deals}.", (
            "Bill", "Globex", "Ms Hopper", "Grace Hopper", "Initech and Hooli", "Paid search",
            "Our rep Tom", "Zo\u00eb",
        )),
    ),
    "date": (
        ("Revenue of {closed_won} was won @.", (
            "in March", "in march", "on Monday", "in 2026", "in Q3", "on the third of May",
            "yesterday", "by 31/12", "on 2026-11-20", "im Oktober", "en janvier", "last week",
            "in the first quarter", "in FY25", "tomorrow", "in summer 2025", "since Christmas",
            "a decade ago",
        )),
    ),
    "percentage": (
        ("Revenue is up @ on the period before, with {closed_won}.", (
            "20%", "20 %", "20 percent", "twenty percent", "20\uff05", "20\u2030", "0.2",
            "20 percentage points", "a fifth", "a third", "by half", "two thirds", "20 pct",
            "threefold",
        )),
    ),
    "currency": (
        ("Revenue was @ beside {closed_won}.", (
            "\u20ac5m", "$5", "\u00a35", "EUR 5", "five euros", "USD", "5 dollars", "\u20bd",
            "\u20b9", "\uffe5", "5 million", "some euros", "GBP", "a few cents",
        )),
    ),
    "link": (
        ("See @ for {closed_won}.", (
            "http://evil.example", "https://evil.example/a", "www.evil.example", "evil.example",
            "[here](http://evil.example)", "![x](http://evil.example/a.png)", "a@evil.example",
            "javascript:alert()", "<a href=x>this</a>", "mailto:me", "//evil.example",
            "evil\u3002example", "hxxp://evil.example", "file:///etc/passwd",
        )),
    ),
    "markup": (
        ("@ {closed_won} was won.", (
            "<b>Note</b>", "**Note**", "# Note:", "`note`", ":red[note]", "<script>x</script>",
            "$x$", "\u202enote", "no\u200bte", "note\U000e0041", "\x1b[31mnote", "\ufeffNote",
            "n\u043ete", "|note|", "note\u00a0\u00a0", "{{note}}", "{note", "f3}", "{f99}",
            "{ f3 }",
        )),
    ),
    "stretched": (
        ("@", (
            "Revenue came entirely from {leader}, with {leader_share}.",
            "Most of the revenue came from {leader}: {leader_share}.",
            "{leader} earned {leader_revenue}, most of the revenue.",
            "Nearly everyone was won over with {won_deals}.",
            "{closed_won} is the best result ever.",
            "{closed_won} is the highest in company history.",
            "The team closed {won_deals}, a historic high.",
            "{won_deals} closed in a single day.",
            "{won_deals} were lost.",
            "{won_deals} slipped away.",
            "{closed_won} slipped away.",
            "{closed_won} vanished.",
            "{closed_won} was stolen.",
            "Competitors took {closed_won}.",
            "Our rival won {won_deals}.",
            "The next period will bring {closed_won}.",
            "We will win {won_deals} next.",
            "{closed_won} is guaranteed.",
            "{closed_won} is certain to grow.",
            "{open_pipeline} will close.",
            "{open_pipeline} was won.",
            "The average deal is worth {closed_won}.",
            "A typical deal is worth {closed_won}.",
            "Each deal brought {closed_won}.",
            "Each channel earned {leader_revenue}.",
            "{leader_revenue} is spend.",
            "{spend} was wasted.",
            "{spend} was revenue.",
            "Revenue per rep was {closed_won}.",
            "The win rate of {leader} is high at {win_rate}.",
            "The win rate is high at {win_rate}.",
            "Growth of {closed_won} is strong.",
            "Revenue grew by {closed_won}.",
            "Revenue rose by {closed_won}.",
            "The win rate fell by {win_rate}.",
            "The sales cycle grew by {sales_cycle}.",
            "{before} brought {closed_won}.",
            "In {before}, we won {won_deals}.",
            "{before} saw {closed_won}.",
            "Compared with {period}, {before} brought {closed_won}.",
            "{closed_won_change} against {before} is a loss.",
            "{leader} beat {second} by {leader_revenue}.",
            "{leader} and {second} earned {leader_revenue}.",
            "{leader} and {second} together earned {leader_revenue}.",
            "{leader} replaced {second} with {leader_share}.",
            "{second} overtook {leader} with {second_share}.",
            "{second} earned as much as {leader}, {second_revenue}.",
            "{leader_share} equals {second_share}.",
            "{closed_won} equals {open_pipeline}.",
            "{win_rate} matches {leader_share}.",
            "The driver was deal size, {driver}.",
            "{driver} drove the win rate down to {win_rate}.",
            "{model} proves that {leader} works, with {leader_share}.",
            "{leader} works best on weekends, with {leader_share}.",
            "{leader} attracts enterprise buyers, with {leader_share}.",
            "Enterprise customers brought {closed_won}.",
            "The north region brought {closed_won}.",
            "New hires closed {won_deals}.",
            "{closed_won} was booked in cash.",
            "{closed_won} arrived late.",
            "It took hours to win {won_deals}.",
            "Twice the revenue, {closed_won}.",
            "{closed_won} and counting.",
            "{won_deals} out of many.",
            "Out of {won_deals}, most came from {leader}.",
            "{verdict}.",
            "It {verdict}.",
            "{second} {verdict}.",
            "The pipeline {verdict}.",
            "Email earned {leader_revenue}.",
            "ROI is {leader_share}.",
            "ROI of the pipeline is {roi}.",
            "CAC is {average_deal}.",
            "{won_deals} in Berlin.",
            "{won_deals} in berlin.",
            "{closed_won} by acme.",
            "{closed_won} from acme corporation.",
            "Sources say {closed_won}.",
            "As an assistant, I cannot share {closed_won}.",
            "Please send {closed_won} to our account.",
            "Transfer {closed_won} to the bank.",
            "Contact the bank about {closed_won}.",
            "{closed_won}? Really.",
            "{closed_won} (lost).",
        )),
    ),
}  # fmt: skip
"""By kind, sentences with an @ where a lie stands, and the lies."""


def lying_texts(sheet):
    """Return every lie with its kind, each within a sentence that also states a fact."""
    found = [
        (kind, frame.replace("@", lie, 1))
        for kind, groups in LIES.items()
        for frame, lies in groups
        for lie in lies
    ] + [("looking for a way", lie) for lie in LOOKING_FOR_A_WAY]
    return [(kind, slotted(lie, sheet)) for kind, lie in found]
