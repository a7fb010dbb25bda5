//! Workbooks can be found, binds name a place, and data is not lent for too long.

use super::Index;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, quoted};
use crate::model::{Bind, BindKind, Period, Provider, Refresh, Source};
use crate::nearest::nearest;

/// Longest time that an app may run without the portal.
const LONGEST_LEASE_DAYS: u64 = 30;

pub(super) fn check(index: &Index<'_>, out: &mut Diagnostics) {
    let app = index.app;
    for source in &app.sources {
        url(source, out);
        if source.refresh == Refresh::Interval
            && source.interval.is_none()
            && !source.origin.has_attribute("interval")
        {
            let message = "A source with `refresh=\"interval\"` needs the attribute `interval`.";
            let hint = "Say how often, such as interval=\"15m\".";
            out.push(Diagnostic::new(Code::MissingAttribute, message).hint(hint).on(&source.origin));
        }
    }
    for bind in &app.binds {
        place(bind, out);
        source_exists(index, bind, out);
    }
    if let Some(offline) = &app.offline
        && let Some(lease) = offline.lease.filter(|lease| *lease > Period::days(LONGEST_LEASE_DAYS))
    {
        let message = format!("A lease of {lease} is longer than {LONGEST_LEASE_DAYS} days.");
        let hint = "Shorten it; the player renews leases whenever it reaches the portal.";
        out.push(
            Diagnostic::new(Code::LeaseTooLong, message).hint(hint).on_attribute(&offline.origin, "lease"),
        );
    }
}

fn url(source: &Source, out: &mut Diagnostics) {
    let Some(url) = &source.url else {
        if source.provider != Provider::Hosted && !source.origin.has_attribute("url") {
            let message =
                format!("A source with `provider=\"{}\"` needs the attribute `url`.", source.provider);
            let hint = "Say where the workbook is.";
            out.push(Diagnostic::new(Code::MissingAttribute, message).hint(hint).on(&source.origin));
        }
        return;
    };
    let web = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let problem = match web {
        Some(rest) => {
            let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
            if host.contains('@') {
                let message = "The URL of the source holds a user name or password.";
                let hint = "Take it out; people sign in to the source themselves.";
                Some(Diagnostic::new(Code::UrlWithPassword, message).hint(hint))
            } else if host.is_empty() || url.contains([' ', '<', '>', '"', '\\']) {
                Some(bad_url(url, "Write it as the browser shows it, with %20 for spaces."))
            } else {
                None
            }
        }
        None if source.provider == Provider::File && !url.contains("://") && !has_scheme(url) => None,
        None if source.provider == Provider::File => {
            Some(bad_url(url, "Name a file relative to the definition."))
        }
        None => Some(bad_url(url, "Start it with https:// or http://.")),
    };
    out_on(problem, source, out);
}

fn out_on(problem: Option<Diagnostic>, source: &Source, out: &mut Diagnostics) {
    if let Some(problem) = problem {
        out.push(problem.on_attribute(&source.origin, "url"));
    }
}

fn bad_url(url: &str, hint: &str) -> Diagnostic {
    Diagnostic::new(Code::BadUrl, format!("{} does not lead to a workbook.", quoted(url))).hint(hint)
}

/// Whether a path starts like `javascript:`; a single letter is a drive.
fn has_scheme(path: &str) -> bool {
    let scheme = path.split_once(':').map_or("", |(scheme, _)| scheme);
    scheme.len() > 1 && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
}

/// A bind names a place, and wholly.
fn place(bind: &Bind, out: &mut Diagnostics) {
    let written = |name: &str| bind.origin.has_attribute(name);
    let unread = (written("name") && bind.name.is_none())
        || (written("table") && bind.table.is_none())
        || (written("address") && bind.address.is_none());
    let problem = if bind.column.is_some() && bind.table.is_none() && !written("table") {
        Some(("column", "`column` means nothing without `table`.", "Name the table that has the column."))
    } else if bind.sheet.is_some() && bind.address.is_none() && !written("address") {
        Some(("sheet", "`sheet` means nothing without `address`.", "Name the cells on that sheet."))
    } else if bind.targets().is_empty() && !unread {
        let hint = "Add name=\"...\", or table=\"...\" and column=\"...\", or address=\"...\".";
        Some(("id", "The bind names no place in the workbook.", hint))
    } else if bind.kind == BindKind::Cell && bind.address.is_some_and(|area| !area.is_cell()) {
        Some(("address", "The bind is for one cell, but its address has several.", "Add kind=\"range\"."))
    } else {
        None
    };
    if let Some((attribute, message, hint)) = problem {
        out.push(
            Diagnostic::new(Code::IncompleteBind, message).hint(hint).on_attribute(&bind.origin, attribute),
        );
    }
}

fn source_exists(index: &Index<'_>, bind: &Bind, out: &mut Diagnostics) {
    let Some(id) = bind.source.as_deref().filter(|id| !index.sources.contains_key(id)) else { return };
    out.push_with(|| {
        let hint = match nearest(id, index.app.sources.iter().map(|source| source.id.as_str())) {
            Some(known) => format!("Did you mean `{known}`?"),
            None => format!("Add <source id=\"{id}\" .../> to the app."),
        };
        let message = format!("There is no source `{id}`.");
        Diagnostic::new(Code::DanglingSource, message).hint(hint).on_attribute(&bind.origin, "source")
    });
}
