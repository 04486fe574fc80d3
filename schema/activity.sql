-- What happened: a log for people, and a log for auditors.

-- schemagen:group logs
-- schemagen:retention two years, by dropping partitions
CREATE TABLE activity_logs (
    id             bigint GENERATED ALWAYS AS IDENTITY,
    user_id        uuid REFERENCES users (id) ON DELETE SET NULL,
    project_id     uuid REFERENCES projects (id) ON DELETE CASCADE,
    activity_type  varchar(60) NOT NULL,
    description    text NOT NULL,
    metadata       jsonb NOT NULL DEFAULT '{}',
    created_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (id, created_at)
) PARTITION BY RANGE (created_at);

-- schemagen:allow security/rls-no-policy: read through activity_logs, whose policies count
CREATE TABLE activity_logs_2026 PARTITION OF activity_logs
    FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
-- schemagen:allow security/rls-no-policy: read through activity_logs, whose policies count
CREATE TABLE activity_logs_2027 PARTITION OF activity_logs
    FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
-- schemagen:allow security/rls-no-policy: read through activity_logs, whose policies count
CREATE TABLE activity_logs_rest PARTITION OF activity_logs DEFAULT;

COMMENT ON TABLE activity_logs IS 'What people did, as shown in the feed of a project';
COMMENT ON TABLE activity_logs_2026 IS 'Activity of the year 2026';
COMMENT ON TABLE activity_logs_2027 IS 'Activity of the year 2027';
COMMENT ON TABLE activity_logs_rest IS 'Activity outside of the years that have a partition; kept empty';
COMMENT ON COLUMN activity_logs.user_id IS 'Who did it; null when that account is gone';
COMMENT ON COLUMN activity_logs.project_id IS 'Where; null for what concerns no project';
COMMENT ON COLUMN activity_logs.activity_type IS 'What kind of activity, such as task.created';
COMMENT ON COLUMN activity_logs.description IS 'What happened, in a sentence';
COMMENT ON COLUMN activity_logs.metadata IS 'What belongs to it: identifiers, old and new values';
COMMENT ON COLUMN activity_logs.created_at IS 'When it happened; decides the partition';

CREATE INDEX activity_logs_user_id_created_at_idx ON activity_logs (user_id, created_at DESC);
-- The feed of a project, latest first.
CREATE INDEX activity_logs_project_id_created_at_idx ON activity_logs (project_id, created_at DESC);

-- schemagen:group logs
-- schemagen:retention seven years
CREATE TABLE audit_logs (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    actor_id       uuid REFERENCES users (id) ON DELETE SET NULL,
    action         varchar(60) NOT NULL,
    resource_type  varchar(60) NOT NULL,
    resource_key   text,
    ip_address     inet,
    metadata       jsonb NOT NULL DEFAULT '{}',
    created_at     timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE audit_logs IS 'What concerns security: logins, grants, exports; only ever added to';
COMMENT ON COLUMN audit_logs.actor_id IS 'Who did it; null when that account is gone';
COMMENT ON COLUMN audit_logs.action IS 'What was done, such as login or export';
COMMENT ON COLUMN audit_logs.resource_type IS 'To what kind of thing';
COMMENT ON COLUMN audit_logs.resource_key IS 'To which one, by its key as text';
COMMENT ON COLUMN audit_logs.ip_address IS 'Where the request came from';
COMMENT ON COLUMN audit_logs.metadata IS 'What belongs to it';
COMMENT ON COLUMN audit_logs.created_at IS 'When it was done';

CREATE INDEX audit_logs_actor_id_created_at_idx ON audit_logs (actor_id, created_at DESC);
CREATE INDEX audit_logs_resource_idx ON audit_logs (resource_type, resource_key);
-- Rows come in the order of time, so a small BRIN index finds a period.
CREATE INDEX audit_logs_created_at_idx ON audit_logs USING brin (created_at);

CREATE FUNCTION refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = ''
AS $$
BEGIN
    RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME;
END;
$$;
COMMENT ON FUNCTION refuse_change() IS 'Refuses UPDATE and DELETE';

CREATE TRIGGER audit_logs_append_only
    BEFORE DELETE OR UPDATE ON audit_logs
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

ALTER TABLE activity_logs ENABLE ROW LEVEL SECURITY;
ALTER TABLE activity_logs_2026 ENABLE ROW LEVEL SECURITY;
ALTER TABLE activity_logs_2027 ENABLE ROW LEVEL SECURITY;
ALTER TABLE activity_logs_rest ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_logs ENABLE ROW LEVEL SECURITY;

CREATE POLICY activity_logs_read ON activity_logs FOR SELECT TO authenticated
    USING (user_id = auth.uid() OR is_project_member(project_id));
CREATE POLICY audit_logs_read ON audit_logs FOR SELECT TO authenticated USING (is_admin());

GRANT SELECT ON activity_logs, audit_logs TO authenticated;
GRANT SELECT, INSERT ON activity_logs, audit_logs TO service_role;
