"""The analyst: results become facts, facts become sentences, no sentence has a foreign number.

Facts → writer → check → reader. A writer may place slots such as ``{f1}``; the product fills
them with value, unit and noun. Everything else a writer types is checked word by word.
"""
