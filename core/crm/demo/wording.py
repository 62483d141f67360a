"""What people write into a CRM: deal names, next steps, reasons, roles."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from core.crm.demo.chance import Chance, Flags, Ints
from core.crm.demo.physical import chosen, day

_PRODUCTS: Final = (
    "Platform",
    "Platform and onboarding",
    "Analytics",
    "Analytics add-on",
    "Team plan",
    "Enterprise plan",
)
_SUFFIX: Final = {1: "Renewal", 2: "Expansion"}

NEXT_STEPS: Final = (
    (
        "Qualify budget and timeline with champion",
        "Send intro deck, book discovery call",
        "Find out who signs",
        "Call back after their planning week",
        "Ask which tools they want to replace",
        "Second call with head of operations",
    ),
    (
        "Discovery with finance and RevOps",
        "Map current reporting, ask for sample data",
        "Book demo with the wider team",
        "Waiting for list of requirements",
        "Get access to their CRM sandbox",
        "Agree on success criteria",
    ),
    (
        "Demo with CFO, bring ROI numbers",
        "Follow up on open questions from demo",
        "Send security questionnaire",
        "Set up trial workspace",
        "Second demo for the regional teams",
        "Review trial results with champion",
    ),
    (
        "Send revised quote",
        "Walk procurement through the proposal",
        "Reference call with a customer in their industry",
        "Champion presents to the board",
        "Answer questions on data protection",
        "Reduce scope to fit this year's budget",
    ),
    (
        "Legal review of MSA, second round",
        "Agree on payment terms",
        "Get signature, contract is out",
        "Final discount approval from VP",
        "Purchase order number from their finance",
        "Settle start date with onboarding",
    ),
)
_RENEWAL_STEPS: Final = (
    ("Check usage before first call", "Find the new budget owner", "Book business review"),
    ("Prepare review with adoption numbers", "Ask for a reference", "Review open tickets first"),
    ("Send renewal quote with two options", "Explain price increase", "Offer multi-year terms"),
    ("Confirm seats with admin", "Get written confirmation", "Align start date with finance"),
    ("Countersign order form", "Wait for purchase order", "Update billing contact"),
)
_LOSS_REASONS: Final = (
    "No decision",
    "Price",
    "Lost to competitor",
    "Missing feature",
    "Budget cut",
    "Champion left",
    "Bad timing",
)
_LOSS_WEIGHTS: Final = (0.31, 0.18, 0.17, 0.1, 0.1, 0.06, 0.08)
_NO_NEXT_STEP: Final = 0.24
_DATED_STEPS: Final = 0.45
_DAYS_AHEAD, _DAYS_LATE = 15, 4


def deal_names(chance: Chance, key: Ints, account: pl.Series, kind: Ints, year: Ints) -> pl.Series:
    """Name deals as sales teams do: who, what, and the year of a renewal."""
    product = chosen(_PRODUCTS, chance.below("product", len(_PRODUCTS), key))
    labels = [_SUFFIX.get(number, "") for number in range(3)]
    words = pl.DataFrame(
        {"account": account, "product": product, "label": chosen(labels, kind), "year": year}
    )
    renewal = pl.format("{} - {} {}", "account", "label", "year")
    expansion = pl.format("{} - {} {}", "account", "product", pl.col("label").str.to_lowercase())
    named = (
        pl.when(pl.col("label") == "Renewal")
        .then(renewal)
        .when(pl.col("label") == "Expansion")
        .then(expansion)
        .otherwise(pl.format("{} - {}", "account", "product"))
    )
    return words.select(named.alias("name"))["name"]


@dataclass(frozen=True)
class Moment:
    """Where deals stand when somebody last wrote a next step.

    Parameters
    ----------
    stage
        Position of the last open stage.
    renewal
        Whether a deal is in the renewals pipeline.
    epoch_days
        The day: the last one of the window, or that of the close.
    """

    stage: Ints
    renewal: Flags
    epoch_days: Ints


def next_steps(chance: Chance, key: Ints, moment: Moment) -> pl.Series:
    """Write next steps that fit the stage; some have a day, some are missing.

    A decided deal keeps its last one, as in any CRM: whether there is one tells nothing about
    the outcome.
    """
    steps = [step for of_stage in (*NEXT_STEPS, *_RENEWAL_STEPS) for step in of_stage]
    each = np.where(moment.renewal, len(_RENEWAL_STEPS[0]), len(NEXT_STEPS[0]))
    first = np.where(moment.renewal, len(NEXT_STEPS) * len(NEXT_STEPS[0]), 0)
    number = first + moment.stage * each + chance.below("next step", each, key)
    written = chance.uniform("next step/none", key) > _NO_NEXT_STEP
    ahead = chance.below("next step/ahead", _DAYS_AHEAD + _DAYS_LATE, key) - _DAYS_LATE
    frame = pl.DataFrame(
        {
            "step": chosen(steps, np.where(written, number, -1)),
            "due": day("due", moment.epoch_days + ahead),
            "dated": chance.uniform("next step/dated", key) < _DATED_STEPS,
        }
    )
    dated = pl.format("{} ({})", "step", pl.col("due").dt.strftime("%-d %b"))
    text = pl.when("dated").then(dated).otherwise("step")
    return frame.select(text.alias("next_step"))["next_step"]


def attributes(chance: Chance, key: Ints, score: Ints, lost: Flags) -> pl.Series:
    """Write what no canonical field takes: a lead score, and why a deal was lost."""
    reason = chance.pick("loss reason", _LOSS_WEIGHTS, key)
    frame = pl.DataFrame(
        {"lead_score": score, "loss_reason": chosen(_LOSS_REASONS, np.where(lost, reason, -1))}
    )
    score_text = pl.concat_str(pl.lit('{"lead_score":"'), "lead_score", pl.lit('"'))
    reason_text = pl.concat_str(pl.lit(',"loss_reason":"'), "loss_reason", pl.lit('"'))
    written = pl.concat_str(score_text, reason_text.fill_null(""), pl.lit("}"))
    return frame.select(written.alias("attributes"))["attributes"]
