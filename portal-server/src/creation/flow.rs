//! What happens to a creation, from upload to publication. Routes and pages both call these functions.

use std::{collections::BTreeMap, sync::Arc};

use axum::body::Bytes;
use portal_api::{AppId, AppSummary, ProblemCode, SourceId};
use zeroize::Zeroizing;

use super::{
    bench::{Act, Answer, Base, Problem, Request, Shown},
    draft::Edit,
    secret::{Gathered, SecretBytes},
    shelf::Creation,
    workers::Slot,
};
use crate::{
    apps::{self, NewSource, Parcel},
    clock::DAY_MS,
    domain::Actor,
    http::language::Language,
    portal::Portal,
    refusal::{Cause, Refusal},
};

/// Acts that a draft's preview keeps.
const MOST_ACTS: usize = 500;
/// The longest text of an act.
const LONGEST_ACT: usize = 32_767;

/// Begins a creation with an upload.
///
/// # Errors
/// For a file that cannot be used, with the reader's sentence; when the portal is busy.
pub async fn create(
    portal: &Portal,
    (session, Language(locale)): (&str, Language),
    bytes: SecretBytes,
    file_name: String,
) -> Result<Arc<Creation>, Refusal> {
    let now_ms = portal.now_ms();
    portal.creations.admit(session, now_ms)?;
    let slot = Arc::new(Slot::default());
    let request = Request::Propose { name: file_name.clone() };
    let base = match portal.workers.ask(&slot, (&bytes, &file_name), request).await? {
        Answer::Proposed(base) => *base,
        other => return Err(refused(other)),
    };
    portal.creations.put((session, locale), (bytes, file_name), base, slot, portal.now_ms())
}

fn refused(answer: Answer) -> Refusal {
    match answer {
        Answer::Refused(sentence) => Refusal::new(ProblemCode::SpreadsheetInvalid, sentence),
        _ => Cause::Task.into(),
    }
}

/// What the portal derived from the upload.
#[must_use]
pub fn base(creation: &Creation) -> &Base {
    &creation.base
}

/// Applies edits, all or none.
///
/// # Errors
/// For an edit that cannot be applied; then nothing changed.
pub async fn edit(creation: &Creation, edits: Vec<Edit>) -> Result<(), Refusal> {
    let mut draft = creation.draft.lock().await;
    let mut next = draft.clone();
    for edit in edits {
        next.apply(&creation.base, edit)?;
    }
    *draft = next;
    Ok(())
}

/// Takes the last edit back. Says whether there was one.
pub async fn undo(creation: &Creation) -> bool {
    creation.draft.lock().await.undo(&creation.base)
}

/// The definition as it would be published.
///
/// # Errors
/// When the vocabulary refuses it.
pub async fn definition(creation: &Creation) -> Result<String, Refusal> {
    creation.draft.lock().await.definition()
}

/// Does something in the preview.
///
/// # Errors
/// When there was too much of it.
pub async fn act(creation: &Creation, act: Act) -> Result<(), Refusal> {
    let too_long = match &act {
        Act::Type { text, .. } | Act::Search { text, .. } => text.len() > LONGEST_ACT,
        Act::Set { value, .. } => value.as_str().is_some_and(|text| text.len() > LONGEST_ACT),
        _ => false,
    };
    if too_long {
        return Err(Refusal::invalid("The text is longer than a cell can hold."));
    }
    let mut draft = creation.draft.lock().await;
    draft.acts.retain(|before| !before.is_replaced_by(&act));
    if draft.acts.len() >= MOST_ACTS {
        return Err(Refusal::invalid("The preview remembers no more than this. Reset it and go on."));
    }
    draft.acts.push(act);
    Ok(())
}

