"""Attribution: journeys, models, reconciliation."""
