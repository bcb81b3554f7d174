//! Messages of e-mail become articles, alone and in mailboxes.

mod reading;

use article::{Format, Limits};
use reading::{read, read_named, read_text, reasons};

#[test]
fn a_message_brings_its_headers_and_its_plain_text() {
    let article = read("email/alternative.eml").remove(0).unwrap();
    assert_eq!(article.headline.as_deref(), Some("Le phare est rénové – enfin"));
    assert_eq!(article.authors, ["Ana Lindén"]);
    assert_eq!(article.date.unwrap().to_string(), "2022-05-04");
    assert_eq!(article.id, "20220504.1@post.example");
    assert_eq!(
        article.text,
        "Le phare est rénové – enfin\n\nLes pêcheurs sont contents, et la mer est calme depuis que le phare brille.\n\nLe bac est là.\n\nAn attached list of herrings."
    );
    assert_eq!(article.language.as_deref(), Some("fr"));
    assert!(!article.source.lines_are_file_lines);
}

#[test]
fn html_is_read_where_there_is_nothing_else() {
    let article = read("email/html_only.eml").remove(0).unwrap();
    assert_eq!(
        article.text.trim_end(),
        "Ferry returns\n\nThe ferry is back & sails at nine.\n\nTickets: 5 €."
    );
    assert_eq!(article.authors, ["Harbour News"]);
    assert_eq!(article.date.unwrap().to_string(), "2022-05-05");
}

#[test]
fn old_messages_that_name_no_charset_are_read() {
    let article = read("email/no_charset.eml").remove(0).unwrap();
    assert_eq!(
        article.text.trim_end(),
        "Olé! La fête du port\n\nLes pêcheurs ont déjà fini la fête du port."
    );
    assert_eq!((article.authors[0].as_str(), article.date), ("old@island.example", None));
}

#[test]
fn what_is_no_message_is_said() {
    assert_eq!(reasons(&read("email/not_mail.eml")), ["malformed"]);
    assert_eq!(reasons(&read("email/empty.eml")), ["empty"]);
    assert_eq!(reasons(&read_named("a.eml", b"\x00\x01\x02\x03\x00\x05\x06\x07\x00\x01")), ["binary"]);
    assert_eq!(reasons(&read_named("a.eml", b"Subject:\nFrom: a@b.example\n\n \n")), ["no text"]);
}

#[test]
fn a_mailbox_is_read_message_by_message() {
    let found = read("mbox/readers.mbox");
    assert_eq!(reasons(&found), ["ok", "malformed", "ok"]);
    let first = found[0].as_ref().unwrap();
    assert_eq!(
        first.text.trim_end(),
        "Lighthouse shines again\n\nThe lighthouse of the island shines again.\n\nFrom the harbour it is seen for miles.\n>From the ferry too.\nFrom here on nobody sails in the dark."
    );
    assert_eq!((first.id.as_str(), first.source.line), ("1@post.example", 1));
    let last = found[2].as_ref().unwrap();
    assert_eq!(last.headline.as_deref(), Some("[readers] Ferry returns"));
    assert_eq!(last.authors, ["Jonas Berg"]);
    assert_eq!(last.source.line, 16);
    assert!(last.text.contains("The ferry is back."));
}

#[test]
fn messages_are_known_by_their_headers() {
    let is = |text: &str| Format::of_content(text.as_bytes());
    assert_eq!(is("From: a@b.example\nSubject: Ferry\n\nIt is back."), Format::Email);
    assert_eq!(is("Received: from a\n by b\nMIME-Version: 1.0\nSubject: x\n\nText"), Format::Email);
    assert_eq!(is("From a@b.example Wed May  4 10:15:00 2022\nFrom: a@b.example\n\nText"), Format::Mbox);
    assert_eq!(is("From: the harbour\n\nA ferry came."), Format::Text);
    assert_eq!(is("From the harbour at 10:15 in 2022\nThe ferry came."), Format::Text);
    assert_eq!(is("Subject: Ferry\nDate: May 4, 2022\n\nThe ferry came."), Format::Text);
    assert_eq!(is("From: Ana\nWhen the ferry came, at last\nSubject: none\n\nText"), Format::Text);
}

#[test]
fn a_wrong_type_costs_no_text() {
    for kind in ["multipart/mixed; boundary=none", "plain", "text", "text/enriched"] {
        let message = format!("From: a@b.example\nContent-Type: {kind}\n\nThe ferry is back.\n");
        let article = read_named("a.eml", message.as_bytes()).remove(0).unwrap();
        assert_eq!(article.text.trim_end(), "The ferry is back.", "{kind}");
    }
}

