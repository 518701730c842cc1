//! Errors of pages, which are pages for people and problems for programs.

use super::*;
use crate::web::pages::is_page;

const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

async fn ask(fixture: &Fixture, method: Method, path: &str, accept: &str) -> Response {
    let url = format!("http://{}{path}", fixture.address);
    let asked = reqwest::Client::new().request(method, url).header("accept", accept);
    asked.send().await.expect("an answer")
}

#[actix_web::test]
async fn an_error_of_a_page_is_a_page_in_a_browser_and_a_problem_for_programs() {
    let fixture = Fixture::start(no_history());
    for (method, path, status, code) in [
        // There is no database.
        (Method::GET, "/sectors", 503, "database_error"),
        (Method::GET, "/sectors?span=7d&tz=Australia/Sydney", 503, "database_error"),
        (Method::GET, "/sectors?span=8d", 400, "bad_request"),
        (Method::GET, "/sectors?span=7d&to=1", 400, "bad_request"),
        (Method::GET, "/sectors?tz=AEST-10", 400, "bad_request"),
        (Method::GET, "/sectors?from=yesterday", 400, "bad_time"),
        (Method::GET, "/coverage?from=2&to=1", 400, "bad_span"),
        (Method::GET, "/controllers?from=0&to=9999999", 400, "span_too_wide"),
        (Method::GET, "/controllers?cid=1", 400, "unknown_parameter"),
        (Method::GET, "/flights/42?from=0", 400, "unknown_parameter"),
        (Method::GET, "/flights/QFA12", 404, "not_found"),
        (Method::GET, "/flights", 404, "not_found"),
        (Method::POST, "/coverage", 405, "method_not_allowed"),
    ] {
        let page = ask(&fixture, method.clone(), path, BROWSER).await;
        assert_eq!(page.status().as_u16(), status, "{path}");
        assert_eq!(header(&page, "content-type"), "text/html; charset=utf-8", "{path}");
        let vary: Vec<_> = page.headers().get_all("vary").iter().collect();
        assert_eq!(vary, ["accept", "accept-encoding"], "{path}");
        let policy = header(&page, "content-security-policy");
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
        let text = page.text().await.expect("text");
        assert!(text.contains(&format!("<code>{code}</code>")), "{path}: {text:.2000}");
        let problem = ask(&fixture, method, path, "*/*").await;
        assert_eq!(header(&problem, "content-type"), "application/problem+json", "{path}");
        assert_eq!(json(problem).await["code"], code, "{path}");
    }
}

#[actix_web::test]
async fn pages_need_the_scope_of_what_they_show() {
    let closed = AccessSettings { anonymous: Scopes::NONE, ..open_access() };
    let fixture = Fixture::guarded_by(Access::open(closed).expect("no file"));
    let mut number = 0;
    for endpoint in routes::endpoints().filter(|endpoint| is_page(endpoint.pattern())) {
        let page = ask(&fixture, Method::GET, endpoint.pattern(), BROWSER).await;
        assert_eq!(page.status().as_u16(), 401, "{}", endpoint.pattern());
        assert_eq!(header(&page, "www-authenticate"), "Bearer");
        assert!(page.text().await.expect("text").contains("unauthorized"));
        number += 1;
    }
    assert_eq!(number, 6);
    // The status links them, whoever may read them.
    let status = ask(&fixture, Method::GET, "/", BROWSER).await.text().await.expect("text");
    for path in ["/sectors", "/controllers", "/coverage"] {
        assert!(status.contains(&format!("href=\"{path}\"")), "{path}");
    }
}
