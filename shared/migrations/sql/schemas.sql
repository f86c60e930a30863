CREATE SCHEMA IF NOT EXISTS program;
CREATE SCHEMA IF NOT EXISTS matching;
CREATE SCHEMA IF NOT EXISTS notification;
CREATE SCHEMA IF NOT EXISTS messaging;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA program, matching, notification, messaging TO belay_api;
GRANT USAGE ON SCHEMA matching, messaging TO belay_matcher;
GRANT USAGE ON SCHEMA notification, messaging TO belay_notifier;
GRANT USAGE ON SCHEMA messaging TO belay_relay;
