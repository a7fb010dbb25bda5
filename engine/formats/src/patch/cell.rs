//! One cell with its tags: what of it stays and what is written anew.

use super::content::{self, Written};
use super::scan::{Kind, Piece, Tag, text_of};
use super::shared::{Groups, Member};
use super::{Content, Edit, Effects, NewFormula, SaveError};
use crate::xml::unescape;
use crate::{Limits, LoadError};
use std::borrow::Cow;
use std::ops::Range;
use values::{Cell, Rect, Value};

/// Where gathering a cell stops: the longest text with all its formatting is shorter.
const MOST_CELL_BYTES: usize = 8 << 20;

/// A cell of the file, gathered from tag to tag.
pub(super) struct Held<'c> {
    /// Where it stood.
    pub from: Cell,
    /// Where it stands now; `None` where it is deleted.
    pub to: Option<Cell>,
    pub change: Option<&'c Content>,
    /// The number of its new style.
    pub style: Option<&'c str>,
    raw: Vec<u8>,
    tag: usize,
    children: Vec<Child>,
    depth: u32,
}

/// An element within a cell, as places in its bytes.
struct Child {
    name: Vec<u8>,
    whole: Range<usize>,
    tag: Range<usize>,
}

/// What rewriting a cell needs to know and what it changes.
pub(super) struct Context<'a> {
    /// What stands before every element's name, with its colon.
    pub prefix: String,
    /// The record of metadata that marks a formula that spills.
    pub dynamic: Option<usize>,
    pub errors: &'a content::Errors,
    pub limits: &'a Limits,
    pub groups: Groups<'a>,
    pub effects: Effects,
}

impl<'c> Held<'c> {
    pub fn new(from: Cell, to: Option<Cell>, edit: Option<&'c Edit<'c>>, tag: Tag<'_>) -> Held<'c> {
        let raw = tag.0.to_vec();
        let (change, style) = edit.map_or((None, None), |edit| (edit.content, edit.style.as_deref()));
        Held { from, to, change, style, tag: raw.len(), raw, children: Vec::new(), depth: 0 }
    }

    /// Takes the next piece; whether the cell ends with it.
    pub fn push(&mut self, piece: Piece<'_>) -> Result<bool, SaveError> {
        let start = self.raw.len();
        self.raw.extend_from_slice(piece.raw);
        if self.raw.len() > MOST_CELL_BYTES {
            return Err(
                LoadError::TooLarge { what: "a cell of the file", limit: MOST_CELL_BYTES as u64 }.into()
            );
        }
        let whole = start..self.raw.len();
        match piece.kind {
            Kind::Start | Kind::Empty => {
                if self.depth == 0 {
                    let name = piece.tag().local().to_vec();
                    self.children.push(Child { name, tag: whole.clone(), whole });
                }
                self.depth += u32::from(piece.kind == Kind::Start);
            }
            Kind::End if self.depth == 0 => return Ok(true),
            Kind::End => {
                self.depth -= 1;
                if let Some(child) = self.children.last_mut().filter(|_| self.depth == 0) {
                    child.whole.end = whole.end;
                }
            }
            Kind::Text | Kind::Other => {}
        }
        Ok(false)
    }

    /// The cell as it was.
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    fn bytes(&self, range: &Range<usize>) -> &[u8] {
        self.raw.get(range.clone()).unwrap_or_default()
    }

    fn tag(&self) -> Tag<'_> {
        Tag(self.bytes(&(0..self.tag)))
    }

    fn child(&self, name: &str) -> Option<&Child> {
        self.children.iter().find(|child| child.name == name.as_bytes())
    }

    fn text(&self, name: &str, limits: &Limits) -> Result<Option<String>, SaveError> {
        match self.child(name) {
            Some(child) => Ok(Some(text_of(self.bytes(&child.whole), limits.depth)?)),
            None => Ok(None),
        }
    }

