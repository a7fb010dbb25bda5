//! The locales of East Asia.

use super::super::{CodeLetters, DateOrder, Locale};
use super::words;

pub(super) const JA_JP: Locale = Locale {
    tag: "ja-JP",
    lcid: 0x0411,
    decimal: '.',
    group: ',',
    lakhs: false,
    list: ',',
    date_order: DateOrder::YearMonthDay,
    date_separator: '/',
    months: words("1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月"),
    months_genitive: None,
    months_short: words("1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月"),
    days: words("日曜日 月曜日 火曜日 水曜日 木曜日 金曜日 土曜日"),
    days_short: words("日 月 火 水 木 金 土"),
    am: "午前",
    pm: "午後",
    currency: "¥",
    currency_after: false,
    short_date: "yyyy/mm/dd",
    long_date: "yyyy\"年\"m\"月\"d\"日\"",
    long_time: "h:mm:ss",
    letters: CodeLetters { year: 'y', month: 'm', day: 'd', hour: 'h', minute: 'm', second: 's' },
    general: "G/標準",
};

pub(super) const ZH_CN: Locale = Locale {
    tag: "zh-CN",
    lcid: 0x0804,
    months: words("一月 二月 三月 四月 五月 六月 七月 八月 九月 十月 十一月 十二月"),
    months_short: words("1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月"),
    days: words("星期日 星期一 星期二 星期三 星期四 星期五 星期六"),
    days_short: words("周日 周一 周二 周三 周四 周五 周六"),
    am: "上午",
    pm: "下午",
    short_date: "yyyy/m/d",
    general: "G/通用格式",
    ..JA_JP
};

pub(super) const ZH_TW: Locale = Locale {
    tag: "zh-TW",
    lcid: 0x0404,
    months: JA_JP.months,
    months_short: JA_JP.months_short,
    days_short: words("週日 週一 週二 週三 週四 週五 週六"),
    currency: "NT$",
    ..ZH_CN
};

pub(super) const KO_KR: Locale = Locale {
    tag: "ko-KR",
    lcid: 0x0412,
    date_separator: '-',
    months: words("1월 2월 3월 4월 5월 6월 7월 8월 9월 10월 11월 12월"),
    months_short: words("1월 2월 3월 4월 5월 6월 7월 8월 9월 10월 11월 12월"),
    days: words("일요일 월요일 화요일 수요일 목요일 금요일 토요일"),
    days_short: words("일 월 화 수 목 금 토"),
    am: "오전",
    pm: "오후",
    currency: "₩",
    short_date: "yyyy-mm-dd",
    long_date: "yyyy\"년\" m\"월\" d\"일\" dddd",
    long_time: "AM/PM h:mm:ss",
    general: "G/표준",
    ..JA_JP
};
