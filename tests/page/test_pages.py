"""The page without a script: every control posts the one form, and the form is the state."""

import contextlib
import html
import json
import re
import time
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest
from shipped import CONSTRUCTED, PUBLISHED, named

import pathways as pw
from page.browsing import Visit, ask
from page.serving import served
from pathways.page import plans
from pathways.page.app import application
from pathways.page.fields import DISCIPLINES, ROWS, Fields, changes, typed
from pathways.page.opened import Opened
from pathways.page.text import BLANK, GONE, changed, read
from pathways.report.view import ROWS as FAMILY_ROWS

SCREENS = ("case", "pathways", "why", "what_if", "missing", "pathway", "map", "walk", "record")


STORY = """\
schema: 1
id: my-patient
primary: {tumour: colorectal, site: rectum, status: in_situ, presentation: synchronous}
patient: {fit_for: major}
liver: {measured_remnants: [{removes: [5, 6, 7, 8], fraction: 0.45}]}
lesions:
  - {id: A, segments: [8], size_mm: 60, contacts: [right_portal_pedicle]}
  - {id: B, segments: [6], size_mm: 40}
  - {id: C, segments: [2], size_mm: 12}
extrahepatic: []
"""


def story(folder, screen="pathways"):
    """A bilobar synchronous case, at a screen."""
    return Visit.of(folder=folder).fill("text", STORY).press(f"to-{screen}")


def entered(folder):
    """The same, entered from nothing."""
    visit = Visit.of(folder=folder)
    visit.press("segment-8").press("vessel-right_portal_pedicle")
    for one in (6, 2):
        visit.press(f"segment-{one}")
    for name, value in (
        ("f:primary.tumour", "rectal cancer"),
        ("f:primary.presentation", "synchronous"),
        ("f:primary.status", "in place"),
        ("f:lesions.0.size_mm", "6 cm"),
        ("f:lesions.1.size_mm", "40"),
        ("f:lesions.2.size_mm", "12"),
        ("f:liver.measured_remnants.0.removes", "5-8"),
        ("f:liver.measured_remnants.0.fraction", "45 %"),
        ("f:extrahepatic", "none"),
        ("f:patient.fit_for", "major"),
    ):
        visit.fill(name, value)
    return visit.press()


def test_a_case_is_entered_by_tapping_the_liver_and_filling_in_fields(tmp_path):
    visit = entered(tmp_path)
    assert visit.pressed() == {"Segment II", "Segment VI", "Segment VIII"}
    case = pw.parse_case(visit.value("base"))
    assert [(one.segments, one.size_mm) for one in case.lesions] == [((8,), 60), ((6,), 40), ((2,), 12)]
    assert (case.primary.site, case.primary.status, case.primary.presentation) == ("rectum", "in_situ", "synchronous")
    assert case.liver.measured_remnants[0].fraction == 0.45
    assert "cancer of the rectum" in visit.text
    assert list(tmp_path.iterdir()) == []


def test_every_family_has_a_row_in_the_same_order_whatever_the_patient(tmp_path):
    def rows(visit):
        told = visit.answer.text
        return [one.split("</th>")[0] for one in told.split('<th scope="row">')[1:]]

    first = rows(story(tmp_path))
    assert len(first) == sum(len(families) for _, families in FAMILY_ROWS)
    for name in ("net-01", "rep-01"):
        assert rows(Visit.of(named(name), path="/pathways")) == first


def test_a_changed_remnant_shows_what_turned_round(tmp_path):
    visit = story(tmp_path)
    assert "upfront surgery" in visit.text
    visit.fill("f:liver.measured_remnants.0.fraction", "24 %").press()
    assert "liver.measured_remnants[0].fraction: 45 % → 24 %" in visit.text
    assert "ALPPS : not needed → open" in visit.text
    assert "is-turned" in visit.answer.text
    again = visit.press("to-case").press("to-pathways")
    assert "is-turned" in again.answer.text, "what turned stays marked while one looks at other screens"


def test_why_tells_rule_value_limit_and_source_and_what_opens_it_when_asked(tmp_path):
    visit = story(tmp_path).press("why-alpps")
    assert "ALPPS: not needed" in visit.text
    assert "Measure" not in visit.text
    assert "needed only in a worse state: remnant of right hepatectomy 31% instead of 45%" in visit.text
    assert "<details open>" not in visit.answer.text
    visit.press("opens")
    assert "What would open it, nearest first" in visit.text
    assert "remnant" in visit.text


