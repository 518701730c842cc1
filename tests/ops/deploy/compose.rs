//! `docker-compose.yml`, as a text and as docker-compose reads it.

use std::{collections::BTreeSet, path::Path, process::Command};

use serde_json::Value;

use super::{file, project};
use crate::support::{postgres::Database, scratch, service::Setup};

const SCHEMA: &str = include_str!("compose-spec/compose-spec.json");
/// Only letters and digits, as the manual demands.
pub const PASSWORD: &str = "0f3c9a";

/// The file with all variables replaced by docker-compose itself, or the error that it printed.
pub fn resolved(environment: &[(&str, &str)]) -> Result<Value, String> {
    let nothing = scratch::dir("compose").join("env");
    std::fs::write(&nothing, "").expect("write an empty file");
    let output = Command::new("docker-compose")
        // An empty file keeps it from reading the user's own `.env`.
        .arg("--env-file")
        .arg(&nothing)
        .args(["--project-directory", "."])
        .args(["--file", "docker-compose.yml", "config"])
        .current_dir(project())
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .envs(environment.iter().copied())
        .output()
        .expect("docker-compose; scripts/need.sh docker-compose installs it");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    match output.status.success() {
        true => Ok(yaml_serde::from_slice(&output.stdout).expect("YAML")),
        false => Err(text(&output.stderr)),
    }
}

/// The file with the variables that it needs.
pub fn compose() -> Value {
    resolved(&[("POSTGRES_PASSWORD", PASSWORD)]).unwrap_or_else(|complaint| panic!("{complaint}"))
}

fn services() -> Vec<(String, Value)> {
    let compose = compose();
    let services = compose["services"].as_object().expect("services");
    services.iter().map(|(name, service)| (name.clone(), service.clone())).collect()
}

/// The texts in a list, which may be absent. Panics if an item is not a text.
pub fn texts(list: &Value) -> Vec<&str> {
    let text = |item| Value::as_str(item).unwrap_or_else(|| panic!("no text in {list}"));
    list.as_array().map_or_else(Vec::new, |items| items.iter().map(text).collect())
}

#[test]
fn it_fits_the_specification() {
    let schema: Value = serde_json::from_str(SCHEMA).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let mut written: yaml_serde::Value =
        yaml_serde::from_str(&file("docker-compose.yml")).expect("YAML");
    written.apply_merge().expect("merge keys");
    let mut written: Value = serde_json::to_value(written).expect("JSON");
    let complaints = |value: &Value| -> Vec<String> {
        let errors = validator.iter_errors(value);
        errors.map(|error| format!("{}: {error}", error.instance_path())).collect()
    };
    assert_eq!(complaints(&written), [""; 0]);
    written["services"]["sectorwatch"]["readonly"] = true.into();
    assert_eq!(complaints(&written).len(), 1, "a key that does not exist passes");
}

#[test]
fn nothing_starts_without_a_password() {
    for environment in [&[][..], &[("POSTGRES_PASSWORD", "")]] {
        let complaint = resolved(environment).expect_err("it has no password");
        assert!(complaint.contains("put it into .env"), "{complaint}");
    }
    let services = compose()["services"].to_string();
    assert!(services.contains(PASSWORD) && !services.contains('$'), "{services}");
}

/// Uses the environment of the file, and a data directory that cannot be created, as in a
/// container.
#[test]
fn the_key_of_forgotten_members_outlives_a_container() {
    const NAME: &str = "SECTORWATCH_FORGET_KEY";
    let database = Database::migrated();
    let forget = |cid: &str, key: Option<&str>| {
        let password = [("POSTGRES_PASSWORD", PASSWORD)];
        let written: Vec<_> = password.into_iter().chain(key.map(|key| (NAME, key))).collect();
        let compose = resolved(&written).unwrap_or_else(|complaint| panic!("{complaint}"));
        let service = &compose["services"]["sectorwatch"];
        assert_eq!((&service["read_only"], &service["volumes"]), (&true.into(), &Value::Null));
        let given = service["environment"][NAME].as_str().expect("what .env says");
        let container = Setup::bare(&["forget", "--cid", cid, "--data-dir", "/proc/container"]);
        container.env("DATABASE_URL", &database.url()).env(NAME, given).run()
    };
    let key = "0123456789abcdef".repeat(4);
    let refused = forget("1", None);
    assert_eq!(refused.code, Some(1), "{}", refused.stdout);
    assert!(refused.stderr.contains(NAME), "{}", refused.stderr);
    for cid in ["1", "2"] {
        let ended = forget(cid, Some(&key));
        assert_eq!(ended.code, Some(0), "{cid}: {}", ended.stderr);
    }
    assert_eq!(database.client().count("select count(*) from forgotten_members"), 2);
    let lost = forget("3", Some(""));
    assert!(lost.code == Some(1) && lost.stderr.contains(NAME), "{}", lost.stderr);
}

