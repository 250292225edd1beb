//! Lists of the chain, which come in pages.

use anyhow::Result;
use cosmos_sdk_proto::cosmos::base::query::v1beta1::{PageRequest, PageResponse};
use tonic::Status;

use super::refusal;

/// All entries of a list. `page` asks for the page that it is given, of at most `limit` entries, and
/// returns them with what the answer says of the next one.
///
/// # Errors
/// When the node does not answer.
pub(super) async fn all<T>(
    limit: u64,
    page: impl AsyncFn(Option<PageRequest>) -> Result<(Vec<T>, Option<PageResponse>), Status>,
) -> Result<Vec<T>> {
    let mut all = Vec::new();
    let mut key = Vec::new();
    loop {
        let request = PageRequest {
            key,
            limit,
            ..PageRequest::default()
        };
        let (entries, answer) = page(Some(request)).await.map_err(refusal)?;
        all.extend(entries);
        key = answer.unwrap_or_default().next_key;
        if key.is_empty() {
            return Ok(all);
        }
    }
}
