"""When a mail that could not be sent is tried again, and when not any more."""

from datetime import timedelta

from services.notifier.channels.smtp import LONGEST_SECONDS

MAX_ATTEMPTS = 8
FIRST_DELAY_SECONDS = 5
LONGEST_DELAY_SECONDS = 3600

# How long a mail may be in flight before another worker takes it up: longer than any SMTP conversation we allow, else
# two workers could send the same mail.
LEASE = timedelta(seconds=LONGEST_SECONDS + 30)


def delay_after(attempts: int) -> timedelta | None:
    """The wait after so many attempts: 5 s, 20 s, 80 s … at most an hour; None when it is time to give up."""
    if attempts >= MAX_ATTEMPTS:
        return None
    return timedelta(seconds=min(FIRST_DELAY_SECONDS * 4 ** (attempts - 1), LONGEST_DELAY_SECONDS))
