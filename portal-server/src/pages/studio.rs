//! The page of a draft: proposal, adjusting beside the live preview, check, publication. One page with steps.

use std::sync::Arc;

use askama::Template;
use axum::{
    Form,
    extract::{State, rejection::FormRejection},
    http::StatusCode,
};
use serde::Deserialize;

use super::{
    PageActor, icons,
    shell::{Chrome, PageAnswer, PageRefusal, go, html, said},
    shown::{self, Step},
    words,
};
use crate::{
    creation::{
        self, Act, Alternative, BrowserSession, CONTENT_WORDS, Creation, Edit, INPUT_WORDS, Inspected,
        OutlineNode, OutlineRole, Problem, Remark, Why, Wording,
    },
    domain::Actor,
    http::extract::{Params, Search},
    portal::Portal,
    refusal::Refusal,
};

/// Where on the page somebody is.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Place {
    #[serde(default)]
    step: String,
    #[serde(default)]
    item: String,
    #[serde(default)]
    page: usize,
    #[serde(default)]
    size: String,
}

/// The steps in order: the word of the address, and the name for people.
const STEPS: [(&str, &str); 5] = [
    ("source", "Source"),
    ("proposal", "Proposal"),
    ("adjust", "Adjust"),
    ("check", "Check"),
    ("publish", "Publish"),
];

impl Place {
    fn step(&self) -> &'static str {
        STEPS.iter().skip(1).map(|(word, _)| *word).find(|word| *word == self.step).unwrap_or("proposal")
    }
}

/// A line of the outline with what the page needs to show it.
struct Line {
    node: OutlineNode,
    why: Option<Why>,
    current: bool,
    icon: &'static str,
    /// What it is called where it has no caption.
    role: &'static str,
}

/// Lines of one kind, on the step of the proposal.
struct Group {
    title: &'static str,
    lines: Vec<usize>,
}

#[derive(Template)]
#[template(path = "pages/studio.html")]
struct Studio {
    chrome: Chrome,
    id: String,
    file_name: String,
    name: String,
    description: String,
    step: &'static str,
    place: Place,
    steps: Vec<(&'static str, &'static str, &'static str)>,
    lines: Vec<Line>,
    groups: Vec<Group>,
    alternatives: Vec<Alternative>,
    remarks: Vec<Remark>,
    problems: Vec<Problem>,
    declined: Option<String>,
    summary: String,
    inspected: Option<Inspected>,
    preview: Option<String>,
    preview_problem: Option<String>,
    problem: Option<String>,
    left: String,
    can_undo: bool,
    input_words: &'static [(&'static str, &'static str)],
    content_words: &'static [(&'static str, &'static str)],
}

/// The draft, or a page that leads back to its beginning.
fn find(portal: &Portal, session: &BrowserSession, id: &str) -> Result<Arc<Creation>, PageRefusal> {
    portal.creations.get(session.hash.as_deref(), id, portal.now_ms()).map_err(|refusal| {
        let step = Step {
            title: "The draft is gone",
            sentences: vec![refusal.detail.clone()],
            onward: vec![shown::way("Upload a spreadsheet", "/create")],
            ..Step::default()
        };
        PageRefusal::page(shown::page(refusal.status(), &step))
    })
}

/// Shows the draft.
pub async fn show(
    State(portal): State<Portal>,
    page_actor: PageActor,
    session: BrowserSession,
    Params(id): Params<String>,
    Search(place): Search<Place>,
) -> PageAnswer {
    let creation = find(&portal, &session, &id)?;
    page(&portal, page_actor.actor.as_ref(), &creation, place, StatusCode::OK, None).await
}

async fn page(
    portal: &Portal,
    actor: Option<&Actor>,
    creation: &Creation,
    place: Place,
    status: StatusCode,
    problem: Option<String>,
) -> PageAnswer {
    let shown = creation::show(portal, creation, place.page).await;
    let (preview, problems, preview_problem) = match shown {
        Ok(shown) => (Some(shown.html), shown.problems, None),
        Err(refusal) => (None, Vec::new(), Some(said(refusal)?.1)),
    };
    let base = creation::base(creation);
    let draft = creation.draft.lock().await;
    let outline = draft.outline();
    let first = outline.iter().find(|node| matches!(node.role, OutlineRole::Input | OutlineRole::Output));
    let wanted =
        if place.item.is_empty() { first.map(|node| node.id.clone()) } else { Some(place.item.clone()) };
    let inspected = wanted.as_deref().and_then(|id| creation::inspect(&draft, base, id));
    let lines: Vec<Line> = outline
        .into_iter()
        .map(|node| Line {
            role: role_word(node.role),
            why: base.whys.get(&node.id).cloned(),
            current: inspected.as_ref().is_some_and(|inspected| inspected.id == node.id),
            icon: icons::of_role(node.role),
            node,
        })
        .collect();
    let taken: Vec<String> = lines
        .iter()
        .filter_map(|line| {
            let inspected = creation::inspect(&draft, base, &line.node.id)?;
            inspected.is_item.then_some(inspected.place)
        })
        .collect();
    let alternatives =
        base.alternatives.iter().filter(|a| !taken.contains(&a.reference)).take(12).cloned().collect();
    let step = place.step();
    let minutes = usize::try_from(creation.left_ms(portal.now_ms()) / 60_000).unwrap_or(0).max(1);
    let studio = Studio {
        chrome: Chrome::new(portal, actor, "create"),
        id: creation.id.clone(),
        file_name: creation.file_name.clone(),
        name: draft.name(),
        description: draft.description(),
        step,
        steps: steps(step),
        groups: groups(&lines),
        lines,
        alternatives,
        remarks: base.remarks.clone(),
        problems,
        declined: base.declined.clone(),
        summary: summary(draft.counts()),
        inspected,
        preview,
        preview_problem,
        problem,
        left: words::count(minutes, "minute", "minutes"),
        can_undo: !draft.edits.is_empty(),
        input_words: INPUT_WORDS,
        content_words: CONTENT_WORDS,
        place,
    };
    drop(draft);
    html(status, &studio)
}

/// What a part is called where it has no caption.
const fn role_word(role: OutlineRole) -> &'static str {
    match role {
        OutlineRole::Page => "Page",
        OutlineRole::Section => "Section",
        OutlineRole::Input => "Input",
        OutlineRole::Output => "Result",
        OutlineRole::List => "List",
        OutlineRole::Chart => "Chart",
        OutlineRole::Fixed => "Text",
    }
}

