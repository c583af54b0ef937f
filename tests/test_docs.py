"""Every code block of the README and the docs runs, and generated pages are up to date."""

import contextlib
import io
import re
import runpy
import shlex
import sys
from itertools import pairwise
from unittest.mock import patch

import pytest
from shipped import PUBLISHED, ROOT, followed_up_at

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(page, language):
    return re.findall(rf"```{language}\n(.*?)```", page.read_text(encoding="utf-8"), re.S)


def commands():
    """In the order in which they stand: some read what the one before has written."""
    lines = (line for page in PAGES for block in blocks(page, "console") for line in block.splitlines())
    return list(dict.fromkeys(line[2:] for line in lines if line.startswith("$ ")))


def longer_commands():
    """Those that are shown and run for hours, or until they are stopped."""
    lines = (line for page in PAGES for block in blocks(page, "sh") for line in block.splitlines())
    return [line.partition("#")[0].strip() for line in lines if line.startswith("pathways ")]


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "python")], ids=lambda page: page.name)
def test_python_blocks_run_in_order(page, monkeypatch):
    monkeypatch.chdir(ROOT)
    names = {}
    with contextlib.redirect_stdout(io.StringIO()) as shown:
        for block in blocks(page, "python"):
            exec(compile(block, str(page), "exec"), names)
    assert shown.getvalue().strip()


@pytest.fixture(scope="module")
def untouched(tmp_path_factory):
    """The repository as somebody has it who has just got it: without what an earlier run has written to build/."""
    place = tmp_path_factory.mktemp("repository")
    for one in ROOT.iterdir():
        if one.name != "build":
            (place / one.name).symlink_to(one)
    return place


@pytest.mark.parametrize("command", commands(), ids=str)
def test_commands_run(command, untouched, monkeypatch, capsys):
    from pathways.cli.main import run

    monkeypatch.chdir(untouched)
    words = shlex.split(command)
    assert words[0] == "pathways"
    with patch.object(sys, "argv", words), pytest.raises(SystemExit) as stop:
        run()
    assert (stop.value.code or 0) == 0
    # What was asked for stands on the screen or in the file that was named.
    written = [untouched / file for option, file in pairwise(words) if option in ("-o", "--events") and file != "-"]
    assert capsys.readouterr().out.strip() or written
    assert all(file.exists() for file in written)


@pytest.mark.parametrize("command", longer_commands())
def test_commands_that_would_run_for_long_are_understood(command, untouched, monkeypatch):
    import typer

    from pathways.cli.main import app

    monkeypatch.chdir(untouched)
    (untouched / "my-patient.yaml").touch()
    (untouched / "cases").mkdir(exist_ok=True)
    group, words = typer.main.get_command(app), shlex.split(command)[1:]
    with group.make_context("pathways", words, resilient_parsing=True) as context:
        name, one, rest = group.resolve_command(context, words)
        assert one.make_context(name, rest, parent=context) is not None


def test_a_run_for_a_larger_machine_runs_on_this_one_with_fewer_patients(untouched, monkeypatch, capsys):
    from pathways.cli.main import run

    (line,) = [one for one in longer_commands() if "--workers" in one]
    monkeypatch.chdir(untouched)
    with patch.object(sys, "argv", shlex.split(line.replace("1000000", "1000"))), pytest.raises(SystemExit) as stop:
        run()
    assert (stop.value.code or 0) == 0
    assert (untouched / "patients.parquet").is_file()


def test_no_command_stands_outside_of_a_block_that_is_run():
    for page in PAGES:
        rest = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.S)
        assert re.findall(r"^ {4,}(?:\$ )?pathways .*", rest, re.M) == [], page.name


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "yaml")], ids=lambda page: page.name)
def test_yaml_blocks_are_valid_files(page, tmp_path):
    from pathways.cli.validating import problems_of

    for number, block in enumerate(blocks(page, "yaml")):
        file = tmp_path / f"{number}.yaml"
        file.write_text(block, encoding="utf-8")
        assert problems_of(file)[1] == []


def test_the_reference_of_the_case_file_is_what_the_models_say():
    made = runpy.run_path(str(ROOT / "docs" / "reference_page.py"))
    assert made["PAGE"].read_text(encoding="utf-8") == made["page"]()


