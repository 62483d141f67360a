"""Words that claim something: each has to be borne out by a fact the sentence cites."""

import re
from typing import Final

from core.analyst.check.lists import words_in
from core.analyst.facts import Claim

_WORDS: Final = (
    ((Claim.UP,), """
        rise rises rose risen rising grow grows grew grown growing growth increase increases
        increased increasing climb climbs climbed climbing gain gains gained gaining up upward
        upwards more longer larger bigger greater higher jump jumps jumped surge surges surged
        soar soars soared expand expands expanded expanding expansion rebound rebounded recover
        recovers recovered recovery exceed exceeds exceeded exceeding surpass surpasses surpassed
        outpace outpaced peak peaked increasingly
        lengthen lengthens lengthened lengthening widen widens widened widening advance advances
        advanced uplift upswing upturn lift lifts lifted accelerate accelerates accelerated
        acceleration escalating raised raises raising upside boom booming soaring
        swell swells swelled swelling swollen heightened
    """),
    ((Claim.DOWN,), """
        fall falls fell fallen falling drop drops dropped dropping decline declines declined
        declining decrease decreases decreased decreasing shrink shrinks shrank shrunk shrinking
        dip dips dipped down downward downwards less fewer lower smaller shorter slide slides slid
        tumble tumbled plunge plunged reduce reduces reduced reduction contraction sink sank
        diminish diminished
        shorten shortens shortened shortening narrows narrowed narrowing ease eases eased easing
        erode erodes eroded erosion decelerate decelerated deceleration retreat retreated
        softer lowering thinner disappear disappears disappeared
    """),
    ((Claim.LEVEL,), """
        level flat stable steady unchanged constant similar equal equally stagnant steadily
        plateau plateaued
    """),
    ((Claim.BETTER, Claim.UP, Claim.FIRST, Claim.PAYS, Claim.SAFE), """
        better improve improves improved improving improvement strong stronger strength strengths
        strengthen strengthened solid healthy healthier good positive positively encouraging
        favourable favorable robust success successful succeed succeeded welcome efficient
        efficiently faster quicker boost boosts boosted excel excels excelled impressive excellent
        great
        brighter brighten thrive thrives thriving upbeat buoyant superb outstanding
        effective effectively enough sufficient sufficiently adequate ample
        remarkable impressively stellar exceptional
    """),
    ((Claim.WORSE, Claim.DOWN, Claim.LAST, Claim.LOSES, Claim.RISKY), """
        worse worsen worsened worsening weak weaker weaken weakened weakness poor poorly bad badly
        negative negatively concerning worrying worrisome disappointing disappoint disappointed
        unfavourable unfavorable slow slower slowed slowing struggle struggles struggled
        struggling trouble troubling problem problems challenge challenges suffer suffers suffered
        underperform underperforms underperformed
        deteriorate deteriorates deteriorated deterioration slowdown downturn setback
        soften softens softened softening sluggish tepid subdued downside cooled cooling bleak
        strained headwind headwinds pressure darker disappointment worry
        broken ineffective deficiency harm harmful severe
    """),
    ((Claim.FIRST,), """
        first lead leads leading led leader leaders top best most highest largest biggest
        strongest main mainly chief chiefly foremost dominant dominate dominates dominated ahead
        primary primarily greatest mostly largely principal outperform outperforms outperformed
        beat beats winner longest fastest
    """),
    ((Claim.LAST,), """
        last lowest least smallest weakest worst trail trails trailed trailing lag lags lagged
        lagging behind slowest shortest bottom
    """),
    ((Claim.PAYS,), "profitable profitably worthwhile payback cheap cheaper"),
    ((Claim.LOSES,), "unprofitable loss wasted waste expensive dear costly"),
    ((Claim.RISKY, Claim.WORSE), """
        risk risks risky danger dangers slip slips slipped slipping stall stalls stalled stalling
        threat threats threaten threatens stuck delay delays delayed late overdue warning warnings
        unlikely jeopardy push pushes pushed vulnerable alarm
    """),
    ((Claim.SAFE, Claim.BETTER), "safe safely likely secure secured reassuring comfortable"),
    ((Claim.UNCLEAR, Claim.DEPENDS, Claim.RISKY), """
        unclear uncertain uncertainty doubt doubts doubtful inconclusive ambiguous questionable
    """),
    ((Claim.AGREED,), "agree agrees agreed agreement unanimous unanimously consensus"),
    ((Claim.DEPENDS,), "disagree disagrees disagreed disagreement differ differs diverge diverges"),
    ((Claim.REASON,), """
        because due thanks cause causes caused causing drive drives drove driven driver drivers
        driving resulted owing explain explains explained reason reasons therefore
        thus hence consequently
    """),
    ((Claim.ADVICE,), """
        should must needs ought recommend recommends recommended recommendation recommendations
        advise advised suggest suggests suggested consider invest invests investing
        prioritise prioritize reallocate cut cuts stop pause shift shifts scale
        escalate urge
    """),
)  # fmt: skip

