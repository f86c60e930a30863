"""The operator's page: is every part well, and do the messages flow?"""

from fastapi import APIRouter, Request, Response

from services.api.edge import CurrentServices, Reading, SignedIn
from services.api.health import queries
from services.api.health.checks import check_all
from services.api.health.policy import may_see_operations
from services.api.policies import require
from services.api.web.rendering import render

router = APIRouter()


@router.get("/operations")
def operations(request: Request, visitor: SignedIn, session: Reading, services: CurrentServices) -> Response:
    require(may_see_operations(visitor))
    context = {
        "checks": check_all(services),
        "backlogs": queries.backlogs(session),
        "dead": queries.dead_messages(session),
        "now": services.clock.now(),
    }
    return render(request, "health/operations.html", context)
