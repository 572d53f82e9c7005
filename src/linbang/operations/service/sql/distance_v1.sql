-- Great-circle distance in whole metres between two points in degrees: ``rules.distance_m`` in SQL.
-- Source: haversine formula (Sinnott 1984), mean radius of the earth (IUGG).
CREATE FUNCTION service_distance_m_v1(
    p_latitude float8, p_longitude float8, p_other_latitude float8, p_other_longitude float8
) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT round(
        2 * 6371008.8 * asin(sqrt(least(
            1.0,
            sin(radians(p_other_latitude - p_latitude) / 2) ^ 2
            + cos(radians(p_latitude)) * cos(radians(p_other_latitude))
            * sin(radians(p_other_longitude - p_longitude) / 2) ^ 2
        )))
    )::integer
$$;
