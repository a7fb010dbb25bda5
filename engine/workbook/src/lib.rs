//! The workbook model.
