//! Reading and replacing files, with errors that name them.

use std::fs::{self, Permissions};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use anyhow::{Context as _, Result, anyhow};
use serde::de::DeserializeOwned;
use tempfile::Builder;

/// What anybody may do with a new file, less what the user's `umask` forbids.
const READABLE: u32 = 0o666;

/// Reads a TOML file.
///
/// # Errors
/// When it cannot be read, or is not what is expected there.
pub fn read_toml<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    toml::from_str(&text).map_err(|error| {
        // A value may be a secret in a wrong place: the library's own text shows its line, the message quotes it.
        let before = error.span().and_then(|span| text.get(..span.start));
        let line = before.map_or(1, |before| before.split('\n').count());
        let path = path.display();
        let message: Vec<_> = error.message().split('"').step_by(2).collect();
        let message = message.join("..");
        anyhow!("{path} cannot be understood: line {line}: {message}")
    })
}

/// Replaces a file as a whole: whoever reads it sees the old or the new one, and a disk that is full
/// leaves the old one and nothing beside it.
///
/// # Errors
/// When it cannot be written.
pub fn replace(path: &Path, text: &str) -> Result<()> {
    let write = || -> std::io::Result<()> {
        // A rename does not leave the disk.
        let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
        let mut file = Builder::new()
            .permissions(Permissions::from_mode(READABLE))
            .tempfile_in(folder.unwrap_or(Path::new(".")))?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_as_a_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("book.toml");
        replace(&path, "a").unwrap();
        replace(&path, "b").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "b");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_cannot_be_understood_is_not_shown() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("operator.toml");
        fs::write(&path, "[key]\nmnemonic = \"zoo zoo\"\n").unwrap();
        let error = read_toml::<crate::config::Config>(&path).err().unwrap();
        let error = format!("{error:#}");
        assert!(
            error.contains("line 2: unknown field `mnemonic`"),
            "{error}"
        );
        assert!(!error.contains("zoo"), "{error}");
        fs::write(&path, "key = \"zoo zoo\"\n").unwrap();
        let error = format!(
            "{:#}",
            read_toml::<crate::config::Config>(&path).err().unwrap()
        );
        assert!(error.contains("line 1: invalid type: string"), "{error}");
        assert!(!error.contains("zoo"), "{error}");
    }

    #[test]
    fn a_file_that_cannot_be_written_is_named() {
        let error = replace(Path::new("/no-such-folder/book.toml"), "").unwrap_err();
        assert_eq!(error.to_string(), "cannot write /no-such-folder/book.toml");
    }

    #[test]
    fn nothing_is_left_beside_a_file_that_cannot_be_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("book.toml");
        fs::create_dir(&path).unwrap();
        replace(&path, "").unwrap_err();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_new_file_is_for_whoever_may_read_others() {
        let folder = tempfile::tempdir().unwrap();
        let mode = |name: &str| {
            let file = fs::metadata(folder.path().join(name)).unwrap();
            file.permissions().mode()
        };
        replace(&folder.path().join("new"), "").unwrap();
        fs::write(folder.path().join("plain"), "").unwrap();
        assert_eq!(mode("new"), mode("plain"));
    }
}