    /// What the file gets in the cell's place.
    pub fn rewritten(&self, context: &mut Context<'_>) -> Result<Vec<u8>, SaveError> {
        let Some(to) = self.to else {
            self.formula(context, false, None)?;
            return Ok(Vec::new());
        };
        let had_formula = self.child("f").is_some();
        let change = self.change.map(|change| self.as_result(change, context)).transpose()?;
        match change {
            None => {
                let formula = self.formula(context, true, None)?;
                Ok(self.with_formula(to, formula))
            }
            Some(Change::Value(value)) if !had_formula && self.holds(value, context)? => {
                Ok(self.with_formula(to, None))
            }
            Some(Change::Value(value)) => {
                self.formula(context, false, None)?;
                context.effects.formulas_changed |= had_formula;
                context.effects.chain_changed |= had_formula;
                let written = content::value(value, false, &context.prefix, context.errors, context.limits)?;
                context.effects.plain_errors += u64::from(written.is_plain_error);
                Ok(self.with_content(to, "", &written, None))
            }
            Some(Change::Formula(new)) => {
                let was_array = self.child("f").is_some_and(|child| {
                    Tag(self.bytes(&child.tag))
                        .get("t")
                        .is_some_and(|kind| matches!(&*kind, "array" | "dataTable"))
                });
                self.formula(context, false, None)?;
                context.effects.formulas_changed = true;
                context.effects.chain_changed |= !had_formula || was_array != new.array.is_some();
                let formula = content::formula(new, to, &context.prefix)?;
                let written =
                    content::value(&new.value, true, &context.prefix, context.errors, context.limits)?;
                context.effects.plain_errors += u64::from(written.is_plain_error);
                let dynamic = context.dynamic.filter(|_| content::is_dynamic(new));
                Ok(self.with_content(to, &formula, &written, dynamic))
            }
            Some(Change::Result(value, fills)) => self.with_result(to, value, fills, context),
        }
    }

