//! A start that a runtime does not wait for.

use std::thread;

use tokio::sync::oneshot;

use crate::EmbeddedError;

/// Runs `start`, which blocks, on a thread of its own. A blocking task would not do: a runtime waits for those
/// before it ends.
///
/// # Errors
/// The error of `start`; [`EmbeddedError::Halted`] if it panicked.
pub async fn start_aside<T: Send + 'static>(
    start: impl Fn() -> Result<T, EmbeddedError> + Clone + Send + 'static,
) -> Result<T, EmbeddedError> {
    let (done, started) = oneshot::channel();
    let on_thread = start.clone();
    let thread = thread::Builder::new().name("database".to_owned()).spawn(move || {
        // Nobody waits for it any more.
        let _ = done.send(on_thread());
    });
    match thread {
        Ok(_) => started.await.unwrap_or(Err(EmbeddedError::Halted)),
        Err(_) => start(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_start_has_a_thread_of_its_own_and_a_panic_is_no_answer() {
        let named = start_aside(|| Ok(thread::current().name().map(str::to_owned))).await;
        assert_eq!(named.expect("started").as_deref(), Some("database"));
        let panicked = start_aside(|| -> Result<(), _> { panic!("a planned panic") }).await;
        assert_eq!(panicked.expect_err("no server").kind(), "halted");
    }
}
