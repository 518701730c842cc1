//! Tokens from the command line to the log.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt as _,
    path::Path,
};

use nix::sys::signal::Signal;
use serde_json::Value;

use crate::support::{
    feed_server::FeedServer,
    http::{self, Answered},
    postgres::Database,
    scratch,
    service::{PATIENCE, Service, Setup},
};

/// A path of the API without an endpoint: whoever may read gets 404.
const GUARDED: &str = "/api/v1/nowhere";
const RELOAD_FAILED: &str = "sectorwatch_http_tokens_reload_failed";

/// A new token, and its line for the file.
fn issued(name: &str, scopes: &str) -> (String, String) {
    let ended = Setup::bare(&["token", "--name", name, "--scopes", scopes]).run();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let (token, line) = (ended.stdout.trim_end().to_owned(), ended.stderr.trim_end().to_owned());
    assert_eq!((token.len(), &token[..3]), (46, "sw_"));
    assert!(line.starts_with(&format!("{name}:{scopes}:")), "{line:?}");
    assert!(!line.contains(&token));
    (token, line + "\n")
}

fn write(file: &Path, lines: &[&str], mode: u32) {
    fs::write(file, lines.concat()).expect("write");
    fs::set_permissions(file, Permissions::from_mode(mode)).expect("chmod");
}

fn ask(service: &Service, token: &str) -> Answered {
    let value = format!("Bearer {token}");
    http::get_with(service.address(), GUARDED, ("Authorization", &value)).expect("an answer")
}

/// Sends SIGHUP, and waits for the line of the log.
fn hang_up(service: &mut Service, told: &str) -> Value {
    let before = service.logged(told).len();
    service.signal(Signal::SIGHUP);
    service.wait_until(told, PATIENCE, |service| service.logged(told).len() > before);
    service.logged(told).pop().expect("a line")
}

/// The line of the access log of an answer that is a problem.
fn access_line(service: &mut Service, answer: &Answered) -> Value {
    let id = answer.json()["trace_id"].clone();
    let of_it = move |line: &Value| line["trace_id"] == id && line["message"] == "request";
    service.wait_until("its line", PATIENCE, |it| it.logged("request").iter().any(&of_it));
    service.logged("request").into_iter().find(of_it).expect("a line")
}

#[test]
fn tokens_are_told_apart_read_again_and_never_logged() {
    let (feed, database) = (FeedServer::start(), Database::migrated());
    let file = scratch::dir("tokens").join("tokens");
    let (bot, bot_line) = issued("bot", "read");
    let (exporter, exporter_line) = issued("exporter", "export");
    let (next, next_line) = issued("next", "read,export");
    let setup = Setup::serve(&database, &feed)
        .env("RUST_LOG", "info,sectorwatch::web=debug")
        .env("SECTORWATCH_ANONYMOUS_SCOPES", "")
        .env("SECTORWATCH_TOKENS_FILE", file.to_str().expect("UTF-8"))
        .env("SECTORWATCH_RATE_LIMIT", "1/s")
        .env("SECTORWATCH_RATE_BURST", "20");

    write(&file, &["# of the division\n", &bot_line, "bot"], 0o600);
    let ended = setup.run();
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.stderr.contains("line 3: it is not name:scopes:sha256-hex"), "{ended:?}");
    write(&file, &[&bot_line], 0o602);
    let ended = setup.run();
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.stderr.contains("others than its owner may write it (mode 0602)"), "{ended:?}");

    write(&file, &[&bot_line, &exporter_line], 0o600);
    let mut service = setup.start();
    let answer = service.get(GUARDED);
    assert_eq!((answer.status, &answer.json()["code"]), (401, &"unauthorized".into()));
    assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    assert_eq!(access_line(&mut service, &answer)["token"], Value::Null);
    for (token, status, name) in [(&bot, 404, "bot"), (&exporter, 403, "exporter")] {
        let answer = ask(&service, token);
        assert_eq!(answer.status, status, "{name}");
        assert_eq!(access_line(&mut service, &answer)["token"], name);
        let series = format!("sectorwatch_http_token_requests_total{{token=\"{name}\"}}");
        assert_eq!(service.metric(&series), 1.0);
    }
    assert_eq!(ask(&service, &next).status, 401);

    // What is wrong with a file changes nothing, and is told.
    assert_eq!(service.metric(RELOAD_FAILED), 0.0);
    for (lines, mode, reason) in [
        (vec![next_line.as_str(), "bot:read"], 0o600, "line 2: it is not name"),
        (vec![&next_line, &next_line], 0o600, "line 2: an earlier line has the same name"),
        (vec![&next_line], 0o620, "others than its owner may write it"),
    ] {
        write(&file, &lines, mode);
        let told = hang_up(&mut service, "the tokens cannot be read; those before stay in force");
        assert!(told["error"].as_str().expect("a text").contains(reason), "{told}");
        assert_eq!(service.metric(RELOAD_FAILED), 1.0, "{reason}");
        assert_eq!((ask(&service, &bot).status, ask(&service, &next).status), (404, 401));
    }
    write(&file, &[&next_line, &exporter_line], 0o600);
    assert_eq!(hang_up(&mut service, "the file of tokens was read")["number"], 2);
    assert_eq!((ask(&service, &bot).status, ask(&service, &next).status), (401, 404));
    assert_eq!(service.metric(RELOAD_FAILED), 0.0);
    let page = service.get("/metrics").text();
    assert!(page.contains("{token=\"next\"} 1") && !page.contains("token=\"bot\""), "{page}");

    // A crowd from one address ends at the limit; a token does not pay for it, nor does the health.
    let refused = (0..100).map(|_| service.get(GUARDED)).find(|answer| answer.status == 429);
    let refused = refused.expect("a refusal");
    assert_eq!(refused.json()["code"], "rate_limited");
    assert_eq!(refused.header("retry-after"), Some("1"));
    assert_eq!((ask(&service, &next).status, service.get("/readyz").status), (404, 200));
    let reason = |reason: &str| format!("sectorwatch_http_refused_total{{reason=\"{reason}\"}}");
    assert!(service.metric(&reason("unauthorized")) >= 6.0);
    assert_eq!(service.metric(&reason("scope")), 1.0);
    assert!(service.metric(&reason("rate_limited")) >= 1.0);

    let ended = service.terminate(PATIENCE);
    assert_eq!(ended.code, Some(0));
    for token in [bot, exporter, next] {
        assert!(!ended.stderr.contains(&token[3..]) && !page.contains(&token[3..]));
    }
}
