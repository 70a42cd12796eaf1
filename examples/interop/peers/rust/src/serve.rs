//! The answering side of the test protocols. Dropping a stream that is not closed resets it.

use std::{
    io,
    sync::{
        atomic::{AtomicU64, Ordering},
        Arc, Mutex,
    },
    time::{Duration, Instant},
};

use futures::{AsyncReadExt as _, AsyncWriteExt as _};
use libp2p::{PeerId, Stream, StreamProtocol};
use serde_json::json;
use tokio::sync::oneshot;

use crate::{
    inbound,
    lines::emit,
    pattern::{Pattern, Tally},
};

pub const ECHO: StreamProtocol = StreamProtocol::new("/echo/1.0.0");
pub const PERF: StreamProtocol = StreamProtocol::new("/perf/1.0.0");
pub const HALF_CLOSE: StreamProtocol = StreamProtocol::new("/interop/half-close/1.0.0");
pub const RESET: StreamProtocol = StreamProtocol::new("/interop/reset/1.0.0");
pub const RESET_ME: StreamProtocol = StreamProtocol::new("/interop/reset-me/1.0.0");
pub const SOURCE: StreamProtocol = StreamProtocol::new("/interop/source/1.0.0");
pub const SINK: StreamProtocol = StreamProtocol::new("/interop/sink/1.0.0");

pub const RESET_BYTES: usize = 1024;
pub const SOURCE_SEED: u32 = 1;
const READ_CHUNK: usize = 64 * 1024;
const WRITE_CHUNK: usize = 16 * 1024;
const STALL_AFTER: Duration = Duration::from_millis(300);

/// One sender for each sink stream that waits for sink-resume.
pub type Sinks = Arc<Mutex<Vec<oneshot::Sender<()>>>>;

/// Runs each inbound stream in a task of its own; a handler that fails has reset its stream by dropping it.
pub fn behaviour(sinks: Sinks) -> inbound::Behaviour {
    inbound::Behaviour {
        protocols: vec![ECHO, PERF, HALF_CLOSE, RESET, RESET_ME, SOURCE, SINK],
        accept: Arc::new(move |peer, protocol, stream| {
            tokio::spawn(handle(peer, protocol, stream, sinks.clone()));
        }),
    }
}

async fn handle(peer: PeerId, protocol: StreamProtocol, stream: Stream, sinks: Sinks) -> io::Result<()> {
    match protocol {
        p if p == ECHO => echo(stream).await,
        p if p == PERF => perf(stream).await,
        p if p == HALF_CLOSE => half_close(stream).await,
        p if p == RESET => reset(peer, stream).await,
        p if p == RESET_ME => reset_me(stream).await,
        p if p == SOURCE => source(peer, stream).await,
        p if p == SINK => sink(peer, stream, sinks).await,
        other => Err(io::Error::other(format!("{other} is not served"))),
    }
}

pub fn answer() -> Vec<u8> {
    Pattern::new(2).bytes(64 * 1024)
}

/// Reads to the end and hands each arrival to the visitor.
pub async fn drain(mut stream: impl futures::AsyncRead + Unpin, mut visit: impl FnMut(&[u8])) -> io::Result<u64> {
    let mut buf = vec![0; READ_CHUNK];
    let mut seen = 0;
    loop {
        let n = stream.read(&mut buf).await?;
        if n == 0 {
            return Ok(seen);
        }
        seen += n as u64;
        visit(&buf[..n]);
    }
}

/// rust-yamux shows a reset as an end of the stream; only writing tells the two apart.
pub async fn ending(stream: &mut Stream) -> &'static str {
    let written = async {
        stream.write_all(&[0]).await?;
        stream.flush().await
    };
    match written.await {
        Ok(()) => "eof",
        Err(_) => "reset",
    }
}

pub async fn write_zeros(stream: &mut Stream, total: u64) -> io::Result<()> {
    let zeros = vec![0; READ_CHUNK];
    let mut left = total;
    while left > 0 {
        let n = left.min(READ_CHUNK as u64) as usize;
        stream.write_all(&zeros[..n]).await?;
        left -= n as u64;
    }
    stream.flush().await
}

