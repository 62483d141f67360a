"""A scope that contradicts itself is refused."""

from datetime import date

import pytest

from core.errors import InvalidParameterError
from core.scope import Scope


def test_a_period_that_ends_before_it_starts_is_refused():
    with pytest.raises(InvalidParameterError, match="starts on 2025-03-01 and ends on 2025-02-28"):
        Scope("EUR", date(2025, 3, 1), date(2025, 2, 28))


def test_equal_scopes_are_equal_keys():
    assert {Scope("EUR", owner_ids=("a",)): 1}[Scope("EUR", owner_ids=("a",))] == 1