def opening_in_the_table(visit, family):
    return re.search(rf'data-fill="opens-{family}">([^<]*)<', visit.answer.text)[1]


def test_the_table_says_what_opens_the_closed_once_it_is_asked_for_and_keeps_it(tmp_path):
    visit = story(tmp_path).fill("f:liver.measured_remnants.0.fraction", "47 %").press()
    assert opening_in_the_table(visit, "alpps") == ""
    visit.press("openings")
    assert opening_in_the_table(visit, "alpps").startswith("needed only in a worse state: remnant of right")
    assert opening_in_the_table(visit, "simultaneous").startswith("opens if under a protocol with")
    assert opening_in_the_table(visit, "transplantation") == "(no one change opens it)"
    assert opening_in_the_table(visit, "repeat_hepatectomy") == "", "of what does not apply nobody asks that"
    assert not any(one.attributes.get("id") == "openings" for one in visit.page.controls)
    assert opening_in_the_table(visit.press("to-case").press("to-pathways"), "alpps") != ""
    visit.fill("f:liver.measured_remnants.0.fraction", "48 %").press()
    assert opening_in_the_table(visit, "alpps") == "", "another case has other answers"


def test_what_the_page_asks_by_itself_steps_back_behind_somebody_who_asks(tmp_path):
    visit = story(tmp_path).fill("f:liver.measured_remnants.0.fraction", "46 %").press()
    visit.button("openings").attributes["value"] = "openings_quietly"
    with plans._opening:
        visit.press("openings")
    assert opening_in_the_table(visit, "alpps") == ""
    visit.button("openings").attributes["value"] = "openings_quietly"
    assert opening_in_the_table(visit.press("openings"), "alpps") != ""


def test_a_decision_is_recorded_beside_the_case_and_a_revision_stands_behind_it(tmp_path):
    visit = story(tmp_path, "record").press("save")
    assert (tmp_path / "my-patient.yaml").is_file()
    visit.fill("decision", "Two stages.").fill("dissent", "Oncology: drugs first").fill("chosen", "p1").press("decide")
    visit.fill("decision", "Drugs first after all.").press("decide")
    found = pw_yaml(tmp_path / "my-patient.record.yaml")
    assert [one["decision"] for one in found["meetings"]] == ["Two stages.", "Drugs first after all."]
    assert all(one["on"] and one["case"] for one in found["meetings"])
    assert "Two stages." in visit.text.split("Earlier decisions")[1]
    assert "Drugs first after all." in Visit.of(tmp_path / "my-patient.yaml", path="/pathways").text


def test_a_case_that_nobody_has_saved_is_saved_with_its_first_decision(tmp_path):
    visit = story(tmp_path, "record")
    assert "Save the case and record this decision" in visit.text
    visit.fill("decision", "Two stages.").press("decide")
    assert (tmp_path / "my-patient.yaml").is_file()
    assert pw_yaml(tmp_path / "my-patient.record.yaml")["meetings"][0]["decision"] == "Two stages."
    assert "Record this decision" in visit.text
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "my-patient.yaml").write_text("mine: already\n", encoding="utf-8")
    again = story(tmp_path / "other", "record").fill("decision", "Wait.").press("decide")
    assert "has been changed" in again.text
    assert (tmp_path / "other" / "my-patient.yaml").read_text() == "mine: already\n"
    assert not (tmp_path / "other" / "my-patient.record.yaml").exists()
    assert again.value("decision") == "Wait."


def test_the_next_meeting_opens_with_what_changed(tmp_path):
    story(tmp_path, "record").press("save").fill("decision", "Wait.").press("decide")
    later = Visit.of(tmp_path / "my-patient.yaml", path="/case")
    later.fill("f:liver.measured_remnants.0.fraction", "24 %").press().press("to-record")
    assert "Since the last decision" in later.text
    assert "0.45 → 0.24" in later.text
    assert "ALPPS: not needed → open" in later.text


def pw_yaml(path):
    from pathways.documents.reader import read_text

    return read_text(path.read_text()).value


# --- further screens ----------------------------------------------------------------------------------------------------


def test_a_slider_moves_a_number_and_says_where_something_turns(tmp_path):
    visit = story(tmp_path, "what_if").press("flips-s-liver-measured_remnants-0-fraction")
    points = visit.text.split("where asked")[-1]
    assert "32 %" in points
    assert "closes" in points
    visit.fill("s:liver.measured_remnants.0.fraction", "24").press()
    assert pw.parse_case(visit.value("base")).liver.measured_remnants[0].fraction == 0.24
    assert "ALPPS : not needed → open" in visit.text
    # A slider that nobody moved tells nothing.
    assert "bilirubin" not in visit.value("base")


