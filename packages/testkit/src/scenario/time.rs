//! Times as text: `2026-01-01T00:00:00Z`.

use std::time::{Duration, UNIX_EPOCH};

use cosmwasm_std::Timestamp;
use serde::{Deserialize, Deserializer, Serializer};

/// A time in RFC 3339, in UTC, with as many digits of a second as it needs.
pub(super) fn shown(time: Timestamp) -> String {
    let since = Duration::from_nanos(time.nanos());
    // The clock of the machine reaches further than 64 bits of nanoseconds: the other never comes.
    let time = UNIX_EPOCH.checked_add(since).unwrap_or(UNIX_EPOCH);
    humantime::format_rfc3339(time).to_string()
}

fn parsed(text: &str) -> Option<Timestamp> {
    let since = humantime::parse_rfc3339(text)
        .ok()?
        .duration_since(UNIX_EPOCH)
        .ok()?;
    u64::try_from(since.as_nanos())
        .ok()
        .map(Timestamp::from_nanos)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Timestamp, D::Error> {
    let text = String::deserialize(deserializer)?;
    parsed(&text).ok_or_else(|| {
        serde::de::Error::custom(format!("{text:?} is no time like \"2026-01-01T00:00:00Z\""))
    })
}

pub(super) fn serialize<S: Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&shown(*time))
}
