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
    /// Reads a PNG file of eight bits a channel; transparency is left out.
    ///
    /// # Errors
    /// Where it is none.
    pub fn read(file: &Path) -> Result<Picture> {
        let mut reader = png::Decoder::new(BufReader::new(std::fs::File::open(file)?)).read_info()?;
        let mut bytes = vec![0; reader.output_buffer_size().context("the picture is too large")?];
        let info = reader.next_frame(&mut bytes)?;
        let channels = match (info.color_type, info.bit_depth) {
            (png::ColorType::Rgb, png::BitDepth::Eight) => 3,
            (png::ColorType::Rgba, png::BitDepth::Eight) => 4,
            other => bail!("a picture of another kind: {other:?}"),
        };
        let bytes = bytes.get(..info.buffer_size()).unwrap_or_default();
        let pixel =
            |pixel: &[u8]| <[u8; 3]>::try_from(pixel.get(..3).unwrap_or_default()).unwrap_or_default();
        Ok(Picture { width: info.width as usize, pixels: bytes.chunks_exact(channels).map(pixel).collect() })
    }

    /// The part of this size whose upper left corner is there.
    pub fn part(&self, left: usize, top: usize, width: usize, height: usize) -> Picture {
        let rows = self.pixels.chunks(self.width.max(1)).skip(top).take(height);
        let pixels = rows.flat_map(|row| row.iter().skip(left).take(width)).copied().collect();
        Picture { width, pixels }
    }

    /// How many pixels are clearly another colour: more than what two ways of smoothing make of one line.
    pub fn clear_differences(&self, other: &Picture) -> usize {
        let clearly = |(mine, other): &(&[u8; 3], &[u8; 3])| {
            mine.iter().zip(other.iter()).any(|(mine, other)| mine.abs_diff(*other) > 64)
        };
        self.pixels.iter().zip(&other.pixels).filter(clearly).count()
    }

    /// How many different colours there are.
    pub fn colours(&self) -> usize {
        self.pixels.iter().collect::<HashSet<_>>().len()
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
            // Otherwise it starts anew, and takes nobody in meanwhile, whenever its last client leaves.
            .arg("-noreset")
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
        Picture::read(&file)
    }
}
