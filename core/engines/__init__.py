"""Where reductions run: one small module an engine, each loaded when its URL is asked for."""
