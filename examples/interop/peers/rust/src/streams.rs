//! The opening side of the test protocols. Dropping a stream that is not closed resets it.

use std::{
    io,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use futures::{AsyncReadExt as _, AsyncWriteExt as _};
use libp2p::{
    core::{PeerRecord, SignedEnvelope},
    PeerId, Stream,
};
use serde_json::{json, Value};

use crate::{
    lines::describe,
    pattern::{Checker, Pattern},
    serve::{answer, drain, ending, write_pattern, write_zeros, RESET_BYTES, SOURCE_SEED},
};

pub type Outcome = Result<Value, String>;

fn text(e: io::Error) -> String {
    describe(&e)
}

pub async fn ping(mut stream: Stream, count: u64) -> Outcome {
    let seed = SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |d| d.subsec_nanos());
    let mut payloads = Pattern::new(seed);
    let mut rtts = vec![];
    for _ in 0..count {
        let sent = payloads.bytes(32);
        let mut got = [0; 32];
        let start = Instant::now();
        stream.write_all(&sent).await.map_err(text)?;
        stream.flush().await.map_err(text)?;
        stream.read_exact(&mut got).await.map_err(text)?;
        rtts.push(start.elapsed().as_micros() as u64);
        if sent != got {
            return Err("the pong differs from the ping".into());
        }
    }
    stream.close().await.map_err(text)?;
    Ok(json!({"rttMicros": rtts}))
}

/// Asks for an identify message once more and checks its signed peer record, field 8: rust-libp2p's own identify looks
/// only for a format of its own and drops the standard one.
pub async fn signed_peer_record(stream: Stream, peer: PeerId) -> Outcome {
    let mut message = vec![];
    drain(stream, |chunk| message.extend_from_slice(chunk)).await.map_err(text)?;
    let mut rest = &message[..];
    varint(&mut rest)?; // the length of what follows
    while !rest.is_empty() {
        let tag = varint(&mut rest)?;
        let length = varint(&mut rest)? as usize;
        if tag & 7 != 2 || length > rest.len() {
            return Err("malformed identify message".into());
        }
        let (value, after) = rest.split_at(length);
        if tag >> 3 == 8 {
            let record = SignedEnvelope::from_protobuf_encoding(value)
                .ok()
                .and_then(|envelope| PeerRecord::from_signed_envelope_interop(envelope).ok());
            let valid = record.is_some_and(|record| record.peer_id() == peer);
            return Ok(json!({"present": true, "valid": valid}));
        }
        rest = after;
    }
    Ok(json!({"present": false, "valid": false}))
}

fn varint(bytes: &mut &[u8]) -> Result<u64, String> {
    let mut value = 0;
    for shift in (0..63).step_by(7) {
        let (first, rest) = bytes.split_first().ok_or("cut varint")?;
        *bytes = rest;
        value |= u64::from(first & 0x7f) << shift;
        if *first < 0x80 {
            return Ok(value);
        }
    }
    Err("varint too long".into())
}

/// Writes the pattern in pieces of random size, up to max_chunk bytes each.
async fn write_chunks(
    mut stream: impl futures::AsyncWrite + Unpin,
    total: u64,
    seed: u32,
    max_chunk: u32,
) -> io::Result<()> {
    let mut data = Pattern::new(seed);
    let mut sizes = Pattern::new(seed ^ 0x5bd1_e995);
    let mut left = total;
    while left > 0 {
        let chunk = data.bytes(left.min(u64::from(1 + sizes.next() % max_chunk)) as usize);
        stream.write_all(&chunk).await?;
        stream.flush().await?;
        left -= chunk.len() as u64;
    }
    Ok(())
}

pub async fn echo(stream: Stream, bytes: u64, seed: u32, max_chunk: u32) -> Outcome {
    let (from, mut to) = stream.split();
    let mut got = Checker::new(seed);
    let sending = async {
        write_chunks(&mut to, bytes, seed, max_chunk).await?;
        to.close().await
    };
    let ((), _) = futures::try_join!(sending, drain(from, |chunk| got.add(chunk))).map_err(text)?;
    got.result(bytes)
}

pub async fn half_close(mut stream: Stream, bytes: u64, seed: u32, max_chunk: u32) -> Outcome {
    write_chunks(&mut stream, bytes, seed, max_chunk).await.map_err(text)?;
    stream.close().await.map_err(text)?;
    let mut all = vec![];
    drain(&mut stream, |chunk| all.extend_from_slice(chunk)).await.map_err(text)?;
    let end = all.iter().position(|b| *b == b'\n').ok_or("an answer without its first line")?;
    let rest = &all[end + 1..];
    if rest != answer() {
        return Err(format!("{} bytes follow the answer that are not the pattern", rest.len()));
    }
    Ok(json!({"text": String::from_utf8_lossy(&all[..end]), "bytes": rest.len()}))
}

pub async fn reset(mut stream: Stream) -> Outcome {
    stream.write_all(&[0; RESET_BYTES]).await.map_err(text)?;
    stream.flush().await.map_err(text)?;
    stream.read_exact(&mut [0; 1]).await.map_err(text)?;
    Ok(json!({})) // dropped while open: reset
}

pub async fn reset_me(mut stream: Stream) -> Outcome {
    stream.write_all(&[0; RESET_BYTES]).await.map_err(text)?;
    stream.flush().await.map_err(text)?;
    let outcome = match drain(&mut stream, |_| {}).await {
        Ok(_) => ending(&mut stream).await,
        Err(_) => "reset",
    };
    Ok(json!({"outcome": outcome}))
}

pub async fn perf(mut stream: Stream, upload: u64, download: u64) -> Outcome {
    let start = Instant::now();
    stream.write_all(&download.to_be_bytes()).await.map_err(text)?;
    write_zeros(&mut stream, upload).await.map_err(text)?;
    stream.close().await.map_err(text)?;
    let got = drain(&mut stream, |_| {}).await.map_err(text)?;
    if got != download {
        return Err(format!("{got} bytes came, expected {download}"));
    }
    Ok(json!({"uploadBytes": upload, "downloadBytes": got, "seconds": start.elapsed().as_secs_f64()}))
}

pub async fn slow_read(mut stream: Stream, bytes: u64, pause: Duration) -> Outcome {
    stream.write_all(&bytes.to_be_bytes()).await.map_err(text)?;
    stream.flush().await.map_err(text)?;
    tokio::time::sleep(pause).await;
    let mut got = Checker::new(SOURCE_SEED);
    drain(&mut stream, |chunk| got.add(chunk)).await.map_err(text)?;
    stream.close().await.map_err(text)?;
    got.result(bytes)
}

pub async fn sink(mut stream: Stream, peer: PeerId, bytes: u64, seed: u32) -> Outcome {
    write_pattern(&mut stream, peer, bytes, seed, "sink-progress").await.map_err(text)?;
    stream.close().await.map_err(text)?;
    drain(&mut stream, |_| {}).await.map_err(text)?; // the other side closes once it has read everything
    Ok(json!({"bytes": bytes}))
}
