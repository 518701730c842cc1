//! The tables, as diesel checks them at compile time. `tests/it/schema.rs` compares them with
//! `information_schema` after the migrations.

diesel::table! {
    flights (id) {
        id -> BigInt,
        cid -> Integer,
        callsign -> Text,
        logon_time -> Timestamptz,
        flight_rules -> Nullable<Text>,
        aircraft -> Nullable<Text>,
        aircraft_short -> Nullable<Text>,
        aircraft_faa -> Nullable<Text>,
        departure -> Nullable<Text>,
        arrival -> Nullable<Text>,
        alternate -> Nullable<Text>,
        route -> Nullable<Text>,
        remarks -> Nullable<Text>,
        planned_altitude -> Nullable<Text>,
        planned_altitude_ft -> Nullable<Integer>,
        cruise_tas -> Nullable<Text>,
        deptime -> Nullable<Text>,
        enroute_time -> Nullable<Text>,
        fuel_time -> Nullable<Text>,
        revision_id -> Nullable<Integer>,
        assigned_transponder -> Nullable<Text>,
        server -> Text,
        pilot_rating -> Nullable<Integer>,
        military_rating -> Nullable<Integer>,
        latitude -> Double,
        longitude -> Double,
        altitude -> Integer,
        groundspeed -> Nullable<Integer>,
        heading -> Nullable<SmallInt>,
        transponder -> Nullable<Text>,
        qnh_mb -> Nullable<Integer>,
        slow_polls -> SmallInt,
        first_seen -> Timestamptz,
        last_updated -> Timestamptz,
        last_seen -> Timestamptz,
        observed_us -> BigInt,
        contact_seen -> Nullable<Timestamptz>,
        airport_state -> Nullable<Text>,
        first_observed -> Nullable<Timestamptz>,
        first_latitude -> Nullable<Double>,
        first_longitude -> Nullable<Double>,
    }
}

diesel::table! {
    flight_positions (flight_id, observed_at) {
        flight_id -> BigInt,
        observed_at -> Timestamptz,
        latitude -> Double,
        longitude -> Double,
        altitude -> Integer,
        groundspeed -> Nullable<Integer>,
        heading -> Nullable<SmallInt>,
        qnh_mb -> Nullable<Integer>,
        transponder -> Nullable<Text>,
    }
}

