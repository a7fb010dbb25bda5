//! Memberships, grants and invitations.

use std::collections::HashMap;

use portal_api::{AppId, InvitationId, PersonId, Role};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, OnConflict},
};

use super::entities::{app, grant, invitation, membership};
use crate::domain::{read_role, role_word};

/// What a person has to do with an app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The best role that stands.
    pub role: Option<Role>,
    /// Since when the person has no right any more, having had one.
    pub withdrawn_ms: Option<i64>,
}

/// The teams of a person, with the role in each.
///
/// # Errors
/// When the database fails.
pub async fn teams(c: &impl ConnectionTrait, person: PersonId) -> Result<HashMap<String, Role>, DbErr> {
    let rows =
        membership::Entity::find().filter(membership::Column::PersonId.eq(person.to_string())).all(c).await?;
    Ok(rows.into_iter().map(|row| (row.team_id, read_role(&row.role))).collect())
}

/// What a person has to do with each of these apps.
///
/// # Errors
/// When the database fails.
pub async fn standings(
    c: &impl ConnectionTrait,
    person: PersonId,
    apps: &[app::Model],
) -> Result<HashMap<String, Standing>, DbErr> {
    let teams = teams(c, person).await?;
    let ids: Vec<&str> = apps.iter().map(|app| app.id.as_str()).collect();
    let grants = grant::Entity::find()
        .filter(grant::Column::AppId.is_in(ids))
        .filter(principals(person, &teams))
        .all(c)
        .await?;
    let mut standings: HashMap<String, Standing> = apps
        .iter()
        .map(|app| (app.id.clone(), Standing { role: teams.get(&app.team_id).copied(), withdrawn_ms: None }))
        .collect();
    for grant in grants {
        let Some(standing) = standings.get_mut(&grant.app_id) else { continue };
        match grant.withdrawn_ms {
            None => standing.role = Ord::max(standing.role, Some(read_role(&grant.role))),
            withdrawn => standing.withdrawn_ms = Ord::max(standing.withdrawn_ms, withdrawn),
        }
    }
    Ok(standings)
}

fn principals(person: PersonId, teams: &HashMap<String, Role>) -> Condition {
    let mut teams: Vec<&str> = teams.keys().map(String::as_str).collect();
    teams.sort_unstable();
    Condition::any()
        .add(grant::Column::PrincipalKind.eq("person").and(grant::Column::PrincipalId.eq(person.to_string())))
        .add(grant::Column::PrincipalKind.eq("team").and(grant::Column::PrincipalId.is_in(teams)))
}

/// The apps that a person had a right to and has none any more, with the time of losing it, in the order of ids.
///
/// # Errors
/// When the database fails.
pub async fn lost(c: &impl ConnectionTrait, person: PersonId) -> Result<Vec<(String, i64)>, DbErr> {
    let teams = teams(c, person).await?;
    let grants = grant::Entity::find().filter(principals(person, &teams)).all(c).await?;
    let ids: Vec<String> = grants.into_iter().map(|grant| grant.app_id).collect();
    let team_ids: Vec<&str> = teams.keys().map(String::as_str).collect();
    let reachable = app::Column::Id.is_in(ids).or(app::Column::TeamId.is_in(team_ids));
    let apps = app::Entity::find().filter(reachable).order_by_asc(app::Column::Id).all(c).await?;
    let standings = standings(c, person, &apps).await?;
    let lost = apps.into_iter().filter_map(|app| {
        let standing = standings.get(&app.id)?;
        match (app.withdrawn_ms, standing.role, standing.withdrawn_ms) {
            (Some(since_ms), _, _) | (None, None, Some(since_ms)) => Some((app.id, since_ms)),
            _ => None,
        }
    });
    Ok(lost.collect())
}

/// The grants of an app that stand.
///
/// # Errors
/// When the database fails.
pub async fn grants(c: &impl ConnectionTrait, app: AppId) -> Result<Vec<grant::Model>, DbErr> {
    grant::Entity::find()
        .filter(grant::Column::AppId.eq(app.to_string()))
        .filter(grant::Column::WithdrawnMs.is_null())
        .order_by_asc(grant::Column::CreatedMs)
        .order_by_asc(grant::Column::PrincipalId)
        .all(c)
        .await
}

/// The members of a team.
///
/// # Errors
/// When the database fails.
pub async fn members(c: &impl ConnectionTrait, team: &str) -> Result<Vec<membership::Model>, DbErr> {
    membership::Entity::find()
        .filter(membership::Column::TeamId.eq(team))
        .order_by_asc(membership::Column::CreatedMs)
        .order_by_asc(membership::Column::PersonId)
        .all(c)
        .await
}

