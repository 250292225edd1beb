//! The files that are stored, and their checksums.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result, anyhow, ensure};
use cosmwasm_std::Checksum;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::contracts::Kind;

/// A file that is what `checksums.txt` says.
pub struct WasmFile {
    /// SHA-256 of it.
    pub checksum: Checksum,
    wasm: Vec<u8>,
}

impl WasmFile {
    /// The file in the form in which it is sent: compressed, which is a third and costs as much less.
    ///
    /// # Errors
    /// When it cannot be compressed.
    pub fn compressed(&self) -> Result<Vec<u8>> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&self.wasm)?;
        Ok(encoder.finish()?)
    }
}

/// Reads the files of some contracts.
///
/// # Errors
/// When one is not there, or is not what `checksums.txt` beside it says.
pub fn read(
    artifacts: &Path,
    kinds: impl IntoIterator<Item = Kind>,
) -> Result<BTreeMap<Kind, WasmFile>> {
    let list = artifacts.join("checksums.txt");
    let list = fs::read_to_string(&list)
        .with_context(|| format!("cannot read {} (`cargo wasm` writes it)", list.display()))?;
    let mut files = BTreeMap::new();
    for kind in kinds {
        let name = kind.file();
        let path = artifacts.join(&name);
        let wasm = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let checksum = Checksum::generate(&wasm);
        let listed = listed(&list, &name)
            .ok_or_else(|| anyhow!("{} is not in checksums.txt beside it", path.display()))?;
        ensure!(
            listed == checksum.to_hex(),
            "{} has the checksum {checksum}, checksums.txt says {listed}",
            path.display()
        );
        files.insert(kind, WasmFile { checksum, wasm });
    }
    Ok(files)
}

/// The checksum of a file in a list as `sha256sum` writes it.
fn listed<'a>(list: &'a str, name: &str) -> Option<&'a str> {
    list.lines().find_map(|line| {
        let (checksum, file) = line.split_once("  ")?;
        (file == name).then_some(checksum)
    })
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn folder(checksum: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("fee_pool.wasm"), "code").unwrap();
        let list = format!("00  lazy_fee_pool.wasm\n{checksum}  fee_pool.wasm\n");
        fs::write(folder.path().join("checksums.txt"), list).unwrap();
        folder
    }

    #[test]
    fn a_file_with_its_checksum_is_sent_compressed() {
        let folder = folder(&Checksum::generate(b"code").to_hex());
        let files = read(folder.path(), [Kind::FeePool]).unwrap();
        let sent = files.get(&Kind::FeePool).unwrap().compressed().unwrap();
        let mut wasm = Vec::new();
        flate2::read::GzDecoder::new(sent.as_slice())
            .read_to_end(&mut wasm)
            .unwrap();
        assert_eq!(wasm, b"code");
    }

    #[test]
    fn another_checksum_is_refused_with_both() {
        let folder = folder("1234");
        let error = read(folder.path(), [Kind::FeePool])
            .err()
            .unwrap()
            .to_string();
        let found = Checksum::generate(b"code").to_hex();
        assert!(
            error.contains(&found) && error.ends_with("checksums.txt says 1234"),
            "{error}"
        );
    }

    #[test]
    fn a_file_that_is_not_listed_is_refused() {
        let folder = folder("1234");
        fs::write(folder.path().join("ccv_provider.wasm"), "code").unwrap();
        let error = read(folder.path(), [Kind::CcvProvider])
            .err()
            .unwrap()
            .to_string();
        assert!(error.contains("is not in checksums.txt"), "{error}");
    }
}
