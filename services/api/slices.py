"""The one table of everything the application answers: pages for people, routes for programs."""

from fastapi import APIRouter

from services.api.health import routes as health

# For machines that watch; nobody is asked who they are.
WATCHED: tuple[APIRouter, ...] = (health.router,)

# HTML pages; not part of the OpenAPI document.
PAGES: tuple[APIRouter, ...] = ()

# JSON under /api/v1.
ROUTES: tuple[APIRouter, ...] = ()