/// Gives a person a role for an app; a withdrawn grant comes back to life.
///
/// # Errors
/// When the database fails.
pub async fn grant_person(
    c: &impl ConnectionTrait,
    app: &str,
    person: PersonId,
    role: Role,
    by: &str,
    now_ms: i64,
) -> Result<(), DbErr> {
    let row = grant::ActiveModel {
        app_id: Set(app.to_owned()),
        principal_kind: Set("person".to_owned()),
        principal_id: Set(person.to_string()),
        role: Set(role_word(role).to_owned()),
        created_by: Set(by.to_owned()),
        created_ms: Set(now_ms),
        withdrawn_ms: Set(None),
    };
    let key = [grant::Column::AppId, grant::Column::PrincipalKind, grant::Column::PrincipalId];
    let renew =
        [grant::Column::Role, grant::Column::CreatedBy, grant::Column::CreatedMs, grant::Column::WithdrawnMs];
    grant::Entity::insert(row)
        .on_conflict(OnConflict::columns(key).update_columns(renew).to_owned())
        .exec_without_returning(c)
        .await?;
    Ok(())
}

/// Takes a person's grant back. Says whether there was one.
///
/// # Errors
/// When the database fails.
pub async fn withdraw_person(
    c: &impl ConnectionTrait,
    app: AppId,
    person: PersonId,
    now_ms: i64,
) -> Result<bool, DbErr> {
    let done = grant::Entity::update_many()
        .col_expr(grant::Column::WithdrawnMs, Expr::value(now_ms))
        .filter(grant::Column::AppId.eq(app.to_string()))
        .filter(grant::Column::PrincipalKind.eq("person"))
        .filter(grant::Column::PrincipalId.eq(person.to_string()))
        .filter(grant::Column::WithdrawnMs.is_null())
        .exec(c)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Writes an invitation down.
///
/// # Errors
/// When the database fails.
pub async fn insert_invitation(c: &impl ConnectionTrait, row: invitation::Model) -> Result<(), DbErr> {
    invitation::Entity::insert(invitation::ActiveModel::from(row).reset_all())
        .exec_without_returning(c)
        .await?;
    Ok(())
}

/// The invitation with an id.
///
/// # Errors
/// When the database fails.
pub async fn invitation(
    c: &impl ConnectionTrait,
    id: InvitationId,
) -> Result<Option<invitation::Model>, DbErr> {
    invitation::Entity::find_by_id(id.to_string()).one(c).await
}

/// The invitations to an app that nobody answered yet.
///
/// # Errors
/// When the database fails.
pub async fn open_invitations(c: &impl ConnectionTrait, app: AppId) -> Result<Vec<invitation::Model>, DbErr> {
    invitation::Entity::find()
        .filter(invitation::Column::AppId.eq(app.to_string()))
        .filter(invitation::Column::AcceptedMs.is_null())
        .filter(invitation::Column::WithdrawnMs.is_null())
        .order_by_asc(invitation::Column::CreatedMs)
        .order_by_asc(invitation::Column::Id)
        .all(c)
        .await
}

/// Marks an open invitation as accepted. Says whether it was open.
///
/// # Errors
/// When the database fails.
pub async fn accept(
    c: &impl ConnectionTrait,
    id: &str,
    person: PersonId,
    now_ms: i64,
) -> Result<bool, DbErr> {
    let done = invitation::Entity::update_many()
        .col_expr(invitation::Column::AcceptedMs, Expr::value(now_ms))
        .col_expr(invitation::Column::AcceptedBy, Expr::value(person.to_string()))
        .filter(invitation::Column::Id.eq(id))
        .filter(invitation::Column::AcceptedMs.is_null())
        .filter(invitation::Column::WithdrawnMs.is_null())
        .exec(c)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Withdraws an open invitation of an app. Says whether it was open.
///
/// # Errors
/// When the database fails.
pub async fn withdraw_invitation(
    c: &impl ConnectionTrait,
    app: AppId,
    id: InvitationId,
    now_ms: i64,
) -> Result<bool, DbErr> {
    let done = invitation::Entity::update_many()
        .col_expr(invitation::Column::WithdrawnMs, Expr::value(now_ms))
        .filter(invitation::Column::Id.eq(id.to_string()))
        .filter(invitation::Column::AppId.eq(app.to_string()))
        .filter(invitation::Column::AcceptedMs.is_null())
        .filter(invitation::Column::WithdrawnMs.is_null())
        .exec(c)
        .await?;
    Ok(done.rows_affected == 1)
}
