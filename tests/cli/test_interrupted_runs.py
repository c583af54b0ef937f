"""`simulate -o` as processes that are stopped, killed and started again: what was finished is kept, and the end is the same bytes."""

import contextlib
import io
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from processes import ROOT, at_once, run, start

from cluster import cluster_of

CASE = ROOT / "scenarios" / "published" / "abl-01.yaml"
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
pytestmark = posix
# Eight chunks, a tenth of a second each; of those that are ended and not taken up again, more.
PATIENTS = 8 * 65536 - 10
MANY = 60 * 65536


def words(output, *more, patients=PATIENTS):
    return ["simulate", CASE, "--patients", patients, "-o", output, *more, "--json"]


def counts(out):
    found = json.loads(out)
    found.pop("timing")
    return found


def parts_of(folder, name):
    return next(iter(folder.glob(f".{name}.*.parts")), None)


def running_with(folder, name, chunks, *more, seed="0", patients=PATIENTS, **options):
    """A run that has finished so many chunks, and goes on."""
    process = start(
        *words(folder / name, *more, patients=patients), env={"PYTHONHASHSEED": seed}, start_new_session=True, **options
    )
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        parts = parts_of(folder, name)
        if parts is not None and len(list(parts.glob("0*.json"))) >= chunks:
            return process
        time.sleep(0.002)
    process.kill()
    raise AssertionError(process.communicate())


def workers_of(process):
    """Everything that a run has begun, and what that has begun."""
    return [*begun_by(process.pid)]


def begun_by(pid):
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for one in map(int, (task / "children").read_text().split()):
                yield from (one, *begun_by(one))


def alive(pid):
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    return False


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    file = tmp_path_factory.mktemp("undisturbed") / "rows.parquet"
    status, out, err = run(*words(file), env={"PYTHONHASHSEED": "1"})
    assert (status, err) == (0, "")
    return file.read_bytes(), counts(out)


def test_what_never_happened_is_null_in_what_the_command_writes(undisturbed):
    import pyarrow.compute as pc
    from pyarrow import parquet

    table = parquet.read_table(io.BytesIO(undisturbed[0])).select(
        ["day_cleared", "day_resected", "day_recurred", "resected"]
    )
    assert table.num_rows == PATIENTS
    for name in ("day_cleared", "day_resected", "day_recurred"):
        days = table[name]
        assert 0 < days.null_count < PATIENTS, name
        assert pc.min(days).as_py() >= 0
    assert PATIENTS - table["day_resected"].null_count == pc.sum(table["resected"]).as_py()


def test_a_stopped_run_goes_on_in_a_new_process_and_nothing_damaged_is_joined(undisturbed, tmp_path):
    old = tmp_path / ".rows.parquet.0123456789ab-65536.parts"
    old.mkdir()
    (old / "000000.json").write_text("{}")
    process = running_with(tmp_path, "rows.parquet", 4, seed="2")
    process.send_signal(signal.SIGSTOP)
    # Meanwhile a second one, of the same or of something else, is refused.
    status, _, err = run(*words(tmp_path / "rows.parquet", patients=20))
    assert (status, "another run is writing it" in err) == (2, True)
    process.send_signal(signal.SIGTERM)
    process.send_signal(signal.SIGCONT)
    begun = time.monotonic()
    _, err = process.communicate(timeout=30)
    assert time.monotonic() - begun < at_once()
    assert process.returncode == 143
    assert b"left by a run of something else (1 chunks), removed" in err
    assert b"chunks are kept: the same command goes on from there" in err
    assert b"Traceback" not in err
    assert not old.exists()
    parts = parts_of(tmp_path, "rows.parquet")
    # Cut short; exchanged; of another simulation; a sign without its rows.
    whole = (parts / "000000.patients.parquet").read_bytes()
    (parts / "000000.patients.parquet").write_bytes(whole[:-1])
    for end in ("json", "patients.parquet"):
        (parts / f"000001.{end}").write_bytes((parts / f"000002.{end}").read_bytes())
    (parts / "000003.json").write_text((parts / "000003.json").read_text().replace('"resected": ', '"resected": 1'))
    status, out, err = run(*words(tmp_path / "rows.parquet", "--workers", "2"), env={"PYTHONHASHSEED": "3"})
    assert status == 0
    assert "chunk 0, 1, 3: damaged, or not of this simulation; done again" in err
    assert (tmp_path / "rows.parquet").read_bytes() == undisturbed[0]
    assert counts(out) == undisturbed[1]
    assert [one.name for one in tmp_path.iterdir()] == ["rows.parquet"]


@pytest.mark.parametrize(
    "number", [*(pytest.param(one, marks=pytest.mark.slow) for one in (signal.SIGINT, signal.SIGTERM)), signal.SIGHUP]
)
def test_a_signal_ends_the_workers_too(number, tmp_path):
    """To the whole group, as a terminal sends it."""
    process = running_with(tmp_path, "rows.parquet", 1, "--workers", "2", patients=MANY)
    workers = workers_of(process)
    assert workers
    begun = time.monotonic()
    os.killpg(process.pid, number)
    _, err = process.communicate(timeout=30)
    while any(map(alive, workers)) and time.monotonic() - begun < at_once():
        time.sleep(0.01)
    assert time.monotonic() - begun < at_once()
    assert process.returncode == 128 + number
    assert err.decode().splitlines()[-1].startswith("stopped; ")
    assert b"Traceback" not in err


@pytest.mark.slow
def test_workers_do_not_outlive_a_run_that_is_killed(tmp_path):
    process = running_with(tmp_path, "rows.parquet", 1, "--workers", "2", patients=MANY)
    workers = workers_of(process)
    process.kill()
    process.communicate()
    until = time.monotonic() + at_once()
    while any(map(alive, workers)) and time.monotonic() < until:
        time.sleep(0.01)
    assert not any(map(alive, workers))


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_twenty_rounds_of_kills_end_in_the_same_bytes(workers, undisturbed, tmp_path):
    luck, killed = random.Random(workers), 0
    while True:
        process = start(*words(tmp_path / "rows.parquet", "--workers", workers), env={"PYTHONHASHSEED": str(killed)})
        try:
            # From before the first chunk to the middle of the join.
            out, err = process.communicate(timeout=luck.uniform(0.5, 2.2) if killed < 20 else 120)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            killed += 1
            continue
        assert process.returncode == 0, err
        if killed >= 20:
            break
        # Finished too soon: the next round begins with nothing.
        assert (tmp_path / "rows.parquet").read_bytes() == undisturbed[0]
        killed += 1
    assert counts(out) == undisturbed[1]
    assert (tmp_path / "rows.parquet").read_bytes() == undisturbed[0]
    assert [one.name for one in tmp_path.iterdir()] == ["rows.parquet"]


@pytest.mark.slow
def test_a_cluster_that_loses_a_worker_ends_in_the_same_bytes(undisturbed, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    with cluster_of(2, tmp_path) as (where, workers):
        process = running_with(folder, "rows.parquet", 2, "--scheduler", where)
        workers[0].kill()
        out, err = process.communicate(timeout=240)
    assert process.returncode == 0, err
    assert counts(out) == undisturbed[1]
    assert (folder / "rows.parquet").read_bytes() == undisturbed[0]
