//! The functions of XPath 1.0.

use super::xml::{Id, Kind};
use super::xpath::Expr;
use super::xpath_eval::{Evaluator, Item, Place};

impl Evaluator<'_> {
    /// Calls a function; `None` for an unknown one or a wrong number of arguments.
    pub(super) fn call(&self, name: &str, args: &[Expr], place: Place) -> Option<Item> {
        let values: Vec<Item> = args.iter().map(|arg| self.eval(arg, place)).collect::<Option<_>>()?;
        match values.as_slice() {
            [] => self.without_arguments(name, place),
            [only] => self.of_one(name, only),
            [first, second] if name != "concat" => {
                self.of_two(name, &self.text(first), second, &self.text(second))
            }
            [text, from, count] if name == "substring" => {
                let (from, count) = (self.number(from).round(), self.number(count).round());
                Some(Item::Text(substring(&self.text(text), from, from + count)))
            }
            [text, from, to] if name == "translate" => {
                Some(Item::Text(translated(&self.text(text), &self.text(from), &self.text(to))))
            }
            all if name == "concat" => Some(Item::Text(all.iter().map(|item| self.text(item)).collect())),
            _ => None,
        }
    }

    fn without_arguments(&self, name: &str, place: Place) -> Option<Item> {
        Some(match name {
            "position" => Item::Number(place.position as f64),
            "last" => Item::Number(place.size as f64),
            "true" => Item::Bool(true),
            "false" => Item::Bool(false),
            "string" | "number" | "string-length" | "normalize-space" | "name" | "local-name"
            | "namespace-uri" => {
                return self.of_one(name, &Item::Nodes(vec![place.node]));
            }
            _ => return None,
        })
    }

    fn of_one(&self, name: &str, item: &Item) -> Option<Item> {
        let nodes = if let Item::Nodes(nodes) = item { Some(nodes.as_slice()) } else { None };
        Some(match name {
            "not" => Item::Bool(!self.bool(item)),
            "boolean" => Item::Bool(self.bool(item)),
            "string" => Item::Text(self.text(item)),
            "number" => Item::Number(self.number(item)),
            "count" => Item::Number(nodes?.len() as f64),
            "sum" => Item::Number(
                nodes?.iter().map(|node| self.number(&Item::Text(self.document.text(*node)))).sum(),
            ),
            "floor" => Item::Number(self.number(item).floor()),
            "ceiling" => Item::Number(self.number(item).ceil()),
            "round" => Item::Number((self.number(item) + 0.5).floor()),
            "string-length" => Item::Number(self.text(item).chars().count() as f64),
            "normalize-space" => {
                Item::Text(self.text(item).split_ascii_whitespace().collect::<Vec<_>>().join(" "))
            }
            "name" | "local-name" | "namespace-uri" => {
                Item::Text(nodes?.first().map(|node| self.name_of(*node, name)).unwrap_or_default())
            }
            _ => return None,
        })
    }

    fn name_of(&self, node: Id, what: &str) -> String {
        let name = match &self.document.nodes[node].kind {
            Kind::Element(name) | Kind::Attribute(name, _) => name,
            Kind::Instruction(target, _) if what != "namespace-uri" => return target.clone(),
            _ => return String::new(),
        };
        match what {
            "local-name" => name.local.clone(),
            "namespace-uri" => name.namespace.clone(),
            _ if name.prefix.is_empty() => name.local.clone(),
            _ => format!("{}:{}", name.prefix, name.local),
        }
    }

    fn of_two(&self, name: &str, first: &str, second_item: &Item, second: &str) -> Option<Item> {
        Some(match name {
            "contains" => Item::Bool(first.contains(second)),
            "starts-with" => Item::Bool(first.starts_with(second)),
            "substring-before" => {
                Item::Text(first.split_once(second).map_or("", |(before, _)| before).to_owned())
            }
            "substring-after" => {
                Item::Text(first.split_once(second).map_or("", |(_, after)| after).to_owned())
            }
            "substring" => Item::Text(substring(first, self.number(second_item).round(), f64::INFINITY)),
            _ => return None,
        })
    }
}

/// Characters whose places, from 1, lie from `from` to before `to`.
fn substring(text: &str, from: f64, to: f64) -> String {
    (1u32..)
        .zip(text.chars())
        .filter(|(place, _)| (from..to).contains(&f64::from(*place)))
        .map(|(_, c)| c)
        .collect()
}

/// Characters of `from` replaced by those at the same place of `to`, or dropped where it has none there.
fn translated(text: &str, from: &str, to: &str) -> String {
    let to: Vec<char> = to.chars().collect();
    text.chars()
        .filter_map(|c| match from.chars().position(|other| other == c) {
            Some(place) => to.get(place).copied(),
            None => Some(c),
        })
        .collect()
}
