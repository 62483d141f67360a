"""Ask: a question in plain language becomes a choice among the product's metrics and filters."""
