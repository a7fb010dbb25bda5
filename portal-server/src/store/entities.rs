//! The tables as sea-orm sees them; `migrations` makes them. Ids are UUIDs in text, times milliseconds, enumerations
//! words. What a column means stands beside it.
// Longer than the house's budget would like, but it is one list: the tables, each a few lines.

macro_rules! tables {
    ($($(#[$doc:meta])* $module:ident = $table:literal { $($(#[$field_meta:meta])* $field:ident: $kind:ty,)* })*) => {$(
        $(#[$doc])*
        pub mod $module {
            #![allow(unused_qualifications, reason = "the derive writes full paths")]
            use sea_orm::entity::prelude::*;

            /// A row.
            #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
            #[sea_orm(table_name = $table)]
            pub struct Model {
                $($(#[$field_meta])* pub $field: $kind,)*
            }

            /// Relations are followed by hand.
            #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {}

            impl ActiveModelBehavior for ActiveModel {}
        }
    )*};
}

tables! {
    /// People with accounts.
    person = "person" {
        /// The id.
        #[sea_orm(primary_key, auto_increment = false)]
        id: String,
        /// The normalised mail address; unique.
        email: String,
        /// How others see the person.
        name: String,
        /// When the account was made.
        created_ms: i64,
        /// When the address was confirmed.
        confirmed_ms: Option<i64>,
        /// When an administrator disabled the account.
        disabled_ms: Option<i64>,
        /// Raised to end all access tokens at once.
        epoch: i64,
        /// Administers the portal.
        administrator: bool,
        /// The team made at registration.
        personal_team: String,
    }

    /// Password hashes, apart from the people, so that no list of people can carry them along.
    credential = "credential" {
        /// Whose.
        #[sea_orm(primary_key, auto_increment = false)]
        person_id: String,
        /// The PHC string.
        phc: String,
        /// When it was set.
        changed_ms: i64,
    }

    /// Signed-in devices, and those that were.
    device = "device" {
        /// The id, also the family of its refresh tokens.
        #[sea_orm(primary_key, auto_increment = false)]
        id: String,
        /// Whose.
        person_id: String,
        /// As given at sign-in.
        name: String,
        /// As given at sign-in.
        platform: String,
        /// Signed in.
        created_ms: i64,
        /// Last refreshed.
        seen_ms: i64,
        /// Signed out, or ended.
        ended_ms: Option<i64>,
        /// `signed_out`, `ended`, `reuse`, `password`, `expired`.
        end_reason: Option<String>,
    }

    /// Refresh tokens of a device: hashes of the last two steps.
    refresh_family = "refresh_family" {
        /// Whose.
        #[sea_orm(primary_key, auto_increment = false)]
        device_id: String,
        /// Random; part of what tokens are derived from.
        salt: Vec<u8>,
        /// SHA-256 of the device's secret.
        device_secret_hash: String,
        /// The current step.
        step: i64,
        /// SHA-256 of the current token.
        current_hash: String,
        /// SHA-256 of the token before.
        previous_hash: Option<String>,
        /// When the current step began.
        rotated_ms: i64,
        /// When the current token ends if unused.
        expires_ms: i64,
        /// When the family ends in any case.
        ends_ms: i64,
    }

    /// Browser sessions of the pages, by the hash of their cookie.
    page_session = "page_session" {
        /// SHA-256 of the cookie's value.
        #[sea_orm(primary_key, auto_increment = false)]
        hash: String,
        /// Whose.
        person_id: String,
        /// Signed in.
        created_ms: i64,
        /// Last used.
        seen_ms: i64,
    }

    /// Mailed links that work once.
    link = "link" {
        /// The token's `jti`.
        #[sea_orm(primary_key, auto_increment = false)]
        id: String,
        /// `confirm`, `invite` or `reset`.
        kind: String,
        /// The person or invitation that the token names.
        subject: String,
        /// The address that it went to, and that alone it is good for.
        email: String,
        /// When it was made.
        created_ms: i64,
        /// When it ends; never where absent.
        expires_ms: Option<i64>,
        /// When it was used.
        used_ms: Option<i64>,
        /// When it was withdrawn or replaced.
        ended_ms: Option<i64>,
    }

    /// Teams, which own apps.
    team = "team" {
        /// The id.
        #[sea_orm(primary_key, auto_increment = false)]
        id: String,
        /// For people.
        name: String,
        /// `personal` or `shared`.
        kind: String,
        /// When it was made.
        created_ms: i64,
    }

    /// Who belongs to a team.
    membership = "membership" {
        /// The team.
        #[sea_orm(primary_key, auto_increment = false)]
        team_id: String,
        /// The person.
        #[sea_orm(primary_key, auto_increment = false)]
        person_id: String,
        /// The role that the person has for the team's apps: `owner`, `editor`, `viewer`.
        role: String,
        /// Since when.
        created_ms: i64,
    }

    /// Apps.
    app = "app" {
        /// The id.
        #[sea_orm(primary_key, auto_increment = false)]
        id: String,
        /// The owner.
        team_id: String,
        /// From the current definition.
        name: String,
        /// From the current definition.
        description: String,
        /// The current version.
        version: i64,
        /// How long it runs without the portal.
        lease_days: i32,
        /// Who published the first version.
        created_by: String,
        /// When.
        created_ms: i64,
        /// When the current version was published.
        changed_ms: i64,
        /// When the owner took it back.
        withdrawn_ms: Option<i64>,
    }

    /// App definitions, as published.
    definition = "definition" {
        /// The app.
        #[sea_orm(primary_key, auto_increment = false)]
        app_id: String,
        /// The version that brought it.
        #[sea_orm(primary_key, auto_increment = false)]
        number: i64,
        /// The XML, with id and version set.
        document: String,
        /// Its entity tag.
        etag: String,
    }

    /// Published versions.
    version = "version" {
        /// The app.
        #[sea_orm(primary_key, auto_increment = false)]
        app_id: String,
        /// The number, from 1.
        #[sea_orm(primary_key, auto_increment = false)]
        number: i64,
        /// The version that brought its definition.
        definition_number: i64,
        /// `created`, `definition`, `spreadsheet`, `both`.
        change: String,
        /// The creator's words.
        note: String,
        /// Who.
        published_by: String,
        /// When.
        published_ms: i64,
    }

    /// The spreadsheets of a version.
    version_source = "version_source" {
        /// The app.
        #[sea_orm(primary_key, auto_increment = false)]
        app_id: String,
        /// The version.
        #[sea_orm(primary_key, auto_increment = false)]
        number: i64,
        /// The source's id in the definition.
        #[sea_orm(primary_key, auto_increment = false)]
        source_id: String,
        /// `hosted` or `http`.
        kind: String,
        /// The sealed object, where hosted.
        object_id: Option<String>,
        /// The address, where not; never fetched by the portal.
        url: Option<String>,
        /// `none` or `basic`, where not hosted.
        auth: Option<String>,
        /// The file's name as uploaded.
        file_name: Option<String>,
    }

    /// Sealed objects.
    object = "object" {
        /// The id; also the name in the storage.
        #[sea_orm(primary_key, auto_increment = false)]
        id: String,
        /// The app that it belongs to.
        app_id: String,
        /// The data key, wrapped by the instance key.
        wrapped_key: Vec<u8>,
        /// Plain bytes.
        size: i64,
        /// SHA-256 of the plain bytes; the spreadsheet's entity tag.
        sha256: String,
        /// When it was sealed.
        created_ms: i64,
    }

    /// Who may do what with an app. Rows stay when withdrawn, so that players can be told.
    grant = "app_grant" {
        /// The app.
        #[sea_orm(primary_key, auto_increment = false)]
        app_id: String,
        /// `person`, `team` or `group`.
        #[sea_orm(primary_key, auto_increment = false)]
        principal_kind: String,
        /// The principal's id.
        #[sea_orm(primary_key, auto_increment = false)]
        principal_id: String,
        /// `owner`, `editor`, `viewer`.
        role: String,
        /// Who granted it.
        created_by: String,
        /// When.
        created_ms: i64,
        /// When it was taken back.
        withdrawn_ms: Option<i64>,
    }

    /// Invitations.
    invitation = "invitation" {
        /// The id.
        #[sea_orm(primary_key, auto_increment = false)]
        id: String,
        /// The app.
        app_id: String,
        /// The invited address, normalised.
        email: String,
        /// The role that accepting gives.
        role: String,
        /// Who invited.
        invited_by: String,
        /// When.
        created_ms: i64,
        /// When it was accepted.
        accepted_ms: Option<i64>,
        /// By whom.
        accepted_by: Option<String>,
        /// When it was withdrawn.
        withdrawn_ms: Option<i64>,
    }

    /// Mails to send. No row holds a link's token: it is made when the mail is.
    outbox = "outbox" {
        /// The id.
        #[sea_orm(primary_key, auto_increment = false)]
        id: String,
        /// Which mail; see `mail::Letter`.
        kind: String,
        /// To whom.
        recipient: String,
        /// What the mail speaks of: ids and names, in JSON; no secrets.
        details: String,
        /// When it was asked for.
        created_ms: i64,
        /// When it is tried next.
        next_ms: i64,
        /// How often it was tried.
        tries: i32,
        /// When it was sent.
        sent_ms: Option<i64>,
        /// When it was given up.
        failed_ms: Option<i64>,
        /// The last reason.
        last_error: Option<String>,
    }

    /// The audit log: appended to, never changed.
    audit_entry = "audit_entry" {
        /// The position, from 1.
        #[sea_orm(primary_key, auto_increment = false)]
        sequence: i64,
        /// When.
        at_ms: i64,
        /// Who.
        actor: String,
        /// What.
        action: String,
        /// To what.
        object: String,
        /// Which app.
        app_id: Option<String>,
        /// Which request.
        request_id: Option<String>,
        /// The link of the chain, in hex.
        hash: String,
    }

    /// The end of the audit log's chain: one row.
    audit_head = "audit_head" {
        /// Always 1.
        #[sea_orm(primary_key, auto_increment = false)]
        id: i32,
        /// The last position.
        sequence: i64,
        /// The last link.
        hash: String,
        /// Proves that position and link belong together; without the instance key nobody can shorten the log.
        tag: String,
    }
}
