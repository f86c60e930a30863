"""Two drafts side by side: their figures, and the mentees who fare differently."""

from dataclasses import dataclass
from uuid import UUID

from services.api.matching.comparing import queries
from services.api.matching.comparing.queries import Mentee, OtherPair
from services.api.matching.runs.service import read_report
from services.api.matching.side_by_side import Line, number_line, share_line
from services.api.web.translations import gettext as _
from shared.contracts.run_report import RunReport
from shared.db.engine import ReadSession
from shared.models.matching import MatchRun


@dataclass(frozen=True)
class Comparison:
    """A draft (`now`) against another one (`before`). `same_people`: nobody came, left or changed in between."""

    now: MatchRun
    before: MatchRun
    lines: list[Line]
    same_people: bool
    differing: int


@dataclass(frozen=True)
class Differing:
    """A mentee with what each of the two drafts gives."""

    mentee: Mentee
    now: list[OtherPair]
    before: list[OtherPair]


def compare(session: ReadSession, now: MatchRun, before: MatchRun) -> Comparison | None:
    """Both drafts in figures; None if one of them has no report."""
    reports = read_report(session, now.id), read_report(session, before.id)
    if reports[0] is None or reports[1] is None:
        return None
    same = bool(reports[0].people_hash) and reports[0].people_hash == reports[1].people_hash
    differing = queries.count_differing(session, now.id, before.id)
    return Comparison(now, before, figures(reports[0], reports[1]), same, differing)


def figures(now: RunReport, before: RunReport) -> list[Line]:
    return [
        number_line(_("Wishes filled"), now.coverage.slots_filled, before.coverage.slots_filled, 0),
        share_line(_("Coverage"), now.coverage.rate, before.coverage.rate),
        number_line(_("Weakest match"), now.floor, before.floor),
        number_line(_("Total score"), now.total_score, before.total_score),
        number_line(_("Mean score"), now.mean_score, before.mean_score),
        number_line(_("Load cost"), now.load_cost, before.load_cost, more_is_better=False),
        share_line(
            _("Across institutions"), now.cross_institution_share, before.cross_institution_share, judged=False
        ),
    ]  # fmt: skip


def differing_page(session: ReadSession, now: UUID, before: UUID, page: int) -> list[Differing]:
    """One page of mentees who fare differently."""
    mentees = queries.differing_mentees(session, now, before, page)
    pairs = queries.pairs_of_mentees(session, (now, before), [mentee.mentee_id for mentee in mentees])

    def given(mentee: Mentee, run: UUID) -> list[OtherPair]:
        return [pair for pair in pairs if (pair.mentee_id, pair.run_id) == (mentee.mentee_id, run)]

    return [Differing(mentee, given(mentee, now), given(mentee, before)) for mentee in mentees]
