//! The recipes of `docs/api.md` that follow the stream, run as they stand.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use super::*;
use crate::{
    api_recipes::recipe,
    status_page::chromium::Chromium,
    support::{scratch, wait},
};

fn document(number: i64) -> Feed {
    let sector = if number % 2 == 0 { "SYD" } else { "MEL" };
    Feed::second(15 * number).pilot(Pilot::new("QFA1", 1).inside(sector))
}

fn script(name: &str) -> &'static str {
    let [("js", script)] = recipe(name)[..] else { panic!("one block") };
    script
}

#[test]
fn a_page_follows_with_event_source() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let mut service = Setup::serve(&database, &feed).start();
    take(&mut service, &feed, &document(0));
    let mut browser = Chromium::start();
    browser.open(&format!("http://{}/", service.address()));
    let page = format!("{{ const SECTORWATCH = location.origin; {} }}", script("EventSource"));
    browser.evaluate(&page);
    let mut says = |text: &str| {
        let mut said = Vec::new();
        wait::until(text, PATIENCE, || {
            // It takes what happened so far.
            browser.evaluate("0");
            said.extend(browser.take("Runtime.consoleAPICalled"));
            said.iter().any(|event| event["args"][0]["value"] == text)
        });
    };
    says("2025-01-01T12:00:00Z: 1 of 1 flights are in a sector");
    let far = Pilot::new("VOZ2", 2).at(-33.9, 151.2).kt(0);
    take(
        &mut service,
        &feed,
        &Feed::second(15).pilot(Pilot::new("QFA1", 1).inside("MEL")).pilot(far),
    );
    says("2025-01-01T12:00:15Z: 1 of 2 flights are in a sector");
    take(&mut service, &feed, &Feed::second(3000));
    says("2025-01-01T12:50:00Z: 0 of 0 flights are in a sector");
}

/// Ends its process.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_program_follows_with_a_token() {
    let (database, feed, dir) = (Database::migrated(), FeedServer::start(), scratch::dir("follow"));
    let made = Setup::bare(&["token", "--name", "follower", "--scopes", "read"]).run();
    let line = made.stderr.lines().find(|line| line.starts_with("follower:")).expect("a line");
    let tokens = dir.join("tokens");
    std::fs::write(&tokens, format!("{line}\n")).expect("write the tokens");
    let setup = Setup::serve(&database, &feed)
        .env("SECTORWATCH_TOKENS_FILE", tokens.to_str().expect("UTF-8"))
        .env("SECTORWATCH_ANONYMOUS_SCOPES", "");
    let mut service = setup.start();
    service.take(&feed, &document(0));
    assert_eq!(service.get(PATH).status, 401);
    // The test does not wait for as long as a reader may.
    let script = script("fetch with a token").replace("5000", "50");
    let mut program = Command::new("node");
    program
        .args(["-e", &script])
        .env("SECTORWATCH", format!("http://{}", service.address()))
        .env("SECTORWATCH_TOKEN", made.stdout.trim())
        .stdout(Stdio::piped());
    let mut program = Program(program.spawn().expect("start node"));
    let mut lines = BufReader::new(program.0.stdout.take().expect("piped")).lines();
    let mut says = |text: &str| assert_eq!(lines.next().expect("a line").expect("text"), text);
    service.wait_until("it follows", PATIENCE, |it| it.metric("sectorwatch_live_clients") == 1.0);
    service.take(&feed, &document(1));
    says("QFA1 left SYD (crossed)");
    says("QFA1 entered MEL");
    // It comes back by itself, and gets a snapshot.
    service.signal(nix::sys::signal::Signal::SIGKILL);
    service.finish(PATIENCE);
    let mut service = setup.start();
    service.wait_until("it follows", PATIENCE, |it| it.metric("sectorwatch_live_clients") == 1.0);
    service.take(&feed, &document(2));
    says("QFA1 left MEL (crossed)");
    says("QFA1 entered SYD");
}
