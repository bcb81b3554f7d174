//! The names of months.

use std::collections::HashMap;
use std::sync::LazyLock;

/// January to December in lower case: names in the forms that dates have, and abbreviations without their point. A row may leave
/// a month out with a dash where another row has its name.
const ROWS: [&str; 39] = [
    // English
    "january february march april may june july august september october november december",
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "- - - - - - - - sept - - -",
    // German, and as Austria says it
    "- - mrz - - - - - - - - -",
    "januar februar märz april mai juni juli august september oktober november dezember",
    "jänner feber mär - - - - - - okt - dez",
    // French
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "janv fév - avr - - juil aoû - - - déc",
    "- févr - - - - juill - - - - -",
    "- fevr - - - - - - - - - -",
    "- fevrier - - - - - aout - - - decembre",
    // Spanish
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "ene - - abr - - - ago set - - dic",
    "- - - - - - - - setiembre - - -",
    // Italian
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "gen - - - mag giu lug - - ott - -",
    // Portuguese
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "- fev - - - - - - - out - -",
    // Dutch
    "januari februari maart april mei juni juli augustus september oktober november december",
    "- - mrt - - - - - - - - -",
    // Romanian
    "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
    "ian - - - - iun iul - - - noi -",
    // Russian
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "янв фев мар апр май июн июл авг сен окт ноя дек",
    "- февр - - - - - - сент - нояб -",
    // Ukrainian
    "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    // Polish
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "sty lut - kwi - cze lip sie wrz paź lis gru",
    // Czech
    "ledna února března dubna května června července srpna září října listopadu prosince",
    // Swedish, Danish, Norwegian
    "januari februari mars april maj juni juli augusti september oktober november december",
    "- - marts - - - - - - - - desember",
    // Turkish
    "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    "oca şub - nis - haz tem ağu eyl eki kas ara",
    // Indonesian and Malay
    "januari februari maret april mei juni juli agustus september oktober november desember",
    // Arabic: Egypt and the Gulf; the Levant, where four names have two words; the Maghreb. Without hamzas.
    "يناير فبراير مارس ابريل مايو يونيو يوليو اغسطس سبتمبر اكتوبر نوفمبر ديسمبر",
    "كانون_الثاني شباط اذار نيسان ايار حزيران تموز اب ايلول تشرين_الاول تشرين_الثاني كانون_الاول",
    "جانفي فيفري - افريل ماي جوان جويلية اوت - - - -",
    // Persian
    "ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر",
    // Greek
    "ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου σεπτεμβρίου οκτωβρίου νοεμβρίου δεκεμβρίου",
];

static MONTHS: LazyLock<HashMap<String, u32>> = LazyLock::new(|| {
    let named = ROWS.iter().flat_map(|row| row.split(' ').zip(1..));
    named.filter(|(name, _)| *name != "-").map(|(name, month)| (folded(name), month)).collect()
});

/// 1 to 12 for the name of a month with which a text begins, and the bytes it takes.
pub(super) fn leading_month(text: &str) -> Option<(u32, usize)> {
    const BYTES: std::ops::RangeInclusive<usize> = 3..=32;
    let end = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    if !BYTES.contains(&end) {
        return None;
    }
    let word = folded(&text[..end]);
    if let Some(&month) = MONTHS.get(&word) {
        return Some((month, end));
    }
    // The names that have two words are Arabic.
    let second = text[end..].strip_prefix(' ').filter(|_| !word.is_ascii())?;
    let second_end = second.find(|c: char| !c.is_alphabetic()).unwrap_or(second.len());
    let both = format!("{word}_{}", folded(second.get(..second_end)?));
    MONTHS.get(&both).map(|&month| (month, end + 1 + second_end))
}

/// In lower case, and Arabic's alef without what may be written above or below it.
fn folded(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    word.to_lowercase().replace(['أ', 'إ', 'آ'], "ا")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_twelve_months_and_no_name_means_two() {
        let mut meanings: HashMap<String, u32> = HashMap::new();
        for row in ROWS {
            assert_eq!(row.split(' ').count(), 12, "{row}");
            for (name, month) in row.split(' ').zip(1..).filter(|(name, _)| *name != "-") {
                assert_eq!(*meanings.entry(folded(name)).or_insert(month), month, "{name}");
            }
        }
    }

    #[test]
    fn a_name_is_the_whole_word() {
        assert_eq!(leading_month("March 4"), Some((3, 5)));
        assert_eq!(leading_month("marched 4"), None);
        assert_eq!(leading_month("كانون الثاني 2022"), Some((1, "كانون الثاني".len())));
        assert_eq!(leading_month("كانون 2022"), None);
    }
}
