"""All tables. Importing this package makes the metadata whole."""

from shared.models import (
    accounts,
    bandwidth,
    enrollment,
    equity,
    learning,
    matching,
    mentorships,
    messaging,
    notification,
    oversight,
    programs,
)
from shared.models.base import Base

__all__ = [
    "Base",
    "accounts",
    "bandwidth",
    "enrollment",
    "equity",
    "learning",
    "matching",
    "mentorships",
    "messaging",
    "notification",
    "oversight",
    "programs",
]
