//! `cargo xtask pictures`: the README's pictures, made by the product itself.

use crate::process;
use crate::project::Project;
use anyhow::{Context, Result};
use std::path::Path;
use std::process::Command;

/// A picture: which example, how large, in which theme, and its file's name.
struct Picture {
    example: &'static str,
    size: &'static str,
    theme: &'static str,
    file: &'static str,
}

const PICTURES: [Picture; 3] = [
    Picture { example: "loan", size: "1280x800", theme: "light", file: "loan-light.png" },
    Picture { example: "budget", size: "1280x800", theme: "dark", file: "budget-dark.png" },
    Picture { example: "catalogue", size: "1280x800", theme: "light", file: "catalogue-light.png" },
];

/// Builds the player and lets it paint the pictures into `docs/pictures`.
pub fn run(project: &Project) -> Result<bool> {
    // With the features of the whole workspace, so that nothing is built twice.
    process::run(process::cargo(project).args(["build", "--workspace", "--bin", "playsheet"]))?;
    let player = project.target.join("debug").join(format!("playsheet{}", std::env::consts::EXE_SUFFIX));
    let folder = project.root.join("docs").join("pictures");
    std::fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    for picture in &PICTURES {
        paint(project, &player, &folder, picture)?;
    }
    println!("{} pictures in docs/pictures", PICTURES.len());
    Ok(true)
}

fn paint(project: &Project, player: &Path, folder: &Path, picture: &Picture) -> Result<()> {
    let definition = project.root.join("examples").join(format!("{}.xml", picture.example));
    let mut command = Command::new(player);
    command.arg("render").arg(definition).arg("--out").arg(folder.join(picture.file));
    // A fixed clock, so that the same code paints the same picture.
    command.args(["--size", picture.size, "--theme", picture.theme, "--now", "2026-03-02T09:00"]);
    process::run(&mut command)
}
