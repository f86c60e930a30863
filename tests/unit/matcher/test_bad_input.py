"""Bad input on the command line: a sentence with file, line and column, exit code 2, and nothing written."""

import re
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse
from typer.testing import CliRunner, Result

from services.matcher import cli
from services.matcher.tables import files as reading
from services.matcher.tables.problems import MOST_KEPT, Findings, TableError
from services.matcher.tables.scores import read_scores

MENTEES = "id,stage\na,M1\nb,M2\nc,M3\n"
MENTORS = "id,max_mentees\nx,1\ny,2\n"
SCORES = "mentee_id,mentor_id,score\na,x,0.5\nb,y,0.25\nb,x,0.125\n"
POLICY = "features: {stage: {}}\n"


def run(folder: Path, **changed: str | bytes) -> Result:
    """Match with given scores; `changed` replaces the text of a file by its name without ending."""
    texts = {"mentees": MENTEES, "mentors": MENTORS, "scores": SCORES, "policy": POLICY} | changed
    for name, text in texts.items():
        ending = ".yaml" if name == "policy" else ".csv"
        (folder / f"{name}{ending}").write_bytes(text if isinstance(text, bytes) else text.encode())
    return match(folder, folder / "scores.csv")


def match(folder: Path, scores: Path) -> Result:
    arguments = ["--mentees", str(folder / "mentees.csv"), "--mentors", str(folder / "mentors.csv"), "--scores",
                 str(scores), "--policy", str(folder / "policy.yaml")]  # fmt: skip
    outputs = ["--out", str(folder / "out.csv"), "--report", str(folder / "report.json"), "--certificate",
               str(folder / "cert.npz")]  # fmt: skip
    return CliRunner().invoke(cli.app, ["match", *arguments, *outputs])


def refused(folder: Path, result: Result, said: str) -> None:
    assert result.exit_code == 2, result.output
    assert re.search(said, result.output.replace("\n", " ")), result.output
    assert not [name for name in ("out.csv", "report.json", "cert.npz") if (folder / name).exists()]


def test_the_plain_files_match(tmp_path: Path) -> None:
    assert run(tmp_path).exit_code == 0


@pytest.mark.parametrize(("name", "text", "said"), [
    ("scores", SCORES + "c,x,nan\n", r"scores.csv, line 5, column score: 'nan' is not a finite number"),
    ("scores", SCORES + "c,x,-inf\n", r"line 5, column score: '-inf' is not a finite number"),
    ("scores", SCORES + "c,x,high\n", r"line 5, column score: 'high' is not a finite number"),
    ("scores", SCORES + "a,x,0.7\n", r"scores.csv, line 5: gives the pair of line 2 once more"),
    ("scores", SCORES + "q,x,0.7\n", r"line 5, column mentee_id: 'q' is not an id of the mentees file"),
    ("scores", SCORES + "a,q,0.7\n", r"line 5, column mentor_id: 'q' is not an id of the mentors file"),
    ("scores", "a|b\n1|2\n", r"scores.csv, line 1: needs the columns mentee_id, mentor_id and score"),
    ("mentees", MENTEES + "a,M4\n", r"mentees.csv, line 5, column id: 'a' stands on line 2 already"),
    ("mentees", MENTEES + ",M4\n", r"mentees.csv, line 5, column id: is empty"),
    ("mentees", "id,not_with\na,z\n", r"mentees.csv, line 2, column not_with: 'z' is not an id of the other file"),
    ("mentors", "id,max_mentees\nx,-1\n", r"mentors.csv, line 2, column max_mentees: '-1' should be from 0"),
    ("mentors", "id,max_mentees\nx,1.5\n", r"line 2, column max_mentees: '1.5' is not a whole number"),
    ("mentors", "id,max_mentees\nx,inf\n", r"line 2, column max_mentees: 'inf' is not a number"),
    ("mentees", "id,pinned\na,x\nb,x\nc,\n", r"mentors.csv, line 2, column max_mentees: 2 mentees are pinned"),
    ("mentees", "id,pinned,forbidden\na,x,x\n", r"mentees.csv, line 2, column pinned: 'x' is also forbidden"),
    ("policy", "features:\n  stage: {}\n  wit: {}\n", r"policy.yaml, line 3.*wit"),
    ("policy", "assignment: {floor: highest}\n", r"policy.yaml, line 1.*floor"),
    ("mentees", "", r"mentees.csv: the file is empty"),
    ("mentees", "id,stage\n", r"mentees.csv: names columns, but nobody below them"),
    ("mentees", MENTEES.encode() + b"d\xff,M1\n", r"mentees.csv, line 5: is not UTF-8 text at byte 2"),
    ("mentees", MENTEES.encode("utf-16"), r"mentees.csv, line 1: is not UTF-8"),
    ("mentees", "id stage\na M1\n", r"mentees.csv, line 1: no column holds an id .* separated by commas"),
    ("mentees", 'id,stage\na,"M1\nb,M2\n', r"mentees.csv, line 2: is not a row of a CSV file"),
    ("mentees", "id,stage\na,M1,x\n", r"mentees.csv, line 2: has 3 cells, but the header names 2"),
])  # fmt: skip
def test_what_cannot_be_read_is_named_at_its_place(tmp_path: Path, name: str, text: str | bytes, said: str) -> None:
    refused(tmp_path, run(tmp_path, **{name: text}), said)


