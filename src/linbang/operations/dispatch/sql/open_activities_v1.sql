-- The open activities of a region as JSON text, ready to be sent: the next ones first, each with its next
-- five shifts and how many places are free for who comes now. Reads only; nothing personal is in it.
--
-- ``activity_by_region_and_state`` gives the published activities of the subtree, ``shift_by_activity`` the
-- next shift of each: a district's year of duty is never walked through.
CREATE FUNCTION dispatch_open_activities_v1(
    p_region varchar, p_now timestamptz, p_limit integer DEFAULT 20
) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT coalesce(json_agg(
        json_build_object(
            'id', shown.public_id,
            'name', shown.name,
            'kind', shown.kind,
            'categories', shown.categories,
            'organiser', organiser.name,
            'region', shown.region_id,
            'place', shown.place_name,
            'latitude', shown.latitude,
            'longitude', shown.longitude,
            'is_high_risk', shown.hazards <> '{}',
            'by_approval', shown.mode = 'approval',
            'shifts', ahead.shifts
        )
        ORDER BY shown.next_at, shown.id
    ), '[]')::text
    FROM (
        SELECT activity.*, next.starts_at AS next_at
        FROM activities_activity AS activity
        CROSS JOIN LATERAL (
            SELECT shift.starts_at
            FROM activities_shift AS shift
            WHERE shift.cell = activity.cell
                AND shift.activity_id = activity.id
                AND shift.starts_at > p_now
                AND shift.state = 'planned'
            ORDER BY shift.starts_at
            LIMIT 1
        ) AS next
        WHERE activity.region_id >= p_region
            AND activity.region_id < p_region || ':'
            AND activity.state = 'published'
            AND activity.audience = 'everyone'
        ORDER BY next.starts_at, activity.id
        LIMIT p_limit
    ) AS shown
    JOIN organisations_organisation AS organiser ON organiser.id = shown.organiser_id
    CROSS JOIN LATERAL (
        SELECT json_agg(
            json_build_object(
                'id', shift.public_id,
                'post', shift.post,
                'starts_at', to_char(shift.starts_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                'ends_at', to_char(shift.ends_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                'places', shift.places,
                'free', shift.free,
                'waiting', shift.waiting
            )
            ORDER BY shift.starts_at, shift.id
        ) AS shifts
        FROM (
            SELECT
                soon.id,
                soon.public_id,
                soon.starts_at,
                soon.ends_at,
                post.name AS post,
                load.places,
                load.waiting,
                CASE WHEN load.waiting > 0 THEN 0
                    ELSE greatest(load.places - load.taken, 0) END AS free
            FROM activities_shift AS soon
            JOIN activities_post AS post ON post.cell = soon.cell AND post.id = soon.post_id
            JOIN dispatch_shiftplaces AS load
                ON load.cell = soon.cell AND load.shift_id = soon.id
            WHERE soon.cell = shown.cell
                AND soon.activity_id = shown.id
                AND soon.starts_at > p_now
                AND soon.state = 'planned'
            ORDER BY soon.starts_at, soon.id
            LIMIT 5
        ) AS shift
    ) AS ahead
$$;
