CREATE TABLE invitations (
  id {text} PRIMARY KEY,
  name {text} NOT NULL,
  folded_name {text} NOT NULL,
  comment {text},
  connection_id {text} REFERENCES glpi_connections (id),
  entity BIGINT,
  is_recursive BIGINT NOT NULL,
  profile BIGINT,
  group_ids {text} NOT NULL,
  use_limit BIGINT,
  uses BIGINT NOT NULL,
  email_domains {text} NOT NULL,
  language {text},
  keyed_hash {text} NOT NULL,
  begins_at BIGINT NOT NULL,
  ends_at BIGINT,
  created_at BIGINT NOT NULL,
  suspended_at BIGINT,
  revoked_at BIGINT
);
CREATE INDEX invitations_by_name ON invitations (folded_name);

-- A person who filled in the form: with the use that was reserved, in one transaction.
CREATE TABLE registrations (
  id {text} PRIMARY KEY,
  invitation_id {text} NOT NULL REFERENCES invitations (id),
  connection_id {text} REFERENCES glpi_connections (id),
  place {text} NOT NULL,
  login {text} NOT NULL,
  folded_login {text} NOT NULL,
  firstname {text} NOT NULL,
  realname {text} NOT NULL,
  email {text} NOT NULL,
  language {text} NOT NULL,
  state {text} NOT NULL,
  step {text} NOT NULL,
  remarks {text} NOT NULL,
  glpi_user BIGINT,
  sealed_password {text},
  receipt_hash {text} NOT NULL,
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  kept_until BIGINT NOT NULL,
  completed_at BIGINT,
  returned_at BIGINT
);
CREATE UNIQUE INDEX registrations_by_login ON registrations (place, folded_login) WHERE returned_at IS NULL;
CREATE INDEX registrations_by_invitation ON registrations (invitation_id, id);
CREATE INDEX registrations_by_receipt ON registrations (receipt_hash);

-- What came of an invitation, by the day.
CREATE TABLE invitation_counts (
  id {text} PRIMARY KEY,
  invitation_id {text} NOT NULL REFERENCES invitations (id),
  day {text} NOT NULL,
  what {text} NOT NULL,
  times BIGINT NOT NULL
);
CREATE INDEX invitation_counts_by_day ON invitation_counts (invitation_id, day);
