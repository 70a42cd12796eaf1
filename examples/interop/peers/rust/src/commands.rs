use std::time::Duration;

use libp2p::{identify, multiaddr::Protocol, ping, Multiaddr, PeerId, Stream, StreamProtocol};
use serde_json::{json, Value};

use crate::{
    node::Node,
    partial,
    pubsub::{self, Request},
    serve,
    streams::{self, Outcome},
};

fn number(command: &Value, field: &str, default: u64) -> u64 {
    command[field].as_u64().unwrap_or(default)
}

fn seed(command: &Value) -> u32 {
    number(command, "seed", 1) as u32
}

fn max_chunk(command: &Value) -> u32 {
    number(command, "maxChunk", 65536) as u32
}

/// The peer that a command names, connected to when it comes as an address.
async fn target(node: &Node, command: &Value) -> Result<PeerId, String> {
    if let Some(text) = command["addr"].as_str() {
        let addr: Multiaddr = text.parse().map_err(|e| format!("{text}: {e}"))?;
        let peer = addr
            .iter()
            .find_map(|part| if let Protocol::P2p(peer) = part { Some(peer) } else { None })
            .ok_or_else(|| format!("no peer id in {text}"))?;
        node.dial(peer, addr).await?;
        return Ok(peer);
    }
    let text = command["peer"].as_str().ok_or("neither addr nor peer")?;
    let peer = text.parse().map_err(|e| format!("{text}: {e}"))?;
    node.check(peer).await?;
    Ok(peer)
}

async fn open(node: &Node, command: &Value, protocol: StreamProtocol) -> Result<(PeerId, Stream), String> {
    let peer = target(node, command).await?;
    let stream = node.control.clone().open_stream(peer, protocol).await.map_err(|e| e.to_string())?;
    Ok((peer, stream))
}

pub async fn run(node: Node, command: &Value) -> Outcome {
    let bytes = number(command, "bytes", 0);
    let on = |protocol| open(&node, command, protocol);
    let topic = || command["topic"].as_str().map(str::to_string).ok_or("no topic");
    match command["cmd"].as_str().unwrap_or_default() {
        "dial" => Ok(json!({"peer": target(&node, command).await?.to_string()})),
        "close" => node.close(target(&node, command).await?).await.map(|()| json!({})),
        "ping" => streams::ping(on(ping::PROTOCOL_NAME).await?.1, number(command, "count", 1)).await,
        "identify" => {
            let (peer, stream) = on(identify::PROTOCOL_NAME).await?;
            let mut known = node.identified(peer).await?;
            known["signedPeerRecord"] = streams::signed_peer_record(stream, peer).await?;
            Ok(known)
        }
        "push" => node.push().await.map(|protocol| json!({"protocol": protocol})),
        "echo" => streams::echo(on(serve::ECHO).await?.1, bytes, seed(command), max_chunk(command)).await,
        "halfclose" => {
            streams::half_close(on(serve::HALF_CLOSE).await?.1, bytes, seed(command), max_chunk(command)).await
        }
        "reset" => streams::reset(on(serve::RESET).await?.1).await,
        "reset-me" => streams::reset_me(on(serve::RESET_ME).await?.1).await,
        "perf" => {
            let (upload, download) = (number(command, "upload", 0), number(command, "download", 0));
            streams::perf(on(serve::PERF).await?.1, upload, download).await
        }
        "slow-read" => {
            let pause = Duration::from_millis(number(command, "pauseMillis", 1000));
            streams::slow_read(on(serve::SOURCE).await?.1, bytes, pause).await
        }
        "sink" => {
            let (peer, stream) = on(serve::SINK).await?;
            streams::sink(stream, peer, bytes, seed(command)).await
        }
        "sink-resume" => {
            let waiting = node.sinks.lock().map_err(|e| e.to_string())?.split_off(0);
            let resumed = waiting.len();
            for resume in waiting {
                let _ = resume.send(()); // its stream may be gone
            }
            Ok(json!({"resumed": resumed}))
        }
        "subscribe" => node.pubsub(Request::Subscribe(topic()?, partial::requests(command)?)).await,
        "unsubscribe" => node.pubsub(Request::Unsubscribe(topic()?)).await,
        "publish" => publish(&node, command, topic()?).await,
        "partial-publish" => {
            let (group, parts) = (number(command, "group", 0), number(command, "parts", 0) as u8);
            node.pubsub(Request::PartialPublish(topic()?, group, parts)).await
        }
        "topic-peers" => node.pubsub(Request::TopicPeers(topic()?)).await,
        "mesh-peers" => node.pubsub(Request::MeshPeers(topic()?)).await,
        "pubsub-peers" => node.pubsub(Request::Peers).await,
        "stop" => Ok(json!({})),
        other => Err(format!("unknown command {other:?}")),
    }
}

async fn publish(node: &Node, command: &Value, topic: String) -> Outcome {
    let count = number(command, "count", 1);
    let interval = Duration::from_micros(number(command, "intervalMicros", 0));
    let start = tokio::time::Instant::now();
    for i in 0..count {
        tokio::time::sleep_until(start + interval * i as u32).await;
        let request = Request::Publish(topic.clone(), pubsub::payload(command, i)?);
        node.pubsub(request).await.map_err(|e| format!("after {i}: {e}"))?;
    }
    Ok(json!({"published": count}))
}
