"""The API as it is: `uvicorn tests.faults.victims.api:create_app --factory`."""

from services.api.app import create_app
from tests.faults.ambush import lie_in_wait

__all__ = ["create_app"]

lie_in_wait()
