//! Writes the example workbooks into `examples/`, or says with `--check` which of them differ from what stands there.

use anyhow::{Context, Result, bail};
use playsheet_example_generator::EXAMPLES;
use std::path::Path;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let only_check = match arguments.iter().map(String::as_str).collect::<Vec<&str>>()[..] {
        [] => false,
        ["--check"] => true,
        _ => bail!("the only argument is --check, which writes nothing and fails where a file differs"),
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("the generator lies in a folder")?;
    let mut different = Vec::new();
    for example in EXAMPLES {
        let file = folder.join(example.file_name);
        let bytes = example.generate().with_context(|| format!("cannot make {}", example.file_name))?;
        let same = std::fs::read(&file).is_ok_and(|there| there == bytes);
        if only_check {
            different.extend((!same).then_some(example.file_name));
        } else if !same {
            std::fs::write(&file, &bytes).with_context(|| format!("cannot write {}", file.display()))?;
        }
        println!(
            "{:<16} {:>6} bytes  {}",
            example.file_name,
            bytes.len(),
            if same { "unchanged" } else { "new" }
        );
    }
    if !different.is_empty() {
        bail!("{} differ from what the generator makes: run cargo xtask examples", different.join(", "));
    }
    Ok(())
}