def test_a_variant_that_was_kept_stands_beside_the_changed_case(tmp_path):
    visit = story(tmp_path, "what_if").press("keep").press("to-pathways")
    visit.fill("f:liver.measured_remnants.0.fraction", "24 %").press("to-what_if")
    assert "liver.measured_remnants[0].fraction: 0.45 → 0.24" in visit.text
    assert "ALPPS not needed open" in visit.text


def test_protocols_stand_side_by_side_when_asked(tmp_path):
    visit = story(tmp_path, "what_if")
    assert "mdacc european" not in visit.text.split("Lay the protocols")[1]
    visit.press("protocols")
    assert "limit that binds" in visit.text.split("Lay the protocols")[1]


def test_another_protocol_shows_what_it_turns(tmp_path):
    visit = story(tmp_path).fill("f:liver.measured_remnants.0.fraction", "27 %")
    visit.fill("protocol", "mdacc").press()
    assert "protocol default → mdacc" in visit.text


def test_every_number_of_the_table_leads_to_its_figures_with_interval_and_source():
    visit = Visit.of(named("alp-01"), path="/pathways")
    told = visit.answer.text
    cells = re.findall(r'<td class="(?:num|liv)[^"]*">(.*?)</td>', told, re.DOTALL)
    numbers = [one for one in cells if "%" in one or re.search(r'class="big">\d', one)]
    assert len(numbers) > 20
    assert all('data-cite="cite-p' in one for one in numbers)
    assert all("to" in re.sub(r"<[^>]*>", " ", one).split() for one in numbers), "an interval stands beside each"
    for name in set(re.findall(r'href="#(cite-p\d+)"', told)):
        assert f'id="{name}"' in told
    listed = re.search(r'<details class="card cited">.*?<ol[^>]*>(.*?)</ol>', told, re.DOTALL)[1]
    figures = re.findall(r"<li>(.*?)</li>", listed)
    assert len(figures) > 40
    assert any(one.startswith("death after transplantation") or "n = " in one for one in figures)
    rows = dict(re.findall(r'<li id="cite-(p\d+)" tabindex="-1">(.*?)</li>', told))
    places = [int(one) for one in re.findall(r"\d+", " ".join(re.findall(r'class="dim">([^<]*)<', rows["p1"])))]
    assert max(places) <= len(figures)
    # By keyboard one link a row is enough: all of a row lead to the same entry.
    assert told.count('<a href="#cite-p1"') == 1


def test_a_road_that_clears_nothing_says_whom_its_life_counts_in_its_row_and_on_its_screen():
    table = Visit.of(named("conv-01"), path="/pathways").text
    found = re.search(r"else (\d+)%", table)[1]
    assert int(found) > 30
    assert f"5 y counts the {found}%" in Visit.of(named("conv-01"), path="/pathway").text


CENTRE = """\
schema: 1
id: our-centre
title: Our centre asks for forty percent
based_on: default
references: {ours: {title: Minutes of the centre, year: 2026}}
replaces:
  remnant_limit_normal: {value: 0.4, sources: [ours], confidence: expert_opinion, why: our own series}
"""


def test_a_protocol_of_the_centre_is_planned_under_and_chosen_beside_the_shipped_ones(tmp_path):
    (tmp_path / "ours.yaml").write_text(CENTRE, encoding="utf-8")
    case = named("alp-01")
    visit = Visit(application(Opened.at(case, [tmp_path / "ours.yaml"]))).go("/pathways")
    assert visit.value("protocol") == "our-centre"
    assert "Today, under protocol our-centre" in visit.text
    assert "limit 40%" in visit.text
    visit.press("to-why")
    assert "Minutes of the centre" in visit.answer.text
    visit.press("to-what_if").press("protocols")
    assert "our-centre default mdacc" in " ".join(visit.text.split("Lay the protocols")[1].split())
    visit.fill("protocol", "default").press("to-pathways")
    assert "protocol our-centre → default" in visit.text
    assert "limit 30%" in visit.text