#[test]
fn a_message_over_the_limit_is_passed_over_and_the_rest_read() {
    let message = |text: &str| format!("From a Wed May  4 10:15:00 2022\nFrom: a\nSubject: B\n\n{text}\n\n");
    let long = "word ".repeat(50);
    for long in [long.clone(), long.replace(' ', "\n")] {
        let mailbox = [message("One."), message(&long), message("Two.")].concat();
        let found = read_text(mailbox.as_bytes(), &Limits { article_bytes: 100, ..Limits::default() });
        assert_eq!(reasons(&found), ["ok", "too large", "ok"]);
    }
}

#[test]
fn parts_within_parts_without_end_are_no_harm() {
    let part = |depth| format!("Content-Type: multipart/mixed; boundary=b{depth}\n\n--b{depth}\n");
    let parts: String = (0..20_000).map(part).collect();
    let message = format!("From: a@b.example\nSubject: Deep\n{parts}\nAt the bottom.\n");
    assert_eq!(reasons(&read_named("a.eml", message.as_bytes())), ["ok"]);
    let nested = "Content-Type: message/rfc822\n\n".repeat(20_000);
    let message = format!("From: a@b.example\nSubject: Deep\n{nested}");
    assert_eq!(reasons(&read_named("a.eml", message.as_bytes())), ["ok"]);
}

/// The text of a message of these parts.
#[track_caller]
fn text_of(kind: &str, parts: &[&str]) -> String {
    let parts = parts.join("\n--b\n");
    let head = format!("From: a@b.example\nContent-Type: multipart/{kind}; boundary=b");
    let message = format!("{head}\n\n--b\n{parts}\n--b--\n");
    read_named("a.eml", message.as_bytes()).remove(0).expect("a text").text.trim_end().to_owned()
}

#[test]
fn no_part_with_text_is_lost() {
    let forwarded =
        "Content-Type: message/rfc822\n\nFrom: Ana Lind <a@b.example>\nSubject: Ferry\n\nIt is back.";
    for (part, text) in [
        (forwarded, "Ferry\n\nAna Lind\n\nIt is back."),
        ("Content-Type: text/markdown\n\n*It* is back.", "*It* is back."),
        (
            "Content-Type: text/enriched\n\n<bold>It</bold> is <color><param>red</param>back</color>.",
            "It is back.",
        ),
        (
            "Content-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\nIt is back.",
            "It is back.",
        ),
    ] {
        assert_eq!(text_of("mixed", &["\nSee below.", part]), format!("See below.\n\n{text}"), "{part}");
    }
    let picture = "Content-Type: image/png\nContent-Disposition: attachment\n\nxyz";
    assert_eq!(text_of("mixed", &["\nSee below.", picture]), "See below.");
}

#[test]
fn a_digest_is_all_its_messages() {
    let bare = "\nFrom: Jonas Berg <j@b.example>\nSubject: Lighthouse\n\nIt shines.";
    let typed = "Content-Type: message/rfc822\n\nFrom: Ana Lind <a@b.example>\nSubject: Ferry\n\nIt is back.";
    assert_eq!(
        text_of("digest", &[bare, typed]),
        "Lighthouse\n\nJonas Berg\n\nIt shines.\n\nFerry\n\nAna Lind\n\nIt is back."
    );
}

#[test]
fn a_plain_text_that_only_hints_at_the_page_is_not_taken() {
    let html = "Content-Type: text/html\n\n<p>The ferry came back to the island on Wednesday, after a winter of repairs, to cheers.</p>";
    let hint = "Content-Type: text/plain\n\nPlease view this in an HTML client";
    assert!(text_of("alternative", &[hint, html]).starts_with("The ferry came back"));
    let plain = "Content-Type: text/plain\n\nThe ferry came back to the island on Wednesday.";
    assert_eq!(text_of("alternative", &[plain, html]), "The ferry came back to the island on Wednesday.");
}

