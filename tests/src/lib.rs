//! End-to-end tests: real processes, servers, browser, window.
