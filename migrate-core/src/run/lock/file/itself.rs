//! A lock on a SQLite file itself: a file with two names, by a hard link or a mount of the single file, would have two lock
//! files.
//!
//! It uses `flock`, which on Linux is independent of SQLite's locks on the same file. On other systems and on network file
//! systems they may conflict, so there it is not used.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fs::{self, File, TryLockError};
use std::io;
use std::os::linux::fs::MetadataExt as _;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The identity of a file: its device and inode.
type Id = (u64, u64);

/// A file that was opened for its lock. It is never closed, because a process that closes a file loses all of SQLite's locks
/// on it, on any connection.
struct Opened {
    file: File,
    held: bool,
}

/// The files that this process has opened for their locks.
static OPENED: Mutex<BTreeMap<Id, Opened>> = Mutex::new(BTreeMap::new());

/// Held until it is dropped.
#[derive(Debug)]
pub(in crate::run::lock) struct Itself(Id);

impl Drop for Itself {
    fn drop(&mut self) {
        if let Some(opened) = opened().get_mut(&self.0) {
            opened.held = false;
            // It is released when the process ends at the latest.
            opened.file.unlock().ok();
        }
    }
}

/// The result of trying to acquire the lock.
#[derive(Debug)]
pub(in crate::run::lock) enum Attempt {
    Had(Itself),
    /// Another process holds it, with this id if that is known.
    Held(Option<i64>),
    /// This lock is not possible here.
    None,
}

fn opened() -> MutexGuard<'static, BTreeMap<Id, Opened>> {
    OPENED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Acquires the lock of a file, unless another run holds it.
pub(in crate::run::lock) fn try_lock(path: &Path) -> io::Result<Attempt> {
    let Some(id) = identify(path)? else { return Ok(Attempt::None) };
    let mut all = opened();
    let opened = open(&mut all, id, path)?;
    if opened.held {
        return Ok(Attempt::Held(Some(std::process::id().into())));
    }
    match opened.file.try_lock() {
        Ok(()) => {
            opened.held = true;
            Ok(Attempt::Had(Itself(id)))
        }
        Err(TryLockError::WouldBlock) => Ok(Attempt::Held(holder_in(id))),
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
            Ok(Attempt::None)
        }
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Checks whether another run holds the lock. A process that tries to acquire it at the same moment has to retry.
pub(in crate::run::lock) fn look(path: &Path) -> io::Result<Attempt> {
    // If it is acquired, it is released at once.
    try_lock(path)
}

fn open<'a>(all: &'a mut BTreeMap<Id, Opened>, id: Id, path: &Path) -> io::Result<&'a mut Opened> {
    match all.entry(id) {
        Entry::Occupied(found) => Ok(found.into_mut()),
        Entry::Vacant(place) => Ok(place.insert(Opened { file: File::open(path)?, held: false })),
    }
}

/// Returns the identity of a file; `None` where its lock could conflict with SQLite's.
fn identify(path: &Path) -> io::Result<Option<Id>> {
    let found = fs::metadata(path)?;
    let id = (found.st_dev(), found.st_ino());
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    Ok(Some(id).filter(|_| !is_far(&mounts, found.st_dev())))
}

/// Returns whether a device belongs to another machine, according to the table of mounts.
fn is_far(mounts: &str, device: u64) -> bool {
    const FAR: [&str; 8] = ["nfs", "cifs", "smb", "9p", "afs", "ceph", "fuse", "gfs"];
    let number = format!("{}:{}", major(device), minor(device));
    let mut of_device = mounts.lines().filter(|line| line.split(' ').nth(2) == Some(&number));
    let kind = of_device.find_map(|line| line.split_once(" - ")?.1.split(' ').next());
    kind.is_some_and(|kind| FAR.iter().any(|far| kind.starts_with(far)))
}

const fn major(device: u64) -> u64 {
    (device >> 8) & 0xfff | (device >> 32) & !0xfff
}

const fn minor(device: u64) -> u64 {
    device & 0xff | (device >> 12) & !0xff
}

fn holder_in((_, number): Id) -> Option<i64> {
    holder(&fs::read_to_string("/proc/locks").ok()?, number)
}

/// Returns the process that holds a lock on the file with this inode, according to the system's table of locks.
fn holder(locks: &str, number: u64) -> Option<i64> {
    let of_file = |line: &&str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let place = words.get(5).and_then(|place| place.rsplit(':').next());
        words.get(1) == Some(&"FLOCK") && place.and_then(|place| place.parse().ok()) == Some(number)
    };
    let line = locks.lines().find(of_file)?;
    line.split_whitespace().nth(4)?.parse().ok().filter(|pid| *pid > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_holder_is_read_off_the_table_of_locks() {
        let locks = "1: POSIX  ADVISORY  READ 12 08:01:131 128 128\n\
                     2: FLOCK  ADVISORY  WRITE 345 08:01:131 0 EOF\n\
                     3: FLOCK  ADVISORY  WRITE 0 08:01:7 0 EOF\n";
        assert_eq!(holder(locks, 131), Some(345));
        assert_eq!(holder(locks, 7), None);
        assert_eq!(holder(locks, 1), None);
    }

    #[test]
    fn a_file_system_of_a_network_is_known() {
        let mounts = "36 35 98:0 / /mnt rw,noatime shared:1 - ext4 /dev/root rw\n\
                      40 35 0:52 / /far rw shared:2 - nfs4 server:/export rw\n";
        assert!(!is_far(mounts, 98 << 8));
        assert!(is_far(mounts, 52));
        assert!(!is_far(mounts, 53));
    }

    #[test]
    fn a_file_under_two_names_is_locked_once() {
        let folder = std::env::temp_dir().join(format!("migrate-itself-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let (one, two) = (folder.join("one"), folder.join("two"));
        fs::write(&one, "").unwrap();
        fs::remove_file(&two).ok();
        fs::hard_link(&one, &two).unwrap();
        if let Attempt::Had(held) = try_lock(&one).unwrap() {
            assert!(matches!(try_lock(&two).unwrap(), Attempt::Held(Some(_))));
            drop(held);
            assert!(matches!(try_lock(&two).unwrap(), Attempt::Had(_)));
        }
        fs::remove_dir_all(&folder).unwrap();
    }
}
