//! The key of the digests that identify forgotten members.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use hmac::{Hmac, KeyInit as _, Mac as _};
use rand::Rng as _;
use sha2::Sha256;

use crate::secret::Secret;

const SETTING: &str = "SECTORWATCH_FORGET_KEY";
/// The text with the digest that identifies a key. No member id is written like it.
const CHECKED: &str = "sectorwatch";

/// Where the key comes from. It is outside the database, so that no copy of the database reveals who was
/// forgotten.
#[derive(Debug, Clone, Default)]
pub struct KeyLocation {
    /// Setting `SECTORWATCH_FORGET_KEY`.
    pub given: Option<Secret>,
    /// The file with the key if the setting is not given. It is created when the first member is forgotten.
    pub file: PathBuf,
}

/// The secret key of the digests.
#[derive(Clone)]
pub struct Key(Hmac<Sha256>);

/// Why there is no usable key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file exists and cannot be read.
    #[error("the key of forgotten members, {}, cannot be read; {SETTING} may hold it instead", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// The system's error.
        #[source]
        source: io::Error,
    },
    /// The file cannot be created.
    #[error("the key of forgotten members cannot be kept in {}; set {SETTING} instead", file.display())]
    Unwritable {
        /// The file.
        file: PathBuf,
        /// The system's error.
        #[source]
        source: io::Error,
    },
    /// The file holds no key.
    #[error("the key of forgotten members is empty: look at {SETTING} and {}", file.display())]
    Empty {
        /// The file.
        file: PathBuf,
    },
    /// Members were forgotten, and their key is missing.
    #[error(
        "members were forgotten in this database, and their key is not here: put it into {SETTING}, or back \
         into {}",
        file.display()
    )]
    Missing {
        /// The expected file.
        file: PathBuf,
    },
    /// Members were forgotten with another key.
    #[error(
        "members were forgotten in this database with another key than that of {origin}: put theirs into \
         {SETTING}, or back into the data directory"
    )]
    Wrong {
        /// Where this key comes from.
        origin: String,
    },
}

impl KeyLocation {
    /// Returns the key, if there is one yet.
    pub fn find(&self) -> Result<Option<Key>, KeyError> {
        let text = match &self.given {
            Some(given) => given.expose().to_owned(),
            None => match fs::read_to_string(&self.file) {
                Ok(text) => text,
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                Err(source) => {
                    return Err(KeyError::Unreadable { file: self.file.clone(), source });
                }
            },
        };
        Key::of(text.trim()).map(Some).ok_or_else(|| KeyError::Empty { file: self.file.clone() })
    }

    /// Returns the key, and creates it if there is none.
    pub fn find_or_make(&self) -> Result<Key, KeyError> {
        if let Some(key) = self.find()? {
            return Ok(key);
        }
        let unwritable = |source| KeyError::Unwritable { file: self.file.clone(), source };
        make(&self.file).map_err(unwritable)?;
        self.find()?.ok_or_else(|| self.missing())
    }

    /// The error for a missing key.
    pub fn missing(&self) -> KeyError {
        KeyError::Missing { file: self.file.clone() }
    }

    /// The error for a key other than that of the forgotten members.
    pub fn wrong(&self) -> KeyError {
        let file = || self.file.display().to_string();
        KeyError::Wrong { origin: self.given.as_ref().map_or_else(file, |_| SETTING.to_owned()) }
    }
}

/// Creates the file completely or not at all, and never overwrites one.
fn make(file: &Path) -> io::Result<()> {
    if let Some(parent) = file.parent() {
        fs::create_dir_all(parent)?;
    }
    let bytes: [u8; 32] = rand::rng().random();
    let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let draft = file.with_extension(format!("key-{}", std::process::id()));
    let written = File::options().write(true).create_new(true).mode(0o600).open(&draft);
    let written = written.and_then(|mut draft| {
        writeln!(draft, "{text}")?;
        draft.sync_all()
    });
    let linked = written.and_then(|()| fs::hard_link(&draft, file));
    fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        linked => linked,
    }
}

impl Key {
    fn of(text: &str) -> Option<Self> {
        let mac = Hmac::new_from_slice(text.as_bytes()).ok()?;
        (!text.is_empty()).then_some(Self(mac))
    }

    /// The digest that identifies a member.
    pub fn digest_of(&self, cid: i32) -> Vec<u8> {
        self.digest(&cid.to_string())
    }

    /// The digest that identifies this key.
    pub fn check(&self) -> Vec<u8> {
        self.digest(CHECKED)
    }

    fn digest(&self, text: &str) -> Vec<u8> {
        let mut mac = self.0.clone();
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().to_vec()
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn source(given: Option<&str>, file: &Path) -> KeyLocation {
        KeyLocation { given: given.map(Secret::new), file: file.to_owned() }
    }

    #[test]
    fn a_key_is_made_once_for_its_owner_alone_and_found_again() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("data/forget.key");
        let keys = source(None, &file);
        assert!(keys.find().unwrap().is_none());
        let digest = keys.find_or_make().unwrap().digest_of(1_234_567);
        assert_eq!(keys.find_or_make().unwrap().digest_of(1_234_567), digest);
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(file.parent().unwrap()).unwrap().count(), 1, "no draft stays");
        let text = fs::read_to_string(&file).unwrap();
        let elsewhere = source(Some(text.trim()), Path::new("/nowhere"));
        assert_eq!(elsewhere.find_or_make().unwrap().digest_of(1_234_567), digest);
        let other = source(Some("0123456789abcdef"), &file).find_or_make().unwrap();
        assert_ne!(other.digest_of(1_234_567), digest);
        assert_ne!(other.check(), elsewhere.find_or_make().unwrap().check());
    }

    #[test]
    fn what_is_no_key_is_told_with_the_setting() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("forget.key"), "\n").unwrap();
        for file in ["forget.key", "forget.key/below"] {
            let keys = source(None, &dir.path().join(file));
            let Err(error) = keys.find_or_make() else { panic!("{file} is a key") };
            assert!(error.to_string().contains(SETTING), "{error}");
        }
    }

    /// Computed independently: RFC 2104 with SHA-256.
    #[test]
    fn a_digest_is_the_hmac_of_the_digits() {
        let keys = source(Some("0123456789abcdef"), Path::new("/nowhere"));
        let digest = keys.find().unwrap().unwrap().digest_of(1);
        let text: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(text, "6f51b61a3db920f1cbe06a4c38501bc0b002ebaf9ceab835ca0a6f899817de7a");
    }
}
