//! Apps with their versions, definitions, sources and objects.

use std::collections::HashMap;

use portal_api::{AppId, PersonId};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, sea_query::Expr,
};

use super::entities::{app, definition, grant, membership, object, version, version_source};

/// A source of a version, with the sealed object where it is hosted.
pub type SourceRow = (version_source::Model, Option<object::Model>);

/// One version with everything that belongs to it.
#[derive(Clone, Debug)]
pub struct FullVersion {
    /// The version.
    pub version: version::Model,
    /// Its definition's entity tag.
    pub definition_etag: String,
    /// Its sources, by id, with the sealed object where hosted.
    pub sources: Vec<SourceRow>,
}

/// The app with an id.
///
/// # Errors
/// When the database fails.
pub async fn by_id(c: &impl ConnectionTrait, id: AppId) -> Result<Option<app::Model>, DbErr> {
    app::Entity::find_by_id(id.to_string()).one(c).await
}

/// The apps that a person has or had by team or by a grant that stands, in the order of their ids.
///
/// # Errors
/// When the database fails.
pub async fn visible(
    c: &impl ConnectionTrait,
    person: PersonId,
    after: Option<AppId>,
    at_most: u64,
) -> Result<Vec<app::Model>, DbErr> {
    let teams = || {
        membership::Entity::find()
            .select_only()
            .column(membership::Column::TeamId)
            .filter(membership::Column::PersonId.eq(person.to_string()))
    };
    let principal = Condition::any()
        .add(grant::Column::PrincipalKind.eq("person").and(grant::Column::PrincipalId.eq(person.to_string())))
        .add(
            grant::Column::PrincipalKind
                .eq("team")
                .and(grant::Column::PrincipalId.in_subquery(teams().into_query())),
        );
    let granted = grant::Entity::find()
        .select_only()
        .column(grant::Column::AppId)
        .filter(grant::Column::WithdrawnMs.is_null())
        .filter(principal);
    let mut query = app::Entity::find().filter(
        Condition::any()
            .add(app::Column::TeamId.in_subquery(teams().into_query()))
            .add(app::Column::Id.in_subquery(granted.into_query())),
    );
    if let Some(after) = after {
        query = query.filter(app::Column::Id.gt(after.to_string()));
    }
    query.order_by_asc(app::Column::Id).limit(at_most).all(c).await
}

/// The versions of some apps, each with all that belongs to it, by app.
///
/// # Errors
/// When the database fails.
pub async fn versions(
    c: &impl ConnectionTrait,
    wanted: &[(String, i64)],
) -> Result<HashMap<String, FullVersion>, DbErr> {
    if wanted.is_empty() {
        return Ok(HashMap::new());
    }
    let mut these = Condition::any();
    for (app, number) in wanted {
        these = these.add(version::Column::AppId.eq(app.as_str()).and(version::Column::Number.eq(*number)));
    }
    let versions = version::Entity::find().filter(these).all(c).await?;
    let full = complete(c, versions).await?;
    Ok(full.into_iter().map(|version| (version.version.app_id.clone(), version)).collect())
}

/// The versions of one app below a number, latest first.
///
/// # Errors
/// When the database fails.
pub async fn history(
    c: &impl ConnectionTrait,
    app: AppId,
    below: Option<i64>,
    at_most: u64,
) -> Result<Vec<FullVersion>, DbErr> {
    let mut query = version::Entity::find().filter(version::Column::AppId.eq(app.to_string()));
    if let Some(below) = below {
        query = query.filter(version::Column::Number.lt(below));
    }
    let versions = query.order_by_desc(version::Column::Number).limit(at_most).all(c).await?;
    complete(c, versions).await
}

