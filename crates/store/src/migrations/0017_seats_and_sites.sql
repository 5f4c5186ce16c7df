-- Two indexes in the place of three: GLPIs come in any order, so each index is another page that a first question has to write.
-- A seat has one holder, whatever a program believes; those without a seat differ from each other as NULLs do.
CREATE UNIQUE INDEX instances_of_subscription ON instances (subscription_id, plugin, seat);
CREATE UNIQUE INDEX instances_of_site ON instances (site, plugin, subscription_id);
DROP INDEX instances_by_subscription;
DROP INDEX instances_seats;
DROP INDEX instances_by_site;
