-- schemagen migration
-- state before: 1:e3b0c44298fc1c149afbf4c8996fb924
-- state after:  1:2e32d4c2259520c22fae5a25ae6ee270
-- follows: nothing
-- The whole schema, for an empty database.

CREATE TABLE users (
    id text DEFAULT (lower(hex(randomblob(16)))) NOT NULL,
    email text NOT NULL,
    password_hash text NOT NULL,
    first_name text,
    last_name text,
    role text DEFAULT 'USER' NOT NULL,
    preferences text DEFAULT '{}' NOT NULL,
    last_login_at text,
    created_at text DEFAULT current_timestamp NOT NULL,
    updated_at text DEFAULT current_timestamp NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (email),
    CHECK (role in ('USER', 'ADMIN')),
    CONSTRAINT users_preferences_shape CHECK (json_valid(preferences) AND json_type(preferences) = 'object' AND json_type(preferences, '$."theme"') = 'text' AND json_type(preferences, '$."notifications"') = 'object')
) STRICT;

CREATE TABLE audit_logs (
    id integer PRIMARY KEY AUTOINCREMENT,
    user_id text,
    "action" text NOT NULL,
    resource_type text NOT NULL,
    resource_key text,
    metadata text DEFAULT '{}' NOT NULL,
    created_at text DEFAULT current_timestamp NOT NULL,
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE SET NULL,
    CONSTRAINT audit_logs_metadata_shape CHECK (json_valid(metadata) AND json_type(metadata) = 'object')
) STRICT;

CREATE INDEX audit_logs_resource_type_resource_key_idx ON audit_logs (resource_type, resource_key);

CREATE INDEX audit_logs_user_id_idx ON audit_logs (user_id);

CREATE TRIGGER audit_logs_no_update
    BEFORE UPDATE ON audit_logs
    FOR EACH ROW
BEGIN
    select raise(abort, 'audit_logs is only ever added to');
END;

CREATE TABLE projects (
    id TEXT DEFAULT (lower(hex(randomblob(16)))) NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    owner_id TEXT NOT NULL,
    repository_url TEXT,
    settings TEXT DEFAULT '{}' NOT NULL,
    created_at TEXT DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at TEXT DEFAULT CURRENT_TIMESTAMP NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY (owner_id) REFERENCES users (id) ON DELETE CASCADE,
    CHECK (trim(name) <> ''),
    CHECK (json_valid(settings))
) STRICT;

CREATE TABLE generation_requests (
    id text DEFAULT (lower(hex(randomblob(16)))) NOT NULL,
    project_id text,
    user_id text NOT NULL,
    request_data text NOT NULL,
    response_data text,
    status text DEFAULT 'PENDING' NOT NULL,
    processing_seconds real,
    ai_model text,
    error_message text,
    created_at text DEFAULT current_timestamp NOT NULL,
    completed_at text,
    PRIMARY KEY (id),
    FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE SET NULL,
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CHECK (status in ('PENDING', 'PROCESSING', 'COMPLETED', 'FAILED')),
    CHECK (processing_seconds >= 0),
    CONSTRAINT generation_requests_request_data_shape CHECK (json_valid(request_data) AND json_type(request_data) = 'object' AND json_type(request_data, '$."prompt"') IS NOT NULL AND json_type(request_data, '$."prompt"') = 'text'),
    CONSTRAINT generation_requests_response_data_shape CHECK (json_valid(response_data) AND json_type(response_data) = 'object')
) STRICT;

CREATE INDEX generation_requests_created_at_idx ON generation_requests (created_at) WHERE status in ('PENDING', 'PROCESSING');

CREATE INDEX generation_requests_project_id_idx ON generation_requests (project_id);

CREATE INDEX generation_requests_user_id_idx ON generation_requests (user_id);

CREATE INDEX projects_owner_id_idx ON projects (owner_id);

CREATE TRIGGER projects_set_updated_at
    AFTER UPDATE ON projects
    WHEN NEW.updated_at IS OLD.updated_at
BEGIN
    UPDATE projects SET updated_at = CURRENT_TIMESTAMP WHERE rowid = NEW.rowid;
