//! The README's command that starts Prometheus, run as it is written by a user without rights.

use std::{
    fs,
    process::{Command, Stdio},
};

use nix::unistd::{Uid, User, chown};

use super::{file, project};
use crate::support::{
    http, scratch,
    service::{PATIENCE, Service},
};

fn command() -> String {
    let readme = file("README.md");
    let command = readme.lines().map(str::trim).find(|line| line.starts_with("prometheus "));
    command.expect("a command in README.md").to_owned()
}

#[test]
fn anybody_starts_prometheus_as_the_readme_says() {
    let command = command();
    assert!(file("prometheus.yml").contains(&format!("\n#   {command}\n")), "{command}");
    let dir = scratch::dir("checkout");
    for name in ["prometheus.yml", "dashboards"] {
        // A copy instead of a link, because the other user may not be able to read the checkout.
        let copied = Command::new("cp").arg("-r").arg(project().join(name)).arg(&dir).status();
        assert!(copied.is_ok_and(|status| status.success()), "copy {name}");
    }
    let nobody = User::from_name("nobody").expect("ask for a user").expect("a user");
    let mut shell = match Uid::effective().is_root() {
        true => {
            chown(&dir, Some(nobody.uid), Some(nobody.gid)).expect("give the directory away");
            let mut setpriv = Command::new("setpriv");
            setpriv.arg(format!("--reuid={}", nobody.uid));
            setpriv.arg(format!("--regid={}", nobody.gid));
            setpriv.args(["--clear-groups", "sh"]);
            setpriv
        }
        false => Command::new("sh"),
    };
    let address = http::free_address();
    let child = shell
        .args(["-euc", &format!("exec {command} --web.listen-address={address}")])
        .current_dir(&dir)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut prometheus = Service::of(child.expect("a shell"), address);
    // Prometheus reads the files of targets only some seconds after its start.
    prometheus.wait_until("it scrapes the service", PATIENCE, |prometheus| {
        let targets = prometheus.try_get("/api/v1/targets").map(|answer| answer.text());
        let ours = r#""scrapeUrl":"http://127.0.0.1:8080/metrics""#;
        targets.is_some_and(|targets| targets.contains(ours))
    });
    let rules = prometheus.get("/api/v1/rules").json();
    assert_ne!(rules["data"]["groups"], serde_json::json!([]), "it has the alerts");
    // The files that it leaves in the checkout must be ignored by Git, and must not be those of the
    // service.
    let made = fs::read_dir(&dir).expect("the checkout").flatten().map(|entry| entry.file_name());
    let made: Vec<_> =
        made.filter(|name| name != "prometheus.yml" && name != "dashboards").collect();
    let [data] = &made[..] else { panic!("{made:?}") };
    let ignored = file(".gitignore");
    assert!(ignored.lines().any(|line| line == format!("{}/", data.display())), "{data:?}");
    assert_ne!(data, "data", "the service's own directory");
}