def test_a_protocol_that_bears_the_name_of_another_is_refused_with_what_is_accepted(tmp_path):
    file = tmp_path / "ours.yaml"
    file.write_text(CENTRE.replace("our-centre", "mdacc"), encoding="utf-8")
    with pytest.raises(pw.PathwaysError, match='"mdacc" is the name of another protocol; accepted: a name of its own'):
        Opened.at(None, [file])
    with pytest.raises(pw.PathwaysError, match="no such file"):
        Opened.at(None, [tmp_path / "none.yaml"])


def test_what_is_missing_is_told_where_it_stands_with_who_can_tell(tmp_path):
    visit = Visit.of(named("rep-01"), path="/missing")
    assert "extrahepatic staging not reported" in visit.text
    assert "if not so, nothing can be resected" in visit.text
    assert "anaesthesia" in visit.text
    visit.fill("f:extrahepatic", "none").press()
    assert "extrahepatic staging not reported" not in visit.text
    assert pw.parse_case(visit.value("base")).extrahepatic == ()


def test_what_is_missing_says_which_pathway_becomes_first_once_it_is_asked(tmp_path):
    visit = Visit.of(named("alp-03"), path="/missing")
    assert "First as things are taken: stage one with the primary" in visit.text
    assert "18% measured" not in visit.text
    visit.press("firsts")
    assert "18% measured: primary → liver venous deprivation → right trisectionectomy" in visit.text
    assert "38% measured: primary → left trisectionectomy" in visit.text
    assert "conversion chemotherapy → stage one with the primary" in visit.text
    assert not any(one.attributes.get("id") == "firsts" for one in visit.page.controls)


def test_a_missing_size_is_told_at_the_lesion_that_is_named():
    visit = Visit.of(named("alp-01"), path="/missing")
    assert "the size of B is not reported" in visit.text
    assert "f:lesions.1.size_mm" in dict(visit.values())
    assert "f:lesions.0.size_mm" not in dict(visit.values())


def test_one_pathway_is_a_calendar_with_dates_from_day_0(tmp_path):
    visit = Visit.of(named("alp-03"), path="/pathways").press("go-alpps")
    assert "ALPPS stage one" in visit.text
    visit.fill("start", "2026-11-30").press()
    assert "2026-12-14" in visit.text
    assert visit.value("wanted") == visit.value("pathway")


def test_the_map_is_a_picture_and_a_list():
    visit = Visit.of(named("alp-03"), path="/map")
    assert "pw-map" in visit.answer.text
    assert "Where they part" in visit.text


def test_a_walk_shrinks_what_is_left_is_undone_and_saved_as_a_course_that_audit_reads(tmp_path):
    file = tmp_path / "alp-03.yaml"
    file.write_bytes(named("alp-03").read_bytes())
    visit = Visit.of(file, path="/walk").press("step-discuss").fill("day", "28").press("step-alpps_stage_1")
    assert "No longer" in visit.text
    visit.press("undo")
    assert "No longer" not in visit.text
    visit.fill("day", "28").press("step-alpps_stage_1").press("save-course")
    course = pw.load_course(tmp_path / "alp-03.course.yaml")
    assert [(one.day, one.event) for one in course.events][-1] == (28, "alpps_stage_1")
    assert pw.audit(course)
    assert visit.press("save-course").answer.status == 200


