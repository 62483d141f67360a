"""What changes the data over HTTP: imports, undoing them, doing them again, once and only once."""

import csv
import json
import threading
import time
from datetime import UTC, datetime

import pytest

from app.api.jobs import MOST_UNFINISHED, Kind
from app.api.keys import KeyScope
from app.api.uploads import MOST_FILES
from app.output import receipt_json
from app.services import Services
from core.crm.importing import ImportOptions
from core.crm.mapping import parse_mapping
from core.crm.receipts import SourceFile
from core.workspace import Workspace
from tests.asking import asking_of, assert_problem
from tests.workbooks import archive, sheet, workbook

DEALS = b"""deal_id,name,stage,amount,currency,created_at,closed_at,is_won
D1,Platform,Closed won,1000.00,EUR,2025-01-10,2025-03-05,true
D2,Pilot,Closed lost,12x,EUR,2025-01-15,2025-03-07,false
"""
MORE = DEALS + b"D3,Renewal,Closed won,5.00,EUR,2025-01-10,2025-03-05,true\n"
UNKNOWN = b"Opp #,Opened,Value,State\nX1,2025-01-10,7.00,won\n"
MAP = """
table = "deals"
[columns]
deal_id = "Opp #"
created_at = "Opened"
amount = "Value"
stage = "State"
currency = { constant = "EUR" }
"""


@pytest.fixture
def asking(tmp_path):
    services = Services(Workspace.in_memory())
    yield asking_of(services, tmp_path, scope=KeyScope.WRITE)
    services.close()


def sent(asking, *files, path="/imports", mapping=None, **headers):
    """Send files as a program does."""
    parts = [("files", (name, data, "text/csv")) for name, data in files]
    parts += [("mapping", ("map.toml", mapping.encode()))] if mapping else []
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return asking.client.post(path, files=parts, headers=named)


def told_on_the_command_line(files, mapping=None):
    """Return the objects of import --json, from the same service on a workspace of its own."""
    with Workspace.in_memory() as workspace:
        options = ImportOptions(parse_mapping(mapping) if mapping else None)
        now = datetime(2026, 11, 23, tzinfo=UTC)
        receipts = Services(workspace).import_files([SourceFile(*f) for f in files], now, options)
        return [json.loads(receipt_json(one)) for one in receipts]


def test_an_import_tells_of_each_file_what_the_command_line_does(asking):
    files = [("deals.csv", DEALS), ("empty.csv", b"")]
    answer = sent(asking, *files)

    told = answer.json()
    assert answer.status_code == 200
    assert told["files"] == told_on_the_command_line(files)
    assert (told["status"], told["dry_run"], told["number"]) == ("refused", False, 1)
    assert [one["status"] for one in told["files"]] == ["partial", "refused"]
    assert told["fingerprint"] == asking.services.workspace.fingerprint()
    assert asking.services.workspace.count("deals") == 1


BOOK = workbook(
    {
        "Deals": sheet([*csv.reader(DEALS.decode().splitlines())]),
        "Touches": sheet([["touch_id", "deal_id", "channel", "occurred_at"],
                          ["T1", "D1", "Email", "2025-02-01"]]),
    }
)  # fmt: skip
PACKED = archive({"deals.csv": DEALS, "folder/crm.xlsx": BOOK, "__MACOSX/._deals.csv": b"x"})


@pytest.mark.parametrize(
    ("name", "data", "files", "status"),
    [
        ("crm.xlsx", BOOK, ["crm.xlsx/Deals", "crm.xlsx/Touches"], "partial"),
        (
            "exports.zip",
            PACKED,
            [
                "exports.zip/deals.csv",
                "exports.zip/folder/crm.xlsx/Deals",
                "exports.zip/folder/crm.xlsx/Touches",
            ],
            "partial",
        ),
        ("exports.zip", PACKED[:-40], ["exports.zip"], "refused"),
        ("nested.zip", archive({"in.zip": PACKED}), ["nested.zip/in.zip"], "refused"),
        ("up.zip", archive({"../deals.csv": DEALS}), ["up.zip"], "refused"),
        ("none.zip", archive({}), ["none.zip"], "refused"),
        ("renamed.csv", BOOK, ["renamed.csv"], "refused"),
    ],
    ids=["workbook", "archive", "damaged", "nested", "leads out", "empty", "not what it says"],
)
def test_workbooks_and_archives_are_read_as_on_the_command_line(asking, name, data, files, status):
    answer = sent(asking, (name, data))

    told = answer.json()
    assert answer.status_code == 200
    assert [one["file"] for one in told["files"]] == files
    assert told["files"] == told_on_the_command_line([(name, data)])
    assert told["status"] == status
    assert asking.services.workspace.count("deals") == (0 if status == "refused" else 1)


