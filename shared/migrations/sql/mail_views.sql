-- What the notifier may know: whom to write to and what happened; no profile, no dimension.
CREATE VIEW notification.account_contact WITH (security_barrier) AS
SELECT id AS account_id, name, email, language, time_zone FROM program.account WHERE closed_at IS NULL;

CREATE VIEW notification.participant_contact WITH (security_barrier) AS
SELECT p.id AS participant_id, p.account_id, p.role, p.stage, a.name, a.email, a.language, a.time_zone,
       i.name AS institution, i.city, i.state AS institution_state, g.name AS program, c.name AS cycle
FROM program.participant p
JOIN program.account a ON a.id = p.account_id AND a.closed_at IS NULL
JOIN program.institution i ON i.id = p.institution_id
JOIN program.program g ON g.id = p.program_id
JOIN program.cycle c ON c.id = p.cycle_id;

CREATE VIEW notification.challenge_mail WITH (security_barrier) AS
SELECT id AS challenge_id, email, purpose, sealed, language, expires_at, used_at FROM program.login_challenge;

CREATE VIEW notification.proposal_card WITH (security_barrier) AS
SELECT id AS proposal_id, mentee_id, mentor_id, kind, score, explanation, state, respond_by, decline_reason
FROM program.proposal;

CREATE VIEW notification.request_card WITH (security_barrier) AS
SELECT id AS request_id, mentee_id, mentor_id, kind, score, explanation, matching.without_contacts(message) AS message,
       state, respond_by, decline_reason
FROM program.request;

CREATE VIEW notification.mentorship_card WITH (security_barrier) AS
SELECT id AS mentorship_id, mentee_id, mentor_id, kind, state, started_at FROM program.mentorship;

CREATE VIEW notification.meeting_card WITH (security_barrier) AS
SELECT id AS meeting_id, mentorship_id, starts_at, minutes, place, sequence, state, arranged_by
FROM program.meeting;

-- Whom a survey asks about whom; neither an answer nor a comment.
CREATE VIEW notification.survey_card WITH (security_barrier) AS
SELECT s.id AS survey_id, s.mentorship_id, s.answered_at IS NOT NULL AS answered, m.state, m.mentee_id, m.mentor_id,
       CASE s.side WHEN 'mentee' THEN m.mentee_id ELSE m.mentor_id END AS asked_id
FROM program.survey_response s JOIN program.mentorship m ON m.id = s.mentorship_id;

-- The secret of a log-in mail is forgotten once the mail is on its way.
CREATE FUNCTION notification.forget_challenge_secret(challenge uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = program, pg_temp AS
$$ UPDATE program.login_challenge SET sealed = NULL WHERE id = challenge $$;
REVOKE ALL ON FUNCTION notification.forget_challenge_secret(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION notification.forget_challenge_secret(uuid) TO belay_notifier;

GRANT SELECT ON notification.account_contact, notification.participant_contact, notification.challenge_mail,
    notification.proposal_card, notification.request_card, notification.mentorship_card,
    notification.meeting_card, notification.survey_card TO belay_notifier;