def test_the_afternoon_lists_the_cases_of_the_folder_and_what_was_decided(tmp_path):
    (tmp_path / "rep-01.yaml").write_bytes(named("rep-01").read_bytes())
    (tmp_path / "broken.yaml").write_text("schema: 1\nid: x\n", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("no case", encoding="utf-8")
    Visit.of(tmp_path, path="/record?file=rep-01.yaml").fill("decision", "Operate.").press("decide")
    visit = Visit.of(tmp_path)
    assert [
        one.attributes["href"] for one in visit.page.controls if one.tag == "a" and "?file=" in one.attributes["href"]
    ] == ["/case?file=broken.yaml", "/pathways?file=rep-01.yaml"]
    assert 'the required key "primary" is missing' in visit.text
    assert "Operate." in visit.text


# --- saving -----------------------------------------------------------------------------------------------------------


def test_only_save_writes_and_comments_of_the_file_stay(tmp_path):
    file = tmp_path / "alp-03.yaml"
    file.write_text(named("alp-03").read_text(encoding="utf-8"), encoding="utf-8")
    visit = Visit.of(file, path="/case").fill("f:patient.age_years", "60").press()
    assert "age_years: 54" in file.read_text()
    visit.press("save")
    assert "age_years: 60" in file.read_text()
    assert "# massive; number not reported" in file.read_text()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["alp-03.yaml"]


def test_a_file_changed_outside_is_shown_side_by_side_and_not_written_over(tmp_path):
    file = tmp_path / "a.yaml"
    file.write_text(BLANK, encoding="utf-8")
    visit = Visit.of(file, path="/case").fill("f:patient.age_years", "60").press()
    file.write_text(BLANK + "patient: {age_years: 41}\n", encoding="utf-8")
    visit.press("save")
    assert "The file has been changed since it was read here" in visit.text
    assert "age_years: 41" in file.read_text()
    other = visit.fill("other_name", "b.yaml").press("save-other")
    assert "age_years: 60" in (tmp_path / "b.yaml").read_text()
    assert "age_years: 41" in file.read_text()
    assert "Saved as b.yaml" in other.text


def test_whoever_has_seen_the_other_text_goes_on_with_it(tmp_path):
    file = tmp_path / "a.yaml"
    file.write_text(BLANK, encoding="utf-8")
    first = Visit.of(file, path="/case")
    second = first.another()
    second.fill("f:patient.age_years", "60").press("save")
    first.fill("f:patient.age_years", "50").press("save")
    assert "age_years: 60" in file.read_text()
    first.press("take-theirs")
    assert first.value("f:patient.age_years") == "60"
    first.fill("f:patient.age_years", "61").press("save")
    assert "age_years: 61" in file.read_text()


def test_a_second_person_recording_meanwhile_loses_nobodys_decision(tmp_path):
    (tmp_path / "my-patient.yaml").write_bytes(named("rep-01").read_bytes())
    first = Visit.of(tmp_path / "my-patient.yaml", path="/record")
    second = first.another().go("/record")
    second.fill("decision", "Theirs").press("decide")
    first.fill("decision", "Mine").press("decide")
    told = (tmp_path / "my-patient.record.yaml").read_text()
    assert "Theirs" in told
    assert "Mine" not in told
    assert first.value("decision") == "Mine"
    first.press("decide")
    told = (tmp_path / "my-patient.record.yaml").read_text()
    assert told.index("Theirs") < told.index("Mine")


def test_a_new_name_never_writes_over_a_file_that_is_there(tmp_path):
    (tmp_path / "my-patient.yaml").write_text("mine: already\n", encoding="utf-8")
    visit = story(tmp_path).press("save")
    assert "has been changed" in visit.text
    assert (tmp_path / "my-patient.yaml").read_text() == "mine: already\n"


@pytest.mark.parametrize(
    "name", ["../x.yaml", "/etc/x.yaml", "a/b.yaml", "..yaml", ".x.yaml", "x.txt", "", "a\\b.yaml", "x" * 200 + ".yaml"]
)
def test_a_name_that_leads_elsewhere_is_refused(tmp_path, name):
    inside = tmp_path / "inside"
    inside.mkdir()
    visit = Visit.of(folder=inside).fill("as", name).press("save-as")
    assert list(inside.iterdir()) == []
    assert [one.name for one in tmp_path.iterdir()] == ["inside"]
    assert "letters, digits" in visit.text


@pytest.mark.parametrize(
    "path",
    [
        "/case?file=../secret.yaml",
        "/case?file=/etc/passwd",
        "/case?file=link.yaml",
        "/case?file=.hidden.yaml",
        "/static/../app.py",
        "/static/..%2fapp.py",
    ],
)
def test_no_path_leads_out_of_the_folder(tmp_path, path):
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "secret.yaml").write_text("secret: 1\n", encoding="utf-8")
    (inside / ".hidden.yaml").write_text("secret: 1\n", encoding="utf-8")
    (inside / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    answer = ask(application(Opened.at(inside)), "GET", path)
    assert answer.status == 404
    assert "secret: 1" not in answer.text


def test_a_case_that_was_opened_alone_opens_no_other_of_its_folder(tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text(f"{BLANK}title: told-by-{name}\n", encoding="utf-8")
    visit = Visit.of(tmp_path / "a.yaml", path="/case")
    assert ask(visit.app, "GET", "/case?file=b.yaml").status == 404
    for body in (b"file=b.yaml&do=take_theirs", b"file=b.yaml&do=decide&decision=x", b"file=../b.yaml&do=save"):
        for screen in ("case", "record"):
            assert "told-by-b" not in ask(visit.app, "POST", f"/{screen}", body=body).text
    assert not (tmp_path / "b.record.yaml").exists()


@pytest.mark.slow
def test_what_was_saved_is_whole_after_the_process_is_killed(tmp_path):
    file = tmp_path / "a.yaml"
    for _ in range(5):
        file.write_text(BLANK, encoding="utf-8")
        with served(file, folder=tmp_path) as (address, process):
            page = urllib.request.urlopen(address + "case").read().decode()
            seen = re.search(r'name="seen" value="(\w+)"', page)[1]
            text = BLANK + "title: " + "x" * 1000 + "\n" + "# remark\n" * 20_000

            def saving(text=text, seen=seen, address=address):
                for _ in range(50):
                    with contextlib.suppress(OSError):
                        body = urlencode({"base": text, "file": "a.yaml", "seen": seen, "do": "save"}).encode()
                        urllib.request.urlopen(address + "record", data=body, timeout=5).read()

            with ThreadPoolExecutor(1) as pool:
                pool.submit(saving)
                time.sleep(0.4)
                process.kill()
                process.wait()
        assert file.read_text(encoding="utf-8") in (BLANK, text)


# --- broken and hostile input -----------------------------------------------------------------------------------------


def test_a_broken_file_opens_and_is_mended_in_the_page(tmp_path):
    file = tmp_path / "a.yaml"
    file.write_text(
        "schema: 1\nid: a\nprimary: {tumour: colorectal}\nlesions:\n  - {segments: [9]}\n", encoding="utf-8"
    )
    visit = Visit.of(file, path="/case")
    assert "line 5, lesions[0].segments" in visit.text
    visit.fill("text", visit.value("text").replace("[9]", "[8]")).press("save")
    assert "This is not a case yet" not in visit.text
    assert "[8]" in file.read_text()


@pytest.mark.parametrize(
    "text", ["", "{", "- a", "a: *b", "%YAML 1.1\n---\na: yes", "schema: 1\n" * 3, "\x00", "a: " + "[" * 60, "🙂: 1"]
)
def test_a_text_that_is_no_case_is_a_page_that_says_so(tmp_path, text):
    for screen in SCREENS:
        visit = Visit.of(folder=tmp_path).fill("text", text).press(f"to-{screen}")
        assert visit.answer.status == 200
        assert "This is not a case yet" in visit.text


@pytest.mark.parametrize("words", ["34", "34 %", "0.34", " 34% "])
def test_a_remnant_is_understood_as_the_field_shows_it(tmp_path, words):
    visit = (
        Visit.of(folder=tmp_path)
        .fill("f:liver.measured_remnants.0.removes", "5-8")
        .fill("f:liver.measured_remnants.0.fraction", words)
        .press()
    )
    assert visit.value("f:liver.measured_remnants.0.fraction") == "34 %"
    assert pw.parse_case(visit.value("base")).liver.measured_remnants[0].fraction == 0.34


def test_what_is_wrong_with_a_field_stands_beside_it(tmp_path):
    visit = Visit.of(folder=tmp_path).fill("f:patient.age_years", "1000").press()
    one = next(one for one in visit.page.controls if one.attributes.get("name") == "f:patient.age_years")
    assert one.attributes["aria-invalid"] == "true"
    assert one.attributes["value"] == "1000"
    assert "115 or less" in visit.text


HOSTILE = '"></textarea><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}'


@pytest.mark.parametrize("screen", SCREENS)
def test_a_hostile_title_is_words_and_nothing_else(tmp_path, screen):
    text = changed(BLANK, [(("title",), HOSTILE), (("lesions", 0, "id"), HOSTILE[:60])])
    visit = Visit.of(folder=tmp_path).fill("text", text).press(f"to-{screen}")
    assert "<script>alert" not in visit.answer.text
    assert "<img" not in visit.answer.text
    assert "49" not in visit.text.split(HOSTILE[:20])[0]


@pytest.mark.parametrize(
    "pairs",
    [
        "a",
        "%ff=%fe",
        "base=&base=x",
        "before={&shown=[]",
        "current=99&do=vessel:hilum",
        "do=segment:99",
        "do=remove:7",
        "do=mark:0:x",
        "f:liver.0.x=1",
        "f:__class__=1",
        "f:lesions.999.size_mm=1",
        "protocol=/etc/passwd",
        "file=../x&do=save",
        "pathway=p99&asked=x",
    ],
)
def test_a_form_of_anybody_is_answered(tmp_path, pairs):
    inside = tmp_path / "inside"
    inside.mkdir()
    app = application(Opened(inside))
    for screen in SCREENS:
        answer = ask(app, "POST", f"/{screen}", body=pairs.encode())
        assert answer.status in (200, 400)
    assert [one.name for one in tmp_path.iterdir()] == ["inside"]
    # Who asks for saving has saved a new case, and nothing else.
    assert [one.name for one in inside.iterdir()] == (["my-patient.yaml"] if "do=save" in pairs else [])


# --- what every answer says ---------------------------------------------------------------------------------------------


def test_every_answer_forbids_other_hosts_and_being_kept(tmp_path):
    app = application(Opened(tmp_path))
    for path in ("/", "/case", "/nothing", "/healthz", "/static/page.js", "/static/style.css"):
        answer = ask(app, "GET", path)
        assert answer.headers["cache-control"] == "no-store"
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert "http:" not in policy
    assert ask(app, "GET", "/healthz").text == "ok"


@pytest.mark.parametrize("screen", SCREENS)
def test_no_page_has_a_script_or_style_of_its_own_and_no_id_twice(screen):
    text = Visit.of(named("alp-01"), path=f"/{screen}").answer.text
    assert " style=" not in text
    assert "<style" not in text
    assert text.count("<script") == 1
    assert not any(f" {word}=" in text for word in ("onclick", "onload", "onchange"))
    ids = [one.split('"')[0] for one in text.split(' id="')[1:]]
    assert [one for one, number in Counter(ids).items() if number > 1] == []


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:1", 200),
        ("localhost", 200),
        ("[::1]:9", 200),
        ("evil.example", 400),
        ("", 400),
        ("127.0.0.1.evil.example", 400),
    ],
)
def test_unknown_hosts_are_refused(tmp_path, host, status):
    assert ask(application(Opened(tmp_path)), "GET", "/healthz", host=host).status == status


