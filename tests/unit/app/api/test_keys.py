"""Keys are shown once, kept as hashes, revoked at once; a key may not ask too much."""

import stat
from datetime import UTC, datetime

import pytest

from app.api.keys import KeyFile, KeyScope, holder
from app.api.limits import MOST_BUCKETS, Buckets, Limits, stranger
from core.errors import KeysDamagedError, UnknownNameError

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def file(tmp_path):
    return KeyFile.beside(tmp_path / "acme.duckdb")


def test_a_workspace_without_keys_has_none(file):
    assert file.path.name == "acme.duckdb.keys.json"
    assert file.keys() == ()


def test_the_secret_is_not_in_the_file_that_only_its_owner_reads(file):
    _, secret = file.add("Warehouse", NOW)

    assert secret not in file.path.read_text()
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert [path.name for path in file.path.parent.iterdir()] == [file.path.name]


def test_a_secret_finds_its_own_key_until_that_is_revoked(file):
    first, secret = file.add("Warehouse", NOW)
    second, other = file.add("Sheet", NOW)

    assert holder(file.keys(), secret) == first
    file.revoke(first.key_id, NOW)

    assert holder(file.keys(), secret) is None
    assert holder(file.keys(), other) == second


@pytest.mark.parametrize("secret", ["", "plumbline_", "é\udcff", "x" * 10_000])
def test_any_other_text_finds_no_key(file, secret):
    file.add("Warehouse", NOW)

    assert holder(file.keys(), secret) is None


def test_revoking_twice_keeps_the_first_moment(file):
    made, _ = file.add("Warehouse", NOW)
    file.revoke(made.key_id, NOW)

    assert file.revoke(made.key_id, datetime(2027, 1, 1, tzinfo=UTC)).revoked_at == NOW.isoformat()


def test_revoking_a_key_there_is_not_says_which_there_are(file):
    made, _ = file.add("Warehouse", NOW)

    with pytest.raises(UnknownNameError, match=made.key_id):
        file.revoke("nobody", NOW)


def test_a_key_may_read_unless_it_was_made_to_write(file):
    reader, _ = file.add("Warehouse", NOW)
    writer, _ = file.add("Loader", NOW, KeyScope.WRITE)

    kept = file.keys()
    assert [key.scope for key in kept] == [KeyScope.READ, KeyScope.WRITE]
    assert (reader.may_write, writer.may_write) == (False, True)


def test_a_key_from_before_there_were_scopes_may_read(file):
    file.path.write_text(
        '[{"key_id": "k", "name": "", "secret_hash": "", "created_at": "2026-01-01"}]'
    )

    (kept,) = file.keys()
    assert kept.scope is KeyScope.READ


OTHER_SCOPE = '[{"key_id":"k","name":"","secret_hash":"","created_at":"","scope":"admin"}]'


@pytest.mark.parametrize("content", [OTHER_SCOPE, "", "{}x", '[{"a": 1}]', "[1]", "7"])
def test_a_damaged_file_lets_nobody_in(file, content):
    file.path.write_text(content)

    with pytest.raises(KeysDamagedError, match="none of them works"):
        file.keys()


def test_a_bucket_refills_with_time_and_each_key_has_its_own():
    moment = [0.0]
    buckets = Buckets(Limits(burst=2, requests_per_second=0.5, clock=lambda: moment[0]))

    assert [buckets.wait_seconds("a") for _ in range(3)] == [0, 0, 2]  # 1 request / 0.5 a second
    assert buckets.wait_seconds("b") == 0
    moment[0] = 2.0

    assert [buckets.wait_seconds("a") for _ in range(2)] == [0, 2]


def test_no_more_buckets_are_kept_than_there_is_room_for():
    buckets = Buckets(Limits(burst=1, requests_per_second=1, clock=lambda: 0.0))
    for number in range(MOST_BUCKETS):
        buckets.wait_seconds(f"stranger {number}")

    assert buckets.wait_seconds("stranger 1") == 1
    buckets.wait_seconds("one more")
    assert buckets.wait_seconds("stranger 0") == 0  # idle longest, so forgotten
    assert buckets.wait_seconds("stranger 1") == 1


@pytest.mark.parametrize(
    ("address", "who"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("testclient", "unknown"),
    ],
)
def test_a_stranger_counts_by_the_address_one_machine_can_have(address, who):
    assert stranger(address) == who
