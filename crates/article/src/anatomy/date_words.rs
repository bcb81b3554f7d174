//! The words that stand about the date on its line. All are in lower case; to teach another language, add its words to the
//! rows.

use std::collections::HashSet;
use std::sync::LazyLock;

/// What says that the date is that of publication.
const PUBLISHED: [&str; 19] = [
    "published posted released issued created",
    "veröffentlicht erschienen publiziert erstellt erstveröffentlicht",
    "publié publiée paru parue créé ligne",
    "publicado publicada",
    "pubblicato pubblicata",
    "gepubliceerd geplaatst",
    "publicat",
    "publicerad publisert udgivet publiceret",
    "opublikowano opublikowany publikacja",
    "опубликовано опубликован дата публикации",
    "опубліковано",
    "yayınlanma yayın",
    "发布时间 发布于 发布日期 发布 发表时间 发表于",
    "發布時間 發布 發表",
    "公開日 公開 掲載日 掲載 配信日 配信",
    "입력 등록 게시",
    "نشر نُشر النشر",
    "انتشار",
    "δημοσιεύτηκε δημοσίευση",
];

/// What says that the date is that of a change.
const UPDATED: [&str; 15] = [
    "updated modified edited update",
    "aktualisiert geändert aktualisierung",
    "mis mise modifié actualisé",
    "actualizado actualizada modificado",
    "aggiornato aggiornata aggiornamento modificato",
    "atualizado atualizada",
    "bijgewerkt gewijzigd",
    "actualizat",
    "uppdaterad oppdatert opdateret",
    "zaktualizowano aktualizacja",
    "обновлено обновлен изменено оновлено",
    "güncelleme güncellendi",
    "更新时间 更新時間 更新于 更新日 最終更新 更新",
    "수정 업데이트",
    "تحديث التحديث",
];

/// What says where the article comes from; its name is the rest of the line.
const SOURCES: [&str; 1] = ["来源 來源 稿源 出典"];

/// Weekdays, times, zones, and the small words between them.
const OTHERS: [&str; 41] = [
    // English
    "first last originally on at the date release time of",
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun",
    "am pm a p m hrs hours h min mins minute minutes read and o'clock z t",
    // Zones
    "gmt utc est edt et cst cdt ct mst mdt mt pst pdt pt akst akdt hst bst wet west cet cest eet eest msk ist",
    "pkt hkt sgt jst kst wib wita wit aest aedt acst acdt awst nzst nzdt sast eat wat cat gst мск",
    // German
    "am um uhr stand zuletzt den der vom mez mesz",
    "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so",
    // French
    "le à en jour heures date de publication dernière",
    "lundi mardi mercredi jeudi vendredi samedi dimanche",
    // Spanish
    "el a las la hora horas hs última vez fecha",
    "lunes martes miércoles miercoles jueves viernes sábado sabado domingo",
    // Italian
    "il alle ore data ultima ultimo",
    "lunedì martedì mercoledì giovedì venerdì sabato domenica",
    // Portuguese
    "em às as os última modificação hora",
    "segunda terça quarta quinta sexta feira",
    // Dutch
    "op om uur laatst datum u",
    "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    // Romanian
    "la ora data ultima luni marți miercuri joi vineri sâmbătă duminică",
    // Swedish, Danish, Norwegian
    "den kl klockan måndag tisdag onsdag torsdag fredag lördag söndag mandag tirsdag lørdag søndag",
    // Polish, Czech
    "data dnia godz o poniedziałek wtorek środa czwartek piątek sobota niedziela",
    "v dne pondělí úterý středa čtvrtek pátek neděle",
    // Russian, Ukrainian
    "в г года дата время",
    "понедельник вторник среда четверг пятница суббота воскресенье пн вт ср чт пт сб вс",
    "о р року понеділок вівторок середа четвер п'ятниця субота неділя",
    // Turkish
    "tarihi saat pazartesi salı çarşamba perşembe cuma cumartesi pazar",
    // Indonesian
    "pukul senin selasa rabu kamis jumat sabtu minggu",
    // Greek
    "στις δευτέρα τρίτη τετάρτη πέμπτη παρασκευή σάββατο κυριακή",
    // Chinese
    "日期 时间 時間 上午 下午 晚上 凌晨 中午",
    "星期一 星期二 星期三 星期四 星期五 星期六 星期日 星期天",
    "周一 周二 周三 周四 周五 周六 周日 週一 週二 週三 週四 週五 週六 週日",
    // Japanese
    "月 火 水 木 金 土 日 午前 午後 日時",
    "月曜日 火曜日 水曜日 木曜日 金曜日 土曜日 日曜日",
    "月曜 火曜 水曜 木曜 金曜 土曜 日曜",
    // Korean
    "오전 오후 월 화 수 목 금 토 일",
    "월요일 화요일 수요일 목요일 금요일 토요일 일요일",
    // Arabic
    "تم تاريخ في الساعة آخر يوم صباحا مساء ص م بتوقيت غرينتش",
    "الاثنين الإثنين الثلاثاء الأربعاء الاربعاء الخميس الجمعة السبت الأحد الاحد",
    // The months of the Hijra, whose date stands beside the other one
    "هـ ه الموافق محرم صفر ربيع الأول الاول الثاني الآخر الاخر جمادى الأولى الاولى الآخرة الاخرة رجب شعبان رمضان شوال ذو ذي القعدة الحجة",
    // Persian
    "تاریخ ساعت",
    "دوشنبه سه شنبه سه‌شنبه چهارشنبه پنجشنبه پنج‌شنبه جمعه یکشنبه",
    // Hebrew, as its dates are in figures
    "יום בשעה פורסם",
];

