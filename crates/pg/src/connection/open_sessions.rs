//! All sessions of this process on one server, by the process ids of their backends: what the audit
//! compares the server's own list with.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use super::wire::Wire;

/// Ids of sessions that ended lately, by which an orphan is told from a stranger.
const ENDED_KEPT: usize = 256;

/// The sessions of one server. Cloning shares it.
#[derive(Debug, Clone, Default)]
pub struct OpenSessions(Arc<Book>);

#[derive(Debug, Default)]
struct Book {
    sessions: Mutex<Sessions>,
    is_pooled: AtomicBool,
}

#[derive(Debug, Default)]
struct Sessions {
    open: BTreeMap<i32, Arc<Session>>,
    ended: VecDeque<(i32, Role)>,
    /// Those of them that were given up, because the server was late: they may still be there.
    given_up: BTreeSet<i32>,
    /// Sessions that are being opened, of which only the server has the id.
    dialling: usize,
}

/// What a session is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It belongs to a pool, which lends it.
    Pooled(&'static str),
    /// It belongs to one task, such as the audit.
    System,
}

#[derive(Debug)]
struct Session {
    role: Role,
    borrowed: Mutex<Borrowed>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Borrowed {
    /// How often it was lent or came back: odd while it is lent.
    moves: u64,
    /// The newest borrower.
    owner: Option<&'static str>,
}

/// A session as the list has it at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed {
    /// What it is for.
    pub role: Role,
    /// As on the list: odd while it is lent.
    pub moves: u64,
    /// Who has it, or had it last; `None` when nobody ever had.
    pub owner: Option<&'static str>,
}

/// A place on the list, for as long as this is kept.
#[derive(Debug)]
pub struct Enlisted {
    open_sessions: OpenSessions,
    pid: Option<i32>,
    session: Arc<Session>,
    wire: Wire,
}

/// A session that is being opened, for as long as this is kept.
#[derive(Debug)]
pub struct Dialling(OpenSessions);

impl OpenSessions {
    /// A session is about to be opened.
    pub fn dialling(&self) -> Dialling {
        self.sessions().dialling += 1;
        Dialling(self.clone())
    }

    /// Enters a session; without an id it is as if not there. One whose id is not that of its
    /// greeting is a pooler's.
    pub fn enlist(&self, pid: Option<i32>, role: Role, wire: Wire) -> Enlisted {
        if pid != wire.greeted_as() {
            self.0.is_pooled.store(true, Ordering::SeqCst);
        }
        let session = Arc::new(Session { role, borrowed: Mutex::default() });
        if let Some(pid) = pid {
            let mut sessions = self.sessions();
            sessions.given_up.remove(&pid);
            sessions.open.insert(pid, session.clone());
        }
        Enlisted { open_sessions: self.clone(), pid, session, wire }
    }

    /// Whether a pooler gives us its sessions: it may give them to others, too, under our name.
    pub fn is_pooled(&self) -> bool {
        self.0.is_pooled.load(Ordering::SeqCst)
    }

    /// Whether a session is being opened, so that the server may have one that is not entered yet.
    pub fn is_dialling(&self) -> bool {
        self.sessions().dialling > 0
    }

    /// Sessions that were given up lately. The server may not know that yet.
    pub fn given_up(&self) -> BTreeSet<i32> {
        self.sessions().given_up.clone()
    }

    /// All sessions now.
    pub fn listed(&self) -> BTreeMap<i32, Listed> {
        let sessions = self.sessions();
        let listed = sessions.open.iter().map(|(pid, session)| (*pid, session.listed()));
        listed.collect()
    }

    /// What a session was for that ended lately.
    pub fn ended(&self, pid: i32) -> Option<Role> {
        let sessions = self.sessions();
        let newest = sessions.ended.iter().rev().find(|(ended, _)| *ended == pid);
        newest.map(|(_, role)| *role)
    }

    fn sessions(&self) -> MutexGuard<'_, Sessions> {
        self.0.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Session {
    fn listed(&self) -> Listed {
        let Borrowed { moves, owner } = *self.borrowed();
        Listed { role: self.role, moves, owner }
    }

    fn borrowed(&self) -> MutexGuard<'_, Borrowed> {
        self.borrowed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Listed {
    /// Whether somebody has it.
    pub fn is_lent(&self) -> bool {
        self.moves % 2 == 1
    }
}

impl Enlisted {
    /// Process id of the backend.
    pub fn pid(&self) -> Option<i32> {
        self.pid
    }

    /// Somebody took it.
    pub fn lent_to(&self, owner: &'static str) {
        let mut borrowed = self.session.borrowed();
        borrowed.owner = Some(owner);
        borrowed.moves += 1;
    }

    /// It came back.
    pub fn returned(&self) {
        self.session.borrowed().moves += 1;
    }
}

impl Drop for Dialling {
    fn drop(&mut self) {
        self.0.sessions().dialling -= 1;
    }
}

impl Drop for Enlisted {
    fn drop(&mut self) {
        let Some(pid) = self.pid else { return };
        let mut sessions = self.open_sessions.sessions();
        // The server may have given the id to a newer session of ours already.
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
