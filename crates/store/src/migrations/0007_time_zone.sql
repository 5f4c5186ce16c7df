-- In which time zone dates begin and end; unknown where everything was sold before it was kept here.
ALTER TABLE installation ADD COLUMN time_zone {text};
