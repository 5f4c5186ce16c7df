-- What is said of a plugin is JSON; its offers are references of which one is needed.
CREATE TABLE plugins (
  plugin {text} PRIMARY KEY,
  name {text} NOT NULL,
  sheet {text} NOT NULL,
  offers {text} NOT NULL,
  downloads BIGINT NOT NULL,
  added_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

CREATE TABLE plugin_versions (
  id {text} PRIMARY KEY,
  plugin {text} NOT NULL REFERENCES plugins (plugin),
  version {text} NOT NULL,
  channel {text} NOT NULL,
  glpi_min {text},
  glpi_max {text},
  packing {text} NOT NULL,
  digest {text} NOT NULL,
  size BIGINT NOT NULL,
  signing_key {text} NOT NULL REFERENCES signing_keys (id),
  signature {text} NOT NULL,
  published_at BIGINT NOT NULL,
  withdrawn_at BIGINT,
  UNIQUE (plugin, version)
);
CREATE INDEX plugin_versions_by_digest ON plugin_versions (digest);

-- Each instance and version once.
CREATE TABLE plugin_downloads (
  id {text} PRIMARY KEY,
  plugin {text} NOT NULL REFERENCES plugins (plugin),
  version {text} NOT NULL,
  instance {text} NOT NULL,
  subscription_id {text} NOT NULL REFERENCES subscriptions (id),
  at BIGINT NOT NULL,
  UNIQUE (plugin, version, instance)
);
CREATE INDEX plugin_downloads_by_instance ON plugin_downloads (plugin, instance, at);

CREATE TABLE plugin_channels (
  subscription_id {text} PRIMARY KEY REFERENCES subscriptions (id),
  channel {text} NOT NULL
);
