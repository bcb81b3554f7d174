//! `morgue check`: looks for damage in the index, and repairs it.

use std::io::Write;

use indexer::{Action, Config, Event, Finding, Progress, Rebuilt, Repaired, Verdict, check, repair};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use crate::args::{Args, CheckArgs};
use crate::collection::index_folder;
use crate::failure::Failure;
use crate::output::{Outcome, Output, talks};
use crate::render::safe::{safe, safe_path};
use crate::render::{counted, lasting, sized};

pub(crate) fn run(args: &Args, options: &CheckArgs) -> Result<Outcome, Failure> {
    let bar = talks().then(|| {
        let style = ProgressStyle::with_template("{bar:30} {bytes}/{total_bytes} {bytes_per_sec} ETA {eta}");
        ProgressBar::no_length().with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
    });
    let progress = |done, total| {
        if let Some(bar) = &bar {
            bar.set_length(total);
            bar.set_position(done);
        }
    };
    let clear = || bar.iter().for_each(ProgressBar::finish_and_clear);
    if options.repair {
        return mend(args, options, &progress, &clear);
    }
    let verdict = check(&index_folder(args), options.sample, &progress);
    clear();
    let verdict = verdict?;
    let mut out = Output::open();
    print_findings(&mut out, options, &verdict)?;
    if options.json {
        writeln!(out, "{}", summary_json(&verdict))?;
    }
    out.flush()?;
    if !options.json {
        say!("{}", summary(&verdict, args.verbose));
    }
    Ok(if verdict.is_sound() { Outcome::Found } else { Outcome::Nothing })
}

/// A line for every finding, and what it is about first.
fn print_findings(out: &mut Output, options: &CheckArgs, verdict: &Verdict) -> std::io::Result<()> {
    for (kind, findings) in [("damage", &verdict.damages), ("remark", &verdict.remarks)] {
        for Finding { path, what } in findings {
            if options.json {
                let path = path.to_string_lossy();
                writeln!(out, "{}", json!({ "event": kind, "path": path, "what": what }))?;
            } else {
                let mark = if kind == "remark" { "note: " } else { "" };
                writeln!(out, "{mark}{} {}", safe_path(path), safe(what))?;
            }
        }
    }
    Ok(())
}

/// `sound: 12 files, 3.4 MB, 56 articles, of which 56 compared with their postings (1,234 terms), in 0.1 s`
fn summary(verdict: &Verdict, verbose: bool) -> String {
    let state = match verdict.damages.len() as u64 {
        0 => "sound".to_owned(),
        damages => format!("damaged: {}", counted(damages, "finding")),
    };
    let files = format!("{}, {}", counted(verdict.files, "file"), sized(verdict.bytes));
    let mut parts = vec![format!("{state}; read {files}")];
    if verdict.is_sound() {
        let (articles, terms) = (counted(verdict.articles, "article"), counted(verdict.terms, "term"));
        parts.push(format!("{articles}, {} of them compared with {terms} of the index", verdict.compared));
    }
    if !verdict.has_table && verdict.is_sound() {
        let what =
            "the index was made before there were checksums of all files, the next change of it adds them";
        parts.push(what.to_owned());
    }
    if verdict.noted > 0 {
        let files = counted(verdict.noted, "file");
        parts.push(format!("{files} had been copied or touched, searches need not read them any more"));
    }
    let text = parts.join("; ");
    let seconds = verdict.took.as_secs_f64().max(1e-9);
    let rate = if verbose {
        format!(" ({}/s)", sized((verdict.bytes as f64 / seconds) as u64))
    } else {
        String::new()
    };
    let advice = if verdict.is_sound() { "" } else { "; `morgue check --repair` makes it whole" };
    format!("{text}, in {}{rate}{advice}", lasting(verdict.took))
}

fn summary_json(verdict: &Verdict) -> Value {
    json!({
        "event": "done",
        "sound": verdict.is_sound(),
        "damages": verdict.damages.len(),
        "files": verdict.files,
        "bytes": verdict.bytes,
        "has_checksums": verdict.has_table,
        "articles": verdict.articles,
        "compared": verdict.compared,
        "terms": verdict.terms,
        "noted": verdict.noted,
        "seconds": verdict.took.as_secs_f64(),
    })
}

