"""Django's PostgreSQL backend with one feature turned off, so that Citus can read our SQL."""
