//! Resolves settings from given values.

mod database;
mod displayed;
mod rows;

use std::path::Path;

use super::*;

fn machine() -> Machine {
    Machine { hostname: "Tower_1.example".to_owned(), is_root: false }
}

fn given(flags: &[(&str, &str)], environment: &[(&str, &str)], file: Option<&Path>) -> Given {
    let owned = |pairs: &[(&str, &str)]| {
        let pairs = pairs.iter().map(|(k, v)| (k.to_string(), v.to_string()));
        pairs.collect()
    };
    Given { flags: owned(flags), environment: owned(environment), file: file.map(Into::into) }
}

fn with_env(environment: &[(&str, &str)]) -> Result<Loaded, ConfigError> {
    resolve(&given(&[], environment, None), &machine())
}

fn file(text: &str) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    file
}

fn effective_value<'a>(loaded: &'a Loaded, key: &str) -> &'a Effective {
    loaded.effective_values.iter().find(|s| s.key == key).unwrap()
}

#[test]
fn flag_goes_before_environment_before_file_before_default() {
    let file = file("exit_polls = 7\n");
    let flag: &[_] = &[("exit-polls", "5")];
    let env: &[_] = &[("SECTORWATCH_EXIT_POLLS", "6")];
    let cases = [
        (flag, env, Some(file.path()), 5, Origin::Flag),
        (&[], env, Some(file.path()), 6, Origin::Environment),
        (&[], &[], Some(file.path()), 7, Origin::File),
        (&[], &[], None, 2, Origin::Default),
    ];
    for (flags, environment, path, expected, from) in cases {
        let loaded = resolve(&given(flags, environment, path), &machine()).unwrap();
        assert_eq!(loaded.settings.exit_polls, expected);
        let effective = effective_value(&loaded, "exit_polls");
        assert_eq!(effective.origin, from);
        assert_eq!(effective.value, Some(expected.to_string()));
    }
}

#[test]
fn an_empty_variable_is_unset_or_off_and_an_empty_flag_is_an_error() {
    for setting in table(&machine()) {
        let loaded = with_env(&[(&setting.env, "")]).unwrap();
        let expected = if setting.empty_is_off { Origin::Environment } else { Origin::Default };
        assert_eq!(effective_value(&loaded, &setting.key).origin, expected, "{}", setting.env);
    }
    assert_eq!(
        with_env(&[("SECTORWATCH_TRANSCEIVERS_URL", "")]).unwrap().settings.transceivers_url,
        OptionalUrl::Off
    );
    for flag in ["feed-url", "airspace", "data-dir", "database-url", "exit-polls"] {
        assert!(resolve(&given(&[(flag, "")], &[], None), &machine()).is_err(), "{flag}");
    }
}

#[test]
fn the_file_takes_toml_values_and_reports_all_that_is_wrong_at_once() {
    let good = file(
        "require_flight_plan = false\ningest_pool_size = 3\npoll_interval = '1m'\n\
         controllers = ['SY_*', 'ML*']\nstatus_url = ''\n",
    );
    let settings = resolve(&given(&[], &[], Some(good.path())), &machine()).unwrap().settings;
    assert!(!settings.require_flight_plan);
    assert_eq!(settings.ingest_pool_size, 3);
    assert_eq!(settings.poll_interval, Duration::from_mins(1));
    assert_eq!(settings.controllers, ["SY_*", "ML*"]);
    assert_eq!(settings.status_url, OptionalUrl::Off);

    let bad = file("pol_interval = '1m'\nlisten = 1.5\n[database]\nurl = ''\n");
    let env = [("SECTORWATCH_EXIT_POLLS", "0"), ("SECTORWATCH_INSTANCE", "É")];
    let flags = [("missing-grace", "5")];
    let error = resolve(&given(&flags, &env, Some(bad.path())), &machine()).unwrap_err();
    assert_eq!(error.problems.len(), 6, "{error}");
    let message = error.to_string();
    for part in [
        "pol_interval in",
        "did you mean poll_interval?",
        "listen = \"a float\"",
        "database in",
        "exit_polls = \"0\" (environment SECTORWATCH_EXIT_POLLS); allowed: a whole number, 1 … 100",
        "instance = \"É\"",
        "missing_grace = \"5\" (flag --missing-grace)",
    ] {
        assert!(message.contains(part), "{message}\nlacks {part}");
    }
}

#[test]
fn the_exit_speed_is_at_most_the_entry_speed() {
    let error = with_env(&[("SECTORWATCH_ENTRY_SPEED_KT", "20")]).unwrap_err();
    let message = error.to_string();
    assert!(
        message.contains("exit_speed_kt = \"30\" (default); allowed: at most entry_speed_kt = 20"),
        "{message}"
    );
}

