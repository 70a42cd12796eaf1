//! Taking part in publishing and subscribing: the behaviour that --pubsub asks for, its requests and its events.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use libp2p::{
    floodsub, gossipsub,
    identity::Keypair,
    swarm::{behaviour::toggle::Toggle, NetworkBehaviour},
    PeerId,
};
use serde_json::{json, Value};
use sha2::{Digest as _, Sha256};

use crate::{
    lines::emit,
    partial::{Arrival, Partials},
    pattern::Pattern,
    streams::Outcome,
};

/// The longest payload that an event shows as a whole.
const SHOWN_BYTES: usize = 4096;
/// The library has none by itself; go and js have so many.
const EXCHANGED_PEERS: usize = 16;
const INITIAL_DELAY: Duration = Duration::from_millis(100);
const NOT_PARTIAL: &str = "started without partial";

/// At most one of them is there.
#[derive(NetworkBehaviour)]
pub struct Behaviour {
    gossipsub: Toggle<gossipsub::Behaviour>,
    floodsub: Toggle<floodsub::Behaviour>,
}

/// Which peers there are, by topic.
type Peers = BTreeMap<String, BTreeSet<PeerId>>;

/// What is remembered to tell what the library does not: who left our mesh, whom floodsub knows of, and which parts of
/// messages are here, if there are any.
#[derive(Default)]
pub struct Known {
    mesh: Peers,
    subscribed: Peers,
    partials: Option<Partials>,
}

impl Known {
    /// What is needed for the argument of --pubsub.
    pub fn new(options: Option<&Value>) -> Self {
        let partial = options.is_some_and(|o| o["partial"] == true);
        Known { partials: partial.then(Partials::default), ..Default::default() }
    }
}

pub enum Request {
    /// Whether parts of messages are requested; nothing where they are neither requested nor sent.
    Subscribe(String, Option<bool>),
    Unsubscribe(String),
    Publish(String, Vec<u8>),
    /// These parts of the group's message.
    PartialPublish(String, u64, u8),
    TopicPeers(String),
    MeshPeers(String),
    Peers,
}

/// The behaviour for the argument of --pubsub; what is absent there is as the library has it.
pub fn behaviour(options: Option<&Value>, key: &Keypair) -> Result<Behaviour, String> {
    let mut routers = Behaviour { gossipsub: None.into(), floodsub: None.into() };
    let Some(o) = options else { return Ok(routers) };
    let sign = o["sign"].as_str().unwrap_or("strict");
    match o["router"].as_str().unwrap_or("gossipsub") {
        "gossipsub" => {
            let (authenticity, validation) = match sign {
                "strict" => (gossipsub::MessageAuthenticity::Signed(key.clone()), gossipsub::ValidationMode::Strict),
                "author" => (
                    gossipsub::MessageAuthenticity::Author(key.public().to_peer_id()),
                    gossipsub::ValidationMode::Permissive,
                ),
                "none" => (gossipsub::MessageAuthenticity::Anonymous, gossipsub::ValidationMode::Anonymous),
                other => return Err(format!("no sign {other:?}")),
            };
            let config = config(o, sign, validation)?;
            routers.gossipsub = Some(gossipsub::Behaviour::new(authenticity, config)?).into();
        }
        "floodsub" if sign == "author" => {
            routers.floodsub = Some(floodsub::Behaviour::new(key.public().to_peer_id())).into();
        }
        "floodsub" => return Err(format!("no sign {sign:?} with floodsub, only \"author\"")),
        other => return Err(format!("no router {other:?}")),
    }
    Ok(routers)
}

