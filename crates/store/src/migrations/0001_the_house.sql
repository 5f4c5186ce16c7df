CREATE TABLE schema_versions (
  version BIGINT PRIMARY KEY,
  name {text} NOT NULL,
  oldest_program BIGINT NOT NULL,
  applied_at BIGINT NOT NULL
);

-- One row: the end of the feed and of the audit chain. Every group of changes takes it first.
CREATE TABLE feed_head (
  id BIGINT PRIMARY KEY CHECK (id = 1),
  seq BIGINT NOT NULL,
  highest_at BIGINT NOT NULL,
  audit_seq BIGINT NOT NULL,
  audit_hash {text} NOT NULL
);
INSERT INTO feed_head (id, seq, highest_at, audit_seq, audit_hash) VALUES (1, 0, 0, 0, '');

CREATE TABLE feed (
  seq {number} PRIMARY KEY,
  topic {text} NOT NULL,
  subject {text} NOT NULL,
  at BIGINT NOT NULL
);

-- A hash chain. What people wrote stands apart, by its digest, so that it can be erased.
CREATE TABLE audit (
  seq {number} PRIMARY KEY,
  at BIGINT NOT NULL,
  actor {text} NOT NULL,
  action {text} NOT NULL,
  subject_kind {text} NOT NULL,
  subject {text} NOT NULL,
  detail {text} NOT NULL,
  reason_digest {text},
  hash {text} NOT NULL
);
CREATE INDEX audit_by_subject ON audit (subject_kind, subject, seq);
CREATE TABLE audit_reasons (
  seq {number} PRIMARY KEY,
  salt {text} NOT NULL,
  body {text} NOT NULL
);
CREATE TABLE audit_heads (
  seq {number} PRIMARY KEY,
  hash {text} NOT NULL,
  at BIGINT NOT NULL,
  signing_key {text} NOT NULL,
  signature {text} NOT NULL
);

CREATE TABLE jobs (
  id {text} PRIMARY KEY,
  kind {text} NOT NULL,
  payload {text} NOT NULL,
  run_at BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  fence BIGINT NOT NULL,
  lease_until BIGINT,
  finished_at BIGINT,
  last_error {text}
);
CREATE INDEX jobs_due ON jobs (run_at, id) WHERE finished_at IS NULL;

CREATE TABLE installation (
  id BIGINT PRIMARY KEY CHECK (id = 1),
  publisher {text} NOT NULL,
  master_key_fingerprint {text} NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE signing_keys (
  id {text} PRIMARY KEY,
  number BIGINT NOT NULL UNIQUE,
  public_key {text} NOT NULL,
  sealed_seed {text} NOT NULL,
  created_at BIGINT NOT NULL,
  retired_at BIGINT
);

CREATE TABLE offers (
  reference {text} PRIMARY KEY,
  title {text} NOT NULL,
  grace_days BIGINT NOT NULL,
  position BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE customers (
  id {text} PRIMARY KEY,
  name {text} NOT NULL,
  folded_name {text} NOT NULL UNIQUE,
  created_at BIGINT NOT NULL
);

CREATE TABLE subscriptions (
  id {text} PRIMARY KEY,
  customer_id {text} NOT NULL REFERENCES customers (id),
  offer {text} NOT NULL REFERENCES offers (reference),
  begins {text} NOT NULL,
  ends {text} NOT NULL,
  grace_ends {text} NOT NULL,
  begins_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL,
  grace_ends_at BIGINT NOT NULL,
  suspended_at BIGINT,
  terminated_at BIGINT,
  created_at BIGINT NOT NULL
);
CREATE INDEX subscriptions_by_customer ON subscriptions (customer_id, offer);

CREATE TABLE keys (
  id {text} PRIMARY KEY,
  subscription_id {text} NOT NULL REFERENCES subscriptions (id),
  signing_key {text} NOT NULL REFERENCES signing_keys (id),
  issued {text} NOT NULL,
  issued_at BIGINT NOT NULL,
  superseded_by {text} REFERENCES keys (id),
  superseded_until BIGINT,
  revoked_at BIGINT
);
CREATE INDEX keys_by_subscription ON keys (subscription_id);
