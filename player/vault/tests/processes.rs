//! Several processes, and the ends that processes come to: killed at any moment, out of disk space, in each
//! other's way.
//!
//! The other processes are this same test program, started again with a role; see [`child`].
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where its own preparation fails")]

mod support;

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use playsheet_vault::{Error, Vault};
use support::{FolderStore, blobs, copy, get, noise, put};

const ROLE: &str = "PLAYSHEET_VAULT_TEST_ROLE";
const FOLDER: &str = "PLAYSHEET_VAULT_TEST_FOLDER";

/// Where a vault and its secret store lie side by side.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        fs::create_dir(place.0.path().join("secrets")).unwrap();
        place
    }

    fn open(&self) -> Vault {
        open(self.0.path()).unwrap()
    }

    fn vault_dir(&self) -> PathBuf {
        self.0.path().join("vault")
    }

    fn start(&self, role: &str) -> Child {
        command(std::env::current_exe().unwrap(), self.0.path(), role)
            .arg("--exact")
            .arg("child")
            .spawn()
            .unwrap()
    }
}

fn open(folder: &Path) -> Result<Vault, Error> {
    Vault::open_or_create(&folder.join("vault"), Arc::new(FolderStore(folder.join("secrets"))))
}

fn command(program: impl AsRef<std::ffi::OsStr>, folder: &Path, role: &str) -> Command {
    let mut command = Command::new(program);
    command.args(["--nocapture", "--test-threads=1"]);
    command.env(ROLE, role).env(FOLDER, folder).stdout(Stdio::piped()).stderr(Stdio::inherit());
    command
}

/// The part of the other processes. Without a role, which is how the test program itself runs it, it checks that
/// roles are known.
#[test]
fn child() {
    let Ok(role) = std::env::var(ROLE) else {
        assert!(play("no such role", Path::new("")).is_none());
        return;
    };
    let folder = PathBuf::from(std::env::var_os(FOLDER).unwrap());
    play(&role, &folder).unwrap();
}

fn play(role: &str, folder: &Path) -> Option<()> {
    match role {
        "write for ever" => write_for_ever(folder),
        "write too much" => write_too_much(folder),
        "add one hundred" => add_one_hundred(folder),
        "hold the lock" => hold_the_lock(folder),
        _ => return None,
    }
    Some(())
}

/// Says a word to the parent.
fn say(word: impl std::fmt::Display) {
    println!("said {word}");
    std::io::stdout().flush().unwrap();
}

/// The words that a child said and is going to say.
fn words(child: &mut Child) -> impl Iterator<Item = String> + use<> {
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    lines.map_while(Result::ok).filter_map(|line| Some(line.split_once("said ")?.1.to_owned()))
}

/// The two records that always change together, for a round.
fn round_bytes(round: u64) -> (Vec<u8>, Vec<u8>) {
    let mut small = round.to_be_bytes().to_vec();
    small.extend(noise(round, 100));
    (small, noise(round, 150_000))
}

fn round_of(vault: &Vault) -> u64 {
    let small = get(vault, "app", "small").unwrap();
    u64::from_be_bytes(small[..8].try_into().unwrap())
}

fn write_for_ever(folder: &Path) {
    let vault = open(folder).unwrap();
    let mut round = if vault.records("app").unwrap().is_empty() { 0 } else { round_of(&vault) };
    say("ready");
    loop {
        round += 1;
        let (small, large) = round_bytes(round);
        let mut change = vault.begin().unwrap();
        change.put("app", "small", &small).unwrap();
        change.put("app", "large", &large).unwrap();
        change.put(&format!("passing {round}"), "r", b"comes and goes").unwrap();
        // A new account key in every third round, so that kills hit that too.
        if round.is_multiple_of(3) {
            for passing in vault.compartments().unwrap().iter().filter(|name| name.starts_with("passing")) {
                change.withdraw(passing);
            }
        }
        change.commit().unwrap();
        say(round);
    }
}

#[test]
fn a_process_killed_at_any_moment_leaves_one_whole_state() {
    let place = Place::new();
    let mut last = 0;
    let mut rounds_seen = Vec::new();
    for cycle in 0_u64..40 {
        let mut child = place.start("write for ever");
        let mut words = words(&mut child);
        assert_eq!(words.next().as_deref(), Some("ready"));
        // Anywhere between the first byte of a round and several rounds later.
        std::thread::sleep(Duration::from_micros(noise(cycle, 1)[0] as u64 * 400));
        child.kill().unwrap();
        child.wait().unwrap();
        let said = words.filter_map(|word| word.parse().ok()).last().unwrap_or(last);

        let vault = place.open();
        if vault.records("app").unwrap().is_empty() {
            assert_eq!(said, 0, "cycle {cycle}: a committed round is lost");
            continue;
        }
        let round = round_of(&vault);
        assert!(round == said || round == said + 1, "cycle {cycle}: {round} after {said} was said");
        let (small, large) = round_bytes(round);
        assert_eq!(get(&vault, "app", "small").unwrap(), small, "cycle {cycle}");
        assert_eq!(get(&vault, "app", "large").unwrap(), large, "cycle {cycle}");
        assert!(vault.check().unwrap().is_empty(), "cycle {cycle}");
        assert_eq!(blobs(&place.vault_dir()).len(), 1, "cycle {cycle}: leftovers are swept up");
        last = round;
        rounds_seen.push(round);
    }
    rounds_seen.dedup();
    assert!(rounds_seen.len() > 5, "the children must have got somewhere: {rounds_seen:?}");
    // Keys that a kill kept from being deleted are deleted by the next commit, unless no manifest ever named them.
    put(&place.open(), "app", "small", b"the end");
    let keys = fs::read_dir(place.0.path().join("secrets")).unwrap().count();
    assert!(keys <= 2, "{keys} keys");
}

