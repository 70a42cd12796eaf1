//! The swarm, the task that runs it, and the handle by which commands reach it.

use std::{
    collections::HashMap,
    sync::{
        atomic::{AtomicU32, Ordering},
        Arc, Mutex,
    },
    time::Duration,
};

use futures::StreamExt as _;
use libp2p::{
    core::ConnectedPoint,
    identify,
    identity::Keypair,
    ping,
    swarm::{
        dial_opts::{DialOpts, PeerCondition},
        ConnectionId, NetworkBehaviour, SwarmEvent,
    },
    Multiaddr, PeerId, StreamProtocol, Swarm, SwarmBuilder,
};
use serde_json::{json, Value};
use tokio::sync::{mpsc, oneshot, watch};

use crate::{
    inbound,
    layers::{self, Negotiated},
    lines::{describe, emit},
    options::Options,
    pubsub, serve,
    streams::Outcome,
};

const IDLE: Duration = Duration::from_secs(3600);
const MANY_STREAMS: usize = 1024;
const MESH_WATCH: Duration = Duration::from_millis(20);

#[derive(NetworkBehaviour)]
struct Behaviour {
    identify: identify::Behaviour,
    ping: ping::Behaviour,
    stream: libp2p_stream::Behaviour,
    inbound: inbound::Behaviour,
    pubsub: pubsub::Behaviour,
}

type Done = oneshot::Sender<Result<(), String>>;

enum Order {
    Check(PeerId, Done),
    Dial(PeerId, Multiaddr, Done),
    Close(PeerId, Done),
    Push(Done),
    Pubsub(pubsub::Request, oneshot::Sender<Outcome>),
}

#[derive(Clone)]
pub struct Node {
    orders: mpsc::Sender<Order>,
    identified: watch::Receiver<HashMap<PeerId, Value>>,
    pub control: libp2p_stream::Control,
    pub sinks: serve::Sinks,
    pushes: Arc<AtomicU32>,
}

impl Node {
    async fn order(&self, make: impl FnOnce(Done) -> Order) -> Result<(), String> {
        let (done, outcome) = oneshot::channel();
        self.orders.send(make(done)).await.map_err(|e| e.to_string())?;
        outcome.await.map_err(|e| e.to_string())?
    }

    /// Makes sure that there is a connection to the peer.
    pub async fn dial(&self, peer: PeerId, addr: Multiaddr) -> Result<(), String> {
        self.order(|done| Order::Dial(peer, addr, done)).await
    }

    /// Fails unless there is a connection to the peer; opening a stream would dial it again.
    pub async fn check(&self, peer: PeerId) -> Result<(), String> {
        self.order(|done| Order::Check(peer, done)).await
    }

    pub async fn close(&self, peer: PeerId) -> Result<(), String> {
        self.order(|done| Order::Close(peer, done)).await
    }

    /// Adds a protocol and pushes the new list to every peer.
    pub async fn push(&self) -> Result<String, String> {
        let name = format!("/interop/pushed/{}", 1 + self.pushes.fetch_add(1, Ordering::Relaxed));
        let protocol = StreamProtocol::try_from_owned(name.clone()).map_err(|e| e.to_string())?;
        let mut refused = self.control.clone().accept(protocol).map_err(|e| e.to_string())?;
        tokio::spawn(async move { while refused.next().await.is_some() {} });
        self.order(Order::Push).await?;
        Ok(name)
    }

    pub async fn pubsub(&self, request: pubsub::Request) -> Outcome {
        let (done, outcome) = oneshot::channel();
        self.orders.send(Order::Pubsub(request, done)).await.map_err(|e| e.to_string())?;
        outcome.await.map_err(|e| e.to_string())?
    }

    /// What the last identify or push of a connected peer said.
    pub async fn identified(&self, peer: PeerId) -> Result<Value, String> {
        let mut identified = self.identified.clone();
        let known = identified.wait_for(|map| map.contains_key(&peer)).await.map_err(|e| e.to_string())?;
        Ok(known[&peer].clone())
    }
}

