-- Version 2. Arabic and Hebrew serials also as a foreign request spells them (a search key only), and
-- the text that was converted, where it is not the original: without a label or a named sign.
ALTER TABLE entry ADD COLUMN plain_key TEXT;
ALTER TABLE marking ADD COLUMN plain_key TEXT;
ALTER TABLE entry ADD COLUMN serial_written TEXT;
ALTER TABLE marking ADD COLUMN written TEXT;

-- The head of the chain of evidence after the run: SHA-256, hexadecimal; NULL for runs of version 1.
ALTER TABLE run ADD COLUMN chain TEXT;
