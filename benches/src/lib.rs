//! Benches of morgue. Each is a program in `src/bin/` that prints what it measures.
