//! The date of publication, and what is none.

use super::*;

#[test]
fn the_date_stands_on_a_line_of_its_own() {
    #[track_caller]
    fn date(line: &str) {
        let anatomy = check(&["Island keeps its ferry", line, LEAD], &["headline", "date", "lead"]);
        assert_eq!(anatomy.date.map(|date| date.to_string()).as_deref(), Some("2022-05-04"), "{line}");
    }
    date("May 4, 2022");
    date("| May 4th, 2022");
    date("Published: Wednesday, 4 May 2022 at 10:30 am GMT");
    date("Updated May 6, 2022 | Published May 4, 2022");
    date("Publicado el 4 de mayo de 2022");
}

#[test]
fn the_line_of_the_date_may_be_in_any_language_of_the_table() {
    for line in [
        "Publié le mercredi 3 mars 2021 à 10h15",
        "Publicado el 3 de marzo de 2021 a las 10:15",
        "Veröffentlicht am 03.03.2021 um 10:15 Uhr",
        "Mercoledì 3 marzo 2021",
        "Pubblicato il 3 marzo 2021 alle 10:15",
        "quarta-feira, 3 de março de 2021",
        "3 de março de 2021 às 10h15",
        "woensdag 3 maart 2021",
        "Gepubliceerd op 3 maart 2021 om 10:15",
        "Среда, 3 марта 2021 г., 10:15",
        "3 марта 2021 г.",
        "Опубликовано: 03.03.2021 10:15",
        "2021年3月3日 星期三",
        "发布时间：2021-03-03 10:15",
        "2021年03月03日10:15 来源：新华社",
        "2021年3月3日（水）10時15分",
        "公開日：2021年3月3日",
        "2021년 3월 3일 수요일 오전 10:15",
        "الأربعاء 3 مارس 2021",
        "تاريخ النشر: 3 مارس 2021",
        "٣ مارس ٢٠٢١",
        "Updated March 5, 2021; originally published March 3, 2021",
        "March 3, 2021 / 10:15 AM / CBS News",
        "2021-03-03T10:15:00+01:00",
        "First published on Wednesday 3 March 2021 10.15 AEDT",
        "Last modified on Wed 3 Mar 2021",
        "Erstellt: 03.03.2021 Aktualisiert: 05.03.2021, 10:23 Uhr",
        "Mis en ligne le 3 mars 2021, mis à jour le 5 mars 2021",
        "Actualizado: 5 de marzo de 2021. Publicado: 3 de marzo de 2021",
        "تم النشر: 3 مارس 2021، آخر تحديث: 5 مارس 2021",
        "١٩ رجب ١٤٤٢ هـ الموافق ٣ مارس ٢٠٢١ م",
        "来源：新华网 2021年03月03日 23:30",
        "稿源：中国新闻网 | 2021-03-03 10:15",
        "新华社北京2021年3月3日电",
        "MOSCOW, 3 March 2021",
        "Berlin, 3. März 2021 (dpa)",
        "WASHINGTON, D.C., March 3, 2021 (AP) -",
        "Friday the 3rd of March, 2021",
        "MARCH 3RD, 2021",
    ] {
        let anatomy = check(&["Island keeps its ferry", line, LEAD], &["headline", "date", "lead"]);
        assert_eq!(anatomy.date.map(|date| date.to_string()).as_deref(), Some("2021-03-03"), "{line}");
    }
}

#[test]
fn the_day_of_a_change_gives_way_to_that_of_publication() {
    let changed = "Last modified on Thu 4 Mar 2021";
    let dated = |lines: &[&str]| kinds(&lines.join("\n\n")).1.date.map(|date| date.to_string());
    let first = "First published on Wed 3 Mar 2021";
    assert_eq!(dated(&["Ferry returns", changed, first, LEAD]).as_deref(), Some("2021-03-03"));
    let lead = format!("OSLO, March 3, 2021 (Reuters) - {LEAD}");
    assert_eq!(dated(&["Ferry returns", changed, &lead]).as_deref(), Some("2021-03-03"));
    assert_eq!(dated(&["Ferry returns", changed, LEAD]).as_deref(), Some("2021-03-04"));
}

