"""What happened so far: participants of the pilot, requests, mentorships, meetings, surveys."""

from collections.abc import Iterator
from decimal import Decimal
from uuid import UUID

from infra.demo.history import PastMeeting, PastMentorship, PastRequest, PastSurvey, stage_before
from infra.demo.nation import Nation
from infra.demo.organizations import DemoCycle
from infra.demo.people import Mentor, Participation
from infra.demo.records.people import participant_id, profile, role_of
from infra.demo.records.program import PROGRAM_ID, cycle_id
from infra.demo.records.tables import Row, Tables, at_noon, id_of
from shared.models.bandwidth import BandwidthPeriod
from shared.models.enrollment import Participant, Profile
from shared.models.matching import MentoringRequest
from shared.models.mentorships import Meeting, Mentorship, SurveyResponse
from shared.vocabulary.mentoring import Role

# Leads have read the comments of the pilot since two weeks after its end, all together.
COMMENTS_TOLD_DAYS = 14


def add_past(tables: Tables, nation: Nation) -> None:
    _add_pilot_people(tables, nation)
    for cycle, history in ((nation.pilot_cycle, nation.pilot), (nation.cycle, nation.early)):
        for number, request in enumerate(history.requests):
            _add_request(tables, request, _Pair(cycle, request, number))


class _Pair:
    """The ids of a request and what came of it."""

    def __init__(self, cycle: DemoCycle, request: PastRequest, number: int) -> None:
        self.cycle_id = cycle_id(cycle)
        self.request_id = id_of("request", str(self.cycle_id), str(number))
        self.mentorship_id = id_of("mentorship", str(self.request_id))
        self.comments_told_at = at_noon(cycle.ends_on, -COMMENTS_TOLD_DAYS)
        self.row: Row = {
            "program_id": PROGRAM_ID, "cycle_id": self.cycle_id, "kind": request.kind,
            "mentee_id": participant_id(self.cycle_id, Role.MENTEE, request.mentee),
            "mentor_id": participant_id(self.cycle_id, Role.MENTOR, request.mentor),
        }


def _add_pilot_people(tables: Tables, nation: Nation) -> None:
    cycle = cycle_id(nation.pilot_cycle)
    mentees, mentors = set(nation.pilot.mentees), set(nation.pilot.mentors)
    took_part: list[Participation] = [m for m in nation.crowd.mentees if m.person.key in mentees]
    took_part += [m for m in nation.crowd.mentors if m.person.key in mentors]
    for one in took_part:
        key = participant_id(cycle, role_of(one), one.person.key)
        tables.add(Participant, [_participant(one, nation.pilot_cycle, key)])
        tables.add(Profile, [profile(one, key)])
        if isinstance(one, Mentor):
            tables.add(BandwidthPeriod, [_period(one, nation.pilot_cycle, key)])


def _participant(one: Participation, cycle: DemoCycle, key: UUID) -> Row:
    return {"id": key, "program_id": PROGRAM_ID, "cycle_id": cycle_id(cycle),
            "account_id": id_of("account", one.person.key),
            "institution_id": id_of("institution", one.person.site.code), "role": role_of(one),
            "stage": stage_before(one.person.stage), "state": "active",
            "registered_at": at_noon(cycle.opens_on, -one.registered_days_ago)}


def _period(mentor: Mentor, cycle: DemoCycle, key: UUID) -> Row:
    regular = mentor.periods[0]
    return {"id": id_of("period", str(key), "0"), "program_id": PROGRAM_ID, "participant_id": key,
            "starts_on": cycle.opens_on, "ends_on": cycle.ends_on, "mentee_slots": max(3, regular.mentee_slots),
            "hours_per_month": max(Decimal(6), regular.hours_per_month), "occasion": "regular"}


def _add_request(tables: Tables, request: PastRequest, pair: _Pair) -> None:
    tables.add(MentoringRequest, [pair.row | {
        "id": pair.request_id, "score": 0.0, "explanation": {}, "message": request.message, "state": request.state,
        "respond_by": request.respond_by, "decided_at": request.decided_at,
        "decline_reason": request.decline_reason, "created_at": request.asked_at,
    }])
    if past := request.mentorship:
        tables.add(Mentorship, [_mentorship(past, pair)])
        tables.add(Meeting, _meetings(past.meetings, pair))
        tables.add(SurveyResponse, (_survey(survey, pair) for survey in past.surveys))


def _mentorship(past: PastMentorship, pair: _Pair) -> Row:
    return pair.row | {"id": pair.mentorship_id, "state": past.state, "started_at": past.started_at,
                       "ended_at": past.ended_at, "closure_reason": past.closure_reason}


def _meetings(meetings: tuple[PastMeeting, ...], pair: _Pair) -> Iterator[Row]:
    for number, one in enumerate(meetings):
        yield {"id": id_of("meeting", str(pair.mentorship_id), str(number)), "program_id": PROGRAM_ID,
               "mentorship_id": pair.mentorship_id, "starts_at": one.starts_at, "minutes": one.minutes,
               "place": one.place, "sequence": 0, "state": one.state, "arranged_by": None}


def _survey(survey: PastSurvey, pair: _Pair) -> Row:
    return {"id": id_of("survey", str(pair.mentorship_id), survey.side), "program_id": PROGRAM_ID,
            "mentorship_id": pair.mentorship_id, "side": survey.side, "satisfaction": survey.satisfaction,
            "comment": survey.comment, "invited_at": survey.invited_at, "answered_at": survey.answered_at,
            "told_at": pair.comments_told_at if survey.comment else None}
