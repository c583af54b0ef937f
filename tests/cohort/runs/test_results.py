"""Results: sums that merge, survival against lifelines, files that other programs read, runs that are taken up again."""

import json
import math
import signal
from dataclasses import replace
from functools import reduce

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cluster import cluster_of
from pathways.cohort.codes.state import PHASE_CODE
from pathways.cohort.engine.histories import FAR, NEVER, Walks
from pathways.cohort.patients.definition import EVERYBODY, Cohort
from pathways.cohort.runs import running, simulation
from pathways.cohort.runs.kept import Places
from pathways.cohort.runs.outcomes import HORIZON, OutcomeCounts, kaplan_meier, lives, outcome_counts, wilson
from pathways.cohort.runs.paired import FIVE_YEARS, _answers, compare
from pathways.cohort.runs.results import LISTED_DAYS, Result
from pathways.cohort.runs.running import How, run
from pathways.cohort.runs.simulation import Part, Simulation, run_chunk
from pathways.documents.problems import PathwaysError
from pathways.knowledge.protocols import load_protocol
from pathways.process.phases import PHASES

SMALL = 1024


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(simulation, "CHUNK", SMALL)


def made(patients=3000, **changes):
    one = Simulation("guideline", load_protocol("default"), 1, patients, cohort=EVERYBODY)
    return replace(one, **changes)


def asked(question):
    """What DuckDB, a reader of somebody else's, answers of the files that are named."""
    # Readers are imported where they are used: every worker of the tests imports every file.
    import duckdb

    return duckdb.sql(question).fetchall()


def rows_in(file):
    import polars as pl

    return pl.read_parquet(file)


def same(one: OutcomeCounts, other: OutcomeCounts) -> bool:
    return one.as_json() == other.as_json()


def test_the_result_does_not_depend_on_the_chunks(monkeypatch):
    whole = run(made())
    for size in (257, 1024):
        monkeypatch.setattr(simulation, "CHUNK", size)
        assert same(run(made()), whole)


def test_sums_are_whole_numbers_that_merge_in_any_grouping(small_chunks):
    one = made()
    parts = [run_chunk(one, chunk).outcome_counts for chunk in range(one.chunks)]
    assert same(reduce(OutcomeCounts.plus, parts), reduce(OutcomeCounts.plus, reversed(parts)))
    assert same(OutcomeCounts.from_json(json.loads(json.dumps(parts[0].as_json()))), parts[0])


@given(
    st.lists(st.tuples(st.integers(0, HORIZON), st.booleans()), min_size=2, max_size=60),
)
@settings(deadline=None)
def test_survival_is_what_lifelines_says(patients):
    from lifelines import KaplanMeierFitter

    days, died = np.array([day for day, _ in patients]), np.array([one for _, one in patients])
    counts = [np.bincount(days[chosen], minlength=HORIZON + 1) for chosen in (died, ~died)]
    curve = kaplan_meier(*counts)
    fitted = KaplanMeierFitter().fit(days, died)
    at = np.unique(days)
    assert curve.value[at] == pytest.approx(fitted.survival_function_at_times(at).to_numpy(), abs=1e-9)
    limits = fitted.confidence_interval_.loc[at].to_numpy()
    inside = (curve.value[at] > 0) & (curve.value[at] < 1) & ~np.isnan(limits).any(axis=1)
    assert curve.low[at][inside] == pytest.approx(limits[inside, 0], abs=1e-9)
    assert curve.high[at][inside] == pytest.approx(limits[inside, 1], abs=1e-9)


def test_wilson_by_hand():
    """10 of 20: (0.5 + z2/40) / (1 + z2/20) around a half, so 0.2993 to 0.7007."""
    assert wilson(10, 20) == {"value": 0.5, "low": pytest.approx(0.299298), "high": pytest.approx(0.700702)}
    assert wilson(0, 0) is None


