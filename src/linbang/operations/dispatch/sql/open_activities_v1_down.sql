DROP FUNCTION dispatch_open_activities_v1(varchar, timestamptz, integer);
