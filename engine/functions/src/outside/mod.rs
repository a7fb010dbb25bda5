//! Functions that need something from outside of the workbook: a server, a service, a library, another program.
//!
//! Nothing is ever fetched or run. Each gives the error that Excel documents for the case that its other side is
//! not there, so that a workbook computes on and a report can name the function. Cube functions know no
//! connection (`#NAME?`), online services are not connected (`#CONNECT!`), native code and imports are not
//! allowed (`#BLOCKED!`), data types have no such field (`#FIELD!`).

mod euro;

use crate::{Function, Param};
use values::CellError;

/// The families of this category.
pub(crate) const FAMILIES: &[&[Function]] = &[FUNCTIONS, euro::FUNCTIONS];

const ANYTHING: &[Param] = &[Param::values("argument").optional()];

const fn cube(name: &'static str) -> Function {
    Function::plain(name, ANYTHING, |_| Err(CellError::Name)).repeating(1)
}

const fn service(name: &'static str) -> Function {
    Function::plain(name, ANYTHING, |_| Err(CellError::Connect)).repeating(1)
}

const fn blocked(name: &'static str) -> Function {
    Function::plain(name, ANYTHING, |_| Err(CellError::Blocked)).repeating(1)
}

pub(crate) const FUNCTIONS: &[Function] = &[
    blocked("CALL"),
    service("COPILOT"),
    cube("CUBEKPIMEMBER"),
    cube("CUBEMEMBER"),
    cube("CUBEMEMBERPROPERTY"),
    cube("CUBERANKEDMEMBER"),
    cube("CUBESET"),
    cube("CUBESETCOUNT"),
    cube("CUBEVALUE"),
    service("DETECTLANGUAGE"),
    Function::plain("FIELDVALUE", ANYTHING, |_| Err(CellError::Field)).repeating(1),
    service("IMAGE"),
    blocked("IMPORTCSV"),
    blocked("IMPORTTEXT"),
    service("PY"),
    blocked("REGISTER.ID"),
    Function::plain("RTD", ANYTHING, |_| Err(CellError::NA)).repeating(1),
    Function::plain("SQL.REQUEST", ANYTHING, |_| Err(CellError::NA)).repeating(1),
    service("TRANSLATE"),
    Function::plain("WEBSERVICE", ANYTHING, |_| Err(CellError::Value)).repeating(1),
];
