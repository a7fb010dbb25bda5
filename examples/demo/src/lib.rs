//! What the demo and the end-to-end tests share: the example apps, a portal as a process of its own with a client
//! of its public interface, and its mailbox folder.

pub mod apps;
pub mod mailbox;
pub mod portal;
