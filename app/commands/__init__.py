"""The larger commands, a module each; `app.cli` lists them."""
