//! The tables' history. A migration that was released is never changed; the next one is added below it.

use sea_orm_migration::prelude::*;

/// All migrations, oldest first.
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(FirstTables)]
    }
}

struct FirstTables;

impl MigrationName for FirstTables {
    fn name(&self) -> &'static str {
        "m0001_first_tables"
    }
}

/// The kinds of columns that the tables are made of.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    Number,
    Small,
    Bytes,
    Truth,
}

use Kind::{Bytes, Number, Small, Text, Truth};

/// One table: its name, its columns (`?` after a name: may be absent), its key, its references.
struct Table_ {
    name: &'static str,
    columns: &'static [(&'static str, Kind)],
    key: &'static [&'static str],
    references: &'static [(&'static str, &'static str)],
}

const TABLES: &[Table_] = &[
    Table_ {
        name: "team",
        columns: &[("id", Text), ("name", Text), ("kind", Text), ("created_ms", Number)],
        key: &["id"],
        references: &[],
    },
    Table_ {
        name: "person",
        columns: &[
            ("id", Text),
            ("email", Text),
            ("name", Text),
            ("created_ms", Number),
            ("confirmed_ms?", Number),
            ("disabled_ms?", Number),
            ("epoch", Number),
            ("administrator", Truth),
            ("personal_team", Text),
        ],
        key: &["id"],
        references: &[("personal_team", "team")],
    },
    Table_ {
        name: "credential",
        columns: &[("person_id", Text), ("phc", Text), ("changed_ms", Number)],
        key: &["person_id"],
        references: &[("person_id", "person")],
    },
    Table_ {
        name: "membership",
        columns: &[("team_id", Text), ("person_id", Text), ("role", Text), ("created_ms", Number)],
        key: &["team_id", "person_id"],
        references: &[("team_id", "team"), ("person_id", "person")],
    },
    Table_ {
        name: "device",
        columns: &[
            ("id", Text),
            ("person_id", Text),
            ("name", Text),
            ("platform", Text),
            ("created_ms", Number),
            ("seen_ms", Number),
            ("ended_ms?", Number),
            ("end_reason?", Text),
        ],
        key: &["id"],
        references: &[("person_id", "person")],
    },
    Table_ {
        name: "refresh_family",
        columns: &[
            ("device_id", Text),
            ("salt", Bytes),
            ("device_secret_hash", Text),
            ("step", Number),
            ("current_hash", Text),
            ("previous_hash?", Text),
            ("rotated_ms", Number),
            ("expires_ms", Number),
            ("ends_ms", Number),
        ],
        key: &["device_id"],
        references: &[("device_id", "device")],
    },
    Table_ {
        name: "page_session",
        columns: &[("hash", Text), ("person_id", Text), ("created_ms", Number), ("seen_ms", Number)],
        key: &["hash"],
        references: &[("person_id", "person")],
    },
    Table_ {
        name: "link",
        columns: &[
            ("id", Text),
            ("kind", Text),
            ("subject", Text),
            ("email", Text),
            ("created_ms", Number),
            ("expires_ms?", Number),
            ("used_ms?", Number),
            ("ended_ms?", Number),
        ],
        key: &["id"],
        references: &[],
    },
    Table_ {
        name: "app",
        columns: &[
            ("id", Text),
            ("team_id", Text),
            ("name", Text),
            ("description", Text),
            ("version", Number),
            ("lease_days", Small),
            ("created_by", Text),
            ("created_ms", Number),
            ("changed_ms", Number),
            ("withdrawn_ms?", Number),
        ],
        key: &["id"],
        references: &[("team_id", "team"), ("created_by", "person")],
    },
    Table_ {
        name: "definition",
        columns: &[("app_id", Text), ("number", Number), ("document", Text), ("etag", Text)],
        key: &["app_id", "number"],
        references: &[("app_id", "app")],
    },
    Table_ {
        name: "version",
        columns: &[
            ("app_id", Text),
            ("number", Number),
            ("definition_number", Number),
            ("change", Text),
            ("note", Text),
            ("published_by", Text),
            ("published_ms", Number),
        ],
        key: &["app_id", "number"],
        references: &[("app_id", "app"), ("published_by", "person")],
    },
    Table_ {
        name: "object",
        columns: &[
            ("id", Text),
            ("app_id", Text),
            ("wrapped_key", Bytes),
            ("size", Number),
            ("sha256", Text),
            ("created_ms", Number),
        ],
        key: &["id"],
        references: &[("app_id", "app")],
    },
    Table_ {
        name: "version_source",
        columns: &[
            ("app_id", Text),
            ("number", Number),
            ("source_id", Text),
            ("kind", Text),
            ("object_id?", Text),
            ("url?", Text),
            ("auth?", Text),
            ("file_name?", Text),
        ],
        key: &["app_id", "number", "source_id"],
        references: &[("app_id", "app"), ("object_id", "object")],
    },
    Table_ {
        name: "app_grant",
        columns: &[
            ("app_id", Text),
            ("principal_kind", Text),
            ("principal_id", Text),
            ("role", Text),
            ("created_by", Text),
            ("created_ms", Number),
            ("withdrawn_ms?", Number),
        ],
        key: &["app_id", "principal_kind", "principal_id"],
        references: &[("app_id", "app"), ("created_by", "person")],
    },
    Table_ {
        name: "invitation",
        columns: &[
            ("id", Text),
            ("app_id", Text),
            ("email", Text),
            ("role", Text),
            ("invited_by", Text),
            ("created_ms", Number),
            ("accepted_ms?", Number),
            ("accepted_by?", Text),
            ("withdrawn_ms?", Number),
        ],
        key: &["id"],
        references: &[("app_id", "app"), ("invited_by", "person"), ("accepted_by", "person")],
    },
    Table_ {
        name: "outbox",
        columns: &[
            ("id", Text),
            ("kind", Text),
            ("recipient", Text),
            ("details", Text),
            ("created_ms", Number),
            ("next_ms", Number),
            ("tries", Small),
            ("sent_ms?", Number),
            ("failed_ms?", Number),
            ("last_error?", Text),
        ],
        key: &["id"],
        references: &[],
    },
    Table_ {
        name: "audit_entry",
        columns: &[
            ("sequence", Number),
            ("at_ms", Number),
            ("actor", Text),
            ("action", Text),
            ("object", Text),
            ("app_id?", Text),
            ("request_id?", Text),
            ("hash", Text),
        ],
        key: &["sequence"],
        references: &[],
    },
    Table_ {
        name: "audit_head",
        columns: &[("id", Small), ("sequence", Number), ("hash", Text), ("tag", Text)],
        key: &["id"],
        references: &[],
    },
];

