//! What the demo does, one step after the other, each printed with its time.

use crate::Arguments;
use crate::folder::{CONSUMER, CREATOR, Folder, Memory, Published};
use crate::player::Player;
use anyhow::Result;
use playsheet_demo::apps::{EXAMPLES, Example};
use playsheet_demo::portal::Portal;
use portal_api::SignedIn;
use std::process::Command;
use std::time::Instant;

/// Prints steps with their times.
struct Clock {
    start: Instant,
    last: Instant,
}

impl Clock {
    fn new() -> Clock {
        Clock { start: Instant::now(), last: Instant::now() }
    }

    fn done(&mut self, what: &str) {
        let took = self.last.elapsed();
        self.last = Instant::now();
        println!("{:>7.2} s  {what}", took.as_secs_f64());
    }
}

/// Runs the demo.
pub fn run(arguments: &Arguments) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let folder = Folder::open(arguments.dir.as_deref(), arguments.fresh)?;
    let mut memory = folder.memory()?;
    folder.remember(&memory)?;
    println!("Playsheet demo. Everything it keeps lies in {}\n", folder.path().display());
    let mut clock = Clock::new();

    let mut portal = start_portal(&folder)?;
    clock.done(&format!("portal started at {}", portal.address));
    let creator = runtime.block_on(person(&portal, CREATOR, "Clara Creator", &memory.creator_password))?;
    let consumer = runtime.block_on(person(&portal, CONSUMER, "Carl Consumer", &memory.consumer_password))?;
    clock.done("two people registered, confirmed by mail and signed in");

    for example in &EXAMPLES {
        let what = runtime.block_on(provide(&portal, &creator, &consumer, example, &mut memory))?;
        folder.remember(&memory)?;
        clock.done(&format!("{}: {what}", example.name));
    }

    let player = Player::sign_in(&folder, &mut memory, &portal.address)?;
    folder.remember(&memory)?;
    clock.done("player signed in");
    if player.uses_passphrase() {
        println!("           (no secret store here: the vault is protected by a passphrase of the demo)");
    }
    let report = player.command(&["sync"])?;
    clock.done(&format!("player synced: {}", report.lines().last().unwrap_or_default()));

    println!("\nPortal    {}", portal.address);
    println!("Creator   {CREATOR}   password {}", memory.creator_password);
    println!("Consumer  {CONSUMER}  password {}\n", memory.consumer_password);

    let no_window = if arguments.no_window { Some("--no-window".to_owned()) } else { open_window(&player)? };
    if let Some(reason) = no_window {
        println!("No window: {reason}\n");
        without_window(&folder, &player, &mut portal, &mut clock)?;
    }
    println!("\nDone in {:.1} s.", clock.start.elapsed().as_secs_f64());
    Ok(())
}

/// The port that is tried first, so that the address is the same from run to run.
const USUAL_PORT: u16 = 8350;

/// Starts the portal on its usual port, or on a free one where that is taken.
fn start_portal(folder: &Folder) -> Result<Portal> {
    let usual_is_free = std::net::TcpListener::bind(("127.0.0.1", USUAL_PORT)).is_ok();
    let mut program = Command::new(std::env::current_exe()?);
    program.arg("portal");
    let port = if usual_is_free { USUAL_PORT } else { 0 };
    Portal::start(program, &folder.join("portal"), port, &folder.join("portal.log"))
}

/// Publishes an example and gives it to the consumer, unless an earlier run did; says what was done.
async fn provide(
    portal: &Portal,
    creator: &SignedIn,
    consumer: &SignedIn,
    example: &Example,
    memory: &mut Memory,
) -> Result<&'static str> {
    let content = example.content();
    let before = memory.published.get(example.name);
    if before.is_some_and(|before| before.content == content) {
        return Ok("is published already");
    }
    if let Some(before) = before {
        // The example changed since: the old app goes, so that nobody is left with both.
        portal.withdraw(creator, &before.app).await?;
    }
    let app = portal.publish(creator, example).await?.id.to_string();
    let token = portal.invite(creator, &app, CONSUMER).await?;
    portal.accept(consumer, &token).await?;
    memory.published.insert(example.name.to_owned(), Published { app, content });
    Ok("published, consumer invited by mail, invitation accepted")
}

async fn person(portal: &Portal, email: &str, name: &str, password: &str) -> Result<SignedIn> {
    if let Some(signed_in) = portal.sign_in(email, password).await? {
        return Ok(signed_in);
    }
    portal.register(email, name, password).await?;
    let signed_in = portal.sign_in(email, password).await?;
    signed_in.ok_or_else(|| anyhow::anyhow!("{email} cannot sign in with the password just set"))
}

/// Opens the player's window; gives why not where there can be none.
fn open_window(player: &Player<'_>) -> Result<Option<String>> {
    println!("The player's window opens on your apps. Close it to end the demo.");
    player.window()
}

/// What can be shown without a window: an app computes with the portal stopped, and pictures of all apps.
fn without_window(
    folder: &Folder,
    player: &Player<'_>,
    portal: &mut Portal,
    clock: &mut Clock,
) -> Result<()> {
    portal.stop();
    clock.done("portal stopped");
    let name = "Body mass index";
    println!("\n{}", player.command(&["run", name, "--set", "Body height=172"])?);
    clock.done(&format!("{name} computed from the vault, offline"));
    for app in player.command(&["list", "--names"])?.lines() {
        let slug: String =
            app.chars().map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
        let picture = folder.join(&format!("{slug}.png"));
        player.command(&["render", app, "--out", &picture.to_string_lossy()])?;
        clock.done(&format!("picture of {app}: {}", picture.display()));
    }
    Ok(())
}
