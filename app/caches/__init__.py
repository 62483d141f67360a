"""Caches of the parts of the application, a module each; keys as in `app.cache`."""
