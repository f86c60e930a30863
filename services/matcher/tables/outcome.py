"""A solved case as tables: the matches with their reasons, and the report."""

import platform
import resource
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from services.matcher.assignment.certificate import Certificate
from services.matcher.assignment.problem import Int32
from services.matcher.assignment.solution import Solution
from services.matcher.explaining.explain import explain_pairs
from services.matcher.explaining.open_slots import why_open
from services.matcher.tables.case import Case
from services.matcher.tables.files import open_sheet
from services.matcher.tables.problems import Findings, TableError
from services.matcher.tables.writing import Cells
from shared.explanations.reasons import Reason, ReasonCode
from shared.explanations.words import Reader, Voice

HEADER = ("mentee_id", "slot", "kind", "mentor_id", "score", "why")
LIBRARIES = ("numpy", "scipy", "ortools", "numba", "sentence-transformers")
MOST_REASONS = 4


def match_rows(case: Case, solution: Solution, language: str) -> list[Cells]:
    """One line per match, in the order of the mentees' file; scores with the decimals that were reckoned with."""
    rows = np.flatnonzero(solution.mentor >= 0)
    mentors = solution.mentor[rows].astype(np.int64)
    decimals = solution.rules.score_decimals
    given = case.explained.given_kinds(rows, mentors) if case.explained else [case.kinds[row] for row in rows]
    why = _why(case, rows, mentors, language)
    return [
        (case.mentees.persons[case.owner[row]].id, int(case.slot[row]), str(kind), case.mentors.persons[mentor].id,
         f"{int(solution.score[row]) / 10**decimals:.{decimals}f}", reason)
        for row, mentor, kind, reason in zip(rows, mentors, given, why, strict=True)
    ]


def _why(case: Case, rows: Any, mentors: Any, language: str) -> list[str]:
    if case.explained is None:
        return [""] * len(rows)
    voice = Voice(Reader.LEAD, language)
    told = explain_pairs(case.explained, rows, mentors)
    return [" ".join(voice.say_all(e.reasons)[:MOST_REASONS]) for e in told]


def read_matches(path: Path, case: Case) -> Int32:
    """int32[rows]: the mentor of each row by a table of matches (−1 without); raises TableError."""
    findings = Findings(path.name)
    sheet = open_sheet(path, findings)
    place = {name: sheet.header.index(name) for name in HEADER[:4] if name in sheet.header}
    if not {"mentee_id", "mentor_id"} <= place.keys():
        raise findings.stop(1, "", "needs the columns mentee_id and mentor_id, as `belay match` writes them")
    slots = zip(case.owner.tolist(), case.slot.tolist(), strict=True)
    row_of = {(case.mentees.persons[n].id, slot): row for row, (n, slot) in enumerate(slots)}
    mentor_of = {m.id: n for n, m in enumerate(case.mentors.persons)}
    matches = np.full(len(case.owner), -1, np.int32)
    for line in sheet.rows:
        mentee, mentor = line.cells[place["mentee_id"]], line.cells[place["mentor_id"]]
        slot = line.cells[place["slot"]] if "slot" in place else "1"
        row = row_of.get((mentee, int(slot))) if slot.isdigit() else None
        if row is None or mentor not in mentor_of:
            findings.add(line.line, "", f"{mentee!r} (slot {slot}) with {mentor!r}: not in the people's files")
        elif matches[row] >= 0:
            findings.add(line.line, "mentee_id", f"slot {slot} of {mentee!r} is matched twice")
        else:
            matches[row] = mentor_of[mentor]
    if findings.problems:
        raise TableError(findings.problems)
    return matches


def report(case: Case, solution: Solution, certificate: Certificate, seconds: dict[str, float]) -> dict[str, Any]:
    """Everything that `report.json` holds."""
    matched = solution.mentor[solution.mentor >= 0]
    scores = solution.score[solution.mentor >= 0] / 10**solution.rules.score_decimals
    load = np.bincount(matched, minlength=len(case.mentors.persons))
    return {
        "coverage": solution.coverage,
        "slots_wanted": solution.slots_wanted,
        "slots_filled": solution.slots_filled,
        "floor": solution.floor,
        "total_score": solution.total,
        "load_cost": solution.load_cost,
        "objective": solution.objective,
        "dual_bound": solution.dual_bound,
        "gap": solution.gap,
        "proven_to": solution.proven_to,
        "pairs_considered": solution.pairs_considered,
        "candidate_edges": solution.candidate_edges,
        "rounds": solution.rounds,
        "seconds": {phase: round(taken, 3) for phase, taken in {**seconds, **solution.seconds}.items()},
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "mean_score": float(scores.mean()) if len(scores) else None,
        "load_by_mentor": {m.id: int(n) for m, n in zip(case.mentors.persons, load, strict=True)},
        "unmatched": unmatched(case, solution),
        "versions": versions(),
        "policy_version": case.policy.version,
        "seed": case.seed,
        "input_hash": certificate.inputs,
    }


def unmatched(case: Case, solution: Solution) -> list[dict[str, Any]]:
    """Open slots with their reasons, as codes with parameters and in words."""
    voice = Voice(Reader.LEAD)
    free = case.capacity - np.bincount(solution.mentor[solution.mentor >= 0], minlength=len(case.mentors.persons))
    found = []
    for row in np.flatnonzero(solution.mentor < 0).tolist():
        reasons = _why_open(case, row, free)
        found.append({
            "mentee_id": case.mentees.persons[case.owner[row]].id,
            "slot": int(case.slot[row]),
            "kind": str(case.kinds[row]),
            "reasons": [reason.model_dump(mode="json") for reason in reasons],
            "why": voice.say_all(reasons),
        })
    return found


def _why_open(case: Case, row: int, free: Any) -> list[Reason]:
    if case.explained is not None:
        return why_open(case.explained, row, free)
    everyone = np.arange(len(case.mentors.persons))
    eligible = np.isfinite(case.source.exact(np.full(len(everyone), row), everyone))
    barred = {mentor for mentee, mentor in case.problem.forbidden_owners if mentee == case.owner[row]}
    eligible[list(barred)] = False
    if not eligible.any():
        return [Reason.of(ReasonCode.NO_PAIR)]
    room = int((eligible & (free > 0)).sum())
    return [Reason.of(ReasonCode.SLOTS_LEFT, number=room) if room
            else Reason.of(ReasonCode.ALL_FULL, number=int(eligible.sum()))]


def versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for name in ("belay", *LIBRARIES):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found
