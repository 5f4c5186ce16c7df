-- Who has which version of a plugin is known from what plugins say of themselves, too.
CREATE INDEX activations_by_plugin ON activations (plugin, uid);
