//! The language of a text, as an ISO 639-1 code.

use whatlang::Lang;

/// As much text as is looked at.
const SAMPLE_BYTES: usize = 2_048;
/// As much as the guess by letter groups gets, which is slow.
const GUESS_BYTES: usize = 1_024;
/// With fewer letters than this any guess is one.
const LETTERS_NEEDED: usize = 20;

/// Words that are frequent in English and rare or absent in other languages, each as a [`number`].
const ENGLISH: [u64; 18] = {
    let words = [
        "the", "of", "and", "that", "with", "was", "for", "from", "by", "is", "which", "this", "has", "are",
        "to", "have", "it", "were",
    ];
    let mut numbers = [0; 18];
    let mut place = 0;
    while place < numbers.len() {
        numbers[place] = number(words[place]);
        place += 1;
    }
    numbers
};

/// The longest of them, in bytes.
const ENGLISH_BYTES: usize = 5;

/// The bytes of a short word in lower case as one number. Words are told from each other by it in one comparison.
const fn number(word: &str) -> u64 {
    let (mut number, mut rest) = (0, word.as_bytes());
    while let [first, others @ ..] = rest {
        number = number << 8 | first.to_ascii_lowercase() as u64;
        rest = others;
    }
    number
}

/// The language of the text that `pieces` make, or `None` when it cannot be told reliably.
pub(crate) fn detect<'a>(pieces: impl Iterator<Item = &'a str>) -> Option<String> {
    let sample = sample(pieces);
    if is_plainly_english(&sample) || is_short_english(&sample) {
        return Some("en".to_owned());
    }
    if sample.chars().filter(|c| c.is_alphabetic()).take(LETTERS_NEEDED).count() < LETTERS_NEEDED {
        return None;
    }
    let guess = whatlang::detect(&sample[..sample.floor_char_boundary(GUESS_BYTES)])?;
    guess.is_reliable().then(|| code(guess.lang()).to_owned())
}

fn sample<'a>(pieces: impl Iterator<Item = &'a str>) -> String {
    let mut sample = String::with_capacity(SAMPLE_BYTES);
    for piece in pieces {
        let room = SAMPLE_BYTES.saturating_sub(sample.len());
        if room == 0 {
            break;
        }
        sample.push_str(&piece[..piece.floor_char_boundary(room)]);
        sample.push('\n');
    }
    sample
}

/// The short cut for most collections: of at least ten words every seventh is an English function word, four different
/// ones among them; with "the", which no other language has, every twelfth and three. The guess by letter groups costs
/// far more.
fn is_plainly_english(sample: &str) -> bool {
    let (mut words, mut hits, mut different) = (0_usize, 0_usize, 0_u32);
    for word in words_of(sample).take(80) {
        words += 1;
        if word.len() > ENGLISH_BYTES {
            continue;
        }
        let number = number(word);
        if let Some(place) = ENGLISH.iter().position(|english| *english == number) {
            hits += 1;
            different |= 1 << place;
        }
    }
    let has_the = different & 1 != 0;
    let many = hits * 7 >= words && different.count_ones() >= 4;
    words >= 10 && (many || (has_the && hits * 12 >= words && different.count_ones() >= 3))
}

fn words_of(sample: &str) -> impl Iterator<Item = &str> {
    sample.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty())
}

/// A text is short that has no more bytes.
const SHORT_BYTES: usize = 400;

