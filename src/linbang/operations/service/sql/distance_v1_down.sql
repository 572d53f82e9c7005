DROP FUNCTION service_distance_m_v1(float8, float8, float8, float8);
