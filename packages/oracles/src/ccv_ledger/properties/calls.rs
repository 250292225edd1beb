//! Calls by the chain that must not fail.

/// A call of a contract by the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainCall {
    /// The entry point.
    pub entry: String,
    /// Its error.
    pub error: Option<String>,
}

/// The entry points whose error would make a packet unrelayable or lose a refund. A wrong packet is
/// refused in receive and in the destination callback, which are not among them.
pub const INFALLIBLE: [&str; 3] = [
    "ibc_packet_ack",
    "ibc_packet_timeout",
    "ibc_source_callback",
];

/// Ack, timeout and source callback never fail.
///
/// # Errors
/// The call that failed, and its error.
pub fn check_calls(calls: &[ChainCall]) -> Result<(), String> {
    for ChainCall { entry, error } in calls {
        if let Some(error) = error
            && INFALLIBLE.contains(&entry.as_str())
        {
            return Err(format!("{entry} failed: {error}"));
        }
    }
    Ok(())
}
