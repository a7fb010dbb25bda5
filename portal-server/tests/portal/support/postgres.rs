//! A real PostgreSQL for the tests: one server a test run, one database a test, gone when the run ends.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Mutex, OnceLock},
    time::{Duration, Instant},
};

struct Server {
    port: u16,
    // Its standard input is open as long as this process lives; the server's keeper stops it when it closes.
    _keeper: Mutex<Child>,
}

static SERVER: OnceLock<Result<Server, String>> = OnceLock::new();

/// The address of an empty database; `None`, with a printed reason, where PostgreSQL cannot be had.
pub fn fresh_database() -> Option<String> {
    match SERVER.get_or_init(start) {
        Ok(server) => {
            let name = format!("t{}", uuid::Uuid::new_v4().simple());
            let created = Command::new(tool("createdb").unwrap())
                .args(["-h", "127.0.0.1", "-p", &server.port.to_string(), "-U", "portal", &name])
                .status()
                .unwrap();
            assert!(created.success(), "createdb failed");
            Some(format!("postgres://portal@127.0.0.1:{}/{name}", server.port))
        }
        Err(reason) => {
            println!("skipped: no PostgreSQL on this machine ({reason})");
            None
        }
    }
}

fn tool(name: &str) -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = versions.map(|entry| entry.path().join("bin")).collect();
    folders.sort();
    folders.reverse();
    folders.extend(std::env::var_os("PATH").iter().flat_map(std::env::split_paths));
    folders.into_iter().map(|folder| folder.join(name)).find(|path| path.is_file())
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout.starts_with(b"0"))
}

fn install() -> Result<(), String> {
    let needed = ["initdb", "postgres", "createdb"];
    if needed.iter().all(|name| tool(name).is_some()) {
        return Ok(());
    }
    if !is_root() || !Path::new("/usr/bin/apt-get").exists() {
        return Err("initdb is missing and cannot be installed".to_owned());
    }
    for arguments in [&["update"][..], &["install", "-y", "--no-install-recommends", "postgresql"]] {
        let _ = Command::new("apt-get")
            .args(arguments)
            .env("RUNLEVEL", "1")
            .env("DEBIAN_FRONTEND", "noninteractive")
            .stdout(Stdio::null())
            .status();
    }
    let found = needed.iter().all(|name| tool(name).is_some());
    if found { Ok(()) } else { Err("apt-get could not install postgresql".to_owned()) }
}

fn start() -> Result<Server, String> {
    install()?;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
    let port = listener.local_addr().map_err(|error| error.to_string())?.port();
    drop(listener);
    let folder = std::env::temp_dir().join(format!("playsheet-postgres-{port}-{}", std::process::id()));
    let (initdb, postgres) = (tool("initdb").ok_or("no initdb")?, tool("postgres").ok_or("no postgres")?);
    // The keeper makes the cluster, starts the server, waits until its input closes, and cleans up.
    let script = format!(
        "set -e; mkdir -m 700 '{d}'; '{initdb}' -D '{d}/data' -A trust -U portal --no-sync >/dev/null\n\
         '{postgres}' -D '{d}/data' -p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='{d}' \
         -c fsync=off -c max_connections=300 >'{d}/log' 2>&1 & p=$!\n\
         cat >/dev/null || true; kill -QUIT $p; wait $p || true; rm -rf '{d}'\n",
        d = folder.display(),
        initdb = initdb.display(),
        postgres = postgres.display(),
    );
    let mut keeper = if is_root() {
        // PostgreSQL refuses to run as root.
        let mut command = Command::new("su");
        command.args(["postgres", "-s", "/bin/sh", "-c", &script]);
        command
    } else {
        let mut command = Command::new("sh");
        command.args(["-c", &script]);
        command
    };
    // A group of its own: what ends the tests must not end the keeper before it has cleaned up.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut keeper, 0);
    keeper.current_dir("/tmp").stdin(Stdio::piped()).stdout(Stdio::null());
    let mut keeper = keeper.spawn().map_err(|error| error.to_string())?;
    let _ = keeper.stdin.as_mut().map(Write::flush);
    let patience = Instant::now() + Duration::from_secs(60);
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() || !answers(port) {
        if Instant::now() > patience {
            return Err("the server did not start".to_owned());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(Server { port, _keeper: Mutex::new(keeper) })
}

fn answers(port: u16) -> bool {
    let Some(tool) = tool("pg_isready") else { return true };
    let port = port.to_string();
    let status = Command::new(tool).args(["-q", "-h", "127.0.0.1", "-p", &port, "-U", "portal"]).status();
    status.is_ok_and(|status| status.success())
}
