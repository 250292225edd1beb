//! Processes: those that end, and those that run until everything is stopped.

use std::fs::File;
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context as _, Error, Result, bail};
use tokio::process::Command;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::process::shown;

/// A program to be run. It is killed when whoever waits for it does not wait any longer, and a Ctrl-C in the
/// terminal does not reach it: it is for this program to stop everything.
pub fn command(program: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .kill_on_drop(true)
        .process_group(0)
        .stdin(Stdio::null());
    command
}

/// What a command prints, without the spaces around it.
///
/// # Errors
/// When it cannot be started or fails, with the last lines that it said.
pub async fn output(command: &mut Command) -> Result<String> {
    let output = command
        .output()
        .await
        .with_context(|| shown(command.as_std()))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let lines: Vec<_> = said.trim().lines().collect();
        let last = lines[lines.len().saturating_sub(3)..].join("\n");
        bail!("`{}` failed: {last}", shown(command.as_std()));
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_string())
}

/// What runs until everything is stopped. Whatever of it ends earlier has failed.
#[derive(Clone)]
pub struct Services {
    failures: UnboundedSender<Error>,
}

impl Services {
    /// With what receives their failures.
    pub fn new() -> (Self, UnboundedReceiver<Error>) {
        let (failures, received) = unbounded_channel();
        (Services { failures }, received)
    }

    /// Starts a process whose output goes to a file.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(&self, mut command: Command, log: &Path) -> Result<()> {
        let file = File::create(log).with_context(|| log.display().to_string())?;
        let mut child = command
            .stdout(file.try_clone()?)
            .stderr(file)
            .spawn()
            .with_context(|| shown(command.as_std()))?;
        let log = log.display().to_string();
        self.run(async move { bail!("{} is the end of {log}", child.wait().await?) });
        Ok(())
    }

    /// Starts a job.
    pub fn run(&self, job: impl Future<Output = Result<()>> + Send + 'static) {
        let failures = self.failures.clone();
        tokio::spawn(async move {
            if let Err(error) = job.await {
                // Nobody receives it when everything is being stopped.
                let _ = failures.send(error);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    /// Runs something on a runtime that ends with it.
    fn on_a_runtime<T>(job: impl Future<Output = T>) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(job)
    }

    fn shell(script: &str) -> Command {
        let mut shell = command(Path::new("sh"));
        shell.args(["-c", script]);
        shell
    }

    fn log(name: &str) -> std::path::PathBuf {
        std::env::temp_dir().join(format!("{name}-{}", std::process::id()))
    }

    #[test]
    fn what_ends_too_early_is_named_by_its_log() {
        let log = log("ended");
        let failure = on_a_runtime(async {
            let (services, mut failures) = Services::new();
            services.start(shell("exit 3"), &log).unwrap();
            failures.recv().await.unwrap().to_string()
        });
        assert!(failure.contains("exit status: 3"), "{failure}");
        assert!(failure.contains(&log.display().to_string()), "{failure}");
    }

    #[test]
    fn nothing_outlives_the_runtime() {
        let log = log("killed");
        let pid = on_a_runtime(async {
            let (services, _failures) = Services::new();
            services
                .start(shell("echo $$; exec sleep 60"), &log)
                .unwrap();
            loop {
                tokio::time::sleep(Duration::from_millis(20)).await;
                if let Ok(pid) = std::fs::read_to_string(&log).unwrap().trim().parse::<u32>() {
                    return pid;
                }
            }
        });
        let stat = format!("/proc/{pid}/stat");
        let start = Instant::now();
        // A process that is dead and not waited for is a zombie.
        while std::fs::read_to_string(&stat).is_ok_and(|it| !it.contains(" Z ")) {
            assert!(start.elapsed() < Duration::from_secs(10), "it runs on");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    #[test]
    fn a_command_that_fails_says_why() {
        let mut shell = shell("echo no funds >&2; exit 1");
        let error = on_a_runtime(output(&mut shell)).unwrap_err().to_string();
        assert!(error.ends_with("failed: no funds"), "{error}");
    }
}
