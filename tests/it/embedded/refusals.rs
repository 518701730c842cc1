//! Refused starts, with helpful texts.

use super::*;

#[test]
fn a_foreign_directory_is_refused_and_left_alone() {
    let dir = temp_dir();
    let cluster = dir.path().join("postgres");
    fs::create_dir(&cluster).expect("create");
    if Uid::effective().is_root() {
        let refusal = refusal(dir.path());
        assert!(refusal.starts_with("not_owned: ") && refusal.contains("chown -R"), "{refusal}");
        chown(&cluster, Some(65_534), Some(65_534)).expect("chown");
    }
    fs::write(cluster.join("thesis.tex"), "").expect("write");
    let text = refusal(dir.path());
    assert!(text.starts_with("not_a_cluster: "), "{text}");

    fs::write(cluster.join("PG_VERSION"), "9.6\n").expect("write");
    let text = refusal(dir.path());
    let installed = find_binaries(settings(dir.path()).programs.as_deref())
        .expect("binaries")
        .major()
        .to_owned();
    assert!(
        text.starts_with("other_version: ") && text.contains("made by PostgreSQL 9.6"),
        "{text}"
    );
    assert!(text.contains(&installed), "{text}");
    assert_eq!(fs::read_dir(&cluster).expect("read").count(), 2);
}

#[test]
fn a_directory_on_the_way_that_cannot_be_entered_is_named() {
    let dir = temp_dir();
    let closed = dir.path().join("closed");
    fs::create_dir(&closed).expect("create");
    let mode = if Uid::effective().is_root() { 0o700 } else { 0o500 };
    fs::set_permissions(&closed, fs::Permissions::from_mode(mode)).expect("chmod");
    let text = refusal(&closed.join("data"));
    let closed = closed.display();
    if Uid::effective().is_root() {
        assert!(
            text.starts_with("not_enterable: ")
                && text.contains(&format!("`chmod o+x '{closed}'`")),
            "{text}"
        );
    } else {
        assert!(
            text.starts_with("not_writable: ") && text.contains(&format!("'{closed}/data'`")),
            "{text}"
        );
    }
}

#[test]
fn a_failed_start_quotes_the_log() {
    let dir = temp_dir();
    drop(start(dir.path()).expect("start"));
    let extra = vec![("shared_buffers".to_owned(), "a lot".to_owned())];
    let error = Embedded::start(EmbeddedSettings { extra, ..settings(dir.path()) });
    let text = error.map(|_| ()).expect_err("a bad setting").to_string();
    assert!(text.contains(r#"invalid value for parameter "shared_buffers""#), "{text}");
}