/// Frequent small words of other languages. A text that has one may only name something in English.
const OTHERS: [&str; 119] = [
    "der", "die", "das", "und", "ist", "mit", "von", "den", "dem", "ein", "eine", "nicht", "auf", "im", "zu",
    "des", "für", "sich", "auch", "le", "la", "les", "du", "une", "un", "et", "est", "dans", "que", "qui",
    "pour", "sur", "au", "aux", "el", "los", "las", "una", "y", "por", "con", "del", "en", "se", "al", "es",
    "il", "lo", "gli", "di", "che", "e", "per", "della", "è", "si", "non", "o", "os", "um", "uma", "do",
    "da", "não", "com", "para", "em", "de", "het", "een", "van", "dat", "op", "te", "zijn", "niet", "och",
    "att", "det", "som", "på", "är", "ett", "og", "er", "til", "av", "i", "w", "na", "z", "się", "że", "nie",
    "jest", "az", "és", "egy", "nem", "hogy", "ez", "ve", "bir", "bu", "için", "yang", "dan", "dengan",
    "untuk", "ja", "ei", "cu", "pe", "care", "este", "în", "ang", "mga", "je",
];

/// One of [`OTHERS`], of which a single letter with a capital is rather an initial; or a word that is no name and has a letter that
/// English has not.
fn is_of_others(word: &str) -> bool {
    let is_name = word.starts_with(char::is_uppercase);
    OTHERS.contains(&word)
        || (!word.is_ascii() && !is_name)
        || (word.len() > 1 && OTHERS.iter().any(|other| other.eq_ignore_ascii_case(word)))
}

/// What whole sentences say in English and in no other language, where a text has too few words to count them: that something may
/// refer to others, or is, was or has been something, with another English word beside and none of [`OTHERS`]. Titles, which texts of
/// all languages name, have these verbs with a capital.
fn is_short_english(sample: &str) -> bool {
    if sample.len() > SHORT_BYTES {
        return false;
    }
    let words: Vec<&str> = words_of(sample).collect();
    let refers = |words: &[&str]| {
        matches!(words, ["may" | "can" | "could" | "might", "refer", "to"])
            || matches!(words, ["may" | "can" | "could" | "might", "also", "refer"])
    };
    let states = |words: &[&str]| {
        matches!(words, ["is" | "was", "a" | "an"] | ["are" | "were", "a" | "the"] | ["has" | "have", "been"])
    };
    if words.windows(3).any(refers) {
        return true;
    }
    let english = |word: &&str| word.len() <= ENGLISH_BYTES && ENGLISH.contains(&number(word));
    let mut found = words.iter().copied().filter(english);
    let first = found.next();
    words.windows(2).any(states)
        && found.any(|word| first.is_some_and(|first| !first.eq_ignore_ascii_case(word)))
        && !words.iter().any(|word| is_of_others(word))
}

/// The codes of two letters that ISO 639-1 has.
const ISO_639_1: &str = "\
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el \
    en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu \
    ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na \
    nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn \
    so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// What stands for an unknown language, for several, or for none. (That `nan` is Min Nan as well, tables do not know.)
const NO_LANGUAGE: [&str; 7] = ["nan", "und", "mis", "mul", "zxx", "unk", "n/a"];

/// The code a record means by `name`: `en`, `en-GB` or `English`. `None` where it means no language.
pub(crate) fn code_of_name(name: &str) -> Option<String> {
    let lower = name.trim().to_lowercase();
    let first = lower.split(['-', '_']).next().unwrap_or_default();
    if NO_LANGUAGE.contains(&first) {
        return None;
    }
    if first.len() == 2 {
        return ISO_639_1.split(' ').find(|code| *code == first).map(str::to_owned);
    }
    if first.len() == 3 && first.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return Some(
            Lang::from_code(first).map_or_else(|| first.to_owned(), |language| code(language).to_owned()),
        );
    }
    Lang::all()
        .iter()
        .find(|language| language.eng_name().eq_ignore_ascii_case(&lower))
        .map(|l| code(*l).to_owned())
}

/// ISO 639-3 and ISO 639-1, pair after pair.
const CODES: &str = "\
    epo eo eng en rus ru cmn zh spa es por pt ita it ben bn fra fr deu de ukr uk kat ka \
    ara ar hin hi jpn ja heb he yid yi pol pl amh am jav jv kor ko nob nb dan da swe sv \
    fin fi tur tr nld nl hun hu ces cs ell el bul bg bel be mar mr kan kn ron ro slv sl \
    hrv hr srp sr mkd mk lit lt lav lv est et tam ta vie vi urd ur tha th guj gu uzb uz \
    pan pa aze az ind id tel te pes fa mal ml ori or mya my nep ne sin si khm km tuk tk \
    aka ak zul zu sna sn afr af lat la slk sk cat ca tgl tl hye hy cym cy";