/// Indexes: name, table, columns, whether unique.
const INDEXES: &[(&str, &str, &[&str], bool)] = &[
    ("person_by_email", "person", &["email"], true),
    ("membership_by_person", "membership", &["person_id"], false),
    ("device_by_person", "device", &["person_id"], false),
    ("page_session_by_person", "page_session", &["person_id"], false),
    ("link_by_subject", "link", &["subject", "kind"], false),
    ("app_by_team", "app", &["team_id"], false),
    ("grant_by_principal", "app_grant", &["principal_id", "principal_kind"], false),
    ("object_by_app", "object", &["app_id"], false),
    ("invitation_by_app", "invitation", &["app_id"], false),
    ("outbox_by_time", "outbox", &["next_ms"], false),
];

#[async_trait::async_trait]
impl MigrationTrait for FirstTables {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            manager.create_table(statement(table)).await?;
        }
        for (name, table, columns, unique) in INDEXES {
            let mut index = Index::create();
            index.name(*name).table(Alias::new(*table));
            for column in *columns {
                index.col(Alias::new(*column));
            }
            if *unique {
                index.unique();
            }
            manager.create_index(index.to_owned()).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn statement(table: &Table_) -> TableCreateStatement {
    let mut statement = Table::create();
    statement.table(Alias::new(table.name));
    for (name, kind) in table.columns {
        statement.col(column(name, *kind));
    }
    let mut key = Index::create();
    for column in table.key {
        key.col(Alias::new(*column));
    }
    statement.primary_key(&mut key);
    for (column, referenced) in table.references {
        let mut reference = ForeignKey::create();
        reference
            .name(format!("{}_{column}", table.name))
            .from(Alias::new(table.name), Alias::new(*column))
            .to(Alias::new(*referenced), Alias::new("id"));
        statement.foreign_key(&mut reference);
    }
    statement
}

fn column(name: &'static str, kind: Kind) -> ColumnDef {
    let (bare, nullable) = name.strip_suffix('?').map_or((name, false), |bare| (bare, true));
    let mut column = ColumnDef::new(Alias::new(bare));
    match kind {
        Text => column.text(),
        Number => column.big_integer(),
        Small => column.integer(),
        Bytes => column.blob(),
        Truth => column.boolean(),
    };
    if nullable {
        column.null();
    } else {
        column.not_null();
    }
    column
}
