# Dates and times in English. The shape of the values: dateTimeConverter.js.
require: ../common.js
require: ../number/number.sc
require: moment.min.js
require: moment-business.js
require: dateTimeConverter.js
require: dateTime.js

patterns:
    $Season = ((winter|winters|wintertime):0|(spring|springs|springtime):1|(summer|summers|summertime):2|(autumn|autumns|fall):3) || converter = $converters.numberConverterValue
    $Weekend = (weekend|weekends)

    # what a date and a time are made of
    $TimeHour = ($TimeHourDigit|$TimeHourWord) || converter = $converters.dateTimeNumberConverter
    $TimeHourDigit = $regexp<[01]?\d|2[0-4]> || converter = $converters.dateTimeDigitConverter
    $TimeHourWord = (one:1|two:2|three:3|four:4|five:5|six:6|seven:7|eight:8|nine:9|ten:10|eleven:11|twelve:12) || converter = $converters.numberConverterValue
    $TimeMinuteExact = ($regexp<[0-5]\d>|$NumberTwoDigit|$NumberDozen|(oh|o) ($NumberOneDigit|$regexp<\d>)) || converter = $converters.dateTimeMinuteConverter
    $TimeMinuteCount = ($regexp<[0-5]?\d>|$NumberOneDigit|$NumberTwoDigit|$NumberDozen) || converter = $converters.dateTimeMinuteConverter
    $TimeHoursModifier = ((am|a.m|a.m.|in the morning):morning|(pm|p.m|p.m.|in the afternoon|in the evening):day|(at night):night) || converter = $converters.dateTimeWordConverter
    $TimeAt = (at|by|from|till|until|to|before|after|around|about|for)

    # times
    $TimeHhMmSs = $regexp<([01]?\d|2[0-4]):[0-5]\d(:[0-5]\d)?> || converter = $converters.timeClockConverter
    $TimeHhMm = $TimeHour $TimeMinuteExact::TimeMinute || converter = $converters.timeConverter
    $TimeTogether = $regexp_i<(0?\d|1[0-2])(:?[0-5]\d)?(am|pm)> || converter = $converters.timeTogetherConverter
    $TimeTo = (([a] quarter):15|$TimeMinuteCount [minutes|minute]) || converter = $converters.dateTimeNumberConverter
    $TimePast = (([a] quarter):15|half:30|$TimeMinuteCount [minutes|minute]) || converter = $converters.dateTimeNumberConverter
    $TimePartOfDay = (([in the] morning):8|(noon|midday):12|([in the] afternoon):12|([in the|at] evening):18|((at night)|midnight):0|night:18) || converter = $converters.timePartConverter
    $TimeTonight = tonight || converter = $converters.dateTonightConverter
    $TimeAbsolute = [$TimeAt] (
        $TimeHhMmSs::TimeClock [$TimeHoursModifier] |
        $TimeTogether |
        $TimeTo (to|of|before) $TimeHour [o'clock|oclock] [$TimeHoursModifier] |
        $TimePast (past|after) $TimeHour [o'clock|oclock] [$TimeHoursModifier] |
        $TimeHour (o'clock|oclock|o clock) [$TimeHoursModifier] |
        $TimeHour $TimeHoursModifier |
        $TimeHour $TimeMinuteExact::TimeMinute [$TimeHoursModifier]
        ) || converter = $converters.timeConverter
    $TimeAtHour = (at|by|till|until|before|after|around) $TimeHour || converter = $converters.timeConverter
    $TimeSaid = ($TimeAbsolute|$TimeAtHour|[at|by|until|before|after] $TimePartOfDay|$TimeTonight) || converter = $converters.dateTimeComposeConverter

    # intervals; a unit alone needs "in", "ago" or the like
    $DateTimeCount = ($Number|[a] couple [of]:2) || converter = $converters.dateTimeNumberConverter
    $DateTimeRelativeYears = $DateTimeCount (year|years) || converter = $converters.relativeYearsConverter
    $DateTimeRelativeMonths = ($DateTimeCount (month|months)|(half a year):6) || converter = $converters.relativeMonthsConverter
    $DateTimeRelativeWeeks = $DateTimeCount (week|weeks) || converter = $converters.relativeWeeksConverter
    $DateTimeRelativeDays = $DateTimeCount (day|days) || converter = $converters.relativeDaysConverter
    $TimeRelativeHours = $DateTimeCount (hour|hours|hr|hrs) || converter = $converters.relativeHoursConverter
    $TimeRelativeMinutes = ($DateTimeCount (minute|minutes|min|mins)|((half an hour)|(half hour)):30|(quarter of an hour):15) || converter = $converters.relativeMinutesConverter
    $TimeRelativeSeconds = $DateTimeCount (second|seconds|sec) || converter = $converters.relativeSecondsConverter
    $TimeRelativeHoursHalf = ($DateTimeCount and [a] half hours|an hour and [a] half) || converter = $converters.relativeHoursHalfConverter
    $DateTimeRelativeOne = ((a|an|one) year:years|(a|an|one) month:months|(a|an|one) week:weeks|(a|an|one) day:days|(a|an|one) hour:hours|(a|an|one) minute:minutes|(a|an|one) second:seconds) || converter = $converters.relativeOneConverter
    $DateTimeInterval = ($DateTimeRelativeYears|$DateTimeRelativeMonths|$DateTimeRelativeWeeks|$DateTimeRelativeDays|$TimeRelativeHoursHalf|$TimeRelativeHours|$TimeRelativeMinutes|$TimeRelativeSeconds) [and] || converter = $converters.relativeSumConverter
    $DateTimeIntervalAny = ($DateTimeInterval|$DateTimeRelativeOne [and]) || converter = $converters.relativeSumConverter
    $DateTimeSimpleInterval = $repeat<$DateTimeInterval> || converter = $converters.relativeSumConverter
    $DateTimeRelativeInterval = ((in|after|within) $repeat<$DateTimeIntervalAny>|$repeat<$DateTimeIntervalAny> (from now|later)|$repeat<$DateTimeIntervalAny> ago:ago) || converter = $converters.relativeSumConverter
    $TimeRelative = ($DateTimeRelativeInterval|[for] $DateTimeSimpleInterval|for $DateTimeRelativeOne) || converter = $converters.relativeSumConverter
    $DateTimeNow = (now|right now|immediately) || converter = $converters.dateTimeComposeConverter
    $DateTimeRelative = ($TimeRelative|$DateTimeNow) || converter = $converters.dateTimeComposeConverter

    # parts of a date
    $DateMonth = ((january|jan):1|(february|feb):2|(march|mar):3|(april|apr):4|may:5|(june|jun):6|(july|jul):7|(august|aug):8|(september|sept|sep):9|(october|oct):10|(november|nov):11|(december|dec):12) || converter = $converters.numberConverterValue
    $DateMonthName = (january:1|february:2|april:4|june:6|july:7|august:8|september:9|october:10|november:11|december:12) || converter = $converters.numberConverterValue
    $DateWeekday = ((monday|mondays|mon):1|(tuesday|tuesdays|tue):2|(wednesday|wednesdays|wed):3|(thursday|thursdays|thu):4|(friday|fridays|fri):5|(saturday|saturdays|sat):6|(sunday|sundays|sun):7) || converter = $converters.numberConverterValue
    $DateDayDigit = $regexp<0?[1-9]|[12]\d|3[01]> || converter = $converters.dateTimeDigitConverter
    $DateDayMarked = $regexp_i<(0?[1-9]|[12]\d|3[01])(st|nd|rd|th)> || converter = $converters.dateTimeDigitConverter
    $DateDayOrderNumber = (first:1|second:2|third:3|fourth:4|fifth:5|sixth:6|seventh:7|eighth:8|ninth:9|tenth:10|eleventh:11|twelfth:12|thirteenth:13|fourteenth:14|fifteenth:15|sixteenth:16|seventeenth:17|eighteenth:18|nineteenth:19|twentieth:20|(twenty first|twenty-first):21|(twenty second|twenty-second):22|(twenty third|twenty-third):23|(twenty fourth|twenty-fourth):24|(twenty fifth|twenty-fifth):25|(twenty sixth|twenty-sixth):26|(twenty seventh|twenty-seventh):27|(twenty eighth|twenty-eighth):28|(twenty ninth|twenty-ninth):29|thirtieth:30|(thirty first|thirty-first):31) || converter = $converters.numberConverterValue
    $DateDayNumber = ($DateDayOrderNumber|$DateDayMarked|$DateDayDigit) || converter = $converters.dateTimeNumberConverter
    $DateYearNumber = $regexp<(1\d|2[01])\d\d> || converter = $converters.dateTimeDigitConverter
    $DateYearNumeric = $NumberThousands [and] [$NumberThreeDigit] || converter = $converters.numberConverterSum
    $DateMonthPart = ([the|at the] (beginning|start|early) [of]:1|[the|in the] (middle|mid) [of]:15|[the|at the] (end|late) [of]:28) || converter = $converters.numberConverterValue
    $DateFuturePastModifier = ((this|current):0|next:1|(last|previous):-1) || converter = $converters.numberConverterValue

    # dates
    $DateRelativeWord = (today:0|(tomorrow|tomorrow's):1|([the] day after tomorrow):2|yesterday:-1|([the] day before yesterday):-2) || converter = $converters.relativeDaysConverter
    $DateRelativeThatDay = [the] $DateFuturePastModifier day || converter = $converters.relativeDaysConverter
    $DateRelativeWeekday = ([$DateFuturePastModifier] $DateWeekday|$DateWeekday $DateFuturePastModifier week) || converter = $converters.relativeDayConverter
    $DateRelativeWeek = $DateFuturePastModifier week || converter = $converters.relativeWeeksConverter
    $DateRelativeMonth = $DateFuturePastModifier month || converter = $converters.relativeMonthsConverter
    $DateRelativeYear = $DateFuturePastModifier year || converter = $converters.relativeYearsConverter
    $DateRelative = [on|by|until|from|for|since] ($DateRelativeWord|$DateRelativeThatDay|$DateRelativeWeekday|$DateRelativeWeek|$DateRelativeMonth|$DateRelativeYear) || converter = $converters.dateTimeComposeConverter
    $DateSlashes = $regexp<(0?[1-9]|1[0-2])/(0?[1-9]|[12]\d|3[01])(/(\d\d\d\d|\d\d))?> || converter = $converters.dateMonthFirstConverter
    $DateDots = $regexp<(0?[1-9]|[12]\d|3[01])\.(0?[1-9]|1[0-2])(\.(\d\d\d\d|\d\d))?> || converter = $converters.dateDigitsConverter
    $DateIso = $regexp<(19|20|21)\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])> || converter = $converters.dateIsoConverter
    $DateHoliday = (
        (christmas [day]):12-25 | (christmas eve):12-24 | (new year|new year's [day]|new years [day]):1-1 | (new year's eve|new years eve):12-31 |
        (valentine's day|valentines day|valentine day):2-14 | ([saint|st] patrick's day|[saint|st] patricks day):3-17 | (april [fools|fool's] day):4-1 |
        ([international] women's day|[international] womens day):3-8 | (independence day):7-4 | (halloween):10-31 | (veterans day):11-11 |
        ([martin luther] king day):1-1-3 | (memorial day):5-1-last | (labor day):9-1-1 | (columbus day):10-1-2 | (thanksgiving [day]):11-4-4 |
        (mother's day|mothers day):5-7-2 | (father's day|fathers day):6-7-3
        ) || converter = $converters.dateHolidayConverter
    $DateAbsolute = [on|by|until|from|for|since|in] (
        $DateRelative |
        [$DateWeekday] [the] $DateDayNumber::DateDay [of] $DateMonth [of|in] [$DateYearNumber::DateYear|$DateYearNumeric::DateYear|$DateRelativeYear] |
        [$DateWeekday] $DateMonth [the] $DateDayNumber::DateDay [$DateYearNumber::DateYear|$DateYearNumeric::DateYear|$DateRelativeYear] |
        [$DateWeekday] the ($DateDayMarked::DateDay|$DateDayOrderNumber::DateDay) [of $DateRelativeMonth] |
        $DateDayMarked::DateDay [of $DateRelativeMonth] |
        $DateMonthPart::DateDay $DateMonth [$DateYearNumber::DateYear] |
        $DateMonthName::DateMonth [[of] $DateYearNumber::DateYear] |
        $DateMonth $DateYearNumber::DateYear |
        [the] year ($DateYearNumber::DateYear|$DateYearNumeric::DateYear) |
        in $DateYearNumber::DateYear |
        $DateHoliday [$DateYearNumber::DateYear] |
        $DateSlashes | $DateDots | $DateIso
        ) || converter = $converters.dateConverter

    # both
    $DateTimeAbsolute = ($DateAbsolute|$TimeSaid|$DateAbsolute [at] $TimeSaid|$TimeSaid $DateAbsolute|$DateTimeRelativeInterval $TimeSaid) || converter = $converters.dateTimeComposeConverter
    $DateTime = ($DateTimeAbsolute|$DateTimeRelative) || converter = $converters.normalizeDateTimeConverter

    $DateDays = $regexp<\d{1,2} ?[-−–—] ?\d{1,2}>
    $DatePeriod = (
        [from|between] $DateAbsolute::startDate (to|till|until|and|-|–|—) $DateAbsolute::endDate |
        (from|between) [the] $DateDayNumber::startDate (to|till|until|and) [the] ($DateDayNumber::endDate|$DateAbsolute::endDate) [[of] $DateMonth [$DateYearNumber::DateYear]] |
        ($DateDays $DateMonth|$DateMonth $DateDays) [$DateYearNumber::DateYear]
        ) || converter = $converters.datePeriodConverter
