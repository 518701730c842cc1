//! `health`: one request to a running service, for container health checks.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use reqwest::{StatusCode, redirect};
use url::Url;

/// The limit of the request. A service that takes longer is not healthy.
const TIME_LIMIT: Duration = Duration::from_secs(3);

/// Why the service is not healthy.
#[derive(Debug, thiserror::Error)]
pub enum HealthError {
    /// The request could not be prepared.
    #[error("cannot ask")]
    Setup(#[source] std::io::Error),
    /// The address has no default URL.
    #[error("cannot make a URL of {listen}")]
    Address {
        /// The `listen` setting.
        listen: SocketAddr,
        /// The parser's error.
        #[source]
        source: url::ParseError,
    },
    /// There was no answer in time.
    #[error("no answer within 3 s")]
    Unanswered(#[source] reqwest::Error),
    /// The answer is not 2xx.
    #[error("answered {0}")]
    Unwell(StatusCode),
}

impl HealthError {
    /// The cause, for logs.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Setup(_) => "setup",
            Self::Address { .. } => "address",
            Self::Unanswered(_) => "unanswered",
            Self::Unwell(_) => "unwell",
        }
    }
}

/// Requests `url`, or else `/readyz` of the service that listens at `listen`. Blocks for at most 3 s.
///
/// Must not be called from async code, because it creates a small runtime.
///
/// # Errors
///
/// There is no answer, or it is not 2xx.
pub fn check(url: Option<Url>, listen: SocketAddr) -> Result<(), HealthError> {
    let url = match url {
        Some(url) => url,
        None => readyz(listen).map_err(|source| HealthError::Address { listen, source })?,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(HealthError::Setup)?;
    let status = runtime.block_on(ask(url)).map_err(HealthError::Unanswered)?;
    if status.is_success() { Ok(()) } else { Err(HealthError::Unwell(status)) }
}

async fn ask(url: Url) -> Result<StatusCode, reqwest::Error> {
    let builder = reqwest::Client::builder()
        .timeout(TIME_LIMIT)
        // The request must reach the service itself, whatever proxies the environment names.
        .no_proxy()
        .redirect(redirect::Policy::none());
    // A client that reads the machine's certificates cannot be created where there are none.
    let builder = if url.scheme() == "http" { builder.tls_certs_only([]) } else { builder };
    let client = builder.build()?;
    let answer = client.get(url).send().await;
    Ok(answer.map_err(reqwest::Error::without_url)?.status())
}

/// The URL of `/readyz` at an address. The wildcard address is reached over loopback.
fn readyz(listen: SocketAddr) -> Result<Url, url::ParseError> {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    Url::parse(&format!("http://{}/readyz", SocketAddr::new(ip, listen.port())))
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read as _, Write as _},
        net::TcpListener,
        time::Instant,
    };

    use super::*;

    /// A server that reads one request and answers with `answer`, or never when that is empty.
    fn server(answer: &'static str) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 4096];
            let length = stream.read(&mut request).unwrap();
            assert!(request[..length].starts_with(b"GET /readyz HTTP/1.1\r\n"));
            if answer.is_empty() {
                // The other side gives up meanwhile.
                std::thread::sleep(2 * TIME_LIMIT);
            }
            stream.write_all(answer.as_bytes()).unwrap();
        });
        address
    }

    #[test]
    fn is_well_only_when_the_answer_is_2xx() {
        let cases = [
            ("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", "well"),
            ("HTTP/1.1 204 No Content\r\n\r\n", "well"),
            ("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n", "unwell"),
            ("HTTP/1.1 302 Found\r\nlocation: /livez\r\ncontent-length: 0\r\n\r\n", "unwell"),
            ("nonsense\r\n\r\n", "unanswered"),
        ];
        for (answer, expected) in cases {
            let outcome = check(None, server(answer)).map_or_else(|e| e.kind(), |()| "well");
            assert_eq!(outcome, expected, "{answer}");
        }
    }

    #[test]
    fn gives_up_after_three_seconds_and_at_once_when_refused() {
        let begun = Instant::now();
        assert_eq!(check(None, server("")).unwrap_err().kind(), "unanswered");
        assert!(begun.elapsed() < TIME_LIMIT + Duration::from_secs(2));

        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let begun = Instant::now();
        assert_eq!(check(None, free).unwrap_err().kind(), "unanswered");
        assert!(begun.elapsed() < TIME_LIMIT);
    }

    #[test]
    fn asks_loopback_where_the_service_listens_on_all_addresses() {
        let cases = [
            ("0.0.0.0:8080", "http://127.0.0.1:8080/readyz"),
            ("[::]:81", "http://[::1]:81/readyz"),
            ("10.1.2.3:80", "http://10.1.2.3/readyz"),
        ];
        for (listen, url) in cases {
            assert_eq!(readyz(listen.parse().unwrap()).unwrap().as_str(), url);
        }
    }
}