def test_listening_everywhere_it_goes_by_its_addresses_and_by_no_foreign_name(tmp_path):
    app = application(Opened(tmp_path), hosts=("0.0.0.0",))
    assert ask(app, "GET", "/healthz", host="192.0.2.7:80").status == 200
    assert ask(app, "GET", "/healthz", host="evil.example:80").status == 400


@pytest.mark.parametrize(
    "headers", [[("sec-fetch-site", "cross-site")], [("origin", "https://evil.example")], [("origin", "null")]]
)
def test_a_form_of_another_page_is_refused(tmp_path, headers):
    assert ask(application(Opened(tmp_path)), "POST", "/case", body=b"do=save", headers=headers).status == 403
    assert list(tmp_path.iterdir()) == []


def test_bodies_larger_than_any_case_are_refused(tmp_path):
    app = application(Opened(tmp_path))
    assert ask(app, "POST", "/case", body=b"a" * (9 * 1024 * 1024)).status == 413
    assert ask(app, "POST", "/plan", body=b"a" * (2 * 1024 * 1024)).status == 413


def test_a_proxy_may_put_the_page_under_a_path(tmp_path):
    visit = Visit.of(folder=tmp_path, root="/board", path="/board/")
    assert 'action="/board/case"' in visit.answer.text
    assert visit.press("to-pathways").answer.status == 200
    assert ask(visit.app, "GET", "/static/page.js").status == 200


