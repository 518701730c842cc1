//! How much each client has sent lately, for at most 10,000 clients.

use std::{
    collections::{HashMap, hash_map::Entry},
    hash::BuildHasher as _,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use governor::{
    nanos::Nanos,
    state::{StateStore, keyed::ShrinkableKeyedStateStore},
};
use sectorwatch_access::{AddressKey, MOST_TOKENS};

/// The most clients that have a bucket of their own. Some hundred bytes each.
const MOST_CLIENTS: usize = 10_000;
/// Tokens always have room, so that a crowd without tokens is never a reason to share one's bucket.
const MOST_ADDRESSES: usize = MOST_CLIENTS - MOST_TOKENS;
/// Addresses beyond the limit share these.
const SHARED: usize = 256;

/// Whose requests are counted together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Client {
    /// A valid token, by its name.
    Token(Arc<str>),
    /// Anybody else, by the address.
    Address(AddressKey),
}

/// The buckets. A bucket is the time at which it will be full again. Clones share them.
#[derive(Clone)]
pub struct Buckets(Arc<Mutex<Inner>>);

struct Inner {
    own: HashMap<Client, Nanos>,
    shared: [Option<Nanos>; SHARED],
}

impl Buckets {
    /// No client has sent anything.
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new(Inner { own: HashMap::new(), shared: [None; SHARED] })))
    }

    /// Whether a new address has to share a bucket, unless others are removed.
    pub fn are_full(&self) -> bool {
        self.lock().own.len() >= MOST_ADDRESSES
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // Numbers are valid after any panic.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl StateStore for Buckets {
    type Key = Client;

    fn measure_and_replace<T, F, E>(&self, client: &Client, measure: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let inner = &mut *self.lock();
        let (is_full, hash) =
            (inner.own.len() >= MOST_ADDRESSES, inner.own.hasher().hash_one(client));
        let has_room = !is_full || matches!(client, Client::Token(_));
        let (outcome, full_at) = match inner.own.entry(client.clone()) {
            Entry::Occupied(mut own) => {
                let (outcome, full_at) = measure(Some(*own.get()))?;
                own.insert(full_at);
                return Ok(outcome);
            }
            Entry::Vacant(vacant) if has_room => {
                let (outcome, full_at) = measure(None)?;
                vacant.insert(full_at);
                return Ok(outcome);
            }
            Entry::Vacant(_) => measure(inner.shared[index(hash)])?,
        };
        inner.shared[index(hash)] = Some(full_at);
        Ok(outcome)
    }
}

/// The shared bucket of a client.
fn index(hash: u64) -> usize {
    usize::try_from(hash % SHARED as u64).unwrap_or_default()
}

impl ShrinkableKeyedStateStore<Client> for Buckets {
    /// Removes buckets that are full: a new one would be the same.
    fn retain_recent(&self, drop_below: Nanos) {
        self.lock().own.retain(|_, full_at| *full_at > drop_below);
    }

    fn len(&self) -> usize {
        self.lock().own.len()
    }

    fn is_empty(&self) -> bool {
        self.lock().own.is_empty()
    }
}
