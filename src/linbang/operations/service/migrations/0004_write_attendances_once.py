from django.db import migrations

from linbang.foundation.db import append_only


class Migration(migrations.Migration):
    dependencies = [("service", "0003_add_attendances")]

    operations = [
        *append_only("service_desktally"),
        # Who came is written once, who went is written once; nothing is taken back.
        migrations.RunSQL(
            """
            CREATE FUNCTION service_refuse_second_writing_v1() RETURNS trigger
            LANGUAGE plpgsql AS $$
            BEGIN
                IF tg_op = 'UPDATE' AND old.out_at IS NULL AND new.out_at IS NOT NULL
                    AND (new.id, new.cell, new.sign_up_id, new.person_id, new.pair, new.in_at,
                        new.in_recorded_at, new.in_method, new.in_by_id, new.in_key,
                        new.in_distance_m, new.in_note)
                    IS NOT DISTINCT FROM
                        (old.id, old.cell, old.sign_up_id, old.person_id, old.pair, old.in_at,
                        old.in_recorded_at, old.in_method, old.in_by_id, old.in_key,
                        old.in_distance_m, old.in_note)
                THEN
                    RETURN new;
                END IF;
                RAISE EXCEPTION 'an attendance is written once'
                    USING ERRCODE = 'integrity_constraint_violation',
                          CONSTRAINT = 'attendance_is_written_once';
            END $$;
            CREATE TRIGGER service_attendance_is_written_once
                BEFORE UPDATE OR DELETE ON service_attendance
                FOR EACH ROW EXECUTE FUNCTION service_refuse_second_writing_v1();
            CREATE TRIGGER service_attendance_is_never_truncated
                BEFORE TRUNCATE ON service_attendance
                FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_v1();
            ALTER TABLE service_attendance SET (fillfactor = 85);
            """,
            """
            ALTER TABLE service_attendance RESET (fillfactor);
            DROP TRIGGER service_attendance_is_never_truncated ON service_attendance;
            DROP TRIGGER service_attendance_is_written_once ON service_attendance;
            DROP FUNCTION service_refuse_second_writing_v1();
            """,
        ),
    ]