fn config(o: &Value, sign: &str, validation: gossipsub::ValidationMode) -> Result<gossipsub::Config, String> {
    let number = |field: &str| o[field].as_u64().map(|value| value as usize);
    let seconds = |field: &str| o[field].as_u64().map(Duration::from_secs);
    let mut builder = gossipsub::ConfigBuilder::default();
    builder.validation_mode(validation).heartbeat_initial_delay(INITIAL_DELAY);
    match o["messageId"].as_str().unwrap_or(if sign == "none" { "data-sha256" } else { "author-seqno" }) {
        "author-seqno" => builder.message_id_fn(|message| {
            let mut id = message.source.map(|peer| peer.to_bytes()).unwrap_or_default();
            id.extend(message.sequence_number.map(u64::to_be_bytes).unwrap_or_default());
            id.into()
        }),
        "data-sha256" => builder.message_id_fn(|message| Sha256::digest(&message.data).to_vec().into()),
        other => return Err(format!("no messageId {other:?}")),
    };
    match o["version"].as_str() {
        None | Some("1.3") => {}
        Some("1.1") => drop(builder.protocol_id_prefix("/meshsub")),
        Some("1.0") => drop(builder.protocol_id("/meshsub/1.0.0", gossipsub::Version::V1_0)),
        Some(other) => return Err(format!("cannot end at version {other:?}")),
    }
    if o["floodsub"] != false {
        builder.support_floodsub();
    }
    if o["px"] == true {
        builder.do_px().prune_peers(EXCHANGED_PEERS);
    }
    if let Some(flood) = o["floodPublish"].as_bool() {
        builder.flood_publish(flood);
    }
    type Set = fn(&mut gossipsub::ConfigBuilder, usize) -> &mut gossipsub::ConfigBuilder;
    let numbers: [(&str, Set); 7] = [
        ("d", |b, n| b.mesh_n(n).retain_scores(n.min(4))),
        ("dLow", |b, n| b.mesh_n_low(n)),
        ("dHigh", |b, n| b.mesh_n_high(n)),
        ("dOut", |b, n| b.mesh_outbound_min(n)),
        ("dLazy", |b, n| b.gossip_lazy(n)),
        ("idontwantBytes", |b, n| b.idontwant_message_size_threshold(n)),
        ("maxMessageBytes", |b, n| b.max_transmit_size(n)),
    ];
    for (field, set) in numbers {
        if let Some(value) = number(field) {
            set(&mut builder, value);
        }
    }
    if let Some(millis) = o["heartbeatMillis"].as_u64() {
        builder.heartbeat_interval(Duration::from_millis(millis));
    }
    if let Some(backoff) = seconds("pruneBackoffSeconds") {
        builder.prune_backoff(backoff);
    }
    if let Some(backoff) = seconds("unsubscribeBackoffSeconds") {
        builder.unsubscribe_backoff(backoff);
    }
    builder.build().map_err(|e| e.to_string())
}

/// What a command publishes the i-th time.
pub fn payload(command: &Value, i: u64) -> Result<Vec<u8>, String> {
    if let Some(data) = command["data"].as_str() {
        return from_base64(data);
    }
    if let Some(text) = command["text"].as_str() {
        let many = command["count"].as_u64().unwrap_or(1) > 1;
        return Ok(if many { format!("{text}{i}") } else { text.into() }.into_bytes());
    }
    let seed = command["seed"].as_u64().unwrap_or(1) + i;
    Ok(Pattern::new(seed as u32).bytes(command["bytes"].as_u64().unwrap_or(0) as usize))
}

impl Behaviour {
    pub fn run(&mut self, known: &mut Known, request: Request) -> Outcome {
        if let Some(gossipsub) = self.gossipsub.as_mut() {
            return gossip(gossipsub, known, request);
        }
        let floodsub = self.floodsub.as_mut().ok_or("started without --pubsub")?;
        flood(floodsub, known, request)
    }

    /// floodsub sends only to peers that it was told of.
    pub fn on_connected(&mut self, peer: PeerId) {
        if let Some(floodsub) = self.floodsub.as_mut() {
            floodsub.add_node_to_partial_view(peer);
        }
    }

    pub fn on_disconnected(&mut self, known: &mut Known, peer: PeerId) {
        if let Some(floodsub) = self.floodsub.as_mut() {
            floodsub.remove_node_from_partial_view(&peer);
        }
        for peers in known.subscribed.values_mut() {
            peers.remove(&peer);
        }
    }

