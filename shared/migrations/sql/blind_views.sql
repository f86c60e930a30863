-- Ways to reach somebody, hidden in texts as shared/contacts.py hides them (a test holds the two together).
CREATE FUNCTION matching.without_contacts(told text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN told !~* '@|://|www\.|[\[(]\s*at\s*[\])]|(?:\d[\s().-]{0,2}){10}' THEN told ELSE
    regexp_replace(regexp_replace(regexp_replace(regexp_replace(told,
        '[\w.+%-]+@[\w-]+(?:\.[\w-]+)+|[\w.+%-]+\s*[\[(]\s*at\s*[\])]\s*[\w-]+(?:\s*(?:\.|[\[(]\s*dot\s*[\])])\s*[\w-]+)+', '•••', 'gi'),
        '(?:https?://|www\.)[^\s<>]+', '•••', 'gi'),
        '(?<![\w.])(?!\d{4}-\d\d-\d\d|\d+\.\d{5})[+]?[(]?\d(?:[\s().-]{0,2}\d){9,14}(?!\w)', '•••', 'gi'),
        '(?<![\w@.])@[A-Za-z]\w{2,30}', '•••', 'gi') END
$$;

-- The same in a profile's statements: a text or several by facet.
CREATE FUNCTION matching.blind_statements(said jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT coalesce(jsonb_object_agg(facet, CASE jsonb_typeof(given)
    WHEN 'string' THEN to_jsonb(matching.without_contacts(given #>> '{}'))
    WHEN 'array' THEN (SELECT coalesce(jsonb_agg(matching.without_contacts(one) ORDER BY place), '[]'::jsonb)
                       FROM jsonb_array_elements_text(given) WITH ORDINALITY AS several (one, place))
    ELSE given END), '{}'::jsonb)
FROM jsonb_each(said) AS facets (facet, given)
$$;

-- What the matcher may know: no name, no e-mail, no account, no identity. Views run with their owner's rights.
CREATE VIEW matching.blind_participant WITH (security_barrier) AS
SELECT p.id AS participant_id, p.cycle_id, p.role, p.stage, p.state, p.institution_id,
       i.state AS institution_state, i.group_id AS institution_group_id, i.latitude, i.longitude,
       matching.blind_statements(f.statements) AS statements, f.specialties, f.languages, f.kinds, f.meeting_mode,
       f.working_style, f.site_preference,
       f.regions, f.different_perspective, f.min_mentees, f.time_zone, p.registered_at, f.updated_at,
       p.role = 'mentee' AND EXISTS (
           SELECT FROM program.participant before
           JOIN program.cycle c ON c.id = before.cycle_id AND c.state = 'closed'
           WHERE before.account_id = p.account_id AND before.program_id = p.program_id AND before.role = 'mentee'
             AND NOT EXISTS (SELECT FROM program.mentorship m WHERE m.mentee_id = before.id)
       ) AS unmatched_before
FROM program.participant p
JOIN program.profile f ON f.participant_id = p.id
JOIN program.institution i ON i.id = p.institution_id;

CREATE VIEW matching.blind_token WITH (security_barrier) AS
SELECT t.participant_id, p.cycle_id, p.role, t.dimension_id, t.token, t.importance
FROM program.match_token t JOIN program.participant p ON p.id = t.participant_id;

CREATE VIEW matching.blind_availability WITH (security_barrier) AS
SELECT a.participant_id, p.cycle_id, a.weekday, a.hour
FROM program.availability_hour a JOIN program.participant p ON p.id = a.participant_id;

CREATE VIEW matching.blind_bandwidth WITH (security_barrier) AS
SELECT b.participant_id, p.cycle_id, b.starts_on, b.ends_on, b.hours_per_month, b.mentee_slots
FROM program.bandwidth_period b JOIN program.participant p ON p.id = b.participant_id;

-- One person's two participants (mentee and mentor) must never meet each other; blind to who it is.
CREATE VIEW matching.blind_exclusion WITH (security_barrier) AS
SELECT m.cycle_id, e.mentee_id, e.mentor_id, e.reason
FROM program.exclusion e JOIN program.participant m ON m.id = e.mentee_id
UNION ALL
SELECT mentee.cycle_id, mentee.id, mentor.id, 'self'
FROM program.participant mentee
JOIN program.participant mentor ON mentor.account_id = mentee.account_id
 AND mentor.cycle_id = mentee.cycle_id AND mentor.role = 'mentor'
WHERE mentee.role = 'mentee';

-- What takes a slot already: mentorships and open offers. Declined and closed pairs are not proposed again.
CREATE VIEW matching.blind_commitment WITH (security_barrier) AS
SELECT id, cycle_id, mentee_id, mentor_id, kind, state, 'mentorship' AS source,
       started_at AS began_at, ended_at AS decided_at FROM program.mentorship
UNION ALL
SELECT id, cycle_id, mentee_id, mentor_id, kind, state, 'proposal', created_at, decided_at FROM program.proposal
UNION ALL
SELECT id, cycle_id, mentee_id, mentor_id, kind, state, 'request', created_at, decided_at FROM program.request;

CREATE VIEW matching.blind_run WITH (security_barrier) AS
SELECT r.id AS run_id, r.cycle_id, r.state, p.version AS policy_version, p.document AS policy,
       c.starts_on, c.ends_on, r.purpose, r.base_run_id, r.asked
FROM program.match_run r
JOIN program.policy p ON p.id = r.policy_id
JOIN program.cycle c ON c.id = r.cycle_id;

-- Pairs that a run must make, or must not: the lead's decisions on an earlier draft.
CREATE VIEW matching.blind_run_rule WITH (security_barrier) AS
SELECT run_id, mentee_id, mentor_id, rule FROM program.run_rule;

CREATE VIEW matching.blind_cycle WITH (security_barrier) AS
SELECT c.id AS cycle_id, c.program_id, c.starts_on, c.ends_on, c.state,
       (SELECT p.document FROM program.policy p WHERE p.program_id = c.program_id ORDER BY p.version DESC LIMIT 1)
           AS policy
FROM program.cycle c;

GRANT SELECT ON matching.blind_participant, matching.blind_token, matching.blind_availability,
    matching.blind_bandwidth, matching.blind_exclusion, matching.blind_commitment, matching.blind_run,
    matching.blind_run_rule, matching.blind_cycle TO belay_matcher;
