//! Talks to the portal and to the sources.
