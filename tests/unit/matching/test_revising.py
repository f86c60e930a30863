"""A lead's decisions about pairs add up; figures side by side say which way they went."""

from uuid import uuid4

import pytest

from services.api.matching.revising.schemas import Revision
from services.api.matching.revising.service import revised
from services.api.matching.side_by_side import number_line, share_line
from services.api.matching.what_ifs.schemas import WhatIfForm
from shared.models.matching import PairRule

A, X, Y = uuid4(), uuid4(), uuid4()


@pytest.mark.parametrize(
    ("before", "revision", "after"),
    [
        ({}, Revision(change="pin", mentee_id=A, mentor_id=X), {(A, X): PairRule.PIN}),
        ({(A, X): PairRule.PIN}, Revision(change="forbid", mentee_id=A, mentor_id=X), {(A, X): PairRule.FORBID}),
        ({(A, X): PairRule.PIN}, Revision(change="release", mentee_id=A, mentor_id=X), {}),
        ({}, Revision(change="move", mentee_id=A, to_id=Y), {(A, Y): PairRule.PIN}),
        (
            {(A, X): PairRule.PIN},
            Revision(change="move", mentee_id=A, mentor_id=X, to_id=Y),
            {(A, X): PairRule.FORBID, (A, Y): PairRule.PIN},
        ),
        (
            {(A, X): PairRule.FORBID, (A, Y): PairRule.PIN},
            Revision(change="move", mentee_id=A, mentor_id=Y, to_id=X),
            {(A, Y): PairRule.FORBID, (A, X): PairRule.PIN},
        ),
    ],
    ids=["keep", "apart after all", "release", "give a place", "move", "and back"],
)
def test_one_more_decision(before: dict, revision: Revision, after: dict) -> None:  # type: ignore[type-arg]
    assert revised(before, revision) == after


def test_a_change_too_small_to_be_shown_is_no_change() -> None:
    assert number_line("Total", 1.00004, 1.00001).change == ""
    assert (number_line("Total", 1.5, 1.0).change, number_line("Total", 1.5, 1.0).better) == ("+0.500", True)
    assert number_line("Load cost", 1.5, 1.0, more_is_better=False).better is False
    assert number_line("Floor", None, 0.4).now == "\N{EN DASH}"


def test_shares_change_by_points_and_some_are_neither_better_nor_worse() -> None:
    line = share_line("Coverage", 0.86, 0.85)
    assert (line.now, line.before, line.change, line.better) == ("86%", "85%", "+1.0 points", True)
    assert share_line("Across", 0.5, 0.6, judged=False).better is None


def test_a_form_becomes_a_question() -> None:
    assert WhatIfForm(floor="fixed", floor_at=0.3).question.floor == 0.3
    assert WhatIfForm(floor="none").question.floor == "none"
    assert WhatIfForm().question.changes_nothing
    assert not WhatIfForm(load_weight=0.0).question.changes_nothing