async fn complete(
    c: &impl ConnectionTrait,
    versions: Vec<version::Model>,
) -> Result<Vec<FullVersion>, DbErr> {
    if versions.is_empty() {
        return Ok(Vec::new());
    }
    let mut of_definitions = Condition::any();
    let mut of_sources = Condition::any();
    for version in &versions {
        let app = version.app_id.as_str();
        of_definitions = of_definitions.add(
            definition::Column::AppId.eq(app).and(definition::Column::Number.eq(version.definition_number)),
        );
        of_sources = of_sources.add(
            version_source::Column::AppId.eq(app).and(version_source::Column::Number.eq(version.number)),
        );
    }
    let etags: Vec<(String, i64, String)> = definition::Entity::find()
        .select_only()
        .columns([definition::Column::AppId, definition::Column::Number, definition::Column::Etag])
        .filter(of_definitions)
        .into_tuple()
        .all(c)
        .await?;
    let etags: HashMap<(String, i64), String> =
        etags.into_iter().map(|(app, number, etag)| ((app, number), etag)).collect();
    let sources = version_source::Entity::find()
        .filter(of_sources)
        .order_by_asc(version_source::Column::SourceId)
        .all(c)
        .await?;
    let ids: Vec<String> = sources.iter().filter_map(|source| source.object_id.clone()).collect();
    let objects = object::Entity::find().filter(object::Column::Id.is_in(ids)).all(c).await?;
    let objects: HashMap<String, object::Model> =
        objects.into_iter().map(|object| (object.id.clone(), object)).collect();
    let mut by_version: HashMap<(String, i64), Vec<SourceRow>> = HashMap::new();
    for source in sources {
        let object = source.object_id.as_ref().and_then(|id| objects.get(id)).cloned();
        by_version.entry((source.app_id.clone(), source.number)).or_default().push((source, object));
    }
    Ok(versions
        .into_iter()
        .map(|version| {
            let definition_key = (version.app_id.clone(), version.definition_number);
            let sources = by_version.remove(&(version.app_id.clone(), version.number)).unwrap_or_default();
            let definition_etag = etags.get(&definition_key).cloned().unwrap_or_default();
            FullVersion { version, definition_etag, sources }
        })
        .collect())
}

/// The current definition of an app.
///
/// # Errors
/// When the database fails.
pub async fn definition(
    c: &impl ConnectionTrait,
    app: &app::Model,
) -> Result<Option<definition::Model>, DbErr> {
    let current = version::Entity::find_by_id((app.id.clone(), app.version)).one(c).await?;
    match current {
        Some(current) => {
            definition::Entity::find_by_id((app.id.clone(), current.definition_number)).one(c).await
        }
        None => Ok(None),
    }
}

/// What a publication writes.
pub struct Publication {
    /// The app's row, for a first version; `None` moves the app on.
    pub first: Option<app::Model>,
    /// The version.
    pub version: version::Model,
    /// The definition, where it changed.
    pub definition: Option<definition::Model>,
    /// The objects that are new.
    pub objects: Vec<object::Model>,
    /// All sources of the version.
    pub sources: Vec<version_source::Model>,
    /// The app's name and description, where the definition changed.
    pub titles: Option<(String, String)>,
}

/// Writes a publication. Says `false`, and wrote nothing that counts, when another version came first: then the
/// transaction is to be dropped.
///
/// # Errors
/// When the database fails.
pub async fn publish(c: &impl ConnectionTrait, publication: Publication) -> Result<bool, DbErr> {
    let Publication { first, version, definition, objects, sources, titles } = publication;
    let (app_id, number) = (version.app_id.clone(), version.number);
    if let Some(first) = first {
        app::Entity::insert(app::ActiveModel::from(first).reset_all()).exec_without_returning(c).await?;
    } else {
        let mut update = app::Entity::update_many()
            .col_expr(app::Column::Version, Expr::value(number))
            .col_expr(app::Column::ChangedMs, Expr::value(version.published_ms))
            .filter(app::Column::Id.eq(app_id.as_str()))
            .filter(app::Column::Version.eq(number - 1));
        if let Some((name, description)) = titles {
            update = update
                .col_expr(app::Column::Name, Expr::value(name))
                .col_expr(app::Column::Description, Expr::value(description));
        }
        if update.exec(c).await?.rows_affected != 1 {
            return Ok(false);
        }
    }
    if let Some(definition) = definition {
        definition::Entity::insert(definition::ActiveModel::from(definition).reset_all())
            .exec_without_returning(c)
            .await?;
    }
    for object in objects {
        object::Entity::insert(object::ActiveModel::from(object).reset_all())
            .exec_without_returning(c)
            .await?;
    }
    version::Entity::insert(version::ActiveModel::from(version).reset_all())
        .exec_without_returning(c)
        .await?;
    for source in sources {
        version_source::Entity::insert(version_source::ActiveModel::from(source).reset_all())
            .exec_without_returning(c)
            .await?;
    }
    Ok(true)
}

/// The object with an id.
///
/// # Errors
/// When the database fails.
pub async fn object(c: &impl ConnectionTrait, id: &str) -> Result<Option<object::Model>, DbErr> {
    object::Entity::find_by_id(id.to_owned()).one(c).await
}

/// Takes an app back. Says whether it was not yet.
///
/// # Errors
/// When the database fails.
pub async fn withdraw(c: &impl ConnectionTrait, app: AppId, now_ms: i64) -> Result<bool, DbErr> {
    let done = app::Entity::update_many()
        .col_expr(app::Column::WithdrawnMs, Expr::value(now_ms))
        .filter(app::Column::Id.eq(app.to_string()))
        .filter(app::Column::WithdrawnMs.is_null())
        .exec(c)
        .await?;
    Ok(done.rows_affected == 1)
}
