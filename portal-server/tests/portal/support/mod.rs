//! A whole portal for one test, and people as types who use it through its public interface.

pub mod app;
pub mod browser;
pub mod mail;
pub mod people;
pub mod postgres;
pub mod smtp;

pub use app::{Database, TestApp};
pub use people::{Answer, Signed, Visitor};

use std::path::Path;

/// A password that the policy takes.
pub const PASSWORD: &str = "unrelated words in the rain";

/// An app definition whose name and source the test chooses.
pub fn definition(name: &str) -> String {
    format!(
        "<app xmlns=\"urn:playsheet:app:1\"><meta><name>{name}</name></meta><source id=\"main\"/>\
         <layout><item caption=\"Amount\" inputtype=\"input\" contenttype=\"decimal\" address=\"B1\"/></layout></app>"
    )
}

/// Bytes that pass for a spreadsheet: the portal looks at the first of them only.
pub fn spreadsheet(content: &str) -> Vec<u8> {
    let mut bytes = b"PK\x03\x04".to_vec();
    bytes.extend_from_slice(content.as_bytes());
    bytes
}

/// Makes one test of each function and each database. Without PostgreSQL on the machine, its tests say so and pass.
macro_rules! on_both_databases {
    ($($name:ident)*) => {$(
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                super::$name(crate::support::Database::Sqlite).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                if let Some(database) = crate::support::postgres::fresh_database() {
                    super::$name(crate::support::Database::Postgres(database)).await;
                }
            }
        }
    )*};
}
pub(crate) use on_both_databases;

/// Looks at each file of a folder and of those in it.
pub fn every_file(folder: &Path, each: &mut impl FnMut(&Path, &[u8])) {
    for entry in folder.read_dir().unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            every_file(&path, each);
        } else {
            each(&path, &std::fs::read(&path).unwrap());
        }
    }
}
