//! What the demo does, one step after the other, each printed with its time.

use crate::Arguments;
use crate::folder::{CONSUMER, CREATOR, Folder, Memory, PICTURES, PORTAL, PORTAL_LOG, Published};
use crate::player::Player;
use anyhow::{Context, Result, bail};
use playsheet_demo::apps::{EXAMPLES, Example};
use playsheet_demo::portal::Portal;
use portal_api::SignedIn;
use std::num::NonZero;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// Prints steps with their times.
struct Clock {
    last: Instant,
    all: Duration,
}

impl Clock {
    fn new() -> Clock {
        Clock { last: Instant::now(), all: Duration::ZERO }
    }

    /// A step is done.
    fn done(&mut self, what: &str) {
        let took = self.last.elapsed();
        self.last = Instant::now();
        self.all += took;
        line(took, what);
    }

    /// What the steps took, without what came between them.
    fn all(&self) {
        line(self.all, "in all");
    }

    /// The time since the last step belongs to nobody.
    fn wait_over(&mut self) {
        self.last = Instant::now();
    }
}

fn line(took: Duration, what: &str) {
    println!("{:>7.2} s  {what}", took.as_secs_f64());
}

/// Runs the demo.
pub fn run(arguments: &Arguments) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let folder = Folder::open(arguments.dir.as_deref(), arguments.fresh)?;
    let mut memory = folder.memory()?;
    folder.remember(&memory)?;
    println!("Playsheet demo\n");
    let mut clock = Clock::new();

    let mut portal = start_portal(&folder, &mut clock)?;
    let creator = person(&portal, CREATOR, "Clara Creator", &memory.creator_password, &mut clock);
    let creator = runtime.block_on(creator)?;
    let consumer = person(&portal, CONSUMER, "Carl Consumer", &memory.consumer_password, &mut clock);
    let consumer = runtime.block_on(consumer)?;
    let mut there = 0;
    for example in &EXAMPLES {
        match runtime.block_on(provide(&portal, &creator, &consumer, example, &mut memory))? {
            Some(name) => {
                folder.remember(&memory)?;
                clock.done(&format!("{name}: published by Clara; Carl, invited by mail, accepted"));
            }
            None => there += 1,
        }
    }
    if there > 0 {
        clock.done(&format!("{there} apps are there from the last run"));
    }
    let player = Player::sign_in(&folder, &mut memory, &portal.address)?;
    folder.remember(&memory)?;
    clock.done("Carl's player signed in");
    if player.uses_passphrase() {
        println!(
            "{:11}No secret store here: a passphrase of the demo's own protects the player's vault.",
            ""
        );
    }
    let report = player.command(&["sync"])?;
    clock.done(&format!(
        "Carl's player synced: {}",
        report.lines().last().unwrap_or_default().trim_end_matches('.')
    ));

    if !has_window(arguments, &folder, &player, &portal, &memory, &mut clock)? {
        without_window(&folder, &player, &mut portal, &mut clock)?;
        clock.all();
        summary(&folder, &portal, &memory);
    }
    portal.stop();
    let program = std::env::current_exe()?;
    println!(
        "\nThe portal stopped with the demo. To look at its pages, start it again:\n  {} portal --data {} serve --port {}",
        program.display(),
        folder.join(PORTAL).display(),
        portal.port()
    );
    Ok(())
}

/// Where everything is and how to get in.
fn summary(folder: &Folder, portal: &Portal, memory: &Memory) {
    println!("\n  Portal    {}", portal.address);
    println!("  Clara     {CREATOR}, password {}, publishes apps", memory.creator_password);
    println!("  Carl      {CONSUMER}, password {}, runs apps", memory.consumer_password);
    println!("  Files     {}", folder.path().display());
}

/// The port that is tried first, so that the address is the same from run to run.
const USUAL_PORT: u16 = 8350;

/// Starts the portal on its usual port, or on a free one where that is taken.
fn start_portal(folder: &Folder, clock: &mut Clock) -> Result<Portal> {
    let usual_is_free = std::net::TcpListener::bind(("127.0.0.1", USUAL_PORT)).is_ok();
    let mut program = Command::new(std::env::current_exe()?);
    program.arg("portal");
    let port = if usual_is_free { USUAL_PORT } else { 0 };
    let portal = Portal::start(program, &folder.join(PORTAL), port, &folder.join(PORTAL_LOG))?;
    let why = if usual_is_free { String::new() } else { format!(", because port {USUAL_PORT} is taken") };
    clock.done(&format!("Portal started at {}{why}", portal.address));
    Ok(portal)
}

