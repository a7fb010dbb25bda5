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

/// A picture, in the tests' memory.
#[derive(Debug, PartialEq, Eq)]
pub struct Picture {
    width: usize,
    /// Red, green and blue of each pixel, row after row.
    bytes: Vec<u8>,
}

impl Picture {
    /// Reads a PNG file of eight bits a channel; transparency is left out.
    ///
    /// # Errors
    /// Where it is none.
    pub fn read_png(file: &Path) -> Result<Picture> {
        let mut reader = png::Decoder::new(BufReader::new(std::fs::File::open(file)?)).read_info()?;
        let mut bytes = vec![0; reader.output_buffer_size().context("the picture is too large")?];
        let info = reader.next_frame(&mut bytes)?;
        bytes.truncate(info.buffer_size());
        match (info.color_type, info.bit_depth) {
            (png::ColorType::Rgb, png::BitDepth::Eight) => {}
            (png::ColorType::Rgba, png::BitDepth::Eight) => {
                bytes = bytes.as_chunks::<4>().0.iter().flat_map(|[r, g, b, _]| [*r, *g, *b]).collect();
            }
            other => bail!("a picture of another kind: {other:?}"),
        }
        Ok(Picture { width: info.width as usize, bytes })
    }

    /// Reads a picture as `import` writes it under the ending `.ppm`: "P6", width, height and 255, then the pixels.
    fn read_ppm(file: &Path) -> Result<Picture> {
        let mut bytes = std::fs::read(file)?;
        let mut head = bytes.splitn(5, |byte| byte.is_ascii_whitespace());
        let mut word = || head.next().map(String::from_utf8_lossy).unwrap_or_default().into_owned();
        let (kind, width, _, most) = (word(), word(), word(), word());
        let length = head.next().map_or(0, <[u8]>::len);
        if kind != "P6" || most != "255" {
            bail!("a picture of another kind: {kind}, {most}");
        }
        bytes.drain(..bytes.len() - length);
        Ok(Picture { width: width.parse()?, bytes })
    }

    fn rows(&self) -> std::slice::Chunks<'_, u8> {
        self.bytes.chunks(self.width.max(1) * 3)
    }

    /// The part of this size whose upper left corner is there.
    pub fn part(&self, left: usize, top: usize, width: usize, height: usize) -> Picture {
        let mut bytes = Vec::with_capacity(width * height * 3);
        for row in self.rows().skip(top).take(height) {
            bytes.extend_from_slice(row.get(left * 3..(left + width) * 3).unwrap_or_default());
        }
        Picture { width, bytes }
    }

    /// How many pixels are clearly another colour: more than what two ways of smoothing make of one line. All of
    /// them, where the pictures are not of one size.
    pub fn clear_differences(&self, other: &Picture) -> usize {
        if (self.width, self.bytes.len()) != (other.width, other.bytes.len()) {
            return self.bytes.len().max(other.bytes.len()) / 3;
        }
        let clearly = |(mine, other): &(&[u8; 3], &[u8; 3])| {
            mine.iter().zip(other.iter()).any(|(mine, other)| mine.abs_diff(*other) > 64)
        };
        let rows = self.rows().zip(other.rows()).filter(|(mine, other)| mine != other);
        rows.map(|(mine, other)| mine.as_chunks().0.iter().zip(other.as_chunks().0).filter(clearly).count())
            .sum()
    }

    /// Whether there are at least so many different colours: what a screen with text on it has, and an empty one not.
    pub fn has_colours(&self, least: usize) -> bool {
        let mut found = HashSet::new();
        let mut before = None;
        for pixel in self.bytes.as_chunks::<3>().0 {
            if before != Some(pixel) && found.insert(pixel) && found.len() >= least {
                return true;
            }
            before = Some(pixel);
        }
        false
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
        let file = folder.join("display.ppm");
        self.look_into(&file)?;
        Picture::read_ppm(&file)
    }

    /// Takes a picture of the display into a file; its ending says in which form.
    ///
    /// # Errors
    /// Where it cannot be taken.
    pub fn look_into(&self, file: &Path) -> Result<()> {
        let mut import = Command::new("import");
        run(self.lend(import.args(["-window", "root", "-depth", "8"]).arg(file)), "")?.ended(0)?;
        Ok(())
    }
}
