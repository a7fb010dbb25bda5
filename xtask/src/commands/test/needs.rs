//! What the tests need beside Rust: one table, and how each entry is recognised on any system.

use crate::process::succeeds;
use std::path::{Path, PathBuf};
use std::process::Command;

/// One thing that tests need.
pub struct Need {
    /// What it is for, in words for a person who has to get it by hand.
    pub purpose: &'static str,
    found_by: FoundBy,
    /// The packages of Debian and its descendants that hold it, the first that there is.
    pub packages: &'static [&'static str],
}

/// How to see whether it is there.
enum FoundBy {
    /// One of these programs can be started.
    Program(&'static [&'static str]),
    /// A shared library of this name lies where the loader looks.
    Library(&'static str),
    /// A file whose name begins so lies in this folder.
    File(&'static str, &'static str),
    /// Python can import it.
    PythonModule(&'static str),
}

use FoundBy::{File, Library, Program, PythonModule};

/// All needs. `convert` of ImageMagick is no sign: other programs have that name.
pub const NEEDS: &[Need] = &[
    need("a display without a screen", Program(&["Xvfb"]), &["xvfb"]),
    need("windows under X", Library("libX11.so.6"), &["libx11-6"]),
    need("windows under X", Library("libX11-xcb.so.1"), &["libx11-xcb1"]),
    need("windows under X", Library("libXcursor.so.1"), &["libxcursor1"]),
    need("windows under X", Library("libXi.so.6"), &["libxi6"]),
    need("windows under X", Library("libxkbcommon-x11.so.0"), &["libxkbcommon-x11-0"]),
    need("painting in a window", Library("libGL.so.1"), &["libgl1"]),
    need("painting in a window", Library("libEGL.so.1"), &["libegl1"]),
    need(
        "painting without a graphics card",
        File("/usr/share/vulkan/icd.d", "lvp_icd"),
        &["mesa-vulkan-drivers"],
    ),
    need("typing and clicking in a window", Program(&["xdotool"]), &["xdotool"]),
    need("pictures of a window (ImageMagick)", Program(&["import", "magick"]), &["imagemagick"]),
    need(
        "a browser",
        Program(&["chromium", "chromium-browser", "google-chrome"]),
        &["chromium", "chromium-browser"],
    ),
    need("driving the browser", Program(&["chromedriver"]), &["chromium-driver", "chromium-chromedriver"]),
    need("checking XML against its schema", Program(&["xmllint"]), &["libxml2-utils"]),
    need("a message bus for the secret store", Program(&["dbus-run-session"]), &["dbus"]),
    need("a secret store", Program(&["gnome-keyring-daemon"]), &["gnome-keyring"]),
    need("PostgreSQL", Program(&["initdb"]), &["postgresql"]),
    need(
        "another spreadsheet program, to open what was saved",
        Program(&["soffice", "libreoffice"]),
        &["libreoffice-calc"],
    ),
    need("Python, for a mail server", Program(&["python3"]), &["python3"]),
    need("environments of Python packages", PythonModule("ensurepip"), &["python3-venv"]),
];

const fn need(purpose: &'static str, found_by: FoundBy, packages: &'static [&'static str]) -> Need {
    Need { purpose, found_by, packages }
}

impl Need {
    /// Whether it is there.
    pub fn is_met(&self) -> bool {
        match self.found_by {
            Program(names) => names.iter().any(|name| has_program(name)),
            Library(name) => library_folders().iter().any(|folder| folder.join(name).exists()),
            File(folder, beginning) => has_file(Path::new(folder), beginning),
            PythonModule(name) => succeeds(Command::new("python3").args(["-c", &format!("import {name}")])),
        }
    }
}

/// The table's entries that are not there.
pub fn missing() -> Vec<&'static Need> {
    NEEDS.iter().filter(|need| !need.is_met()).collect()
}

/// Whether a program of this name can be started. Debian keeps PostgreSQL's server programs out of `PATH`.
pub fn has_program(name: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    folders.extend(["/usr/sbin", "/sbin"].map(PathBuf::from));
    folders.extend(subfolders("/usr/lib/postgresql").into_iter().map(|folder| folder.join("bin")));
    folders.iter().any(|folder| folder.join(name).is_file())
}

fn library_folders() -> Vec<PathBuf> {
    let mut folders = Vec::new();
    for base in ["/lib", "/usr/lib", "/lib64", "/usr/lib64", "/usr/local/lib"] {
        folders.push(PathBuf::from(base));
        folders.extend(
            subfolders(base).into_iter().filter(|folder| folder.to_string_lossy().contains("-linux-gnu")),
        );
    }
    folders
}

fn subfolders(base: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(base) else { return Vec::new() };
    entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect()
}

fn has_file(folder: &Path, beginning: &str) -> bool {
    let Ok(entries) = std::fs::read_dir(folder) else { return false };
    entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with(beginning))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_seen_and_what_is_not_is_not() {
        assert!(need("", Program(&["no-such-program", "cargo"]), &[]).is_met());
        assert!(!need("", Program(&["no-such-program"]), &[]).is_met());
        assert!(!need("", Library("libnosuch.so.9"), &[]).is_met());
        assert!(!need("", PythonModule("no_such_module"), &[]).is_met());
        assert!(need("", File(env!("CARGO_MANIFEST_DIR"), "Cargo.t"), &[]).is_met());
        assert!(!need("", File(env!("CARGO_MANIFEST_DIR"), "cargo.t"), &[]).is_met());
    }

    #[test]
    fn every_need_can_be_installed_and_explained() {
        for need in NEEDS {
            assert!(!need.packages.is_empty());
            assert!(!need.purpose.is_empty());
        }
    }
}
