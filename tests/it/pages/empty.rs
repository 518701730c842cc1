//! What is not stored is said, and is neither an error nor drawn as zero.

use super::scene::Scene;

#[test]
fn an_empty_database_is_said_in_words() {
    let scene = Scene::empty();
    for path in [
        "/sectors",
        "/sectors/YMMM",
        "/sectors?span=31d",
        "/controllers",
        "/coverage",
        "/airports/YSSY",
    ] {
        let page = scene.page(path);
        let html = page.text();
        assert_eq!(page.status, 200, "{path}: {html:.3000}");
        assert!(html.contains("Nothing is stored yet: no snapshot"), "{path}");
        assert!(!html.contains("=\"var(--link)\""), "{path}: nothing is drawn as zero");
    }
    for path in ["/flights/1", "/sectors/nowhere", "/airports/NOWHERE"] {
        let page = scene.page(path);
        assert_eq!(page.status, 404, "{path}");
        assert!(page.text().contains("<code>not_found</code>"), "{path}");
    }
}

#[test]
fn a_span_that_is_not_all_stored_is_said_in_words() {
    let scene = Scene::filled();
    for (path, said) in [
        ("/sectors/S1?span=31d", "What is stored begins at"),
        (
            "/coverage?from=2025-12-01T00:00:00Z&to=2025-12-02T00:00:00Z",
            "All of this span is before",
        ),
        (
            "/sectors/S1?from=2026-01-10T00:00:00Z&to=2026-01-12T00:00:00Z",
            "The newest stored snapshot is that of",
        ),
        (
            "/controllers?from=2026-01-12T00:00:00Z&to=2026-01-13T00:00:00Z",
            "All of this span is after",
        ),
    ] {
        let page = scene.page(path);
        assert_eq!(page.status, 200, "{path}");
        assert!(page.text().contains(said), "{path}: {said}");
    }
    assert!(
        !scene.page("/sectors/S1?span=7d").text().contains("class=\"notice\""),
        "all of it is stored"
    );
}
