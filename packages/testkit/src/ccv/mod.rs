//! Suite of the rewards across chains: a consumer with `holding-pools`, a provider with
//! `ccv-provider`, and the wire between them.

mod suite;

pub use suite::{CONSUMER, CcvBuilder, CcvSuite, PROVIDER, VOUCHER};
