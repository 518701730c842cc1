//! The TLS parameters of a database URL.

use super::*;

fn tls(parameters: &str) -> TlsParameters {
    let url = format!("postgres://u:p@h/d?{parameters}");
    DatabaseUrl::parse(&url).unwrap_or_else(|error| panic!("{parameters}: {error}")).tls
}

#[test]
fn libpqs_parameters_are_read_and_taken_out() {
    assert_eq!(DatabaseUrl::parse("postgres://u@h/d").unwrap().tls, TlsParameters::default());
    for mode in SslMode::ALL {
        let roots = if mode == SslMode::VerifyCa { "&sslrootcert=/ca" } else { "" };
        assert_eq!(tls(&format!("sslmode={mode}{roots}")).mode, Some(mode));
    }
    assert_eq!(
        tls("sslmode=require&sslrootcert=/a%20b.pem&sslcert=c.pem&sslkey=k.pem"),
        TlsParameters {
            mode: Some(SslMode::Require),
            roots: Some(Roots::File("/a b.pem".into())),
            identity: Some(Identity { certificate: "c.pem".into(), key: "k.pem".into() }),
        }
    );
    assert_eq!(tls("sslrootcert=&sslcert=&sslkey="), TlsParameters::default());
    assert_eq!(tls("ssl%6dode=disable&sslmode=require").mode, Some(SslMode::Require));

    let url = "postgres://u:a?b%40@h:1,g:2/d?application_name=x%26y&sslmode=verify-full&port=3";
    let DatabaseUrl { config, tls } = DatabaseUrl::parse(url).unwrap();
    assert_eq!(tls.mode, Some(SslMode::VerifyFull));
    assert_eq!(config.get_password(), Some(&b"a?b@"[..]));
    assert_eq!(config.get_application_name(), Some("x&y"));
    assert_eq!((config.get_hosts().len(), config.get_ports().len()), (2, 3));
}

#[test]
fn what_the_system_trusts_is_only_for_verified_names() {
    let system = TlsParameters {
        mode: Some(SslMode::VerifyFull),
        roots: Some(Roots::System),
        identity: None,
    };
    assert_eq!(tls("sslrootcert=system"), system);
    assert_eq!(tls("sslrootcert=system&sslmode=verify-full"), system);
}

#[test]
fn refusals_name_the_parameter_and_what_is_allowed_and_never_the_url() {
    let cases = [
        ("sslmode=allow", "sslmode=MODE, one of disable, prefer, require, verify-ca, verify-full"),
        ("sslmode=", "sslmode=MODE"),
        ("sslmode=Require", "sslmode=MODE"),
        ("sslmode=require&sslrootcert=system", "sslmode=verify-full with sslrootcert=system"),
        ("sslmode=verify-ca", "sslrootcert=FILE with sslmode=verify-ca"),
        ("sslcert=/c", "sslcert=FILE and sslkey=FILE together"),
        ("sslkey=/k", "sslcert=FILE and sslkey=FILE together"),
        ("sslpassword=x", "sslkey has to be a key without a passphrase"),
        ("channel_binding=on", "channel_binding=disable, prefer or require"),
        ("sslmode=disable&channel_binding=require", "no channel_binding=require"),
        ("sslnegotiation=direct", "sslnegotiation=postgres"),
        ("hostaddr=127.0.0.1,127.0.0.2", "as many addresses in hostaddr"),
        ("sslcrl=/c", "no sslcrl: of TLS there are sslmode"),
        ("no_such=x", "a parameter that is not known"),
        ("sslmode=%ff", "UTF-8"),
    ];
    for (parameters, allowed) in cases {
        let url = format!("postgres://u:hunter2@h/d?{parameters}");
        let message = DatabaseUrl::parse(&url).unwrap_err();
        assert!(message.contains(allowed), "{parameters}: {message}");
        assert!(!message.contains("hunter2"), "{message}");
    }
    let part = DatabaseUrl::parse("postgres://u:p@ss?hunter2=x@h/d").unwrap_err();
    assert!(!part.contains("hunter2"), "{part}");
    let hidden = DatabaseUrl::parse("postgres://u:h?a/b@h/d?sslmode=require").unwrap_err();
    assert!(hidden.contains("percent-encoded"), "{hidden}");
}
