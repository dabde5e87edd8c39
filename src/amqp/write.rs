//! Writing the elementary types of the protocol behind what is already to be sent.
//!
//! Source: AMQP 0-9-1, 4.2.5. Deliberately not here: frames around them.

/// A short string; what is longer than 255 octets is cut there.
pub fn short_string(out: &mut Vec<u8>, octets: &[u8]) {
    let octets = &octets[..octets.len().min(usize::from(u8::MAX))];
    // Cut to what one octet can say.
    out.push(octets.len() as u8);
    out.extend_from_slice(octets);
}

/// A long string. Nothing of four thousand million octets is ever in memory here.
pub fn long_string(out: &mut Vec<u8>, octets: &[u8]) {
    out.extend_from_slice(&(octets.len() as u32).to_be_bytes());
    out.extend_from_slice(octets);
}

/// Writes what `write` writes, behind its length in four octets.
pub fn with_length(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    let at = out.len();
    out.extend_from_slice(&[0; 4]);
    write(out);
    let length = (out.len() - at - 4) as u32;
    out[at..at + 4].copy_from_slice(&length.to_be_bytes());
}
