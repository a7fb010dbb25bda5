//! The program itself: its commands, its exit codes, its one line on standard output.

use std::{
    io::{BufRead, BufReader, Read, Write},
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use portal_api::ProblemCode;

use crate::support::{TestApp, Visitor};

fn program(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_playsheet-portal"));
    command.arg("--data").arg(data).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("PLAYSHEET_")) {
        command.env_remove(name);
    }
    command
}

fn run(mut command: Command, input: &str) -> Output {
    let mut child = command.spawn().unwrap();
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Starts `serve --port 0` and reads the address.
fn serve(data: &Path) -> (Child, String) {
    let mut command = program(data);
    command.args(["serve", "--port", "0"]);
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let url = line.trim().strip_prefix("listening ").unwrap_or_else(|| panic!("{line}")).to_owned();
    (child, url)
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_serves_stops_when_asked_and_remembers() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let admin = |input: &str| {
        let mut command = program(&data);
        command.args(["create-admin", "--email", "root@example.org"]);
        run(command, input)
    };
    let made = admin("unrelated words in the rain\n");
    assert!(
        made.status.success() && text(&made.stdout).starts_with("Made the administrator "),
        "{}",
        text(&made.stderr)
    );
    let again = admin("unrelated words in the rain\n");
    assert_eq!(again.status.code(), Some(1));
    assert!(text(&again.stderr).contains("has an account already"));
    assert_eq!(admin("short\n").status.code(), Some(1));

    for _ in 0..2 {
        let (mut child, url) = serve(&data);
        let visitor = Visitor::new(&url);
        visitor.get("/readyz").await.expect(200);
        let root = visitor.sign_in("root@example.org", "unrelated words in the rain").await;
        assert!(root.session.person.administrator);
        let stopped = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
        assert!(stopped.success());
        assert_eq!(child.wait().unwrap().code(), Some(0));
        let mut rest = String::new();
        child.stdout.as_mut().unwrap().read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "", "one line on standard output");
    }

    let verify = || {
        let mut command = program(&data);
        command.arg("verify-audit");
        run(command, "")
    };
    let whole = verify();
    assert!(whole.status.success() && text(&whole.stdout).contains("3 entries"), "{}", text(&whole.stdout));
    let store =
        playsheet_portal_server::store::Store::open_sqlite(&data.join("portal.sqlite")).await.unwrap();
    let tx = store.write().await.unwrap();
    sea_orm::ConnectionTrait::execute_unprepared(
        &tx,
        "UPDATE audit_entry SET actor = 'x' WHERE sequence = 2",
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    store.close().await.unwrap();
    let broken = verify();
    assert_eq!(broken.status.code(), Some(1));
    assert!(text(&broken.stderr).contains("at entry 2"), "{}", text(&broken.stderr));
}

#[test]
fn each_fault_has_its_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let config = folder.path().join("portal.toml");
    let with_config = |content: &str, arguments: &[&str]| {
        std::fs::write(&config, content).unwrap();
        let mut command = program(&data);
        command.arg("--config").arg(&config).args(arguments);
        run(command, "")
    };
    assert_eq!(with_config("", &["check-config"]).status.code(), Some(0));
    let bad = with_config("passwords.iterations = 1000", &["check-config"]);
    assert_eq!(bad.status.code(), Some(1));
    assert!(text(&bad.stderr).contains("passwords.iterations"));
    assert_eq!(with_config("", &["serve", "--port", "many"]).status.code(), Some(2));
    assert_eq!(with_config("", &["nonsense"]).status.code(), Some(2));
    assert_eq!(with_config("", &["--version"]).status.code(), Some(0));
    let away = with_config("database_url = \"postgres://127.0.0.1:1/none\"", &["verify-audit"]);
    assert_eq!(away.status.code(), Some(4), "{}", text(&away.stderr));
    // A port that is taken.
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let busy = with_config("", &["serve", "--port", &port]);
    assert_eq!(busy.status.code(), Some(4));
    assert!(text(&busy.stderr).contains(&port), "{}", text(&busy.stderr));
    // A file where the data folder should be.
    std::fs::write(folder.path().join("file"), "x").unwrap();
    let mut command = program(&folder.path().join("file").join("data"));
    command.arg("verify-audit");
    assert_eq!(run(command, "").status.code(), Some(4));
}

