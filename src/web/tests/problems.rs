//! Errors of the API.

use std::collections::BTreeSet;

use super::*;

#[actix_web::test]
async fn an_error_of_the_api_is_a_problem_and_the_older_endpoints_keep_theirs() {
    let fixture = Fixture::start(no_history());
    let mut ids = BTreeSet::new();
    for (method, path, instance, status, code) in [
        (Method::GET, "/api/v1/nowhere?a=b", "/api/v1/nowhere", 404, "not_found"),
        (Method::GET, "/api/v1", "/api/v1", 404, "not_found"),
        (Method::POST, "/api/v1/%20", "/api/v1/%20", 404, "not_found"),
    ] {
        let response = fixture.send(method, path).await.expect("an answer");
        assert_eq!(response.status().as_u16(), status, "{path}");
        assert_eq!(header(&response, "content-type"), "application/problem+json", "{path}");
        assert_eq!(header(&response, "cache-control"), "no-store", "{path}");
        let problem = json(response).await;
        let members: BTreeSet<_> = problem.as_object().expect("an object").keys().collect();
        let expected = ["code", "detail", "instance", "status", "title", "trace_id", "type"];
        assert_eq!(members, BTreeSet::from(expected.map(str::to_owned).each_ref()), "{problem}");
        assert_eq!(problem["type"], "about:blank");
        assert_eq!((&problem["status"], &problem["code"]), (&status.into(), &code.into()));
        assert_eq!(problem["instance"], instance);
        let id = problem["trace_id"].as_str().expect("an id");
        assert!(id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit()), "{id}");
        assert!(ids.insert(id.to_owned()), "each request has its own id");
    }
    for path in ["/api/v10", "/api/v1x/flights", "/nowhere", "/api/docsx"] {
        let response = fixture.get(path).await;
        assert_eq!(response.status().as_u16(), 404, "{path}");
        assert_eq!(json(response).await["error"], "not_found", "{path}");
    }
}
