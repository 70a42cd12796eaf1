//! Messages in parts (gossipsub 1.3), each of 8 parts of known bytes, so that a bit says all of a part.

use std::collections::HashMap;

use libp2p::{
    gossipsub::{
        self,
        partial_messages::{Metadata, Partial, PartialAction, PartialError},
        TopicHash,
    },
    PeerId,
};
use serde_json::{json, Value};

use crate::{lines::emit, streams::Outcome};

const PARTS: u64 = 8;
const COUNTS: u64 = 128;

/// The messages that are under way in parts.
#[derive(Default)]
pub struct Partials {
    has: HashMap<(TopicHash, u64), u8>,
}

/// What came of a message.
pub struct Arrival {
    pub peer: PeerId,
    pub topic: TopicHash,
    pub group: Vec<u8>,
    pub message: Option<Vec<u8>>,
    pub metadata: Option<Vec<u8>>,
}

/// Whether parts are requested in a topic; nothing where they are neither requested nor sent.
pub fn requests(command: &Value) -> Result<Option<bool>, String> {
    match command["partial"].as_str() {
        None => Ok(None),
        Some("requests") => Ok(Some(true)),
        Some("sends") => Ok(Some(false)),
        Some(other) => Err(format!("unknown partial {other:?}")),
    }
}

impl Partials {
    /// Has these parts from now on, beside those that it has, and tells who takes part.
    pub fn publish(&mut self, router: &mut gossipsub::Behaviour, topic: TopicHash, group: u64, parts: u8) -> Outcome {
        let parts = self.add(&topic, group, parts);
        router.publish_partial(topic, parts).map(|()| json!({})).map_err(|e| format!("{e:?}"))
    }

    pub fn on_arrival(&mut self, router: &mut gossipsub::Behaviour, arrival: Arrival) {
        let (peer, topic) = (arrival.peer, arrival.topic.clone());
        if let Err(error) = self.take(router, arrival) {
            eprintln!("partial: {peer} sent {error}");
            router.report_invalid_partial(peer, &topic);
        }
    }

    fn take(&mut self, router: &mut gossipsub::Behaviour, arrival: Arrival) -> Result<(), String> {
        let Arrival { peer, topic, group, message, metadata } = arrival;
        let group = <[u8; 8]>::try_from(group).map_err(|group| format!("a group of {} bytes", group.len()))?;
        let group = u64::from_be_bytes(group);
        let parts = decode(group, message.as_deref().unwrap_or_default())?;
        let told = metadata.map(|metadata| bits(&metadata)).transpose().map_err(|e| e.to_string())?;
        emit(
            "partial",
            json!({"peer": peer.to_string(), "topic": topic.as_str(), "group": group, "parts": parts, "metadata": told}),
        );
        if let Err(error) = self.publish(router, topic, group, parts) {
            eprintln!("partial publish: {error}");
        }
        Ok(())
    }

    /// Tells once when nothing is missing any more.
    fn add(&mut self, topic: &TopicHash, group: u64, parts: u8) -> Parts {
        let has = self.has.entry((topic.clone(), group)).or_default();
        let before = *has;
        *has |= parts;
        if before != 0xff && *has == 0xff {
            emit("partial-complete", json!({"topic": topic.as_str(), "group": group}));
        }
        Parts { group, has: *has }
    }
}

/// A message as far as it was here when it was published; the library keeps it, and answers with it.
struct Parts {
    group: u64,
    has: u8,
}

impl Partial for Parts {
    fn group_id(&self) -> Vec<u8> {
        self.group.to_be_bytes().into()
    }

    fn metadata(&self) -> Box<dyn Metadata> {
        Box::new(Bits([self.has]))
    }

    fn partial_action_from_metadata(&self, _: PeerId, told: Option<&[u8]>) -> Result<PartialAction, PartialError> {
        let told = told.map(bits).transpose()?;
        let send = told.filter(|told| self.has & !told != 0).map(|told| {
            let after: Box<dyn Metadata> = Box::new(Bits([self.has | told]));
            (encode(self.group, self.has & !told), after)
        });
        // Otherwise the library would not tell of what comes.
        Ok(PartialAction { need: true, send })
    }
}

/// A bit for each part that somebody has.
#[derive(Debug)]
struct Bits([u8; 1]);

impl Metadata for Bits {
    fn as_slice(&self) -> &[u8] {
        &self.0
    }

    fn update(&mut self, data: &[u8]) -> Result<bool, PartialError> {
        let before = self.0[0];
        self.0[0] |= bits(data)?;
        Ok(self.0[0] != before)
    }
}

fn bits(metadata: &[u8]) -> Result<u8, PartialError> {
    match metadata {
        [bits] => Ok(*bits),
        _ => Err(PartialError::InvalidFormat),
    }
}

/// Writes those parts, of which each counts on from the one before.
fn encode(group: u64, parts: u8) -> Vec<u8> {
    let mut out = vec![parts];
    for part in (0..PARTS).filter(|part| parts & 1 << part != 0) {
        out.extend((0..COUNTS).flat_map(|i| (group + part * COUNTS + i).to_be_bytes()));
    }
    out.extend(group.to_be_bytes());
    out
}

/// Which parts these are, if they are right; no bytes are none.
fn decode(group: u64, message: &[u8]) -> Result<u8, String> {
    match message.first() {
        None => Ok(0),
        Some(parts) if message == encode(group, *parts) => Ok(*parts),
        Some(_) => Err(format!("{} bytes that are not parts of group {group}", message.len())),
    }
}
