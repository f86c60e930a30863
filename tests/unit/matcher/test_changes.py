"""What would change a made match: each shortfall holds against a new run."""

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from services.matcher import cli
from services.matcher.assignment.certificate import certify
from services.matcher.assignment.problem import Rules
from services.matcher.assignment.solve import solve
from services.matcher.assignment.sources import DenseScores
from services.matcher.interests.model import HashingModel
from services.matcher.tables.alternatives import what_would_change
from services.matcher.tables.case import Files, Reader, read_case

POLICY = """features: {specialty: {}, stage: {}, time: {}}
assignment: {coverage: none, floor: none, load_weight: 0}
"""
MENTEES = """id,stage,specialty,hours
ana,M3,EM,Mon 9-12
ben,M1,cardiology,Mon 9-12; Tue 9-14
cai,PGY1,derm,Wed 8-20
dee,M2,EM,Tue 8-12
"""
MENTORS = """id,stage,specialty,max_mentees,hours
mo,PGY3,EM,1,Mon 8-11
nia,faculty,cardiology,1,Tue 9-12
oz,fellow,cardiology,1,Wed 9-10
pia,faculty,EM,1,Tue 8-10
"""


@pytest.fixture
def files(tmp_path: Path) -> Files:
    for name, text in (("mentees.csv", MENTEES), ("mentors.csv", MENTORS), ("policy.yaml", POLICY)):
        (tmp_path / name).write_text(text)
    return Files(tmp_path / "mentees.csv", tmp_path / "mentors.csv", tmp_path / "policy.yaml")


def test_a_pair_changes_the_match_when_it_gains_more_than_it_lacks_and_not_before(files: Files) -> None:
    case = read_case(files, Reader(HashingModel()))
    rules = Rules("none", "none", 0.0)
    made = solve(case.problem, rules)
    rows, mentors = np.divmod(np.arange(16), 4)
    scores = case.source.exact(rows, mentors).reshape(4, 4)
    place = {m.id: n for n, m in enumerate(case.mentors.persons)}
    told = 0
    for mentee in range(4):
        for slot in what_would_change(case, certify(case.problem, made), mentee):
            for other in slot.alternatives:
                raised = scores.copy()
                raised[mentee, place[other.mentor]] += 0.99 * other.needed
                better = solve(type(case.problem)(DenseScores(raised), case.problem.capacity), rules)
                assert better.total == pytest.approx(made.total, abs=2e-6)
                told += 1
    assert told >= 8


def test_features_named_could_bring_what_is_lacking(files: Files) -> None:
    case = read_case(files, Reader(HashingModel()))
    proof = certify(case.problem, solve(case.problem, case.rules))
    slots = [slot for mentee in range(4) for slot in what_would_change(case, proof, mentee)]
    named = [(other, most) for slot in slots for other in slot.alternatives for _, most in other.by]
    assert named
    assert all(most >= other.needed for other, most in named)


def test_explain_says_what_would_change_a_made_match(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "make_model", lambda *_: HashingModel())
    folder = files.mentees.parent
    people = ["--mentees", str(files.mentees), "--mentors", str(files.mentors), "--policy", str(files.policy)]
    proof = ["--certificate", str(folder / "cert.npz")]
    runner = CliRunner()
    assert runner.invoke(cli.app, ["match", "--out", str(folder / "out.csv"), *proof, *people]).exit_code == 0
    told = runner.invoke(cli.app, ["explain", "ana", "mo", *proof, *people])
    assert told.exit_code == 0, told.output
    assert "It would change if" in told.output
    assert "better: by" in told.output
    other = runner.invoke(cli.app, ["explain", "ana", "mo", *proof, *people, "--seed", "another"])
    assert other.exit_code == 2
    assert "was made for other people" in other.output
