from collections import Counter

from infra.demo.callings import HEART, RESIDENCY_YEARS
from infra.demo.people import Mentee, Mentor, gather
from shared.vocabulary.dimensions import DEFAULT_DIMENSIONS
from shared.vocabulary.mentoring import GRID_FIRST_HOUR, GRID_LAST_HOUR, LANGUAGES, Kind
from shared.vocabulary.specialties import SPECIALTIES
from shared.vocabulary.stages import FACULTY_STAGES, NEAR_PEER_STAGES, TRAINEE_STAGES, Stage
from tests.unit.demo.nation import OPEN, SEED, crowd


def everybody() -> tuple[Mentee | Mentor, ...]:
    return (*crowd().mentees, *crowd().mentors)


def test_a_nation_of_trainees_and_mentors() -> None:
    trainees = [m for m in crowd().mentees if m.person.stage in TRAINEE_STAGES]
    assert len(trainees) >= 1500
    assert len(crowd().mentors) >= 500
    assert {m.person.stage for m in trainees} >= {Stage.PREMED, Stage.M1, Stage.M4, Stage.PGY1, Stage.FELLOW}


def test_the_same_seed_draws_the_same_people_and_another_seed_others() -> None:
    assert gather(SEED, OPEN) == crowd()
    assert gather(SEED + 1, OPEN) != crowd()


def test_addresses_are_unique_lower_case_and_reserved() -> None:
    people = {one.person.key: one.person for one in everybody()}
    addresses = [person.email for person in people.values()]
    assert len(set(addresses)) == len(addresses)
    assert all(address == address.lower() and address.endswith(".example.org") for address in addresses)
    assert all(address.isascii() for address in addresses)


def test_names_are_hardly_ever_shared() -> None:
    names = Counter({one.person.key: one.person.name for one in everybody()}.values())
    assert sum(count - 1 for count in names.values()) < 0.03 * len(names)


def test_some_are_mentor_and_mentee_at_once() -> None:
    both = {m.person.key for m in crowd().mentees} & {m.person.key for m in crowd().mentors}
    assert len(both) > 80


def test_emergency_medicine_is_the_heart_and_dermatology_is_oversubscribed() -> None:
    wanted = Counter(m.specialties[0] for m in crowd().mentees if m.specialties)
    offered = Counter(m.specialties[0] for m in crowd().mentors)
    assert 0.40 < wanted[HEART] / sum(wanted.values()) < 0.52
    assert 0.38 < offered[HEART] / sum(offered.values()) < 0.52
    for scarce in ("dermatology", "orthopedics"):
        assert wanted[scarce] > 5 * offered[scarce]


def test_mentor_time_is_scarce() -> None:
    wanted = sum(len(m.kinds) for m in crowd().mentees)
    offered = sum(m.slots(OPEN) for m in crowd().mentors)
    assert 0.84 <= offered / wanted <= 0.86


def test_mentors_are_near_peers_and_faculty_and_offer_what_their_stage_can_give() -> None:
    faculty = [m for m in crowd().mentors if m.person.stage in FACULTY_STAGES]
    assert 0.35 < len(faculty) / len(crowd().mentors) < 0.7
    assert all(Kind.NEAR_PEER not in m.kinds for m in faculty)
    near_peers = [m for m in crowd().mentors if m.person.stage not in FACULTY_STAGES]
    assert all(Kind.FACULTY not in m.kinds for m in near_peers)


def test_no_resident_is_beyond_the_years_of_their_residency() -> None:
    for one in everybody():
        stage = one.person.stage
        if stage in NEAR_PEER_STAGES and stage is not Stage.FELLOW:
            assert RESIDENCY_YEARS[one.specialties[0]] >= int(stage.value[3:])


def test_students_are_at_schools_and_not_at_hospitals_without_one() -> None:
    assert all(one.person.site.students for one in everybody() if one.person.stage.years < Stage.PGY1.years)
    assert any(not one.person.site.students for one in everybody())


def test_answers_are_of_the_program_and_most_people_say_little() -> None:
    known = {(d.code, answer) for d in DEFAULT_DIMENSIONS for answer in d.answers}
    counts = sorted(len(m.answers) for m in crowd().mentees)
    assert {(a.dimension, a.answer) for one in everybody() for a in one.answers} <= known
    assert counts[len(counts) // 2] <= 2
    assert counts[0] == 0


def test_switches_are_chosen_one_by_one_and_only_matching_mentees_weigh_importance() -> None:
    answers = [a for m in crowd().mentees for a in m.answers]
    assert len({(a.may_match, a.may_show, a.may_report) for a in answers}) == 8
    assert {a.importance for a in answers} == {0, 1, 2, 3}
    assert all(a.importance == 0 for a in answers if not a.may_match)
    assert all(a.importance == 0 for m in crowd().mentors for a in m.answers)


def test_everybody_has_a_few_free_hours_on_the_grid() -> None:
    for one in everybody():
        assert 3 <= len(one.hours) <= 60
        assert all(0 <= day < 7 and GRID_FIRST_HOUR <= hour < GRID_LAST_HOUR for day, hour in one.hours)


def test_bandwidth_varies_with_rotations_nights_and_leave() -> None:
    occasions = Counter(period.occasion for m in crowd().mentors for period in m.periods)
    assert occasions.keys() == {"regular", "rotation", "nights", "leave"}
    for mentor in crowd().mentors:
        for period in mentor.periods:
            assert OPEN.opens_on <= period.starts_on <= period.ends_on <= OPEN.ends_on


def test_words_are_those_of_the_vocabulary() -> None:
    for one in everybody():
        assert set(one.specialties) <= SPECIALTIES.keys()
        assert len(set(one.specialties)) == len(one.specialties)
        assert set(one.person.identity.languages) <= LANGUAGES.keys()


def test_evaluators_share_site_and_specialty_with_those_they_grade() -> None:
    mentees = {m.person.key: m for m in crowd().mentees}
    mentors = {m.person.key: m for m in crowd().mentors}
    assert len(crowd().evaluations) > 50
    for mentee, mentor in crowd().evaluations:
        assert mentees[mentee].person.site == mentors[mentor].person.site
        assert set(mentees[mentee].specialties) & set(mentors[mentor].specialties)
