-- Version 2. Arabic and Hebrew serials also as a foreign request spells them; a search key only.
ALTER TABLE entry ADD COLUMN plain_key TEXT;
ALTER TABLE marking ADD COLUMN plain_key TEXT;
