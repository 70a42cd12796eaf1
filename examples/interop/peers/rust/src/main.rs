//! A rust-libp2p node that a test drives over its pipes: commands come in on stdin and events go out on stdout, one
//! JSON object per line. ../README.md defines the lines.

mod commands;
mod inbound;
mod layers;
mod lines;
mod node;
mod options;
mod partial;
mod pattern;
mod pubsub;
mod serve;
mod streams;

use std::{process::exit, time::Duration};

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader};

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let options = options::parse(std::env::args().skip(1)).unwrap_or_else(|e| fail(&e));
    let limit = options.limit;
    tokio::spawn(async move {
        tokio::time::sleep(limit).await;
        eprintln!("time limit reached");
        exit(3);
    });
    let node = node::start(options).await.unwrap_or_else(|e| fail(&e));
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if !line.trim().is_empty() {
            tokio::spawn(run(node.clone(), line));
        }
    }
    exit(0); // stdin ended
}

fn fail<T>(error: &str) -> T {
    eprintln!("{error}");
    exit(2);
}

async fn run(node: node::Node, line: String) {
    let command: Value = match serde_json::from_str(&line) {
        Ok(command) => command,
        Err(e) => return lines::reply(Value::Null, Err(e.to_string())),
    };
    let limit = Duration::from_millis(command["timeoutMillis"].as_u64().unwrap_or(30_000));
    let outcome = tokio::time::timeout(limit, commands::run(node, &command)).await;
    lines::reply(command["id"].clone(), outcome.unwrap_or_else(|_| Err("timeout".into())));
    if command["cmd"] == "stop" {
        exit(0);
    }
}
