//! The lock file holds no package that needs more than Rust and a C compiler to build.

use super::{File, Finding};

/// AWS-LC wants CMake and, on some systems, an assembler; TLS here stands on ring.
const REFUSED: &str = "aws-lc";

/// A finding for each refused package of the workspace's lock file.
pub fn findings(file: &File) -> Vec<Finding> {
    if file.path != "Cargo.lock" {
        return Vec::new();
    }
    let refused = |line: &&str| line.strip_prefix("name = \"").is_some_and(|name| name.starts_with(REFUSED));
    file.text
        .lines()
        .enumerate()
        .filter(|(_, line)| refused(line))
        .map(|(number, line)| {
            Finding::at(
                file,
                number + 1,
                format!("{line}: choose the features of its user that stand on ring"),
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn refused_packages_are_found() {
        let text = "[[package]]\nname = \"aws-lc-sys\"\n\n[[package]]\nname = \"ring\"\n";
        assert_eq!(findings(&sample("Cargo.lock", text)).len(), 1);
        assert!(findings(&sample("engine/comparison/Cargo.lock", text)).is_empty());
    }
}
