//! Where the project lies, asked of cargo, so that an existing `CARGO_TARGET_DIR` or cargo configuration counts.

use anyhow::{Context, Result, bail};
use cargo_metadata::MetadataCommand;
use std::path::PathBuf;
use std::process::Command;

/// The workspace that the command was started in.
pub struct Project {
    /// The folder of the workspace's `Cargo.toml`.
    pub root: PathBuf,
    /// Where cargo builds to.
    pub target: PathBuf,
    /// The `Cargo.toml` of each member.
    pub manifests: Vec<PathBuf>,
}

impl Project {
    /// Asks cargo about the workspace around the current folder.
    pub fn find() -> Result<Self> {
        let metadata = MetadataCommand::new().no_deps().exec().context("cargo cannot read the workspace")?;
        Ok(Self {
            root: metadata.workspace_root.clone().into(),
            target: metadata.target_directory.clone().into(),
            manifests: metadata
                .workspace_packages()
                .iter()
                .map(|package| package.manifest_path.clone().into())
                .collect(),
        })
    }

    /// The files that are in the repository or would be added to it, relative to the root, with `/` between folders.
    pub fn files(&self) -> Result<Vec<String>> {
        let output = Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(&self.root)
            .output()
            .context("git, which knows what belongs to the repository, does not start")?;
        if !output.status.success() {
            bail!("git cannot list the files: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        let mut files: Vec<String> = output
            .stdout
            .split(|byte| *byte == 0)
            .filter(|name| !name.is_empty())
            .map(|name| String::from_utf8_lossy(name).into_owned())
            .collect();
        files.sort();
        files.dedup();
        Ok(files)
    }

    /// The folder for what the tests need beside compiled code.
    pub fn test_tools(&self) -> PathBuf {
        self.target.join("test-tools")
    }
}
