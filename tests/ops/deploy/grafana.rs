//! Grafana in `docker-compose.yml`: what it shows, and where it gets its figures.

use serde_json::Value;

use super::{
    compose::{PASSWORD, compose, texts},
    file, roles,
};

#[test]
fn grafana_shows_and_nobody_logs_in() {
    let compose = compose();
    let environment = &compose["services"]["grafana"]["environment"];
    for (name, value) in [
        ("GF_AUTH_ANONYMOUS_ENABLED", "true"),
        ("GF_AUTH_ANONYMOUS_ORG_ROLE", "Viewer"),
        ("GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION", "true"),
    ] {
        assert_eq!(environment[name], value, "{name}");
    }
}

#[test]
fn grafana_finds_prometheus_and_its_boards() {
    let compose = compose();
    let provisioned = |path: &str| -> Value {
        let path = format!("dashboards/grafana/provisioning/{path}");
        yaml_serde::from_str(&file(&path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    };
    let sources = provisioned("datasources/prometheus.yml");
    let port = texts(&compose["services"]["prometheus"]["ports"])[0].to_owned();
    let (_, port) = port.trim_end_matches("/tcp").rsplit_once(':').expect("a port");
    assert_eq!(sources["datasources"][0]["url"], format!("http://prometheus:{port}"));
    let boards = provisioned("dashboards/sectorwatch.yml");
    let path = boards["providers"][0]["options"]["path"].as_str().expect("a path");
    let mounts = texts(&compose["services"]["grafana"]["volumes"]);
    let mounted = mounts.iter().find_map(|volume| volume.strip_suffix(&format!(":{path}:ro")));
    let mounted = mounted.unwrap_or_else(|| panic!("{path} is not mounted: {mounts:?}"));
    let boards = std::fs::read_dir(mounted).expect("the boards").flatten();
    let boards = boards.filter(|file| file.path().extension().is_some_and(|it| it == "json"));
    assert_eq!(boards.count(), 4, "boards in {mounted}");
}

/// Grafana's own role has a password, may open as many connections as its data source does, and is an analyst.
#[test]
fn grafana_finds_the_database_with_a_role_of_its_own() {
    let compose = compose();
    let path = "dashboards/grafana/provisioning/datasources/postgresql.yml";
    let sources: Value = yaml_serde::from_str(&file(path)).expect("YAML");
    let source = &sources["datasources"][0];
    let url = source["url"].as_str().expect("an address");
    let (host, port) = url.split_once(':').expect("a port");
    assert!(compose["services"][host].is_object() && port == "5432", "{url}");
    let secret = source["secureJsonData"]["password"].as_str().expect("a password");
    let name = secret.strip_prefix('$').expect("a variable of Grafana's environment");
    assert_eq!(compose["services"]["grafana"]["environment"][name], PASSWORD);
    let database = &source["jsonData"]["database"];
    assert_eq!(&compose["services"][host]["environment"]["POSTGRES_DB"], database);

    let (server, desk) = roles::prepared();
    desk.run("roles");
    desk.run_text(&format!(
        "SECTORWATCH_ROLES_PASSWORD={PASSWORD} psql --quiet --file=scripts/roles.sql \"$ADMIN/sectorwatch\""
    ));
    let role = source["user"].as_str().expect("a role");
    roles::client(&server, role).run("select count(*) from pg_class");
    let admin = roles::client(&server, "sectorwatch");
    // A role without a password could not log in to the container's server.
    let limit = admin.count(&format!(
        "select rolconnlimit from pg_authid where rolname = '{role}' and rolpassword is not null"
    ));
    let opened = source["jsonData"]["maxOpenConns"].as_u64().expect("a number");
    assert!(opened < limit, "{opened} of {limit}");
    let is_analyst = format!("select pg_has_role('{role}', 'sectorwatch_analyst', 'member')");
    assert_eq!(admin.one(&is_analyst), "t");
    let of_the_service = format!("select pg_has_role('{role}', 'sectorwatch_reader', 'member')");
    assert_eq!(admin.one(&of_the_service), "f");
}
