"""A click on the page against the plan of the same case in the same process: what the meeting waits for beside the plan itself."""

import re
import statistics
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest
from shipped import PUBLISHED, named

import pathways as pw
from page.browsing import Visit, ask
from page.serving import served
from pathways.page.plans import forget
from pathways.page.text import read

pytestmark = pytest.mark.benchmark
MOST_TIMES = 3.0


def timed(what):
    begin = time.perf_counter()
    found = what()
    return time.perf_counter() - begin, found


def click(path, screen):
    """A number of the case is changed on a screen: the whole request, the plan made anew, against the plan of the changed case."""
    visit = Visit.of(path, path=f"/{screen}")
    pairs = [*visit.values(), ("f:patient.age_years", "61")]
    body = urlencode(pairs).encode()
    changed = pw.parse_case(Visit.of(path, path="/case").fill("f:patient.age_years", "61").press().value("base"))
    found = []
    for _ in range(3):
        forget()
        plan = timed(lambda: pw.plan(changed))[0]
        forget()
        # What was shown last has been read; what comes out of the click has not.
        read.cache_clear()
        read(dict(pairs)["base"])
        page, answer = timed(lambda: ask(visit.app, "POST", f"/{screen}", body=body))
        assert answer.status == 200
        found.append(page / plan)
    return statistics.median(found)


@pytest.mark.parametrize("screen", ["case", "pathways"])
def test_a_click_takes_at_most_three_plans(screen):
    ratios = {path.stem: click(path, screen) for path in PUBLISHED[::3]}
    median = statistics.median(ratios.values())
    print(screen, f"median {median:.2f}", {name: round(ratio, 2) for name, ratio in ratios.items()})
    assert median <= MOST_TIMES


PEOPLE, EVERY_S, ROUNDS = 20, 5.0, 5
MOST_TIMES_TOGETHER = 6.0


def sent(address, pairs):
    request = urllib.request.Request(address + "pathways", data=urlencode(pairs).encode())
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read()


def test_twenty_people_who_click_every_five_seconds_wait_at_most_six_plans(tmp_path):
    path = named("sim-02")
    visit = Visit.of(path, path="/pathways")
    pairs = [*visit.values()]
    case = pw.load_case(path)
    plans = statistics.median(timed(lambda: pw.plan(case))[0] for _ in range(7))
    waited = []

    def person(number):
        time.sleep(number * EVERY_S / PEOPLE)
        for at in range(ROUNDS):
            seconds, _ = timed(lambda age=str(20 + number + at): sent(address, [*pairs, ("f:patient.age_years", age)]))
            waited.append(seconds)
            time.sleep(max(0.0, EVERY_S - seconds))

    with served(path, folder=tmp_path) as (address, _):
        sent(address, pairs)
        with ThreadPoolExecutor(PEOPLE) as pool:
            list(pool.map(person, range(PEOPLE)))
    median = statistics.median(waited)
    print(f"twenty people: median {median * 1000:.0f} ms, {median / plans:.2f} plans of {plans * 1000:.0f} ms")
    assert median / plans <= MOST_TIMES_TOGETHER


def memory(process):
    text = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    return int(re.search(r"VmRSS:\s+(\d+)", text)[1]) / 1024


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the memory of a process is read from /proc")
def test_memory_stays_flat(tmp_path):
    path = named("rep-01")
    pairs = [*Visit.of(path, path="/pathways").values()]
    with served(path, folder=tmp_path) as (address, process):
        found = []
        for at in range(1001):
            sent(
                address,
                [*pairs, ("f:patient.age_years", str(18 + at % 90)), ("f:patient.weight_kg", str(40 + at / 20))],
            )
            if at % 250 == 0:
                found.append(memory(process))
    print("memory, MB, every 250 requests:", [round(one) for one in found])
    assert found[-1] < found[1] * 1.1
