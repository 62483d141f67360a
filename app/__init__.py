"""The ways in: pages, command line and API; with pages/ the only code that knows a screen."""
