"""Sources: CRM exports and the demo simulator, into canonical rows."""
