//! What is served, for whoever asks at the root.

/// Paths, and what each answers.
pub const ENDPOINTS: [(&str, &str); 6] = [
    ("/", "how the service is, for people"),
    ("/api/status", "the same for programs: ?format=json|html|text, ?always200=1"),
    ("/api/flights/{callsign}", "the latest flights of a callsign, with visits and positions"),
    ("/metrics", "figures for Prometheus"),
    ("/livez", "whether the process should go on living"),
    ("/readyz", "whether it can serve"),
];
