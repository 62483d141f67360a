"""Keys of the API are made, listed and revoked from the command line."""

import json

from app.api.keys import KeyFile, holder


def test_a_key_is_shown_once_and_works_until_it_is_revoked(run, workspace):
    status, out, _ = run("key", "add", "--workspace", workspace, "--name", "Warehouse")
    file = KeyFile.beside(workspace)
    secret = out.splitlines()[-1]
    (listed,) = json.loads(run("key", "list", "--workspace", workspace, "--json")[1])

    assert status == 0
    assert (listed["name"], listed["revoked_at"]) == ("Warehouse", "")
    assert holder(file.keys(), secret).key_id == listed["key_id"]
    assert secret not in run("key", "list", "--workspace", workspace)[1]

    assert run("key", "revoke", listed["key_id"], "--workspace", workspace)[0] == 0
    assert holder(file.keys(), secret) is None


def test_a_key_writes_only_if_it_was_made_to(run, workspace):
    asked = ("key", "add", "--workspace", workspace)
    reads, writes = run(*asked)[1], run(*asked, "--scope", "write")[1]
    listed = json.loads(run("key", "list", "--workspace", workspace, "--json")[1])

    assert "may read." in reads
    assert "may read and write." in writes
    assert [key["scope"] for key in listed] == ["read", "write"]
    assert "write" in run("key", "list", "--workspace", workspace)[1]
    assert run(*asked, "--scope", "admin")[0] == 2


def test_before_the_first_key_the_list_says_so(run, workspace):
    assert run("key", "list", "--workspace", workspace)[1] == "no keys yet\n"


def test_a_workspace_that_is_not_there_gets_no_keys(run, tmp_path):
    status, _, err = run("key", "add", "--workspace", tmp_path / "none.duckdb")

    assert status == 2
    assert "There is no workspace" in err
    assert not list(tmp_path.iterdir())
