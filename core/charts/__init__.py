"""Charts: a frame in, an Altair chart out; the same for page and PDF."""
