"""Caches by area of the product; the rules of `app.cache` hold here too."""
