-- Divisions: drafts, approval, coming into force; cells that go on from one to the next. As of revision 0010.

-- What a case was reported by: the words, kept apart from what was made of them, so that a moved pin can teach.
ALTER TABLE incident ADD COLUMN said text;

ALTER TABLE grid_version
    ALTER COLUMN starts DROP NOT NULL,
    ADD COLUMN state text NOT NULL DEFAULT 'standing',
    ADD COLUMN version integer NOT NULL DEFAULT 1,
    ADD COLUMN turn integer,  -- the how many-th of its district that came into force
    ADD COLUMN based_on integer,
    ADD COLUMN pattern text NOT NULL DEFAULT '{community}{seq:3}',
    ADD COLUMN cut jsonb,
    ADD COLUMN step text NOT NULL DEFAULT '',
    ADD COLUMN share double precision,
    ADD COLUMN error jsonb,
    ADD COLUMN reason text,
    ADD COLUMN made_by integer,
    ADD COLUMN made_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN proposed_by integer,
    ADD COLUMN proposed_at timestamptz,
    ADD COLUMN approved_by integer,
    ADD COLUMN approved_at timestamptz,
    ADD COLUMN stood_at timestamptz,
    ADD CONSTRAINT grid_version_based_on_fkey FOREIGN KEY (based_on) REFERENCES grid_version (id) ON DELETE SET NULL;
UPDATE grid_version SET state = CASE WHEN ends IS NULL THEN 'standing' ELSE 'past' END, stood_at = starts,
    made_at = starts, turn = counted.turn
    FROM (SELECT id, row_number() OVER (PARTITION BY district ORDER BY starts, id) AS turn FROM grid_version) AS counted
    WHERE counted.id = grid_version.id;
ALTER TABLE grid_version
    ADD CONSTRAINT grid_version_state_check CHECK (state IN ('draft', 'proposed', 'planned', 'standing', 'past')),
    ADD CONSTRAINT grid_version_starts_check CHECK (state IN ('draft', 'proposed') OR starts IS NOT NULL),
    ADD CONSTRAINT grid_version_two_people_check CHECK (approved_by <> proposed_by AND approved_by <> made_by),
    ADD CONSTRAINT grid_version_turn_key UNIQUE (district, turn);
DROP INDEX grid_version_current_key;
CREATE UNIQUE INDEX grid_version_current_key ON grid_version (district) WHERE state = 'standing';

-- A cell is in force from the division `since` to the division `version`, which moves on with it.
ALTER TABLE cell
    ADD COLUMN since integer REFERENCES grid_version (id) ON DELETE CASCADE,
    ADD COLUMN void_reason text;  -- why its code is not in force any more
UPDATE cell SET since = version;
ALTER TABLE cell ALTER COLUMN since SET NOT NULL;
CREATE INDEX cell_area_idx ON cell (area);

CREATE TABLE draft_cell (
    division integer NOT NULL REFERENCES grid_version (id) ON DELETE CASCADE,
    key text NOT NULL,
    cell integer REFERENCES cell (id),  -- the cell whose ground this is, to the millimetre
    code text,  -- as it was brought
    area integer REFERENCES area (id) ON DELETE CASCADE,
    area_m2 double precision NOT NULL DEFAULT 0,
    buildings integer NOT NULL DEFAULT 0,
    people double precision NOT NULL DEFAULT 0,
    households integer NOT NULL DEFAULT 0,
    geom geometry(GEOMETRY, 4326) NOT NULL,
    CONSTRAINT draft_cell_pkey PRIMARY KEY (division, key)
);
CREATE INDEX draft_cell_geom_idx ON draft_cell USING gist (geom);

CREATE TABLE draft_edit (
    division integer NOT NULL REFERENCES grid_version (id) ON DELETE CASCADE,
    seq integer NOT NULL,
    kind text NOT NULL,
    edit jsonb NOT NULL,
    was jsonb NOT NULL,  -- the rows that it replaced
    made jsonb NOT NULL,  -- the rows in their place
    undone boolean NOT NULL DEFAULT false,
    made_by integer,
    made_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT draft_edit_pkey PRIMARY KEY (division, seq)
);

CREATE FUNCTION take_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.turn := 1 + coalesce((SELECT max(turn) FROM grid_version WHERE district = NEW.district), 0);
    NEW.stood_at := coalesce(NEW.stood_at, now());
    RETURN NEW;
END $$;
CREATE TRIGGER grid_version_turn BEFORE INSERT OR UPDATE OF state ON grid_version
    FOR EACH ROW WHEN (NEW.state = 'standing' AND NEW.turn IS NULL) EXECUTE FUNCTION take_turn();

CREATE FUNCTION begin_cell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.since := NEW.version;
    RETURN NEW;
END $$;
CREATE TRIGGER cell_begun BEFORE INSERT ON cell FOR EACH ROW WHEN (NEW.since IS NULL) EXECUTE FUNCTION begin_cell();