#[test]
fn a_line_of_a_message_that_looks_like_a_beginning_is_none() {
    let mailbox = "From a@b.example Wed May  4 10:15:00 2022\nFrom: a@b.example\nSubject: Rain\n\nIt rained.\n\n\
        From 10:15:00 on 3 Mar 2021 it was wet.\n\nFrom Bob Wed Mar 3 10:15:00 2021\nAnd more: rain.\n\n\
        From b@b.example Thu May  5 10:15:00 2022\nFrom: b@b.example\nSubject: Sun\n\nIt shone.\n";
    for bytes in [mailbox.to_owned(), mailbox.replace('\n', "\r\n")] {
        let found = read_named("a.mbox", bytes.as_bytes());
        assert_eq!(reasons(&found), ["ok", "ok"]);
        assert!(found[0].as_ref().unwrap().text.trim_end().ends_with("And more: rain."));
    }
}

#[test]
fn a_message_without_a_date_has_that_of_its_line_in_the_mailbox() {
    for (line, day) in [
        ("From a@b.example Wed May  4 10:15:00 2022", "2022-05-04"),
        ("From a@b.example Wed May  4 10:15:00 +0200 2022", "2022-05-04"),
        ("From ana at post.example  Wed May  4 10:15 CEST 2022", "2022-05-04"),
    ] {
        let text = format!("{line}\nFrom: a@b.example\nSubject: Ferry\n\nIt is back.\n");
        let article = read_named("a.mbox", text.as_bytes()).remove(0).unwrap();
        assert_eq!(article.date.unwrap().to_string(), day, "{line}");
    }
    let dated = b"From a@b.example Wed May  4 10:15:00 2022\nFrom: a\nDate: Tue, 3 May 2022 10:00:00 +0000\n\nText.\n";
    assert_eq!(read_named("a.mbox", dated).remove(0).unwrap().date.unwrap().to_string(), "2022-05-03");
}

#[test]
fn parts_without_a_boundary_are_shown() {
    let head = "From: a@b.example\nSubject: Ferry\nContent-Type: multipart/mixed";
    for (body, text) in [
        ("The ferry is back.\n", "The ferry is back."),
        (
            "\n--x\nContent-Type: text/plain\n\nIt is back.\n--x\nContent-Type: image/png\n\nxyz\n--x--\n",
            "It is back.",
        ),
        ("It is back.\n--\nAna\n", "It is back.\n--\nAna"),
    ] {
        let message = format!("{head}\n\n{body}");
        let article = read_named("a.eml", message.as_bytes()).remove(0).unwrap();
        assert_eq!(article.text.trim_end(), format!("Ferry\n\n{text}"));
    }
}

#[test]
fn old_dates_have_years_of_two_figures_and_no_seconds() {
    for (date, day) in [
        ("Wed, 12 Mar 97 10:00 GMT", Some("1997-03-12")),
        ("12 Mar 97 10:00:00 EST", Some("1997-03-12")),
        ("Wednesday, 12-Mar-97 10:00:00 GMT", Some("1997-03-12")),
        ("Fri, 4 Feb 22 10:00 +0000", Some("2022-02-04")),
        ("Fri, 4 Feb 2022 10:00 +0000", Some("2022-02-04")),
        ("Wed, 12 Mar 97", None),
        ("whenever", None),
    ] {
        let message = format!("From: a@b.example\nDate: {date}\n\nText.\n");
        let found = read_named("a.eml", message.as_bytes()).remove(0).unwrap().date;
        assert_eq!(found.map(|day| day.to_string()).as_deref(), day, "{date}");
    }
}

#[test]
fn the_encoding_of_a_subject_is_guessed_as_that_of_a_text() {
    for subject in [
        "=?unknown-8bit?Q?caf=E9?= menu",
        "=?x-unknown?B?Y2Fm6Q==?=\n menu",
        "=?us-ascii?q?caf=E9_?= =?unknown?q?menu?=",
    ] {
        let message = format!("From: a@b.example\nSubject: {subject}\n\nText.\n");
        let article = read_named("a.eml", message.as_bytes()).remove(0).unwrap();
        assert_eq!(article.headline.as_deref(), Some("café menu"), "{subject}");
    }
}

#[test]
fn words_that_were_cut_on_the_way_are_whole_again() {
    let head = "From: a@b.example\nContent-Type: text/plain; format=flowed; delsp=yes\n\n";
    let message = format!("{head}It is sup \r\nercalifragi \r\nlistic.\r\n\r\nIndeed.\r\n");
    let article = read_named("a.eml", message.as_bytes()).remove(0).unwrap();
    assert_eq!(article.text.trim_end(), "It is supercalifragilistic.\n\nIndeed.");
}
