# Dates and times in Russian. The shape of the values: dateTimeConverter.js.
require: ../common.js
require: ../number/number.sc
require: moment.min.js
require: moment-business.js
require: dateTimeConverter.js
require: dateTime.js

patterns:
    $Season = ((зима|зимы|зиме|зиму|зимой|зимний|зимняя|зимнее):0|(весна|весны|весне|весну|весной|весенний|весенняя|весеннее):1|(лето|лета|лету|лете|летом|летний|летняя|летнее):2|(осень|осени|осенью|осенний|осенняя|осеннее):3) || converter = $converters.numberConverterValue
    $Weekend = (выходной|выходные|выходных|выходным|выходными|уикенд|уикенда|уикенде|уик-энд|викенд|викенде)

    # what a date and a time are made of
    $TimeHour = ($TimeHourDigit|$TimeHourWord) || converter = $converters.dateTimeNumberConverter
    $TimeHourDigit = $regexp<[01]?\d|2[0-4]> || converter = $converters.dateTimeDigitConverter
    $TimeHourWord = ((ноль|нуль|ноля|нуля):0|(один|одного|одному):1|(два|двух|двум):2|(три|трех|трем):3|(четыре|четырех|четырем):4|(пять|пяти):5|(шесть|шести):6|(семь|семи):7|(восемь|восьми):8|(девять|девяти):9|(десять|десяти):10|(одиннадцать|одиннадцати):11|(двенадцать|двенадцати):12|(тринадцать|тринадцати):13|(четырнадцать|четырнадцати):14|(пятнадцать|пятнадцати):15|(шестнадцать|шестнадцати):16|(семнадцать|семнадцати):17|(восемнадцать|восемнадцати):18|(девятнадцать|девятнадцати):19|(двадцать|двадцати):20|((двадцать|двадцати) (один|одного|одному)):21|((двадцать|двадцати) (два|двух|двум)):22|((двадцать|двадцати) (три|трех|трем)):23|((двадцать|двадцати) (четыре|четырех|четырем)):24) || converter = $converters.numberConverterValue
    $TimeHourOrdinal = ((первого|1|1-го):1|(второго|2|2-го):2|(третьего|3|3-го):3|(четвертого|4|4-го):4|(пятого|5|5-го):5|(шестого|6|6-го):6|(седьмого|7|7-го):7|(восьмого|8|8-го):8|(девятого|9|9-го):9|(десятого|10|10-го):10|(одиннадцатого|одинадцатого|11|11-го):11|(двенадцатого|12|12-го):12) || converter = $converters.numberConverterValue
    $TimeMinuteExact = ($regexp<[0-5]\d>|$NumberTwoDigit|$NumberDozen|(ноль|ноля) ($NumberOneDigit|$regexp<\d>)|(ноль|ноля) (ноль|ноля)) || converter = $converters.dateTimeMinuteConverter
    $TimeMinuteCount = ($regexp<[0-5]?\d>|$NumberOneDigit|$NumberTwoDigit|$NumberDozen) || converter = $converters.dateTimeMinuteConverter
    $TimeMinuteWord = (минуту|минуты|минут|минутам|минуток|мин)
    $TimeHourName = (час|часа|часов|часам|часу|часиков|ч)
    $TimeHoursModifier = ((утра|утро|утром|утречком|поутру):morning|(дня|днем|вечера|вечер|вечером|вечерком|пополудни|(после полудня)):day|(ночи|ночь|ночью):night) || converter = $converters.dateTimeWordConverter
    $TimeEvening = ((утра|утром|утречком):morning|(вечера|вечером|вечерком|пополудни|(после полудня)):day|(ночи|ночью):night) || converter = $converters.dateTimeWordConverter
    $TimeDay = дня:day || converter = $converters.dateTimeWordConverter
    $TimeHourOfDay = $regexp<1|5|1\d> || converter = $converters.dateTimeDigitConverter
    $TimeAt = (в|во|на|к|ко|до|с|после|около)

    # times
    $TimeHhMmSs = $regexp<([01]?\d|2[0-4]):[0-5]\d(:[0-5]\d)?> || converter = $converters.timeClockConverter
    $TimeHhMmDot = $regexp<([01]?\d|2[0-4])[.\-][0-5]\d> || converter = $converters.timeClockConverter
    $TimeHhMmPlain = $regexp<(0?\d|1[0-8]|2[1-4])[0-5]\d> || converter = $converters.timeClockPlainConverter
    $TimeHhMm = $TimeHour [часов|час|часа|ч] $TimeMinuteExact::TimeMinute || converter = $converters.timeConverter
    $TimeHalf = ((полпервого|полпервому):1|полвторого:2|полтретьего:3|полчетвертого:4|полпятого:5|полшестого:6|полседьмого:7|полвосьмого:8|полдевятого:9|полдесятого:10|(полодиннадцатого|полодинадцатого):11|полдвенадцатого:12|(пол|половина|половину|половине) $TimeHourOrdinal) || converter = $converters.dateTimeNumberConverter
    $TimeTo = (четверти:15|четверть:15|$TimeMinuteCount [$TimeMinuteWord]) || converter = $converters.dateTimeNumberConverter
    $TimeOf = (четверть:15|$TimeMinuteCount $TimeMinuteWord) || converter = $converters.dateTimeNumberConverter
    $TimePartOfDay = ((утром|утречком|поутру):8|([с|под|на] (утра|утро)):8|днем:12|([под|на] (вечер|вечером|вечерком)):18|([на|в] (ночь|ночью)):0|([в|к|до|после] (полночь|полночи)):0|([в|к|до|после] (полдень|полудню|полудня)):12) || converter = $converters.timePartConverter
    $TimeOne = час:1 || converter = $converters.numberConverterValue
    $TimeAbsolute = (
        [$TimeAt] $TimeHhMmSs::TimeClock [$TimeHoursModifier] |
        $TimeAt ($TimeHhMmDot::TimeClock|$TimeHhMmPlain::TimeClock) [$TimeHoursModifier] |
        [$TimeAt] $TimeHalf [$TimeHoursModifier] |
        [$TimeAt] без $TimeTo ($TimeHour|$TimeOne::TimeHour) [$TimeHourName] [$TimeHoursModifier] |
        [$TimeAt] $TimeOf $TimeHourOrdinal::TimeHour [$TimeHoursModifier] |
        $TimeAt $TimeHour [$TimeHourName] [$TimeHoursModifier] |
        [$TimeAt] $TimeHour $TimeHourName [$TimeHoursModifier] |
        [$TimeAt] $TimeHour $TimeEvening::TimeHoursModifier |
        $TimeHoursModifier [$TimeAt] $TimeHour [$TimeHourName] |
        $TimeHourOfDay::TimeHour $TimeDay::TimeHoursModifier |
        $TimeAt $TimeOne::TimeHour [$TimeHoursModifier] |
        $TimeOne::TimeHour $TimeHoursModifier |
        [$TimeAt] ($TimeHour|$TimeOne::TimeHour) [$TimeHourName] [и] $TimeMinuteExact::TimeMinute [$TimeMinuteWord] [$TimeHoursModifier] |
        [$TimeAt] $TimeHour $TimeHourName [и] $TimeMinuteCount::TimeMinute $TimeMinuteWord [$TimeHoursModifier] |
        $TimeHoursModifier [$TimeAt] $TimeHour [$TimeHourName] [и] $TimeMinuteExact::TimeMinute [$TimeMinuteWord]
        ) || converter = $converters.timeConverter
    $TimeSaid = ($TimeAbsolute|$TimePartOfDay) || converter = $converters.dateTimeComposeConverter

    # intervals; a unit alone needs "через", "назад" or the like
    $DateTimeCount = ($Number|(пара|пару|пары|парочку|двое):2|трое:3|четверо:4) || converter = $converters.dateTimeNumberConverter
    $DateTimeRelativeYears = $DateTimeCount (год|года|лет|годика) || converter = $converters.relativeYearsConverter
    $DateTimeRelativeMonths = ($DateTimeCount (месяц|месяца|месяцев)|полгода:6|(пол года):6|(полтора года):18) || converter = $converters.relativeMonthsConverter
    $DateTimeRelativeWeeks = $DateTimeCount (неделя|недели|недель|неделю|недельки) || converter = $converters.relativeWeeksConverter
    $DateTimeRelativeDays = ($DateTimeCount (день|дня|дней|денька|сутки|суток)|(полтора месяца):45) || converter = $converters.relativeDaysConverter
    $TimeRelativeHours = $DateTimeCount (час|часа|часов|часика|часиков) || converter = $converters.relativeHoursConverter
    $TimeRelativeMinutes = ($DateTimeCount (минута|минуту|минуты|минут|минутку|минутки|минуток|минуточек|мин)|(полчаса|полчасика|(пол (часа|часика))):30|((полтора часа)|(полутора часов)):90|(четверть часа):15) || converter = $converters.relativeMinutesConverter
    $TimeRelativeSeconds = ($DateTimeCount (секунда|секунду|секунды|секунд|сек)|(полминуты|(пол минуты)):30) || converter = $converters.relativeSecondsConverter
    $TimeRelativeHoursHalf = ($DateTimeCount с половиной (часа|часов)|$DateTimeCount (часа|часов) с половиной) || converter = $converters.relativeHoursHalfConverter
    $TimeRelativeMinutesHalf = ($DateTimeCount с половиной (минуты|минут)|$DateTimeCount (минуты|минут) с половиной) || converter = $converters.relativeMinutesHalfConverter
    $DateTimeRelativeOne = ((год|годик):years|(месяц|месяцок):months|(неделю|недельку|неделя):weeks|(день|денек|сутки):days|(час|часик|часок|часочек):hours|(минуту|минутку|минуточку|минута):minutes|(секунду|секундочку|секундку):seconds) || converter = $converters.relativeOneConverter
    $DateTimeInterval = ($DateTimeRelativeYears|$DateTimeRelativeMonths|$DateTimeRelativeWeeks|$DateTimeRelativeDays|$TimeRelativeHoursHalf|$TimeRelativeMinutesHalf|$TimeRelativeMinutes|$TimeRelativeSeconds) [и] || converter = $converters.relativeSumConverter
    $DateTimeIntervalAny = ($DateTimeInterval|$TimeRelativeHours [и]|$DateTimeRelativeOne [и]) || converter = $converters.relativeSumConverter
    $DateTimeSimpleInterval = $repeat<$DateTimeInterval> || converter = $converters.relativeSumConverter
    $DateTimeRelativeInterval = ((через|спустя) $repeat<$DateTimeIntervalAny>|$repeat<$DateTimeIntervalAny> ([тому] назад):ago) || converter = $converters.relativeSumConverter
    $TimeReversed = (минут через $DateTimeCount:minutes|(часа|часов|час) через $DateTimeCount:hours|(дня|дней) через $DateTimeCount:days|(недели|недель) через $DateTimeCount:weeks) || converter = $converters.relativeReversedConverter
    $TimeReversedHalf = минут через (полчаса|полчасика):30 || converter = $converters.relativeMinutesConverter
    $TimeRelative = ($DateTimeRelativeInterval|$TimeReversed|$TimeReversedHalf|[на|в течение] $DateTimeSimpleInterval|на $DateTimeRelativeOneShort|(часок|часик|часочек):hours) || converter = $converters.relativeSumConverter
    $DateTimeRelativeOneShort = ((минуту|минутку|минуточку):minutes|(секунду|секундочку):seconds|(неделю|недельку):weeks) || converter = $converters.relativeOneConverter
    $DateTimeNow = (сейчас|(прямо сейчас)|немедленно) || converter = $converters.dateTimeComposeConverter
    $DateTimeRelative = ($TimeRelative|$DateTimeNow) || converter = $converters.dateTimeComposeConverter

    # parts of a date
    $DateMonth = ((январь|января|январю|январем|январе|янв|january|jan):1|(февраль|февраля|февралю|февралем|феврале|фев|february|feb):2|(март|марта|марту|мартом|марте|мар|march):3|(апрель|апреля|апрелю|апрелем|апреле|апр|april|apr):4|(май|мая|мае|маю|маем|may):5|(июнь|июня|июню|июнем|июне|июн|june|jun):6|(июль|июля|июлю|июлем|июле|июл|july|jul):7|(август|августа|августу|августом|августе|авг|august|aug):8|(сентябрь|сентября|сентябрю|сентябрем|сентябре|сент|сен|september|sep):9|(октябрь|октября|октябрю|октябрем|октябре|окт|october|oct):10|(ноябрь|ноября|ноябрю|ноябрем|ноябре|нояб|ноя|november|nov):11|(декабрь|декабря|декабрю|декабрем|декабре|дек|december|dec):12) || converter = $converters.numberConverterValue
    $DateWeekday = ((понедельник|понедельника|понедельнику|понедельником|понедельнике|понедельники|понедельникам|понедельников|пн):1|(вторник|вторника|вторнику|вторником|вторнике|вторники|вторникам|вторников|вт):2|(среда|среды|среде|среду|средой|средам|ср):3|(четверг|четверга|четвергу|четвергом|четверге|четверги|четвергам|чт):4|(пятница|пятницы|пятнице|пятницу|пятницей|пятницам|пт):5|(суббота|субботы|субботе|субботу|субботой|субботам|сб):6|(воскресенье|воскресенья|воскресенью|воскресеньем|воскресеньям|воскресение|воскресения|воскресению|воскресением|вс):7) || converter = $converters.numberConverterValue
    $DateDayDigit = $regexp<0?[1-9]|[12]\d|3[01]> || converter = $converters.dateTimeDigitConverter
    $DateDayMarked = $regexp_i<(0?[1-9]|[12]\d|3[01])-?(е|го|ое|ого|му)> || converter = $converters.dateTimeDigitConverter
    $DateDayOrderNumber = ((первое|первого|первому):1|(второе|второго|второму):2|(третье|третьего|третьему):3|(четвертое|четвертого|четвертому):4|(пятое|пятого|пятому):5|(шестое|шестого|шестому):6|(седьмое|седьмого|седьмому):7|(восьмое|восьмого|восьмому):8|(девятое|девятого|девятому):9|(десятое|десятого|десятому):10|(одиннадцатое|одиннадцатого|одиннадцатому):11|(двенадцатое|двенадцатого|двенадцатому):12|(тринадцатое|тринадцатого|тринадцатому):13|(четырнадцатое|четырнадцатого|четырнадцатому):14|(пятнадцатое|пятнадцатого|пятнадцатому):15|(шестнадцатое|шестнадцатого|шестнадцатому):16|(семнадцатое|семнадцатого|семнадцатому):17|(восемнадцатое|восемнадцатого|восемнадцатому):18|(девятнадцатое|девятнадцатого|девятнадцатому):19|(двадцатое|двадцатого|двадцатому):20|(двадцать (первое|первого|первому)):21|(двадцать (второе|второго|второму)):22|(двадцать (третье|третьего|третьему)):23|(двадцать (четвертое|четвертого|четвертому)):24|(двадцать (пятое|пятого|пятому)):25|(двадцать (шестое|шестого|шестому)):26|(двадцать (седьмое|седьмого|седьмому)):27|(двадцать (восьмое|восьмого|восьмому)):28|(двадцать (девятое|девятого|девятому)):29|(тридцатое|тридцатого|тридцатому):30|(тридцать (первое|первого|первому)):31) || converter = $converters.numberConverterValue
    $DateDayNumber = ($DateDayOrderNumber|$DateDayMarked|$DateDayDigit|$NumberDozen|$NumberTwoDigit|$NumberOneDigitNatural) || converter = $converters.dateTimeNumberConverter
    $DateYearNumber = $regexp_i<(1\d|2[01])\d\d(г|год|года|году)?> || converter = $converters.dateTimeDigitConverter
    $DateYearTwoNumber = $regexp<\d\d> || converter = $converters.dateTimeDigitConverter
    $DateYearNumeric = $NumberThousands [$NumberThreeDigit] || converter = $converters.numberConverterSum
    $DateYearWord = (г|год|года|году|годом)
    $DateMonthPart = ((в начале|начало):1|(в середине|середина):15|(в конце|конец):28) || converter = $converters.numberConverterValue
    $DateFuturePastModifier = ((этот|эта|это|эту|этой|этом|этого|нынешний|текущий|текущего|текущем|текущую|сего|ближайший|ближайшую|ближайшее|ближайшая):0|(следующий|следующая|следующее|следующую|следующей|следующем|следующего|след|будущий|будущую|будущей|будущем|будущего):1|(прошлый|прошлая|прошлое|прошлую|прошлой|прошлом|прошлого):-1|(позапрошлый|позапрошлую|позапрошлой|позапрошлом|позапрошлого):-2) || converter = $converters.numberConverterValue

    $DateDayWord = (день|дня|дню|днем|дне)
    $NewYear = ((новый год)|(нового года)|(новому году)|(новым годом)|(новом году))
    $Christmas = (рождество|рождества|рождеству|рождеством|рождестве)

    # dates
    $DateRelativeWord = ((сегодня|(сегодняшний|сегодняшнего|сегодняшним) [день|дня|днем]):0|(завтра|(завтрашний|завтрашнего|завтрашняя|завтрашнее|завтрашним|завтрашнюю) [день|дня|днем]):1|(послезавтра|(после завтра)|послезавтрашний [день]):2|(послепослезавтра|(после послезавтра)|(после после завтра)):3|(вчера|(вчерашний|вчерашнего|вчерашним) [день|дня|днем]):-1|(позавчера|позавчерашний [день]):-2|(позапозавчера|(поза позавчера)):-3) || converter = $converters.relativeDaysConverter
    $DateRelativeThatDay = $DateFuturePastModifier (день|дня|днем|сутки) || converter = $converters.relativeDaysConverter
    $DateRelativeWeekday = ([$DateFuturePastModifier] $DateWeekday|[в|во] $DateWeekday $DateFuturePastModifier|$DateFuturePastModifier (неделе|недели|неделю) [в|во] $DateWeekday|[в|во] $DateWeekday [на] $DateFuturePastModifier (неделе|недели|неделю)) || converter = $converters.relativeDayConverter
    $DateRelativeWeek = $DateFuturePastModifier (неделя|неделе|недели|неделю) || converter = $converters.relativeWeeksConverter
    $DateRelativeMonth = $DateFuturePastModifier (месяц|месяца|месяце|месяцу) || converter = $converters.relativeMonthsConverter
    $DateRelativeYear = $DateFuturePastModifier (год|года|году) || converter = $converters.relativeYearsConverter
    $DateRelative = [в|во|на|к|с|до|по] ($DateRelativeWord|$DateRelativeThatDay|$DateRelativeWeekday|$DateRelativeWeek|$DateRelativeMonth|$DateRelativeYear) || converter = $converters.dateTimeComposeConverter
    $DateDayAndMonthDigit = $regexp_i<(0?[1-9]|[12]\d|3[01])[./\\](0?[1-9]|1[0-2])([./\\](\d\d\d\d|\d\d))?(г|г\.)?> || converter = $converters.dateDigitsConverter
    $DateIso = $regexp<(19|20|21)\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])> || converter = $converters.dateIsoConverter
    $DateHoliday = (
        ($Christmas [христово|христова|православное]):1-7 | (католическое $Christmas):12-25 | (старый $NewYear):1-14 | ($NewYear):1-1 |
        (($DateDayWord студента)|(татьянин $DateDayWord)):1-25 | (($DateDayWord святого валентина)|($DateDayWord [всех] влюбленных)):2-14 |
        ($DateDayWord защитника отечества):2-23 | ([международный] женский $DateDayWord):3-8 | ($DateDayWord святого патрика):3-17 |
        (($DateDayWord смеха)|($DateDayWord дурака)):4-1 | ($DateDayWord космонавтики):4-12 | (($DateDayWord труда)|(праздник труда)|($DateDayWord весны и труда)):5-1 |
        ($DateDayWord победы):5-9 | ($DateDayWord защиты детей):6-1 | ($DateDayWord россии):6-12 | ($DateDayWord независимости [сша|америки]):7-4 | ($DateDayWord семьи [любви и верности]):7-8 |
        ($DateDayWord [государственного] флага [россии]):8-22 | ($DateDayWord знаний):9-1 | ($DateDayWord учителя):10-5 | (хэллоуин|хэллоуину|хэллоуином|хэллоуине|хеллоуин|хэллоуина|хеллоуина):10-31 |
        ($DateDayWord народного единства):11-4 | ($DateDayWord конституции):12-12 | ($DateDayWord благодарения):11-4-4 | ($DateDayWord матери):11-7-last | (($DateDayWord медика)|($DateDayWord медицинского работника)):6-7-3
        ) || converter = $converters.dateHolidayConverter
    $DateAbsolute = [в|во|на|к|с|до|по|от|около|после] (
        $DateRelative |
        [$DateWeekday] $DateDayNumber::DateDay [числа|число] $DateMonth [месяца] [[в] ($DateYearNumber::DateYear|$DateYearNumeric::DateYear|$DateYearTwoNumber::DateYear $DateYearWord) [$DateYearWord]|[в] $DateRelativeYear] [[в|во] $DateWeekday] |
        $DateRelativeYear $DateDayNumber::DateDay [числа] $DateMonth |
        [[в|во] $DateWeekday] $DateDayNumber::DateDay (число|числа|числу) [$DateRelativeMonth] |
        [[в|во] $DateWeekday] ($DateDayOrderNumber::DateDay|$DateDayMarked::DateDay) [$DateRelativeMonth] |
        $DateWeekday $DateDayDigit::DateDay |
        $DateMonthPart::DateDay $DateMonth [$DateYearNumber::DateYear [$DateYearWord]] |
        $DateMonth [$DateYearNumber::DateYear [$DateYearWord]|$DateRelativeYear] |
        ($DateYearNumber::DateYear|$DateYearNumeric::DateYear) $DateYearWord | в $DateYearTwoNumber::DateYear году |
        $DateHoliday [$DateYearNumber::DateYear [$DateYearWord]] |
        $DateDayAndMonthDigit | $DateIso
        ) || converter = $converters.dateConverter

    # both
    $DateTimeAbsolute = ($DateAbsolute|$TimeSaid|$DateAbsolute [в|на|около|после] $TimeSaid|$TimeSaid $DateAbsolute|$DateTimeRelativeInterval $TimeSaid|$TimeSaid $DateTimeRelativeInterval|$DateAbsolute $TimePartOfDay $TimeAbsolute) || converter = $converters.dateTimeComposeConverter
    $DateTime = ($DateTimeAbsolute|$DateTimeRelative) || converter = $converters.normalizeDateTimeConverter

    $DatesDigit = $regexp<\d{1,2}[./]\d{1,2}([./](\d{4}|\d\d))? ?[-−–—] ?\d{1,2}[./]\d{1,2}([./](\d{4}|\d\d))?>
    $DateDays = $regexp<\d{1,2} ?[-−–—] ?\d{1,2}>
    $DatePeriod = (
        [с|со|от] $DateAbsolute::startDate (по|до|-|–|—) $DateAbsolute::endDate |
        (с|со|от) $DateDayNumber::startDate (по|до) ($DateDayNumber::endDate|$DateAbsolute::endDate) [$DateMonth [$DateYearNumber::DateYear [$DateYearWord]]] |
        $DatesDigit |
        $DateDays $DateMonth [$DateYearNumber::DateYear [$DateYearWord]]
        ) || converter = $converters.datePeriodConverter
