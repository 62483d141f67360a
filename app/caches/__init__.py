"""Caches of the parts of the application, by part."""
