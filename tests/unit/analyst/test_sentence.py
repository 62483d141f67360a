"""The check keeps sentences made of slots and plain words, and names what is wrong with others."""

import pytest

from core.analyst.check.problems import Problem
from core.analyst.check.sentence import findings
from tests.corpora import slotted
from tests.facts import invented_sheet

SHEET = invented_sheet()


def problems(text):
    return {finding.problem for finding in findings(slotted(text, SHEET), SHEET)}


@pytest.mark.parametrize(
    "text",
    [
        "{closed_won} came from {won_deals}.",
        "Against {before}, revenue rose: {closed_won_change}.",
        "By {model}, {leader} earned the most: {leader_share}.",
        "{leader_revenue} is more than {second_revenue}.",
        "The win rate fell to {win_rate}, while revenue rose to {closed_won}.",
        "{leader} and {second} are on top, with {leader_share} and {second_share}.",
        "It takes {sales_cycle} to close a deal.",
        "The change is driven by {driver}.",
    ],
)
def test_a_sentence_of_slots_and_plain_words_is_kept(text):
    assert problems(text) == set()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("We won 48 deals, {closed_won}.", Problem.DIGIT),
        ("Revenue was \u0664\u0668 with {closed_won}.", Problem.DIGIT),
        ("Revenue was \u2167 with {closed_won}.", Problem.DIGIT),
        ("We won seven deals with {closed_won}.", Problem.NUMBER_WORD),
        ("Revenue was {closed_won}, vierzig mehr.", Problem.UNKNOWN_WORD),
        ("{closed_won} came in March.", Problem.DATE_WORD),
        ("{closed_won} was worth \u20ac and more.", Problem.CURRENCY),
        ("{win_rate} % of deals.", Problem.PERCENT),
        ("See http://evil.example for {closed_won}.", Problem.LINK),
        ("See evil.example for {closed_won}.", Problem.LINK),
        ("<b>{closed_won}</b> was won.", Problem.MARKUP),
        ("**{closed_won}** was won.", Problem.MARKUP),
        ("{closed_won} was w\u043en.", Problem.CHARACTER),
        ("{closed_won} was\u200b won.", Problem.CHARACTER),
        ("{closed_won} was \u202ewon.", Problem.CHARACTER),
        ("{closed_won} was won.\U000e0049", Problem.CHARACTER),
        ("Revenue was good.", Problem.NO_SLOT),
        ("Revenue was {f99}.", Problem.UNKNOWN_SLOT),
        ("Revenue was {closed_won}k.", Problem.GLUED_SLOT),
        ("Revenue was -{closed_won}.", Problem.GLUED_SLOT),
        ("{closed_won}{won_deals} was won.", Problem.GLUED_SLOT),
        ("Globex brought {closed_won}.", Problem.UNKNOWN_WORD),
        ("{closed_won} came from Growth Partners.", Problem.CAPITAL),
        ("{closed_won} came from email.", Problem.NAME),
        ("Bill brought {closed_won}.", Problem.NAME),
        ("{closed_won} was not won.", Problem.NEGATION),
        ("Revenue was about {closed_won}.", Problem.ALTERED),
        ("Revenue was more than {closed_won}.", Problem.ALTERED),
        ("Revenue was {closed_won} a week.", Problem.ALTERED),
        ("Spend was {closed_won}.", Problem.TOPIC),
        ("We lost {won_deals}.", Problem.TOPIC),
        ("Revenue fell to {closed_won}.", Problem.CLAIM),
        ("{second} leads with {second_share}.", Problem.CLAIM),
        ("Revenue rose because of {leader}.", Problem.CLAIM),
        ("Cut {leader} at once, with {leader_share}.", Problem.CLAIM),
        ("{second_revenue} is more than {leader_revenue}.", Problem.COMPARISON),
        ("{leader} earned {second_revenue}.", Problem.SUBJECT),
        ("Last quarter brought {closed_won}.", Problem.SPAN),
        ("A pair of deals brought {closed_won}.", Problem.NUMBER_WORD),
        ("{win_rate} of customers left.", Problem.ALTERED),
        ("The increase is {closed_won}.", Problem.ALTERED),
        ("It took {sales_cycle} to win {closed_won}.", Problem.ALTERED),
        ("{leader_revenue} and {second_revenue} make {closed_won}.", Problem.COMPARISON),
        ("{leader} and {second} earned {second_share} and {leader_share}.", Problem.SUBJECT),
        ("{second} follows with {leader_share}.", Problem.SUBJECT),
        ("A deal brought {closed_won}.", Problem.TOPIC),
        ("The number of meetings is {won_deals}.", Problem.TOPIC),
        ("{spender} returned {spend}.", Problem.TOPIC),
        ("Revenue met the plan with {closed_won}.", Problem.TOPIC),
        ("Since the election revenue was {closed_won}.", Problem.UNKNOWN_WORD),
    ],
)
def test_a_sentence_that_says_more_than_its_facts_is_refused(text, problem):
    assert problem in problems(text)


def test_a_channel_called_like_a_word_every_sentence_needs_silences_nobody():
    sheet = invented_sheet()
    hostile = type(sheet)(
        sheet.topic, sheet.title, sheet.facts, sheet.fingerprint, ("the", "revenue")
    )

    assert findings(slotted("The revenue was {closed_won}.", hostile), hostile) == ()
