//! TLS for real: a server with a certificate, and a client that trusts whom the system trusts.
//!
//! Whom the system trusts is a file that an environment variable names, read once by a process. So each case is
//! this same test program, started again with that variable and a role; see [`inside`].
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where its own preparation fails")]

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::process::Command;
use std::sync::Arc;

use playsheet_sync::{Cancel, PortalClient, SyncError};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

const ROLE: &str = "PLAYSHEET_TLS_TEST_ROLE";
const ANSWER: &str = r#"{"name":"TLS portal","version":"0.1.0","instance":"i","min_player":"0.1.0","server_time_ms":0,
    "lease_key":{"key_id":"k","algorithm":"Ed25519","public_key":""}}"#;

fn case(name: &str) -> String {
    format!("{}/cases/tls/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// Serves one connection over TLS.
fn serve() -> SocketAddr {
    let certificate = CertificateDer::from_pem_file(case("server.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(case("server-key.pem")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let connection = rustls::ServerConnection::new(Arc::new(config)).unwrap();
        let mut stream = rustls::StreamOwned::new(connection, stream);
        let mut request = [0; 4_096];
        // A client that does not trust the certificate hangs up.
        if stream.read(&mut request).is_ok() {
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
                ANSWER.len()
            );
            drop(stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(ANSWER.as_bytes())));
            drop(stream.flush());
        }
    });
    address
}

fn ask(host: &str) -> Result<String, SyncError> {
    let address = format!("https://{host}:{}", serve().port());
    PortalClient::new(&address)?.info(&Cancel::new()).map(|info| info.name)
}

fn run(role: &str, trusted: &str) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "inside", "--nocapture", "--test-threads=1"]).env(ROLE, role);
    command.env("SSL_CERT_FILE", trusted).env_remove("SSL_CERT_DIR");
    let output = command.output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text);
    assert!(output.status.success() && text.contains("played"), "{text}");
}

/// The part of the processes with another trust. Without a role it checks that roles are known.
#[test]
fn inside() {
    let Ok(role) = std::env::var(ROLE) else {
        assert!(play("no such role").is_none());
        return;
    };
    play(&role).unwrap();
    println!("played");
}

fn play(role: &str) -> Option<()> {
    match role {
        "trusted" => assert_eq!(ask("localhost").unwrap(), "TLS portal"),
        "another name" => refused("127.0.0.1", "certificate"),
        "not trusted" => refused("localhost", "certificate"),
        "nobody trusted" => {
            refused("localhost", "trusted certificate authorities");
            PortalClient::new("http://127.0.0.1:1").unwrap();
        }
        _ => return None,
    }
    Some(())
}

fn refused(host: &str, reason: &str) {
    let error = ask(host).unwrap_err();
    assert!(matches!(error, SyncError::Network { .. }), "{error:?}");
    assert!(error.to_string().contains(reason), "{error}");
    assert_eq!(error.exit_class().code(), 4);
}

#[test]
fn a_server_whose_certificate_is_trusted_is_talked_to() {
    run("trusted", &case("authority.pem"));
}

#[test]
fn a_certificate_for_another_name_is_refused() {
    run("another name", &case("authority.pem"));
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_refused() {
    // The server's own certificate as the only authority: valid as a file, of no use as an authority.
    run("not trusted", &case("server.pem"));
}

#[test]
fn a_system_that_trusts_nobody_says_so_and_reaches_itself_all_the_same() {
    run("nobody trusted", "/dev/null");
}