CLAIM_WORDS: Final[dict[str, frozenset[Claim]]] = {
    word: frozenset(claims) for claims, words in _WORDS for word in words.split()
}
"""By word, the claims of which a cited fact has to carry one."""

IMPERATIVES: Final = words_in(
    """
    ignore disregard forget delete trust distrust send forward contact
    increase decrease raise grow expand boost drop lower cut reduce move add keep focus put give
    hire call launch start close push buy sell try make take
    visit type install copy paste print execute log wire
    """
)
"""Verbs that give advice where a sentence or a clause opens with them."""

PHRASES: Final[tuple[tuple[re.Pattern[str], frozenset[Claim]], ...]] = tuple(
    (re.compile(pattern), frozenset(claims))
    for pattern, claims in (
        (
            r"\b(does|do|did) not depend on (the |which )?(choice of )?models?\b",
            (Claim.AGREED,),
        ),
        (r"\b(regardless of|whatever|whichever) (the )?model\b", (Claim.AGREED,)),
        (
            r"\b(under|by|in|across|for|with) (all|every|each)"
            r"( of the| the)?( compared)? models?\b",
            (Claim.AGREED, Claim.PAYS, Claim.LOSES),
        ),
        (
            r"\b(all|every)( of the| the)?( compared)? models? (agree|put|place|rank)",
            (Claim.AGREED,),
        ),
        (r"\bmodels (do|did) not (all )?agree\b", (Claim.DEPENDS,)),
        (r"\b(depend|depends|depended|depending) on (the |which )?(choice of )?model\b",
         (Claim.DEPENDS,)),
        (r"\bmodel[- ]dependent\b", (Claim.DEPENDS,)),
        (r"\bchoice of model matters\b", (Claim.DEPENDS,)),
        (r"\b(more|less) than (it|they) costs?\b", (Claim.PAYS, Claim.LOSES)),
        (r"\bpay(s|ing)? (off|back|for (itself|themselves))\b", (Claim.PAYS,)),
        (r"\btoo (few|little) (?!to\b|for\b)[a-z]+\b", (Claim.UNCLEAR,)),
        (r"\btoo (few|little|much|many|high|low|big|small|large|short|long)\b", (Claim.WORSE,)),
        (r"\b(is|are|was|were|has|have|had) (already )?gone\b", (Claim.LOSES,)),
        (r"\bon track\b", (Claim.SAFE, Claim.UP)),
        (r"\bresults? of\b", (Claim.REASON,)),
        (r"\b(looking|look) ahead\b", ()),
        (r"\brunner[- ]up\b", ()),
        (r"\b(this|that|it|which) suggests that\b", ()),
        (
            r"(?<!the )\bmost (of|came|come|comes|deals|revenue|wins|credit|channels)\b",
            (Claim.MOST,),
        ),
        (r"\b(bulk|part|rest|remainder) of\b", (Claim.MOST,)),
        (r"\bbottom line\b", ()),
        (r"\b(earns?|earned) (its|their) keep\b", (Claim.PAYS,)),
        (r"\b(hardly|barely|scarcely) (moved|changed|budged)\b", (Claim.LEVEL,)),
        (r"\b(picked|picks|picking|went|goes|going|moved) up\b", (Claim.UP,)),
        (r"\bbehind (it|this|that|these|those|them|the)\b", ()),
        (r"\bat risk\b", (Claim.RISKY,)),
    )
)  # fmt: skip
"""Turns of phrase that claim something as a whole; their words are not looked at again."""

FAMILIES: Final = (
    frozenset({Claim.UP, Claim.DOWN, Claim.LEVEL}),
    frozenset({Claim.BETTER, Claim.WORSE}),
    frozenset({Claim.FIRST, Claim.LAST}),
    frozenset({Claim.AGREED, Claim.DEPENDS, Claim.UNCLEAR}),
    frozenset({Claim.PAYS, Claim.LOSES, Claim.UNCLEAR}),
    frozenset({Claim.RISKY, Claim.SAFE}),
    frozenset({Claim.ADVICE}),
    frozenset({Claim.REASON}),
    frozenset({Claim.MOST}),
)
"""Claims that speak of the same thing: a fact with one of them has a say on the others."""


def on_the_same_thing(claims: frozenset[Claim]) -> frozenset[Claim]:
    """Return every claim of the families that some claims belong to."""
    return frozenset().union(*(family for family in FAMILIES if family & claims))
