-- What lists are sorted and filtered by. The second and third answer the dashboard's counts without a look at the table.
DROP INDEX keys_by_subscription;
CREATE INDEX keys_of_subscription ON keys (subscription_id, revoked_at, superseded_until);
CREATE INDEX subscriptions_by_end ON subscriptions (ends_at, id, suspended_at, terminated_at);
CREATE INDEX subscriptions_suspended ON subscriptions (id) WHERE suspended_at IS NOT NULL;
CREATE INDEX subscriptions_terminated ON subscriptions (id) WHERE terminated_at IS NOT NULL;
CREATE INDEX keys_revoked ON keys (id) WHERE revoked_at IS NOT NULL;
CREATE INDEX keys_superseded ON keys (superseded_until) WHERE superseded_until IS NOT NULL;

-- The latest questions about each key. Several in a row that differ in nothing but their time are one row.
CREATE TABLE questions (
  key_id {text} NOT NULL,
  number BIGINT NOT NULL,
  first_at BIGINT NOT NULL,
  at BIGINT NOT NULL,
  times BIGINT NOT NULL,
  verdict {text} NOT NULL,
  code {text} NOT NULL,
  address {text} NOT NULL,
  version {text} NOT NULL,
  instance {text} NOT NULL,
  PRIMARY KEY (key_id, number)
);
CREATE INDEX questions_by_time ON questions (at);

-- How many questions had which answer in an hour, which is named by its first millisecond.
CREATE TABLE answers (
  hour BIGINT NOT NULL,
  code {text} NOT NULL,
  times BIGINT NOT NULL,
  PRIMARY KEY (hour, code)
);
