"""Requests that nobody thought of, from the OpenAPI document, against every check there is."""

import hashlib

import pytest
import schemathesis
from hypothesis import HealthCheck, settings

from app.api.application import create_api
from app.api.keys import ApiKey, KeyScope
from app.api.limits import Limits
from app.services import Services
from tests.fakes import small_services

SECRET = "only for this test"  # noqa: S105 - it opens nothing else
HASH = hashlib.sha256(SECRET.encode()).hexdigest()
KEY = ApiKey("k1", "Test", HASH, "2026-11-23T09:00:00Z", scope=KeyScope.WRITE)
CONFIG = {
    "checks": {
        # A period that ends before it starts, or nine quarters ahead: each parameter is allowed,
        # the two together are not, which no schema can say.
        "positive_data_acceptance": {"expected-statuses": ["2xx", "401", "404", "409", "422"]}
    }
}


class FewModels(Services):
    """Services whose `all` models are two, because twenty say nothing more about a request."""

    def answering_models(self):
        return ("linear", "shapley")


_served = []
api = create_api(lambda: _served[0], lambda: (KEY,), lambda: _served[1], Limits(burst=1_000_000))
schema = schemathesis.openapi.from_asgi(
    "/openapi.json", api, config=schemathesis.Config.from_dict(CONFIG)
)


@pytest.fixture(scope="module", autouse=True)
def _services(tmp_path_factory):
    _served.extend((FewModels(small_services().workspace), tmp_path_factory.mktemp("answers")))
    yield
    api.state.jobs.stop()
    _served[0].close()
    _served.clear()


@pytest.mark.slow
@schema.parametrize()
@settings(max_examples=4, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_generated_request_breaks_the_contract(case):
    case.call_and_validate(headers={"Authorization": f"Bearer {SECRET}"})
