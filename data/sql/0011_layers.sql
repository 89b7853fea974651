-- What is published: views for everybody, which programs of others read. As of revision 0011.
-- Nothing about people: no name, no contact, no note, nobody counted in a home. A test reads every column.

-- What an administrator shows and hides.
CREATE TABLE layer (
    id TEXT NOT NULL,
    published BOOLEAN NOT NULL DEFAULT true,
    changed_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT layer_pkey PRIMARY KEY (id)
);
INSERT INTO layer (id, published) VALUES
    ('areas', true), ('cells', true), ('buildings', true), ('addresses', true), ('streets', true), ('roads', true),
    ('facilities', true), ('components', true), ('closures', true), ('water', true), ('land', true),
    ('cell_counts', true), ('cameras', false), ('sensors', false);

CREATE SCHEMA published;

-- The division in force, for whoever may read nothing else.
CREATE FUNCTION published.grid(of_district integer) RETURNS integer
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT current_grid(of_district) $$;

-- A row that names no source comes from the file that made its place, under the terms of that.
CREATE VIEW published.areas AS
    SELECT a.id, a.district, a.level, a.code, a.name, a.names ->> 'en' AS name_en, a.names ->> 'zh' AS name_zh,
           p.code AS parent, d.source_file AS source, d.attribution AS licence, NULL::float8 AS accuracy_m,
           d.imported_at AS valid_from, a.geom
    FROM area AS a LEFT JOIN area AS p ON p.id = a.parent
    JOIN district AS d ON d.id = a.district;

CREATE VIEW published.cells AS
    SELECT c.id, c.district, c.code, c.seq, a.code AS area_code, a.name AS area_name, c.area_m2, c.buildings,
           d.source_file AS source, d.attribution AS licence, NULL::float8 AS accuracy_m, v.starts AS valid_from, c.geom
    FROM district AS d
    JOIN cell AS c ON c.district = d.id AND c.version = published.grid(d.id)
    JOIN grid_version AS v ON v.id = c.version
    JOIN area AS a ON a.id = c.area;

CREATE VIEW published.buildings AS
    SELECT b.id, b.district, b.kind, b.name, b.names ->> 'en' AS name_en, b.names ->> 'zh' AS name_zh, b.levels, b.year,
           b.area_m2, c.code AS cell,
           coalesce(s.name, d.source_file) AS source, coalesce(nullif(s.licence, ''), d.attribution) AS licence,
           b.accuracy_m, b.valid_from, b.geom
    FROM building AS b LEFT JOIN cell AS c ON c.id = b.cell
    JOIN district AS d ON d.id = b.district LEFT JOIN source AS s ON s.id = b.source
    WHERE b.valid_to IS NULL;

CREATE VIEW published.addresses AS
    SELECT a.id, a.district, a.kind, a.street, a.number, a.lane, a.alley, a.block, a.postcode, a.city,
           c.code AS cell,
           coalesce(s.name, d.source_file) AS source, coalesce(nullif(s.licence, ''), d.attribution) AS licence,
           a.accuracy_m, a.valid_from, a.point AS geom
    FROM address AS a LEFT JOIN cell AS c ON c.id = a.cell
    JOIN district AS d ON d.id = a.district LEFT JOIN source AS s ON s.id = a.source
    WHERE a.valid_to IS NULL;

CREATE VIEW published.streets AS
    SELECT s.id, s.district, s.name, s.names ->> 'en' AS name_en, s.names ->> 'zh' AS name_zh,
           d.source_file AS source, d.attribution AS licence, NULL::float8 AS accuracy_m, d.imported_at AS valid_from,
           s.geom
    FROM street AS s JOIN district AS d ON d.id = s.district;

CREATE VIEW published.roads AS
    SELECT r.id, r.district, r.highway, r.name, r.names ->> 'en' AS name_en, r.names ->> 'zh' AS name_zh, r.metres,
           r.drive, r.walk, r.tags ->> 'oneway' AS oneway, r.tags ->> 'maxspeed' AS maxspeed,
           coalesce(s.name, d.source_file) AS source, coalesce(nullif(s.licence, ''), d.attribution) AS licence,
           r.accuracy_m, r.valid_from, r.geom
    FROM road AS r JOIN district AS d ON d.id = r.district LEFT JOIN source AS s ON s.id = r.source
    WHERE r.valid_to IS NULL;

CREATE VIEW published.facilities AS
    SELECT f.id, f.district, f.kind, f.name, f.names ->> 'en' AS name_en, f.names ->> 'zh' AS name_zh, c.code AS cell,
           coalesce(s.name, d.source_file) AS source, coalesce(nullif(s.licence, ''), d.attribution) AS licence,
           f.accuracy_m, f.valid_from, f.point AS geom
    FROM facility AS f LEFT JOIN cell AS c ON c.id = f.cell
    JOIN district AS d ON d.id = f.district LEFT JOIN source AS s ON s.id = f.source
    WHERE f.valid_to IS NULL;