def test_many_people_at_once_never_see_each_other(tmp_path):
    """Each has a case and a title of their own, at one application whose caches are warm."""
    app = application(Opened(tmp_path))

    def sitting(number):
        visit = (
            Visit(app)
            .go("/case")
            .fill("text", BLANK + f"title: marked-{number}-x\npatient: {{age_years: {20 + number}}}\n")
            .press()
        )
        for screen in ("pathways", "record"):
            visit.press(f"to-{screen}")
            seen = set(re.findall(r"marked-(\d+)-x", visit.answer.text))
            ages = set(re.findall(r"age_years: (\d+)", html.unescape(visit.answer.text)))
            assert (seen, ages) == ({str(number)}, {str(20 + number)})
        return number

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(sitting, range(4))) == list(range(4))


# --- the plan as a document ----------------------------------------------------------------------------------------------


def test_the_plan_of_a_posted_case_is_the_document_of_the_command(tmp_path):
    app = application(Opened(tmp_path))
    text = named("rep-01").read_bytes()
    expected = json.loads(json.dumps(pw.plan(pw.load_case(named("rep-01"))).as_json()))
    assert json.loads(ask(app, "POST", "/plan", body=text).text) == expected
    case = pw.load_case(named("rep-01")).model_dump(mode="json", by_alias=True, exclude_unset=True)
    assert (
        json.loads(ask(app, "POST", "/plan", body=json.dumps(case).encode()).text)["pathways"] == expected["pathways"]
    )
    wrong = ask(app, "POST", "/plan", body=b"schema: 1\n")
    assert wrong.status == 422
    assert json.loads(wrong.text)["problems"]


