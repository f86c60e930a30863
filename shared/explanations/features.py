"""The features of a score, in the order in which contributions are kept everywhere."""

from enum import StrEnum


class Feature(StrEnum):
    INTEREST = "interest"
    SPECIALTY = "specialty"
    STAGE = "stage"
    SHARED_EXPERIENCE = "shared_experience"
    DIFFERENT_PERSPECTIVE = "different_perspective"
    TIME = "time"
    PLACE = "place"
    STYLE = "style"


FEATURES: tuple[Feature, ...] = tuple(Feature)