/// Signs somebody in, who is registered the first time.
async fn person(
    portal: &Portal,
    email: &str,
    name: &str,
    password: &str,
    clock: &mut Clock,
) -> Result<SignedIn> {
    if let Some(signed_in) = portal.sign_in(email, password).await? {
        clock.done(&format!("{name} signed in"));
        return Ok(signed_in);
    }
    portal.register(email, name, password).await?;
    let signed_in = portal.sign_in(email, password).await?;
    clock.done(&format!("{name} registered, confirmed by mail, signed in"));
    signed_in.with_context(|| format!("{email} cannot sign in with the password just set"))
}

/// Publishes an example, gives it to the consumer and says its name; nothing where an earlier run did.
async fn provide(
    portal: &Portal,
    creator: &SignedIn,
    consumer: &SignedIn,
    example: &Example,
    memory: &mut Memory,
) -> Result<Option<String>> {
    let content = example.content();
    let before = memory.published.get(example.name);
    if before.is_some_and(|before| before.content == content) {
        return Ok(None);
    }
    if let Some(before) = before {
        // The example changed since: the old app goes, so that nobody is left with both.
        portal.withdraw(creator, &before.app).await?;
    }
    let app = portal.publish(creator, example).await?;
    let id = app.id.to_string();
    let token = portal.invite(creator, &id, CONSUMER).await?;
    portal.accept(consumer, &token).await?;
    memory.published.insert(example.name.to_owned(), Published { app: id, content });
    Ok(Some(app.name))
}

/// Shows the window until it is closed; answers whether there could be one, and says why not.
fn has_window(
    arguments: &Arguments,
    folder: &Folder,
    player: &Player<'_>,
    portal: &Portal,
    memory: &Memory,
    clock: &mut Clock,
) -> Result<bool> {
    if arguments.no_window {
        println!("\nWithout a window, as asked:\n");
        return Ok(false);
    }
    if !has_display() {
        println!("\nNo display here, so no window:\n");
        return Ok(false);
    }
    clock.all();
    summary(folder, portal, memory);
    println!("\nThe player's window opens on Carl's apps. Close it to end the demo.");
    let Some(reason) = player.window()? else { return Ok(true) };
    clock.wait_over();
    println!("{reason}. The demo goes on without one:\n");
    Ok(false)
}

/// Whether a window can be tried at all. Elsewhere than on Linux and its like there always is a display.
fn has_display() -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(not(all(unix, not(target_os = "macos"))))
        || ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"].into_iter().any(is_set)
}

/// What can be shown without a window: an app computes with the portal stopped, and pictures of all apps.
fn without_window(
    folder: &Folder,
    player: &Player<'_>,
    portal: &mut Portal,
    clock: &mut Clock,
) -> Result<()> {
    portal.stop();
    clock.done("Portal stopped");
    let name = "Body mass index";
    let view = player.command(&["run", name, "--set", "Body height=172"])?;
    clock.done(&format!("{name} computed from the vault, for a height of 172 cm:"));
    println!();
    for line in view.trim().lines() {
        println!("{}", format!("{:11}{line}", "").trim_end());
    }
    println!();
    let pictures = folder.join(PICTURES);
    std::fs::create_dir_all(&pictures).with_context(|| format!("{} cannot be made", pictures.display()))?;
    let names = player.command(&["list", "--names"])?;
    let apps: Vec<&str> = names.lines().collect();
    paint(&apps, &pictures, player)?;
    clock.done(&format!("{} apps painted, in {}", apps.len(), pictures.display()));
    Ok(())
}

/// Paints a picture of each app, several at a time where there are processors for it.
fn paint(apps: &[&str], pictures: &Path, player: &Player<'_>) -> Result<()> {
    let painters = std::thread::available_parallelism().map_or(1, NonZero::get);
    let share = apps.len().div_ceil(painters).max(1);
    let paint_one = |app: &&str| {
        let file = pictures.join(format!("{}.png", slug(app)));
        player.command(&["render", app, "--out", &file.to_string_lossy()]).map(drop)
    };
    std::thread::scope(|scope| {
        let painters: Vec<_> =
            apps.chunks(share).map(|share| scope.spawn(|| share.iter().try_for_each(paint_one))).collect();
        painters.into_iter().try_for_each(|painter| match painter.join() {
            Ok(painted) => painted,
            Err(_) => bail!("painting stopped"),
        })
    })
}

/// A name as a file's name.
fn slug(name: &str) -> String {
    name.chars().map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect()
}