fn add_one_hundred(folder: &Path) {
    let vault = open(folder).unwrap();
    say("ready");
    for _ in 0..100 {
        let mut change = vault.begin().unwrap();
        let count = change
            .read("app", "count")
            .unwrap()
            .map_or(0, |bytes| u64::from_be_bytes(bytes[..].try_into().unwrap()));
        change.put("app", "count", &(count + 1).to_be_bytes()).unwrap();
        change.commit().unwrap();
    }
}

#[test]
fn processes_that_count_together_lose_nothing() {
    let place = Place::new();
    let mut children: Vec<Child> = (0..3).map(|_| place.start("add one hundred")).collect();
    for child in &mut children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(get(&place.open(), "app", "count").unwrap(), 300_u64.to_be_bytes());
}

fn hold_the_lock(folder: &Path) {
    let vault = open(folder).unwrap();
    let _change = vault.begin().unwrap();
    say("holding");
    // Until killed; a minute at most, so that nothing is left behind should the parent die.
    std::thread::sleep(Duration::from_secs(60));
}

#[test]
fn a_lock_held_by_another_process_is_said_and_ends_with_it() {
    let place = Place::new();
    put(&place.open(), "c", "r", b"bytes");
    let secrets = Arc::new(FolderStore(place.0.path().join("secrets")));
    let vault = Vault::open(&place.vault_dir(), secrets).unwrap().with_lock_wait(Duration::from_millis(50));
    let mut child = place.start("hold the lock");
    assert_eq!(words(&mut child).next().as_deref(), Some("holding"));
    let busy = vault.begin().err().unwrap();
    assert!(matches!(busy, Error::Busy { .. }), "{busy}");
    assert_eq!(busy.exit_class().code(), 4);
    assert_eq!(get(&vault, "c", "r").unwrap(), b"bytes");
    child.kill().unwrap();
    child.wait().unwrap();
    put(&vault, "c", "r", b"after");
    assert_eq!(get(&vault, "c", "r").unwrap(), b"after");
}

/// Writes under a limit on the size of files, which the parent has set, and says how that went.
fn write_too_much(folder: &Path) {
    let vault = open(folder).unwrap();
    let mut change = vault.begin().unwrap();
    change.put("app", "small", b"never to be seen").unwrap();
    let full = change.put("app", "large", &noise(9, 3_000_000)).err().unwrap();
    say(format!("put {} {full}", full.exit_class().code()));
    drop(change);

    let mut blob = vault.new_blob().unwrap();
    let full = blob
        .write_all(&noise(9, 3_000_000))
        .and_then(|()| blob.finish().map(drop).map_err(std::io::Error::other));
    say(format!("stream {}", full.err().unwrap()));

    // A manifest that is too large for the disk.
    let mut change = vault.begin().unwrap();
    for number in 0..400 {
        change.put("app", &format!("record {number}"), &noise(number, 4_000)).unwrap();
    }
    let full = change.commit().err().unwrap();
    say(format!("commit {} {full}", full.exit_class().code()));
    let mut change = vault.begin().unwrap();
    change.withdraw("other");
    for number in 0..400 {
        change.put("app", &format!("record {number}"), &noise(number, 4_000)).unwrap();
    }
    say(format!("withdraw {}", change.commit().err().unwrap()));
}

#[cfg(unix)]
#[test]
fn a_full_disk_leaves_what_was_there_before() {
    let place = Place::new();
    let vault = place.open();
    put(&vault, "app", "small", b"small before");
    put(&vault, "app", "large", &noise(1, 500_000));
    put(&vault, "other", "r", b"other before");
    let before = place.0.path().join("before");
    copy(&place.vault_dir(), &before);

    // 1 MiB a file; the signal that would end the process is ignored, so that writing fails as on a full disk.
    let script = "trap '' XFSZ; ulimit -f 2048; exec \"$0\" \"$@\"";
    let sh = command("sh", place.0.path(), "write too much");
    let sh = Command::new(sh.get_program())
        .args(["-c", script])
        .arg(std::env::current_exe().unwrap())
        .args(sh.get_args().map(ToOwned::to_owned).collect::<Vec<_>>())
        .args(["--exact", "child"])
        .envs(
            sh.get_envs()
                .filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())))
                .collect::<Vec<_>>(),
        )
        .stdout(Stdio::piped())
        .spawn();
    let mut child = sh.unwrap();
    let said: Vec<String> = words(&mut child).collect();
    assert!(child.wait().unwrap().success(), "{said:?}");
    assert_eq!(said.len(), 4, "{said:?}");
    for (word, start) in
        said.iter().zip(["put 4 could not", "stream could not", "commit 4 could not", "withdraw could not"])
    {
        assert!(word.starts_with(start) && word.contains("too large"), "{word}");
    }

    for name in ["manifest", "mark"] {
        assert_eq!(
            fs::read(place.vault_dir().join(name)).unwrap(),
            fs::read(before.join(name)).unwrap(),
            "{name}"
        );
    }
    assert!(!place.vault_dir().join("manifest.new").exists());
    assert_eq!(blobs(&place.vault_dir()).len(), 1);
    for vault in [vault, place.open()] {
        assert_eq!(get(&vault, "app", "small").unwrap(), b"small before");
        assert_eq!(get(&vault, "app", "large").unwrap(), noise(1, 500_000));
        assert_eq!(get(&vault, "other", "r").unwrap(), b"other before");
    }
    assert_eq!(
        fs::read_dir(place.0.path().join("secrets")).unwrap().count(),
        1,
        "the key of the failed withdrawal is gone"
    );
}
