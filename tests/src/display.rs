//! A display without a screen, with hands to type and eyes to look.

use crate::programs::{Running, is_installed, run};
use crate::until;
use anyhow::{Context, Result, bail};
use std::collections::HashSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// A virtual X server.
#[derive(Debug)]
pub struct Display {
    name: String,
    _server: Running,
}

/// A picture of the whole display, in the tests' memory.
#[derive(Debug, PartialEq, Eq)]
pub struct Picture {
    /// Pixels in a row.
    pub width: usize,
    /// Pixels, RGB, row after row.
    pub pixels: Vec<[u8; 3]>,
}

impl Picture {
    /// How many different colours there are.
    pub fn colours(&self) -> usize {
        self.pixels.iter().collect::<HashSet<_>>().len()
    }

    /// How many pixels are not the same, right of `left` and below `top`.
    pub fn differences(&self, other: &Picture, left: usize, top: usize) -> usize {
        let pairs = self.pixels.iter().zip(&other.pixels).enumerate();
        let width = self.width.max(1);
        pairs.filter(|(at, (mine, other))| at % width >= left && at / width >= top && mine != other).count()
    }
}

impl Display {
    /// What a display needs and this machine does not have.
    pub fn missing() -> Vec<&'static str> {
        ["Xvfb", "xdotool", "import"].into_iter().filter(|name| !is_installed(name)).collect()
    }

    /// Starts a display of this size in pixels, under a number that is free.
    ///
    /// # Errors
    /// Where it does not start.
    pub fn start(width: u32, height: u32) -> Result<Display> {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", &format!("{width}x{height}x24"), "-nolisten", "tcp"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("Xvfb cannot be started")?;
        let stdout = server.stdout.take();
        let server = Running(server);
        // It writes the number that it found when it is ready.
        let mut line = String::new();
        BufReader::new(stdout.context("Xvfb has no output")?).read_line(&mut line)?;
        let number: u32 = line.trim().parse().context("Xvfb says no number")?;
        Ok(Display { name: format!(":{number}"), _server: server })
    }

    /// Lets a program use this display and no other.
    pub fn lend<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env("DISPLAY", &self.name).env_remove("WAYLAND_DISPLAY").env_remove("XAUTHORITY")
    }

    /// Waits for a window with this text in its title and gives it the keyboard.
    ///
    /// # Errors
    /// Where none comes.
    pub fn focus(&self, title: &str) -> Result<()> {
        let window = until(&format!("a window called {title}"), Duration::from_secs(60), || {
            let found = self.hands(&["search", "--onlyvisible", "--name", title])?;
            Ok(found.lines().next().map(str::to_owned))
        })?;
        until("the keyboard", Duration::from_secs(20), || {
            self.hands(&["windowfocus", &window])?;
            Ok((self.hands(&["getwindowfocus"])?.trim() == window).then_some(()))
        })
    }

    /// Moves, clicks or types: one command of xdotool.
    ///
    /// # Errors
    /// Where xdotool cannot be run; what it finds is not judged.
    pub fn hands(&self, arguments: &[&str]) -> Result<String> {
        Ok(run(self.lend(Command::new("xdotool").args(arguments)), "")?.stdout)
    }

    /// Takes a picture of the display.
    ///
    /// # Errors
    /// Where it cannot be taken.
    pub fn look(&self, folder: &Path) -> Result<Picture> {
        let file = folder.join("display.png");
        let mut import = Command::new("import");
        import.args(["-window", "root", "-depth", "8", "-define", "png:color-type=2"]).arg(&file);
        run(self.lend(&mut import), "")?.ended(0)?;
        let mut reader = png::Decoder::new(BufReader::new(std::fs::File::open(&file)?)).read_info()?;
        let mut bytes = vec![0; reader.output_buffer_size().context("the picture is too large")?];
        let info = reader.next_frame(&mut bytes)?;
        if info.color_type != png::ColorType::Rgb || info.bit_depth != png::BitDepth::Eight {
            bail!("the picture is not plain RGB");
        }
        let bytes = bytes.get(..info.buffer_size()).unwrap_or_default();
        Ok(Picture { width: info.width as usize, pixels: bytes.as_chunks::<3>().0.to_vec() })
    }

    /// Waits for a picture that pleases and then does not change any more.
    ///
    /// # Errors
    /// Where none comes; the error says how many colours the last one had.
    pub fn look_for(
        &self,
        what: &str,
        folder: &Path,
        mut pleases: impl FnMut(&Picture) -> bool,
    ) -> Result<Picture> {
        let mut before: Option<Picture> = None;
        until(what, Duration::from_secs(60), || {
            let now = self.look(folder)?;
            let settled = pleases(&now) && before.as_ref() == Some(&now);
            let answer = settled.then_some(now);
            if answer.is_none() {
                before = Some(self.look(folder)?);
            }
            Ok(answer)
        })
        .with_context(|| format!("the display shows {} colours", before.map_or(0, |one| one.colours())))
    }
}
