#!/bin/bash
# cargo links a build script, a macro, a library and a program with swold: under -run, and as docs/UseIt.md
# says.
# machines: x86_64 (another compiler than those of C and C++)
. "$(dirname "$0")/../prelude.sh"

command -v cargo >/dev/null || skip "no cargo"
mkdir -p app/src shout/src
cat >app/Cargo.toml <<'END'
[package]
name = "app"
version = "1.0.0"
edition = "2021"
build = "build.rs"
[dependencies]
shout = { path = "../shout" }
[lib]
crate-type = ["cdylib"]
[[bin]]
name = "app"
path = "src/main.rs"
END
cat >shout/Cargo.toml <<'END'
[package]
name = "shout"
version = "1.0.0"
edition = "2021"
[lib]
proc-macro = true
END
cat >shout/src/lib.rs <<'END'
use proc_macro::TokenStream;
#[proc_macro] pub fn shout(t: TokenStream) -> TokenStream {
    format!("{:?}", t.to_string().to_uppercase()).parse().unwrap()
}
END
echo 'fn main() { println!("cargo:rustc-env=GREETING=hi"); }' >app/build.rs
echo '#[no_mangle] pub extern "C" fn seven() -> i32 { 7 }' >app/src/lib.rs
echo 'fn main() { println!("{} {}", env!("GREETING"), shout::shout!(you)); }' >app/src/main.rs
export CARGO_NET_OFFLINE=true
build() { "$@" cargo build --quiet --manifest-path app/Cargo.toml; }
linked() {
  [ "$(app/target/debug/app)" = "hi YOU" ]
  find app/target -type f -name 'app' -o -type f -name '*.so' -o -type f -name build-script-build >files
  [ "$(wc -l <files)" -ge 4 ]
  xargs "$SWOLD" --linked-by <files
  rm -r app/target
}
build "$SWOLD" -run
linked
RUSTFLAGS="-Clink-arg=-fuse-ld=bfd -Clink-arg=-B$LD_DIR" build env
linked
