"""Logging in with an e-mailed link or code, and out."""

from fastapi import APIRouter, Request, Response

from services.api.accounts import challenges, queries, service
from services.api.accounts.challenges import CODE_ATTEMPTS, LinkState, Purpose, attempts_left
from services.api.accounts.devices import describe_device
from services.api.accounts.schemas import CodeForm, LoginForm
from services.api.accounts.service import Outcome, Welcome
from services.api.accounts.sessions import PARTICIPANT_LIMITS
from services.api.cookies import (
    REGISTRATION,
    REGISTRATION_LIFETIME,
    RETURN,
    RETURN_LIFETIME,
    forget_cookie,
    local_path,
    redirect,
    return_path,
    session_token,
    set_cookie,
)
from services.api.edge import ClientAddress, CurrentBrowser, CurrentServices, CurrentVisitor, Reading, Writing
from services.api.errors import TooManyTriesError
from services.api.forms import FormErrors, SubmittedForm, parse_form
from services.api.limiter import CODE_PER_ADDRESS
from services.api.services import Services
from services.api.web.rendering import Flash, page_of, render
from services.api.web.translations import gettext as _
from shared.db.engine import WriteSession
from shared.models.accounts import LoginChallenge
from shared.security.tokens import hash_token
from shared.settings import Settings

router = APIRouter()


@router.get("/login")
def login_page(request: Request, visitor: CurrentVisitor, services: CurrentServices) -> Response:
    wanted = local_path(request.query_params.get("next", ""))
    if visitor.is_signed_in:
        return redirect(wanted or "/home")
    return _login_form(request, services, {"next": wanted}, {})


@router.post("/login")
def ask_login(
    request: Request,
    form: SubmittedForm,
    session: Writing,
    services: CurrentServices,
    browser: CurrentBrowser,
    address: ClientAddress,
) -> Response:
    asked, errors = parse_form(LoginForm, form)
    if asked is None:
        return _login_form(request, services, dict(form), errors, status=422)
    if not service.may_ask(services.limiter, asked.email, address):
        raise TooManyTriesError
    service.ask_login(session, services, asked.email, browser, page_of(request).locale)
    response = redirect("/login/sent")
    if wanted := local_path(asked.next):
        set_cookie(response, services.settings, RETURN, wanted, RETURN_LIFETIME)
    return response


@router.get("/login/sent")
def sent_page(request: Request, session: Reading, services: CurrentServices, browser: CurrentBrowser) -> Response:
    challenge = queries.latest_challenge(session, hash_token(browser))
    return _sent(request, services, challenge, {}) if challenge else redirect("/login")


@router.post("/login/again")
def ask_again(session: Writing, services: CurrentServices, browser: CurrentBrowser, address: ClientAddress) -> Response:
    """The same mail once more, for whatever it was meant."""
    earlier = queries.latest_challenge(session, hash_token(browser))
    if earlier is None:
        return redirect("/login")
    if not service.may_ask(services.limiter, earlier.email, address):
        raise TooManyTriesError
    service.ask_again(session, services, earlier, browser)
    return redirect("/login/sent", services.settings, Flash(_("A new e-mail is on its way."), "info"))


@router.post("/login/code")
def log_in_with_code(
    request: Request,
    form: SubmittedForm,
    session: Writing,
    services: CurrentServices,
    browser: CurrentBrowser,
    address: ClientAddress,
) -> Response:
    if not services.limiter.allows(CODE_PER_ADDRESS, address):
        raise TooManyTriesError
    challenge = queries.latest_challenge(session, hash_token(browser))
    if challenge is None:
        return redirect("/login")
    typed, errors = parse_form(CodeForm, form)
    if typed is None:
        return _sent(request, services, challenge, errors, status=422)
    if not challenges.redeem_code(session, services.settings, challenge, typed.code, services.clock.now()):
        session.refresh(challenge)
        return _sent(request, services, challenge, _code_errors(challenge, services), status=422)
    return _enter(request, session, services, challenge)


