"""Every reason a record can be rejected for, and what to do about it."""

from typing import Final

SUGGESTIONS: Final = {
    "unterminated_quote": "Close the quote, or remove it; the lines after it were read as usual.",
    "bad_quote": "Double the quotes inside a quoted field.",
    "field_too_long": "Shorten the field to 65,536 characters.",
    "field_count": "Quote fields that hold the delimiter; each record needs as many as the header.",
    "nul_byte": "Remove the NUL character.",
    "bad_encoding": "Save the file as UTF-8 in one go; this line is in another encoding.",
    "repeated_header": "Nothing to do: it is the header of a second export.",
    "total_row": "Nothing to do: a line of totals is no record.",
    "deleted_record": "Nothing to do: the CRM marks it as deleted.",
    "other_record": "Nothing to do: it is about something that is not used.",
    "missing_id": "Add the id.",
    "missing_value": "Fill it in: a record cannot be used without it.",
    "id_scientific": "A spreadsheet has cut the id short. Export again and import without opening.",
    "duplicate_row": "Nothing to do: the same record stands further up.",
    "duplicate_id": "The first record with this id was kept. Remove the one that is wrong.",
    "not_finite": "Write a number, or leave it blank when it is not known.",
    "amount_out_of_range": "Amounts must be below ten trillion.",
    "subcent_amount": "Round it to two decimal places.",
    "bad_amount": "Write digits, one decimal mark and at most a currency.",
    "ambiguous_amount": "Say whether the decimal mark is a point or a comma.",
    "mixed_number_format": "Most amounts of this column use the other decimal mark.",
    "unknown_currency": "Use a three-letter code of ISO 4217, such as EUR.",
    "currency_conflict": "The symbol beside the amount is of another currency than the code.",
    "bad_date": "Write it as 2025-03-31.",
    "ambiguous_date": "Say whether the day or the month comes first.",
    "mixed_date_format": "Some dates have the day first and some the month. Use 2025-03-31.",
    "date_out_of_range": "Dates must lie between 1990 and 2100.",
    "bad_bool": "Write true or false, or leave it blank.",
}
