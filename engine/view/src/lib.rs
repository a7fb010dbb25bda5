//! Definition and workbook to view.
