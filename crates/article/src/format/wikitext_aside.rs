//! What stands beside the running text of a page of a wiki: rows of tables, the values of infoboxes, references. All mark-up
//! inside is plain text already.

use super::markup::decode_entities;

/// How the names of infoboxes begin, in lower case.
const INFOBOXES: [&str; 6] = ["infobox", "taxobox", "speciesbox", "ficha de ", "automatic taxobox", "geobox"];
/// Parameters of a reference whose values are words, and not when or where it was looked up.
const CITED: [&str; 9] =
    ["title", "quote", "work", "website", "newspaper", "journal", "magazine", "publisher", "chapter"];
/// Values such as these are names of files.
const FILES: [&str; 6] = [".jpg", ".jpeg", ".png", ".svg", ".gif", ".webp"];

/// The rows of a table, of which `inner` is all between `{|` and `|}`: a tab between cells.
pub(super) fn rows(inner: &str) -> Vec<String> {
    let mut rows = Vec::new();
    let mut row: Vec<String> = Vec::new();
    // The first line has the attributes of the table.
    for line in inner.split('\n').skip(1).map(str::trim) {
        if let Some(caption) = line.strip_prefix("|+") {
            end(&mut row, &mut rows);
            row.push(cell(caption));
            end(&mut row, &mut rows);
        } else if line.starts_with("|-") {
            end(&mut row, &mut rows);
        } else if let Some(cells) = line.strip_prefix('|') {
            row.extend(cells.split("||").map(cell));
        } else if let Some(cells) = line.strip_prefix('!') {
            row.extend(cells.split("!!").flat_map(|cells| cells.split("||")).map(cell));
        } else if let Some(last) = row.last_mut() {
            // A cell goes on.
            let more = words(line.trim_start_matches(['*', '#', ':', ';']));
            last.push_str(if last.is_empty() || more.is_empty() { "" } else { " " });
            last.push_str(&more);
        }
    }
    end(&mut row, &mut rows);
    rows
}

fn end(row: &mut Vec<String>, rows: &mut Vec<String>) {
    let cells: Vec<String> = row.drain(..).filter(|cell| !cell.is_empty()).collect();
    rows.extend((!cells.is_empty()).then(|| cells.join("\t")));
}

/// The text of a cell without its attributes: `style="width: 3em" | text`.
fn cell(written: &str) -> String {
    match written.split_once('|') {
        Some((attributes, text)) if attributes.contains('=') => words(text),
        _ => words(written),
    }
}

/// The values of an infobox, of which `inner` is all between its braces; `None` for other templates.
pub(super) fn infobox(inner: &str) -> Option<Vec<String>> {
    let (name, values) = inner.split_once('|')?;
    let name = name.trim().to_lowercase();
    INFOBOXES.iter().any(|known| name.starts_with(known)).then(|| {
        let values =
            values.split('|').map(|value| words(value.split_once('=').map_or("", |(_, value)| value)));
        values.filter(|value| value.contains(char::is_alphabetic) && !is_file(value)).collect()
    })
}

fn is_file(value: &str) -> bool {
    let lower = value.to_lowercase();
    FILES.iter().any(|ending| lower.ends_with(ending))
}

/// The words of a template that cites something.
pub(super) fn citation(inner: &str) -> String {
    let pairs = inner.split('|').skip(1).filter_map(|value| value.split_once('='));
    let cited = pairs.filter(|(name, _)| CITED.contains(&name.trim()));
    let values: Vec<String> =
        cited.map(|(_, value)| words(value)).filter(|value| !value.is_empty()).collect();
    values.join(". ")
}

/// The words on one line.
pub(super) fn words(text: &str) -> String {
    decode_entities(text).split_whitespace().collect::<Vec<&str>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_a_line_a_row() {
        assert_eq!(
            rows(
                " class=x\n|+ Docks\n|-\n! Name !! Built\n|-\n| style=\"a\" | First || 1904\nor so\n|-\n|\n|}"
            ),
            ["Docks", "Name\tBuilt", "First\t1904 or so", "}"]
        );
        assert!(rows("").is_empty() && rows("a").is_empty());
    }

    #[test]
    fn infoboxes_and_citations_have_values() {
        assert_eq!(
            infobox("Infobox port\n| name = Ny &amp; Ost\n| image = ny.JPG | built = 1904 | x").unwrap(),
            ["Ny & Ost"]
        );
        assert_eq!(infobox("reflist|30em"), None);
        assert_eq!(citation("cite web |url=x |title = A port | work=Post|accessdate=2 May"), "A port. Post");
    }
}
