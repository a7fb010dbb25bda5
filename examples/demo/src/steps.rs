//! What the demo does, one step after the other, each printed with its time.

use crate::Arguments;
use crate::apps::EXAMPLES;
use crate::folder::{CONSUMER, CREATOR, Folder};
use crate::player::Player;
use crate::portal::Portal;
use anyhow::Result;
use portal_api::SignedIn;
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

    let mut portal = Portal::start(&folder)?;
    clock.done(&format!("portal started at {}", portal.address));
    let creator = runtime.block_on(person(&portal, CREATOR, "Clara Creator", &memory.creator_password))?;
    let consumer = runtime.block_on(person(&portal, CONSUMER, "Carl Consumer", &memory.consumer_password))?;
    clock.done("two people registered, confirmed by mail and signed in");

    for example in &EXAMPLES {
        let before = memory.published.get(example.name);
        let is_new_app = before.is_none();
        let (published, new) = runtime.block_on(portal.publish(&creator, example, before))?;
        memory.published.insert(example.name.to_owned(), published.clone());
        folder.remember(&memory)?;
        if new {
            let token = runtime.block_on(portal.invite(&creator, &published.app, CONSUMER))?;
            runtime.block_on(portal.accept(&consumer, &token))?;
        }
        let what = match (new, is_new_app) {
            (true, true) => "published, consumer invited by mail, invitation accepted",
            (true, false) => "published again, because it changed",
            (false, _) => "is published already",
        };
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
fn without_window(folder: &Folder, player: &Player<'_>, portal: &mut Portal, clock: &mut Clock) -> Result<()> {
    portal.stop();
    clock.done("portal stopped");
    let name = "BMI";
    println!("\n{}", player.command(&["run", name, "--set", "Body height=172"])?);
    clock.done(&format!("{name} computed from the vault, offline"));
    for app in player.command(&["list", "--names"])?.lines() {
        let slug: String = app.chars().map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
        let picture = folder.join(&format!("{slug}.png"));
        player.command(&["render", app, "--out", &picture.to_string_lossy()])?;
        clock.done(&format!("picture of {app}: {}", picture.display()));
    }
    Ok(())
}
