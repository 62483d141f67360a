"""Results turned into sheets of facts, a module a topic."""
