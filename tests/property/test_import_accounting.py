"""Whatever is in a file: every record is loaded or rejected, or the file is refused as a whole."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.crm.receipts import Status
from core.workspace import Workspace
from tests.exports import DEALS_HEADER, deal, deals, load

AMOUNTS = ["", "1", "1,5", "1.234", "1.234,56", "$5", "NaN", "1e9", "(3)", "abc", "10 EUR", "-0.00"]
DATES = [
    "",
    "2025-01-02",
    "01/02/2025",
    "31/12/2025",
    "12/31/2025",
    "2025-02-30",
    "x",
    "4.3.25 1:02 pm",
]
IDS = ["", "D1", "D2", "007", "1.5E+10", "Total", " D1 ", "d1", "ü", "a@b.io"]
CURRENCIES = ["", "USD", "eur", "XYZ", "JPY"]

ROWS = st.builds(
    deal,
    st.sampled_from(IDS),
    st.sampled_from(AMOUNTS),
    st.sampled_from(CURRENCIES),
    st.sampled_from(DATES),
    st.sampled_from(DATES),
)
MUTATIONS = st.lists(
    st.tuples(
        st.integers(0, 2_000),
        st.sampled_from([b'"', b"\n", b"\r", b",", b"\0", b"\xff", b"\xc3\xa9", b";", b'""', b""]),
    ),
    max_size=6,
)


def _mutated(data, mutations):
    for place, piece in mutations:
        at = place % (len(data) + 1)
        data = data[:at] + piece + data[at + (len(piece) == 0) :]
    return data


def _check(data):
    with Workspace.in_memory() as workspace:
        receipt = load(workspace, data)
        assert receipt.rows_in == receipt.loaded + receipt.rejected
        assert len(receipt.rejects) == receipt.rejected
        if receipt.status is Status.REFUSED:
            assert (receipt.rows_in, bool(receipt.error)) == (0, True)
        else:
            # no row lost, none invented: what is loaded is there, once
            assert workspace.count(receipt.table) == receipt.loaded
            assert len({reject.row for reject in receipt.rejects}) == receipt.rejected
        before = workspace.fingerprint()
        assert load(workspace, data).loaded == receipt.loaded
        assert workspace.fingerprint() == before


SLOW_START = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SLOW_START
@given(st.lists(ROWS, max_size=8), MUTATIONS)
def test_every_record_of_a_damaged_export_is_accounted_for(rows, mutations):
    _check(_mutated(deals(*rows), mutations))


@SLOW_START
@given(st.text(max_size=200), st.sampled_from(["utf-8", "utf-16", "utf-8-sig"]))
def test_any_text_under_a_good_header_is_accounted_for(body, encoding):
    _check((DEALS_HEADER + "\n" + body).encode(encoding, "surrogatepass"))


@SLOW_START
@given(st.binary(max_size=300))
def test_any_bytes_are_accounted_for(data):
    _check(data)
