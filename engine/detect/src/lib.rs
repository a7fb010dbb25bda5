//! Workbook to proposed app.
