-- Since when a customer's name is a pseudonym.
ALTER TABLE customers ADD COLUMN erased_at BIGINT;
