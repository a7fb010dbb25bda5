//! Rooms and arrows: which crate may use which, and which packages from outside none of them may.
//!
//! The tables below are the decision, `cargo metadata` and `cargo tree` are the facts. A new arrow is a line
//! here and in `ARCHITECTURE.md`, with its reason; nothing else makes this test green.

#![allow(clippy::expect_used, reason = "clippy lets test functions do so, but not what they call")]

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

/// Each room, what it may use, and after the bar what only its tests may use besides.
///
/// Never: engine to player or portal, calc to formats, functions to calc, view to egui, vault to ui.
const ARROWS: &str = "
    app-definitions   ->
    values            ->
    numfmt            -> values
    formula           -> values
    workbook          -> values formula
    formats           -> values numfmt formula workbook
    functions         -> values numfmt formula
    calc              -> values numfmt formula workbook functions                          | formats
    view              -> values numfmt formula workbook functions calc app-definitions     | formats
    detect            -> values numfmt formula workbook functions calc app-definitions     | formats
    export            -> values formula workbook                                           | formats
    engine            -> values numfmt formula workbook formats functions calc view detect app-definitions
    fuzz              -> engine
    portal-api        ->
    portal-server     -> portal-api engine app-definitions look
    look              ->
    vault             ->
    sync              -> portal-api vault                                   | portal-server
    ui                -> engine sync vault look
    player            -> engine export ui sync vault look portal-api
    demo              -> portal-api portal-server player
    example-generator -> engine
    tests             -> demo portal-api                                    | portal-server engine
    xtask             ->
";

/// The rooms that stay pure: no files, clock, chance, network or window of their own choosing.
const ENGINE: &[&str] = &[
    "app-definitions",
    "values",
    "numfmt",
    "formula",
    "workbook",
    "formats",
    "functions",
    "calc",
    "view",
    "detect",
    "export",
    "engine",
];

/// What would make them impure.
const IMPURE: &[&str] = &["tokio", "reqwest", "egui", "eframe", "rand", "chrono", "jiff"];

/// Rooms of the engine that come to an impure package through a library they exist for, and why that is bearable.
const BORNE: &[(&str, &str, &[&str])] = &[
    // umya-spreadsheet draws salts for encrypted files and stamps documents; the facade does not use `export`.
    ("export", "umya-spreadsheet", &["rand", "chrono", "jiff"]),
];

/// TLS and cryptography stand on ring, so that building takes Rust and a C compiler, nothing else.
const REFUSED: &[&str] = &["aws-lc-rs", "aws-lc-sys", "openssl", "openssl-sys", "native-tls"];

/// The packages that the product is meant to stand on: each is really used in some room.
const NAMED: &[&str] = &[
    "calamine",
    "umya-spreadsheet",
    "quick-xml",
    "serde",
    "ring",
    "pbkdf2",
    "jsonwebtoken",
    "keyring",
    "egui",
    "eframe",
    "reqwest",
];

/// Those of them whose room is not built yet. Take an entry out with the room that uses it.
const PENDING: &[&str] = &[];

/// What a room may use.
#[derive(Debug, Default, Clone)]
struct Allowed {
    always: BTreeSet<String>,
    in_tests: BTreeSet<String>,
}

/// One arrow of the workspace as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Arrow {
    from: String,
    to: String,
    in_tests: bool,
}

#[test]
fn every_arrow_is_in_the_table() {
    let allowed = allowed(ARROWS);
    let wrong = wrong_arrows(&arrows(&workspace()), &allowed);
    assert!(wrong.is_empty(), "not in the table of rooms and arrows:\n  {}", wrong.join("\n  "));
}

#[test]
fn every_room_has_its_line_and_every_line_its_room() {
    let metadata = workspace();
    let rooms: BTreeSet<String> =
        metadata.workspace_packages().iter().map(|package| room(&package.name)).collect();
    let lines: BTreeSet<String> = allowed(ARROWS).into_keys().collect();
    assert_eq!(rooms, lines, "left the workspace, right the table");
    for (name, may) in allowed(ARROWS) {
        for target in may.always.union(&may.in_tests) {
            assert!(lines.contains(target), "{name} may use {target}, which has no line");
        }
    }
}

