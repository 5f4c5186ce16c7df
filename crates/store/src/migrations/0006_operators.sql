CREATE TABLE operators (
  id {text} PRIMARY KEY,
  email {text} NOT NULL,
  folded_email {text} NOT NULL UNIQUE,
  role {text} NOT NULL,
  password_hash {text},
  sealed_totp {text},
  totp_on_at BIGINT,
  totp_last_step BIGINT,
  created_at BIGINT NOT NULL,
  signed_in_at BIGINT,
  disabled_at BIGINT
);

CREATE TABLE operator_recovery_codes (
  id {text} PRIMARY KEY,
  operator_id {text} NOT NULL REFERENCES operators (id),
  keyed_hash {text} NOT NULL,
  used_at BIGINT
);
CREATE INDEX operator_recovery_codes_by_operator ON operator_recovery_codes (operator_id);

-- Without an operator it makes the first one.
CREATE TABLE operator_links (
  id {text} PRIMARY KEY,
  operator_id {text} REFERENCES operators (id),
  keyed_hash {text} NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT
);

CREATE TABLE operator_sessions (
  id {text} PRIMARY KEY,
  operator_id {text} NOT NULL REFERENCES operators (id),
  keyed_hash {text} NOT NULL,
  half_open BIGINT NOT NULL,
  address {text} NOT NULL,
  agent {text} NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  ended_at BIGINT
);
CREATE INDEX operator_sessions_by_operator ON operator_sessions (operator_id);

-- Forms of the console are done once, too, and an operator is no API token.
CREATE TABLE idempotency_of_all (
  token_id {text} NOT NULL,
  key_digest {text} NOT NULL,
  request_digest {text} NOT NULL,
  status BIGINT NOT NULL,
  sealed_body {text} NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (token_id, key_digest)
);
INSERT INTO idempotency_of_all (token_id, key_digest, request_digest, status, sealed_body, at)
  SELECT token_id, key_digest, request_digest, status, sealed_body, at FROM idempotency;
DROP TABLE idempotency;
ALTER TABLE idempotency_of_all RENAME TO idempotency;
CREATE INDEX idempotency_by_age ON idempotency (at);
