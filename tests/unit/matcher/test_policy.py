"""Policies: defaults, what a file switches on, and every error named at its line."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from services.matcher.policy import Policy, parse_policy, read_policy
from services.matcher.policy_file import PolicyError
from services.matcher.scoring.block_kernel import score_rows
from services.matcher.scoring.capacity import free_slots
from services.matcher.scoring.kernel import pooled_dots, shared_terms, shared_tokens
from services.matcher.scoring.national import NationalScores
from services.matcher.scoring.people import Mentor
from services.matcher.scoring.warm import compile_kernels
from shared.contracts.exploration import MOST_EPSILON, ExplorationSetting
from shared.explanations.features import FEATURES, Feature
from shared.vocabulary.mentoring import Kind
from shared.vocabulary.stages import Stage
from tests.unit.matcher.crowd import crowd, interests

MISTAKES = """features:
  interest: {weight: -1}
  foo: 3
assignment:
  floor: 2
kinds:
  near_peer:
    allowed: [3, 1]
    best: [1, 3]
rules: {same_site: never}
"""


def refused(text: str | bytes, name: str = "p.yaml") -> list[str]:
    with pytest.raises(PolicyError) as error:
        parse_policy(text, name)
    return str(error.value).split("\n")


def test_an_empty_file_is_the_default_policy() -> None:
    assert parse_policy("") == parse_policy("{}") == parse_policy("features: {}") == Policy()


def test_shared_experience_is_off_unless_a_program_switches_it_on() -> None:
    assert Policy().features.shared_experience.weight == 0
    assert parse_policy("features: {shared_experience: {}, interest: {}}").features.interest.weight == 4


def test_a_file_that_names_features_switches_the_others_off() -> None:
    features = parse_policy("features: {interest: {weight: 1, scale: cosine}}").features
    assert [f for f in FEATURES if features[f].weight] == [Feature.INTEREST]


def test_a_weight_may_differ_by_kind() -> None:
    specialty = parse_policy("features: {specialty: {weight: 1, by_kind: {specialty: 5}}}").features.specialty
    assert (specialty.weight_for(Kind.SPECIALTY), specialty.weight_for(Kind.ANY)) == (5, 1)


def test_json_is_read_too_with_tabs_and_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    path.write_bytes(b'\xef\xbb\xbf{\n\t"assignment": {"floor": 0.3}\n}')
    assert read_policy(path).assignment.floor == 0.3


def test_all_errors_are_named_at_their_lines() -> None:
    assert refused(MISTAKES) == [
        "p.yaml, line 2: features.interest.weight should be greater than or equal to 0",
        "p.yaml, line 3: features.foo is not a key of the policy",
        "p.yaml, line 5: assignment.floor should be 'max', 'none' or 'leximin' or should be less than or equal to 1",
        "p.yaml, line 7: kinds.near_peer a range is [least, most], with least not above most",
        "p.yaml, line 10: rules.same_site should be 'allowed', 'forbidden' or 'required'",
    ]


@pytest.mark.parametrize(("text", "said"), [
    ("assignment: {floor: leximin}\nexploration: {epsilon: 0.1}\n",
     "p.yaml, line 1: a run that explores cannot be leximin too; set exploration.epsilon to 0 or floor to max"),
    ("name: a\nname: b\n", "p.yaml, line 2: name is given twice (line 1)"),
    ("- 1\n", "p.yaml, line 1: should be a valid dictionary or instance of Policy"),
    ("features: {interest: {weight: .nan}}", "p.yaml, line 1: features.interest.weight should be a finite number"),
    ("a: b: c", "p.yaml, line 1: mapping values are not allowed here"),
    (b"name: \xff", "p.yaml, line 1: is not UTF-8 text; save the file as UTF-8"),
])
def test_a_file_that_is_no_policy_says_why(text: str | bytes, said: str) -> None:
    assert refused(text)[0] == said


def test_broken_json_is_told_as_json() -> None:
    assert refused('{\n "name": "a",\n}', "p.json")[0].startswith("p.json, line ")


def test_a_policy_in_which_nothing_counts_is_refused() -> None:
    assert "every feature has weight 0" in refused("features: {interest: {weight: 0}}")[0]


def test_code_in_a_policy_is_not_run() -> None:
    assert "line 1" in refused("name: !!python/object/apply:os.system ['true']")[0]


@pytest.mark.parametrize(("mentor", "slots"), [
    (Mentor(id="m", max_mentees=3), 3),
    (Mentor(id="m", max_mentees=3, hours_per_month=5), 2),
    (Mentor(id="m", max_mentees=3, hours_per_month=1.9), 0),
    (Mentor(id="m", max_mentees=3, promised=2), 1),
    (Mentor(id="m", max_mentees=1, promised=2), 0),
    (Mentor(id="m", max_mentees=9, hours_per_month=8, stage=Stage.FACULTY), 2),
])
def test_slots_follow_hours_and_what_is_promised(mentor: Mentor, slots: int) -> None:
    dear = "kinds: {faculty: {allowed: [1, 40], best: [5, 40], hours_per_month: 4}}"
    assert free_slots(mentor, parse_policy(dear) if mentor.stage else Policy()) == slots


def test_what_is_compiled_ahead_is_what_real_scores_use() -> None:
    loops: tuple[Any, ...] = (score_rows, pooled_dots, shared_terms, shared_tokens)
    compile_kernels()
    ahead = [len(loop.signatures) for loop in loops]
    mentees, mentors = crowd(1, 9, 7)
    scores = NationalScores(mentees, mentors, Policy(), interests(1, 9, 7))
    scores.block(0, scores.rows)
    scores.exact(np.zeros(7, np.int64), np.arange(7))
    assert min(ahead) > 0
    assert [len(loop.signatures) for loop in loops] == ahead


def test_what_a_lead_may_set_in_the_browser_is_a_policy() -> None:
    for epsilon, draws in ((0.0, 5), (MOST_EPSILON, 50)):
        set_there = ExplorationSetting(epsilon=epsilon, draws=draws).model_dump()
        assert Policy.model_validate({"exploration": set_there}).exploration.model_dump() == set_there
