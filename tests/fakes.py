"""A small company anybody can add up, and services that fail on purpose."""

from dataclasses import dataclass

from app.deal_services import DealServices
from app.services import Services
from core.errors import WorkspaceLockedError
from core.workspace import set_meta
from tests.builders import Company


def small_company():
    """Return six deals of two owners: three won in the last quarter, one of them unpriced."""
    company = Company().owner("u1", name="Ada Byron").owner("u2", name="Grace Hopper")
    company.account("a1", name="Northwind", region="DACH").account("a2", name="Kestrel")
    deals = (
        ("d1", "Northwind platform", "u1", "1000.00", "2026-07-01", "2026-08-10", True),
        ("d2", "Kestrel expansion", "u1", "2500.50", "2026-07-15", "2026-10-05", True),
        ("d3", "Halcyon new", "u2", "4000.00", "2026-08-01", "2026-11-10", True),
        ("d4", "Orchid pilot", "u2", "700.00", "2026-09-01", "2026-11-12", False),
        ("d5", "Juniper renewal", "u2", None, "2026-09-10", "2026-11-15", True),
        ("d6", "Larch upgrade", "u1", "9000.00", "2026-10-01", None, None),
    )
    for deal_id, name, owner_id, amount, created_at, closed_at, is_won in deals:
        company.deal(
            deal_id,
            amount,
            closed_at,
            created_at=created_at,
            is_won=is_won,
            name=name,
            owner_id=owner_id,
            account_id="a2" if deal_id == "d2" else "a1",
        )
    touches = (
        ("t1", "d1", "Paid search", "Brand", "2026-07-10"),
        ("t2", "d1", "Events", "Summit", "2026-08-01"),
        ("t3", "d2", "Email", "Nurture", "2026-08-10"),
        ("t4", "d2", "Events", "Summit", "2026-09-01"),
        ("t5", "d3", "Paid search", "Brand", "2026-08-20"),
        ("t6", "d3", "Email", "Nurture", "2026-10-20"),
        ("t7", "d3", "Partner", "Referral", "2026-11-01"),
    )
    for touch_id, deal_id, channel, campaign, occurred_at in touches:
        company.touch(touch_id, occurred_at, channel, campaign=campaign, deal=deal_id)
    return company


def small_services(company=None, kind="own"):
    """Return real services of the small company, or of the one given."""
    workspace = (company or small_company()).workspace()
    with workspace.transaction(of_rows=False) as cursor:
        set_meta(cursor, "kind", kind)
        set_meta(cursor, "as_of", "2026-11-20")
    return Services(workspace)


@dataclass(frozen=True)
class FailingDeals(DealServices):
    """Scores that fail the way a locked file does."""

    def agreeing(self, question, outlook=None):
        """Fail."""
        raise WorkspaceLockedError("acme.duckdb is open in another process.", "Close it.")


@dataclass(frozen=True)
class FailingServices(Services):
    """Services whose every analysis fails the way a locked file does."""

    def overview(self, question):
        """Fail."""
        raise self._locked()

    def attribution(self, question, explained=None):
        """Fail."""
        raise self._locked()

    @property
    def deals(self):
        """Deals that cannot be scored."""
        return FailingDeals(self.workspace)

    def _locked(self):
        return WorkspaceLockedError(
            "acme.duckdb is open in another process.",
            "Close it: ![x](http://example.invalid/a.png).",
        )