#[test]
fn on_postgresql_backup_says_what_to_do_instead() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("portal.toml");
    std::fs::write(
        &config,
        "database_url = \"postgres://portal:hush-hush@db.example:5433/live?sslmode=require\"",
    )
    .unwrap();
    for (action, tool) in [("backup", "pg_dump"), ("restore", "pg_restore")] {
        let mut command = program(&folder.path().join("data"));
        command.arg("--config").arg(&config).arg(action).arg(folder.path().join("kept"));
        let refused = run(command, "a passphrase of the operator\n");
        let said = text(&refused.stderr);
        assert_eq!(refused.status.code(), Some(1), "{said}");
        for part in [tool, "postgres://portal@db.example:5433/live", "data/objects", "data/instance.key"] {
            assert!(said.contains(part), "{part}: {said}");
        }
        assert!(!said.contains("hush-hush"), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_is_sealed_and_restores_everything_but_the_sessions() {
    let app = TestApp::start().await;
    let ada = app.person("ada@example.org").await;
    let loan = ada.publish("Loan", "figures worth keeping").await;
    let folder = tempfile::tempdir().unwrap();
    let (kept, new) = (folder.path().join("kept"), folder.path().join("new"));
    let act = |data: &Path, action: &str, passphrase: &str| {
        let mut command = program(data);
        command.arg(action).arg(&kept);
        run(command, &format!("{passphrase}\n"))
    };
    let passphrase = "a passphrase of the operator";
    assert_eq!(act(&app.data(), "backup", "short").status.code(), Some(1));
    // The portal goes on serving meanwhile.
    let made = act(&app.data(), "backup", passphrase);
    assert!(made.status.success(), "{}", text(&made.stderr));
    assert_eq!(act(&app.data(), "backup", passphrase).status.code(), Some(1), "never into a folder in use");
    for secret in ["ada@example.org", "pbkdf2-sha256", "figures worth keeping", "SQLite format"] {
        for file in ["database.sealed", "instance-key.sealed", "manifest.json"] {
            let bytes = std::fs::read(kept.join(file)).unwrap();
            assert!(
                !bytes.windows(secret.len()).any(|window| window == secret.as_bytes()),
                "{secret} in {file}"
            );
        }
    }
    let leftovers = app
        .data()
        .read_dir()
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with("snapshot-"));
    assert_eq!(leftovers.count(), 0);

    let wrong = act(&new, "restore", "another passphrase here");
    assert_eq!(wrong.status.code(), Some(1));
    assert!(text(&wrong.stderr).contains("passphrase is wrong") && !new.exists(), "{}", text(&wrong.stderr));
    let restored = act(&new, "restore", passphrase);
    assert!(restored.status.success(), "{}", text(&restored.stderr));
    assert_eq!(act(&new, "restore", passphrase).status.code(), Some(1), "never over another portal");

    let (mut child, url) = serve(&new);
    let visitor = Visitor::new(&url);
    let old =
        visitor.request(reqwest::Method::GET, "/api/v1/me").bearer_auth(&ada.session.tokens.access_token);
    crate::support::people::send(old).await.problem(ProblemCode::SignedOut);
    let again = visitor.sign_in("ada@example.org", crate::support::PASSWORD).await;
    let ticket: portal_api::Ticket = again.ticket(loan.id).await.json(201);
    assert_eq!(again.fetch(&ticket).await, crate::support::spreadsheet("figures worth keeping"));
    child.kill().unwrap();
    child.wait().unwrap();
    let mut command = program(&new);
    command.arg("verify-audit");
    assert!(run(command, "").status.success());
}
