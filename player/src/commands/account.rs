//! The portal without a window: sign in, sync, list, remove, sign out, status.

use crate::exit::{Failure, Outcome};
use crate::options::{Global, ListApps, Login, Remove, SyncApps};
use crate::store;
use portal_api::{AppId, DeviceDescription};
use std::process::ExitCode;
use std::sync::Arc;
use sync::{Account, AppStatus, AppStore, Cancel, LocalApp, PortalClient, Progress, SystemClock};

pub(crate) fn login(options: &Login, global: &Global) -> Outcome<ExitCode> {
    let vault = store::open_or_create(global)?;
    let password = store::ask(&format!("Password of {}: ", options.email))?;
    let device =
        DeviceDescription { name: computer_name(), platform: format!("playsheet/{}", std::env::consts::OS) };
    let portal = PortalClient::new(&options.url)?;
    let clock = Arc::new(SystemClock);
    let account =
        Account::sign_in(vault, clock, portal, (&options.email, &password), device, &Cancel::new())?;
    let standing = account.standing()?;
    println!("Signed in at {} as {}.", standing.portal, standing.person.email);
    println!("Get the apps with `playsheet sync`.");
    Ok(ExitCode::SUCCESS)
}

/// A name by which the person knows this computer in the list of devices.
pub(crate) fn computer_name() -> String {
    let from_env = || std::env::var("COMPUTERNAME").or_else(|_| std::env::var("HOSTNAME")).ok();
    let name = std::fs::read_to_string("/etc/hostname").ok().or_else(from_env).unwrap_or_default();
    let name: String = name.trim().chars().filter(|c| !c.is_control()).take(100).collect();
    if name.is_empty() { "this computer".to_owned() } else { name }
}

