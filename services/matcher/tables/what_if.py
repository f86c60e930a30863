"""What-if on files: more mentors, more bandwidth or another policy, and where one more slot would help most."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from services.matcher.assignment.solution import Progress, Solution
from services.matcher.assignment.solve import solve
from services.matcher.assignment.what_if import Difference, Shadow, raise_bandwidth, shadow_prices
from services.matcher.assignment.what_if import what_if as compare
from services.matcher.policy import Policy, read_policy
from services.matcher.scoring.national import NationalScores
from services.matcher.scoring.people import Mentor
from services.matcher.tables.case import Case, Reader, read_texts
from services.matcher.tables.people import People, check_pairs, read_mentors
from services.matcher.tables.problems import Findings, TableError

GROUPINGS: dict[str, Callable[[Mentor], str]] = {
    "specialty": lambda mentor: mentor.specialties[0] if mentor.specialties else "",
    "state": lambda mentor: mentor.state,
    "stage": lambda mentor: str(mentor.stage or ""),
    "institution": lambda mentor: mentor.institution,
}


@dataclass(frozen=True)
class Change:
    """What is asked: mentors to add, slots to add to mentors by id, a policy to use instead."""

    more_mentors: Path | None = None
    slots: tuple[tuple[str, int], ...] = ()
    policy: Path | None = None


@dataclass(frozen=True)
class Worth:
    """What one more slot adds, on average over the mentors of a group: slots filled, and score."""

    grouping: str
    group: str
    mentors: int
    coverage: float
    total: float


def changed_case(case: Case, change: Change, reader: Reader) -> Case:
    """The case after the change; scores stay on the scale of the case before. Raises TableError, PolicyError."""
    policy = read_policy(change.policy) if change.policy else case.policy
    mentors = _with_more(case, change.more_mentors) if change.more_mentors else case.mentors
    if case.explained is None:
        if change.more_mentors:
            raise Findings(str(change.more_mentors)).stop(0, "", "given scores say nothing about further mentors")
        return replace(case, policy=policy)
    scores = _scores(case, mentors, policy, reader)
    return replace(case, policy=policy, mentors=mentors, source=scores, explained=scores)


def difference(case: Case, before: Solution, changed: Case, slots: tuple[tuple[str, int], ...]) -> Difference:
    """The change in slots filled, floor and total. Raises TableError for unknown ids."""
    place = {m.id: n for n, m in enumerate(changed.mentors.persons)}
    unknown = [name for name, _ in slots if name not in place]
    if unknown:
        raise Findings(case.mentors.file).stop(0, "", f"has no mentor {unknown[0]!r}")
    problem = raise_bandwidth(changed.problem, {place[name]: more for name, more in slots})
    return compare(before, problem, changed.rules)


def worth_of_slots(case: Case, progress: Progress | None = None) -> list[Worth]:
    """Groups of mentors by what one more slot there would add, the most valuable first in each grouping.

    Without the floor: a further slot may serve somebody whose best score is below the worst one given now.
    """
    shadow = shadow_prices(case.problem, solve(case.problem, replace(case.rules, floor="none"), progress))
    found = [worth for name, group_of in GROUPINGS.items() for worth in _by_group(case, name, group_of, shadow)]
    return sorted(found, key=lambda w: (w.grouping, -w.coverage, -w.total, w.group))


def _by_group(case: Case, grouping: str, group_of: Callable[[Mentor], str], shadow: Shadow) -> list[Worth]:
    groups = np.array([group_of(m) for m in case.mentors.persons])
    return [
        Worth(grouping, str(group), int(members.sum()), float(shadow.coverage[members].mean()),
              float(shadow.total[members].mean()))
        for group in np.unique(groups) if group for members in [groups == group]
    ]


def _with_more(case: Case, path: Path) -> People[Mentor]:
    findings = Findings(path.name)
    more = read_mentors(path, findings)
    known = {m.id for m in case.mentors.persons}
    for entry in more.entries:
        if entry.person.id in known:
            findings.add(entry.line, more.columns.name("id"), f"{entry.person.id!r} is a mentor already")
    problems = [*findings.problems, *check_pairs(case.mentees, more)]
    if problems:
        raise TableError(problems)
    return replace(case.mentors, entries=(*case.mentors.entries, *more.entries))


def _scores(case: Case, mentors: People[Mentor], policy: Policy, reader: Reader) -> NationalScores:
    if case.explained is None:
        raise TypeError("plain scores are not made from people")
    same_people = mentors is case.mentors
    interests = case.explained.interests if same_people else read_texts(
        case.mentees.persons, mentors.persons, policy, reader)
    scale = case.explained.interest.scale if policy.features.interest == case.policy.features.interest else None
    return NationalScores(case.mentees.persons, mentors.persons, policy, interests, scale)
