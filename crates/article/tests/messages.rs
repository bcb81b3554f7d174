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
        "Le phare est rénové – enfin\n\nLes pêcheurs sont contents, et la mer est calme depuis que le phare brille.\n\nLe bac est là."
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
