"""Those who turn facts into sentences: rules, and models that run elsewhere."""
