//! The stylesheet holds every token of the file, under the file's own names.

use std::collections::BTreeSet;

use playsheet_look::TOKENS;

/// The custom properties that a block of the stylesheet declares.
fn declared(block: &str) -> BTreeSet<&str> {
    block
        .lines()
        .filter_map(|line| line.trim().strip_prefix("--")?.split_once(':'))
        .map(|(name, _)| name)
        .collect()
}

/// The sections and keys of `tokens.toml`, as the names that CSS has for them.
fn expected() -> BTreeSet<String> {
    let mut section = "";
    let mut names = BTreeSet::new();
    for line in include_str!("../tokens.toml").lines() {
        if let Some(rest) = line.strip_prefix('[') {
            section = rest.split(']').next().unwrap_or_default();
        } else if let Some((key, _)) = line.split_once(" = ") {
            match section {
                "colour" => names.insert(key.to_owned()),
                "type" => names.insert(format!("size-{key}")) && names.insert(format!("leading-{key}")),
                "shadow" => names.insert("shadow".to_owned()),
                other => names.insert(format!("{other}-{key}")),
            };
        }
    }
    names.insert("ease".to_owned());
    names
}

#[test]
fn every_token_of_the_file_is_a_custom_property_and_the_other_way_round() {
    let css = TOKENS.css_custom_properties();
    let expected = expected();
    let expected: BTreeSet<&str> = expected.iter().map(String::as_str).collect();
    assert_eq!(declared(&css), expected);
}

#[test]
fn the_dark_theme_is_declared_for_the_system_and_for_the_attribute() {
    let css = TOKENS.css_custom_properties();
    let blocks: Vec<&str> = css.split('{').collect();
    let root = blocks[1];
    let system = blocks[3];
    let attribute = blocks[4];
    assert!(css.contains("@media (prefers-color-scheme: dark) {\n  :root:not([data-theme=\"light\"]) {"));
    assert!(css.contains("\n[data-theme=\"dark\"] {"));
    assert!(root.contains("--bg: #F7F7F4;") && root.contains("color-scheme: light;"));
    for dark in [system, attribute] {
        assert!(dark.contains("--bg: #111315;") && dark.contains("color-scheme: dark;"), "{dark}");
        assert!(dark.contains("--series-8: #5CC3E4;"));
    }
    let colours = |block| -> BTreeSet<&str> {
        declared(block)
            .into_iter()
            .filter(|name| !name.contains("size") && !name.contains("leading"))
            .collect()
    };
    assert!(colours(attribute).is_subset(&colours(root)));
    assert_eq!(css.matches('{').count(), css.matches('}').count());
}

#[test]
fn distances_keep_to_the_grid() {
    for (name, px) in TOKENS.space.named() {
        assert_eq!(px % 4, 0, "{name}");
    }
    for (name, step) in TOKENS.type_scale.named() {
        assert_eq!(step.line_px % 4, 0, "{name}");
        assert!(step.line_px > step.size_px, "{name}");
    }
}