    /// A formula that is the one the cell has already changes only its result.
    fn as_result(&self, change: &'c Content, context: &Context<'_>) -> Result<Change<'c>, SaveError> {
        Ok(match change {
            Content::Value(value) => Change::Value(value),
            Content::Result { value, fills } => Change::Result(value, *fills),
            Content::Formula(new) if self.has_formula(new, context)? => Change::Result(&new.value, None),
            Content::Formula(new) => Change::Formula(new),
        })
    }

    /// Whether the cell's formula reads as this one, where its cells stand now.
    fn has_formula(&self, new: &NewFormula, context: &Context<'_>) -> Result<bool, SaveError> {
        let Some(child) = self.child("f").filter(|_| new.array.is_none()) else { return Ok(false) };
        let (tag, groups) = (Tag(self.bytes(&child.tag)), &context.groups);
        let kind = tag.get("t");
        if !matches!(kind.as_deref(), None | Some("shared")) {
            return Ok(false);
        }
        let text = self.text("f", context.limits)?.unwrap_or_default();
        if kind.is_some() && text.trim().is_empty() {
            let number = tag.parse("si").unwrap_or(0);
            return Ok(groups.reads(number, self.from).is_some_and(|text| text == *new.text));
        }
        Ok(groups.places.text(groups.sheet, &text, self.from).unwrap_or(text) == *new.text)
    }

    fn with_result(
        &self,
        to: Cell,
        value: &Value,
        fills: Option<Rect>,
        context: &mut Context<'_>,
    ) -> Result<Vec<u8>, SaveError> {
        let formula = self.formula(context, true, fills)?;
        if self.holds(value, context)? {
            return Ok(self.with_formula(to, formula));
        }
        let written = content::value(value, true, &context.prefix, context.errors, context.limits)?;
        context.effects.plain_errors += u64::from(written.is_plain_error);
        let kept = self.child("f").map(|child| String::from_utf8_lossy(self.bytes(&child.whole)));
        let formula = formula.map_or(kept.unwrap_or_default(), Cow::Owned);
        let dynamic = self.tag().parse("cm");
        Ok(self.with_content(to, &formula, &written, dynamic))
    }

    /// Whether the file has this very value.
    fn holds(&self, value: &Value, context: &Context<'_>) -> Result<bool, SaveError> {
        let (tag, limits) = (self.tag(), context.limits);
        let kind = tag.get("t");
        let Some(text) = self.text("v", limits)? else {
            return Ok(matches!(value, Value::Empty) && self.child("is").is_none());
        };
        Ok(match (value, kind.as_deref()) {
            (Value::Number(number), None | Some("n")) => {
                text.trim().parse::<f64>().is_ok_and(|old| old.to_bits() == number.to_bits())
            }
            (Value::Text(new), Some("str")) => unescape(&text) == **new,
            (Value::Bool(truth), Some("b")) => text.trim() == if *truth { "1" } else { "0" },
            (Value::Error(error), Some("e")) => {
                let record = tag.parse::<usize>("vm").and_then(|record| record.checked_sub(1));
                let meant = record.and_then(|record| context.errors.get(record).copied().flatten());
                meant.map_or(text.trim() == error.as_str(), |meant| meant == *error)
            }
            _ => false,
        })
    }

    /// The cell as it was, but for its address and its formula.
    fn with_formula(&self, to: Cell, formula: Option<String>) -> Vec<u8> {
        let mut out = self.moved_tag(to);
        match (formula, self.child("f")) {
            (Some(formula), Some(child)) => {
                out.extend_from_slice(self.bytes(&(self.tag..child.whole.start)));
                out.extend_from_slice(formula.as_bytes());
                out.extend_from_slice(self.bytes(&(child.whole.end..self.raw.len())));
            }
            _ => out.extend_from_slice(self.bytes(&(self.tag..self.raw.len()))),
        }
        out
    }

    /// The tag with the cell's address and style of now.
    fn moved_tag(&self, to: Cell) -> Vec<u8> {
        let address = to.to_string();
        let mut changes = Vec::new();
        if self.tag().get("r").is_some() && to != self.from {
            changes.push(("r", Some(address.as_str())));
        }
        if let Some(style) = self.style {
            changes.push(("s", Some(style).filter(|style| *style != "0")));
        }
        if changes.is_empty() { self.tag().0.to_vec() } else { self.tag().with(&changes) }
    }

    /// The cell with other content; nothing where it then says nothing.
    fn with_content(&self, to: Cell, formula: &str, written: &Written, dynamic: Option<usize>) -> Vec<u8> {
        let (cm, vm) =
            (dynamic.map(|record| record.to_string()), written.metadata.map(|record| record.to_string()));
        let moved = self.moved_tag(to);
        let tag = Tag(&moved).with(&[("t", written.kind), ("cm", cm.as_deref()), ("vm", vm.as_deref())]);
        let tag = Tag(&tag);
        let known = ["f", "v", "is"].map(str::as_bytes);
        let others = self.children.iter().filter(|child| !known.contains(&&*child.name));
        let others: Vec<u8> = others.flat_map(|child| self.bytes(&child.whole)).copied().collect();
        if formula.is_empty() && written.xml.is_empty() && others.is_empty() {
            // Cells without an address count: the place of the next one depends on them.
            let is_needed = tag.says_more_than(&["r"]) || tag.get("r").is_none();
            return if is_needed { tag.closed() } else { Vec::new() };
        }
        [&tag.opened(), formula.as_bytes(), written.xml.as_bytes(), &others, &tag.end()].concat()
    }
}

