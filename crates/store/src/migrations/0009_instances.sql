-- What an offer allows of seats and moves, and the plugins that it opens, with blanks between them.
ALTER TABLE offers ADD COLUMN seats BIGINT NOT NULL DEFAULT 1;
ALTER TABLE offers ADD COLUMN others BIGINT NOT NULL DEFAULT 2;
ALTER TABLE offers ADD COLUMN move_days BIGINT NOT NULL DEFAULT 14;
ALTER TABLE offers ADD COLUMN moves_a_year BIGINT NOT NULL DEFAULT 3;
ALTER TABLE offers ADD COLUMN releases_a_year BIGINT NOT NULL DEFAULT 0;
ALTER TABLE offers ADD COLUMN cooling_off_days BIGINT NOT NULL DEFAULT 7;
ALTER TABLE offers ADD COLUMN plugins {text} NOT NULL DEFAULT '';
ALTER TABLE offers ADD COLUMN seated_by {text} NOT NULL DEFAULT 'instance';
ALTER TABLE offers ADD COLUMN trial_days BIGINT NOT NULL DEFAULT 0;
ALTER TABLE subscriptions ADD COLUMN seats BIGINT NOT NULL DEFAULT 1;

-- GLPIs, told apart by their UIDs (their plugin is empty), and sites of a plugin, told apart by their addresses.
CREATE TABLE instances (
  id {text} PRIMARY KEY,
  subscription_id {text} NOT NULL REFERENCES subscriptions (id),
  plugin {text} NOT NULL,
  site {text} NOT NULL,
  uid {text},
  key_id {text} NOT NULL REFERENCES keys (id),
  environment {text} NOT NULL,
  place {text} NOT NULL,
  seat BIGINT,
  why {text},
  since BIGINT NOT NULL,
  until BIGINT,
  first_seen BIGINT NOT NULL,
  last_seen BIGINT NOT NULL,
  version {text},
  face BIGINT,
  face_before BIGINT,
  returns BIGINT NOT NULL DEFAULT 0,
  returned_at BIGINT
);
CREATE UNIQUE INDEX instances_by_subscription ON instances (subscription_id, plugin, site);
-- A seat has one holder, whatever a program believes.
CREATE UNIQUE INDEX instances_seats ON instances (subscription_id, plugin, seat) WHERE seat IS NOT NULL;
CREATE INDEX instances_by_site ON instances (site);

CREATE TABLE moves (
  id {text} PRIMARY KEY,
  subscription_id {text} NOT NULL REFERENCES subscriptions (id),
  plugin {text} NOT NULL,
  seat BIGINT NOT NULL,
  from_instance {text} NOT NULL REFERENCES instances (id),
  to_instance {text} NOT NULL REFERENCES instances (id),
  opened_at BIGINT NOT NULL,
  closes_at BIGINT NOT NULL,
  asked_at BIGINT,
  ended_at BIGINT,
  outcome {text}
);
-- One open window per seat.
CREATE UNIQUE INDEX moves_open ON moves (subscription_id, plugin, seat) WHERE ended_at IS NULL;
CREATE INDEX moves_by_subscription ON moves (subscription_id, plugin, opened_at);
CREATE INDEX moves_by_newcomer ON moves (to_instance) WHERE ended_at IS NULL;
CREATE INDEX moves_by_holder ON moves (from_instance) WHERE ended_at IS NULL;

-- Seats that were given back without a person.
CREATE TABLE seat_releases (
  id {text} PRIMARY KEY,
  subscription_id {text} NOT NULL REFERENCES subscriptions (id),
  plugin {text} NOT NULL,
  instance_id {text} NOT NULL REFERENCES instances (id),
  at BIGINT NOT NULL
);
CREATE INDEX seat_releases_by_subscription ON seat_releases (subscription_id, plugin, at);

-- Plugins as they have said themselves that they are in use.
CREATE TABLE activations (
  id {text} PRIMARY KEY,
  instance_id {text} NOT NULL REFERENCES instances (id),
  plugin {text} NOT NULL,
  plugin_version {text},
  glpi_version {text},
  url {text},
  uid {text},
  first_seen BIGINT NOT NULL,
  last_seen BIGINT NOT NULL,
  deactivated_at BIGINT
);
CREATE UNIQUE INDEX activations_by_instance ON activations (instance_id, plugin);

CREATE TABLE trials (
  id {text} PRIMARY KEY,
  plugin {text} NOT NULL,
  uid {text} NOT NULL,
  url {text},
  plugin_version {text},
  glpi_version {text},
  started_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL,
  last_seen BIGINT NOT NULL,
  subscription_id {text} REFERENCES subscriptions (id)
);
CREATE UNIQUE INDEX trials_by_plugin ON trials (plugin, uid);
CREATE INDEX trials_by_subscription ON trials (subscription_id);
