-- One writer per table; each service reads just what it needs.
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA program TO belay_api;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA program TO belay_api;
REVOKE UPDATE, DELETE, TRUNCATE ON program.audit_event FROM belay_api;
REVOKE UPDATE, DELETE ON program.policy, program.equity_report FROM belay_api;

GRANT SELECT, INSERT, UPDATE, DELETE ON matching.embedding, matching.run_result, matching.cycle_progress,
    matching.draft_pair, matching.draft_unmatched, matching.mentee_standing, matching.mentor_price,
    matching.suggestion_list, matching.suggestion TO belay_matcher;
GRANT SELECT ON matching.run_result, matching.cycle_progress, matching.draft_pair, matching.draft_unmatched,
    matching.mentee_standing, matching.mentor_price, matching.suggestion_list, matching.suggestion TO belay_api;

GRANT SELECT, INSERT, UPDATE, DELETE ON notification.mail TO belay_notifier;
GRANT SELECT ON notification.mail TO belay_api;
GRANT USAGE ON SCHEMA program TO belay_notifier;
GRANT SELECT ON program.unsubscription TO belay_notifier;

GRANT SELECT, INSERT ON messaging.outbox, messaging.inbox TO belay_api, belay_matcher, belay_notifier;
GRANT UPDATE (state, attempts, available_at, last_error) ON messaging.outbox
    TO belay_api, belay_matcher, belay_notifier;
GRANT SELECT, INSERT, UPDATE, DELETE ON messaging.outbox TO belay_relay;
GRANT SELECT, DELETE ON messaging.inbox TO belay_relay;
GRANT SELECT ON messaging.schema_version TO belay_api;  -- readiness asks whether every migration has run
