-- Projects and their user stories, with full-text search.

-- schemagen:group stories
CREATE TABLE projects (
    id TEXT NOT NULL PRIMARY KEY DEFAULT (lower(hex(randomblob(16)))),
    name TEXT NOT NULL CHECK (trim(name) <> ''),
    description TEXT,
    owner_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    repository_url TEXT,
    settings TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(settings)),
    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
) STRICT;

CREATE INDEX projects_owner_id_idx ON projects (owner_id);

CREATE TRIGGER projects_set_updated_at AFTER UPDATE ON projects
    WHEN NEW.updated_at IS OLD.updated_at
BEGIN
    UPDATE projects SET updated_at = CURRENT_TIMESTAMP WHERE rowid = NEW.rowid;
END;

-- The key is a number, so that the full-text index can refer to it.
-- schemagen:group stories
CREATE TABLE user_stories (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    created_by TEXT REFERENCES users (id) ON DELETE SET NULL,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    acceptance_criteria TEXT NOT NULL DEFAULT '[]' CHECK (json_type(acceptance_criteria) = 'array'),
    priority TEXT NOT NULL DEFAULT 'MEDIUM' CHECK (priority IN ('LOW', 'MEDIUM', 'HIGH', 'CRITICAL')),
    story_points INTEGER NOT NULL DEFAULT 0 CHECK (story_points BETWEEN 0 AND 21),
    status TEXT NOT NULL DEFAULT 'DRAFT' CHECK (status IN ('DRAFT', 'READY', 'IN_PROGRESS', 'DONE')),
    metadata TEXT NOT NULL DEFAULT '{}' CHECK (json_type(metadata) = 'object'),
    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
) STRICT;

-- The board of a project.
CREATE INDEX user_stories_board_idx ON user_stories (project_id, status, priority);
CREATE INDEX user_stories_created_by_idx ON user_stories (created_by);

CREATE TRIGGER user_stories_set_updated_at AFTER UPDATE ON user_stories
    WHEN NEW.updated_at IS OLD.updated_at
BEGIN
    UPDATE user_stories SET updated_at = CURRENT_TIMESTAMP WHERE rowid = NEW.rowid;
END;

CREATE VIRTUAL TABLE stories_fts USING fts5(title, description, content='user_stories', content_rowid='id');

-- An index with external content is kept by triggers.
CREATE TRIGGER user_stories_fts_insert AFTER INSERT ON user_stories BEGIN
    INSERT INTO stories_fts (rowid, title, description) VALUES (NEW.id, NEW.title, NEW.description);
END;
CREATE TRIGGER user_stories_fts_delete AFTER DELETE ON user_stories BEGIN
    INSERT INTO stories_fts (stories_fts, rowid, title, description)
    VALUES ('delete', OLD.id, OLD.title, OLD.description);
END;
CREATE TRIGGER user_stories_fts_update AFTER UPDATE OF title, description ON user_stories BEGIN
    INSERT INTO stories_fts (stories_fts, rowid, title, description)
    VALUES ('delete', OLD.id, OLD.title, OLD.description);
    INSERT INTO stories_fts (rowid, title, description) VALUES (NEW.id, NEW.title, NEW.description);
END;

CREATE VIEW story_counts AS
SELECT project_id, status, count(*) AS stories, sum(story_points) AS points
FROM user_stories
GROUP BY project_id, status;
