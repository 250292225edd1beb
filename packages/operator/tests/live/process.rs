//! A node's process, which is gone when the test is over, however it ends.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A port of loopback that nobody listens at.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// Ends a program as supervisors do, and returns its exit code.
pub fn terminate(program: &mut Child) -> Option<i32> {
    let pid = program.id().to_string();
    let sent = Command::new("kill").args(["-TERM", &pid]).status();
    assert!(sent.unwrap().success());
    program.wait().unwrap().code()
}

/// A shell that runs a node, and ends it when its input is closed.
pub struct Process(Child);

impl Process {
    /// A node that was started by this script, which defines `stop_node`. `home` is its `HOME`, `ports`
    /// are variables.
    #[track_caller]
    pub fn start(script: &str, home: &Path, ports: &[(&str, u16)]) -> Self {
        let ports = ports.iter().map(|(name, port)| (name, port.to_string()));
        let mut shell = Command::new("bash")
            .arg("-c")
            .arg(format!(
                "{script}\necho ready; read -r _ || true; stop_node"
            ))
            .env("HOME", home)
            .envs(ports)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(shell.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        assert_eq!(
            line, "ready\n",
            "the node does not start; is wasmd in PATH?"
        );
        Process(shell)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}
