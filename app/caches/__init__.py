"""Caches of the areas of the product, a module each; the rules are those of `app.cache`."""