/// Writes total pattern bytes and reports when it stalls and how it ends.
pub async fn write_pattern(
    stream: &mut Stream,
    peer: PeerId,
    total: u64,
    seed: u32,
    event: &'static str,
) -> io::Result<()> {
    let written = Arc::new(AtomicU64::new(0));
    let report = {
        let (written, peer) = (written.clone(), peer.to_string());
        move |state: &str| {
            emit(event, json!({"peer": peer, "written": written.load(Ordering::Relaxed), "state": state}));
        }
    };
    let writing = async {
        let mut pattern = Pattern::new(seed);
        let mut left = total;
        while left > 0 {
            let chunk = pattern.bytes(left.min(WRITE_CHUNK as u64) as usize);
            stream.write_all(&chunk).await?;
            stream.flush().await?;
            left -= chunk.len() as u64;
            written.fetch_add(chunk.len() as u64, Ordering::Relaxed);
        }
        Ok(())
    };
    let watching = async {
        let (mut last, mut since, mut told) = (0, Instant::now(), false);
        loop {
            tokio::time::sleep(STALL_AFTER / 3).await;
            let now = written.load(Ordering::Relaxed);
            if now != last {
                (last, since, told) = (now, Instant::now(), false);
            } else if !told && since.elapsed() >= STALL_AFTER {
                told = true;
                report("blocked");
            }
        }
    };
    let outcome: io::Result<()> = tokio::select! {
        outcome = writing => outcome,
        () = watching => Ok(()),
    };
    report(if outcome.is_ok() { "finished" } else { "failed" });
    outcome
}

async fn header(stream: &mut Stream) -> io::Result<u64> {
    let mut header = [0; 8];
    stream.read_exact(&mut header).await?;
    Ok(u64::from_be_bytes(header))
}

async fn echo(stream: Stream) -> io::Result<()> {
    let (from, mut to) = stream.split();
    futures::io::copy(from, &mut to).await?;
    to.close().await
}

async fn perf(mut stream: Stream) -> io::Result<()> {
    let wanted = header(&mut stream).await?;
    drain(&mut stream, |_| {}).await?;
    write_zeros(&mut stream, wanted).await?;
    stream.close().await
}

async fn half_close(mut stream: Stream) -> io::Result<()> {
    let seen = drain(&mut stream, |_| {}).await?;
    stream.write_all(format!("bytes seen: {seen}\n").as_bytes()).await?;
    stream.write_all(&answer()).await?;
    stream.close().await
}

/// Acknowledges the opener's bytes, so that the reset cannot overtake the stream's negotiation.
async fn reset(peer: PeerId, mut stream: Stream) -> io::Result<()> {
    stream.read_exact(&mut [0; RESET_BYTES]).await?;
    stream.write_all(&[6]).await?;
    stream.flush().await?;
    let mut bytes = RESET_BYTES;
    let how = match drain(&mut stream, |chunk| bytes += chunk.len()).await {
        Ok(_) => ending(&mut stream).await,
        Err(_) => "reset",
    };
    emit("reset-seen", json!({"peer": peer.to_string(), "how": how, "bytes": bytes}));
    stream.close().await
}

async fn reset_me(mut stream: Stream) -> io::Result<()> {
    let _ = stream.read(&mut [0; RESET_BYTES]).await?;
    Ok(()) // dropped while open: reset
}

async fn source(peer: PeerId, mut stream: Stream) -> io::Result<()> {
    let total = header(&mut stream).await?;
    write_pattern(&mut stream, peer, total, SOURCE_SEED, "source-progress").await?;
    stream.close().await
}

async fn sink(peer: PeerId, mut stream: Stream, sinks: Sinks) -> io::Result<()> {
    let (resume, resumed) = oneshot::channel();
    if let Ok(mut sinks) = sinks.lock() {
        sinks.push(resume);
    }
    emit("sink-open", json!({"peer": peer.to_string()}));
    resumed.await.map_err(io::Error::other)?;
    let mut tally = Tally::default();
    let bytes = drain(&mut stream, |chunk| tally.add(chunk)).await?;
    emit("sink-done", json!({"peer": peer.to_string(), "bytes": bytes, "sha256": tally.sha256()}));
    stream.close().await
}