#[test]
fn streams_leave_connections_for_others() {
    let given = |clients: &[(&str, &str)]| {
        with_env(&[clients, &[("SECTORWATCH_HTTP_MAX_CONNECTIONS", "150")]].concat())
    };
    let error = given(&[("SECTORWATCH_LIVE_CLIENTS", "51")]).unwrap_err().to_string();
    let expected = "live_clients = \"51\" (environment SECTORWATCH_LIVE_CLIENTS); allowed: at most 50, which is 100 fewer \
                    than http_max_connections = 150";
    assert!(error.contains(expected), "{error}");
    let streams = |loaded: Loaded| loaded.settings.streams(loaded.settings.http_max_connections);
    assert_eq!(given(&[("SECTORWATCH_LIVE_CLIENTS", "50")]).map(streams).unwrap(), 50);
    assert_eq!(given(&[]).map(streams).unwrap(), 50, "the default follows");
    assert_eq!(with_env(&[("SECTORWATCH_HTTP_MAX_CONNECTIONS", "37")]).map(streams).unwrap(), 0);
    assert_eq!(with_env(&[]).map(streams).unwrap(), 800);
}

#[test]
fn no_flight_is_on_the_ground_and_in_the_air() {
    let error = with_env(&[("SECTORWATCH_MOVEMENT_AIR_KT", "39")]).unwrap_err();
    let message = error.to_string();
    let expected = "movement_ground_kt = \"40\" (default); allowed: at most movement_air_kt = 39";
    assert!(message.contains(expected), "{message}");
}

#[test]
fn one_poll_ends_no_visit_of_a_flight_that_is_present_or_when_it_fails() {
    // Poll interval, grace, longest gap, what is refused, what would be allowed.
    let cases = [
        (
            "15s",
            "15s",
            "15m",
            "missing_grace = \"15s\" (environment SECTORWATCH_MISSING_GRACE); allowed: longer than poll_interval = 15s (environment SECTORWATCH_POLL_INTERVAL)",
        ),
        ("15s", "15s 1ms", "15m", ""),
        ("1s", "1s", "15m", "missing_grace"),
        ("1m", "1m", "15m", "allowed: longer than 1m"),
        ("2m", "1m", "15m", "allowed: longer than 1m"),
        ("2m", "61s", "15m", ""),
        ("30s", "5m", "1m", ""),
        (
            "31s",
            "5m",
            "1m",
            "longest_gap = \"1m\" (environment SECTORWATCH_LONGEST_GAP); allowed: at least twice poll_interval = 31s (environment SECTORWATCH_POLL_INTERVAL)",
        ),
        ("1h", "5m", "119m", "longest_gap"),
        ("1h", "5m", "2h", ""),
    ];
    for (interval, grace, gap, refused) in cases {
        let result = with_env(&[
            ("SECTORWATCH_POLL_INTERVAL", interval),
            ("SECTORWATCH_MISSING_GRACE", grace),
            ("SECTORWATCH_LONGEST_GAP", gap),
        ]);
        let message = result.err().map_or(String::new(), |error| error.to_string());
        assert_eq!(message.is_empty(), refused.is_empty(), "{interval} {grace} {gap}: {message}");
        assert!(message.contains(refused), "{message}\nlacks {refused}");
    }
}

#[test]
fn a_database_url_that_cannot_be_used_says_what_is_allowed_and_hides_the_password() {
    for setting in ["DATABASE_URL", "SECTORWATCH_READ_DATABASE_URL"] {
        let url = "postgres://u:hunter2@h/d?sslmode=allow";
        let message = with_env(&[("DATABASE_URL", "postgres://a/a"), (setting, url)]);
        let message = message.unwrap_err().to_string();
        assert!(message.contains(setting) && message.contains("sslmode=MODE"), "{message}");
        assert!(!message.contains("hunter2"), "{message}");
    }
}

#[test]
fn the_defaults_fit_the_machine() {
    let cases = [
        ("", "sectorwatch"),
        ("___", "sectorwatch"),
        ("Büro", "b-ro"),
        ("a-very-long-host-name-of-a-cloud-provider", "a-very-long-host-name-of-a-cloud"),
    ];
    for (hostname, instance) in cases {
        let machine = Machine { hostname: hostname.to_owned(), is_root: true };
        let loaded = resolve(&Given::default(), &machine).unwrap();
        assert_eq!(loaded.settings.instance, instance);
        assert_eq!(loaded.settings.data_dir, Path::new("/var/lib/sectorwatch"));
    }
}

#[test]
fn without_a_token_only_this_machine_may_read_unless_the_settings_say_otherwise() {
    // Where it listens, what is given, what a request without a token may do.
    for (listen, given, expected) in [
        ("127.0.0.1:80", None, "read"),
        ("127.9.9.9:80", None, "read"),
        ("[::1]:80", None, "read"),
        ("[::ffff:127.0.0.1]:80", None, "read"),
        ("0.0.0.0:80", None, ""),
        ("[::]:80", None, ""),
        ("192.0.2.1:80", None, ""),
        ("192.0.2.1:80", Some("export,read"), "read,export"),
        ("127.0.0.1:80", Some(""), ""),
    ] {
        let mut environment = vec![("SECTORWATCH_LISTEN", listen)];
        environment.extend(given.map(|scopes| ("SECTORWATCH_ANONYMOUS_SCOPES", scopes)));
        let scopes = with_env(&environment).unwrap().settings.scopes_without_token();
        assert_eq!(scopes.to_string(), expected, "{listen} {given:?}");
    }
}
