"""The command line on real files: match, verify, explain; bad input writes nothing and ends with 2."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from services.matcher import cli
from services.matcher.interests.model import HashingModel
from services.matcher.interests.records import Vectors

MENTEES = """id,stage,specialty,goals,mentors_wanted
ana,M3,EM,learn ultrasound and toxicology,1
ben,M1,cardiology,heart failure research,2
cai,PGY1,derm,skin surgery,1
"""
MENTORS = """id,stage,specialty,expertise,max_mentees
mo,PGY3,EM,I teach ultrasound and toxicology,1
nia,faculty,cardiology,heart failure research,2
oz,fellow,cardiology,research methods,1
"""


@pytest.fixture(autouse=True)
def quick_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """The null implementation of the embedding port."""
    monkeypatch.setattr(cli, "make_model", lambda *_: HashingModel())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mentees.csv").write_text(MENTEES)
    (tmp_path / "mentors.csv").write_text(MENTORS)
    return tmp_path


def belay(folder: Path, command: str, *arguments: str) -> Result:
    people = ("--mentees", str(folder / "mentees.csv"), "--mentors", str(folder / "mentors.csv"))
    return CliRunner().invoke(cli.app, [command, *arguments, *people])


def match(folder: Path, *arguments: str) -> Result:
    outputs = ("--out", str(folder / "out.csv"), "--report", str(folder / "report.json"),
               "--certificate", str(folder / "cert.npz"))
    return belay(folder, "match", *outputs, *arguments)


def verify(folder: Path, *arguments: str) -> Result:
    return belay(folder, "verify", str(folder / "out.csv"), str(folder / "cert.npz"), *arguments)


@pytest.mark.parametrize("taken", ["mentees.csv", "sub/../mentors.csv", "report.json"])
def test_what_was_given_is_never_written_over(folder: Path, taken: str) -> None:
    (folder / "sub").mkdir()
    before = (folder / "mentees.csv").read_bytes(), (folder / "mentors.csv").read_bytes()
    result = match(folder, "--out", str(folder / taken))
    assert result.exit_code == 2
    assert "name another one to write to" in result.output
    assert before == ((folder / "mentees.csv").read_bytes(), (folder / "mentors.csv").read_bytes())
    assert not (folder / "report.json").exists()


@pytest.mark.parametrize("name", ["x.txt", "x", "x.xlsm", "x.csv.bak"])
def test_matches_are_written_as_a_table_that_the_name_announces_or_not_at_all(folder: Path, name: str) -> None:
    result = match(folder, "--out", str(folder / name))
    assert result.exit_code == 2
    assert f"{folder / name} should end in .csv or .xlsx" in result.output
    assert not (folder / name).exists()
    assert not (folder / "report.json").exists()


def test_what_was_not_used_or_not_known_is_told_with_its_file(folder: Path) -> None:
    (folder / "mentees.csv").write_text("id,specialty,shoe size\nana,emergency medicine,38\nbo,blorb,41\ncy,blorb,40\n")
    (folder / "mentors.csv").write_text("id,specialty,capacity,badge\nmo,blorb; wuff,3,x\n")
    result = match(folder)
    assert result.exit_code == 0
    notes = [line for line in result.output.splitlines() if line.startswith("men")]
    unknown = "specialties that are not known, and match only who wrote the same"
    assert notes == [
        "mentees.csv: columns that were not used: shoe size.",
        f"mentees.csv: {unknown}: 'blorb' (line 3).",
        "mentors.csv: columns that were not used: badge.",
        f"mentors.csv: {unknown}: 'blorb' (line 2), 'wuff' (line 2).",
    ]


def test_two_spreadsheets_become_matches_with_reasons_a_report_and_a_proof(folder: Path) -> None:
    assert match(folder).exit_code == 0
    lines = (folder / "out.csv").read_text().splitlines()
    assert lines[0] == "mentee_id,slot,kind,mentor_id,score,why"
    assert lines[1].startswith("ana,1,near_peer,mo,")
    assert "Specialty as wished: Emergency medicine." in lines[1]
    report = json.loads((folder / "report.json").read_text())
    assert (report["slots_wanted"], report["slots_filled"], report["gap"]) == (4, 4, 0)
    assert sum(report["load_by_mentor"].values()) == 4
    assert verify(folder).exit_code == 0


def test_leximin_is_told_as_certified_to_its_floor_even_where_it_gives_nothing_up(folder: Path) -> None:
    (folder / "policy.yaml").write_text("assignment: {floor: leximin, load_weight: 0}\n")
    said = match(folder, "--policy", str(folder / "policy.yaml")).output
    assert "certified to its floor" in said
    assert "proven optimal" not in said
    report = json.loads((folder / "report.json").read_text())
    assert (report["proven_to"], report["gap"]) == ("floor", 0)


def test_the_same_files_give_the_same_bytes(folder: Path) -> None:
    match(folder)
    once = [(folder / name).read_bytes() for name in ("out.csv", "cert.npz")]
    match(folder)
    assert [(folder / name).read_bytes() for name in ("out.csv", "cert.npz")] == once


def test_a_tampered_match_is_found_without_a_solver(folder: Path) -> None:
    match(folder)
    out = (folder / "out.csv").read_text()
    (folder / "out.csv").write_text(out.replace(",mo,", ",TEMP,").replace(",oz,", ",mo,").replace(",TEMP,", ",oz,"))
    result = verify(folder)
    assert result.exit_code == 1
    assert "✗ matching: 2 rows differ" in result.output


def test_changed_inputs_are_found_without_a_solver(folder: Path) -> None:
    match(folder)
    (folder / "mentors.csv").write_text(MENTORS.replace("mo,PGY3,EM", "mo,PGY3,IM"))
    result = verify(folder)
    assert result.exit_code == 1
    assert "✗ inputs" in result.output


def test_a_certificate_made_under_other_rules_does_not_pass(folder: Path) -> None:
    match(folder)
    (folder / "policy.yaml").write_text("assignment: {load_weight: 0.3}")
    result = verify(folder, "--policy", str(folder / "policy.yaml"))
    assert result.exit_code == 1
    assert "other assignment rules" in result.output


def test_bad_rows_are_all_told_and_nothing_is_written(folder: Path) -> None:
    (folder / "mentees.csv").write_text("id,stage\na,M9\na,M1\n")
    (folder / "mentors.csv").write_text("id,max_mentees\nx,many\n")
    result = match(folder)
    assert result.exit_code == 2
    for said in ("mentees.csv, line 2, column stage", "line 3, column id", "mentors.csv, line 2, column max_mentees"):
        assert said in result.output
    assert {path.name for path in folder.iterdir()} == {"mentees.csv", "mentors.csv"}


@pytest.mark.parametrize(("policy", "said"), [
    ("features: {interst: {weight: 1}}", "line 1: features.interst is not a key of the policy"),
    ("assignment:\n  floor: highest\n", "line 2: assignment.floor should be 'max', 'none' or 'leximin'"),
    ("a: [", "line 1"),
])
def test_a_policy_that_cannot_be_used_says_where(folder: Path, policy: str, said: str) -> None:
    (folder / "policy.yaml").write_text(policy)
    result = match(folder, "--policy", str(folder / "policy.yaml"))
    assert result.exit_code == 2
    assert said in result.output
    assert not (folder / "out.csv").exists()


def test_pins_are_kept_in_a_slot_of_their_kind(folder: Path) -> None:
    (folder / "mentees.csv").write_text("id,stage,kinds,pinned\na,M1,near peer;faculty,n\nb,M1,faculty,\n")
    (folder / "mentors.csv").write_text("id,stage,max_mentees\nm,PGY2,1\nn,faculty,1\no,faculty,1\n")
    assert match(folder).exit_code == 0
    lines = (folder / "out.csv").read_text().splitlines()[1:]
    assert [line.split(",")[:4] for line in lines] == [
        ["a", "1", "near_peer", "m"], ["a", "2", "faculty", "n"], ["b", "1", "faculty", "o"]]


@pytest.mark.parametrize(("mentees", "mentors", "said"), [
    ("id,pinned\na,x\nb,x\n", "id,max_mentees\nx,1\n", "2 mentees are pinned to a mentor with room for 1"),
    ("id,stage,kinds,pinned\na,M1,faculty,x\n", "id,stage\nx,PGY1\n", "'x' cannot be given"),
    ("id,pinned\na,x\n", "id,evaluates\nx,a\n", "'x' cannot be given"),
])
def test_pins_that_cannot_be_kept_are_refused(folder: Path, mentees: str, mentors: str, said: str) -> None:
    (folder / "mentees.csv").write_text(mentees)
    (folder / "mentors.csv").write_text(mentors)
    result = match(folder)
    assert result.exit_code == 2
    assert said in result.output


def test_given_scores_are_matched_and_what_is_missing_stays_apart(folder: Path) -> None:
    (folder / "scores.csv").write_text("mentee_id,mentor_id,score\nana,mo,12\nben,mo,9\nben,nia,-1\n")
    assert match(folder, "--scores", str(folder / "scores.csv")).exit_code == 0
    lines = (folder / "out.csv").read_text().splitlines()[1:]
    assert [(line.split(",")[0], *line.split(",")[3:5]) for line in lines] == [
        ("ana", "mo", "12.000000"), ("ben", "nia", "-1.000000")]
    report = json.loads((folder / "report.json").read_text())
    assert [u["why"] for u in report["unmatched"] if u["mentee_id"] == "cai"] == [
        ["No mentor is eligible: no score is given."]]
    assert verify(folder, "--scores", str(folder / "scores.csv")).exit_code == 0


def test_given_vectors_with_plain_cosines_need_no_texts(folder: Path) -> None:
    (folder / "mentees.csv").write_text("id\na\nb\n")
    (folder / "mentors.csv").write_text("id,max_mentees\nx,1\ny,1\n")
    (folder / "policy.yaml").write_text(
        "features: {interest: {weight: 1, scale: cosine}}\n"
        "assignment: {coverage: none, floor: none, load_weight: 0}\n")
    np.save(folder / "u.npy", np.array([[1, 0], [0.8, 0.6]], np.float32))
    np.save(folder / "v.npy", np.array([[1, 0], [0, 1]], np.float32))
    given = ("--policy", str(folder / "policy.yaml"), "--mentee-vectors", str(folder / "u.npy"),
             "--mentor-vectors", str(folder / "v.npy"))
    assert match(folder, *given).exit_code == 0
    lines = (folder / "out.csv").read_text().splitlines()[1:]
    assert lines == ["a,1,any,x,1.000000,", "b,1,any,y,0.600000,"]
    assert verify(folder, *given).exit_code == 0


def test_vectors_of_one_side_alone_are_refused(folder: Path) -> None:
    result = match(folder, "--mentee-vectors", "u.npy")
    assert result.exit_code == 2
    assert "belong together" in result.output


def test_texts_are_remembered_for_the_next_command(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = ("--cache", str(folder / "texts.npz"))
    assert match(folder, *cache).exit_code == 0

    class Refusing(HashingModel):
        def encode(self, texts: Sequence[str]) -> Vectors:
            raise AssertionError(f"read again: {texts}")

    monkeypatch.setattr(cli, "make_model", lambda *_: Refusing())
    assert verify(folder, *cache).exit_code == 0


def test_a_pair_is_explained_in_the_readers_words(folder: Path) -> None:
    result = belay(folder, "explain", "ana", "mo", "--reader", "mentee")
    assert result.exit_code == 0
    assert "They work in Emergency medicine, as you wish." in result.output
    assert "score" in result.output


def test_an_impossible_pair_is_explained_by_its_rule(folder: Path) -> None:
    (folder / "mentees.csv").write_text("id,stage,kinds\na,M1,faculty\n")
    result = belay(folder, "explain", "a", "mo")
    assert "One mentor does not offer this kind" in result.output
    assert "With any kind of mentor" in result.output


def test_an_unknown_person_is_refused(folder: Path) -> None:
    result = belay(folder, "explain", "nobody", "mo")
    assert result.exit_code == 2
    assert "'nobody' is not an id" in result.output


def test_excel_out_can_be_verified_too(folder: Path) -> None:
    certificate = ("--certificate", str(folder / "cert.npz"))
    assert belay(folder, "match", "--out", str(folder / "out.xlsx"), *certificate).exit_code == 0
    assert belay(folder, "verify", str(folder / "out.xlsx"), str(folder / "cert.npz")).exit_code == 0


def test_a_file_that_is_no_certificate_is_refused(folder: Path) -> None:
    match(folder)
    (folder / "cert.npz").write_bytes(b"nothing")
    assert verify(folder).exit_code == 2


def what_if(folder: Path, *arguments: str) -> str:
    result = belay(folder, "what-if", *arguments)
    assert result.exit_code == 0, result.output
    return " ".join(result.output.split())


@pytest.fixture
def scarce(folder: Path) -> Path:
    """One mentor with one slot, three mentees."""
    (folder / "mentors.csv").write_text("id,stage,specialty,max_mentees\nmo,PGY3,EM,1\n")
    (folder / "mentees.csv").write_text("id,stage,specialty\na,M1,EM\nb,M2,EM\nc,M1,urology\n")
    return folder


def test_what_if_says_where_one_more_slot_would_help(scarce: Path) -> None:
    assert "specialty emergency_medicine │ 1 │ +1.000" in what_if(scarce)


def test_what_if_more_slots_fill_more(scarce: Path) -> None:
    assert "slots filled │ 1 │ 3 │ +2" in what_if(scarce, "--raise", "mo=2")


def test_what_if_further_mentors_fill_more(scarce: Path) -> None:
    (scarce / "more.csv").write_text("id,stage,max_mentees\nnia,fellow,1\n")
    assert "slots filled │ 1 │ 2 │ +1" in what_if(scarce, "--add-mentors", str(scarce / "more.csv"))


def test_what_if_another_policy_holds_for_the_change(scarce: Path) -> None:
    (scarce / "other.yaml").write_text("assignment: {coverage: none}\nfeatures: {stage: {weight: 1}}")
    assert "total" in what_if(scarce, "--other-policy", str(scarce / "other.yaml"))


@pytest.mark.parametrize(("arguments", "said"), [
    (("--raise", "mo"), "should look like mentor=2"),
    (("--raise", "nobody=1"), "has no mentor 'nobody'"),
    (("--raise", "mo=-2"), "-1"),
])
def test_a_change_that_makes_no_sense_is_refused(scarce: Path, arguments: tuple[str, ...], said: str) -> None:
    result = belay(scarce, "what-if", *arguments)
    assert result.exit_code == 2
    assert said in result.output


def test_a_further_mentor_who_is_there_already_is_refused(scarce: Path) -> None:
    result = belay(scarce, "what-if", "--add-mentors", str(scarce / "mentors.csv"))
    assert result.exit_code == 2
    assert "line 2, column id: 'mo' is a mentor already" in result.output


def test_bench_measures_and_writes_its_figures(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli.app, ["bench", "scoring", "--size", "100", "--out", str(tmp_path / "b.csv")])
    assert result.exit_code == 0, result.output
    lines = (tmp_path / "b.csv").read_text().splitlines()
    assert lines[0] == "suite,what,instance,value,unit"
    assert all(float(line.split(",")[-2]) > 0 for line in lines[1:])


def test_an_unknown_suite_is_refused() -> None:
    result = CliRunner().invoke(cli.app, ["bench", "everything"])
    assert result.exit_code == 2
    assert "known are scoring" in result.output
