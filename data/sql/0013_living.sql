-- OpenStreetMap as a source that lives: what follows from an extract can be told from what is stored. As of revision 0013.

-- The copy of a place's objects that change files are applied to, relative to the data folder.
ALTER TABLE district ADD extract TEXT;

-- A building that goes is looked for in here.
CREATE INDEX address_building_idx ON address (building);

-- `source_key` names the object: n1, w1, r1; of several rows of one object the later ones are w1#2, w1#3.
DO $$
DECLARE
    kept text;
BEGIN
    FOREACH kept IN ARRAY ARRAY['street', 'landmark', 'milestone', 'basemap_land', 'basemap_water', 'basemap_building',
        'basemap_road', 'basemap_boundary', 'basemap_place', 'basemap_point', 'basemap_door']
    LOOP
        EXECUTE format('ALTER TABLE %I ADD source_key TEXT, ADD digest BIGINT', kept);
    END LOOP;
END $$;

-- Places from before sources were kept: their rows are OpenStreetMap's, but for those of a register. Without a digest
-- a row counts as changed at the first renewal, and keeps its number.
INSERT INTO source (district, kind, name, licence, attribution)
    SELECT id, 'osm', 'OpenStreetMap', 'ODbL 1.0', attribution FROM district ON CONFLICT DO NOTHING;

DO $$
DECLARE
    kept text;
    object text;
BEGIN
    FOREACH kept IN ARRAY ARRAY['building', 'address', 'facility', 'road', 'landmark', 'milestone']
    LOOP
        object := CASE kept WHEN 'road' THEN '''w'' || osm_id' ELSE 'left(osm_type, 1) || osm_id' END;
        EXECUTE format('ALTER TABLE %I DISABLE TRIGGER USER', kept);
        EXECUTE format(
            'UPDATE %1$I AS t SET source_key = numbered.key %3$s
             FROM (SELECT id, %2$s || CASE WHEN nth > 1 THEN ''#'' || nth ELSE '''' END AS key
                   FROM (SELECT *, row_number() OVER (PARTITION BY district, %2$s ORDER BY id) AS nth FROM %1$I) AS o
                  ) AS numbered
             WHERE numbered.id = t.id AND t.source_key IS NULL %4$s', kept, object,
            CASE WHEN kept IN ('building', 'address', 'facility', 'road') THEN
                ', source = (SELECT s.id FROM source AS s WHERE s.district = t.district AND s.kind = ''osm'')' ELSE '' END,
            CASE WHEN kept IN ('building', 'address', 'facility') THEN
                'AND t.source IS NULL AND t.osm_type IN (''node'', ''way'', ''relation'')' ELSE '' END);
        EXECUTE format('ALTER TABLE %I ENABLE TRIGGER USER', kept);
    END LOOP;
END $$;

-- Streets and what is drawn were never told apart: they are told by their names, or made anew at the first renewal.
UPDATE street AS t SET source_key = name || CASE WHEN nth > 1 THEN '#' || nth ELSE '' END
    FROM (SELECT id, row_number() OVER (PARTITION BY district, name ORDER BY id) AS nth FROM street) AS numbered
    WHERE numbered.id = t.id;
DO $$
DECLARE
    kept text;
BEGIN
    FOREACH kept IN ARRAY ARRAY['basemap_land', 'basemap_water', 'basemap_building', 'basemap_road', 'basemap_boundary',
        'basemap_place', 'basemap_point', 'basemap_door']
    LOOP
        EXECUTE format('UPDATE %I SET source_key = ''before-'' || id', kept);
    END LOOP;
END $$;
