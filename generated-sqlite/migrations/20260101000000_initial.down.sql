-- Drops what the way up made, and its data.

DROP VIEW story_counts;
DROP TRIGGER user_stories_fts_update;
DROP TRIGGER user_stories_fts_insert;
DROP TRIGGER user_stories_fts_delete;
DROP TABLE stories_fts;
DROP TABLE user_stories;
DROP TABLE sessions;
DROP TABLE generation_requests;
DROP TABLE projects;
DROP TABLE audit_logs;
DROP TABLE users;
