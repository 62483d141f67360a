"""The check between a writer and a reader: a sentence is kept only if every part of it is known."""
