-- What a GLPI is shown when inventories are passed on to it: which kind of credential, and the credential itself.
ALTER TABLE glpi_connections ADD COLUMN inventory {text} NOT NULL DEFAULT 'none';
ALTER TABLE glpi_connections ADD COLUMN sealed_inventory {text};
-- How much a message of the queue would be missed: 0 what lies before a newer whole inventory of its machine, 2 a machine's newest whole
-- inventory, which never makes way, 1 all else. How many bytes can be spared stands beside how many there are, so that a full queue knows at
-- once whether anything may make way, and the index leads to what goes first.
ALTER TABLE queued_messages ADD COLUMN missed BIGINT NOT NULL DEFAULT 2;
ALTER TABLE queue_head ADD COLUMN spare_bytes BIGINT NOT NULL DEFAULT 0;
UPDATE queued_messages SET missed = CASE WHEN EXISTS (
    SELECT 1 FROM queued_messages n
     WHERE n.agent = queued_messages.agent AND n.device = queued_messages.device AND n.number > queued_messages.number
       AND n.what = 'inventory') THEN 0 ELSE 1 END
  WHERE what <> 'inventory' OR EXISTS (
    SELECT 1 FROM queued_messages n
     WHERE n.agent = queued_messages.agent AND n.device = queued_messages.device AND n.number > queued_messages.number
       AND n.what = 'inventory');
UPDATE queue_head SET spare_bytes = (SELECT COALESCE(SUM(bytes), 0) FROM queued_messages WHERE missed < 2) WHERE id = 1;
CREATE INDEX queued_messages_spare ON queued_messages (missed, number, bytes) WHERE missed < 2;
CREATE INDEX queued_messages_missed ON queued_messages (agent, device, missed, bytes) WHERE missed > 0;