/// ISO 639-1 where the language has such a code, else ISO 639-3.
fn code(language: Lang) -> &'static str {
    let long = language.code();
    let mut codes = CODES.split_ascii_whitespace();
    while let (Some(three), Some(two)) = (codes.next(), codes.next()) {
        if three == long {
            return two;
        }
    }
    long
}

#[cfg(test)]
mod tests {
    use super::{code_of_name, detect};

    #[track_caller]
    fn check(text: &str, code: Option<&str>) {
        assert_eq!(detect(std::iter::once(text)).as_deref(), code);
    }

    #[test]
    fn languages_have_their_short_codes() {
        check(
            "The ministers of both countries met in the capital on Monday and agreed to talk again.",
            Some("en"),
        );
        check(
            "Die Außenminister beider Länder trafen sich am Montag in der Hauptstadt und vertagten sich.",
            Some("de"),
        );
        check(
            "Les ministres des deux pays se sont réunis lundi dans la capitale et se reverront bientôt.",
            Some("fr"),
        );
        check(
            "Министры обеих стран встретились в понедельник в столице и договорились о новой встрече.",
            Some("ru"),
        );
        check("两国外长星期一在首都会晤，并同意下个月再次举行会谈，讨论双边关系和地区安全问题。", Some("zh"));
    }

    #[test]
    fn a_text_too_short_has_no_language() {
        check("Oslo 2022", None);
        check("", None);
    }

    #[test]
    fn short_texts_that_say_something_in_english_are_english() {
        for text in [
            "Mary Clarke may refer to:",
            "H26 may refer to:",
            "The Heritage School could refer to:",
            "Stephen may also refer to:",
            "Łążek may refer to the following places:",
            "Katan, Hebrew for \"small\", may refer to:",
            "Bernhard Kayser (1869-1954) was a German ophthalmologist. Kayser-Fleischer rings are named after him.",
            "Jaggu is a 1975 Bollywood crime film directed by Samir Ganguly.",
        ] {
            check(text, Some("en"));
        }
    }

    #[test]
    fn short_texts_of_other_languages_are_not_english_whatever_they_name() {
        for text in [
            "Der Film Alice is a Woman of Honour läuft heute im Kino",
            "Ez is a ház, az is a kert",
            "Berlin zeigt heute Alice is a Woman of Honour, läuft",
            "Oggi esce Life Is a Highway, la nuova canzone",
            "Le groupe chante « This is the life » ce soir",
            "Hoy se estrena Love Is a Losing Game en el teatro",
            "Dat is a priori uitgesloten, zegt de minister",
            "Wie geht es weiter mit The Voice of Germany?",
            "Filmen Alice is a Woman of Honour visas i kväll",
            "Film Life is a Dream jest już w kinach",
            "May panukala ang pangulo para sa bayan",
            "Новый фильм Alice is a Woman of Honour сегодня покажут",
        ] {
            assert_ne!(detect(std::iter::once(text)).as_deref(), Some("en"), "{text}");
        }
    }

    #[test]
    fn a_name_of_no_language_is_none() {
        for (name, code) in [
            ("en", Some("en")),
            ("en-GB", Some("en")),
            ("eng", Some("en")),
            ("English", Some("en")),
            ("sq_AL", Some("sq")),
            ("gle", Some("gle")),
            ("nan", None),
            ("und", None),
            ("unknown", None),
            ("xx", None),
            ("None", None),
            (" ", None),
        ] {
            assert_eq!(code_of_name(name).as_deref(), code, "{name}");
        }
    }
}
