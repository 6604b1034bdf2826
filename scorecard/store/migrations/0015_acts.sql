-- Two words about a transaction: the id that its client gave it, so that a repeated press or a rerun after a kill
-- records once, and what was odd about the clock when it was stamped. An entry without them is hashed as before.

ALTER TABLE log ADD COLUMN token VARCHAR DEFAULT '';
ALTER TABLE log ADD COLUMN clock VARCHAR DEFAULT '';
