"""Errors that carry their answer: status, a code for programs, a sentence for people, and what to do next."""

from collections.abc import Callable, Iterable, Mapping

_: Callable[[str], str] = str  # marks a sentence for the catalogs; pages word it in their reader's language
RETRY_SECONDS = "60"


class ApiError(Exception):
    """Answers the request: a designed page for people, `application/problem+json` (RFC 9457) under /api."""

    def __init__(
        self, status: int, code: str, message: str, advice: str = "", fields: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.headers: dict[str, str] = {}
        self.status = status
        self.code = code
        self.message = message
        self.advice = advice
        self.fields = dict(fields or {})


class WrongMethodError(ApiError):
    """The address is there, but not for this; `allowed` are the methods it answers."""

    def __init__(self, allowed: Iterable[str]) -> None:
        super().__init__(405, "method_not_allowed", "Method Not Allowed.")
        self.headers["Allow"] = ", ".join(allowed)


class LoginRequiredError(ApiError):
    """`advice` is what the log-in page says about it; nothing where a visitor knows why they are there."""

    def __init__(self, message: str = _("Please log in first."), advice: str = "") -> None:
        super().__init__(401, "login_required", message, advice)


class ForbiddenError(ApiError):
    def __init__(self, message: str, advice: str = "", code: str = "forbidden") -> None:
        super().__init__(403, code, message, advice)


class NotFoundError(ApiError):
    """Nothing here, or nothing this visitor may know of: both look the same."""

    def __init__(self, message: str = _("There is nothing here.")) -> None:
        super().__init__(404, "not_found", message)


class ConflictError(ApiError):
    """Somebody was faster, or the thing is no longer in the state the visitor saw."""

    def __init__(self, message: str, advice: str = "", code: str = "conflict") -> None:
        super().__init__(409, code, message, advice)


class TooLargeError(ApiError):
    def __init__(self, limit: int) -> None:
        super().__init__(413, "too_large", f"That is too much at once; the limit is {limit // 1024} kB.")


class InvalidError(ApiError):
    """Wrong input; `fields` says what is wrong at which field."""

    def __init__(self, fields: Mapping[str, str], message: str = _("Some answers need another look.")) -> None:
        super().__init__(422, "invalid", message, fields=fields)


class TooManyTriesError(ApiError):
    def __init__(self, message: str = _("That was too often in a short time.")) -> None:
        super().__init__(429, "too_many_tries", message, _("Wait a few minutes, then try again."))
        self.headers["Retry-After"] = RETRY_SECONDS


class UnavailableError(ApiError):
    def __init__(self, message: str = _("Belay is catching its breath.")) -> None:
        super().__init__(503, "unavailable", message, _("Nothing you saved is lost. Try again in a minute."))
        self.headers["Retry-After"] = RETRY_SECONDS
