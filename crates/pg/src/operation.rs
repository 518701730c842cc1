//! One cycle, request or job: how it is known that whoever took a connection is gone.

use std::sync::{Arc, Weak};

tokio::task_local! {
    static RUNNING: Arc<()>;
}

/// Runs one operation. Leases taken in it belong to it: one that is still out when the operation
/// ended or was dropped, while its scope never ended, was forgotten.
pub async fn operation<T>(work: impl Future<Output = T>) -> T {
    RUNNING.scope(Arc::new(()), work).await
}

/// The operation that the caller runs in, alive as long as it runs.
pub(crate) fn running() -> Option<Weak<()>> {
    RUNNING.try_with(Arc::downgrade).ok()
}
