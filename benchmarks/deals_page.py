"""How fast the Deals page answers, with 5,000 deals whose export was imported twice.

    python benchmarks/deals_page.py [deals]

Each change is one rerun of the page in this process, without a browser: the script from its first
line to its last, as a click causes it. Processor and wall milliseconds; the median of several.
"""

import sys
import time
from collections.abc import Callable, Sequence
from itertools import cycle
from pathlib import Path

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app.deal_services import DealQuestion  # noqa: E402
from app.services import Services  # noqa: E402
from benchmarks.model_change import measured, opened, setting, told  # noqa: E402
from tests.twice import imported_twice  # noqa: E402

DEALS = 5_000
FIELDS = ("region", "industry")
"""Columns a part of the deals is chosen by."""


def addressed(page: AppTest, deal_ids: Sequence[str]) -> Callable[[], None]:
    """Return what names the next of some deals in the address, as a click on its row does."""
    remaining = iter(deal_ids)

    def change() -> None:
        page.query_params["deal"] = next(remaining)

    return change


def main() -> None:
    """Print what was measured."""
    with imported_twice(int(sys.argv[1]) if len(sys.argv) > 1 else DEALS) as workspace:
        services = Services(workspace)
        wall, start = time.perf_counter(), time.process_time()
        page = opened(services, "deals.py")
        processor = time.process_time() - start
        told("first view", 1000 * processor, 1000 * (time.perf_counter() - wall))
        scores = services.deals.scored(DealQuestion("EUR"))
        print(f"{services.coverage().deals:,} deals, {scores.frame.height:,} of them open")
        ids = scores.frame["deal_id"].to_list()
        fields = [one for one in services.selection.fields() if one.name in FIELDS]
        parts = [[f"{field.name} = {value}"] for field in fields for value in field.values]
        changes = {
            "nothing changed": lambda: None,
            "another risk band": setting(page, "risk", cycle([["high"], ["low"], []])),
            "another drawer": addressed(page, ids),
            "another part chosen": setting(page, "where", parts),
            "a part chosen before": setting(page, "where", cycle(parts[2:5])),
        }
        for name, change in changes.items():
            told(name, *measured(page, change))
            page.query_params.pop("deal", None)  # the drawer is drawn with the page


if __name__ == "__main__":
    main()
