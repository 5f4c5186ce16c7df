-- What the dashboard counts, each a stretch of an index.
CREATE INDEX agents_pending ON agents (id) WHERE quarantined_at IS NULL AND approved_at IS NULL;
CREATE INDEX registrations_by_state ON registrations (state, id);
CREATE INDEX moves_closing ON moves (closes_at, id) WHERE ended_at IS NULL;
CREATE INDEX queued_messages_dead ON queued_messages (number) WHERE dead_at IS NOT NULL;
-- What the search finds by the beginning of a name.
CREATE INDEX agents_by_device ON agents (folded_device, id);
CREATE INDEX registrations_by_name ON registrations (folded_login, id);
CREATE INDEX registrations_by_email ON registrations (LOWER(email), id);
CREATE INDEX trials_by_uid ON trials (uid, id);
CREATE INDEX instances_by_uid ON instances (uid) WHERE uid IS NOT NULL;
