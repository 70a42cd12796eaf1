use std::{fs, time::Duration};

use libp2p::{pnet::PreSharedKey, Multiaddr};
use serde_json::Value;

pub struct Options {
    pub listen: Vec<Multiaddr>,
    pub seed: Option<Vec<u8>>,
    pub security: Vec<String>,
    pub muxers: Vec<String>,
    pub transports: Vec<String>,
    pub network: Option<PreSharedKey>,
    /// PEM files: what a wss listener shows, its key, and what a wss dial trusts.
    pub tls_cert: Option<String>,
    pub tls_key: Option<String>,
    pub tls_ca: Option<String>,
    pub legacy_record: bool,
    pub pubsub: Option<Value>,
    pub limit: Duration,
}

pub fn parse(mut args: impl Iterator<Item = String>) -> Result<Options, String> {
    let mut options = Options {
        listen: vec![],
        seed: None,
        security: list("noise"),
        muxers: list("yamux"),
        transports: list("tcp"),
        network: None,
        tls_cert: None,
        tls_key: None,
        tls_ca: None,
        legacy_record: false,
        pubsub: None,
        limit: Duration::from_secs(300),
    };
    while let Some(flag) = args.next() {
        let value = args.next().ok_or_else(|| format!("{flag} wants a value"))?;
        match flag.as_str() {
            "--listen" => options.listen.push(value.parse().map_err(|e| format!("{value}: {e}"))?),
            "--seed" => options.seed = Some(seed(&value)?),
            "--security" => options.security = list(&value),
            "--muxer" => options.muxers = list(&value),
            "--transports" => options.transports = list(&value),
            "--pnet" => options.network = Some(network(&value)?),
            "--tls-cert" => options.tls_cert = Some(value),
            "--tls-key" => options.tls_key = Some(value),
            "--tls-ca" => options.tls_ca = Some(value),
            "--signed-record" if value == "legacy" => options.legacy_record = true,
            "--pubsub" => options.pubsub = Some(serde_json::from_str(&value).map_err(|e| format!("{value}: {e}"))?),
            "--time-limit" => {
                options.limit = Duration::from_secs(value.parse().map_err(|e| format!("{value}: {e}"))?);
            }
            _ => return Err(format!("unknown flag or value: {flag} {value}")),
        }
    }
    Ok(options)
}

fn list(text: &str) -> Vec<String> {
    text.split(',').map(str::to_string).collect()
}

fn network(path: &str) -> Result<PreSharedKey, String> {
    let text = fs::read_to_string(path).map_err(|e| format!("{path}: {e}"))?;
    text.parse().map_err(|e| format!("{path}: {e:?}"))
}

fn seed(text: &str) -> Result<Vec<u8>, String> {
    if text.len() != 64 || !text.is_ascii() {
        return Err(format!("--seed wants 32 bytes in hex, got {} characters", text.len()));
    }
    (0..32).map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).map_err(|e| e.to_string())).collect()
}