/// The marks of hours, minutes and seconds that stand in one word with figures: `10h15`, `10時15分`.
const UNITS: [&str; 20] = [
    "",
    "am",
    "pm",
    "h",
    "z",
    "hrs",
    "min",
    "mn",
    "uhr",
    "u",
    "時",
    "時分",
    "時分秒",
    "时",
    "时分",
    "时分秒",
    "点",
    "点分",
    "시",
    "시분",
];

/// The days of these words stand before their months in figures too. What English uses is not among them, nor what languages say
/// that begin with the year.
fn is_day_first(row: &str) -> bool {
    let is_english = row == PUBLISHED[0] || row == UPDATED[0];
    !is_english && row != "انتشار" && row.chars().all(|c| c < '\u{2e80}')
}

struct Words {
    published: HashSet<&'static str>,
    updated: HashSet<&'static str>,
    sources: HashSet<&'static str>,
    others: HashSet<&'static str>,
    day_first: HashSet<&'static str>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    fn of(rows: &[&'static str]) -> HashSet<&'static str> {
        rows.iter().flat_map(|row| row.split(' ')).collect()
    }
    let day_first = PUBLISHED.iter().chain(&UPDATED).filter(|row| is_day_first(row));
    Words {
        published: of(&PUBLISHED),
        updated: of(&UPDATED),
        sources: of(&SOURCES),
        others: of(&OTHERS),
        day_first: day_first.flat_map(|row| row.split(' ')).collect(),
    }
});

pub(super) fn says_published(word: &str) -> bool {
    WORDS.published.contains(word)
}

pub(super) fn says_updated(word: &str) -> bool {
    WORDS.updated.contains(word)
}

/// A word of a language whose days stand before their months.
pub(super) fn says_day_first(word: &str) -> bool {
    WORDS.day_first.contains(word)
}

/// Joins two days to a stretch of them: `1 and 5 March 2022`.
pub(super) fn joins_days(word: &str) -> bool {
    word == "and"
}

pub(super) fn names_source(word: &str) -> bool {
    WORDS.sources.contains(word)
}

/// A word (in lower case) of the rows, or a part of a time: `10`, `30pm`, `t10`, `10時15分`.
pub(super) fn is_about_dates(word: &str) -> bool {
    is_time(word) || WORDS.others.contains(word) || says_published(word) || says_updated(word)
}

fn is_time(word: &str) -> bool {
    let is_digit = |c: &char| c.is_numeric();
    let digits = word.chars().filter(is_digit).count();
    let unit: String = word.strip_prefix('t').unwrap_or(word).chars().filter(|c| !is_digit(c)).collect();
    let most = if unit.chars().count() > 1 { 6 } else { 4 };
    (1..=most).contains(&digits) && UNITS.contains(&unit.as_str())
}
