"""Requests that nobody thought of, from the OpenAPI document, against every check there is."""

import hashlib

import pytest
import schemathesis
from hypothesis import HealthCheck, settings

from app.api.application import create_api
from app.api.keys import ApiKey, KeyScope
from app.report_services import ReportServices
from app.services import Services
from core.crm.receipts import SourceFile
from tests.asking import NOW, PLENTY
from tests.fakes import small_services

SECRET = "only for this test"  # noqa: S105 - it opens nothing else
HASH = hashlib.sha256(SECRET.encode()).hexdigest()
KEY = ApiKey("k1", "Test", HASH, "2026-11-23T09:00:00Z", scope=KeyScope.WRITE)
DEAR = (
    "accounts/{account_id}",
    "attribution",
    "deals",
    "deals/{deal_id}",
    "explanations/{topic}",
    "figures",
    "forecast",
    "journeys",
    "journeys/flows",
    "overview",
    "report.pdf",
)
CONFIG = {
    "request-timeout": 120,  # a loaded machine is slow, not wrong
    "checks": {
        # A period that ends before it starts, or nine quarters ahead: each parameter is allowed,
        # the two together are not, which no schema can say; a body may be no multipart body.
        "positive_data_acceptance": {
            "expected-statuses": ["2xx", "401", "404", "409", "415", "422"]
        }
    },
    # Every boundary of every parameter is hundreds of requests: benchmarks/api_fuzz.py sends them.
    "operations": [
        {"include-name": f"GET /{path}", "phases": {"coverage": {"enabled": False}}}
        for path in DEAR
    ],
}
DEALS = b"""deal_id,name,stage,amount,currency,created_at,closed_at,is_won
D1,Platform,Closed won,1000.00,EUR,2025-01-10,2025-03-05,true
"""


class QuickReports(ReportServices):
    """Reports that are made at once, because their pages say nothing about a request."""

    def pdf(self, question, progress=None):
        """Return the head of a document."""
        return b"%PDF-1.7"


class QuickServices(Services):
    """Services whose `all` models are two, because twenty say nothing more about a request."""

    def answering_models(self):
        """Return two."""
        return ("linear", "shapley")

    @property
    def reports(self):
        """Reports that are made at once."""
        return QuickReports(self)


_served = []
api = create_api(lambda: _served[0], lambda: (KEY,), lambda: _served[1], PLENTY)
schema = schemathesis.openapi.from_asgi(
    "/openapi.json", api, config=schemathesis.Config.from_dict(CONFIG)
)


@pytest.fixture(scope="module", autouse=True)
def _services(tmp_path_factory):
    services = QuickServices(small_services().workspace)
    services.import_files([SourceFile("deals.csv", DEALS)], NOW)  # so that there is one to undo
    _served.extend((services, tmp_path_factory.mktemp("answers")))
    yield
    api.state.jobs.stop()
    _served[0].close()
    _served.clear()


@pytest.mark.slow
@schema.parametrize()
@settings(max_examples=4, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_generated_request_breaks_the_contract(case):
    case.call_and_validate(headers={"Authorization": f"Bearer {SECRET}"})
