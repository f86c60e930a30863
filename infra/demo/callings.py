"""Stages and specialties: how many of whom, and who wants or offers what."""

from random import Random

from infra.demo.banks import pick
from shared.vocabulary.specialties import FIELDS, NEIGHBORS, SPECIALTIES
from shared.vocabulary.stages import Stage

HEART = "emergency_medicine"

TRAINEE_STAGES: dict[Stage, float] = {
    Stage.PREMED: 3, Stage.M1: 14, Stage.M2: 16, Stage.M3: 19, Stage.M4: 19, Stage.PGY1: 8, Stage.PGY2: 7.5,
    Stage.PGY3: 6, Stage.PGY4: 2.2, Stage.PGY5: 0.9, Stage.PGY6: 0.3, Stage.PGY7: 0.1, Stage.FELLOW: 4,
}
MENTOR_STAGES: dict[Stage, float] = {
    Stage.M4: 2, Stage.PGY2: 8, Stage.PGY3: 11, Stage.PGY4: 6, Stage.PGY5: 2, Stage.FELLOW: 11, Stage.FACULTY: 48,
    Stage.COMMUNITY: 12,
}

# What students want: emergency medicine is the heart; dermatology and orthopedics are wanted far beyond supply.
DEMAND: dict[str, float] = {
    HEART: 49, "orthopedics": 7.5, "dermatology": 7, "pediatrics": 5, "internal_medicine": 5, "general_surgery": 4,
    "obgyn": 4.5, "psychiatry": 4, "family_medicine": 3.5, "anesthesiology": 3, "neurology": 1.5, "radiology": 1.5,
    "cardiology": 1.5, "plastic_surgery": 1, "neurosurgery": 0.9, "ophthalmology": 0.9, "otolaryngology": 0.8,
    "urology": 0.8, "hematology_oncology": 0.7, "med_peds": 0.6, "pathology": 0.4, "pmr": 0.6,
    "trauma_surgery": 0.6, "critical_care": 0.5, "infectious_disease": 0.4, "interventional_radiology": 0.4,
    "cardiothoracic_surgery": 0.3, "vascular_surgery": 0.3, "radiation_oncology": 0.2, "preventive_medicine": 0.3,
    "medical_genetics": 0.2, "informatics": 0.3, "sports_medicine": 0.5, "addiction_medicine": 0.3,
    "palliative": 0.2, "maternal_fetal": 0.2, "gastroenterology": 0.4, "endocrinology": 0.2, "nephrology": 0.1,
}