def test_the_shares_stand_on_the_rows(small_chunks, tmp_path):
    import polars as pl
    from pyarrow import parquet

    file, steps = tmp_path / "patients.parquet", tmp_path / "steps.parquet"
    result = Result(made(), run(made(), places=Places(file, steps))).as_json()
    rows = rows_in(file)
    assert rows.height == result["patients"] == 3000
    assert rows["resected"].mean() == pytest.approx(result["resected"]["value"], abs=1e-6)
    begun = rows.filter(pl.col("liver_treated"))
    assert begun["day_cleared"].is_not_null().mean() == pytest.approx(result["completed"]["value"], abs=1e-6)
    # What never happened has no day.
    assert rows["day_cleared"].min() >= 0
    assert rows["day_recurred"].min() > 0
    ends = asked(f"select \"end\", count(*) from '{file}' group by 1")
    assert dict(ends) == result["ends"]
    walked = parquet.read_table(steps).to_pandas()
    assert len(walked) == sum(one["count"] for one in result["flows"])
    last = walked.groupby("patient").last()
    assert (last["to"].to_numpy() == rows["end"].to_numpy()).all()
    assert (walked.groupby("patient")["step"].max() + 1 == walked.groupby("patient").size()).all()


def test_files_are_the_same_for_any_number_of_workers(small_chunks, tmp_path):
    files = [tmp_path / f"{workers}.parquet" for workers in (1, 2)]
    # The chunk size of this test does not reach other processes: the real one is used there.
    simulation.CHUNK = 65536
    tallies = [run(made(66_000), How(workers), Places(file)) for workers, file in zip((1, 2), files, strict=True)]
    assert same(*tallies)
    one, other = map(rows_in, files)
    assert one.equals(other)


class _StoppedError(Exception):
    pass


def test_an_interrupted_run_goes_on_where_it_stopped(small_chunks, tmp_path, monkeypatch):
    file, done = tmp_path / "out.parquet", []

    def stop(_, chunk, **kinds):
        if len(done) == 2:
            raise _StoppedError
        done.append(chunk)
        return run_chunk(made(), chunk, **kinds)

    monkeypatch.setattr(running, "run_chunk", stop)
    with pytest.raises(_StoppedError):
        run(made(), places=Places(file))
    assert not file.exists()
    whole = reduce(OutcomeCounts.plus, [run_chunk(made(), chunk).outcome_counts for chunk in range(3)])

    def go_on(one, chunk, **kinds):
        done.append(chunk)
        return run_chunk(one, chunk, **kinds)

    monkeypatch.setattr(running, "run_chunk", go_on)
    assert same(run(made(), places=Places(file)), whole)
    assert done == [0, 1, 2]
    assert [one.name for one in tmp_path.iterdir()] == ["out.parquet"]


def test_a_chunk_without_its_steps_is_walked_again_where_steps_are_asked_for(small_chunks, tmp_path, monkeypatch):
    places, done = Places(tmp_path / "p.parquet", tmp_path / "s.parquet"), []

    def walked(one, chunk, **kinds):
        done.append(chunk)
        return run_chunk(one, chunk, **kinds)

    def stop(*_):
        raise _StoppedError

    monkeypatch.setattr(running, "run_chunk", walked)
    with pytest.raises(_StoppedError):
        run(made(), places=places, progress=stop)
    (places.parts(made()) / "000000.steps.parquet").unlink()
    run(made(), places=places)
    assert done == [0, 0, 1, 2]
    assert asked(f"select count(distinct patient) from '{places.steps}'") == [(3000,)]


def test_a_run_without_steps_is_not_taken_up_by_one_that_asks_for_them(small_chunks, tmp_path):
    def stop(*_):
        raise _StoppedError

    plain = Places(tmp_path / "p.parquet")
    with pytest.raises(_StoppedError):
        run(made(), places=plain, progress=stop)
    both = Places(plain.patients, tmp_path / "s.parquet")
    assert both.parts(made()) != plain.parts(made())
    run(made(), places=both)
    assert asked(f"select count(distinct patient) from '{both.steps}'") == [(3000,)]


def test_chunks_of_another_simulation_are_not_taken(small_chunks, tmp_path):
    places = Places(tmp_path / "out.parquet")
    names = {
        places.parts(made(**one)).name
        for one in ({}, {"seed": 2}, {"strategy": "alpps"}, {"patients": 3001}, {"protocol": load_protocol("mdacc")})
    }
    assert len(names) == 5