def test_the_reference_of_the_steps_is_what_the_process_declares():
    made = runpy.run_path(str(ROOT / "docs" / "steps_page.py"))
    assert made["PAGE"].read_text(encoding="utf-8") == made["page"]()


def test_the_reference_of_the_rules_is_what_their_records_say():
    made = runpy.run_path(str(ROOT / "docs" / "rules_page.py"))
    assert made["PAGE"].read_text(encoding="utf-8") == made["page"]()


def test_the_reference_of_the_laws_is_what_they_declare():
    made = runpy.run_path(str(ROOT / "docs" / "laws_page.py"))
    assert made["PAGE"].read_text(encoding="utf-8") == made["page"]()


def test_the_page_of_words_is_what_the_tables_of_the_ward_say():
    made = runpy.run_path(str(ROOT / "docs" / "words_page.py"))
    assert made["PAGE"].read_text(encoding="utf-8") == made["page"]()


def test_the_manual_page_is_what_the_command_says_of_itself():
    made = runpy.run_path(str(ROOT / "docs" / "man_page.py"))
    assert made["PAGE"].read_text(encoding="utf-8") == made["page"]()


def test_the_readme_of_the_package_leads_to_nothing_that_is_not_there():
    made = runpy.run_path(str(ROOT / "docs" / "readme_alone.py"))
    text = made["standing_alone"]((ROOT / "README.md").read_text(encoding="utf-8"))
    assert re.findall(r"\]\((?!https?:)[^)]*\)", text) == []
    assert "`docs/how-to/import.md` in the source" in text
    assert "docs/images" not in text


def test_every_word_about_installing_names_the_package_as_it_is_called():
    pages = [*PAGES, ROOT / "pyproject.toml", *(ROOT / "src").rglob("*.py")]
    wrong = [page for page in pages if re.search(r"pip install '?pathways", page.read_text(encoding="utf-8"))]
    assert wrong == []


def test_links_between_pages_lead_somewhere():
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_readme_counts_the_published_cases():
    assert f"`scenarios/published/`: {len(PUBLISHED)} cases" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.every_change
def test_the_page_of_published_cases_is_made_from_them():
    made = runpy.run_path(str(ROOT / "docs" / "published_page.py"))
    assert made["page"](followed_up_at) == made["PAGE"].read_text(encoding="utf-8")


def test_the_page_of_first_pathways_is_made_from_the_cases():
    """Every sixth published case; all of them run by hand."""
    made = runpy.run_path(str(ROOT / "docs" / "first_pathways_page.py"))
    written = made["PAGE"].read_text(encoding="utf-8").splitlines()
    assert [row for row in made["rows"](6) if row not in written] == []
    assert [row for row in made["tried_rows"]() if row not in written] == []
    assert sum(row.startswith("| [") for row in written) == len(PUBLISHED) + len(
        list((ROOT / "tests/tried/cases").glob("*.yaml"))
    )


@pytest.mark.slow
def test_the_whole_page_of_first_pathways_is_made_from_the_cases():
    made = runpy.run_path(str(ROOT / "docs" / "first_pathways_page.py"))
    assert made["page"]() == made["PAGE"].read_text(encoding="utf-8")


def test_no_file_of_the_product_holds_a_machine_path_or_a_registry():
    pattern = re.compile("py" + r"pi\.org|registry\.n" + r"pmjs|/ro" + "ot/|/wo" + "rk/")
    for path in [*ROOT.glob("*.md"), *ROOT.glob("*.toml"), *(ROOT / "docs").rglob("*"), *(ROOT / "src").rglob("*.py")]:
        if path.is_file():
            assert not pattern.search(path.read_text(encoding="utf-8", errors="replace")), path


def test_the_course_outline_is_made_from_objectives_and_scenarios():
    made = runpy.run_path(str(ROOT / "docs" / "teaching_page.py"))
    assert made["page"]() == made["PAGE"].read_text(encoding="utf-8")


def test_the_page_of_risk_is_made_from_the_model_and_its_residuals_are_explained():
    made = runpy.run_path(str(ROOT / "docs" / "risk_page.py"))
    assert made["page"]() == made["PAGE"].read_text(encoding="utf-8")
    series = made["read_file"](ROOT / "docs" / "risk_series.yaml").value
    unexplained = [one["title"] for one in series if made["inside"](one) is False and not one.get("outside")]
    assert unexplained == []
    assert sum(made["inside"](one) is True for one in series) >= 18
