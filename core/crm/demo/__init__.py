"""A simulated B2B company: demo data, exports to test importers with, and a laboratory."""

from core.crm.demo.company import Company, load, simulate
from core.crm.demo.options import DemoOptions
from core.crm.demo.scenarios import SCENARIOS
from core.crm.demo.truth import Truth, fair_shares
from core.crm.demo.truth import forget as forget_truth
from core.crm.demo.truth import read as read_truth

__all__ = [
    "SCENARIOS",
    "Company",
    "DemoOptions",
    "Truth",
    "fair_shares",
    "forget_truth",
    "load",
    "read_truth",
    "simulate",
]
