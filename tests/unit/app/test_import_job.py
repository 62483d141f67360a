"""An import in its thread, and the end of the process."""

import subprocess
import sys

SCRIPT = """
import time
from datetime import UTC, datetime
from app.import_job import ImportJob, Order
from core.crm.importing import ImportOptions

class Waiting:
    def import_files(self, files, now, options):
        print("began", flush=True)
        while not options.is_cancelled():
            time.sleep(0.01)
        print("stopped", flush=True)
        return ()

ImportJob(Waiting(), Order((), datetime(2026, 11, 23, tzinfo=UTC), ImportOptions(), {}))
"""


def test_a_process_that_ends_stops_its_import_and_waits_for_it():
    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=60, check=False
    )

    assert (ended.returncode, ended.stdout.split(), ended.stderr) == (0, ["began", "stopped"], "")
