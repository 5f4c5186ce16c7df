CREATE TABLE enrollment_keys (
  id {text} PRIMARY KEY,
  name {text} NOT NULL,
  folded_name {text} NOT NULL UNIQUE,
  glpi {text} NOT NULL,
  tag {text},
  agent_limit BIGINT,
  networks {text} NOT NULL,
  approves BIGINT NOT NULL,
  keyed_hash {text} NOT NULL,
  generation BIGINT NOT NULL,
  previous_hash {text},
  previous_until BIGINT,
  created_at BIGINT NOT NULL,
  ends_at BIGINT,
  suspended_at BIGINT,
  revoked_at BIGINT,
  agents BIGINT NOT NULL
);

CREATE TABLE agents (
  id {text} PRIMARY KEY,
  enrollment_key {text} NOT NULL REFERENCES enrollment_keys (id),
  device {text} NOT NULL UNIQUE,
  folded_device {text} NOT NULL,
  agent_uid {text},
  machine {text},
  generation BIGINT NOT NULL,
  first_seen_at BIGINT NOT NULL,
  last_seen_at BIGINT NOT NULL,
  let_in_at BIGINT,
  address {text} NOT NULL,
  version {text} NOT NULL,
  tag {text},
  approved_at BIGINT,
  quarantined_at BIGINT,
  twin_at BIGINT,
  twin {text},
  prolog_answer {text},
  contact_answer {text}
);
CREATE INDEX agents_by_key ON agents (enrollment_key, id);
CREATE INDEX agents_by_uid ON agents (agent_uid);
CREATE INDEX agents_by_last_seen ON agents (last_seen_at, id);

-- How many messages came in an hour, by what became of them.
CREATE TABLE gateway_hours (
  id {text} PRIMARY KEY,
  hour BIGINT NOT NULL,
  what {text} NOT NULL,
  code {text} NOT NULL,
  times BIGINT NOT NULL
);
CREATE INDEX gateway_hours_by_hour ON gateway_hours (hour);

-- Where agents find the gateway, as the server that has it said last.
CREATE TABLE gateway_place (
  id BIGINT PRIMARY KEY,
  url {text} NOT NULL
);

-- What GLPI could not take. An embedded database has them in a file of its own, and none here.
CREATE TABLE queued_messages (
  number {number} PRIMARY KEY,
  agent {text} NOT NULL,
  device {text} NOT NULL,
  glpi {text} NOT NULL,
  what {text} NOT NULL,
  head {text} NOT NULL,
  body {text} NOT NULL,
  bytes BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  run_at BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  last_error {text},
  dead_at BIGINT
);
CREATE INDEX queued_messages_by_agent ON queued_messages (agent, number);
CREATE INDEX queued_messages_due ON queued_messages (run_at, number);

-- Who delivers an agent's messages; a courier that slept past its lease finds another fence.
CREATE TABLE queue_leases (
  agent {text} PRIMARY KEY,
  fence BIGINT NOT NULL,
  lease_until BIGINT NOT NULL
);

CREATE TABLE queue_head (
  id BIGINT PRIMARY KEY,
  last_number BIGINT NOT NULL,
  messages BIGINT NOT NULL,
  bytes BIGINT NOT NULL
);
INSERT INTO queue_head (id, last_number, messages, bytes) VALUES (1, 0, 0, 0);
