-- A secret is found by its keyed hash alone: whoever has none finds nothing, whatever else stands in the text.
CREATE UNIQUE INDEX invitations_by_hash ON invitations (keyed_hash);
-- What a GLPI calls its entities, profiles and groups, as it last said, and what it called those of an invitation.
ALTER TABLE glpi_connections ADD COLUMN names {text};
ALTER TABLE invitations ADD COLUMN target_names {text};
-- Where people find the service, as the server said last.
CREATE TABLE service_place (
  id BIGINT PRIMARY KEY,
  url {text} NOT NULL
);
-- Plugins are looked for by their names as people read them, like all else.
ALTER TABLE plugins ADD COLUMN folded_name {text} NOT NULL DEFAULT '';
