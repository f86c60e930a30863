-- What the matcher may know of outcomes: when a pair met, ended and how content it was; no comment, no reason.
CREATE VIEW matching.blind_outcome WITH (security_barrier) AS
SELECT m.id AS mentorship_id, m.program_id, m.cycle_id, m.mentee_id, m.mentor_id, m.kind, m.started_at, m.ended_at,
       m.state = 'completed' AS completed,
       (SELECT min(t.starts_at) FROM program.meeting t WHERE t.mentorship_id = m.id AND t.state = 'held')
           AS first_met_at,
       mentee.id IS NOT NULL AS mentee_asked, mentor.id IS NOT NULL AS mentor_asked,
       mentee.satisfaction AS mentee_satisfaction, mentor.satisfaction AS mentor_satisfaction,
       (SELECT p.run_id FROM program.proposal p WHERE p.mentee_id = m.mentee_id AND p.mentor_id = m.mentor_id
            AND p.state = 'accepted' ORDER BY p.decided_at DESC LIMIT 1) AS run_id
FROM program.mentorship m
LEFT JOIN program.survey_response mentee ON mentee.mentorship_id = m.id AND mentee.side = 'mentee'
LEFT JOIN program.survey_response mentor ON mentor.mentorship_id = m.id AND mentor.side = 'mentor';

-- A model that is asked for, with the hand-set policy that its weights are pulled towards.
CREATE VIEW matching.blind_model WITH (security_barrier) AS
SELECT o.id AS model_id, o.program_id, o.version, o.state, p.version AS policy_version, p.document AS policy
FROM program.outcome_model o JOIN program.policy p ON p.id = o.policy_id;

GRANT SELECT ON matching.blind_outcome, matching.blind_model TO belay_matcher;
GRANT SELECT, INSERT, UPDATE, DELETE ON matching.model_fit, matching.pair_outcome, matching.scored_pair,
    matching.asked_pair
    TO belay_matcher;
GRANT SELECT ON matching.model_fit TO belay_api;

ALTER TABLE program.outcome_model ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON program.outcome_model TO belay_api
    USING ((SELECT program.actor_is_system()) OR program_id = ANY ((SELECT program.actor_programs())::uuid[]));
ALTER TABLE matching.model_fit ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON matching.model_fit FOR SELECT TO belay_api
    USING (model_id IN (SELECT id FROM program.outcome_model));
CREATE POLICY writer ON matching.model_fit TO belay_matcher USING (true);
