"""Names and addresses of people: exports have them, the canonical tables do not."""

import numpy as np
import polars as pl

from core.crm.demo.chance import Chance
from core.crm.demo.company import Company
from core.crm.demo.names import REGIONS, pools, slug


def people(company: Company) -> pl.DataFrame:
    """Return everyone's name and e-mail address; the domains cannot exist.

    Returns
    -------
    polars.DataFrame
        ``contact_id, first_name, last_name, email``: one row a contact, in their order.
    """
    contacts = company.tables["contacts"].select("contact_id", "account_id")
    accounts = company.tables["accounts"].select(
        "account_id",
        "region",
        domain=pl.Series([f"{slug(name)}.example" for name in company.tables["accounts"]["name"]]),
    )
    row = np.arange(contacts.height)
    chance, pool = Chance(company.options.seed), pools(company.options.seed)
    regions = [region.name for region in REGIONS]
    joined = contacts.join(accounts, on="account_id", how="left", maintain_order="left")
    region = joined["region"].replace_strict(regions, list(range(len(regions)))).to_numpy()
    named = joined.select(
        "contact_id",
        "domain",
        first_name=_drawn(pool.first, region, chance.uniform("person/first", row)),
        last_name=_drawn(pool.last, region, chance.uniform("person/last", row)),
    )
    return named.with_columns(email=_address()).select(
        "contact_id",
        "first_name",
        "last_name",
        # Two namesakes in one company: the later one gets a number, as administrators do.
        email=pl.when(pl.col("email").is_first_distinct())
        .then("email")
        .otherwise(pl.col("email").str.replace("@", pl.format("{}@", pl.int_range(pl.len())))),
    )


def _drawn(pool: tuple[tuple[str, ...], ...], region: np.ndarray, share: np.ndarray) -> pl.Series:
    first = np.cumsum([0, *(len(names) for names in pool)])
    size = np.diff(first)
    every = pl.Series([name for names in pool for name in names])
    return every.gather(first[region] + (share * size[region]).astype(np.int64))


def _address() -> pl.Expr:
    plain = [
        pl.col(name).str.normalize("NFKD").str.to_lowercase().str.replace_all(r"[^a-z0-9]", "")
        for name in ("first_name", "last_name")
    ]
    return pl.format("{}.{}@{}", *plain, "domain")