#[test]
fn a_wrong_arrow_is_seen() {
    let allowed = allowed(ARROWS);
    let arrow = |from: &str, to: &str, in_tests| Arrow { from: from.into(), to: to.into(), in_tests };
    for (from, to) in [
        ("calc", "formats"),
        ("functions", "calc"),
        ("engine", "player"),
        ("engine", "portal-server"),
        ("engine", "export"),
        ("values", "formula"),
        ("view", "ui"),
        ("vault", "ui"),
        ("portal-api", "engine"),
    ] {
        assert_eq!(wrong_arrows(&[arrow(from, to, false)], &allowed).len(), 1, "{from} -> {to}");
    }
    assert!(wrong_arrows(&[arrow("calc", "formats", true)], &allowed).is_empty());
    assert_eq!(wrong_arrows(&[arrow("functions", "calc", true)], &allowed).len(), 1);
    assert!(wrong_arrows(&[arrow("calc", "functions", false)], &allowed).is_empty());
    assert_eq!(wrong_arrows(&[arrow("newcomer", "values", false)], &allowed).len(), 1);
}

#[test]
fn the_engine_stays_pure() {
    let metadata = workspace();
    let mut wrong = Vec::new();
    for package in metadata.workspace_packages() {
        let name = room(&package.name);
        if !ENGINE.contains(&name.as_str()) {
            continue;
        }
        // On every platform: what a room leaves out here it must not take in elsewhere.
        let used = packages_under(&["-p", &package.name, "-e", "normal", "--target", "all"]);
        let borne = borne(&name);
        wrong.extend(
            IMPURE
                .iter()
                .filter(|impure| used.contains(**impure) && !borne.contains(*impure))
                .map(|impure| format!("{name} uses {impure}: cargo tree -p {} -i {impure}", package.name)),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_borne_is_still_there_and_only_there() {
    for (name, through, impure) in BORNE {
        assert!(ENGINE.contains(name));
        let package = format!("playsheet-{name}");
        let used = packages_under(&["-p", &package, "-e", "normal", "--target", "all"]);
        for part in *impure {
            assert!(used.contains(*part), "{name} no longer uses {part}: take it out of the table");
        }
        let only_way =
            packages_under(&["-p", &package, "-e", "normal", "--target", "all", "--prune", through]);
        for part in *impure {
            assert!(!only_way.contains(*part), "{name} uses {part} not only through {through}");
        }
    }
}

#[test]
fn nothing_needs_more_than_rust_and_a_c_compiler() {
    let used = packages_under(&["--workspace", "-e", "normal,build"]);
    for refused in REFUSED {
        assert!(!used.contains(*refused), "see who uses it: cargo tree --workspace -i {refused}");
    }
}

#[test]
fn the_named_packages_are_used() {
    let metadata = workspace();
    for name in NAMED {
        let users = users(&metadata, name);
        if PENDING.contains(name) {
            println!("{name}: pending, {} rooms use it", users.len());
        } else {
            assert!(!users.is_empty(), "no room uses {name}");
        }
    }
    assert!(PENDING.iter().all(|name| NAMED.contains(name)), "only a named package can be pending");
}

#[test]
fn a_package_counts_as_used_only_where_code_speaks_of_it() {
    let metadata = workspace();
    assert_eq!(users(&metadata, "cargo_metadata"), ["xtask"], "a dependency of tests alone does not count");
    assert!(users(&metadata, "no-such-package").is_empty());
    assert!(speaks_of("use quick_xml::Reader;", "quick_xml"));
    assert!(speaks_of("    let r = ring::rand::SystemRandom::new();", "ring"));
    assert!(!speaks_of("use string::ring_buffer;", "ring"));
    assert!(!speaks_of("//! ring keeps the keys", "ring"));
    assert!(!speaks_of("// ring::aead would do", "ring"));
}

/// The members alone, as their manifests stand: needs no network.
fn workspace() -> Metadata {
    MetadataCommand::new()
        .manifest_path(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"))
        .no_deps()
        .exec()
        .expect("cargo metadata")
}

/// The short name of a room: its package without the product's name.
fn room(package: &str) -> String {
    package.strip_prefix("playsheet-").unwrap_or(package).to_owned()
}

/// Reads the table.
fn allowed(table: &str) -> BTreeMap<String, Allowed> {
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect();
    table
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| {
            let (name, uses) = line.split_once("->").expect("a line of the table has an arrow");
            let (always, in_tests) = uses.split_once('|').unwrap_or((uses, ""));
            (name.trim().to_owned(), Allowed { always: words(always), in_tests: words(in_tests) })
        })
        .collect()
}

/// All arrows between members. A build script's arrow counts like any other.
fn arrows(metadata: &Metadata) -> Vec<Arrow> {
    let members = metadata.workspace_packages();
    let names: BTreeSet<&str> = members.iter().map(|package| package.name.as_str()).collect();
    let mut arrows = Vec::new();
    for package in &members {
        for dependency in package.dependencies.iter().filter(|one| names.contains(one.name.as_str())) {
            arrows.push(Arrow {
                from: room(&package.name),
                to: room(&dependency.name),
                in_tests: dependency.kind == DependencyKind::Development,
            });
        }
    }
    arrows
}

/// The arrows that the table does not have.
fn wrong_arrows(arrows: &[Arrow], allowed: &BTreeMap<String, Allowed>) -> Vec<String> {
    let nothing = Allowed::default();
    let is_wrong = |arrow: &&Arrow| {
        let may = allowed.get(&arrow.from).unwrap_or(&nothing);
        !(may.always.contains(&arrow.to) || arrow.in_tests && may.in_tests.contains(&arrow.to))
    };
    let describe = |arrow: &Arrow| {
        let kind = if arrow.in_tests { " (in its tests)" } else { "" };
        format!("{} -> {}{kind}", arrow.from, arrow.to)
    };
    arrows.iter().filter(is_wrong).map(describe).collect()
}

fn borne(name: &str) -> Vec<&'static str> {
    BORNE.iter().filter(|(room, ..)| *room == name).flat_map(|(.., impure)| impure.iter().copied()).collect()
}

/// The names of all packages that `cargo tree` shows. It works out features for the packages asked for alone,
/// which `cargo metadata` does not: there one room's choice of features would be seen in another room.
fn packages_under(args: &[&str]) -> BTreeSet<String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .arg("tree")
        .args(["--prefix", "none", "--format", "{p}"])
        .args(args)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo tree starts");
    assert!(output.status.success(), "cargo tree: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

/// The rooms whose product code speaks of a package that their manifest names.
fn users(metadata: &Metadata, name: &str) -> Vec<String> {
    let named = |package: &&&Package| {
        package.dependencies.iter().any(|one| one.name == name && one.kind == DependencyKind::Normal)
    };
    let identifier = name.replace('-', "_");
    let mut users: Vec<String> = metadata
        .workspace_packages()
        .iter()
        .filter(named)
        .filter(|package| {
            let source = package.manifest_path.with_file_name("src");
            rust_files(source.as_std_path()).iter().any(|text| speaks_of(text, &identifier))
        })
        .map(|package| room(&package.name))
        .collect();
    users.sort();
    users
}

fn rust_files(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut texts = Vec::new();
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            texts.extend(rust_files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            texts.extend(std::fs::read_to_string(&path));
        }
    }
    texts
}

/// Whether a line of code, not of comment, names a path that begins with the identifier.
fn speaks_of(text: &str, identifier: &str) -> bool {
    let path = format!("{identifier}::");
    let import = format!("use {identifier};");
    let derive = format!("use {identifier}::");
    text.lines().map(str::trim).filter(|line| !line.starts_with("//")).any(|line| {
        line.contains(&import)
            || line.contains(&derive)
            || line.match_indices(&path).any(|(at, _)| {
                let before = line[..at].chars().next_back();
                !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
            })
    })
}