#[test]
fn a_line_with_other_words_beside_a_date_is_no_date_line() {
    for line in [
        "March 3, 2021 | The bridge that failed",
        "On 3 March 2021 the ferry sank",
        "Version 2021.3 of 3 March",
        "03/04/2021",
        "10:15 March 2021",
    ] {
        let (_, anatomy) = kinds(&["Island keeps its ferry", line, LEAD].join("\n\n"));
        assert_eq!(anatomy.date, None, "{line}");
    }
}

#[test]
fn a_date_in_prose_captions_or_between_paragraphs_is_not_that_of_publication() {
    let caption = "The ferry leaves the harbour on May 4, 2022. Photo: Jane Doe";
    let anatomy = check(
        &["Island keeps its ferry", LEAD, caption, "May 5, 2022", MORE],
        &["headline", "lead", "caption", "heading", "body"],
    );
    assert_eq!(anatomy.date, None);
}

#[test]
fn a_dateline_tells_date_and_agency() {
    let dated = |lead: &str| {
        let (_, anatomy) = kinds(&format!("Island keeps its ferry\n\n{lead} {LEAD}\n"));
        (anatomy.date.map(|date| date.to_string()), anatomy.outlet)
    };
    assert_eq!(dated("OSLO, May 4, 2022 (Reuters) —"), (Some("2022-05-04".into()), Some("Reuters".into())));
    assert_eq!(dated("OSLO, May 4 (AFP) -"), (None, Some("AFP".into())));
    assert_eq!(dated("Nothing here (Monday) -"), (None, None));
}

#[test]
fn many_lines_of_dates_are_a_chronicle() {
    let days = ["4 May 2022", "5 May 2022", "6 May 2022"];
    let (kinds, anatomy) = kinds(&format!("{}\n{LEAD}", days.join("\n")));
    assert_eq!(anatomy.date, None);
    assert!(!kinds.contains(&"date"));
}

fn dated(lines: &[&str]) -> String {
    kinds(&lines.join("\n\n")).1.date.map_or("none".to_owned(), |date| date.to_string())
}

#[test]
fn a_day_that_can_be_read_in_two_ways_is_read_as_another_beside_it_proves() {
    for (line, expected) in [
        ("Published: 02/04/2022 | Updated: 13/04/2022", "2022-04-02"),
        ("Published: 02/04/2022 | Updated: 04/13/2022", "2022-02-04"),
        ("Published: 13/04/2022 | Updated: 02/05/2022", "2022-04-13"),
        ("Published: 02/04/2022 | Updated: 05/04/2022", "none"),
        ("Published: 02/04/2022 | Updated: 15 April 2022", "none"),
        ("Updated: 13/04/2022", "2022-04-13"),
        ("Updated: 03/04/2022", "none"),
    ] {
        assert_eq!(dated(&["Island keeps its ferry", line, LEAD]), expected, "{line}");
    }
    let lines = ["Island keeps its ferry", "Published: 02/04/2022", "Updated: 13/04/2022", LEAD];
    assert_eq!(dated(&lines), "2022-04-02");
    let by = ["Island keeps its ferry", "By Jane Doe, 02/04/2022", "Updated: 13/04/2022", LEAD];
    assert_eq!(dated(&by), "2022-04-02");
}

#[test]
fn a_day_that_can_be_read_in_two_ways_is_read_in_the_only_order_of_its_language() {
    let french =
        "Le conseil de l'île a voté mardi pour que le bateau continue de naviguer pendant les mois d'hiver.";
    let german = "Der Rat der Insel hat am Dienstag beschlossen, dass die Fähre auch in den Wintermonaten weiter fährt.";
    let title = "Le bateau de l'île reste";
    assert_eq!(
        dated(&[title, "Publié le 05/03/2022 à 07h00, mis à jour le 25/03/2022 à 07h00", french]),
        "2022-03-05"
    );
    assert_eq!(
        dated(&[title, "Publié le 05/03/2022 à 07h00, mis à jour le 06/03/2022", french]),
        "2022-03-05"
    );
    assert_eq!(dated(&[title, "05/03/2022", french]), "2022-03-05");
    assert_eq!(dated(&["Die Fähre bleibt", "05/03/2022", german]), "2022-03-05");
    assert_eq!(dated(&["Island keeps its ferry", "05/03/2022", LEAD]), "none");
}

