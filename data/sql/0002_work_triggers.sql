-- Who listens is woken; what happened stays as it was told. As of revision 0002.

CREATE FUNCTION announce_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- A wake-up only: readers take the events themselves from behind their cursor.
    PERFORM pg_notify('gridward_event', NEW.district::text);
    RETURN NULL;
END $$;

CREATE TRIGGER event_announced AFTER INSERT ON event
    FOR EACH ROW EXECUTE FUNCTION announce_event();

CREATE FUNCTION keep_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() > 1 THEN  -- a whole district goes, by cascade
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'an event is never changed' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER event_kept BEFORE UPDATE OR DELETE ON event
    FOR EACH ROW EXECUTE FUNCTION keep_event();

CREATE FUNCTION announce_position() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('gridward_position', json_build_object(
        'responder', NEW.id,
        'district', NEW.district,
        'area', NEW.area,
        'lon', ST_X(NEW.point),
        'lat', ST_Y(NEW.point),
        'at', to_char(NEW.point_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
        'heading', NEW.heading,
        'speed', NEW.speed
    )::text);
    RETURN NULL;
END $$;

CREATE TRIGGER responder_moved AFTER UPDATE OF point_at ON responder
    FOR EACH ROW WHEN (NEW.point_at IS DISTINCT FROM OLD.point_at AND NEW.point IS NOT NULL)
    EXECUTE FUNCTION announce_position();