/// The draft as it looks, with what was typed into it, in the way that the person writes numbers and dates.
///
/// # Errors
/// When the workbook cannot be computed in time or the portal is busy.
pub async fn show(portal: &Portal, creation: &Creation, page: usize) -> Result<Shown, Refusal> {
    let (definition, acts) = {
        let draft = creation.draft.lock().await;
        (draft.definition()?, draft.acts.clone())
    };
    let (now, locale) = (serial(portal.now_ms()), creation.locale.tag.to_owned());
    let request = Request::Show { definition, acts, page, now, locale };
    let upload = (&creation.bytes, creation.file_name.as_str());
    match portal.workers.ask(&creation.slot, upload, request).await? {
        Answer::Shown(shown) => Ok(*shown),
        other => Err(refused(other)),
    }
}

/// Days since the beginning of 1900 as workbooks count them, in UTC.
fn serial(now_ms: i64) -> f64 {
    let days = now_ms.div_euclid(DAY_MS);
    let rest = now_ms.rem_euclid(DAY_MS);
    // Both are far below 2^53.
    #[allow(clippy::cast_precision_loss, reason = "both numbers are small")]
    let serial = (days + 25_569) as f64 + rest as f64 / DAY_MS as f64;
    serial
}

/// Publishes a creation as a new app and forgets it.
///
/// # Errors
/// `unconfirmed` without a confirmed address; as [`apps::publish`]; then the creation stays.
pub async fn publish(
    portal: &Portal,
    actor: &Actor,
    creation: &Creation,
    note: String,
) -> Result<AppSummary, Refusal> {
    if !actor.confirmed {
        let detail =
            "Confirm your mail address to publish: the link is in your mailbox. The draft stays meanwhile.";
        return Err(Refusal::new(ProblemCode::Unconfirmed, detail));
    }
    let (definition, [inputs, outputs, lists, charts]) = {
        let draft = creation.draft.lock().await;
        (draft.definition()?, draft.counts())
    };
    if inputs + outputs + lists + charts == 0 {
        return Err(Refusal::new(
            ProblemCode::DefinitionInvalid,
            "The app shows nothing yet. Add at least one input, result, list or chart.",
        ));
    }
    let file = NewSource::File { bytes: creation.bytes.share(), name: creation.file_name.clone() };
    let sources = BTreeMap::from([(SourceId::main(), file)]);
    let (summary, _) = apps::publish(portal, actor, Parcel { definition, sources, note }).await?;
    portal.creations.forget(creation);
    Ok(summary)
}

/// Forgets a creation.
pub fn discard(portal: &Portal, creation: &Creation) {
    portal.creations.forget(creation);
}

/// Opens a spreadsheet where it can do no harm. Nothing is kept.
///
/// # Errors
/// For a file that cannot be used, with the reader's sentence; when the portal is busy.
pub async fn try_open(portal: &Portal, bytes: &Bytes, file_name: &str) -> Result<(), Refusal> {
    let mut copy = Gathered::up_to(bytes.len());
    if !copy.add(bytes) {
        return Err(Cause::Task.into());
    }
    match portal.workers.open((&copy.finish(), file_name)).await? {
        Answer::Opened => Ok(()),
        other => Err(refused(other)),
    }
}

/// What changes for an app when its spreadsheet is replaced by this one. Nothing is kept.
///
/// # Errors
/// For a file that cannot be used, and for an app that the person may not see.
pub async fn check_spreadsheet(
    portal: &Portal,
    actor: &Actor,
    app: AppId,
    upload: (&SecretBytes, &str),
) -> Result<Vec<Problem>, Refusal> {
    let definition = Zeroizing::new(apps::definition(portal, actor, app).await?.document);
    let slot = Arc::new(Slot::default());
    let (now, locale) = (serial(portal.now_ms()), String::new());
    let request =
        Request::Show { definition: definition.to_string(), acts: Vec::new(), page: 0, now, locale };
    match portal.workers.ask(&slot, upload, request).await? {
        Answer::Shown(shown) => Ok(shown.problems),
        other => Err(refused(other)),
    }
}
