//! Tests of the formula room through what it offers to the others.

#[cfg(test)]
mod adjust;
#[cfg(test)]
mod cases;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod support;
