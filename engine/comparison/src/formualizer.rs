//! formualizer, through its crate: its own .xlsx reader, no log of changes, dates as numbers.

use crate::engine::{Engine, Place, Value};
use anyhow::{Result, anyhow};
use formualizer::eval::engine::FormulaParsePolicy;
use formualizer::workbook::backends::CalamineAdapter;
use formualizer::workbook::traits::SpreadsheetReader;
use formualizer::workbook::{LoadStrategy, Workbook, WorkbookConfig};
use formualizer::{LiteralValue, TemporalEgress};
use std::path::Path;

pub struct Formualizer(Workbook);

impl Engine for Formualizer {
    fn load(file: &Path) -> Result<Self> {
        let mut config = WorkbookConfig::ephemeral();
        config.eval.temporal_egress = TemporalEgress::Serial;
        // One formula that it cannot read must not fail the workbook.
        config.eval.formula_parse_policy = FormulaParsePolicy::CoerceToError;
        let adapter = CalamineAdapter::open_path(file).map_err(|error| anyhow!("{error}"))?;
        let workbook = Workbook::from_reader(adapter, LoadStrategy::EagerAll, config);
        Ok(Self(workbook.map_err(|error| anyhow!("{error}"))?))
    }

    fn calculate(&mut self) -> Result<()> {
        self.0.evaluate_all().map_err(|error| anyhow!("{error}"))?;
        Ok(())
    }

    fn set(&mut self, place: &Place, value: &Value) -> Result<()> {
        let value = match value {
            Value::Number(number) => LiteralValue::Number(*number),
            Value::Text(text) => LiteralValue::Text(text.clone()),
            Value::Bool(value) => LiteralValue::Boolean(*value),
            Value::Empty | Value::Error(_) => LiteralValue::Empty,
        };
        self.0.set_value(&place.sheet, place.row, place.col, value).map_err(|error| anyhow!("{error}"))
    }

    fn get(&self, place: &Place) -> Value {
        self.0.get_value(&place.sheet, place.row, place.col).map_or(Value::Empty, value)
    }
}

fn value(literal: LiteralValue) -> Value {
    match literal {
        LiteralValue::Int(number) => Value::Number(number as f64),
        LiteralValue::Number(number) => Value::Number(number),
        LiteralValue::Text(text) => Value::Text(text),
        LiteralValue::Boolean(value) => Value::Bool(value),
        LiteralValue::Error(error) => Value::Error(error.kind.to_string()),
        LiteralValue::Array(rows) => rows.into_iter().flatten().next().map_or(Value::Empty, value),
        LiteralValue::Empty | LiteralValue::Pending => Value::Empty,
        date => date.as_serial_number().map_or(Value::Empty, Value::Number),
    }
}
