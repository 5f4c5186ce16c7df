-- For how many days people's data is kept that nothing else takes away.
ALTER TABLE installation ADD COLUMN registrations_kept_days BIGINT NOT NULL DEFAULT 730;
ALTER TABLE installation ADD COLUMN agents_kept_days BIGINT NOT NULL DEFAULT 730;
ALTER TABLE registrations ADD COLUMN erased_at BIGINT;
CREATE INDEX registrations_by_change ON registrations (changed_at, id) WHERE erased_at IS NULL;
CREATE INDEX agents_by_twin ON agents (twin) WHERE twin IS NOT NULL;