CREATE VIEW published.components AS
    SELECT k.id, k.district, k.code, k.class, k.name, k.state, k.accuracy, k.surveyed, k.changed, c.code AS cell,
           coalesce(s.name, d.source_file) AS source, coalesce(nullif(s.licence, ''), d.attribution) AS licence,
           k.accuracy_m, k.valid_from, k.geom
    FROM component AS k LEFT JOIN cell AS c ON c.id = k.cell
    JOIN district AS d ON d.id = k.district LEFT JOIN source AS s ON s.id = k.source
    WHERE k.valid_to IS NULL;

CREATE VIEW published.cameras AS
    SELECT k.id, k.district, k.code, k.kind, k.bearing, k.view_degrees, k.range_m, c.code AS cell,
           coalesce(s.name, d.source_file) AS source, coalesce(nullif(s.licence, ''), d.attribution) AS licence,
           k.accuracy_m, k.valid_from, k.point AS geom
    FROM camera AS k LEFT JOIN cell AS c ON c.id = k.cell
    JOIN district AS d ON d.id = k.district LEFT JOIN source AS s ON s.id = k.source
    WHERE k.valid_to IS NULL;

CREATE VIEW published.sensors AS
    SELECT k.id, k.district, k.code, k.kind, k.unit, k.interval_seconds, c.code AS cell,
           coalesce(s.name, d.source_file) AS source, coalesce(nullif(s.licence, ''), d.attribution) AS licence,
           k.accuracy_m, k.valid_from, k.point AS geom
    FROM sensor AS k LEFT JOIN cell AS c ON c.id = k.cell
    JOIN district AS d ON d.id = k.district LEFT JOIN source AS s ON s.id = k.source
    WHERE k.valid_to IS NULL;

-- What somebody typed as the reason stays at the desk: it may name people.
CREATE VIEW published.closures AS
    SELECT k.id, k.district, array_to_string(k.modes, ' ') AS modes, k.starts, k.ends,
           d.source_file AS source, d.attribution AS licence, NULL::float8 AS accuracy_m,
           k.created_at AS valid_from, k.geom
    FROM closure AS k JOIN district AS d ON d.id = k.district
    WHERE k.lifted_at IS NULL AND (k.ends IS NULL OR k.ends > now());

-- In EPSG:3857, where their indexes are.
CREATE VIEW published.water AS
    SELECT w.id, w.district, w.kind, w.name, w.names ->> 'en' AS name_en, w.names ->> 'zh' AS name_zh,
           d.source_file AS source, d.attribution AS licence, NULL::float8 AS accuracy_m,
           d.imported_at AS valid_from, w.geom
    FROM basemap_water AS w JOIN district AS d ON d.id = w.district;

CREATE VIEW published.land AS
    SELECT l.id, l.district, l.kind, l.name, l.names ->> 'en' AS name_en, l.names ->> 'zh' AS name_zh,
           d.source_file AS source, d.attribution AS licence, NULL::float8 AS accuracy_m,
           d.imported_at AS valid_from, l.geom
    FROM basemap_land AS l JOIN district AS d ON d.id = l.district
    WHERE l.kind <> 'earth';

-- Cases per cell and month of the place; fewer than five are not told, so that nobody is found by being the only one.
CREATE VIEW published.cell_counts AS
    SELECT c.id::bigint * 1000000 + to_char(n.month, 'YYYYMM')::bigint AS id, c.district, c.code AS cell, n.month,
           n.cases, d.source_file AS source, d.attribution AS licence, NULL::float8 AS accuracy_m,
           n.month::timestamp AT TIME ZONE d.time_zone AS valid_from, c.geom
    FROM (
        SELECT i.cell, date_trunc('month', i.reported_at AT TIME ZONE p.time_zone)::date AS month,
               count(*)::integer AS cases
        FROM incident AS i JOIN district AS p ON p.id = i.district
        WHERE i.cell IS NOT NULL GROUP BY 1, 2 HAVING count(*) >= 5
    ) AS n
    JOIN cell AS c ON c.id = n.cell
    JOIN district AS d ON d.id = c.district;

-- A role that may read this and nothing else: for programs of others, and for our own answers to anybody.
DO $$
BEGIN
    CREATE ROLE gridward_reader NOLOGIN;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;
    WHEN insufficient_privilege THEN RAISE NOTICE 'gridward_reader is not made: this user may make no roles';
END $$;
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'gridward_reader') THEN
        GRANT USAGE ON SCHEMA published TO gridward_reader;
        GRANT SELECT ON ALL TABLES IN SCHEMA published TO gridward_reader;
        GRANT gridward_reader TO CURRENT_USER;
    END IF;
END $$;

-- Tiles are kept packed now, and PostgreSQL need not try again.
TRUNCATE tile;
ALTER TABLE tile ALTER body SET STORAGE EXTERNAL;
