//! Writing new workbooks.
