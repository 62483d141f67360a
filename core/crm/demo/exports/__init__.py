"""The same company as HubSpot, Salesforce or our template would export it, clean or dirty."""

from collections.abc import Callable, Sequence
from typing import Final

from core.crm.demo.chance import Chance
from core.crm.demo.company import Company
from core.crm.demo.exports import hubspot, salesforce, template
from core.crm.demo.exports.book import Book
from core.crm.demo.exports.dirt import Dirt, dirt_from, soiled
from core.errors import UnknownNameError

__all__ = ["FORMATS", "Dirt", "dirt_from", "export"]

FORMATS: Final[dict[str, Callable[[Company], Book]]] = {
    "hubspot": hubspot.book,
    "salesforce": salesforce.book,
    "template": template.book,
}
"""How each CRM's export is made, by name."""


def export(company: Company, crm: str, dirt: Sequence[Dirt] = ()) -> dict[str, bytes]:
    """Return the export files of a company; the same seed gives the same bytes.

    Parameters
    ----------
    company
        What to export.
    crm
        Whose format, see `FORMATS`.
    dirt
        What goes wrong on the way.

    Raises
    ------
    UnknownNameError
        If there is no such format.
    """
    if crm not in FORMATS:
        raise UnknownNameError.among("export format", crm, FORMATS)
    book = FORMATS[crm](company)
    return soiled(book, tuple(dirt), Chance(company.options.seed)).files()
