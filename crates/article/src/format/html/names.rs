//! What the names of elements mean. All names are in lower case.

/// Holds nothing and has no end tag.
pub(super) fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "basefont"
            | "bgsound"
            | "br"
            | "col"
            | "embed"
            | "frame"
            | "hr"
            | "img"
            | "image"
            | "input"
            | "keygen"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}

/// Its text is not seen.
pub(super) fn is_hidden(name: &str) -> bool {
    matches!(
        name,
        "annotation"
            | "annotation-xml"
            | "applet"
            | "audio"
            | "canvas"
            | "datalist"
            | "dialog"
            | "head"
            | "iframe"
            | "noembed"
            | "noframes"
            | "noscript"
            | "object"
            | "option"
            | "script"
            | "style"
            | "svg"
            | "template"
            | "textarea"
            | "title"
            | "video"
    )
}

/// A browser opens it again when the block around it ends before it. Of links only one is ever open.
pub(super) fn is_formatting(name: &str) -> bool {
    matches!(
        name,
        "b" | "big" | "code" | "em" | "font" | "i" | "s" | "small" | "strike" | "strong" | "tt" | "u"
    )
}

pub(super) fn is_heading(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

/// End tags do not reach out of it.
pub(super) fn is_scope(name: &str) -> bool {
    matches!(name, "applet" | "caption" | "marquee" | "object" | "table" | "td" | "template" | "th")
}

/// Makes a line of its own for browsers: end tags of unknown and inline elements do not reach out of it.
pub(super) fn is_special(name: &str) -> bool {
    closes_paragraph(name)
        || is_scope(name)
        || is_void(name)
        || matches!(
            name,
            "body"
                | "button"
                | "colgroup"
                | "dd"
                | "dt"
                | "frameset"
                | "head"
                | "html"
                | "iframe"
                | "li"
                | "noembed"
                | "noframes"
                | "noscript"
                | "script"
                | "select"
                | "style"
                | "tbody"
                | "textarea"
                | "tfoot"
                | "thead"
                | "title"
                | "tr"
                | "plaintext"
        )
}

/// Its start tag ends an open paragraph.
pub(super) fn closes_paragraph(name: &str) -> bool {
    is_heading(name)
        || matches!(
            name,
            "address"
                | "article"
                | "aside"
                | "blockquote"
                | "center"
                | "dd"
                | "details"
                | "dialog"
                | "dir"
                | "div"
                | "dl"
                | "dt"
                | "fieldset"
                | "figcaption"
                | "figure"
                | "footer"
                | "form"
                | "header"
                | "hgroup"
                | "hr"
                | "li"
                | "listing"
                | "main"
                | "menu"
                | "nav"
                | "ol"
                | "p"
                | "pre"
                | "search"
                | "section"
                | "summary"
                | "table"
                | "ul"
                | "xmp"
        )
}

/// Its start tag ends SVG and `MathML`.
pub(super) fn ends_foreign(name: &str) -> bool {
    closes_paragraph(name)
        || (is_formatting(name) && name != "font")
        || matches!(
            name,
            "body"
                | "br"
                | "embed"
                | "head"
                | "img"
                | "meta"
                | "nobr"
                | "ruby"
                | "span"
                | "sub"
                | "sup"
                | "var"
        )
}

/// Stands in a line: no line begins or ends with it.
pub(super) fn is_inline(name: &str) -> bool {
    is_formatting(name)
        || matches!(
            name,
            "a" | "abbr"
                | "acronym"
                | "bdi"
                | "bdo"
                | "cite"
                | "data"
                | "del"
                | "dfn"
                | "img"
                | "input"
                | "ins"
                | "kbd"
                | "label"
                | "mark"
                | "nobr"
                | "q"
                | "rb"
                | "rp"
                | "rt"
                | "rtc"
                | "ruby"
                | "samp"
                | "span"
                | "sub"
                | "sup"
                | "svg"
                | "time"
                | "var"
                | "wbr"
                | "script"
                | "style"
                | "template"
                | "noscript"
                | "math"
                | "mi"
                | "mo"
                | "mn"
                | "mrow"
                | "msup"
                | "msub"
                | "mfrac"
                | "mtext"
                | "mspace"
                | "msqrt"
                | "mstyle"
                | "munder"
                | "mover"
                | "semantics"
                | "annotation"
                | "meta"
                | "link"
        )
}