/// A change of a cell, once it is known what the cell has.
enum Change<'c> {
    Value(&'c Value),
    Formula(&'c NewFormula),
    Result(&'c Value, Option<Rect>),
}

/// The formula's part of a cell.
impl Held<'_> {
    /// The formula's element where it is written anew; `None` where it stays as it is, or leaves the cell.
    fn formula(
        &self,
        context: &mut Context<'_>,
        stays: bool,
        fills: Option<Rect>,
    ) -> Result<Option<String>, SaveError> {
        let Some(child) = self.child("f") else { return Ok(None) };
        let tag = Tag(self.bytes(&child.tag));
        let kind = tag.get("t");
        if kind.as_deref() == Some("shared") {
            return self.shared(child, context, stays);
        }
        let (places, sheet) = (context.groups.places, context.groups.sheet);
        if !stays || (fills.is_none() && !places.any()) {
            return Ok(None);
        }
        let text = self.text("f", context.limits)?.unwrap_or_default();
        let new_text = places.text(sheet, &text, self.from);
        let area = tag.parse::<Rect>("ref");
        let new_area = fills.or_else(|| area.and_then(|area| places.slid(sheet, area))).or(area);
        let mut changes = vec![("ref", new_area.map(|area| area.to_string()))];
        for (input, gone) in [("r1", "del1"), ("r2", "del2")] {
            let Some(old) = tag.parse::<Cell>(input) else { continue };
            match places.content(sheet, old) {
                Some(new) => changes.push((input, Some(new.to_string()))),
                None => changes.push((gone, Some("1".to_owned()))),
            }
        }
        if new_text.is_none() && new_area == area && !places.any() {
            return Ok(None);
        }
        Ok(Some(self.with_tag(child, &changes, new_text.as_deref())?))
    }

    fn shared(
        &self,
        child: &Child,
        context: &mut Context<'_>,
        stays: bool,
    ) -> Result<Option<String>, SaveError> {
        let tag = Tag(self.bytes(&child.tag));
        let number = tag.parse::<u32>("si").unwrap_or(0);
        let text = self.text("f", context.limits)?.unwrap_or_default();
        let groups = &mut context.groups;
        if !text.trim().is_empty() {
            let area = tag.parse::<Rect>("ref").unwrap_or(Rect::cell(self.from));
            if !stays {
                groups.loses(number, &text, self.from, area)?;
                return Ok(None);
            }
            let new_text = groups.defines(number, &text, self.from, area);
            if !groups.places.any() {
                return Ok(None);
            }
            let new_area = groups.places.slid(groups.sheet, area).unwrap_or(area).to_string();
            let area = tag.get("ref").map(|_| new_area);
            return Ok(Some(self.with_tag(child, &[("ref", area)], new_text.as_deref())?));
        }
        if !stays {
            return Ok(None);
        }
        match groups.member(number, self.from) {
            Member::Stays => Ok(None),
            Member::HasText(text, area) => {
                Ok(Some(self.with_tag(child, &[("ref", Some(area.to_string()))], Some(&text))?))
            }
            Member::Alone(text) => {
                let changes = [("t", None), ("si", None), ("ref", None)];
                Ok(Some(self.with_tag(child, &changes, Some(&text))?))
            }
        }
    }

    /// The formula's element with other attributes and, where there is one, another text.
    fn with_tag(
        &self,
        child: &Child,
        changes: &[(&str, Option<String>)],
        text: Option<&str>,
    ) -> Result<String, SaveError> {
        let changes: Vec<(&str, Option<&str>)> =
            changes.iter().map(|(name, value)| (*name, value.as_deref())).collect();
        let old = Tag(self.bytes(&child.tag));
        let tag = old.with(&changes);
        let text_lossy = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let Some(text) = text else {
            let rest = self.bytes(&(child.tag.end..child.whole.end));
            return Ok(text_lossy(&tag) + &text_lossy(rest));
        };
        let mut opened = Tag(&Tag(&tag).with(&[("xml:space", None)])).opened();
        opened.pop();
        Ok(content::opened(text_lossy(&opened), text, self.from)? + &text_lossy(&old.end()))
    }
}
