"""The one table of everything the application answers: pages for people, routes for programs."""

from fastapi import APIRouter

from services.api.accounts import demo, home, settings_pages, unsubscribing
from services.api.accounts import pages as logins
from services.api.accounts import routes as me
from services.api.bandwidth import pages as bandwidth
from services.api.bandwidth import routes as my_bandwidth
from services.api.dashboards import pages as dashboards
from services.api.dashboards import routes as program_dashboards
from services.api.dashboards.idle import pages as idle_mentors
from services.api.enrollment import again_pages as registered_again
from services.api.enrollment import pages as registration
from services.api.enrollment import routes as registrations
from services.api.health import pages as operations
from services.api.health import routes as health
from services.api.landing import pages as landing
from services.api.learning import pages as learning
from services.api.learning import routes as outcome_models
from services.api.learning.comments import pages as comments
from services.api.learning.comments import routes as survey_comments
from services.api.learning.exploring import pages as exploring
from services.api.learning.exploring import routes as program_exploration
from services.api.mailbox import pages as mailbox
from services.api.matching import routes as my_matching
from services.api.matching.comparing import pages as comparing
from services.api.matching.drafts import pages as drafts
from services.api.matching.equity import pages as equity
from services.api.matching.equity import routes as run_equity
from services.api.matching.offers import pages as offers
from services.api.matching.revising import pages as revising
from services.api.matching.runs import pages as runs
from services.api.matching.runs import policy_routes as program_policies
from services.api.matching.runs import routes as program_runs
from services.api.matching.suggestions import pages as suggestions
from services.api.matching.what_ifs import pages as what_ifs
from services.api.matching.what_ifs import routes as program_what_ifs
from services.api.mentorships import pages as mentorships
from services.api.mentorships import routes as my_mentorships
from services.api.profiles import pages as profiles

# For machines that watch; nobody is asked who they are.
WATCHED: tuple[APIRouter, ...] = (health.router,)

# HTML pages; not part of the OpenAPI document.
PAGES: tuple[APIRouter, ...] = (
    landing.router,
    logins.router,
    home.router,
    settings_pages.router,
    unsubscribing.router,
    demo.router,
    mailbox.router,
    operations.router,
    registered_again.router,
    registration.router,
    profiles.router,
    bandwidth.router,
    suggestions.router,
    offers.router,
    runs.router,
    drafts.router,
    revising.router,
    comparing.router,
    what_ifs.router,
    equity.router,
    comments.router,
    exploring.router,
    learning.router,
    mentorships.router,
    dashboards.router,
    idle_mentors.router,
)

# JSON under /api/v1.
ROUTES: tuple[APIRouter, ...] = (
    me.router,
    registrations.programs,
    registrations.router,
    my_bandwidth.router,
    my_matching.router,
    program_runs.router,
    program_policies.router,
    program_what_ifs.router,
    run_equity.router,
    outcome_models.router,
    program_exploration.router,
    survey_comments.router,
    my_mentorships.router,
    program_dashboards.router,
)