# --- fields and text ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*PUBLISHED[::2], *CONSTRUCTED[::3]], ids=lambda path: path.stem)
def test_what_a_field_shows_is_what_it_puts_into_the_case(path):
    text = path.read_text(encoding="utf-8")
    found = read(text)
    fields = Fields(found)
    every = [one for _, first, more in DISCIPLINES for one in fields.several((*first, *more))]
    every += [one for listed in ROWS for row in fields.rows(listed) for one in row]
    assert list(changes(found, [(one.name, one.value) for one in every])) == []
    again = read(changed(text, [(one.path, typed(one.path, one.value)) for one in every if one.value]))
    assert again.case == found.case


def test_a_key_in_the_words_of_the_ward_is_first_written_in_those_of_the_format():
    text = "schema: 1\nid: a\npatient: {age: 62, diabetes: true}\nprimary: {tumour: rectal cancer}\nlesions:\n  segments: S8\n  size_cm: 3.5\n"
    after = read(changed(text, [(("lesions", 0, "size_mm"), 40), (("primary", "site"), "sigmoid")]))
    assert after.case.lesions[0].size_mm == 40
    assert after.case.primary.site == "sigmoid"
    assert "diabetes" in after.text


def test_what_an_alias_names_in_two_places_is_changed_in_one():
    text = "schema: 1\nid: a\nprimary: {tumour: colorectal}\nlesions:\n  - &a {segments: [8], size_mm: 30}\n  - *a\n"
    after = read(changed(text, [(("lesions", 0, "size_mm"), 40)])).case
    assert [one.size_mm for one in after.lesions] == [40, 30]


def test_an_emptied_entry_goes_and_a_case_keeps_a_lesion():
    text = changed(BLANK, [(("lesions", 0, "segments"), [8]), (("lesions", 1, "segments"), [2])])
    assert len(read(changed(text, [(("lesions", 0), GONE)])).case.lesions) == 1
    assert read(changed(changed(text, [(("lesions", 0), GONE)]), [(("lesions", 0), GONE)])).case.lesions[
        0
    ].segments == ("whole_liver",)


# --- taps ---------------------------------------------------------------------------------------------------------------


def test_a_second_tap_takes_a_lesion_away_of_which_nothing_else_is_told(tmp_path):
    visit = Visit.of(folder=tmp_path).press("segment-8").press("segment-8")
    assert visit.pressed() == set()
    visit.press("segment-8").fill("f:lesions.0.size_mm", "30").press().press("segment-8")
    assert visit.pressed() == {"Segment VIII"}


def test_a_tap_extends_the_lesion_that_is_chosen(tmp_path):
    visit = Visit.of(folder=tmp_path).press("segment-6").fill("current", "0").press("segment-7")
    assert pw.parse_case(visit.value("base")).lesions[0].segments == (6, 7)
    assert visit.pressed() == {"Segment VI", "Segment VII"}


def test_a_vessel_is_touched_then_grown_into_then_neither(tmp_path):
    visit = Visit.of(folder=tmp_path).press("segment-8").press("vessel-right_hepatic_vein")
    assert pw.parse_case(visit.value("base")).lesions[0].contacts == ("right_hepatic_vein",)
    visit.press("vessel-right_hepatic_vein")
    assert pw.parse_case(visit.value("base")).lesions[0].invades == ("right_hepatic_vein",)
    visit.press("vessel-right_hepatic_vein")
    assert pw.parse_case(visit.value("base")).lesions[0].invades == ()


def test_marks_of_a_lesion(tmp_path):
    visit = Visit.of(folder=tmp_path).press("segment-8").press("mark-0-suspected").press("mark-0-deep")
    one = pw.parse_case(visit.value("base")).lesions[0]
    assert (one.nature, one.depth) == ("suspected", "deep")


@pytest.mark.parametrize("name", ["alp-03", "br-01", "um-01"])
def test_the_numbers_of_a_pathway_are_told_with_one_dot_between_them_whatever_has_no_figure(name):
    text = plain_text(Visit.of(named(name), path="/pathway").answer.text)
    assert not re.search(r"·\s*·", text)


def plain_text(markup):
    return html.unescape(re.sub(r"<[^>]+>", " ", markup))
