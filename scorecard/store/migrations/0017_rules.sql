-- What a threshold's text asks for: which criteria are of one route, and whether any route is enough or all are needed.
-- Rows of before these columns keep their hashes: a later field at its default is no part of it.

ALTER TABLE criteria ADD COLUMN route VARCHAR DEFAULT '';
ALTER TABLE thresholds ADD COLUMN rule VARCHAR DEFAULT 'any';
ALTER TABLE thresholds ADD COLUMN route_of VARCHAR DEFAULT '';
