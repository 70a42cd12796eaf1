//! The pseudo-random bytes that every peer agrees on: xorshift32, each state written as four bytes, least significant
//! first.

use serde_json::{json, Value};
use sha2::{Digest, Sha256};

pub struct Pattern {
    state: u32,
    word: u32,
    left: u8,
}

impl Pattern {
    pub fn new(seed: u32) -> Self {
        let state = if seed == 0 { 0x9e37_79b9 } else { seed };
        Pattern { state, word: 0, left: 0 }
    }

    pub fn next(&mut self) -> u32 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 17;
        self.state ^= self.state << 5;
        self.state
    }

    pub fn bytes(&mut self, size: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(size);
        for _ in 0..size {
            if self.left == 0 {
                self.word = self.next();
                self.left = 4;
            }
            bytes.push(self.word as u8);
            self.word >>= 8;
            self.left -= 1;
        }
        bytes
    }
}

/// Hashes and counts what it is given.
#[derive(Default)]
pub struct Tally {
    pub bytes: u64,
    hash: Sha256,
}

impl Tally {
    pub fn add(&mut self, chunk: &[u8]) {
        self.bytes += chunk.len() as u64;
        self.hash.update(chunk);
    }

    pub fn sha256(self) -> String {
        self.hash.finalize().iter().map(|b| format!("{b:02x}")).collect()
    }
}

/// A tally that compares as well.
pub struct Checker {
    want: Pattern,
    tally: Tally,
    differs: bool,
}

impl Checker {
    pub fn new(seed: u32) -> Self {
        Checker { want: Pattern::new(seed), tally: Tally::default(), differs: false }
    }

    pub fn add(&mut self, chunk: &[u8]) {
        self.differs |= self.want.bytes(chunk.len()) != chunk;
        self.tally.add(chunk);
    }

    pub fn result(self, want: u64) -> Result<Value, String> {
        let bytes = self.tally.bytes;
        if bytes != want {
            return Err(format!("{bytes} bytes came, expected {want}"));
        }
        if self.differs {
            return Err("the bytes that came are not the pattern".into());
        }
        Ok(json!({"bytes": bytes, "sha256": self.tally.sha256()}))
    }
}