def test_an_archive_is_not_unpacked_beyond_the_limit_of_an_upload(asking, monkeypatch):
    monkeypatch.setenv("PLUMBLINE_MAX_UPLOAD_MB", "1")
    (told,) = sent(asking, ("big.zip", archive({"deals.csv": b"0" * (2**21)}))).json()["files"]

    assert told["status"] == "refused"
    assert "Unpacked, it has more than 1 MB" in told["error"]


def test_a_dry_run_tells_the_same_and_stores_nothing(asking):
    before = asking.services.workspace.fingerprint()
    dry = sent(asking, ("deals.csv", DEALS), path="/imports?dry_run=true").json()
    stored = asking.services.workspace.count("deals")
    real = sent(asking, ("deals.csv", DEALS)).json()

    assert (dry["dry_run"], dry["number"], dry["fingerprint"], stored) == (True, None, before, 0)
    assert dry["files"] == real["files"]


def test_a_mapping_describes_a_file_no_recipe_knows(asking):
    files = [("crm.csv", UNKNOWN)]
    (without,) = sent(asking, *files).json()["files"]
    (told,) = sent(asking, *files, mapping=MAP).json()["files"]

    assert without["status"] == "refused"
    assert [told] == told_on_the_command_line(files, MAP)
    assert (told["status"], told["table"], told["loaded"]) == ("accepted", "deals", 1)


def test_the_folder_in_a_file_name_is_not_kept(asking):
    (told,) = sent(asking, ("../../exports\\deals.csv", DEALS)).json()["files"]

    assert told["file"] == "deals.csv"


def test_undo_and_redo_go_back_and_forth(asking):
    empty = asking.services.workspace.fingerprint()
    first = sent(asking, ("deals.csv", DEALS)).json()
    second = sent(asking, ("more.csv", MORE)).json()

    undone = asking.client.post("/imports/undo").json()
    assert undone["fingerprint"] == first["fingerprint"]
    assert [(row["number"], row["undone"]) for row in undone["rows"]] == [(2, True)]
    redone = asking.client.post("/imports/redo").json()
    assert redone["fingerprint"] == second["fingerprint"]
    assert [(row["number"], row["undone"]) for row in redone["rows"]] == [(2, False)]
    everything = asking.client.post("/imports/undo?number=1").json()
    assert everything["fingerprint"] == empty
    assert [row["number"] for row in everything["rows"]] == [2, 1]


def test_a_repeat_gets_the_same_answer_and_changes_nothing_again(asking):
    files, name = [("deals.csv", DEALS)], {"Idempotency_Key": "night-1"}
    first, again = sent(asking, *files, **name), sent(asking, *files, **name)
    unnamed = sent(asking, *files).json()

    assert again.content == first.content
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert unnamed["files"][0]["unchanged"]
    assert len(asking.services.timeline.snapshots()) == 1


def test_an_undo_that_is_repeated_goes_back_once(asking):
    sent(asking, ("deals.csv", DEALS))
    sent(asking, ("more.csv", MORE))
    answers = [
        asking.client.post("/imports/undo", headers={"Idempotency-Key": "u1"}) for _ in range(2)
    ]

    assert answers[0].content == answers[1].content
    assert [one.is_undone for one in asking.services.timeline.snapshots()] == [True, False]


def test_an_answer_is_kept_over_a_restart(asking, tmp_path):
    name = {"Idempotency_Key": "night-1"}
    first = sent(asking, ("deals.csv", DEALS), **name)
    restarted = asking_of(asking.services, tmp_path, scope=KeyScope.WRITE)
    restarted.client.headers = asking.client.headers

    assert sent(restarted, ("deals.csv", DEALS), **name).content == first.content


