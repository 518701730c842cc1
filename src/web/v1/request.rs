//! A request of the API: who asks, and for what.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Data};

use super::{
    cursor::Walk,
    failure,
    params::{Query, asked, known},
    reader::ApiReader,
};
use crate::web::{
    WebState,
    access::{Caller, Scope, demand},
    coding::Coding,
    endpoint::Endpoint,
    problem::{Code, Problem},
};
use sectorwatch_store::api::{Absent, Asked};

/// A request whose query has only parameters that its endpoint takes. Each handler reads them by their types.
pub struct Request {
    /// The state of HTTP.
    pub state: Data<WebState>,
    /// The request as it came.
    pub http: HttpRequest,
    /// The parameters.
    pub query: Query,
    /// How the answer is compressed.
    pub coding: Coding,
    caller: Caller,
}

impl FromRequest for Request {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::read(request))
    }
}

impl Request {
    fn read(http: &HttpRequest) -> Result<Self, Problem> {
        let Some(state) = http.app_data::<Data<WebState>>().cloned() else {
            return Err(failure::internal("the application has no state"));
        };
        let Some(endpoint) = http.app_data::<&'static Endpoint>() else {
            return Err(failure::internal("the endpoint of a request is unknown"));
        };
        let query = Query::parse(http.query_string(), endpoint.parameters())?;
        let caller = Caller::of(http);
        // Before any value is looked at, and any query is sent.
        if [known::CID, known::PERSONAL].iter().any(|it| query.get(it).is_some()) {
            demand(http, &[Scope::Personal])?;
        }
        let coding = Coding::wanted(http).map_err(|_| {
            let detail = "An answer is packed as gzip, br or zstd, or not at all.";
            Problem::new(Code::NotAcceptable, detail)
        })?;
        Ok(Self { state, http: http.clone(), query, coding, caller })
    }

    /// What is read from.
    ///
    /// # Errors
    /// There is no database yet.
    pub fn api(&self) -> Result<ApiReader, Problem> {
        self.state.api.clone().ok_or_else(failure::no_database)
    }

    /// Whether the caller may see personal members. The parameter that asks for them is checked.
    ///
    /// # Errors
    /// The parameter has a bad value.
    pub fn is_personal(&self) -> Result<bool, Problem> {
        self.query.personal()?;
        Ok(self.caller.has(Scope::Personal))
    }

    /// The span of a list, of which absent ends are those of the last day.
    ///
    /// # Errors
    /// The parameters are no span of at most 31 days.
    pub fn span(&mut self) -> Result<Asked, Problem> {
        asked(&mut self.query, Absent::LastDay, Asked::LONGEST_OF_A_LIST)
    }

    /// The span of a list of one flight, of which an absent end is no bound.
    ///
    /// # Errors
    /// The parameters are no span of at most 31 days.
    pub fn span_of_flight(&mut self) -> Result<Asked, Problem> {
        asked(&mut self.query, Absent::Unbounded, Asked::LONGEST_OF_A_LIST)
    }

    /// What the caller may do, as text in a fixed order.
    pub fn scopes(&self) -> String {
        self.caller.scopes.to_string()
    }

    /// Gives what the cursors of this request hold for to `seal`.
    pub fn walk<T>(&self, seal: impl FnOnce(Walk) -> T) -> T {
        let (filters, scopes) = (self.query.filters(), self.scopes());
        seal(Walk { path: self.http.path(), filters: &filters, scopes: &scopes })
    }
}

/// The id of a flight in a path.
///
/// # Errors
/// It is no number, so that no flight has it.
pub fn flight_id(text: &str) -> Result<i64, Problem> {
    let is_number = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let id = if is_number { text.parse().ok() } else { None };
    id.ok_or_else(|| {
        Problem::new(Code::NotFound, "There is no such flight; its id is a whole number.")
    })
}

#[cfg(test)]
mod tests {
    use actix_web::{
        App,
        test::{TestRequest, call_service, init_service},
        web,
    };

    use super::*;

    #[actix_web::test]
    async fn without_its_state_a_request_is_an_error_of_the_service_itself() {
        let handler = async |_: Request| "an answer";
        let app = init_service(App::new().route("/api/v1/flights", web::get().to(handler))).await;
        let request = TestRequest::with_uri("/api/v1/flights").to_request();
        let response = call_service(&app, request).await;
        assert_eq!(response.status(), 500);
        let response = response.response();
        let code = response.extensions().get().map(Problem::code);
        assert!(matches!(code, Some(Code::InternalError)));
    }
}
