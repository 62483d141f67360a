"""Attribution: journeys, models, reconciliation."""

from core.attribution.credit import attribute
from core.attribution.drill import credited_deals, deal_credits

__all__ = ["attribute", "credited_deals", "deal_credits"]
