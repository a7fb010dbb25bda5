//! The table of locales. A country that shares its language's words names only what differs.

mod east_asia;

use super::{CodeLetters, DateOrder, Locale};
use east_asia::{JA_JP, KO_KR, ZH_CN, ZH_TW};

/// The words of a text, which must be as many as the field has places; checked by the compiler.
const fn words<const N: usize>(text: &'static str) -> [&'static str; N] {
    let mut list = [""; N];
    let mut rest = text;
    let mut count = 0;
    while count < N {
        let bytes = rest.as_bytes();
        let mut end = 0;
        while end < bytes.len() && bytes[end] != b' ' {
            end += 1;
        }
        let (word, after) = rest.split_at(end);
        list[count] = word;
        rest = if after.is_empty() { after } else { after.split_at(1).1 };
        count += 1;
    }
    assert!(rest.is_empty() && !list[N - 1].is_empty(), "wrong number of words");
    list
}

pub(super) const EN_US: Locale = Locale {
    tag: "en-US",
    lcid: 0x0409,
    decimal: '.',
    group: ',',
    lakhs: false,
    list: ',',
    date_order: DateOrder::MonthDayYear,
    date_separator: '/',
    months: words("January February March April May June July August September October November December"),
    months_genitive: None,
    months_short: words("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"),
    days: words("Sunday Monday Tuesday Wednesday Thursday Friday Saturday"),
    days_short: words("Sun Mon Tue Wed Thu Fri Sat"),
    am: "AM",
    pm: "PM",
    currency: "$",
    currency_after: false,
    short_date: "m/d/yyyy",
    long_date: "dddd, mmmm d, yyyy",
    long_time: "h:mm:ss AM/PM",
    letters: CodeLetters { year: 'y', month: 'm', day: 'd', hour: 'h', minute: 'm', second: 's' },
    general: "General",
};

pub(super) const EN_GB: Locale = Locale {
    tag: "en-GB",
    lcid: 0x0809,
    date_order: DateOrder::DayMonthYear,
    currency: "£",
    short_date: "dd/mm/yyyy",
    long_date: "dd mmmm yyyy",
    long_time: "hh:mm:ss",
    ..EN_US
};

pub(super) const EN_AU: Locale = Locale {
    tag: "en-AU",
    lcid: 0x0C09,
    currency: "$",
    short_date: "d/mm/yyyy",
    long_date: "dddd, d mmmm yyyy",
    long_time: "h:mm:ss AM/PM",
    ..EN_GB
};

pub(super) const EN_CA: Locale = Locale {
    tag: "en-CA",
    lcid: 0x1009,
    date_order: DateOrder::YearMonthDay,
    date_separator: '-',
    short_date: "yyyy-mm-dd",
    long_date: "mmmm d, yyyy",
    ..EN_US
};

pub(super) const EN_IE: Locale =
    Locale { tag: "en-IE", lcid: 0x1809, currency: "€", long_date: "dddd d mmmm yyyy", ..EN_GB };

pub(super) const EN_IN: Locale = Locale {
    tag: "en-IN",
    lcid: 0x4009,
    lakhs: true,
    date_separator: '-',
    currency: "₹",
    short_date: "dd-mm-yyyy",
    ..EN_GB
};

