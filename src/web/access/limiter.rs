//! The rate limit: a bucket of requests for each client, which fills up again at the rate.

use std::{
    num::NonZeroU32,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use governor::{
    Quota, RateLimiter,
    clock::{Clock, MonotonicClock, Reference as _},
    middleware::NoOpMiddleware,
};
use sectorwatch_access::Rate;

use super::buckets::Buckets;
pub use super::buckets::Client;

/// The time between two searches for full buckets, which look at all of them.
const SWEEP_EVERY: Duration = Duration::from_secs(1);

/// Counts requests by client.
pub struct Limiter<C: Clock = MonotonicClock> {
    limiter: RateLimiter<Client, Buckets, C, NoOpMiddleware<C::Instant>>,
    buckets: Buckets,
    clock: C,
    swept_at: Mutex<Option<C::Instant>>,
}

impl Limiter {
    /// A limit by the clock of the machine.
    pub fn new(rate: Rate, burst: NonZeroU32) -> Self {
        Self::by(MonotonicClock, rate, burst)
    }
}

impl<C: Clock + Clone> Limiter<C> {
    fn by(clock: C, rate: Rate, burst: NonZeroU32) -> Self {
        let quota = Quota::per_second(rate.per_second()).allow_burst(burst);
        let buckets = Buckets::new();
        let limiter = RateLimiter::new(quota, buckets.clone(), clock.clone());
        Self { limiter, buckets, clock, swept_at: Mutex::new(None) }
    }

    /// Counts a request of this client.
    ///
    /// # Errors
    /// The client has sent too many; it may send the next one after this time.
    pub fn check(&self, client: &Client) -> Result<(), Duration> {
        if self.buckets.are_full() {
            self.sweep();
        }
        let checked = self.limiter.check_key(client);
        checked.map_err(|not_until| not_until.wait_time_from(self.clock.now()))
    }

    fn sweep(&self) {
        let now = self.clock.now();
        let mut swept_at = self.swept_at.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = |at: C::Instant| Duration::from(now.duration_since(at)) >= SWEEP_EVERY;
        if swept_at.is_none_or(is_due) {
            *swept_at = Some(now);
            self.limiter.retain_recent();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use governor::clock::FakeRelativeClock;
    use sectorwatch_access::AddressKey;

    use super::*;

    fn limiter(rate: &str, burst: u32) -> (FakeRelativeClock, Limiter<FakeRelativeClock>) {
        let clock = FakeRelativeClock::default();
        let burst = NonZeroU32::new(burst).expect("a burst");
        let limiter = Limiter::by(clock.clone(), Rate::read(rate).expect("a rate"), burst);
        (clock, limiter)
    }

    fn address(number: u32) -> Client {
        Client::Address(AddressKey::of(IpAddr::V4(Ipv4Addr::from_bits(number))))
    }

    fn passed<C: Clock + Clone>(limiter: &Limiter<C>, client: &Client, requests: usize) -> usize {
        (0..requests).filter(|_| limiter.check(client).is_ok()).count()
    }

    #[test]
    fn a_client_may_send_a_burst_and_then_as_many_as_the_rate_says() {
        let (clock, limiter) = limiter("2/s", 5);
        let (one, other) = (address(1), Client::Token("bot".into()));
        assert_eq!(passed(&limiter, &one, 9), 5);
        assert_eq!(passed(&limiter, &other, 9), 5, "each client has its own");
        assert_eq!(limiter.check(&one), Err(Duration::from_millis(500)));
        clock.advance(Duration::from_millis(499));
        assert_eq!(limiter.check(&one), Err(Duration::from_millis(1)));
        clock.advance(Duration::from_millis(1));
        assert_eq!(passed(&limiter, &one, 2), 1);
        clock.advance(Duration::from_secs(60));
        assert_eq!(passed(&limiter, &one, 9), 5, "no more than a burst is saved up");
    }

    #[test]
    fn ten_thousand_clients_are_known_and_those_that_are_silent_make_room() {
        let (clock, limiter) = limiter("1/s", 2);
        let token = Client::Token("bot".into());
        for number in 0..9_000 {
            assert_eq!(limiter.check(&address(number)), Ok(()));
        }
        // A crowd beyond that shares 256 buckets of 2, and a token is not one of the crowd.
        let crowd = (9_000..29_000).filter(|number| limiter.check(&address(*number)).is_ok());
        assert_eq!(crowd.count(), 512);
        assert_eq!(passed(&limiter, &token, 3), 2);
        assert_eq!(passed(&limiter, &address(17), 3), 1, "who was first keeps a bucket");
        assert_eq!(limiter.limiter.len(), 9_001);
        clock.advance(Duration::from_secs(3));
        assert_eq!(passed(&limiter, &address(50_000), 3), 2, "the others are silent");
        assert_eq!(limiter.limiter.len(), 1);
    }
}
