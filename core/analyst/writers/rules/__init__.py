"""The writer that is always there: good prose from rules, the same words for the same facts."""