fn behaviour(key: &Keypair, options: &Options, sinks: serve::Sinks, pubsub: pubsub::Behaviour) -> Behaviour {
    let version = "ipfs/0.1.0".to_string();
    let config = if options.legacy_record {
        identify::Config::new_with_signed_peer_record(version, key)
    } else {
        identify::Config::new(version, key.public())
    };
    // Mplex sends the reset of a dropped stream only together with the next frame of another one, and over QUIC the
    // second ping of a stream is not answered before something else happens on the connection.
    let ping = match options.muxers.iter().chain(&options.transports).any(|name| name == "mplex" || name == "quic-v1") {
        true => ping::Config::new().with_interval(Duration::from_millis(200)),
        false => ping::Config::new(),
    };
    Behaviour {
        identify: identify::Behaviour::new(config),
        ping: ping::Behaviour::new(ping),
        stream: libp2p_stream::Behaviour::new(),
        inbound: serve::behaviour(sinks),
        pubsub,
    }
}

fn swarm(options: &Options, sinks: serve::Sinks, negotiated: &Negotiated) -> Result<Swarm<Behaviour>, String> {
    let key = match &options.seed {
        Some(seed) => Keypair::ed25519_from_bytes(seed.clone()).map_err(|e| describe(&e))?,
        None => Keypair::generate_ed25519(),
    };
    let transport = layers::transport(options, &key, negotiated)?;
    let pubsub = pubsub::behaviour(options.pubsub.as_ref(), &key)?;
    Ok(SwarmBuilder::with_existing_identity(key)
        .with_tokio()
        .with_other_transport(|_| transport)
        .map_err(|e| describe(&e))?
        .with_behaviour(|key| behaviour(key, options, sinks, pubsub))
        .map_err(|e| describe(&e))?
        .with_swarm_config(|config| {
            config.with_idle_connection_timeout(IDLE).with_max_negotiating_inbound_streams(MANY_STREAMS)
        })
        .build())
}

pub async fn start(options: Options) -> Result<Node, String> {
    let sinks: serve::Sinks = Arc::new(Mutex::new(vec![]));
    let negotiated = Negotiated::default();
    let mut swarm = swarm(&options, sinks.clone(), &negotiated)?;
    let control = swarm.behaviour().stream.new_control();
    let addresses = listen(&mut swarm, &options.listen).await?;
    emit("listening", json!({"peerId": swarm.local_peer_id().to_string(), "addresses": addresses}));
    let (orders, inbox) = mpsc::channel(16);
    let (known, identified) = watch::channel(HashMap::new());
    let topics = pubsub::Known::new(options.pubsub.as_ref());
    tokio::spawn(Loop { swarm, negotiated, known, topics, dials: HashMap::new(), closes: vec![] }.run(inbox));
    Ok(Node { orders, identified, control, sinks, pushes: Arc::default() })
}

/// Listens on every address and waits until each listener has reported one.
async fn listen(swarm: &mut Swarm<Behaviour>, wanted: &[Multiaddr]) -> Result<Vec<String>, String> {
    let mut waiting = vec![];
    for addr in wanted {
        waiting.push(swarm.listen_on(addr.clone()).map_err(|e| describe(&e))?);
    }
    while !waiting.is_empty() {
        match swarm.select_next_some().await {
            SwarmEvent::NewListenAddr { listener_id, .. } => waiting.retain(|id| *id != listener_id),
            SwarmEvent::ListenerClosed { reason, .. } => return Err(format!("listener closed: {reason:?}")),
            _ => {}
        }
    }
    let peer = *swarm.local_peer_id();
    Ok(swarm.listeners().map(|addr| format!("{addr}/p2p/{peer}")).collect())
}

struct Loop {
    swarm: Swarm<Behaviour>,
    negotiated: Negotiated,
    known: watch::Sender<HashMap<PeerId, Value>>,
    topics: pubsub::Known,
    dials: HashMap<ConnectionId, Done>,
    closes: Vec<(PeerId, Done)>,
}

impl Loop {
    async fn run(mut self, mut inbox: mpsc::Receiver<Order>) {
        let mut mesh_watch = tokio::time::interval(MESH_WATCH);
        loop {
            tokio::select! {
                _ = mesh_watch.tick() => self.swarm.behaviour().pubsub.watch_mesh(&mut self.topics),
                order = inbox.recv() => match order {
                    Some(order) => self.on_order(order),
                    None => return,
                },
                event = self.swarm.select_next_some() => self.on_event(event),
            }
        }
    }

