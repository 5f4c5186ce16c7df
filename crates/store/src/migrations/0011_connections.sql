-- GLPIs in which accounts are made. One that was removed keeps its row, since accounts were made by it.
CREATE TABLE glpi_connections (
  id {text} PRIMARY KEY,
  name {text} NOT NULL,
  folded_name {text} NOT NULL UNIQUE,
  url {text} NOT NULL,
  sealed_credentials {text},
  report {text} NOT NULL,
  created_at BIGINT NOT NULL,
  checked_at BIGINT NOT NULL,
  removed_at BIGINT
);
