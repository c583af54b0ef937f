"""A registry of a thousand patients: how much of the time of `pathways plan FOLDER` is not the plans themselves. Only where the cores are free."""

import os
import time

import pytest
from processes import run
from registries import write_tables

from pathways.case.loading import load_case
from pathways.knowledge.protocols import load_protocol
from pathways.planning.plan import plan

PATIENTS = 1000
MOST = 1.2


def seconds(work):
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def command(*words):
    status, _, told = run(*words)
    assert status == 0, told


@pytest.mark.benchmark
def test_a_thousand_table_rows_take_at_most_1_2_times_their_plans_on_all_cores(tmp_path):
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if os.getloadavg()[0] > 0.5:
        pytest.skip("needs cores that nobody else uses")
    command("simulate", "--patients", PATIENTS, "--save-cases", tmp_path / "drawn", "--json")
    cases = [load_case(file) for file in sorted((tmp_path / "drawn").iterdir()) if ".schema" not in file.name]
    tables = write_tables(cases, tmp_path)
    drafts = seconds(lambda: command("import", "table", *tables, "-o", tmp_path / "made"))
    protocol = load_protocol()
    plan(cases[0], protocol)
    alone = seconds(lambda: [plan(case, protocol) for case in cases])
    together = seconds(lambda: command("plan", tmp_path / "made", "--json-lines"))
    print(
        f"{PATIENTS} rows: drafts {drafts:.1f} s, plans alone {alone:.1f} s, the folder {together:.1f} s on {cores} cores"
    )
    print(f"the folder: {together * cores / alone:.2f} times its plans a core")
    assert together <= MOST * alone / cores
