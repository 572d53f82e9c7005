-- What a search for helpers asks of every volunteer, kept in one narrow row by triggers (ADR 0027).
--
-- Each trigger writes the columns that come from its own table alone, while the row they come from
-- is locked by the change itself: two changes at once, one of the profile and one of the person,
-- overwrite nothing of each other.

CREATE FUNCTION dispatch_bits_v1(codes varchar[], listed varchar[]) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (
    SELECT coalesce(bit_or(1 << (array_position(listed, code) - 1)), 0)
    FROM unnest(codes) AS code
);

-- A code's place in these lists is its bit; the lists are those of matching.codes.
CREATE FUNCTION dispatch_skill_bits_v1(codes varchar[]) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN dispatch_bits_v1(
    codes,
    '{01,02,03,04,05,06,07,08,09,10,11,12,13,14,15,16,17,18,19,20,21,22,23,99}'
);

CREATE FUNCTION dispatch_category_bits_v1(codes varchar[]) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN dispatch_bits_v1(
    codes,
    '{0001,0002,0003,0004,0005,0006,0007,0008,0009,0010,0011,0012,0013,0014,0015,0016,0017,0018,'
    '0019,0020,0099,3202,3203,3204}'
);

-- Everybody is taken to speak Mandarin.
CREATE FUNCTION dispatch_language_bits_v1(codes varchar[]) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN 1 | dispatch_bits_v1(
    codes,
    '{cmn,yue,wuu,nan,hak,gan,hsn,cjy,cdo,czh,cnp,csp,zyb,uig,bod,mvf,kor,iii,hmn,kaz,csl,eng}'
);

CREATE FUNCTION dispatch_place_v1(region varchar) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN rpad(region, 18, '0')::bigint;

CREATE FUNCTION dispatch_this_transaction_v1() RETURNS bigint
LANGUAGE sql STABLE
RETURN pg_current_xact_id()::text::bigint;

CREATE FUNCTION dispatch_facts_of_new_profiles_v1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO dispatch_helperfacts (
        cell, person_id, place, longitude, latitude, skills, categories, availability, rating, sex,
        languages, birth_date, paused_until, is_active, is_open, changed_in
    )
    SELECT
        profile.cell,
        profile.person_id,
        dispatch_place_v1(profile.region_id),
        profile.longitude,
        profile.latitude,
        dispatch_skill_bits_v1(profile.skills),
        dispatch_category_bits_v1(profile.categories),
        profile.availability,
        round(coalesce(profile.rating, 0) * 100)::smallint,
        CASE person.sex WHEN 'm' THEN 1 ELSE 2 END,
        dispatch_language_bits_v1(profile.languages),
        person.birth_date,
        profile.paused_until,
        person.confirmed_at IS NOT NULL AND person.closed_at IS NULL,
        profile.ended_at IS NULL,
        dispatch_this_transaction_v1()
    FROM arrived AS profile
    JOIN people_person AS person
        ON person.cell = profile.cell AND person.id = profile.person_id
    -- Who changes the person at this moment comes before or after, not in between.
    FOR SHARE OF person
    ON CONFLICT (person_id) DO UPDATE SET
        place = excluded.place,
        longitude = excluded.longitude,
        latitude = excluded.latitude,
        skills = excluded.skills,
        categories = excluded.categories,
        availability = excluded.availability,
        rating = excluded.rating,
        sex = excluded.sex,
        languages = excluded.languages,
        birth_date = excluded.birth_date,
        paused_until = excluded.paused_until,
        is_active = excluded.is_active,
        is_open = excluded.is_open,
        changed_in = excluded.changed_in;
    RETURN NULL;
END $$;

CREATE FUNCTION dispatch_facts_of_profiles_v1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE dispatch_helperfacts AS facts
    SET
        place = dispatch_place_v1(profile.region_id),
        longitude = profile.longitude,
        latitude = profile.latitude,
        skills = dispatch_skill_bits_v1(profile.skills),
        categories = dispatch_category_bits_v1(profile.categories),
        availability = profile.availability,
        languages = dispatch_language_bits_v1(profile.languages),
        rating = round(coalesce(profile.rating, 0) * 100)::smallint,
        paused_until = profile.paused_until,
        is_open = profile.ended_at IS NULL,
        changed_in = dispatch_this_transaction_v1()
    FROM changed AS profile
    WHERE facts.person_id = profile.person_id AND facts.cell = profile.cell;
    RETURN NULL;
END $$;

CREATE FUNCTION dispatch_facts_of_gone_profiles_v1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE dispatch_helperfacts AS facts
    SET is_open = false, changed_in = dispatch_this_transaction_v1()
    FROM gone AS profile
    WHERE facts.person_id = profile.person_id AND facts.cell = profile.cell;
    RETURN NULL;
END $$;

CREATE FUNCTION dispatch_facts_of_person_v1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE dispatch_helperfacts
    SET
        sex = CASE new.sex WHEN 'm' THEN 1 ELSE 2 END,
        birth_date = new.birth_date,
        is_active = new.confirmed_at IS NOT NULL AND new.closed_at IS NULL,
        changed_in = dispatch_this_transaction_v1()
    WHERE person_id = new.id AND cell = new.cell;
    RETURN NULL;
END $$;

CREATE TRIGGER dispatch_facts_of_new_profiles
    AFTER INSERT ON people_volunteerprofile
    REFERENCING NEW TABLE AS arrived
    FOR EACH STATEMENT EXECUTE FUNCTION dispatch_facts_of_new_profiles_v1();

CREATE TRIGGER dispatch_facts_of_profiles
    AFTER UPDATE ON people_volunteerprofile
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION dispatch_facts_of_profiles_v1();

CREATE TRIGGER dispatch_facts_of_gone_profiles
    AFTER DELETE ON people_volunteerprofile
    REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION dispatch_facts_of_gone_profiles_v1();

CREATE TRIGGER dispatch_facts_of_person
    AFTER UPDATE OF sex, birth_date, confirmed_at, closed_at ON people_person
    FOR EACH ROW
    WHEN (
        (old.sex, old.birth_date, old.confirmed_at, old.closed_at)
        IS DISTINCT FROM (new.sex, new.birth_date, new.confirmed_at, new.closed_at)
    )
    EXECUTE FUNCTION dispatch_facts_of_person_v1();

INSERT INTO dispatch_helperfacts (
    cell, person_id, place, longitude, latitude, skills, categories, availability, rating, sex,
    languages, birth_date, paused_until, is_active, is_open, changed_in
)
SELECT
    profile.cell,
    profile.person_id,
    dispatch_place_v1(profile.region_id),
    profile.longitude,
    profile.latitude,
    dispatch_skill_bits_v1(profile.skills),
    dispatch_category_bits_v1(profile.categories),
    profile.availability,
    round(coalesce(profile.rating, 0) * 100)::smallint,
    CASE person.sex WHEN 'm' THEN 1 ELSE 2 END,
    dispatch_language_bits_v1(profile.languages),
    person.birth_date,
    profile.paused_until,
    person.confirmed_at IS NOT NULL AND person.closed_at IS NULL,
    profile.ended_at IS NULL,
    dispatch_this_transaction_v1()
FROM people_volunteerprofile AS profile
JOIN people_person AS person ON person.cell = profile.cell AND person.id = profile.person_id;
