//! A line between player and portal that can be cut at a chosen moment.

use anyhow::Result;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Passes connections on to a server. Armed, it lets so many bytes of the answer to a request through, cuts that
/// connection, and lets nobody through from then on, as if the server had died: see [`Proxy::cut_at`].
pub struct Proxy {
    /// The address to connect to, `http://127.0.0.1:…`.
    pub address: String,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    target: Option<SocketAddr>,
    trap: Option<Trap>,
    dead: bool,
    cuts: usize,
}

/// When to cut: in the answer to the first request that contains `request`, after `bytes` bytes.
#[derive(Clone)]
struct Trap {
    request: Vec<u8>,
    bytes: usize,
}

impl Proxy {
    /// A line on a free port that leads nowhere yet.
    ///
    /// # Errors
    /// Where there is no free port.
    pub fn new() -> Result<Proxy> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = format!("http://{}", listener.local_addr()?);
        let state = Arc::<Mutex<State>>::default();
        let shared = Arc::clone(&state);
        // Ends with the test's process; one thread that waits costs nothing until then.
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let state = Arc::clone(&shared);
                std::thread::spawn(move || connect(&client, &state));
            }
        });
        Ok(Proxy { address, state })
    }

    /// Leads to this server from now on, and mends what was cut.
    pub fn lead_to(&self, port: u16) {
        let mut state = lock(&self.state);
        state.target = Some(SocketAddr::from(([127, 0, 0, 1], port)));
        state.dead = false;
        state.trap = None;
    }

    /// Cuts the line in the answer to the next request that contains this text, after so many bytes of the answer.
    pub fn cut_at(&self, request: &str, bytes: usize) {
        lock(&self.state).trap = Some(Trap { request: request.as_bytes().to_vec(), bytes });
    }

    /// How often the line was cut.
    pub fn cuts(&self) -> usize {
        lock(&self.state).cuts
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One connection: two threads, one a direction. Whatever breaks, both sides are closed.
fn connect(client: &TcpStream, state: &Arc<Mutex<State>>) {
    let target = {
        let state = lock(state);
        if state.dead { None } else { state.target }
    };
    let Some(server) = target.and_then(|target| TcpStream::connect(target).ok()) else { return };
    let (Ok(client_too), Ok(server_too)) = (client.try_clone(), server.try_clone()) else { return };
    // What is left of the trap on this connection once its request went by.
    let sprung = Arc::new(Mutex::new(None));
    let (sprung_too, state_too) = (Arc::clone(&sprung), Arc::clone(state));
    let up = std::thread::spawn(move || upstream(client_too, server_too, &sprung_too, &state_too));
    downstream(&server, client, &sprung, state);
    let _ = client.shutdown(Shutdown::Both);
    let _ = server.shutdown(Shutdown::Both);
    let _ = up.join();
}

/// Requests, in which the trap's text is looked for.
fn upstream(mut from: TcpStream, mut to: TcpStream, sprung: &Mutex<Option<usize>>, state: &Mutex<State>) {
    let mut buffer = [0; 16 * 1024];
    let mut recent: Vec<u8> = Vec::new();
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        let bytes = buffer.get(..count).unwrap_or_default();
        recent.extend_from_slice(bytes);
        if let Some(trap) = lock(state).trap.clone()
            && recent.windows(trap.request.len()).any(|window| window == trap.request)
        {
            *sprung.lock().unwrap_or_else(PoisonError::into_inner) = Some(trap.bytes);
        }
        // Enough to find a text that two reads tore apart.
        recent.drain(..recent.len().saturating_sub(256));
        if to.write_all(bytes).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}

/// Answers, until the trap has had its bytes.
fn downstream(mut from: &TcpStream, mut to: &TcpStream, sprung: &Mutex<Option<usize>>, state: &Mutex<State>) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        if lock(state).dead {
            return;
        }
        let mut left = sprung.lock().unwrap_or_else(PoisonError::into_inner);
        let take = left.map_or(count, |left| left.min(count));
        if to.write_all(buffer.get(..take).unwrap_or_default()).is_err() {
            return;
        }
        if let Some(left) = left.as_mut() {
            *left -= take;
            if *left == 0 {
                let mut state = lock(state);
                state.dead = true;
                state.cuts += 1;
                return;
            }
        }
    }
}