@pytest.mark.parametrize(("matrix", "said"), [
    (np.array([[1, np.nan], [0, 0], [0, 0]]), r"line 1, column 2: nan is not a finite number"),
    (np.array([[1, 0], [0, np.inf], [0, 0]]), r"line 2, column 2: inf is not a finite number"),
    (np.zeros((2, 2)), r"has shape \(2, 2\); expected \(3, 2\)"),
])  # fmt: skip
@pytest.mark.parametrize("ending", ["npy", "npz", "sparse"])
def test_matrices_are_refused_likewise(tmp_path: Path, matrix: np.ndarray, said: str, ending: str) -> None:
    run(tmp_path)
    path = tmp_path / f"given.{'npy' if ending == 'npy' else 'npz'}"
    if ending == "sparse":
        sparse.save_npz(path, sparse.csr_matrix(matrix))
    elif ending == "npy":
        np.save(path, matrix)
    else:
        np.savez(path, matrix)
    for written in ("out.csv", "report.json", "cert.npz"):
        (tmp_path / written).unlink()
    refused(tmp_path, match(tmp_path, path), said)


def test_one_bad_line_in_a_long_file_is_found_and_nothing_is_kept_after_it(tmp_path: Path) -> None:
    lines = [f"a,x,{n}" for n in range(2)] + ["a,y,?"] + ["b,y,1"] * 200_000
    refused(tmp_path, run(tmp_path, scores="mentee_id,mentor_id,score\n" + "\n".join(lines)),
            r"scores.csv, line 4, column score: '\?' is not a finite number")


def test_a_line_that_never_ends_is_refused_before_it_fills_the_memory(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LONGEST_LINE", 1_000)
    refused(tmp_path, run(tmp_path, mentees=MENTEES + "x" * 5_000), r"mentees.csv, line 5: is longer than 1,000 bytes")


def test_a_file_that_is_wrong_throughout_names_the_first_problems(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("mentee_id,mentor_id,score\n" + "q,q,q\n" * MOST_KEPT)
    with pytest.raises(TableError) as found:
        read_scores(tmp_path / "s.csv", ["a"], ["x"], "forbid")
    assert len(found.value.problems) == MOST_KEPT
    assert "s.csv, line 2, column mentee_id: 'q'" in str(found.value)


def test_reading_a_large_table_tells_how_far_it_is(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("id,goals\n" + "".join(f"p{n},{'x' * 990}\n" for n in range(4_000)))
    told: list[float] = []
    sheet = reading.open_sheet(tmp_path / "people.csv", Findings("people.csv", lambda _what, share: told.append(share)))
    assert len(list(sheet.rows)) == 4_000
    assert told == sorted(told)
    assert len(told) == 3
    assert 0.2 < told[0] < 0.3
