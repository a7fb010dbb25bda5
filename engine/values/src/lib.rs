//! Values, cell errors, addresses, ranges, serial dates.
