//! Cell metadata: which array formulas are dynamic.
//!
//! Source: [MS-XLSX] 2.6.x, `XLDAPR` with `dynamicArrayProperties`.

use super::package::{Package, Relation};
use super::xml::Xml;
use crate::LoadError;

/// For each cell-metadata record, in order: whether it marks a dynamic array.
pub(crate) fn read(package: &mut Package<'_>, relation: Option<&Relation>) -> Result<Vec<bool>, LoadError> {
    let mut dynamic = Vec::new();
    let Some(relation) = relation else { return Ok(dynamic) };
    let Some(mut xml) = package.part(&relation.target)? else { return Ok(dynamic) };
    // The records name a type (from 1) and a block of that type's future metadata (from 0).
    let (mut types, mut blocks): (Vec<String>, Vec<bool>) = (Vec::new(), Vec::new());
    let (mut in_arrays, mut in_cells) = (false, false);
    loop {
        match xml.next()? {
            Xml::Start(element) => match element.name() {
                "metadataType" => types.push(element.attr("name").unwrap_or_default().into_owned()),
                "futureMetadata" => in_arrays = element.attr("name").as_deref() == Some("XLDAPR"),
                "cellMetadata" => in_cells = true,
                "bk" if in_arrays => blocks.push(false),
                "dynamicArrayProperties" if in_arrays => {
                    if let Some(last) = blocks.last_mut() {
                        *last = element.flag("fDynamic", false);
                    }
                }
                "rc" if in_cells => {
                    let kind = element.number::<usize>("t").and_then(|t| types.get(t.checked_sub(1)?));
                    let block = element.number::<usize>("v").and_then(|v| blocks.get(v).copied());
                    dynamic.push(kind.is_some_and(|kind| kind == "XLDAPR") && block.unwrap_or(true));
                }
                _ => {}
            },
            Xml::End(name) => match &*name {
                "futureMetadata" => in_arrays = false,
                "cellMetadata" => in_cells = false,
                _ => {}
            },
            Xml::Eof => return Ok(dynamic),
            Xml::Text(_) => {}
        }
    }
}
