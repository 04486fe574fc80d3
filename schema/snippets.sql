-- Code that was generated or written.

CREATE TYPE snippet_origin AS ENUM ('generated', 'revised', 'written');
COMMENT ON TYPE snippet_origin IS 'Who wrote a snippet: the model, both, or a person';

-- schemagen:group code
CREATE TABLE code_snippets (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    project_id  uuid NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    author_id   uuid REFERENCES users (id) ON DELETE SET NULL,
    file_path   text NOT NULL,
    language    varchar(40) NOT NULL,
    content     text NOT NULL,
    origin      snippet_origin NOT NULL DEFAULT 'generated',
    version     integer NOT NULL DEFAULT 1 CHECK (version > 0),
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT code_snippets_path_version_key UNIQUE (project_id, file_path, version),
    -- What tests refer to, so that a test and its snippet stay in one project.
    CONSTRAINT code_snippets_id_project_key UNIQUE (id, project_id)
);

COMMENT ON TABLE code_snippets IS 'A file or part of one, in one version';
COMMENT ON COLUMN code_snippets.project_id IS 'The project it belongs to';
COMMENT ON COLUMN code_snippets.author_id IS 'Who asked for it or wrote it; null when that account is gone';
COMMENT ON COLUMN code_snippets.file_path IS 'Path within the repository, such as src/modules/auth.py';
COMMENT ON COLUMN code_snippets.language IS 'Programming language';
COMMENT ON COLUMN code_snippets.content IS 'The text itself';
COMMENT ON COLUMN code_snippets.origin IS 'Who wrote it';
COMMENT ON COLUMN code_snippets.version IS 'Counts up with each revision of the same path';
COMMENT ON COLUMN code_snippets.created_at IS 'When the row was created';
COMMENT ON COLUMN code_snippets.updated_at IS 'When the row was last changed';

CREATE INDEX code_snippets_author_id_idx ON code_snippets (author_id);

-- The function is the one that the YAML files make for `on_update: now()`.
CREATE TRIGGER code_snippets_set_updated_at
    BEFORE UPDATE ON code_snippets
    FOR EACH ROW EXECUTE FUNCTION set_updated_at();

ALTER TABLE code_snippets ENABLE ROW LEVEL SECURITY;

CREATE POLICY code_snippets_read ON code_snippets FOR SELECT TO authenticated
    USING (is_project_member(project_id));
CREATE POLICY code_snippets_write ON code_snippets TO authenticated
    USING (is_project_member(project_id, 'editor'))
    WITH CHECK (is_project_member(project_id, 'editor'));

GRANT SELECT, INSERT, UPDATE, DELETE ON code_snippets TO authenticated;
GRANT ALL ON code_snippets TO service_role;
