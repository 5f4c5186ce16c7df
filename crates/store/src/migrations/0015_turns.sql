-- Whose turn it is among agents of which something waits: a row of a few bytes for each, beside the messages with their bodies,
-- so that neither finding the next nor "try everything now" reads what lies behind. Without a time nothing waits.
CREATE TABLE queue_turns (
  agent {text} NOT NULL,
  glpi {text} NOT NULL,
  run_at BIGINT,
  fence BIGINT NOT NULL,
  lease_until BIGINT NOT NULL,
  PRIMARY KEY (agent, glpi)
);
CREATE INDEX queue_turns_due ON queue_turns (glpi, run_at, agent);
INSERT INTO queue_turns (agent, glpi, run_at, fence, lease_until)
  SELECT agent, glpi, MIN(run_at), 0, 0 FROM queued_messages WHERE dead_at IS NULL GROUP BY agent, glpi;
DROP INDEX queued_messages_due;
