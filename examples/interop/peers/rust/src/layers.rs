//! The transports, secure channels, muxers and the private network that the flags ask for. The layers are put together by
//! hand, and their types erased, because the swarm builder wants to know all of them when it is compiled.

use std::{
    collections::HashMap,
    error::Error,
    fs,
    future::Future,
    io,
    pin::Pin,
    sync::{Arc, Mutex},
    time::Duration,
    vec,
};

use futures::{AsyncRead, AsyncWrite};
use libp2p::{
    core::{
        muxing::StreamMuxerBox,
        transport::Boxed,
        upgrade::{self, InboundConnectionUpgrade, OutboundConnectionUpgrade, UpgradeInfo, Version},
    },
    dns,
    identity::Keypair,
    noise, plaintext,
    pnet::PnetConfig,
    quic, tcp, tls, websocket, yamux, PeerId, Transport,
};

use crate::{lines::describe, options::Options, pubsub::from_base64};

const UPGRADE: Duration = Duration::from_secs(10);

trait Io: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}
type Bytes = Box<dyn Io>;
type Socket = upgrade::Negotiated<Bytes>;
type Upgrading<T> = Pin<Box<dyn Future<Output = io::Result<T>> + Send>>;

/// The secure channel and the muxer of the last connection with each peer.
#[derive(Clone, Default)]
pub struct Negotiated(Arc<Mutex<HashMap<PeerId, (String, String)>>>);

impl Negotiated {
    fn note(&self, peer: PeerId, change: impl FnOnce(&mut (String, String))) {
        if let Ok(mut all) = self.0.lock() {
            change(all.entry(peer).or_default());
        }
    }

    pub fn of(&self, peer: PeerId) -> (String, String) {
        self.0.lock().ok().and_then(|all| all.get(&peer).cloned()).unwrap_or_default()
    }
}

pub fn transport(
    options: &Options,
    key: &Keypair,
    negotiated: &Negotiated,
) -> Result<Boxed<(PeerId, StreamMuxerBox)>, String> {
    let security = Security { names: names(&options.security, SECURITIES)?, key: key.clone(), negotiated: negotiated.clone() };
    let muxers = names(&options.muxers, MUXERS)?;
    let mut all: Option<Boxed<(PeerId, StreamMuxerBox)>> = None;
    for name in &options.transports {
        let next = match name.as_str() {
            "tcp" => upgraded(tcp_bytes()?.map(|socket, _| Box::new(socket) as Bytes).boxed(), options, &security, &muxers),
            "ws" | "wss" => upgraded(web_socket(options)?, options, &security, &muxers),
            "quic-v1" => {
                let negotiated = negotiated.clone();
                quic::tokio::Transport::new(quic::Config::new(key))
                    .map(move |(peer, connection), _| {
                        negotiated.note(peer, |it| *it = Default::default());
                        (peer, StreamMuxerBox::new(connection))
                    })
                    .boxed()
            }
            other => return Err(format!("unknown transport {other:?}")),
        };
        // The last one first: TCP takes WebSocket addresses as well, if it is asked before.
        all = Some(match all {
            Some(before) => next.or_transport(before).map(|either, _| either.into_inner()).boxed(),
            None => next,
        });
    }
    all.ok_or("no transport".into())
}

type TcpTransport = dns::tokio::Transport<tcp::tokio::Transport>;

fn tcp_bytes() -> Result<TcpTransport, String> {
    let tcp = tcp::tokio::Transport::new(tcp::Config::default().nodelay(true));
    dns::tokio::Transport::system(tcp).map_err(|e| describe(&e))
}

fn web_socket(options: &Options) -> Result<Boxed<Bytes>, String> {
    let mut tls = websocket::tls::Config::builder();
    if let (Some(cert), Some(key)) = (&options.tls_cert, &options.tls_key) {
        let key = websocket::tls::PrivateKey::new(pem(key)?);
        tls.server(key, [websocket::tls::Certificate::new(pem(cert)?)]).map_err(|e| describe(&e))?;
    }
    if let Some(ca) = &options.tls_ca {
        tls.add_trust(&websocket::tls::Certificate::new(pem(ca)?)).map_err(|e| describe(&e))?;
    }
    let mut transport = websocket::Config::new(tcp_bytes()?);
    transport.set_tls_config(tls.finish());
    Ok(transport.map(|socket, _| Box::new(socket) as Bytes).boxed())
}

/// The contents of the first block of a PEM file.
fn pem(path: &str) -> Result<Vec<u8>, String> {
    let text = fs::read_to_string(path).map_err(|e| format!("{path}: {e}"))?;
    let block = text.lines().skip_while(|line| !line.starts_with("-----BEGIN")).skip(1);
    let base64: String = block.take_while(|line| !line.starts_with("-----")).map(str::trim).collect();
    from_base64(&base64).map_err(|e| format!("{path}: {e}"))
}