    /// Gossipsub answers to parts; all else is only told.
    pub fn on_event(&mut self, known: &mut Known, event: BehaviourEvent) {
        match event {
            BehaviourEvent::Gossipsub(gossipsub::Event::Partial {
                peer_id: peer,
                topic_hash: topic,
                group_id: group,
                message,
                metadata,
            }) => {
                if let (Some(router), Some(partials)) = (self.gossipsub.as_mut(), known.partials.as_mut()) {
                    partials.on_arrival(router, Arrival { peer, topic, group, message, metadata });
                }
            }
            other => tell(known, other),
        }
    }

    /// Tells of peers that came into a mesh or left one since the last time; gossipsub has no events for that.
    pub fn watch_mesh(&self, known: &mut Known) {
        let Some(gossipsub) = self.gossipsub.as_ref() else { return };
        let mesh: Peers = gossipsub
            .topics()
            .map(|topic| (topic.as_str().to_string(), gossipsub.mesh_peers(topic).copied().collect()))
            .collect();
        changes("grafted", &known.mesh, &mesh);
        changes("pruned", &mesh, &known.mesh);
        known.mesh = mesh;
    }
}

/// Who is in after, but not in before.
fn changes(event: &str, before: &Peers, after: &Peers) {
    for (topic, peers) in after {
        for peer in peers.iter().filter(|peer| !before.get(topic).is_some_and(|known| known.contains(peer))) {
            emit(event, json!({"peer": peer.to_string(), "topic": topic}));
        }
    }
}

fn gossip(router: &mut gossipsub::Behaviour, known: &mut Known, request: Request) -> Outcome {
    match request {
        Request::Subscribe(name, partial) => {
            let topic = gossipsub::IdentTopic::new(&name);
            if let Some(requests) = partial {
                known.partials.as_ref().ok_or(NOT_PARTIAL)?;
                router.enable_partials_for_topic(topic.hash(), requests);
            }
            match router.subscribe(&topic) {
                Ok(true) => Ok(json!({})),
                Ok(false) => Err(format!("already subscribed to {name:?}")),
                Err(e) => Err(e.to_string()),
            }
        }
        Request::Unsubscribe(topic) => match router.unsubscribe(&gossipsub::IdentTopic::new(&topic)) {
            true => Ok(json!({})),
            false => Err(format!("not subscribed to {topic:?}")),
        },
        Request::Publish(topic, data) => {
            let published = router.publish(gossipsub::IdentTopic::new(topic), data);
            published.map(|_| json!({})).map_err(|e| format!("{e:?}"))
        }
        Request::PartialPublish(topic, group, parts) => {
            let partials = known.partials.as_mut().ok_or(NOT_PARTIAL)?;
            partials.publish(router, gossipsub::IdentTopic::new(topic).hash(), group, parts)
        }
        Request::TopicPeers(topic) => {
            let subscribed = router.all_peers().filter(|(_, topics)| topics.iter().any(|t| t.as_str() == topic));
            Ok(json!({"peers": texts(subscribed.map(|(peer, _)| peer))}))
        }
        Request::MeshPeers(topic) => {
            let topic = gossipsub::IdentTopic::new(topic).hash();
            Ok(json!({"peers": texts(router.mesh_peers(&topic))}))
        }
        Request::Peers => {
            let peers: Vec<_> = router
                .peer_protocol()
                .map(|(peer, kind)| json!({"peer": peer.to_string(), "protocol": protocol(&kind.to_string())}))
                .collect();
            Ok(json!({"peers": peers}))
        }
    }
}

/// The protocol id of what gossipsub calls, for example, "Gossipsub v1.2".
fn protocol(kind: &str) -> String {
    match kind.rsplit_once('v') {
        Some((_, version)) if kind.starts_with("Gossipsub") => format!("/meshsub/{version}.0"),
        _ => if kind == "Floodsub" { "/floodsub/1.0.0" } else { "" }.to_string(),
    }
}

