CREATE TABLE api_tokens (
  id {text} PRIMARY KEY,
  name {text} NOT NULL,
  scopes {text} NOT NULL,
  keyed_hash {text} NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  last_used_at BIGINT,
  revoked_at BIGINT
);

-- What was answered to a request that named itself, sealed, so that its repetition is answered alike.
CREATE TABLE idempotency (
  token_id {text} NOT NULL REFERENCES api_tokens (id),
  key_digest {text} NOT NULL,
  request_digest {text} NOT NULL,
  status BIGINT NOT NULL,
  sealed_body {text} NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (token_id, key_digest)
);
CREATE INDEX idempotency_by_age ON idempotency (at);
