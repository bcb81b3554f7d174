//! Text whose lines were broken for the way (`format=flowed`): a line that ends in a space goes on in the next one.

/// Where words may have been cut (`DelSp=yes`) the pieces are joined as they were; the space before the break goes.
pub(super) fn joined(text: &str) -> String {
    let mut whole = String::with_capacity(text.len());
    // How deep the line that goes on is quoted.
    let mut open: Option<usize> = None;
    for (number, line) in text.split('\n').enumerate() {
        let content = line.trim_start_matches('>');
        let depth = line.len() - content.len();
        // A line may have a space before it, so that it is not taken for a quote or the beginning of a message.
        let content = content.strip_prefix(' ').unwrap_or(content);
        let is_signature = content == "-- ";
        if open != Some(depth) || is_signature {
            if number > 0 {
                whole.push('\n');
            }
            whole.push_str(&line[..depth]);
            whole.push_str(if depth > 0 { " " } else { "" });
        }
        let flows = content.strip_suffix(' ').filter(|_| !is_signature);
        whole.push_str(flows.unwrap_or(content));
        open = flows.map(|_| depth);
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_lines_are_joined() {
        let check = |text: &str, whole: &str| assert_eq!(joined(text), whole, "{text:?}");
        check("sup \nercalifragi \nlistic  \nword\n", "supercalifragilistic word\n");
        check("One.\n\n Two.\n-- \nAna", "One.\n\nTwo.\n-- \nAna");
        check("> a \n> b\nc \n> d", "> ab\nc\n> d");
        check("", "");
    }
}