fn flood(router: &mut floodsub::Behaviour, known: &Known, request: Request) -> Outcome {
    let all = || known.subscribed.values().flatten().collect::<BTreeSet<_>>();
    match request {
        Request::Subscribe(topic, _) => match router.subscribe(floodsub::Topic::new(&topic)) {
            true => Ok(json!({})),
            false => Err(format!("already subscribed to {topic:?}")),
        },
        Request::Unsubscribe(topic) => match router.unsubscribe(floodsub::Topic::new(&topic)) {
            true => Ok(json!({})),
            false => Err(format!("not subscribed to {topic:?}")),
        },
        Request::Publish(topic, data) => {
            router.publish_any(floodsub::Topic::new(topic), data);
            Ok(json!({}))
        }
        Request::PartialPublish(..) => Err(NOT_PARTIAL.into()),
        Request::TopicPeers(topic) => Ok(json!({"peers": texts(known.subscribed.get(&topic).into_iter().flatten())})),
        Request::MeshPeers(_) => Err("floodsub has no mesh".into()),
        Request::Peers => {
            let peers = all();
            let peers = peers.iter().map(|peer| json!({"peer": peer.to_string(), "protocol": "/floodsub/1.0.0"}));
            Ok(json!({"peers": peers.collect::<Vec<_>>()}))
        }
    }
}

fn texts<'a>(peers: impl Iterator<Item = &'a PeerId>) -> Vec<String> {
    peers.map(ToString::to_string).collect()
}

fn tell(known: &mut Known, event: BehaviourEvent) {
    match event {
        BehaviourEvent::Gossipsub(gossipsub::Event::Message { propagation_source, message_id, message }) => {
            let mut fields = message_fields(message.topic.as_str(), &message.data);
            fields["from"] = message.source.map(|peer| peer.to_string()).into();
            fields["seqno"] = message.sequence_number.map(|seqno| seqno.to_string()).into();
            fields["source"] = propagation_source.to_string().into();
            fields["id"] = hex(&message_id.0).into();
            emit("message", fields);
        }
        BehaviourEvent::Gossipsub(gossipsub::Event::Subscribed { peer_id, topic, .. }) => {
            emit("subscribed", json!({"peer": peer_id.to_string(), "topic": topic.as_str()}));
        }
        BehaviourEvent::Gossipsub(gossipsub::Event::Unsubscribed { peer_id, topic }) => {
            emit("unsubscribed", json!({"peer": peer_id.to_string(), "topic": topic.as_str()}));
        }
        BehaviourEvent::Floodsub(floodsub::Event::Message(message)) => {
            for topic in &message.topics {
                let mut fields = message_fields(topic.id(), &message.data);
                fields["from"] = message.source.to_string().into();
                emit("message", fields);
            }
        }
        BehaviourEvent::Floodsub(floodsub::Event::Subscribed { peer_id, topic }) => {
            known.subscribed.entry(topic.id().into()).or_default().insert(peer_id);
            emit("subscribed", json!({"peer": peer_id.to_string(), "topic": topic.id()}));
        }
        BehaviourEvent::Floodsub(floodsub::Event::Unsubscribed { peer_id, topic }) => {
            known.subscribed.entry(topic.id().into()).or_default().remove(&peer_id);
            emit("unsubscribed", json!({"peer": peer_id.to_string(), "topic": topic.id()}));
        }
        _ => {}
    }
}

fn message_fields(topic: &str, data: &[u8]) -> Value {
    let mut fields = json!({
        "topic": topic,
        "from": null,
        "seqno": null,
        "source": null,
        "id": null,
        "bytes": data.len(),
        "sha256": hex(&Sha256::digest(data)),
    });
    if data.len() <= SHOWN_BYTES {
        fields["data"] = to_base64(data).into();
    }
    fields
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn to_base64(bytes: &[u8]) -> String {
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let bits = group.iter().fold(0u32, |bits, b| bits << 8 | u32::from(*b)) << (8 * (3 - group.len()));
        for i in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * i) & 63) as usize];
            text.push(if i <= group.len() { digit.into() } else { '=' });
        }
    }
    text
}

pub fn from_base64(text: &str) -> Result<Vec<u8>, String> {
    let mut bytes = vec![];
    let (mut bits, mut held) = (0u32, 0);
    for c in text.bytes().take_while(|c| *c != b'=') {
        let six = DIGITS.iter().position(|digit| *digit == c).ok_or("not base64")?;
        bits = bits << 6 | six as u32;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    Ok(bytes)
}
