//! The player's real window on a display of its own, worked with keyboard and mouse, and compared with the pictures
//! that the player paints without a window.

use crate::display::{Display, Picture};
use crate::programs::{Running, build_folder, run};
use crate::until;
use anyhow::{Context, Result, bail};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// The window's size in pixels; the display is a little larger.
const SIZE: (usize, usize) = (1180, 780);
/// What the person has chosen before: where the window lies, and no moving pictures, which would have to be waited for.
const CHOSEN: &str = r#"{"size":[1180.0,780.0],"position":[0.0,0.0],"theme":"light","less_motion":true}"#;
/// How many pixels a picture of the window may differ from one painted without it: two ways of drawing, and small marks
/// beside what has changed. Another result makes thousands.
const ALMOST_SAME: usize = 800;
/// How long the window may take to show what it should.
const PATIENCE: Duration = Duration::from_secs(60);

/// A window and the display that it is on. Both end with this value.
pub struct Window {
    display: Display,
    player: Running,
    folder: PathBuf,
}

/// A part of the window: everything right of `left` and below `top`, in pixels.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// Pixels left out at the left.
    pub left: usize,
    /// Pixels left out at the top.
    pub top: usize,
}

impl Window {
    /// Starts the player with this command, which has to open a window, and waits until it has the keyboard. `folder`
    /// is where everything of this person lies, `data` where the player's things do, `input` what it gets to read.
    ///
    /// # Errors
    /// Where no window comes; the error shows what the player says.
    pub fn open(command: &mut Command, folder: &Path, data: &Path, input: &str) -> Result<Window> {
        std::fs::create_dir_all(data)?;
        std::fs::write(data.join("window.json"), CHOSEN)?;
        // Nothing of this machine's person is looked at or changed.
        command.env("HOME", folder).env("XDG_DATA_HOME", folder).env("XDG_CONFIG_HOME", folder);
        command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");
        let log = std::fs::File::create(folder.join("window.log"))?;
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(log);
        let display = Display::start(SIZE.0 as u32 + 20, SIZE.1 as u32 + 20)?;
        let mut player = display.lend(command).spawn().context("the player cannot be started")?;
        if let Some(mut stdin) = player.stdin.take() {
            stdin.write_all(input.as_bytes())?;
        }
        let window = Window { display, player: Running(player), folder: folder.to_owned() };
        window.display.focus("Playsheet").with_context(|| format!("the player says: {}", window.said()))?;
        Ok(window)
    }

    /// What the player said on its way.
    pub fn said(&self) -> String {
        std::fs::read_to_string(self.folder.join("window.log")).unwrap_or_default()
    }

    /// Presses keys, one after the other, such as `Tab` or `ctrl+a`.
    ///
    /// # Errors
    /// Where there are no hands to do it.
    pub fn press(&self, keys: &[&str]) -> Result<()> {
        keys.iter().try_for_each(|key| self.display.hands(&["key", key]).map(drop))
    }

    /// Moves the keyboard to the next place, and waits until that is seen: of two moves in one frame one is lost.
    ///
    /// # Errors
    /// Where nothing moves.
    pub fn tab(&self) -> Result<Picture> {
        let before = self.look()?;
        self.press(&["Tab"])?;
        self.look_for("the next place of the keyboard", |now| *now != before)
    }

    /// Types a text.
    ///
    /// # Errors
    /// As [`Window::press`].
    pub fn write(&self, text: &str) -> Result<()> {
        self.display.hands(&["type", "--delay", "30", text]).map(drop)
    }

    /// Clicks at a place; negative numbers count from the right or from the bottom.
    ///
    /// # Errors
    /// As [`Window::press`].
    pub fn click(&self, x: i32, y: i32) -> Result<()> {
        let at = |place: i32, whole: usize| if place < 0 { whole as i32 + place } else { place }.to_string();
        self.display.hands(&["mousemove", &at(x, SIZE.0), &at(y, SIZE.1), "click", "1"]).map(drop)
    }

    /// What the window shows.
    ///
    /// # Errors
    /// Where there is no picture of it.
    pub fn look(&self) -> Result<Picture> {
        Ok(self.display.look(&self.folder)?.part(0, 0, SIZE.0, SIZE.1))
    }

    /// Waits until the window shows something that pleases and does not change any more.
    ///
    /// # Errors
    /// Where it does not.
    pub fn look_for(&self, what: &str, mut pleases: impl FnMut(&Picture) -> bool) -> Result<Picture> {
        let mut before: Option<Picture> = None;
        let found = until(what, PATIENCE, || {
            let now = self.look()?;
            let settled = before.as_ref() == Some(&now);
            if settled && pleases(&now) {
                return Ok(Some(now));
            }
            before = Some(now);
            Ok(None)
        });
        found.with_context(|| self.description())
    }

    /// Waits until a part of the window shows what the player paints without one: `paint` gets a file and a size to
    /// add to a command, and reads `input`. What is painted stands `shift` pixels further right in the window.
    ///
    /// # Errors
    /// Where it does not; the error says by how much.
    pub fn shows_painted(
        &self,
        what: &str,
        part: Part,
        shift: usize,
        paint: &mut Command,
        input: &str,
    ) -> Result<()> {
        let file = self.folder.join("painted.png");
        let size = format!("{}x{}", SIZE.0 - shift, SIZE.1);
        run(paint.arg("--out").arg(&file).args(["--size", &size, "--theme", "light"]), input)?.ended(0)?;
        let (width, height) = (SIZE.0 - part.left, SIZE.1 - part.top);
        let painted = Picture::read_png(&file)?.part(part.left - shift, part.top, width, height);
        let mut apart = 0;
        let same = until(what, PATIENCE, || {
            let now = self.look()?.part(part.left, part.top, width, height);
            apart = now.clear_differences(&painted);
            Ok((apart <= ALMOST_SAME).then_some(()))
        });
        same.with_context(|| format!("{apart} pixels are not as painted; {}", self.description()))
    }

    /// Tells it to end, which it has to do by itself and without complaint.
    ///
    /// # Errors
    /// Where it does not, or has complained.
    pub fn close(mut self) -> Result<()> {
        self.press(&["ctrl+q"])?;
        let status = until("the window to close", PATIENCE, || Ok(self.player.0.try_wait()?))?;
        let said = self.said();
        if status.code() != Some(0) || said.contains("panicked") {
            bail!("the window ended with {status} and said: {said}");
        }
        Ok(())
    }

    /// What the window shows and what the player says, for an error; the picture is kept where cargo builds.
    pub fn description(&self) -> String {
        let picture = self.keep_picture().unwrap_or_else(|error| format!("no picture: {error:#}"));
        format!("what the window shows: {picture}; what the player says: {}", self.said())
    }

    fn keep_picture(&self) -> Result<String> {
        let kept = build_folder()?.join("test-failures");
        std::fs::create_dir_all(&kept)?;
        let name = std::thread::current().name().unwrap_or("window").replace("::", "-");
        let kept = kept.join(format!("{name}.png"));
        self.display.look_into(&kept)?;
        Ok(kept.display().to_string())
    }
}
