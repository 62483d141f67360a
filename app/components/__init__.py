"""Reusable pieces of a page: they show, they do not compute."""