END;

CREATE TABLE sessions (
    id text DEFAULT (lower(hex(randomblob(16)))) NOT NULL,
    user_id text NOT NULL,
    token_hash text NOT NULL,
    ip_address text,
    user_agent text,
    created_at text DEFAULT current_timestamp NOT NULL,
    last_used_at text DEFAULT current_timestamp NOT NULL,
    expires_at text NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (token_hash),
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT sessions_expire_later CHECK (expires_at > created_at)
) STRICT;

CREATE INDEX sessions_expires_at_idx ON sessions (expires_at);

CREATE INDEX sessions_user_id_idx ON sessions (user_id);

CREATE TRIGGER sessions_cleanup
    AFTER INSERT ON sessions
    FOR EACH ROW
BEGIN
    delete from sessions where expires_at < datetime('now');
END;

CREATE TABLE user_stories (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id TEXT NOT NULL,
    created_by TEXT,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    acceptance_criteria TEXT DEFAULT '[]' NOT NULL,
    priority TEXT DEFAULT 'MEDIUM' NOT NULL,
    story_points INTEGER DEFAULT 0 NOT NULL,
    status TEXT DEFAULT 'DRAFT' NOT NULL,
    metadata TEXT DEFAULT '{}' NOT NULL,
    created_at TEXT DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at TEXT DEFAULT CURRENT_TIMESTAMP NOT NULL,
    FOREIGN KEY (created_by) REFERENCES users (id) ON DELETE SET NULL,
    FOREIGN KEY (project_id) REFERENCES projects (id) ON DELETE CASCADE,
    CHECK (json_type(acceptance_criteria) = 'array'),
    CHECK (priority IN ('LOW', 'MEDIUM', 'HIGH', 'CRITICAL')),
    CHECK (story_points BETWEEN 0 AND 21),
    CHECK (status IN ('DRAFT', 'READY', 'IN_PROGRESS', 'DONE')),
    CHECK (json_type(metadata) = 'object')
) STRICT;

CREATE INDEX user_stories_board_idx ON user_stories (project_id, status, priority);

CREATE INDEX user_stories_created_by_idx ON user_stories (created_by);

CREATE TRIGGER user_stories_set_updated_at
    AFTER UPDATE ON user_stories
    WHEN NEW.updated_at IS OLD.updated_at
BEGIN
    UPDATE user_stories SET updated_at = CURRENT_TIMESTAMP WHERE rowid = NEW.rowid;
END;

CREATE INDEX users_role_idx ON users (role) WHERE role = 'ADMIN';

CREATE TRIGGER users_set_updated_at
    AFTER UPDATE ON users
    FOR EACH ROW
    WHEN NEW.updated_at IS OLD.updated_at
BEGIN
    UPDATE users SET updated_at = current_timestamp WHERE rowid = NEW.rowid;
END;

CREATE VIRTUAL TABLE stories_fts USING fts5 (
    title,
    description,
    content='user_stories',
    content_rowid='id'
);

CREATE TRIGGER user_stories_fts_delete
    AFTER DELETE ON user_stories
BEGIN
    INSERT INTO stories_fts (stories_fts, rowid, title, description)
    VALUES ('delete', OLD.id, OLD.title, OLD.description);
END;

CREATE TRIGGER user_stories_fts_insert
    AFTER INSERT ON user_stories
BEGIN
    INSERT INTO stories_fts (rowid, title, description) VALUES (NEW.id, NEW.title, NEW.description);
END;

CREATE TRIGGER user_stories_fts_update
    AFTER UPDATE OF title, description ON user_stories
BEGIN
    INSERT INTO stories_fts (stories_fts, rowid, title, description)
    VALUES ('delete', OLD.id, OLD.title, OLD.description);
    INSERT INTO stories_fts (rowid, title, description) VALUES (NEW.id, NEW.title, NEW.description);
END;

CREATE VIEW story_counts AS
SELECT project_id, status, count(*) AS stories, sum(story_points) AS points
FROM user_stories
GROUP BY project_id, status;
