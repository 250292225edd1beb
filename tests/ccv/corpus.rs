//! The committed inputs of the fuzz targets: each is taken as it was when it was found.

use std::fs;
use std::path::Path;

use testkit::ccv_fuzz::TARGETS;

#[test]
fn every_input_of_the_corpus_leaves_a_ledger_that_adds_up() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    for (name, target) in TARGETS {
        let inputs = fs::read_dir(corpus.join(name)).unwrap();
        let mut played = 0;
        for input in inputs {
            target(&fs::read(input.unwrap().path()).unwrap());
            played += 1;
        }
        assert!(played > 20, "{name}: {played} inputs");
    }
}
