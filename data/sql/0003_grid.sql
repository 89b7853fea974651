-- Cells: who lies in which, and whether a division is sound. As of revision 0003.
-- Degrees: 1e-8 is a millimetre, 1e-7 a centimetre.

-- One division is in force per district.
CREATE UNIQUE INDEX grid_version_current_key ON grid_version (district) WHERE ends IS NULL;

CREATE FUNCTION current_grid(of_district integer) RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT id FROM grid_version WHERE district = of_district AND ends IS NULL
$$;

-- The cell that a position belongs to; on a border the one with the lowest id.
CREATE FUNCTION cell_of(of_version integer, position_ geometry) RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT min(id) FROM cell WHERE version = of_version AND ST_DWithin(geom, position_, 1e-8)
$$;

-- What stands in a division is given its cell, and the cells their totals.
CREATE FUNCTION grid_assign(of_version integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    here integer := (SELECT district FROM grid_version WHERE id = of_version);
BEGIN
    UPDATE building SET cell = cell_of(of_version, point) WHERE district = here;
    UPDATE address SET cell = coalesce(b.cell, cell_of(of_version, address.point))
        FROM address AS a LEFT JOIN building AS b ON b.id = a.building
        WHERE address.district = here AND a.id = address.id;
    UPDATE facility SET cell = cell_of(of_version, point) WHERE district = here;
    UPDATE cell SET buildings = coalesce(held.buildings, 0), people = coalesce(held.people, 0)
        FROM cell AS c LEFT JOIN
            (SELECT cell, count(*) AS buildings, sum(people) AS people FROM building WHERE district = here GROUP BY cell)
            AS held ON held.cell = c.id
        WHERE cell.version = of_version AND c.id = cell.id;
END $$;

-- Everything that is wrong with a division; no row where it is sound.
--   gap: ground of a community (`id`) in none of its cells; spill: ground of its cells outside it
--   overlap: ground in two cells (`id`, `other`); stray: a building (`id`) without a cell or outside its cell (`other`)
-- Cells are whole millimetres and the outline is not: what is nowhere wider than two centimetres is rounding.
CREATE FUNCTION grid_faults(of_version integer)
    RETURNS TABLE (fault text, id bigint, other bigint, area_m2 double precision) LANGUAGE sql STABLE AS $$
    WITH
        here AS (SELECT district FROM grid_version AS g WHERE g.id = of_version),
        held AS MATERIALIZED (
            SELECT a.id, a.geom AS whole, coalesce(ST_Union(c.geom), ST_SetSRID('POLYGON EMPTY'::geometry, 4326)) AS held
            FROM area AS a LEFT JOIN cell AS c ON c.area = a.id AND c.version = of_version
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
        WHERE NOT ST_IsEmpty(ST_Buffer(geom, -1e-7))
    UNION ALL
    SELECT 'overlap', a.id, b.id, ST_Area(ST_Intersection(a.geom, b.geom)::geography)
        FROM cell AS a JOIN cell AS b ON a.id < b.id AND a.geom && b.geom
        WHERE a.version = of_version AND b.version = of_version AND ST_Relate(a.geom, b.geom, 'T********')
    UNION ALL
    SELECT 'stray', b.id, b.cell, b.area_m2
        FROM building AS b LEFT JOIN cell AS c ON c.id = b.cell AND c.version = of_version
        WHERE b.district = (SELECT district FROM here) AND NOT coalesce(ST_DWithin(c.geom, b.point, 1e-8), false)
$$;

-- A building of a divided district has a cell of the division in force. Checked at commit: an import fills in steps.
CREATE FUNCTION building_in_cell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM building AS b
        WHERE b.id = NEW.id AND current_grid(b.district) IS NOT NULL
        AND NOT EXISTS (SELECT FROM cell AS c WHERE c.id = b.cell AND c.version = current_grid(b.district))
    ) THEN
        RAISE EXCEPTION 'building % is in no cell', NEW.id USING ERRCODE = 'check_violation', CONSTRAINT = 'building_in_cell';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER building_in_cell AFTER INSERT OR UPDATE OF cell, district ON building
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION building_in_cell();

-- What a code stands for never changes: incidents refer to it for years.
CREATE FUNCTION keep_cell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'cell % keeps its code, its community and its ground', OLD.code USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER cell_kept BEFORE UPDATE OF code, seq, area, version, district, geom ON cell
    FOR EACH ROW EXECUTE FUNCTION keep_cell();