def test_the_same_patients_with_the_same_luck_are_compared_pair_by_pair():
    cohort = Cohort(
        schema=1,
        id="two-sided",
        only={"growth_target": True, "resectability": ["remnant_insufficient"]},
        draw={"number_shares": [0.0, 0.0, 0.1, 0.2, 0.7, 0.0], "extrahepatic": 0.0},
        why="quicker to draw",
    )
    one, other = (made(1000, cohort=cohort, strategy=name) for name in ("two_stage", "alpps"))
    found = {each.measure: each for each in compare(one, other)}
    resected = found["resected"]
    assert resected.value == pytest.approx(resected.second - resected.first)
    assert resected.low < resected.value < resected.high
    told = resected.as_json()
    assert told["only_first"] > 0
    assert told["only_second"] - told["only_first"] == round(resected.value * 1000)
    apart = (
        2
        * 1.96
        * math.sqrt(resected.first * (1 - resected.first) / 1000 + resected.second * (1 - resected.second) / 1000)
    )
    assert resected.high - resected.low < apart
    assert all(each.value == 0 and each.low < 0 < each.high for each in compare(one, one))
    with pytest.raises(PathwaysError, match="same patients"):
        compare(one, replace(other, seed=2))


def test_replaced_figures_change_what_they_should(small_chunks):
    deadly = run(made(figures={"risk_minor_national": 0.0, "risk_major_national": 0.0}))
    assert deadly.deaths > 4 * run(made()).deaths


@pytest.mark.parametrize("objective", ["resection", "safety"])
def test_the_best_policy_of_each_patient_is_at_least_as_good(objective):
    best, guideline = (run(made(60, strategy=name)) for name in (objective, "guideline"))
    if objective == "resection":
        assert best.resected >= guideline.resected - 3
    else:
        assert best.patients == 60


@pytest.mark.slow
def test_a_lost_worker_of_a_cluster_loses_nothing(tmp_path):
    """A real scheduler and two workers as processes; one is killed in the middle."""
    with cluster_of(2, tmp_path) as (where, workers):
        killed = []

        def kill_one(done, of):
            if not killed:
                killed.append(workers[0].send_signal(signal.SIGKILL))

        one = made(65536 * 2 + 10)
        assert same(run(one, How(scheduler=where), progress=kill_one), run(one))
        assert killed


def test_a_scheduler_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setattr("pathways.cohort.runs.workers.CONNECT", "1s")
    with pytest.raises(PathwaysError, match="no scheduler answers"):
        run(made(10), How(scheduler="tcp://127.0.0.1:9"))


def test_a_step_that_leads_nowhere_adds_no_life():
    """Patients whom nothing can clear live as long under every strategy: survival counts from the meeting."""
    never = Cohort(
        schema=1,
        id="never",
        only={"resectability": ["unresectable"], "after_response": ["unresectable"], "extrahepatic": False},
    )
    one, other = (made(1500, cohort=never, strategy=name) for name in ("palliative", "guideline"))
    found = {each.measure: each for each in compare(one, other)}["dead_5y"]
    assert abs(found.value) < 0.012


def test_a_second_run_of_the_same_command_is_refused_while_the_first_goes_on(small_chunks, tmp_path):
    places = Places(tmp_path / "p.parquet")
    refused = []

    def again(*_):
        with pytest.raises(PathwaysError, match="another run is writing it"):
            run(made(), places=places)
        refused.append(True)

    whole = run(made(), places=places, progress=again)
    assert len(refused) == made().chunks
    assert same(run(made(), places=places), whole)


def test_a_run_of_something_else_on_the_same_file_is_refused_too(small_chunks, tmp_path):
    places, refused = Places(tmp_path / "p.parquet", tmp_path / "s.parquet"), []

    def again(*_):
        for others in (Places(places.patients), Places(tmp_path / "q.parquet", places.steps)):
            with pytest.raises(PathwaysError, match="another run is writing it"):
                run(made(2000, seed=9), places=others)
        refused.append(True)

    run(made(), places=places, progress=again)
    assert refused
    assert asked(f"select count(*) from '{places.patients}'") == [(3000,)]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["p.parquet", "s.parquet"]