pub(crate) fn logout(global: &Global) -> Outcome<ExitCode> {
    let vault = store::open(global)?.ok_or_else(store::not_signed_in)?;
    let told = store::account(&vault)?.sign_out(&Cancel::new())?;
    println!("Signed out. The apps on this computer are deleted.");
    if !told {
        println!("The portal could not be reached; end this device in your account's list of devices.");
    }
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn list(options: &ListApps, global: &Global) -> Outcome<ExitCode> {
    let Some(vault) = store::open(global)? else {
        if options.names {
            return Ok(ExitCode::SUCCESS);
        }
        println!("No apps. Sign in with `playsheet login URL --email ADDRESS`, then `playsheet sync`.");
        return Ok(ExitCode::SUCCESS);
    };
    let apps = store::apps(&vault).list()?;
    if options.names {
        apps.iter().for_each(|app| println!("{}", app.name));
        return Ok(ExitCode::SUCCESS);
    }
    if apps.is_empty() {
        println!("No apps. Get them with `playsheet sync`.");
    }
    let width = apps.iter().map(|app| app.name.chars().count()).max().unwrap_or(0);
    for app in &apps {
        println!("{:width$}  v{}  {}  {}", app.name, app.version, app.id, state(app));
    }
    Ok(ExitCode::SUCCESS)
}

/// The state of an app in words.
fn state(app: &LocalApp) -> String {
    match &app.status {
        AppStatus::Ready => match app.lease_until_ms.and_then(day) {
            Some(day) => format!("ready, offline until {day}"),
            None => "ready".to_owned(),
        },
        AppStatus::LeaseEnded => "its time offline has ended: sync".to_owned(),
        AppStatus::LeaseInvalid => "not for this device: sync".to_owned(),
        AppStatus::ClockSetBack => "this computer's clock was set back: set it right, or sync".to_owned(),
        AppStatus::NeedsSignIn { origin } => format!("{origin} asks for a name and a password"),
        AppStatus::Incomplete => "incomplete: sync".to_owned(),
        AppStatus::NeedsNewerPlayer => "needs a newer version of Playsheet".to_owned(),
        _ => "not available".to_owned(),
    }
}

fn day(ms: i64) -> Option<String> {
    let moment = jiff::Timestamp::from_millisecond(ms).ok()?;
    Some(moment.to_zoned(jiff::tz::TimeZone::system()).date().to_string())
}

/// The app that a name or id means.
pub(crate) fn find(apps: &AppStore, wanted: &str) -> Outcome<LocalApp> {
    let all = apps.list()?;
    let by_id = wanted.parse::<AppId>().ok();
    let means =
        |app: &&LocalApp| by_id == Some(app.id) || engine::values::equal_text(app.name.trim(), wanted.trim());
    let mut found = all.iter().filter(means);
    match (found.next(), found.next()) {
        (Some(app), None) => Ok(app.clone()),
        (Some(_), Some(_)) => Err(Failure::input(format!(
            "More than one app is called {wanted}. Give its id; `playsheet list` has it."
        ))),
        (None, _) => Err(Failure::input(format!(
            "No app on this computer is called {wanted}. `playsheet list` lists them, `playsheet sync` gets new ones."
        ))),
    }
}

pub(crate) fn sync(options: &SyncApps, global: &Global) -> Outcome<ExitCode> {
    let vault = store::open(global)?.ok_or_else(store::not_signed_in)?;
    let account = store::account(&vault)?;
    // An app that is not here yet has no name here: then all are synced.
    let only = match &options.app {
        Some(wanted) => match wanted.parse::<AppId>() {
            Ok(id) => Some(id),
            Err(_) => Some(find(&store::apps(&vault), wanted)?.id),
        },
        None => None,
    };
    let mut say = |progress: Progress| {
        if let Progress::App { name, .. } = progress {
            eprintln!("{name} …");
        }
    };
    let report = account.sync(only, &Cancel::new(), &mut say)?;
    for (_, name) in &report.updated {
        println!("Updated: {name}");
    }
    for (_, name) in &report.withdrawn {
        println!("Withdrawn: {name}. It is deleted from this computer.");
    }
    for failed in &report.failed {
        println!("Not updated: {}. {}", failed.name, failed.error);
    }
    println!(
        "{} updated, {} up to date, {} withdrawn.",
        report.updated.len(),
        report.unchanged,
        report.withdrawn.len()
    );
    match report.failed.into_iter().next() {
        Some(failed) => Err(Failure::from(failed.error)),
        None => Ok(ExitCode::SUCCESS),
    }
}

pub(crate) fn remove(options: &Remove, global: &Global) -> Outcome<ExitCode> {
    let vault = store::open(global)?.ok_or_else(store::not_signed_in)?;
    let apps = store::apps(&vault);
    let app = find(&apps, &options.app)?;
    apps.remove(app.id)?;
    println!("{} is deleted from this computer.", app.name);
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn status(global: &Global) -> Outcome<ExitCode> {
    let dir = store::data_dir(global)?;
    println!("Folder: {}", dir.display());
    let Some(vault) = store::open(global)? else {
        println!("Nobody is signed in here.");
        return Ok(ExitCode::SUCCESS);
    };
    println!("Vault: protected by {}", vault.protection()?);
    for damage in vault.check()? {
        println!("Damaged: {damage} A sync cures it.");
    }
    match Account::load(Arc::clone(&vault), Arc::new(SystemClock))? {
        Some(account) => {
            let standing = account.standing()?;
            println!("Signed in: {} at {}", standing.person.email, standing.portal);
            if standing.ended {
                println!("The portal ended this sign-in. Sign in again to get updates.");
            }
            match standing.synced_ms.and_then(day) {
                Some(day) => println!("Last sync: {day}"),
                None => println!("Last sync: never"),
            }
        }
        None => println!("Nobody is signed in here."),
    }
    let apps = store::apps(&vault).list()?;
    println!("Apps: {}", apps.len());
    Ok(ExitCode::SUCCESS)
}
