//! An operation is one request or job. Its end shows that the code that took a connection is gone.

use std::sync::{Arc, Weak};

tokio::task_local! {
    static RUNNING: Arc<()>;
}

/// Runs an operation. Leases that are taken in it belong to it: a lease that is out after the operation ended
/// or was dropped, and whose scope never ended, was forgotten.
pub async fn operation<T>(work: impl Future<Output = T>) -> T {
    RUNNING.scope(Arc::new(()), work).await
}

/// The current operation, alive as long as it runs.
pub(crate) fn running() -> Option<Weak<()>> {
    RUNNING.try_with(Arc::downgrade).ok()
}
