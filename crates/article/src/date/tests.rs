//! Dates that are read, and what is no date.

use super::*;

#[track_caller]
fn check(value: &str, expected: &str) {
    let found = parse(value).map_or("none".to_owned(), |date| date.to_string());
    assert_eq!(found, expected, "{value}");
}

#[test]
fn machines_write_dates_in_these_ways() {
    for value in [
        "2022-02-04",
        "2022-02-04T23:30:00+08:00",
        "2022-02-04 10:15",
        "20220204",
        "20220204T101500Z",
        "Fri, 04 Feb 2022 10:15:00 GMT",
        "1643970000",
        "1643970000000",
        "2022/2/4",
        "20220204101500",
        "202202041015",
        "2022020410",
        "20220204.0",
        "1643970000.0",
        "1643970000000000",
        "1643970000000000000",
        "2022-W05-5",
        "Fri Feb 04 10:15:00 +0000 2022",
        "Fri Feb  4 10:15:00 2022",
        "Fri Feb  4 10:15:00 CET 2022",
        "2022-Feb-04",
    ] {
        check(value, "2022-02-04");
    }
}

#[test]
fn people_write_dates_in_these_ways() {
    for value in [
        "February 4, 2022",
        "Feb. 4, 2022",
        "February 4th, 2022",
        "4 February 2022",
        "4th of February, 2022",
        "Friday, February 4, 2022 10:15 am",
        "Friday 4 Feb 2022",
        "FEB 4 2022",
        "4. Februar 2022",
        "4 février 2022",
        "4 de febrero de 2022",
        "4 февраля 2022",
        "2022年2月4日",
        "2022年02月04日 10:15",
        "２０２２年２月４日",
        "2022년 2월 4일",
        "4 فبراير 2022",
        "٤ فبراير ٢٠٢٢",
        "الجمعة 4 شباط 2022",
        "4 лютого 2022",
        "4 lutego 2022",
        "4 Şubat 2022",
        "4 februari 2022",
        "4 fevereiro 2022",
        "4 febbraio 2022",
        "February\u{a0}4, 2022",
        "2022 February 4",
        "10:15 GMT, 4 February 2022",
        "14:05, 4 February 2022",
        "Last updated on Friday, 4 February 2022",
        "4 févr. 2022",
        "4 февр. 2022",
        "4 февр. 2022 г.",
        "sexta-feira, 4 de fevereiro de 2022",
        "الجمعة، 4 فبراير 2022",
        "4 فبراير، 2022",
        "4 فبراير/شباط 2022",
        "2022 年 2 月 4 日",
        "04.02.2022",
        "FEBRUARY 4TH, 2022",
        "Friday the 4th of February, 2022",
        "4-го февраля 2022 года",
    ] {
        check(value, "2022-02-04");
    }
    check("02/25/2022", "2022-02-25");
}

#[test]
fn people_write_days_in_these_ways() {
    for (value, expected) in [
        ("25/02/2022", "2022-02-25"),
        ("4 сент. 2022 г.", "2022-09-04"),
        ("4 нояб. 2022", "2022-11-04"),
        ("3. Mrz. 2021", "2021-03-03"),
        ("3 مارس/آذار 2021", "2021-03-03"),
        ("1.º de março de 2021", "2021-03-01"),
        ("1° gennaio 2021", "2021-01-01"),
        ("12.31.2021", "2021-12-31"),
        ("3 de setiembre del 2021", "2021-09-03"),
        ("1 er mars 2022", "2022-03-01"),
        ("1ᵉʳ mars 2022", "2022-03-01"),
    ] {
        check(value, expected);
    }
}

#[test]
fn years_are_counted_by_eras_and_written_in_chinese_numerals() {
    for (value, expected) in [
        ("令和4年2月4日", "2022-02-04"),
        ("令和四年二月四日", "2022-02-04"),
        ("2022年（令和4年）2月4日", "2022-02-04"),
        ("二〇二二年二月四日", "2022-02-04"),
        ("民國111年2月4日", "2022-02-04"),
        ("令和元年５月１日", "2019-05-01"),
        ("平成31年4月30日", "2019-04-30"),
        ("昭和64年1月7日", "1989-01-07"),
        ("大正15年12月25日", "1926-12-25"),
        ("明治45年7月30日", "1912-07-30"),
        ("二〇二一年十二月三十一日", "2021-12-31"),
        ("二〇二一年十月二十日", "2021-10-20"),
    ] {
        check(value, expected);
    }
}

#[test]
fn addresses_of_news_have_dates() {
    for (url, expected) in [
        ("https://paper.example/2022/02/04/world/xi-putin.html", "2022-02-04"),
        ("/2022/02/04/", "2022-02-04"),
        ("https://paper.example/world/2022/feb/04/xi-putin", "2022-02-04"),
        ("https://paper.example/news/2022-02-04-xi-putin?ref=2021/01/01/", "2022-02-04"),
        ("https://paper.example/a/20220204/12345678", "2022-02-04"),
        ("https://paper.example/2022/02/xi-putin", "none"),
        ("https://paper.example/2022/13/04/x", "none"),
        ("https://2022/02/04/x", "none"),
        ("https://paper.example/id/2022-02-041", "none"),
        ("https://paper.example/news/12340512", "none"),
        ("https://paper.example/news/1234/05/12", "none"),
        ("https://paper.example/1865/04/15/lincoln.html", "1865-04-15"),
        ("", "none"),
    ] {
        let found = in_url(url).map_or("none".to_owned(), |date| date.to_string());
        assert_eq!(found, expected, "{url}");
    }
}

#[test]
fn what_could_be_two_days_or_none_is_no_date() {
    for value in [
        "04/02/2022",
        "February 2022",
        "2022",
        "30 February 2022",
        "yesterday",
        "marched 4, 2022",
        "",
        "0",
        "44599",
        "12",
        "2022020",
        "20220230",
        "20220204991500",
        "10:15 March 2021",
        "2021 12 3",
        "3 March/April 2021",
        "2021-W09",
        "2021-W60-1",
        "1-5 March 2022",
        "1/5 March 2022",
        "平成40年1月1日",
        "令和0年1月1日",
        "二〇二二年十三月一日",
        "〇年一月一日",
        "十十年一月一日",
        "九九九九年九九月九九日",
    ] {
        check(value, "none");
    }
}

#[test]
fn a_number_is_a_day_only_where_it_says_so() {
    for (number, expected) in [
        (20_220_204, "2022-02-04"),
        (20_220_204_101_500, "2022-02-04"),
        (1_643_970_000, "2022-02-04"),
        (1_643_970_000_000, "2022-02-04"),
        (2_022_030_115, "2022-03-01"),
        (2_022_030_199, "2034-01-28"),
        // The first hour of 1612 is a second of 2021.
        (1_612_010_100, "2021-01-30"),
        (253_402_300_800, "none"),
        (253_402_300_799_999, "none"),
        (253_370_000_000, "1978-01-11"),
        (-631_152_000, "1950-01-01"),
        (2022, "none"),
        (44_599, "none"),
        (12, "none"),
        (0, "none"),
        (-1, "none"),
        (20_221_399, "none"),
        (i64::MIN, "none"),
        (i64::MAX, "none"),
    ] {
        let found = of_number(number).map_or("none".to_owned(), |date| date.to_string());
        assert_eq!(found, expected, "{number}");
    }
}
