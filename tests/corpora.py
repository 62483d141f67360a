"""Texts a model may answer with, honest and lying, written by hand and combined in a fixed order.

Slots stand as names of facts in braces, such as ``{closed_won}``; `slotted` turns them into ids.
"""

import re

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
"""Written after the list of words, by the same hand, and never used to add to it: what the list
does to sentences it has not seen."""
_OPENINGS = (
    "", "Overall, ", "In summary, ", "In short, ", "Notably, ", "As the data shows, ",
    "Meanwhile, ", "In addition, ", "Looking closer, ", "To sum up, ", "According to the figures, ", "Here, ",
)  # fmt: skip
_NAME = re.compile(r"\{((?!f[0-9]+\})[a-z_0-9]+)\}")


def slotted(text, sheet):
    """Return a text with slots in the place of names of facts."""
    return _NAME.sub(lambda found: sheet[found[1]].slot, text)


def honest_texts(sheet, count=200):
    """Return texts of one or two honest sentences, each with another opening."""
    texts = []
    for number in range(count):
        first = _opened(HONEST[number % len(HONEST)], _OPENINGS[number % len(_OPENINGS)])
        second = HONEST[(7 * number + 31) % len(HONEST)]
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
