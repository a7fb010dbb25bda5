//! The other end of a worker: a process that reads requests from its standard input and answers on its standard output.
//!
//! A frame is a length (four bytes, little end first) and as many bytes: first the request as JSON, then the upload,
//! which is empty but for opening. The process has no files, network or environment of its own to speak of, and ends
//! with its input.

use std::io::{self, Read, Write};

use zeroize::Zeroizing;

use super::bench::{Answer, Bench, Request};

/// Bytes of one frame.
pub(super) const LARGEST_FRAME: usize = 64 << 20;
/// Address space of a worker in bytes; beyond it, the worker ends.
#[cfg(unix)]
const MEMORY: u64 = 3 << 30;

/// Answers requests until there are no more.
///
/// # Errors
/// When the input or output breaks off.
pub fn run(mut input: impl Read, mut output: impl Write) -> io::Result<()> {
    bound();
    let mut bench = Bench::default();
    loop {
        let Some(request) = read_frame(&mut input)? else { return Ok(()) };
        let Some(bytes) = read_frame(&mut input)? else { return Ok(()) };
        let answer = match serde_json::from_slice::<Request>(&request) {
            Ok(request) => bench.answer(request, &bytes),
            Err(_) => Answer::Refused("The request cannot be read.".to_owned()),
        };
        let answer = Zeroizing::new(serde_json::to_vec(&answer).map_err(io::Error::other)?);
        let length = u32::try_from(answer.len()).map_err(io::Error::other)?;
        output.write_all(&length.to_le_bytes())?;
        output.write_all(&answer)?;
        output.flush()?;
    }
}

/// Bounds the process: memory, and no picture of it on disk when it fails.
fn bound() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let limit = |value: u64| Rlimit { current: Some(value), maximum: Some(value) };
        // Where the system does not grant a limit, the ones in the readers still hold.
        let _ = setrlimit(Resource::Core, limit(0));
        let _ = setrlimit(Resource::As, limit(MEMORY));
    }
}

fn read_frame(input: &mut impl Read) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
    let mut length = [0; 4];
    match input.read_exact(&mut length) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let length = u32::from_le_bytes(length) as usize;
    if length > LARGEST_FRAME {
        return Err(io::Error::other("a frame is too large"));
    }
    let mut bytes = Zeroizing::new(vec![0; length]);
    input.read_exact(&mut bytes)?;
    Ok(Some(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(bytes: &[u8]) -> Vec<u8> {
        let length = u32::try_from(bytes.len()).unwrap();
        [&length.to_le_bytes(), bytes].concat()
    }

    #[test]
    fn garbage_is_answered_and_a_broken_frame_ends_the_worker() {
        let input = [frame(b"nonsense"), frame(b"")].concat();
        let mut output = Vec::new();
        run(input.as_slice(), &mut output).unwrap();
        assert!(String::from_utf8_lossy(&output).contains("cannot be read"));
        let huge = u32::MAX.to_le_bytes();
        assert!(run(huge.as_slice(), Vec::new()).is_err());
        let cut = [4, 0, 0, 0, b'{'];
        assert!(run(cut.as_slice(), Vec::new()).is_err());
    }
}