#[test]
fn the_last_of_several_days_is_not_the_day() {
    for line in [
        "1-5 March 2022",
        "1 – 5 March 2022",
        "1/5 March 2022",
        "1 and 5 March 2022",
        "March 1-5, 2022",
        "1.-5. März 2022",
    ] {
        assert_eq!(dated(&["Island keeps its ferry", line, LEAD]), "none", "{line}");
    }
    for line in ["4-6 February 2022", "1 and 2 March 2022"] {
        let anatomy = check(&[line, "Island keeps its ferry", LEAD], &["date", "headline", "lead"]);
        assert_eq!(anatomy.date, None, "{line}");
    }
    assert_eq!(dated(&["Island keeps its ferry", "2022-03-01 – 2022-03-05", LEAD]), "2022-03-01");
    assert_eq!(dated(&["Island keeps its ferry", &format!("OSLO, 1-5 March 2022 (AFP) — {LEAD}")]), "none");
}

#[test]
fn the_day_of_a_source_that_is_cited_below_is_not_the_articles() {
    for below in [&["Sources:", "The Guardian, 3 March 2015"][..], &["Oslo, 4 May 2014"]] {
        let lines = [&["Island keeps its ferry", LEAD, MORE][..], below].concat();
        assert_eq!(dated(&lines), "none", "{below:?}");
    }
}

#[test]
fn the_source_of_a_chinese_report_is_not_its_headline() {
    let lead = "市长周五为新桥揭幕，人群为第一批汽车欢呼。该项目耗资巨大，历时六年才完成。";
    for line in
        ["来源：新华网 2022年03月01日 23:30", "2022年03月01日 23:30 来源：新华网", "2022-03-01 作者：张三"]
    {
        let (_, anatomy) = kinds(&["市长为横跨河流的新大桥揭幕", line, lead].join("\n\n"));
        assert_eq!(anatomy.headline.as_deref(), Some("市长为横跨河流的新大桥揭幕"));
        assert_eq!(anatomy.date.map(|date| date.to_string()).as_deref(), Some("2022-03-01"), "{line}");
    }
    assert_eq!(dated(&["市长为新桥揭幕", &format!("新华社北京2022年3月1日电 {lead}")]), "2022-03-01");
    assert_eq!(dated(&["市长为新桥揭幕", &format!("新华社北京3月1日电 {lead}")]), "none");
}

#[test]
fn the_date_may_stand_before_the_byline() {
    for line in [
        "1 March 2022 | By Jane Doe",
        "1 March 2022 | By Jane Doe | The Daily Mirror",
        "March 1, 2022 by Jane Doe",
    ] {
        let anatomy = check(&["Island keeps its ferry", line, LEAD], &["headline", "byline", "lead"]);
        assert_eq!(anatomy.date.map(|date| date.to_string()).as_deref(), Some("2022-03-01"), "{line}");
        assert_eq!(anatomy.authors, ["Jane Doe"], "{line}");
    }
}

#[test]
fn a_place_and_a_day_may_be_a_headline() {
    let anatomy = check(&["Waterloo, 18 June 1815", LEAD, MORE], &["headline", "lead", "body"]);
    assert_eq!(anatomy.date, None);
    let anatomy = check(&["By Jane Doe, 3 March 2021", LEAD, MORE], &["byline", "lead", "body"]);
    assert_eq!(anatomy.authors, ["Jane Doe"]);
    assert_eq!(dated(&["MOSCOW, 3 March 2021", LEAD]), "2021-03-03");
}
