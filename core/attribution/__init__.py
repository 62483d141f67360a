"""Attribution: journeys, models, reconciliation."""

from core.attribution.credit import attribute
from core.attribution.drill import credited_deals, deal_credits
from core.attribution.gaps import gaps
from core.attribution.influence import influenced

__all__ = ["attribute", "credited_deals", "deal_credits", "gaps", "influenced"]
