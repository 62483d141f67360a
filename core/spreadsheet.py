"""Rows as a file a spreadsheet opens without running anything in it."""

from typing import Final

import polars as pl

_STARTS_A_FORMULA: Final = r"^[=+\-@\t\r]"

_BYTE_ORDER_MARK: Final = "\ufeff".encode()


def csv_bytes(frame: pl.DataFrame) -> bytes:
    r"""Return rows as UTF-8 comma-separated text, with a mark that lets Excel know the encoding.

    A text cell that a spreadsheet would run as a formula gets an apostrophe in front, which shows
    it as text instead.

    >>> csv_bytes(pl.DataFrame({"name": ["=1+1", "Brand"], "n": [-1, 2]})).decode("utf-8-sig")
    "name,n\n'=1+1,-1\nBrand,2\n"
    """
    text = pl.col(pl.String)
    neutral = frame.with_columns(
        pl.when(text.str.contains(_STARTS_A_FORMULA))
        .then(pl.lit("'") + text)
        .otherwise(text)
        .name.keep()
    )
    return _BYTE_ORDER_MARK + neutral.write_csv().encode()