# What residents train in: years of the residency bound how far somebody can be.
RESIDENCY_YEARS: dict[str, int] = {
    HEART: 4, "internal_medicine": 3, "family_medicine": 3, "pediatrics": 3, "med_peds": 4, "general_surgery": 5,
    "orthopedics": 5, "neurosurgery": 7, "urology": 5, "otolaryngology": 5, "ophthalmology": 4, "plastic_surgery": 6,
    "cardiothoracic_surgery": 6, "vascular_surgery": 5, "obgyn": 4, "psychiatry": 4, "neurology": 4, "pmr": 4,
    "radiology": 5, "interventional_radiology": 6, "pathology": 4, "dermatology": 4, "radiation_oncology": 5,
    "anesthesiology": 4, "preventive_medicine": 3, "medical_genetics": 4,
}
# Fellowship → the residencies that lead to it, likeliest first.
FELLOWSHIPS: dict[str, tuple[str, ...]] = {
    "critical_care": (HEART, "internal_medicine", "anesthesiology"), "toxicology": (HEART,), "ems": (HEART,),
    "pediatric_emergency": ("pediatrics", HEART), "sports_medicine": ("family_medicine", HEART),
    "cardiology": ("internal_medicine",), "gastroenterology": ("internal_medicine",),
    "hematology_oncology": ("internal_medicine",), "infectious_disease": ("internal_medicine",),
    "nephrology": ("internal_medicine",), "endocrinology": ("internal_medicine",),
    "pulmonology": ("internal_medicine",), "rheumatology": ("internal_medicine",),
    "geriatrics": ("family_medicine", "internal_medicine"), "palliative": (HEART, "internal_medicine"),
    "addiction_medicine": ("family_medicine", "psychiatry", HEART), "trauma_surgery": ("general_surgery",),
    "maternal_fetal": ("obgyn",), "neonatology": ("pediatrics",), "child_psychiatry": ("psychiatry",),
    "informatics": (HEART, "internal_medicine", "pediatrics"),
}
SUPPLY: dict[str, float] = {
    HEART: 48, "internal_medicine": 7, "family_medicine": 6, "pediatrics": 6, "psychiatry": 5, "obgyn": 4,
    "anesthesiology": 4, "general_surgery": 3, "neurology": 2, "radiology": 2, "pmr": 1.2, "pathology": 1.2,
    "orthopedics": 1.3, "dermatology": 0.9, "ophthalmology": 0.6, "otolaryngology": 0.6, "urology": 0.6,
    "neurosurgery": 0.4, "plastic_surgery": 0.4, "med_peds": 1, "preventive_medicine": 0.8,
    "radiation_oncology": 0.3, "medical_genetics": 0.3, "interventional_radiology": 0.3,
    "cardiothoracic_surgery": 0.3, "vascular_surgery": 0.3,
}
FACULTY_SUBSPECIALTY_SHARE = 0.3
UNDECIDED_SHARE = {Stage.PREMED: 0.45, Stage.M1: 0.3, Stage.M2: 0.18, Stage.M3: 0.05}


def wished_specialties(rng: Random, stage: Stage) -> tuple[str, ...]:
    """The ranked wishes of a student: none while undecided, up to three."""
    if rng.random() < UNDECIDED_SHARE.get(stage, 0.0):
        return ()
    wishes = [pick(rng, DEMAND)]
    while len(wishes) < 3 and rng.random() < (0.55 if stage.years < Stage.M3.years else 0.4):
        wish = rng.choice(_kin(wishes[0])) if rng.random() < 0.6 else pick(rng, DEMAND)
        if wish not in wishes:
            wishes.append(wish)
    return tuple(wishes)


def trained_specialties(rng: Random, stage: Stage) -> tuple[str, ...]:
    """What somebody trains in or practices, nearest first: a fellowship before the residency it stands on."""
    if stage is Stage.FELLOW or (stage in (Stage.FACULTY, Stage.COMMUNITY) and
                                 rng.random() < FACULTY_SUBSPECIALTY_SHARE):
        return _with_fellowship(rng)
    core = _residency(rng, stage)
    if stage in (Stage.FACULTY, Stage.COMMUNITY) or rng.random() < 0.6:
        return (core,)
    onward = [sub for sub, bases in FELLOWSHIPS.items() if core in bases]
    return (core, rng.choice(onward)) if onward else (core,)


def _with_fellowship(rng: Random) -> tuple[str, ...]:
    base = pick(rng, {core: SUPPLY[core] for bases in FELLOWSHIPS.values() for core in bases})
    sub = rng.choice([sub for sub, bases in FELLOWSHIPS.items() if base in bases])
    return (base, sub) if base == HEART and rng.random() < 0.6 else (sub, base)


def _residency(rng: Random, stage: Stage) -> str:
    year = int(stage.value[3:]) if stage.value.startswith("pgy") else 0
    return pick(rng, {code: SUPPLY[code] for code, years in RESIDENCY_YEARS.items() if years >= year})


def _kin(specialty: str) -> list[str]:
    field = next(codes for codes in FIELDS.values() if specialty in codes)
    beside = {other for pair in NEIGHBORS if specialty in pair for other in pair}
    return [code for code in SPECIALTIES if code in beside | set(field) and code != specialty]