@pytest.mark.parametrize(
    ("file", "path"),
    [(("deals.csv", MORE), "/imports"), (("other.csv", DEALS), "/imports"),
     (("deals.csv", DEALS), "/imports?dry_run=true"), (("deals.csv", DEALS), "/imports/undo")],
)  # fmt: skip
def test_one_name_cannot_mean_two_requests(asking, file, path):
    sent(asking, ("deals.csv", DEALS), Idempotency_Key="night-1")
    before = asking.services.workspace.fingerprint()
    answer = sent(asking, file, path=path, Idempotency_Key="night-1")

    assert_problem(answer, 422, "idempotency-key-reused")
    assert asking.services.workspace.fingerprint() == before


def test_another_key_may_use_the_same_name(asking, tmp_path):
    sent(asking, ("deals.csv", DEALS), Idempotency_Key="night-1")
    _, secret = asking.keys.add("Other", datetime(2026, 11, 23, tzinfo=UTC), KeyScope.WRITE)
    asking.client.headers["Authorization"] = f"Bearer {secret}"

    assert sent(asking, ("more.csv", MORE), Idempotency_Key="night-1").status_code == 200


def test_what_failed_may_be_tried_again_under_its_name(asking):
    name = {"Idempotency-Key": "undo-1"}
    assert_problem(asking.client.post("/imports/undo", headers=name), 409, "undo")
    sent(asking, ("deals.csv", DEALS))

    assert asking.client.post("/imports/undo", headers=name).status_code == 200


def test_repeats_at_the_same_time_wait_for_one_import(asking, held):
    answers = []

    def send():
        answers.append(sent(asking, ("deals.csv", DEALS), Idempotency_Key="night-1"))

    threads = [threading.Thread(target=send) for _ in range(3)]
    for thread in threads:
        thread.start()
    held.release()
    for thread in threads:
        thread.join()

    assert len({answer.content for answer in answers}) == 1
    assert len(asking.services.timeline.snapshots()) == 1


@pytest.fixture
def held(asking):
    """Keep the writing lane busy until released."""
    gate = threading.Event()
    asking.api.state.jobs._lanes[True].put(gate.wait)

    class Held:
        release = staticmethod(gate.set)

    yield Held
    gate.set()


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([("files", ("", b"x"))], "no part with a file"),
        ([("file", ("deals.csv", DEALS))], "'file' is no part"),
        ([("mapping", ("map.toml", MAP.encode()))], "0 files"),
        ([("files", ("a.csv", DEALS))] * (MOST_FILES + 1), "100"),
        ([("files", ("a.csv", DEALS)), ("mapping", ("m", b"\xff"))], "UTF-8"),
        ([("files", ("a.csv", DEALS)), ("mapping", ("m", b"[[["))], "TOML"),
    ],
    ids=["no name", "other part", "no file", "too many", "no text", "no toml"],
)
def test_parts_that_are_not_expected_are_told(asking, parts, words):
    told = assert_problem(asking.client.post("/imports", files=parts), 422, "invalid-parameter")

    assert words in f"{told['detail']} {told['hint']}"


@pytest.mark.parametrize("body", [b"", b"--x", b"--x\r\n\r\n--x--"])
def test_a_broken_body_is_told(asking, body):
    headers = {"Content-Type": "multipart/form-data; boundary=x"}

    assert_problem(asking.client.post("/imports", content=body, headers=headers), 422,
                   "invalid-parameter")  # fmt: skip


def test_a_body_of_another_kind_is_told(asking):
    assert_problem(asking.client.post("/imports", json={}), 415, "unsupported-media-type")


@pytest.mark.parametrize("is_declared", [True, False])
def test_more_than_an_upload_may_be_is_refused(asking, monkeypatch, is_declared):
    monkeypatch.setenv("PLUMBLINE_MAX_UPLOAD_MB", "1")
    body = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.csv"\r\n\r\n'
    body += b"x" * (3 * 2**20) + b"\r\n--x--\r\n"
    answer = asking.client.post(
        "/imports",
        content=body if is_declared else iter([body]),
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    )

    told = assert_problem(answer, 413, "request-entity-too-large")
    assert "1 MB" in told["detail"]
    assert asking.api.state.jobs.listed() == ()


