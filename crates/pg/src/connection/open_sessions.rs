//! All sessions of this process on one server, by the process ids of their backends. The audit compares the
//! server's list with it.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

use super::wire::Wire;

/// The number of ended sessions that are remembered, to tell an orphan from a stranger; and of abandoned ones.
const ENDED_KEPT: usize = 256;

/// The sessions of one server. Clones share the list.
#[derive(Debug, Clone, Default)]
pub struct OpenSessions(Arc<ServerSessions>);

#[derive(Debug, Default)]
struct ServerSessions {
    sessions: Mutex<SessionList>,
    is_pooled: AtomicBool,
}

#[derive(Debug, Default)]
struct SessionList {
    open: BTreeMap<i32, Arc<SessionEntry>>,
    ended: VecDeque<(i32, Role)>,
    /// Sessions that were given up because the server was late. They may still exist there.
    given_up: BTreeSet<i32>,
    /// The number of sessions being opened, whose process id only the server knows.
    dialling: usize,
    /// From when to when sessions were being opened that never became ours. The server may still have them.
    abandoned: VecDeque<(Instant, Instant)>,
}

/// The purpose of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It belongs to this pool, which lends it.
    Pooled(&'static str),
    /// It belongs to a single task, such as the audit.
    System,
}

#[derive(Debug)]
struct SessionEntry {
    role: Role,
    borrowed: Mutex<Borrowed>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Borrowed {
    /// How often it was lent or returned; odd while it is lent.
    moves: u64,
    /// The latest owner.
    owner: Option<&'static str>,
}

/// An entry of the list at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed {
    /// The purpose of the session.
    pub role: Role,
    /// How often it was lent or returned; odd while it is lent.
    pub moves: u64,
    /// The owner that has it, or had it last; `None` before the first.
    pub owner: Option<&'static str>,
}

/// An entry in the list, which is removed when this is dropped.
#[derive(Debug)]
pub struct Enlisted {
    open_sessions: OpenSessions,
    pid: Option<i32>,
    session: Arc<SessionEntry>,
    wire: Wire,
}

/// A session that is being opened, until it is listed or abandoned: until this is dropped.
#[derive(Debug)]
pub struct Dialling {
    open_sessions: OpenSessions,
    since: Instant,
    is_listed: bool,
}

impl OpenSessions {
    /// Records that a session is about to be opened.
    pub fn dialling(&self) -> Dialling {
        self.sessions().dialling += 1;
        Dialling { open_sessions: self.clone(), since: Instant::now(), is_listed: false }
    }

    /// Adds a session. Without a process id it is not listed. If the id differs from that of the startup, a
    /// pooler lends the session.
    pub fn enlist(&self, pid: Option<i32>, role: Role, wire: Wire) -> Enlisted {
        if pid != wire.greeted_as() {
            self.0.is_pooled.store(true, Ordering::SeqCst);
        }
        let session = Arc::new(SessionEntry { role, borrowed: Mutex::default() });
        if let Some(pid) = pid {
            let mut sessions = self.sessions();
            sessions.given_up.remove(&pid);
            sessions.open.insert(pid, session.clone());
        }
        Enlisted { open_sessions: self.clone(), pid, session, wire }
    }

    /// Whether a pooler lends these sessions. It may lend them to others too, under our name.
    pub fn is_pooled(&self) -> bool {
        self.0.is_pooled.load(Ordering::SeqCst)
    }

    /// Whether a session is being opened, so that the server may have one that is not listed yet.
    pub fn is_dialling(&self) -> bool {
        self.sessions().dialling > 0
    }

    /// Sessions that were recently given up. The server may not know that yet.
    pub fn given_up(&self) -> BTreeSet<i32> {
        self.sessions().given_up.clone()
    }

    /// Whether a session that the server began between these times may be one that was abandoned while it was
    /// being opened.
    pub fn has_abandoned(&self, earliest: Instant, latest: Instant) -> bool {
        let sessions = self.sessions();
        sessions.abandoned.iter().any(|(from, to)| *from <= latest && earliest <= *to)
    }

    /// All sessions at this moment.
    pub fn listed(&self) -> BTreeMap<i32, Listed> {
        let sessions = self.sessions();
        let listed = sessions.open.iter().map(|(pid, session)| (*pid, session.listed()));
        listed.collect()
    }

    /// The purpose of a session that recently ended.
    pub fn ended(&self, pid: i32) -> Option<Role> {
        let sessions = self.sessions();
        let newest = sessions.ended.iter().rev().find(|(ended, _)| *ended == pid);
        newest.map(|(_, role)| *role)
    }

    fn sessions(&self) -> MutexGuard<'_, SessionList> {
        self.0.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SessionEntry {
    fn listed(&self) -> Listed {
        let Borrowed { moves, owner } = *self.borrowed();
        Listed { role: self.role, moves, owner }
    }

    fn borrowed(&self) -> MutexGuard<'_, Borrowed> {
        self.borrowed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Listed {
    /// Whether it is lent.
    pub fn is_lent(&self) -> bool {
        self.moves % 2 == 1
    }
}

impl Enlisted {
    /// The process id of the backend.
    pub fn pid(&self) -> Option<i32> {
        self.pid
    }

    /// Records that it was lent.
    pub fn lent_to(&self, owner: &'static str) {
        let mut borrowed = self.session.borrowed();
        borrowed.owner = Some(owner);
        borrowed.moves += 1;
    }

    /// Records that it was returned.
    pub fn returned(&self) {
        self.session.borrowed().moves += 1;
    }
}

impl Dialling {
    /// Records that the session is listed.
    pub fn listed(mut self) {
        self.is_listed = true;
    }
}

impl Drop for Dialling {
    fn drop(&mut self) {
        let mut sessions = self.open_sessions.sessions();
        sessions.dialling -= 1;
        if !self.is_listed {
            sessions.abandoned.truncate(ENDED_KEPT - 1);
            sessions.abandoned.push_front((self.since, Instant::now()));
        }
    }
}

impl Drop for Enlisted {
    fn drop(&mut self) {
        let Some(pid) = self.pid else { return };
        let mut sessions = self.open_sessions.sessions();
        // The server may already have given the id to a newer session of ours.
        let is_this = sessions.open.get(&pid).is_some_and(|it| Arc::ptr_eq(it, &self.session));
        if is_this {
            sessions.open.remove(&pid);
        }
        sessions.ended.push_back((pid, self.session.role));
        if self.wire.is_late() {
            sessions.given_up.insert(pid);
        }
        if sessions.ended.len() > ENDED_KEPT
            && let Some((oldest, _)) = sessions.ended.pop_front()
        {
            sessions.given_up.remove(&oldest);
        }
    }
}
