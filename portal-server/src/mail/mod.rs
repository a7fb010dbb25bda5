//! Mail: letters go into the outbox inside the transaction that causes them, and a worker carries them away.
//!
//! The outbox holds which letter to whom, and ids; the text and the link's token are made when the letter is sent.
//! So the database holds no token that works, and a letter that has become pointless (a used link, an address
//! without account) is not sent at all.

mod letters;
mod postman;
mod worker;

pub use letters::{Letter, post};
pub use postman::{PostError, Postman};
pub use worker::{deliver_due, run};
