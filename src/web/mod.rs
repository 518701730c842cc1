//! HTTP: metrics, status, probes, and history. Reads what the poller publishes, and `store::read`.
