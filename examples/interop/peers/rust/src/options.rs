use std::time::Duration;

use libp2p::Multiaddr;

pub struct Options {
    pub listen: Vec<Multiaddr>,
    pub seed: Option<Vec<u8>>,
    pub security: String,
    pub legacy_record: bool,
    pub limit: Duration,
}

pub fn parse(mut args: impl Iterator<Item = String>) -> Result<Options, String> {
    let mut options = Options {
        listen: vec![],
        seed: None,
        security: "noise".into(),
        legacy_record: false,
        limit: Duration::from_secs(300),
    };
    while let Some(flag) = args.next() {
        let value = args.next().ok_or_else(|| format!("{flag} wants a value"))?;
        match flag.as_str() {
            "--listen" => options.listen.push(value.parse().map_err(|e| format!("{value}: {e}"))?),
            "--seed" => options.seed = Some(seed(&value)?),
            "--security" => options.security = value,
            "--muxer" if value == "yamux" => {}
            "--transports" if value == "tcp" => {}
            "--signed-record" if value == "legacy" => options.legacy_record = true,
            "--time-limit" => {
                options.limit = Duration::from_secs(value.parse().map_err(|e| format!("{value}: {e}"))?);
            }
            _ => return Err(format!("unknown flag or value: {flag} {value}")),
        }
    }
    Ok(options)
}

fn seed(text: &str) -> Result<Vec<u8>, String> {
    if text.len() != 64 || !text.is_ascii() {
        return Err(format!("--seed wants 32 bytes in hex, got {} characters", text.len()));
    }
    (0..32).map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).map_err(|e| e.to_string())).collect()
}