/// The steps with how far one has come: `past`, `current` or nothing.
fn steps(step: &str) -> Vec<(&'static str, &'static str, &'static str)> {
    let at = STEPS.iter().position(|(word, _)| *word == step).unwrap_or(1);
    let state = |place: usize| match place.cmp(&at) {
        std::cmp::Ordering::Less => "past",
        std::cmp::Ordering::Equal => "current",
        std::cmp::Ordering::Greater => "",
    };
    STEPS.iter().enumerate().map(|(place, (word, name))| (*word, *name, state(place))).collect()
}

fn groups(lines: &[Line]) -> Vec<Group> {
    [
        ("Inputs", OutlineRole::Input),
        ("Results", OutlineRole::Output),
        ("Lists", OutlineRole::List),
        ("Charts", OutlineRole::Chart),
    ]
    .into_iter()
    .map(|(title, role)| Group {
        title,
        lines: lines.iter().enumerate().filter(|(_, l)| l.node.role == role).map(|(at, _)| at).collect(),
    })
    .filter(|group| !group.lines.is_empty())
    .collect()
}

fn summary([inputs, outputs, lists, charts]: [usize; 4]) -> String {
    let parts: Vec<String> = [
        (inputs, "input", "inputs"),
        (outputs, "result", "results"),
        (lists, "list", "lists"),
        (charts, "chart", "charts"),
    ]
    .into_iter()
    .filter(|(number, ..)| *number > 0)
    .map(|(number, one, many)| words::count(number, one, many))
    .collect();
    match parts.split_last() {
        None => "nothing yet".to_owned(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

/// The fields of a form, in order; the last of a name counts.
pub struct Fields(Vec<(String, String)>);

impl Fields {
    fn read(form: Result<Form<Vec<(String, String)>>, FormRejection>) -> Result<Self, Refusal> {
        match form {
            Ok(Form(fields)) => Ok(Self(fields)),
            Err(_) => Err(Refusal::invalid("The form cannot be read. Open the page again.")),
        }
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn text(&self, name: &str) -> String {
        self.get(name).unwrap_or_default().to_owned()
    }

    fn place(&self) -> Place {
        Place {
            step: self.text("step"),
            item: self.text("item"),
            page: self.get("page").and_then(|page| page.parse().ok()).unwrap_or(0),
            size: self.text("size"),
        }
    }
}

fn way(id: &str, place: &Place) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("step", place.step());
    for (name, value) in [("item", place.item.as_str()), ("size", place.size.as_str())] {
        if !value.is_empty() {
            query.append_pair(name, value);
        }
    }
    if place.page > 0 {
        query.append_pair("page", &place.page.to_string());
    }
    format!("/create/{id}?{}", query.finish())
}

fn edit_of(fields: &Fields) -> Result<Option<Edit>, Refusal> {
    let id = fields.text("id");
    let own = |name: &str| fields.get(name).map(str::to_owned);
    Ok(Some(match fields.get("do").unwrap_or_default() {
        "item" => Edit::Item {
            id,
            wording: Wording {
                caption: own("caption"),
                inputtype: own("inputtype"),
                contenttype: own("contenttype"),
                unit: own("unit"),
                help: own("help"),
            },
        },
        "caption" => Edit::Caption { id, caption: fields.text("caption") },
        "app" => Edit::App { name: own("name"), description: own("description") },
        "include" => Edit::Include { id },
        "exclude" => Edit::Exclude { id },
        "up" => Edit::Move { id, by: -1 },
        "down" => Edit::Move { id, by: 1 },
        "move" => Edit::Move { id, by: fields.get("by").and_then(|by| by.parse().ok()).unwrap_or(0) },
        "add" => Edit::Add { sheet: fields.text("sheet"), cell: fields.text("cell") },
        "undo" => return Ok(None),
        _ => return Err(Refusal::invalid("The form cannot be read. Open the page again.")),
    }))
}

/// Edits the draft.
pub async fn edit(
    State(portal): State<Portal>,
    page_actor: PageActor,
    session: BrowserSession,
    Params(id): Params<String>,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> PageAnswer {
    let creation = find(&portal, &session, &id)?;
    let fields = Fields::read(form)?;
    let done = match edit_of(&fields)? {
        Some(edit) => creation::edit(&creation, vec![edit]).await,
        None => {
            creation::undo(&creation).await;
            Ok(())
        }
    };
    match done {
        Ok(()) => Ok(go(&way(&id, &fields.place()))),
        Err(refusal) => {
            let (status, sentence) = said(refusal)?;
            page(&portal, page_actor.actor.as_ref(), &creation, fields.place(), status, Some(sentence)).await
        }
    }
}

/// What the fields of the preview ask for.
fn acts_of(fields: &Fields) -> Vec<Act> {
    let mut acts: Vec<Act> = Vec::new();
    for (name, value) in &fields.0 {
        let Some((what, id)) = name.split_once(':') else { continue };
        let id = id.to_owned();
        let act = match what {
            "type" if fields.get(&format!("was:{id}")) != Some(value) => {
                Act::Type { id, text: value.clone() }
            }
            "set" => match serde_json::from_str(value) {
                Ok(value) => Act::Set { id, value },
                Err(_) => continue,
            },
            "search" => Act::Search { id, text: value.clone() },
            "window" => Act::Window { id, from: value.parse().unwrap_or(0) },
            "sort" => {
                let (column, way) = value.split_once(',').unwrap_or((value, "up"));
                let Ok(column) = column.parse() else { continue };
                Act::Sort { id, column, down: way == "down" }
            }
            "reset" => Act::ResetAll,
            _ => continue,
        };
        acts.retain(|before| !before.is_replaced_by(&act));
        acts.push(act);
    }
    acts
}

/// Does what the preview's form says.
pub async fn input(
    State(portal): State<Portal>,
    page_actor: PageActor,
    session: BrowserSession,
    Params(id): Params<String>,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> PageAnswer {
    let creation = find(&portal, &session, &id)?;
    let fields = Fields::read(form)?;
    for act in acts_of(&fields) {
        if let Err(refusal) = creation::act(&creation, act).await {
            let (status, sentence) = said(refusal)?;
            let actor = page_actor.actor.as_ref();
            return page(&portal, actor, &creation, fields.place(), status, Some(sentence)).await;
        }
    }
    Ok(go(&way(&id, &fields.place())))
}

/// Publishes the draft.
pub async fn publish(
    State(portal): State<Portal>,
    page_actor: PageActor,
    session: BrowserSession,
    Params(id): Params<String>,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> PageAnswer {
    let creation = find(&portal, &session, &id)?;
    let fields = Fields::read(form)?;
    let place = Place { step: "publish".to_owned(), ..fields.place() };
    let Some(actor) = &page_actor.actor else {
        let next: String = url::form_urlencoded::byte_serialize(way(&id, &place).as_bytes()).collect();
        return Ok(go(&format!("/sign-in?next={next}")));
    };
    let (name, description) = (fields.text("name"), fields.text("description"));
    let named = Edit::App { name: Some(name), description: Some(description) };
    let published = match creation::edit(&creation, vec![named]).await {
        Ok(()) => creation::publish(&portal, actor, &creation, fields.text("note")).await,
        Err(refusal) => Err(refusal),
    };
    match published {
        Ok(summary) => Ok(go(&format!("/apps/{}?done=published", summary.id))),
        Err(refusal) => {
            let (status, sentence) = said(refusal)?;
            page(&portal, Some(actor), &creation, place, status, Some(sentence)).await
        }
    }
}

/// Forgets the draft.
pub async fn discard(
    State(portal): State<Portal>,
    session: BrowserSession,
    Params(id): Params<String>,
) -> PageAnswer {
    let creation = find(&portal, &session, &id)?;
    creation::discard(&portal, &creation);
    Ok(go("/create"))
}
