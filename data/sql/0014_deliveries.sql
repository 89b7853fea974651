-- What a delivery was found to be, what a person said of it, and where its file lies. As of revision 0014.

ALTER TABLE import_batch
    ADD inspected JSONB NOT NULL DEFAULT '{}',
    ADD plan JSONB NOT NULL DEFAULT '{}',
    ADD stored TEXT,
    ADD tries INTEGER NOT NULL DEFAULT 0;

-- Names that a register brought go when it takes them back.
ALTER TABLE register_alias
    ADD origin INTEGER,
    ADD origin_key TEXT,
    ADD CONSTRAINT register_alias_origin_fkey FOREIGN KEY (origin) REFERENCES source (id) ON DELETE CASCADE;
CREATE INDEX register_alias_origin_idx ON register_alias (origin, origin_key);