diesel::table! {
    flight_sector_occupancy (id) {
        id -> BigInt,
        flight_id -> BigInt,
        callsign -> Text,
        sector_name -> Text,
        entry_timestamp -> Timestamptz,
        exit_timestamp -> Nullable<Timestamptz>,
        duration_seconds -> Nullable<Integer>,
        entry_lat -> Double,
        entry_lon -> Double,
        exit_lat -> Nullable<Double>,
        exit_lon -> Nullable<Double>,
        entry_altitude -> Integer,
        exit_altitude -> Nullable<Integer>,
        exit_reason -> Nullable<Text>,
        airspace_revision -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    pending_transitions (id) {
        id -> BigInt,
        flight_id -> BigInt,
        kind -> Text,
        sector_name -> Text,
        observed_at -> Timestamptz,
        latitude -> Double,
        longitude -> Double,
        altitude -> Integer,
        exit_reason -> Nullable<Text>,
        queued_at -> Timestamptz,
        airspace_revision -> Text,
    }
}

diesel::table! {
    collector_state (id) {
        id -> SmallInt,
        mark -> Nullable<Timestamptz>,
        generation -> BigInt,
        writer -> Nullable<Jsonb>,
        is_demo -> Bool,
        airspace_revision -> Nullable<Text>,
        forget_revision -> BigInt,
        forget_key_check -> Nullable<Binary>,
        observed_us -> BigInt,
        contacts_mark -> Nullable<Timestamptz>,
        cursor_key -> Binary,
        data_version -> BigInt,
        data_home -> Nullable<Text>,
    }
}

diesel::table! {
    controllers (id) {
        id -> BigInt,
        cid -> Integer,
        callsign -> Text,
        logon_time -> Timestamptz,
        facility -> Integer,
        rating -> Integer,
        frequency -> Text,
        visual_range -> Nullable<Integer>,
        text_atis -> Nullable<Text>,
        server -> Text,
        first_seen -> Timestamptz,
        last_updated -> Timestamptz,
        last_seen -> Timestamptz,
    }
}

diesel::table! {
    transceivers (callsign, transceiver_id) {
        callsign -> Text,
        transceiver_id -> Integer,
        entity_type -> Text,
        frequency_hz -> Integer,
        latitude -> Nullable<Double>,
        longitude -> Nullable<Double>,
        height_msl_m -> Nullable<Double>,
        height_agl_m -> Nullable<Double>,
        first_seen -> Timestamptz,
        last_seen -> Timestamptz,
    }
}

diesel::table! {
    poll_cycles (id) {
        id -> BigInt,
        started_at -> Timestamptz,
        feed_update_timestamp -> Nullable<Timestamptz>,
        outcome -> Text,
        stored -> Bool,
        fetch_ms -> Nullable<Integer>,
        decode_ms -> Nullable<Integer>,
        filter_ms -> Nullable<Integer>,
        collect_ms -> Nullable<Integer>,
        flights_ms -> Nullable<Integer>,
        controllers_ms -> Nullable<Integer>,
        transceivers_ms -> Nullable<Integer>,
        sectors_ms -> Nullable<Integer>,
        publish_ms -> Nullable<Integer>,
        flights_written -> Integer,
        positions_written -> Integer,
        controllers_written -> Integer,
        transceivers_written -> Integer,
        entered -> Integer,
        crossed -> Integer,
        left_sector -> Integer,
        slow -> Integer,
        disconnected -> Integer,
        rejected -> Integer,
        unobserved -> Integer,
        airspace_changed -> Integer,
        contacts_ms -> Nullable<Integer>,
    }
}

diesel::table! {
    rejected_records (id) {
        id -> BigInt,
        source -> Text,
        reason -> Text,
        detail -> Text,
        cid -> Nullable<Integer>,
        callsign -> Nullable<Text>,
        raw -> Text,
        seen_at -> Timestamptz,
    }
}

diesel::table! {
    forgotten_members (digest) {
        digest -> Binary,
        forgotten_at -> Timestamptz,
    }
}

diesel::table! {
    flight_radio_intervals (id) {
        id -> BigInt,
        flight_id -> BigInt,
        state -> Text,
        controller_id -> Nullable<BigInt>,
        controller_callsign -> Nullable<Text>,
        frequency_hz -> Nullable<Integer>,
        is_primary -> Nullable<Bool>,
        from_timestamp -> Timestamptz,
        to_timestamp -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    sector_control (id) {
        id -> BigInt,
        sector_name -> Text,
        state -> Text,
        controller_id -> Nullable<BigInt>,
        controller_callsign -> Nullable<Text>,
        owner_rank -> Nullable<Integer>,
        from_timestamp -> Timestamptz,
        to_timestamp -> Nullable<Timestamptz>,
        airspace_revision -> Text,
    }
}

diesel::table! {
    airport_movements (id) {
        id -> BigInt,
        flight_id -> BigInt,
        icao -> Text,
        kind -> Text,
        at -> Timestamptz,
        earliest_at -> Nullable<Timestamptz>,
        latitude -> Double,
        longitude -> Double,
    }
}

diesel::joinable!(flight_positions -> flights (flight_id));
diesel::joinable!(flight_sector_occupancy -> flights (flight_id));
diesel::joinable!(pending_transitions -> flights (flight_id));
diesel::joinable!(flight_radio_intervals -> flights (flight_id));
diesel::allow_tables_to_appear_in_same_query!(
    flights,
    flight_positions,
    flight_sector_occupancy,
    pending_transitions,
    flight_radio_intervals,
    collector_state,
);