    fn on_order(&mut self, order: Order) {
        match order {
            Order::Check(peer, done) if !self.swarm.is_connected(&peer) => {
                finish(done, Err(format!("not connected to {peer}")));
            }
            Order::Check(_, done) => finish(done, Ok(())),
            Order::Dial(peer, _, done) if self.swarm.is_connected(&peer) => finish(done, Ok(())),
            Order::Dial(peer, addr, done) => {
                // A dial from the listening port could meet a dial of the other side and become one connection
                // without a server.
                let dial = DialOpts::peer_id(peer)
                    .condition(PeerCondition::Always)
                    .addresses(vec![addr])
                    .allocate_new_port()
                    .build();
                let connection = dial.connection_id();
                match self.swarm.dial(dial) {
                    Ok(()) => drop(self.dials.insert(connection, done)),
                    Err(e) => finish(done, Err(describe(&e))),
                }
            }
            Order::Close(peer, done) => match self.swarm.disconnect_peer_id(peer) {
                Ok(()) => self.closes.push((peer, done)),
                Err(()) => finish(done, Err(format!("not connected to {peer}"))),
            },
            Order::Pubsub(request, done) => {
                let outcome = self.swarm.behaviour_mut().pubsub.run(&mut self.topics, request);
                let _ = done.send(outcome); // the command may have given up
            }
            Order::Push(done) => {
                let peers: Vec<_> = self.swarm.connected_peers().copied().collect();
                self.swarm.behaviour_mut().identify.push(peers);
                finish(done, Ok(()));
            }
        }
    }

    fn on_event(&mut self, event: SwarmEvent<BehaviourEvent>) {
        match event {
            SwarmEvent::ConnectionEstablished { peer_id, connection_id, endpoint, .. } => {
                let direction = if endpoint.is_dialer() { "outbound" } else { "inbound" };
                let remote = match &endpoint {
                    ConnectedPoint::Dialer { address, .. } => address,
                    ConnectedPoint::Listener { send_back_addr, .. } => send_back_addr,
                };
                let (security, muxer) = self.negotiated.of(peer_id);
                emit(
                    "connected",
                    json!({
                        "peer": peer_id.to_string(),
                        "direction": direction,
                        "address": remote.to_string(),
                        "security": security,
                        "muxer": muxer,
                        "earlyMuxer": false, // rust-libp2p has none
                    }),
                );
                self.swarm.behaviour_mut().pubsub.on_connected(peer_id);
                if let Some(done) = self.dials.remove(&connection_id) {
                    finish(done, Ok(()));
                }
            }
            SwarmEvent::OutgoingConnectionError { connection_id, error, .. } => {
                if let Some(done) = self.dials.remove(&connection_id) {
                    finish(done, Err(describe(&error)));
                }
            }
            SwarmEvent::ConnectionClosed { peer_id, num_established, .. } => {
                if num_established == 0 {
                    self.swarm.behaviour_mut().pubsub.on_disconnected(&mut self.topics, peer_id);
                    self.known.send_modify(|map| drop(map.remove(&peer_id)));
                    for (_, done) in self.closes.extract_if(.., |(peer, _)| *peer == peer_id) {
                        finish(done, Ok(()));
                    }
                }
                emit("disconnected", json!({"peer": peer_id.to_string()}));
            }
            SwarmEvent::Behaviour(BehaviourEvent::Identify(identify::Event::Received { peer_id, info, .. })) => {
                let fields = identify_fields(peer_id, &info);
                self.known.send_modify(|map| drop(map.insert(peer_id, fields.clone())));
                emit("identified", fields);
            }
            SwarmEvent::Behaviour(BehaviourEvent::Pubsub(event)) => {
                self.swarm.behaviour_mut().pubsub.on_event(&mut self.topics, event);
            }
            SwarmEvent::Behaviour(BehaviourEvent::Ping(ping::Event { peer, result: Ok(rtt), .. })) => {
                emit("pinged", json!({"peer": peer.to_string(), "rttMicros": rtt.as_micros() as u64}));
            }
            _ => {}
        }
    }
}

fn finish(done: Done, outcome: Result<(), String>) {
    let _ = done.send(outcome); // the command may have given up
}

fn identify_fields(peer: PeerId, info: &identify::Info) -> Value {
    let texts = |addrs: &[Multiaddr]| addrs.iter().map(ToString::to_string).collect::<Vec<_>>();
    json!({
        "peer": peer.to_string(),
        "protocolVersion": info.protocol_version,
        "agentVersion": info.agent_version,
        "protocols": info.protocols.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "listenAddrs": texts(&info.listen_addrs),
        "observedAddr": info.observed_addr.to_string(),
    })
}