def test_nobody_does_anything_after_death(small_chunks, tmp_path):
    file, steps = tmp_path / "p.parquet", tmp_path / "s.parquet"
    run(made(), places=Places(file, steps))
    late = asked(
        f"select count(*) from '{steps}' s join '{file}' p using (patient) where p.dead and s.day > p.day_last_seen"
    )
    assert late == [(0,)]
    alive = asked(f"select count(*) from '{file}' where cause is not null and not dead")
    assert alive == [(0,)]


def ended_as(end, *, days, other_death_day, cleared_day=30, recurrence_day=NEVER, patients=200):
    """Patients who all came to one end on one day."""

    def all_of(value, kind=np.int64):
        return np.full(patients, value, dtype=kind)

    return Walks(
        patient=np.arange(patients), end=all_of(PHASE_CODE[end], np.uint8), days=all_of(days), cleared_day=all_of(cleared_day),
        recurrence_day=all_of(recurrence_day), operations=all_of(1, np.uint8), blocks=all_of(0, np.uint8),
        begun=all_of(True, np.bool_), died_otherwise=all_of(False, np.bool_), other_death_day=all_of(other_death_day),
        disease_death_day=all_of(FAR), relapse_day=all_of(FAR), relapse_site=all_of(0, np.uint8), died_of_disease=all_of(False, np.bool_),
        uncleared_day=all_of(FAR),
        resected=all_of(True, np.bool_), flows=np.zeros((len(PHASES), len(PHASES)), dtype=np.int64),
    )  # fmt: skip


def test_deaths_of_other_causes_are_counted_once_after_transplantation():
    """Its published survival holds deaths of every cause; that of a resection does not."""
    parameters = made().parameters
    soon, never = (lives(ended_as("transplanted", days=60, other_death_day=day), 1, parameters) for day in (61, FAR))
    assert soon.day.tolist() == never.day.tolist()
    assert not soon.died_otherwise.any()
    resected = lives(ended_as("resected", days=60, other_death_day=61), 1, parameters)
    assert resected.died_otherwise.all()
    alive = (never.day > FIVE_YEARS).mean()
    assert alive == pytest.approx(parameters["survival_5y_transplanted"].number, abs=0.1)


@pytest.mark.parametrize(("day", "dead"), [(FIVE_YEARS - 1, True), (FIVE_YEARS, True), (FIVE_YEARS + 1, False)])
def test_who_dies_on_the_last_day_of_five_years_is_dead_at_five_years_in_pairs_as_on_the_curve(day, dead):
    walks = ended_as("dead", days=day, other_death_day=FAR, patients=3)
    life = lives(walks, 1, made().parameters)
    scores = dict.fromkeys(("fong", "game", "tumour_burden"), np.zeros(3, dtype=np.int64))
    counts = outcome_counts(walks, life, scores)
    columns = simulation._columns(None, walks, life, scores)
    *_, dead_5y = _answers(Part(0, counts, columns, None))
    assert dead_5y.tolist() == [dead] * 3
    curve = kaplan_meier(counts.died_on, counts.left_on)
    assert FIVE_YEARS in LISTED_DAYS
    assert curve.value[FIVE_YEARS] == (0 if dead else 1)


def test_no_difference_seen_is_not_held_for_certain():
    one = made(1)
    assert all(each.low < -0.5 and each.high > 0.5 for each in compare(one, replace(one, strategy="alpps")))


def test_figures_of_the_bowel_are_not_shown_for_other_tumours():
    from shipped import named

    import pathways as pw

    found = pw.simulate(pw.load_case(named("net-01")), patients=200).as_json()
    assert found["mortality_90d"] is None
    assert found["survival"] == []
    assert "no figure of how often the liver is cleared, of deaths and of survival" in found["warnings"][0]
    assert (found["chances"], found["resected"]["value"] > 0) == ("borrowed", True)
    drawn = pw.simulate(patients=200).as_json()
    assert (drawn["chances"], drawn["warnings"]) == ("own", [])