fn upgraded(
    bytes: Boxed<Bytes>,
    options: &Options,
    security: &Security,
    muxers: &[&'static str],
) -> Boxed<(PeerId, StreamMuxerBox)> {
    let bytes = match options.network {
        Some(key) => bytes
            .and_then(move |socket, _| PnetConfig::new(key).handshake(socket))
            .map(|socket, _| Box::new(socket) as Bytes)
            .boxed(),
        None => bytes,
    };
    let (names, negotiated) = (muxers.to_vec(), security.negotiated.clone());
    bytes
        .upgrade(Version::V1Lazy)
        .authenticate(security.clone())
        .multiplex_ext(move |peer, _| Muxers { names, peer: *peer, negotiated })
        .timeout(UPGRADE)
        .boxed()
}

type Choice = (&'static str, &'static str);
const SECURITIES: &[Choice] = &[("noise", "/noise"), ("tls", "/tls/1.0.0"), ("plaintext", "/plaintext/2.0.0")];
const MUXERS: &[Choice] = &[("yamux", "/yamux/1.0.0"), ("mplex", "/mplex/6.7.0")];

fn names(flags: &[String], known: &[Choice]) -> Result<Vec<&'static str>, String> {
    let id = |flag: &String| {
        let choice = known.iter().find(|(name, _)| name == flag);
        choice.map(|(_, id)| *id).ok_or_else(|| format!("unknown layer {flag:?}"))
    };
    flags.iter().map(id).collect()
}

#[derive(Clone)]
struct Security {
    names: Vec<&'static str>,
    key: Keypair,
    negotiated: Negotiated,
}

impl UpgradeInfo for Security {
    type Info = &'static str;
    type InfoIter = vec::IntoIter<&'static str>;

    fn protocol_info(&self) -> Self::InfoIter {
        self.names.clone().into_iter()
    }
}

fn failed(e: impl Error + Send + Sync + 'static) -> io::Error {
    io::Error::other(e)
}

macro_rules! secure {
    ($self:ident, $socket:ident, $name:ident, $upgrade:ident) => {
        Box::pin(async move {
            let key = &$self.key;
            let (peer, bytes): (PeerId, Bytes) = match $name {
                "/noise" => {
                    let (peer, io) = noise::Config::new(key).map_err(failed)?.$upgrade($socket, $name).await.map_err(failed)?;
                    (peer, Box::new(io))
                }
                "/tls/1.0.0" => {
                    let (peer, io) = tls::Config::new(key).map_err(failed)?.$upgrade($socket, $name).await.map_err(failed)?;
                    (peer, Box::new(io))
                }
                _ => {
                    let (peer, io) = plaintext::Config::new(key).$upgrade($socket, $name).await.map_err(failed)?;
                    (peer, Box::new(io))
                }
            };
            $self.negotiated.note(peer, |it| it.0 = $name.into());
            Ok((peer, bytes))
        })
    };
}

impl InboundConnectionUpgrade<Socket> for Security {
    type Output = (PeerId, Bytes);
    type Error = io::Error;
    type Future = Upgrading<(PeerId, Bytes)>;

    fn upgrade_inbound(self, socket: Socket, name: &'static str) -> Self::Future {
        secure!(self, socket, name, upgrade_inbound)
    }
}

impl OutboundConnectionUpgrade<Socket> for Security {
    type Output = (PeerId, Bytes);
    type Error = io::Error;
    type Future = Upgrading<(PeerId, Bytes)>;

    fn upgrade_outbound(self, socket: Socket, name: &'static str) -> Self::Future {
        secure!(self, socket, name, upgrade_outbound)
    }
}

#[derive(Clone)]
struct Muxers {
    names: Vec<&'static str>,
    peer: PeerId,
    negotiated: Negotiated,
}

impl UpgradeInfo for Muxers {
    type Info = &'static str;
    type InfoIter = vec::IntoIter<&'static str>;

    fn protocol_info(&self) -> Self::InfoIter {
        self.names.clone().into_iter()
    }
}

macro_rules! multiplex {
    ($self:ident, $socket:ident, $name:ident, $upgrade:ident) => {
        Box::pin(async move {
            $self.negotiated.note($self.peer, |it| it.1 = $name.into());
            Ok(match $name {
                "/mplex/6.7.0" => {
                    let mut config = libp2p_mplex::Config::new();
                    config.set_max_num_streams(MANY_STREAMS).set_max_buffer_size(MANY_FRAMES);
                    StreamMuxerBox::new(config.$upgrade($socket, $name).await?)
                }
                _ => StreamMuxerBox::new(yamux::Config::default().$upgrade($socket, $name).await?),
            })
        })
    };
}

const MANY_STREAMS: usize = 1024;
/// As soon as so many wait for one reader, no other gets any.
const MANY_FRAMES: usize = 4096;

impl InboundConnectionUpgrade<Socket> for Muxers {
    type Output = StreamMuxerBox;
    type Error = io::Error;
    type Future = Upgrading<StreamMuxerBox>;

    fn upgrade_inbound(self, socket: Socket, name: &'static str) -> Self::Future {
        multiplex!(self, socket, name, upgrade_inbound)
    }
}

impl OutboundConnectionUpgrade<Socket> for Muxers {
    type Output = StreamMuxerBox;
    type Error = io::Error;
    type Future = Upgrading<StreamMuxerBox>;

    fn upgrade_outbound(self, socket: Socket, name: &'static str) -> Self::Future {
        multiplex!(self, socket, name, upgrade_outbound)
    }
}
