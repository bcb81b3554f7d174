//! Shows what every line of the articles in files is: `cargo run -p article --example lines -- FILE ...`

use std::ops::ControlFlow;
use std::path::PathBuf;

use article::{Limits, WalkOptions, parse, split, walk};

fn main() {
    let paths: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    for input in walk(&paths, &WalkOptions::default()).flatten() {
        let _ = split(&input, &Limits::default(), &mut |record| {
            match record.and_then(|record| parse(&record)) {
                Err(error) => eprintln!("{error}"),
                Ok(article) => {
                    println!("== {:?} {:?} {:?}", article.headline, article.date, article.authors);
                    println!("   {:?} {:?} {:?}", article.outlet, article.language, article.url);
                    for line in &article.lines {
                        println!("{:10} {}", line.kind.name(), &article.text[line.range.clone()]);
                    }
                }
            }
            ControlFlow::Continue(())
        });
    }
}
