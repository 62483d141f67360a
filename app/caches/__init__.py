"""Caches of the larger parts of the application, a module each; the rules are in `app.cache`."""