pub(super) const DE_DE: Locale = Locale {
    tag: "de-DE",
    lcid: 0x0407,
    decimal: ',',
    group: '.',
    lakhs: false,
    list: ';',
    date_order: DateOrder::DayMonthYear,
    date_separator: '.',
    months: words("Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
    months_genitive: None,
    months_short: words("Jan Feb Mrz Apr Mai Jun Jul Aug Sep Okt Nov Dez"),
    days: words("Sonntag Montag Dienstag Mittwoch Donnerstag Freitag Samstag"),
    days_short: words("So Mo Di Mi Do Fr Sa"),
    am: "AM",
    pm: "PM",
    currency: "€",
    currency_after: true,
    short_date: "dd/mm/yyyy",
    long_date: "dddd, d. mmmm yyyy",
    long_time: "hh:mm:ss",
    letters: CodeLetters { year: 'j', month: 'm', day: 't', hour: 'h', minute: 'm', second: 's' },
    general: "Standard",
};

pub(super) const DE_AT: Locale = Locale {
    tag: "de-AT",
    lcid: 0x0C07,
    group: '\u{A0}',
    months: words("Jänner Februar März April Mai Juni Juli August September Oktober November Dezember"),
    months_short: words("Jän Feb Mär Apr Mai Jun Jul Aug Sep Okt Nov Dez"),
    currency_after: false,
    ..DE_DE
};

pub(super) const DE_CH: Locale = Locale {
    tag: "de-CH",
    lcid: 0x0807,
    decimal: '.',
    group: '’',
    currency: "CHF",
    currency_after: false,
    ..DE_DE
};

pub(super) const FR_FR: Locale = Locale {
    tag: "fr-FR",
    lcid: 0x040C,
    decimal: ',',
    group: '\u{202F}',
    lakhs: false,
    list: ';',
    date_order: DateOrder::DayMonthYear,
    date_separator: '/',
    months: words("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
    months_genitive: None,
    months_short: words("janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc."),
    days: words("dimanche lundi mardi mercredi jeudi vendredi samedi"),
    days_short: words("dim. lun. mar. mer. jeu. ven. sam."),
    am: "AM",
    pm: "PM",
    currency: "€",
    currency_after: true,
    short_date: "dd/mm/yyyy",
    long_date: "dddd d mmmm yyyy",
    long_time: "hh:mm:ss",
    letters: CodeLetters { year: 'a', month: 'm', day: 'j', hour: 'h', minute: 'm', second: 's' },
    general: "Standard",
};

pub(super) const FR_CA: Locale = Locale {
    tag: "fr-CA",
    lcid: 0x0C0C,
    group: '\u{A0}',
    date_order: DateOrder::YearMonthDay,
    date_separator: '-',
    currency: "$",
    short_date: "yyyy-mm-dd",
    long_date: "d mmmm yyyy",
    ..FR_FR
};

pub(super) const FR_CH: Locale = Locale {
    tag: "fr-CH",
    lcid: 0x100C,
    date_separator: '.',
    currency: "CHF",
    long_date: "dddd, d mmmm yyyy",
    ..FR_FR
};

pub(super) const ES_ES: Locale = Locale {
    tag: "es-ES",
    lcid: 0x0C0A,
    decimal: ',',
    group: '.',
    lakhs: false,
    list: ';',
    date_order: DateOrder::DayMonthYear,
    date_separator: '/',
    months: words("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"),
    months_genitive: None,
    months_short: words("ene feb mar abr may jun jul ago sep oct nov dic"),
    days: words("domingo lunes martes miércoles jueves viernes sábado"),
    days_short: words("dom lun mar mié jue vie sáb"),
    am: "a. m.",
    pm: "p. m.",
    currency: "€",
    currency_after: true,
    short_date: "dd/mm/yyyy",
    long_date: "dddd, d \"de\" mmmm \"de\" yyyy",
    long_time: "h:mm:ss",
    letters: CodeLetters { year: 'a', month: 'm', day: 'd', hour: 'h', minute: 'm', second: 's' },
    general: "Estándar",
};

pub(super) const ES_MX: Locale = Locale {
    tag: "es-MX",
    lcid: 0x080A,
    decimal: '.',
    group: ',',
    lakhs: false,
    list: ',',
    currency: "$",
    currency_after: false,
    long_time: "hh:mm:ss AM/PM",
    ..ES_ES
};

pub(super) const IT_IT: Locale = Locale {
    tag: "it-IT",
    lcid: 0x0410,
    decimal: ',',
    group: '.',
    lakhs: false,
    list: ';',
    date_order: DateOrder::DayMonthYear,
    date_separator: '/',
    months: words(
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    ),
    months_genitive: None,
    months_short: words("gen feb mar apr mag giu lug ago set ott nov dic"),
    days: words("domenica lunedì martedì mercoledì giovedì venerdì sabato"),
    days_short: words("dom lun mar mer gio ven sab"),
    am: "AM",
    pm: "PM",
    currency: "€",
    currency_after: true,
    short_date: "dd/mm/yyyy",
    long_date: "dddd d mmmm yyyy",
    long_time: "hh:mm:ss",
    letters: CodeLetters { year: 'a', month: 'm', day: 'g', hour: 'h', minute: 'm', second: 's' },
    general: "Standard",
};

pub(super) const NL_NL: Locale = Locale {
    tag: "nl-NL",
    lcid: 0x0413,
    decimal: ',',
    group: '.',
    lakhs: false,
    list: ';',
    date_order: DateOrder::DayMonthYear,
    date_separator: '-',
    months: words("januari februari maart april mei juni juli augustus september oktober november december"),
    months_genitive: None,
    months_short: words("jan feb mrt apr mei jun jul aug sep okt nov dec"),
    days: words("zondag maandag dinsdag woensdag donderdag vrijdag zaterdag"),
    days_short: words("zo ma di wo do vr za"),
    am: "AM",
    pm: "PM",
    currency: "€",
    currency_after: false,
    short_date: "d/m/yyyy",
    long_date: "dddd d mmmm yyyy",
    long_time: "hh:mm:ss",
    letters: CodeLetters { year: 'j', month: 'm', day: 'd', hour: 'u', minute: 'm', second: 's' },
    general: "Standaard",
};

pub(super) const NL_BE: Locale = Locale {
    tag: "nl-BE",
    lcid: 0x0813,
    date_separator: '/',
    currency_after: true,
    short_date: "d/mm/yyyy",
    ..NL_NL
};

pub(super) const PT_BR: Locale = Locale {
    tag: "pt-BR",
    lcid: 0x0416,
    decimal: ',',
    group: '.',
    lakhs: false,
    list: ';',
    date_order: DateOrder::DayMonthYear,
    date_separator: '/',
    months: words("janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro"),
    months_genitive: None,
    months_short: words("jan fev mar abr mai jun jul ago set out nov dez"),
    days: words("domingo segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado"),
    days_short: words("dom seg ter qua qui sex sáb"),
    am: "AM",
    pm: "PM",
    currency: "R$",
    currency_after: false,
    short_date: "dd/mm/yyyy",
    long_date: "dddd, d \"de\" mmmm \"de\" yyyy",
    long_time: "hh:mm:ss",
    letters: CodeLetters { year: 'a', month: 'm', day: 'd', hour: 'h', minute: 'm', second: 's' },
    general: "Geral",
};

pub(super) const PT_PT: Locale =
    Locale { tag: "pt-PT", lcid: 0x0816, group: '\u{A0}', currency: "€", currency_after: true, ..PT_BR };

pub(super) const PL_PL: Locale = Locale {
    tag: "pl-PL",
    lcid: 0x0415,
    decimal: ',',
    group: '\u{A0}',
    lakhs: false,
    list: ';',
    date_order: DateOrder::DayMonthYear,
    date_separator: '.',
    months: words(
        "styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień",
    ),
    months_genitive: Some(words(
        "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    )),
    months_short: words("sty lut mar kwi maj cze lip sie wrz paź lis gru"),
    days: words("niedziela poniedziałek wtorek środa czwartek piątek sobota"),
    days_short: words("niedz. pon. wt. śr. czw. pt. sob."),
    am: "AM",
    pm: "PM",
    currency: "zł",
    currency_after: true,
    short_date: "dd/mm/yyyy",
    long_date: "[$-FC15]dddd, d mmmm yyyy",
    long_time: "hh:mm:ss",
    letters: CodeLetters { year: 'r', month: 'm', day: 'd', hour: 'g', minute: 'm', second: 's' },
    general: "Standardowy",
};

pub(super) const RU_RU: Locale = Locale {
    tag: "ru-RU",
    lcid: 0x0419,
    decimal: ',',
    group: '\u{A0}',
    lakhs: false,
    list: ';',
    date_order: DateOrder::DayMonthYear,
    date_separator: '.',
    months: words("Январь Февраль Март Апрель Май Июнь Июль Август Сентябрь Октябрь Ноябрь Декабрь"),
    months_genitive: Some(words(
        "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    )),
    months_short: words("янв фев мар апр май июн июл авг сен окт ноя дек"),
    days: words("воскресенье понедельник вторник среда четверг пятница суббота"),
    days_short: words("Вс Пн Вт Ср Чт Пт Сб"),
    am: "AM",
    pm: "PM",
    currency: "₽",
    currency_after: true,
    short_date: "dd/mm/yyyy",
    long_date: "[$-FC19]d mmmm yyyy \"г.\"",
    long_time: "h:mm:ss",
    letters: CodeLetters { year: 'г', month: 'м', day: 'д', hour: 'ч', minute: 'м', second: 'с' },
    general: "Основной",
};

pub(super) const UK_UA: Locale = Locale {
    tag: "uk-UA",
    lcid: 0x0422,
    months: words(
        "січень лютий березень квітень травень червень липень серпень вересень жовтень листопад грудень",
    ),
    months_genitive: Some(words(
        "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    )),
    months_short: words("січ лют бер кві тра чер лип сер вер жов лис гру"),
    days: words("неділя понеділок вівторок середа четвер п’ятниця субота"),
    days_short: words("Нд Пн Вт Ср Чт Пт Сб"),
    currency: "₴",
    long_date: "[$-FC22]d mmmm yyyy \"р.\"",
    long_time: "h:mm:ss",
    letters: CodeLetters { year: 'р', month: 'м', day: 'д', hour: 'г', minute: 'х', second: 'с' },
    general: "Загальний",
    ..RU_RU
};

pub(super) const SV_SE: Locale = Locale {
    tag: "sv-SE",
    lcid: 0x041D,
    decimal: ',',
    group: '\u{A0}',
    lakhs: false,
    list: ';',
    date_order: DateOrder::YearMonthDay,
    date_separator: '-',
    months: words("januari februari mars april maj juni juli augusti september oktober november december"),
    months_genitive: None,
    months_short: words("jan feb mar apr maj jun jul aug sep okt nov dec"),
    days: words("söndag måndag tisdag onsdag torsdag fredag lördag"),
    days_short: words("sön mån tis ons tor fre lör"),
    am: "fm",
    pm: "em",
    currency: "kr",
    currency_after: true,
    short_date: "yyyy-mm-dd",
    long_date: "\"den\" d mmmm yyyy",
    long_time: "hh:mm:ss",
    letters: CodeLetters { year: 'å', month: 'm', day: 'd', hour: 't', minute: 'm', second: 's' },
    general: "Standard",
};

pub(super) const DA_DK: Locale = Locale {
    tag: "da-DK",
    lcid: 0x0406,
    group: '.',
    date_order: DateOrder::DayMonthYear,
    months: words("januar februar marts april maj juni juli august september oktober november december"),
    days: words("søndag mandag tirsdag onsdag torsdag fredag lørdag"),
    days_short: words("sø ma ti on to fr lø"),
    am: "AM",
    pm: "PM",
    currency: "kr.",
    short_date: "dd/mm/yyyy",
    long_date: "d. mmmm yyyy",
    ..SV_SE
};

pub(super) const NB_NO: Locale = Locale {
    tag: "nb-NO",
    lcid: 0x0414,
    date_order: DateOrder::DayMonthYear,
    date_separator: '.',
    months: words("januar februar mars april mai juni juli august september oktober november desember"),
    months_short: words("jan feb mar apr mai jun jul aug sep okt nov des"),
    days: words("søndag mandag tirsdag onsdag torsdag fredag lørdag"),
    days_short: words("søn man tir ons tor fre lør"),
    am: "AM",
    pm: "PM",
    short_date: "dd/mm/yyyy",
    long_date: "dddd d. mmmm yyyy",
    ..SV_SE
};

pub(super) const FI_FI: Locale = Locale {
    tag: "fi-FI",
    lcid: 0x040B,
    date_order: DateOrder::DayMonthYear,
    date_separator: '.',
    months: words(
        "tammikuu helmikuu maaliskuu huhtikuu toukokuu kesäkuu heinäkuu elokuu syyskuu lokakuu marraskuu joulukuu",
    ),
    months_genitive: Some(words(
        "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta",
    )),
    months_short: words("tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu"),
    days: words("sunnuntai maanantai tiistai keskiviikko torstai perjantai lauantai"),
    days_short: words("su ma ti ke to pe la"),
    am: "ap.",
    pm: "ip.",
    currency: "€",
    short_date: "d/m/yyyy",
    long_date: "[$-FC0B]dddd d. mmmm yyyy",
    long_time: "h:mm:ss",
    letters: CodeLetters { year: 'v', month: 'k', day: 'p', hour: 't', minute: 'm', second: 's' },
    general: "Yleinen",
    ..SV_SE
};

pub(super) const CS_CZ: Locale = Locale {
    tag: "cs-CZ",
    lcid: 0x0405,
    months: words("leden únor březen duben květen červen červenec srpen září říjen listopad prosinec"),
    months_genitive: Some(words(
        "ledna února března dubna května června července srpna září října listopadu prosince",
    )),
    months_short: words("led úno bře dub kvě čvn čvc srp zář říj lis pro"),
    days: words("neděle pondělí úterý středa čtvrtek pátek sobota"),
    days_short: words("ne po út st čt pá so"),
    am: "dop.",
    pm: "odp.",
    currency: "Kč",
    long_date: "[$-FC05]dddd d. mmmm yyyy",
    long_time: "h:mm:ss",
    letters: CodeLetters { year: 'r', month: 'm', day: 'd', hour: 'h', minute: 'm', second: 's' },
    general: "Všeobecný",
    ..PL_PL
};

pub(super) const HU_HU: Locale = Locale {
    tag: "hu-HU",
    lcid: 0x040E,
    decimal: ',',
    group: '\u{A0}',
    lakhs: false,
    list: ';',
    date_order: DateOrder::YearMonthDay,
    date_separator: '.',
    months: words(
        "január február március április május június július augusztus szeptember október november december",
    ),
    months_genitive: None,
    months_short: words("jan. febr. márc. ápr. máj. jún. júl. aug. szept. okt. nov. dec."),
    days: words("vasárnap hétfő kedd szerda csütörtök péntek szombat"),
    days_short: words("V H K Sze Cs P Szo"),
    am: "de.",
    pm: "du.",
    currency: "Ft",
    currency_after: true,
    short_date: "yyyy. mm. dd.",
    long_date: "yyyy. mmmm d., dddd",
    long_time: "h:mm:ss",
    letters: CodeLetters { year: 'é', month: 'h', day: 'n', hour: 'ó', minute: 'p', second: 'm' },
    general: "Normál",
};

pub(super) const TR_TR: Locale = Locale {
    tag: "tr-TR",
    lcid: 0x041F,
    decimal: ',',
    group: '.',
    lakhs: false,
    list: ';',
    date_order: DateOrder::DayMonthYear,
    date_separator: '.',
    months: words("Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık"),
    months_genitive: None,
    months_short: words("Oca Şub Mar Nis May Haz Tem Ağu Eyl Eki Kas Ara"),
    days: words("Pazar Pazartesi Salı Çarşamba Perşembe Cuma Cumartesi"),
    days_short: words("Paz Pzt Sal Çar Per Cum Cmt"),
    am: "ÖÖ",
    pm: "ÖS",
    currency: "₺",
    currency_after: false,
    short_date: "d/mm/yyyy",
    long_date: "d mmmm yyyy dddd",
    long_time: "hh:mm:ss",
    letters: CodeLetters { year: 'y', month: 'a', day: 'g', hour: 's', minute: 'd', second: 'n' },
    general: "Genel",
};

/// Every locale, a language's main locale first.
pub(super) static ALL: [&Locale; 33] = [
    &EN_US, &EN_GB, &EN_AU, &EN_CA, &EN_IE, &EN_IN, &DE_DE, &DE_AT, &DE_CH, &FR_FR, &FR_CA, &FR_CH, &ES_ES,
    &ES_MX, &IT_IT, &NL_NL, &NL_BE, &PT_BR, &PT_PT, &PL_PL, &RU_RU, &UK_UA, &SV_SE, &DA_DK, &NB_NO, &FI_FI,
    &CS_CZ, &HU_HU, &TR_TR, &JA_JP, &ZH_CN, &ZH_TW, &KO_KR,
];