CREATE OR REPLACE FUNCTION current_grid(of_district integer) RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT id FROM grid_version WHERE district = of_district AND state = 'standing'
$$;

-- Whether a cell that is in force from `since` to `until` is part of a division that stands or stood.
CREATE FUNCTION cell_stands(since integer, until integer, of_version integer) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT until = of_version OR since = of_version OR EXISTS (
        SELECT FROM grid_version AS f, grid_version AS l, grid_version AS v
        WHERE f.id = since AND l.id = until AND v.id = of_version
            AND v.district = f.district AND v.turn BETWEEN f.turn AND l.turn)
$$;

-- The cell that a position belongs to; on a border the one with the lowest id.
CREATE OR REPLACE FUNCTION cell_of(of_version integer, position_ geometry) RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT min(id) FROM cell
    WHERE ST_DWithin(geom, position_, 1e-8) AND cell_stands(since, version, of_version)
$$;

-- Whatever stands in no cell of the division in force is given one, and the cells their totals.
CREATE OR REPLACE FUNCTION grid_assign(of_version integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    here integer := (SELECT district FROM grid_version WHERE id = of_version);
    thing text;
BEGIN
    UPDATE building AS t SET cell = cell_of(of_version, t.point)
        WHERE district = here AND NOT EXISTS (SELECT FROM cell AS c WHERE c.id = t.cell AND c.version = of_version);
    UPDATE address SET cell = coalesce(b.cell, cell_of(of_version, a.point))
        FROM address AS a LEFT JOIN building AS b ON b.id = a.building
        WHERE address.district = here AND a.id = address.id
            AND NOT EXISTS (SELECT FROM cell AS c WHERE c.id = a.cell AND c.version = of_version);
    FOREACH thing IN ARRAY ARRAY['facility', 'component', 'camera', 'sensor'] LOOP
        EXECUTE format('UPDATE %I AS t SET cell = cell_of($1, t.point) WHERE district = $2
            AND NOT EXISTS (SELECT FROM cell AS c WHERE c.id = t.cell AND c.version = $1)', thing)
            USING of_version, here;
    END LOOP;
    UPDATE cell SET buildings = coalesce(held.buildings, 0), people = coalesce(held.people, 0)
        FROM cell AS c LEFT JOIN
            (SELECT cell, count(*) AS buildings, sum(people) AS people FROM building WHERE district = here GROUP BY cell)
            AS held ON held.cell = c.id
        WHERE cell.version = of_version AND c.id = cell.id
            AND (cell.buildings, cell.people) IS DISTINCT FROM (coalesce(held.buildings, 0), coalesce(held.people, 0));
END $$;

-- Everything that is wrong with a division; no row where it is sound.
--   gap: ground of a community (`id`) in none of its cells; spill: ground of its cells outside it
--   overlap: ground in two cells (`id`, `other`); stray: a building (`id`) without a cell or outside its cell (`other`)
-- Cells are whole millimetres and the outline is not: what is nowhere wider than two millimetres is rounding. Cells
-- that went on may have got corners since: in what is past, that is rounding too.
CREATE OR REPLACE FUNCTION grid_faults(of_version integer)
    RETURNS TABLE (fault text, id bigint, other bigint, area_m2 double precision) LANGUAGE sql STABLE AS $$
    WITH
        grid AS (SELECT * FROM grid_version AS g WHERE g.id = of_version),
        here AS (SELECT district FROM grid),
        cells AS MATERIALIZED (
            SELECT c.* FROM cell AS c
            WHERE c.district = (SELECT district FROM here) AND cell_stands(c.since, c.version, of_version)
        ),
        held AS MATERIALIZED (
            SELECT a.id, a.geom AS whole, coalesce(ST_Union(c.geom), ST_SetSRID('POLYGON EMPTY'::geometry, 4326)) AS held
            FROM area AS a LEFT JOIN cells AS c ON c.area = a.id
            WHERE a.district = (SELECT district FROM here) AND a.level = 'community'
            GROUP BY a.id
        ),
        place AS (
            SELECT d.id, d.clip AS whole, (SELECT ST_Union(held) FROM held) AS held
            FROM district AS d WHERE d.id = (SELECT district FROM here)
        ),
        missing AS (
            SELECT 'gap' AS fault, held.id, ST_Difference(whole, held) AS geom FROM held
            UNION ALL SELECT 'spill', held.id, ST_Difference(held, whole) FROM held
            UNION ALL SELECT 'gap', NULL, ST_Difference(whole, held) FROM place
            UNION ALL SELECT 'spill', NULL, ST_Difference(held, whole) FROM place
        )
    SELECT fault, id::bigint, NULL::bigint, ST_Area(geom::geography) FROM missing
        WHERE NOT ST_IsEmpty(ST_Buffer(geom, -1e-8))
    UNION ALL
    SELECT 'overlap', a.id, b.id, ST_Area(ST_Intersection(a.geom, b.geom)::geography)
        FROM cells AS a JOIN cells AS b ON a.id < b.id AND a.geom && b.geom
        WHERE ST_Relate(a.geom, b.geom, 'T********')
            AND ((SELECT state FROM grid) = 'standing' OR NOT ST_IsEmpty(ST_Buffer(ST_Intersection(a.geom, b.geom), -1e-8)))
    UNION ALL
    SELECT 'stray', b.id, b.cell, b.area_m2
        FROM building AS b LEFT JOIN cells AS c ON c.id = b.cell
        WHERE b.district = (SELECT district FROM grid WHERE state = 'standing')
            AND NOT coalesce(ST_DWithin(c.geom, b.point, 1e-8), false)
$$;

-- What a code stands for never changes: incidents refer to it for years. A cell may go on into the next division, and
-- its outline may get a corner where a border of a neighbour meets it: the ground is the same to the millimetre.
CREATE OR REPLACE FUNCTION keep_cell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.code, NEW.seq, NEW.area, NEW.district, NEW.since) = (OLD.code, OLD.seq, OLD.area, OLD.district, OLD.since)
        AND (NEW.version = OLD.version OR NEW.version = current_grid(NEW.district))
        AND ST_HausdorffDistance(OLD.geom, NEW.geom) < 3e-8
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'cell % keeps its code, its community and its ground', OLD.code USING ERRCODE = 'restrict_violation';
END $$;
DROP TRIGGER cell_kept ON cell;
CREATE TRIGGER cell_kept BEFORE UPDATE OF code, seq, area, version, since, district, geom ON cell
    FOR EACH ROW EXECUTE FUNCTION keep_cell();

-- The cells of a division, be it a draft or one that stands or stood; `cell` is missing where a draft has new ground.
CREATE FUNCTION division_cells(of_division integer)
    RETURNS TABLE (key text, cell integer, code text, area integer, area_m2 double precision, geom geometry)
    LANGUAGE sql STABLE AS $$
    SELECT d.key, d.cell, coalesce(c.code, d.code), d.area, d.area_m2, d.geom
        FROM draft_cell AS d JOIN grid_version AS v ON v.id = d.division LEFT JOIN cell AS c ON c.id = d.cell
        WHERE d.division = of_division AND v.turn IS NULL
    UNION ALL
    SELECT 'c' || c.id, c.id, c.code, c.area, c.area_m2, c.geom
        FROM cell AS c JOIN grid_version AS v ON v.id = of_division AND v.district = c.district
        WHERE v.turn IS NOT NULL AND cell_stands(c.since, c.version, of_division)
$$;

-- How the ground that two divisions divide otherwise belongs together: what of a cell of one is in a cell of the other.
CREATE FUNCTION division_shares(one integer, other integer)
    RETURNS TABLE (from_key text, to_key text, from_code text, to_code text, from_cell integer, to_cell integer,
                   area_m2 double precision, buildings bigint, people double precision) LANGUAGE sql STABLE AS $$
    WITH
        a AS MATERIALIZED (SELECT * FROM division_cells(one)),
        b AS MATERIALIZED (SELECT * FROM division_cells(other)),
        gone AS MATERIALIZED (
            SELECT * FROM a WHERE ST_Dimension(a.geom) = 2
                AND (a.cell IS NULL OR a.cell NOT IN (SELECT cell FROM b WHERE cell IS NOT NULL))
        ),
        come AS MATERIALIZED (
            SELECT * FROM b WHERE ST_Dimension(b.geom) = 2
                AND (b.cell IS NULL OR b.cell NOT IN (SELECT cell FROM a WHERE cell IS NOT NULL))
        ),
        pairs AS MATERIALIZED (
            SELECT gone.key AS f, come.key AS t, gone.code AS f_code, come.code AS t_code, gone.cell AS f_cell,
                come.cell AS t_cell,
                ST_Area(ST_Intersection(ST_MakeValid(gone.geom), ST_MakeValid(come.geom))::geography) AS area_m2
            FROM gone JOIN come ON gone.geom && come.geom
        ),
        held AS (
            SELECT house.f, house.t, count(*) AS buildings, sum(house.people) AS people FROM (
                SELECT b.people,
                    (SELECT min(gone.key) FROM gone WHERE ST_DWithin(gone.geom, b.point, 1e-8)) AS f,
                    (SELECT min(come.key) FROM come WHERE ST_DWithin(come.geom, b.point, 1e-8)) AS t
                FROM building AS b WHERE b.district = (SELECT district FROM grid_version WHERE id = one)
                    AND EXISTS (SELECT FROM gone WHERE ST_DWithin(gone.geom, b.point, 1e-8))
            ) AS house GROUP BY house.f, house.t
        )
    SELECT pairs.f, pairs.t, f_code, t_code, f_cell, t_cell, pairs.area_m2, coalesce(held.buildings, 0),
        coalesce(held.people, 0)
    FROM pairs LEFT JOIN held ON held.f = pairs.f AND held.t = pairs.t
    WHERE pairs.area_m2 > 1 OR held.buildings > 0
    ORDER BY pairs.f, pairs.t
$$;
