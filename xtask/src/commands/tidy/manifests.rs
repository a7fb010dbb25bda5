//! Every crate of the workspace takes the workspace's lints.

use super::{File, Finding};
use crate::project::Project;
use anyhow::{Context, Result};

/// A finding for each member without the workspace's lints.
pub fn findings(project: &Project) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for manifest in &project.manifests {
        let text = std::fs::read_to_string(manifest)
            .with_context(|| format!("cannot read {}", manifest.display()))?;
        let path =
            manifest.strip_prefix(&project.root).unwrap_or(manifest).to_string_lossy().replace('\\', "/");
        findings.extend(of_manifest(&File { path, text }));
    }
    Ok(findings)
}

fn of_manifest(file: &File) -> Option<Finding> {
    let mut section = "";
    for line in file.text.lines().map(str::trim) {
        if line.starts_with('[') {
            section = line;
        } else if section == "[lints]" && line.replace(' ', "") == "workspace=true" {
            return None;
        }
    }
    Some(Finding::at(file, 1, "does not take the workspace's lints: add `[lints]` with `workspace = true`"))
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn only_the_workspaces_lints_count() {
        let found = |text: &str| of_manifest(&sample("a/Cargo.toml", text)).is_some();
        assert!(!found("[package]\nname = \"a\"\n\n[lints]\nworkspace = true\n"));
        assert!(found("[package]\nname = \"a\"\n"));
        assert!(found("[lints.rust]\nunsafe_code = \"allow\"\n[dependencies]\nworkspace = true\n"));
        assert!(found("[lints]\nworkspace = false\n"));
    }
}
