//! IronCalc, through its crate.

use crate::engine::{Engine, Place, Value};
use anyhow::{Context, Result, anyhow};
use ironcalc::base::Model;
use ironcalc::base::cell::CellValue;
use ironcalc::base::types::CellType;
use std::collections::HashMap;
use std::path::Path;

pub struct IronCalc {
    model: Model<'static>,
    sheets: HashMap<String, u32>,
}

impl IronCalc {
    fn at(&self, place: &Place) -> Option<(u32, i32, i32)> {
        let sheet = *self.sheets.get(&place.sheet)?;
        Some((sheet, i32::try_from(place.row).ok()?, i32::try_from(place.col).ok()?))
    }
}

impl Engine for IronCalc {
    fn load(file: &Path) -> Result<Self> {
        let name = file.to_str().context("the file's name is no text")?;
        let model =
            ironcalc::import::load_from_xlsx(name, "en", "UTC", "en").map_err(|error| anyhow!("{error}"))?;
        let sheets = model.workbook.get_worksheet_names().into_iter().zip(0..).collect();
        Ok(Self { model, sheets })
    }

    fn calculate(&mut self) -> Result<()> {
        self.model.evaluate();
        Ok(())
    }

    fn set(&mut self, place: &Place, value: &Value) -> Result<()> {
        let (sheet, row, col) = self.at(place).with_context(|| format!("no cell {place:?}"))?;
        match value {
            Value::Number(number) => self.model.update_cell_with_number(sheet, row, col, *number),
            Value::Text(text) => self.model.update_cell_with_text(sheet, row, col, text),
            Value::Bool(value) => self.model.update_cell_with_bool(sheet, row, col, *value),
            Value::Empty | Value::Error(_) => Err("nothing that one can type".into()),
        }
        .map_err(|error| anyhow!(error))
    }

    fn get(&self, place: &Place) -> Value {
        let Some((sheet, row, col)) = self.at(place) else { return Value::Empty };
        let is_error = matches!(self.model.get_cell_type(sheet, row, col), Ok(CellType::ErrorValue));
        match self.model.get_cell_value_by_index(sheet, row, col) {
            Ok(CellValue::String(text)) if is_error => Value::Error(text),
            Ok(CellValue::String(text)) => Value::Text(text),
            Ok(CellValue::Number(number)) => Value::Number(number),
            Ok(CellValue::Boolean(value)) => Value::Bool(value),
            Ok(CellValue::None) | Err(_) => Value::Empty,
        }
    }
}