#[test]
fn every_service_is_confined() {
    let services = services();
    let names: Vec<_> = services.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["grafana", "postgres", "prometheus", "sectorwatch"]);
    for (name, service) in &services {
        let user = service["user"].as_str().expect("a user");
        let (uid, _) = user.split_once(':').expect("user and group by number");
        assert!(uid.parse::<u32>().is_ok_and(|uid| uid != 0), "{name} runs as {user}");
        assert_eq!(service["read_only"], true, "{name}");
        assert_eq!(texts(&service["cap_drop"]), ["ALL"], "{name}");
        assert!(service["cap_add"].is_null() && service["privileged"].is_null(), "{name}");
        assert_eq!(texts(&service["security_opt"]), ["no-new-privileges:true"], "{name}");
        let limits = ["pids_limit", "mem_limit", "cpus"].map(|limit| &service[limit]);
        assert!(limits.iter().all(|limit| !limit.is_null()), "{name}: {limits:?}");
        // Compose 2 rejects a service with both these limits and those under `deploy`; Compose 1
        // does not.
        assert!(service["deploy"].is_null(), "{name}");
        // Docker refuses to start a container with more processors than the machine has.
        assert_eq!(service["cpus"], 1.0, "{name}");
        assert_eq!(service["restart"], "unless-stopped", "{name}");
        assert_eq!(texts(&service["healthcheck"]["test"])[0], "CMD", "{name}");
        let networks = service["networks"].as_object().expect("networks");
        assert_eq!(networks.keys().collect::<Vec<_>>(), ["sectorwatch"], "{name}");
        for port in texts(&service["ports"]) {
            assert!(port.starts_with("127.0.0.1:"), "{name} is open to others: {port}");
        }
    }
    let open = services.iter().filter(|(_, service)| !service["ports"].is_null());
    let open: Vec<_> = open.map(|(name, _)| name.as_str()).collect();
    assert_eq!(open, ["grafana", "prometheus", "sectorwatch"]);
}

#[test]
fn every_image_has_a_full_version() {
    for (name, service) in services() {
        let image = service["image"].as_str().expect("an image");
        let (_, tag) = image.split_once(':').expect("a tag");
        let version = tag.trim_start_matches('v').split('-').next().expect("a version");
        let parts = version.split('.').map(str::parse::<u32>).filter(Result::is_ok).count();
        // The versions of PostgreSQL have had two parts since version 10.
        let full = if name == "postgres" { 2 } else { 3 };
        assert_eq!((parts, version.split('.').count()), (full, full), "{image}");
    }
    let compose = compose();
    let image = |name: &str| compose["services"][name]["image"].as_str().expect("an image");
    assert_eq!(image("sectorwatch"), concat!("sectorwatch:", env!("CARGO_PKG_VERSION")));
    assert!(image("postgres").starts_with("postgres:16."));
}

#[test]
fn what_is_mounted_exists_and_cannot_be_written() {
    let compose = compose();
    let volumes: BTreeSet<_> = compose["volumes"].as_object().expect("volumes").keys().collect();
    let mut used = BTreeSet::new();
    for (name, service) in services() {
        for volume in texts(&service["volumes"]) {
            let (source, rest) = volume.split_once(':').expect("source and target");
            match source.starts_with('/') {
                true => {
                    assert!(
                        Path::new(source).exists(),
                        "{name} mounts what is not there: {source}"
                    );
                    assert!(rest.ends_with(":ro"), "{name} may write to {source}");
                }
                false => drop(used.insert(source.to_owned())),
            }
        }
    }
    assert_eq!(used.iter().collect::<BTreeSet<_>>(), volumes);
}

/// Builds a directory with the files that the mounts put into Prometheus' container.
#[test]
fn prometheus_finds_its_rules_and_its_targets() {
    let compose = compose();
    let prometheus = &compose["services"]["prometheus"];
    let root = scratch::dir("container");
    for volume in texts(&prometheus["volumes"]) {
        let (source, rest) = volume.split_once(':').expect("source and target");
        let target = root.join(rest.rsplit_once(':').expect("a mode").0.trim_start_matches('/'));
        if source.starts_with('/') {
            std::fs::create_dir_all(target.parent().expect("a folder")).expect("a folder");
            std::os::unix::fs::symlink(source, target).expect("a mount");
        }
    }
    let config = texts(&prometheus["command"])
        .into_iter()
        .find_map(|argument| argument.strip_prefix("--config.file=/"))
        .expect("a configuration");
    // In the container, relative paths start at the mounted file and not at the target of a link.
    let config = root.join(config);
    let text = std::fs::read_to_string(&config).expect("the configuration");
    std::fs::remove_file(&config).expect("remove the link");
    std::fs::write(&config, text).expect("write the configuration");
    let check = Command::new("promtool").args(["check", "config"]).arg(&config).output();
    let check = check.expect("promtool");
    let said = String::from_utf8_lossy(&check.stdout) + String::from_utf8_lossy(&check.stderr);
    assert!(check.status.success(), "{said}");
    assert!(said.contains("1 rule files found"), "{said}");
    let targets = root.join("etc/prometheus/dashboards/targets");
    let targets: Vec<_> = std::fs::read_dir(targets).expect("targets").flatten().collect();
    assert_eq!(targets.len(), 1, "the service once");
    let targets: Value = yaml_serde::from_str(
        &std::fs::read_to_string(targets[0].path()).expect("a file of targets"),
    )
    .expect("YAML");
    let port = compose["services"]["sectorwatch"]["environment"]["SECTORWATCH_LISTEN"].as_str();
    let (_, port) = port.expect("an address").rsplit_once(':').expect("a port");
    assert_eq!(targets, serde_json::json!([{"targets": [format!("sectorwatch:{port}")]}]));
    let hosts = &compose["services"]["sectorwatch"]["environment"]["SECTORWATCH_ALLOWED_HOSTS"];
    assert_eq!(hosts, "sectorwatch", "the name by which Prometheus asks is answered");
}

#[test]
fn the_service_understands_its_environment() {
    let compose = compose();
    let environment = compose["services"]["sectorwatch"]["environment"].clone();
    let environment = environment.as_object().expect("an environment");
    let config = environment.iter().fold(Setup::bare(&["config"]), |setup, (name, value)| {
        setup.env(name, value.as_str().expect("a text"))
    });
    let ended = config.run();
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(ended.stderr, "", "a warning: a name that is no setting");
    assert!(ended.stdout.contains("sectorwatch_reader:***@postgres"), "{}", ended.stdout);
}
