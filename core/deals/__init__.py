"""How likely each open deal is to be won, why, what puts it at risk and what to do next."""
