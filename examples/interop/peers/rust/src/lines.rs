use std::io::Write as _;

use serde_json::{json, Value};

/// Writes one event line.
pub fn emit(event: &str, fields: Value) {
    let mut line = json!({"event": event});
    if let (Value::Object(line), Value::Object(fields)) = (&mut line, fields) {
        line.extend(fields);
    }
    let text = format!("{line}\n"); // in one piece, since the process may end at any time
    let mut out = std::io::stdout().lock();
    if out.write_all(text.as_bytes()).and_then(|()| out.flush()).is_err() {
        std::process::exit(1); // nobody reads any more
    }
}

pub fn reply(id: Value, outcome: Result<Value, String>) {
    let mut line = match outcome {
        Ok(Value::Object(fields)) => Value::Object(fields),
        Ok(_) => json!({}),
        Err(error) => json!({"error": error}),
    };
    line["ok"] = Value::Bool(line.get("error").is_none());
    line["id"] = id;
    emit("reply", line);
}

/// An error with its causes.
pub fn describe(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}
