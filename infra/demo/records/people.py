"""Accounts and participants of the open cycle, with all that they filled in."""

from collections.abc import Iterator
from uuid import UUID

from infra.demo.nation import Nation
from infra.demo.people import Mentee, Mentor, Participation, Person
from infra.demo.records.program import PROGRAM_ID, Secrets, cycle_id
from infra.demo.records.tables import Row, Tables, at_noon, id_of
from shared.models.accounts import Account
from shared.models.bandwidth import AvailabilityHour, BandwidthPeriod
from shared.models.enrollment import Consent, DimensionAnswer, Exclusion, MatchToken, Participant, Profile
from shared.security.identity import seal_answer
from shared.security.tokens import match_token
from shared.vocabulary.mentoring import Role

PRIVACY_VERSION = "2026-11"


def role_of(one: Participation) -> Role:
    return Role.MENTOR if isinstance(one, Mentor) else Role.MENTEE


def participant_id(cycle: UUID, role: Role, person_key: str) -> UUID:
    return id_of("participant", str(cycle), role, person_key)


def add_people(tables: Tables, nation: Nation, secrets: Secrets) -> None:
    everybody: tuple[Mentee | Mentor, ...] = (*nation.crowd.mentees, *nation.crowd.mentors)
    people = {one.person.key: one for one in reversed(everybody)}
    tables.add(Account, (_account(one.person, nation, one.registered_days_ago) for one in people.values()))
    tables.add(Consent, (_consent(one, nation) for one in people.values()))
    cycle = cycle_id(nation.cycle)
    for one in everybody:
        key = participant_id(cycle, role_of(one), one.person.key)
        tables.add(Participant, [_participant(one, nation, key)])
        tables.add(Profile, [profile(one, key)])
        tables.add(AvailabilityHour, _hours(one, key))
        for answer_row, token_row in _answers(one, key, secrets):
            tables[DimensionAnswer].append(answer_row)
            tables[MatchToken].extend([token_row] if token_row else [])
    tables.add(BandwidthPeriod, (row for mentor in nation.crowd.mentors for row in _periods(mentor, cycle)))
    tables.add(Exclusion, (_exclusion(cycle, *pair) for pair in nation.crowd.evaluations))


def _account(person: Person, nation: Nation, days_ago: int) -> Row:
    since = {*nation.pilot.mentees, *nation.pilot.mentors}
    joined = at_noon(nation.pilot_cycle.opens_on) if person.key in since else at_noon(nation.now.date(), days_ago)
    return {"id": id_of("account", person.key), "email": person.email, "name": person.name,
            "pronouns": person.identity.pronouns, "time_zone": person.site.time_zone,
            "language": person.account_language, "created_at": joined}


def _consent(one: Participation, nation: Nation) -> Row:
    return {"id": id_of("consent", one.person.key), "account_id": id_of("account", one.person.key),
            "program_id": PROGRAM_ID, "subject": "privacy", "version": PRIVACY_VERSION,
            "given_at": at_noon(nation.now.date(), one.registered_days_ago)}


def _participant(one: Participation, nation: Nation, key: UUID) -> Row:
    return {"id": key, "program_id": PROGRAM_ID, "cycle_id": cycle_id(nation.cycle),
            "account_id": id_of("account", one.person.key),
            "institution_id": id_of("institution", one.person.site.code), "role": role_of(one),
            "stage": one.person.stage, "state": "active",
            "registered_at": at_noon(nation.now.date(), one.registered_days_ago)}


def profile(one: Participation, key: UUID) -> Row:
    """The profile of a participant; the same words serve in both cycles."""
    return {"participant_id": key, "program_id": PROGRAM_ID, "statements": one.statements,
            "specialties": list(one.specialties), "languages": list(one.person.identity.languages),
            "kinds": list(one.kinds), "meeting_mode": one.meeting_mode, "working_style": one.working_style or "",
            "site_preference": one.site_preference, "regions": list(one.regions),
            "different_perspective": isinstance(one, Mentee) and one.different_perspective,
            "min_mentees": one.min_mentees if isinstance(one, Mentor) else 0,
            "time_zone": one.person.site.time_zone}


def _hours(one: Participation, key: UUID) -> list[Row]:
    return [{"participant_id": key, "weekday": day, "hour": hour, "program_id": PROGRAM_ID}
            for day, hour in sorted(one.hours)]


def _answers(one: Participation, key: UUID, secrets: Secrets) -> Iterator[tuple[Row, Row | None]]:
    """Each answer sealed; and its token, if its owner lets it match."""
    for said in one.answers:
        dimension, answer_id = id_of("dimension", said.dimension), id_of("answer", str(key), said.dimension)
        whose = {"program_id": PROGRAM_ID, "participant_id": key, "dimension_id": dimension,
                 "importance": said.importance}
        answer = {"id": answer_id, "account_id": id_of("account", one.person.key),
                  "sealed": seal_answer(secrets.keyring, answer_id, said.answer), "may_match": said.may_match,
                  "may_show": said.may_show, "may_report": said.may_report}
        token = {"token": match_token(secrets.cycle_key, dimension, said.answer)}
        yield answer | whose, (token | whose) if said.may_match else None


def _periods(mentor: Mentor, cycle: UUID) -> list[Row]:
    key = participant_id(cycle, Role.MENTOR, mentor.person.key)
    return [
        {"id": id_of("period", str(key), str(number)), "program_id": PROGRAM_ID, "participant_id": key,
         "starts_on": period.starts_on, "ends_on": period.ends_on, "hours_per_month": period.hours_per_month,
         "mentee_slots": period.mentee_slots, "occasion": period.occasion}
        for number, period in enumerate(mentor.periods)
    ]


def _exclusion(cycle: UUID, mentee: str, mentor: str) -> Row:
    return {"id": id_of("exclusion", str(cycle), mentee, mentor), "program_id": PROGRAM_ID,
            "mentee_id": participant_id(cycle, Role.MENTEE, mentee),
            "mentor_id": participant_id(cycle, Role.MENTOR, mentor), "reason": "evaluator"}
