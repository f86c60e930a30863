-- The api reads neither prices (of any tenant's mentors) nor mails.
REVOKE SELECT ON matching.mentor_price FROM belay_api;
REVOKE SELECT ON notification.mail FROM belay_api;

-- A service that only sends and sets back needs to find its row, not to read what others send or why they failed.
REVOKE SELECT ON messaging.outbox FROM belay_matcher, belay_notifier;
GRANT SELECT (id, queue, state, attempts) ON messaging.outbox TO belay_matcher, belay_notifier;