fn mend(
    args: &Args,
    options: &CheckArgs,
    progress: Progress<'_>,
    clear: &dyn Fn(),
) -> Result<Outcome, Failure> {
    let config = Config::new(index_folder(args), options.paths.clone());
    let observer = |event: &Event<'_>| {
        if let Event::Skipped(skip) = event {
            say!("skipped: {}", safe(&skip.message));
        }
    };
    let repaired = repair(&config, &observer, progress);
    clear();
    let Repaired { verdict, manifest, action } = repaired?;
    let mut out = Output::open();
    print_findings(&mut out, options, &verdict)?;
    let (lost, is_loss_unknown) = match &action {
        Action::Rebuilt(rebuilt) => (&rebuilt.lost[..], rebuilt.is_loss_unknown),
        _ => (&[][..], false),
    };
    for (source, articles) in lost {
        if options.json {
            writeln!(out, "{}", json!({ "event": "lost", "source": source, "articles": articles }))?;
        } else {
            let articles = if *articles > 0 { counted(*articles, "article") } else { "articles".to_owned() };
            writeln!(out, "lost: {articles} of {}", safe(source))?;
        }
    }
    if is_loss_unknown && !options.json {
        writeln!(
            out,
            "lost: it is not known what, since the damaged files do not tell any more what there was"
        )?;
    }
    if options.json {
        writeln!(out, "{}", action_json(manifest, &action))?;
    }
    out.flush()?;
    if !options.json {
        say!("{}", told(manifest, &action));
    }
    Ok(if lost.is_empty() && !is_loss_unknown { Outcome::Found } else { Outcome::Nothing })
}

fn told(manifest: bool, action: &Action) -> String {
    let rest = match action {
        Action::Nothing if manifest => "everything else is sound".to_owned(),
        Action::Nothing => "nothing to repair: the index is sound".to_owned(),
        Action::Words(lists) => format!("made {} again", counted(lists.len() as u64, "list of words")),
        Action::Rebuilt(rebuilt) => told_rebuilt(rebuilt),
    };
    if manifest { format!("wrote the manifest again; {rest}") } else { rest }
}

fn told_rebuilt(rebuilt: &Rebuilt) -> String {
    let Rebuilt { report, carried, lost, is_loss_unknown, aside } = rebuilt;
    let aside: Vec<String> = aside.iter().map(|path| safe_path(path)).collect();
    let lost = match (is_loss_unknown, lost.is_empty()) {
        (true, true) => "it is not known what is lost",
        (true, false) => "what is known to be lost is named above",
        (false, true) => "nothing lost",
        (false, false) => "what is lost is named above",
    };
    let kept = if aside.is_empty() {
        String::new()
    } else {
        format!("; the damaged files are kept in {}", aside.join(", "))
    };
    let unmet = match report.kept {
        0 => String::new(),
        files => format!(
            " ({} that it knew could not be read again, or not be found; the next `morgue index` takes out what is gone)",
            counted(files, "file")
        ),
    };
    format!(
        "rebuilt: {} read again, {} taken from what was stored{unmet}, {lost}; {} in the index, in {}{kept}",
        counted(report.indexed, "article"),
        counted(*carried, "article"),
        counted(report.articles, "article"),
        lasting(report.took),
    )
}

fn action_json(manifest: bool, action: &Action) -> Value {
    match action {
        Action::Nothing if manifest => json!({ "event": "done", "action": "manifest" }),
        Action::Nothing => json!({ "event": "done", "action": "nothing" }),
        Action::Words(lists) => {
            json!({ "event": "done", "action": "words", "manifest": manifest, "lists": lists.len() })
        }
        Action::Rebuilt(rebuilt) => json!({
            "event": "done",
            "action": "rebuilt",
            "manifest": manifest,
            "indexed": rebuilt.report.indexed,
            "carried": rebuilt.carried,
            "lost": rebuilt.lost.iter().map(|(_, articles)| articles).sum::<u64>(),
            "is_loss_unknown": rebuilt.is_loss_unknown,
            "articles": rebuilt.report.articles,
            "aside": rebuilt.aside.iter().map(|path| path.to_string_lossy()).collect::<Vec<_>>(),
            "seconds": rebuilt.report.took.as_secs_f64(),
        }),
    }
}
