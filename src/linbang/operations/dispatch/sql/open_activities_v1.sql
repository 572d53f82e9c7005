-- The open activities of a region as JSON text, ready to be sent: the next ones first, each with its next
-- shifts and how many places are free for who comes now. Reads only; nothing personal is in it.
--
-- A region from the county down is an index range: ``shift_by_time`` of the county's cell gives the shifts
-- in their order, and the limit stops the walk.
CREATE FUNCTION dispatch_open_activities_v1(
    p_region varchar, p_now timestamptz, p_limit integer DEFAULT 20
) RETURNS text
LANGUAGE sql STABLE AS $$
    WITH ahead AS (
        SELECT
            shift.cell,
            shift.activity_id,
            shift.public_id,
            shift.starts_at,
            shift.ends_at,
            shift.post_id,
            CASE WHEN load.waiting > 0 THEN 0 ELSE load.places - load.taken END AS free,
            load.places,
            load.waiting,
            row_number() OVER (
                PARTITION BY shift.activity_id ORDER BY shift.starts_at, shift.id
            ) AS turn
        FROM activities_shift AS shift
        JOIN activities_activity AS activity
            ON activity.cell = shift.cell AND activity.id = shift.activity_id
        JOIN dispatch_shiftplaces AS load
            ON load.cell = shift.cell AND load.shift_id = shift.id
        WHERE shift.cell = left(p_region, 6)
            AND shift.starts_at > p_now
            AND shift.state = 'planned'
            AND activity.state = 'published'
            AND activity.audience = 'everyone'
            AND activity.region_id >= p_region
            AND activity.region_id < p_region || ':'
    ),
    shown AS (
        SELECT ahead.cell, ahead.activity_id, ahead.starts_at
        FROM ahead
        WHERE ahead.turn = 1
        ORDER BY ahead.starts_at, ahead.activity_id
        LIMIT p_limit
    )
    SELECT coalesce(json_agg(
        json_build_object(
            'id', activity.public_id,
            'name', activity.name,
            'kind', activity.kind,
            'categories', activity.categories,
            'organiser', organiser.name,
            'region', activity.region_id,
            'place', activity.place_name,
            'latitude', activity.latitude,
            'longitude', activity.longitude,
            'is_high_risk', activity.hazards <> '{}',
            'by_approval', activity.mode = 'approval',
            'shifts', (
                SELECT json_agg(
                    json_build_object(
                        'id', ahead.public_id,
                        'post', post.name,
                        'starts_at', to_char(ahead.starts_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                        'ends_at', to_char(ahead.ends_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                        'places', ahead.places,
                        'free', greatest(ahead.free, 0),
                        'waiting', ahead.waiting
                    )
                    ORDER BY ahead.turn
                )
                FROM ahead
                JOIN activities_post AS post ON post.cell = ahead.cell AND post.id = ahead.post_id
                WHERE ahead.activity_id = shown.activity_id AND ahead.turn <= 5
            )
        )
        ORDER BY shown.starts_at, shown.activity_id
    ), '[]')::text
    FROM shown
    JOIN activities_activity AS activity
        ON activity.cell = shown.cell AND activity.id = shown.activity_id
    JOIN organisations_organisation AS organiser ON organiser.id = activity.organiser_id
$$;
