"""The charts of a draft are drawn when it arrives, so that the lead who waits for it does not wait for them too."""

from services.api.matching.drafts.figures import draft_figures
from services.api.matching.equity import service as equity
from services.api.matching.equity.figures import figures as equity_figures
from services.api.matching.runs.service import read_report
from services.api.services import Services
from shared.contracts.messages import MatchRunDrafted
from shared.db.engine import WriteSession


def draw_ahead(session: WriteSession, _services: Services, drafted: MatchRunDrafted) -> None:
    """Draw what the draft and its Equity tab will show; the drawings stay where every process finds them."""
    if report := read_report(session, drafted.run_id):
        draft_figures(report)
    if fairness := equity.read_report(session, drafted.run_id):
        equity_figures(fairness)