def test_there_is_no_room_for_endless_work(asking):
    jobs = asking.api.state.jobs
    waiting = [jobs.reserve(Kind.IMPORT) for _ in range(MOST_UNFINISHED)]
    answer = sent(asking, ("deals.csv", DEALS))

    assert_problem(answer, 429, "busy")
    assert answer.headers["retry-after"] == "5"
    jobs.drop(waiting[0])
    assert sent(asking, ("deals.csv", DEALS)).status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "name"),
    [
        ("/imports/undo", 409, "undo"),
        ("/imports/redo", 409, "undo"),
        ("/imports/undo?number=7", 404, "unknown-name"),
        ("/imports/undo?number=1.0", 422, "invalid-parameter"),
        ("/imports/redo?number=1", 422, "invalid-parameter"),
        ("/imports?dry_run=1", 422, "invalid-parameter"),
    ],
)
def test_a_change_that_is_not_possible_is_told(asking, path, status, name):
    if "7" in path:
        sent(asking, ("deals.csv", DEALS))

    assert_problem(asking.client.post(path), status, name)


def test_an_import_can_be_watched_as_a_job(asking, held):
    started = sent(asking, ("deals.csv", DEALS), Prefer="respond-async")
    location = started.headers["location"]
    waiting = asking.get(location).json()
    early = asking.get(f"{location}/result")
    held.release()
    result = asking.api.state.jobs.find(waiting["id"]).future.result(timeout=30)
    done = asking.get(location).json()

    assert started.status_code == 202
    assert started.json() == waiting
    assert (waiting["kind"], waiting["state"], waiting["share"]) == ("import", "waiting", 0.0)
    assert_problem(early, 409, "not-done")
    assert (done["state"], done["share"], done["error"]) == ("done", 1.0, None)
    assert done["counts"].items() >= {"file": "deals.csv", "rows": 2, "files": 1}.items()
    assert done["result"]["number"] == 1
    assert asking.get(done["result_url"]).content == result.content
    assert [row["id"] for row in asking.get("/jobs").json()["rows"]] == [done["id"]]


def test_a_job_that_waits_can_be_stopped_and_stores_nothing(asking, held):
    started = sent(asking, ("deals.csv", DEALS), Prefer="respond-async")
    stopped = asking.client.delete(started.headers["location"]).json()
    held.release()

    assert (stopped["state"], stopped["error"]["type"]) == ("cancelled", "urn:plumbline:cancelled")
    for path in (started.headers["location"], f"{started.headers['location']}/result"):
        assert_problem(asking.get(path), 404, "unknown-name")
    assert sent(asking, ("more.csv", MORE)).json()["number"] == 1


def test_a_job_that_is_done_stays_done_and_is_forgotten(asking):
    started = sent(asking, ("deals.csv", DEALS), Prefer="respond-async")
    asking.api.state.jobs.find(started.json()["id"]).future.result(timeout=30)
    told = asking.client.delete(started.headers["location"]).json()

    assert (told["state"], told["result"]["number"]) == ("done", 1)
    assert_problem(asking.client.delete(started.headers["location"]), 404, "unknown-name")


class SlowServices(Services):
    """Services whose import waits for a sign before it stores anything."""

    begun, sign = threading.Event(), threading.Event()

    def import_files(self, files, now, options=None):
        """Say that it has begun, wait, and import."""
        self.begun.set()
        self.sign.wait(timeout=30)
        return super().import_files(files, now, options)


def test_a_job_that_runs_can_be_stopped_until_it_is_stored(tmp_path):
    services = SlowServices(Workspace.in_memory())
    asking = asking_of(services, tmp_path, scope=KeyScope.WRITE)
    started = sent(asking, ("deals.csv", DEALS), Prefer="respond-async")
    services.begun.wait(timeout=30)
    job = asking.api.state.jobs.find(started.json()["id"])

    def go_on_once_it_is_told_to_stop():
        while not job.is_stopping():
            time.sleep(0.01)
        services.sign.set()

    threading.Thread(target=go_on_once_it_is_told_to_stop).start()
    told = asking.client.delete(started.headers["location"]).json()

    assert (told["state"], told["error"]["type"]) == (
        "cancelled",
        "urn:plumbline:import-cancelled",
    )
    assert services.workspace.is_empty()
    services.close()


def test_a_job_that_fails_says_why(asking):
    started = asking.client.post("/imports/redo", headers={"Prefer": "respond-async"})
    job = asking.api.state.jobs.find(started.json()["id"])
    assert job.future.exception(timeout=30)
    told = asking.get(started.headers["location"]).json()

    assert told["state"] == "failed"
    assert told["error"]["type"] == "urn:plumbline:undo"
    assert_problem(asking.get(f"{started.headers['location']}/result"), 409, "undo")


def test_a_job_nobody_knows_is_told(asking):
    assert_problem(asking.get("/jobs/none"), 404, "unknown-name")