@router.get("/login/link/{token}")
def link_page(
    request: Request, token: str, session: Reading, services: CurrentServices, browser: CurrentBrowser
) -> Response:
    """What a link in an e-mail opens. It changes nothing: mail scanners open links, too."""
    state = challenges.look_at_link(session, token, browser, services.clock.now())
    return _link(request, state, token)


@router.post("/login/link/{token}")
def log_in_with_link(
    request: Request, token: str, session: Writing, services: CurrentServices, browser: CurrentBrowser
) -> Response:
    now = services.clock.now()
    challenge = challenges.redeem_link(session, token, browser, now)
    if challenge is None:
        state = challenges.look_at_link(session, token, browser, now)
        return _link(request, state, token, status=409)
    return _enter(request, session, services, challenge)


@router.post("/logout")
def log_out(session: Writing, services: CurrentServices, visitor: CurrentVisitor) -> Response:
    service.log_out(session, services, visitor)
    response = redirect("/", services.settings, Flash(_("You are logged out."), "info"))
    forget_cookie(response, services.settings)
    return response


# --- answers ---


def _login_form(
    request: Request, services: Services, form: dict[str, object], errors: FormErrors, status: int = 200
) -> Response:
    context = {"form": {"email": "", "next": "", **form}, "errors": errors, "demo": services.settings.demo}
    return render(request, "accounts/login.html", context, status=status)


def _sent(
    request: Request, services: Services, challenge: LoginChallenge, errors: FormErrors, status: int = 200
) -> Response:
    context = {
        "email": challenge.email,
        "confirms": challenge.purpose == Purpose.CONFIRM_REGISTRATION,
        "is_open": attempts_left(challenge, services.clock.now()) > 0,
        "errors": errors,
        "demo": services.settings.demo,
    }
    return render(request, "accounts/sent.html", context, status=status)


def _link(request: Request, state: LinkState, token: str, status: int = 200) -> Response:
    headings = {
        LinkState.READY: _("You are nearly in"),
        LinkState.OTHER_BROWSER: _("You asked from another browser"),
        LinkState.OVER: _("This link is used up"),
    }
    context = {"state": state, "heading": headings[state], "token": token}
    return render(request, "accounts/link.html", context, status=status)


def _code_errors(challenge: LoginChallenge, services: Services) -> FormErrors:
    left = attempts_left(challenge, services.clock.now())
    if left == 0:
        return {"form": _("This e-mail is used up. Ask for a new one below.")}
    sentence = _("This is not the code of the latest e-mail. Tries left: %(left)s of %(all)s.")
    return {"code": sentence % {"left": left, "all": CODE_ATTEMPTS}}


def _enter(request: Request, session: WriteSession, services: Services, proved: LoginChallenge) -> Response:
    """The visitor has proved an address: the answer that lets them in."""
    service.leave_earlier_session(session, services, session_token(request, services.settings))
    device = describe_device(request.headers.get("user-agent", ""))
    outcome = service.finish(session, services, proved, device)
    if outcome is None:
        return redirect("/login")
    return _lead_in(request, services.settings, outcome)


def _lead_in(request: Request, settings: Settings, outcome: Outcome) -> Response:
    if not isinstance(outcome, Welcome):
        response = redirect(outcome.path)
        set_cookie(response, settings, REGISTRATION, outcome.registration_token, REGISTRATION_LIFETIME)
        return response
    response = redirect(outcome.path or return_path(request, settings) or "/home")
    start_session(response, settings, outcome.session_token)
    forget_cookie(response, settings, REGISTRATION if outcome.path else RETURN)
    return response


def start_session(response: Response, settings: Settings, token: str) -> None:
    """The browser carries the session from now on; the server decides how long it lasts."""
    set_cookie(response, settings, "", token, PARTICIPANT_LIMITS.absolute)
