// Converters of dates and times (script-api 4.2). A value is an object of the
// absolute keys year, month, day, weekDay, hour, minute, second and period and of
// the relative keys years, months, days, hours, minutes and seconds, signed
// offsets from now; only the keys that were said are there.
(function (converters) {
    'use strict';

    // The values of a subtree, the outermost ones.
    function valuesIn(node) {
        return Object.keys(node).reduce(function (all, key) {
            if (!Array.isArray(node[key]) || key === 'words') return all;
            return node[key].reduce(function (found, child) {
                return found.concat(child.value === undefined ? valuesIn(child) : [child.value]);
            }, all);
        }, []);
    }

    function first(nodes) { return nodes && nodes.length ? nodes[0].value : undefined; }

    // A number that a pattern gives itself, or the first one below it.
    function number(node, otherwise) {
        var found = node.value === undefined ? valuesIn(node)[0] : node.value;
        return found === undefined ? otherwise : parseInt(found, 10);
    }

    // Only what has a value.
    function known(value) {
        return _.pick(value, function (field) { return field !== undefined && field === field; });
    }

    // Minutes and hours of an expression such as "half past": a hand of the clock
    // may turn back over midnight.
    function back(hour, minutes) { return {hour: (hour + 23) % 24, minute: minutes}; }

    var hand = {
        morning: function (hour) { return hour === 12 ? 0 : hour; },
        day: function (hour) { return hour < 12 ? hour + 12 : hour; },
        night: function (hour) { return hour === 12 ? 0 : hour > 5 && hour < 12 ? hour + 12 : hour; }
    };

    // The hour of a part of the day: 8 in the evening is 20.
    function inPart(time, part) {
        if (!part) return time;
        var hour = hand[part](time.hour);
        return _.extend(time, {hour: hour, period: part === 'day' || part === 'night' && hour > 12 ? 'pm' : 'am'});
    }

    // dateTimeNumberConverter gives the number that was said.
    converters.dateTimeNumberConverter = function (node) { return number(node, 1); };

    // dateTimeDigitConverter reads the digits of a text.
    converters.dateTimeDigitConverter = function (node) { return parseInt(node.text, 10); };

    // dateTimeWordConverter gives the word that the pattern names.
    converters.dateTimeWordConverter = function (node) { return node.value; };

    // dateTimeMinuteConverter reads digits or adds words ("ноль пять").
    converters.dateTimeMinuteConverter = function (node) {
        if (/^\d+$/.test(node.text)) return parseInt(node.text, 10);
        var last = node.text.match(/\d+$/);
        return last ? parseInt(last[0], 10) : valuesIn(node).reduce(function (a, b) { return a + Number(b); }, 0);
    };

    // timeClockPlainConverter reads 0930 and 930.
    converters.timeClockPlainConverter = function (node) {
        return {hour: parseInt(node.text.slice(0, -2), 10) % 24, minute: parseInt(node.text.slice(-2), 10)};
    };

    // dateTimeComposeConverter joins what the parts say.
    converters.dateTimeComposeConverter = function (node) {
        return _.extend.apply(_, [{}].concat(valuesIn(node).filter(_.isObject)));
    };

    // timeClockConverter reads 15:19, 15:19:12 and, with a part of the day, 5.30.
    converters.timeClockConverter = function (node) {
        var numbers = node.text.match(/\d+/g).map(Number);
        return known({hour: numbers[0] % 24, minute: numbers[1], second: numbers[2]});
    };

    // timeTogetherConverter reads 7am and 9:30pm.
    converters.timeTogetherConverter = function (node) {
        var digits = node.text.replace(/\D/g, '');
        var hour = digits.length > 2 ? digits.slice(0, -2) : digits;
        var time = {hour: Number(hour) % 24};
        if (digits.length > 2) time.minute = Number(digits.slice(-2));
        return inPart(time, /pm$/i.test(node.text) ? 'day' : 'morning');
    };

    // dateTonightConverter: this evening.
    converters.dateTonightConverter = function () { return {days: 0, hour: 18}; };

    // timeConverter reads an hour with minutes before or after it.
    converters.timeConverter = function (node) {
        var time, hour = first(node.TimeHour), minute = first(node.TimeMinute);
        if (node.TimeClock) time = _.clone(first(node.TimeClock));
        else if (node.TimeTogether) return first(node.TimeTogether);
        else if (node.TimeHalf) time = back(first(node.TimeHalf), 30);
        else if (node.TimeTo) time = back(hour, 60 - first(node.TimeTo));
        else if (node.TimeOf) time = back(hour, first(node.TimeOf));
        else if (node.TimePast) time = {hour: hour, minute: first(node.TimePast)};
        else time = known({hour: hour % 24, minute: minute});
        return inPart(time, first(node.TimeHoursModifier));
    };

    // timePartConverter gives the hour that a part of the day stands for.
    converters.timePartConverter = function (node) { return {hour: number(node)}; };

    function relative(key, factor) {
        return function (node) {
            var value = {};
            value[key] = number(node, 1) * factor;
            return value;
        };
    }

    converters.relativeYearsConverter = relative('years', 1);
    converters.relativeMonthsConverter = relative('months', 1);
    converters.relativeWeeksConverter = relative('days', 7);
    converters.relativeDaysConverter = relative('days', 1);
    converters.relativeHoursConverter = relative('hours', 1);
    converters.relativeMinutesConverter = relative('minutes', 1);
    converters.relativeSecondsConverter = relative('seconds', 1);

    // relativeHoursHalfConverter: two and a half hours.
    converters.relativeHoursHalfConverter = function (node) { return {hours: number(node, 1), minutes: 30}; };
    converters.relativeMinutesHalfConverter = function (node) { return {minutes: number(node, 1), seconds: 30}; };

    function unit(key, count) {
        var value = {};
        value[key === 'weeks' ? 'days' : key] = key === 'weeks' ? 7 * count : count;
        return value;
    }

    // relativeOneConverter: one of the unit that the pattern names.
    converters.relativeOneConverter = function (node) { return unit(node.value, 1); };

    // relativeReversedConverter: "минут через 20".
    converters.relativeReversedConverter = function (node) { return unit(node.value, number(_.omit(node, 'value'), 1)); };

    // relativeSumConverter adds the parts of an interval; one that is over is negative.
    converters.relativeSumConverter = function (node) {
        var sign = node.value === 'ago' ? -1 : 1;
        if (node.value === 'hours') return {hours: 1};
        return valuesIn(_.omit(node, 'value')).reduce(function (sum, part) {
            Object.keys(part).forEach(function (key) { sum[key] = (sum[key] || 0) + sign * part[key]; });
            return sum;
        }, {});
    };

    // relativeDayConverter gives the days to a day of the week: the next one of that
    // name, or the one of the next or the last week.
    converters.relativeDayConverter = function (node) {
        var days = (first(node.DateWeekday) - currentDate().isoWeekday() + 7) % 7;
        var weeks = first(node.DateFuturePastModifier) || 0;
        if (weeks > 0) days = first(node.DateWeekday) - currentDate().isoWeekday() + 7 * weeks;
        if (weeks < 0) days = days === 0 ? 7 * weeks : days + 7 * weeks;
        return {days: days};
    };

    // dateConverter puts a date together from its parts.
    converters.dateConverter = function (node) {
        var parts = [{}].concat(valuesIn(node).filter(_.isObject));
        var date = _.extend.apply(_, parts);
        return known(_.extend(date, {
            day: first(node.DateDay) || date.day, month: first(node.DateMonth) || date.month,
            year: first(node.DateYear) || date.year, weekDay: first(node.DateWeekday)
        }));
    };

    // dateDigitsConverter reads 31.10.21 and 31/10.
    converters.dateDigitsConverter = function (node) {
        var numbers = node.text.match(/\d+/g).map(Number);
        return known({day: numbers[0], month: numbers[1], year: numbers[2]});
    };

    // dateMonthFirstConverter reads 10/31/2021.
    converters.dateMonthFirstConverter = function (node) {
        var numbers = node.text.match(/\d+/g).map(Number);
        return known({day: numbers[1], month: numbers[0], year: numbers[2]});
    };

    // dateIsoConverter reads 2021-10-31.
    converters.dateIsoConverter = function (node) {
        var numbers = node.text.match(/\d+/g).map(Number);
        return {year: numbers[0], month: numbers[1], day: numbers[2]};
    };

    // dateHolidayConverter reads month-day, or month-weekday-which ("11-4-4": the
    // fourth Thursday of November of this year; -1 counts from the end).
    converters.dateHolidayConverter = function (node) {
        var parts = node.value.split('-');
        var month = Number(parts[0]), weekDay = Number(parts[1]);
        if (parts.length === 2) return {day: weekDay, month: month};
        var day = currentDate().month(month - 1).date(1);
        if (parts[2] === 'last') day = day.endOf('month').subtract((day.isoWeekday() - weekDay + 7) % 7, 'days');
        else day = day.add((weekDay - day.isoWeekday() + 7) % 7 + 7 * (Number(parts[2]) - 1), 'days');
        return {day: day.date(), month: month, year: day.year()};
    };

    // periodOf reads 11.12-12.12.20.
    function periodOf(text) {
        var ends = text.split(/ ?[-−–—] ?/).map(function (end) { return converters.dateDigitsConverter({text: end}); });
        if (ends[0].year === undefined && ends[1].year !== undefined) ends[0].year = ends[1].year;
        return {startDate: ends[0], endDate: ends[1]};
    }

    // datePeriodConverter gives {startDate, endDate}; month and year said once hold
    // for both.
    converters.datePeriodConverter = function (node) {
        if (node.DatesDigit) return periodOf(node.DatesDigit[0].text);
        var digits = node.DateDays && node.DateDays[0].text.match(/\d+/g).map(Number);
        var ends = ['startDate', 'endDate'].map(function (name, i) {
            var value = digits ? digits[i] : first(node[name]);
            return _.isObject(value) ? _.clone(value) : {day: value};
        });
        var month = first(node.DateMonth), year = first(node.DateYear) || ends[1].year;
        ends.forEach(function (end) {
            if (end.month === undefined && month !== undefined) end.month = month;
            if (end.year === undefined && year !== undefined) end.year = year;
        });
        return {startDate: ends[0], endDate: ends[1]};
    };

    // A year of two digits lies within the last seventy or the next thirty years.
    function century(year, now) {
        if (year >= 100) return year;
        var full = Math.floor(now / 100) * 100 + year;
        return full - now > 30 ? full - 100 : now - full > 70 ? full + 100 : full;
    }

    function either(a, b) { return a === undefined || a === null ? b : a; }

    // absoluteDateTimeConverter gives the moment that a value means now, or the text
    // "Invalid date".
    converters.absoluteDateTimeConverter = function (value) {
        var when = currentDate();
        ['years', 'months', 'days', 'hours', 'minutes', 'seconds'].forEach(function (key) { when.add(value[key] || 0, key); });
        var spoken = [value.hour, value.minute, value.second].map(function (field) { return either(field, undefined); });
        var exact = spoken.some(function (field) { return field !== undefined; });
        var date = {
            year: century(either(value.year, when.year()), when.year()),
            month: either(value.month, when.month() + 1) - 1,
            date: either(value.day, when.date())
        };
        var moved = when.clone().date(1).year(date.year).month(date.month);
        if (date.date < 1 || date.date > moved.daysInMonth()) return 'Invalid date';
        moved.date(date.date);
        if (!exact) return moved;
        return moved.hour(either(value.hour, when.hour())).minute(either(value.minute, 0)).second(either(value.second, 0)).millisecond(0);
    };

    var keys = ['years', 'months', 'days', 'hours', 'minutes', 'seconds',
        'year', 'month', 'day', 'weekDay', 'hour', 'minute', 'second', 'period'];

    // normalizeDateTimeConverter joins what the parts say, with the keys in order.
    converters.normalizeDateTimeConverter = function (node) {
        var said = converters.dateTimeComposeConverter(node);
        return keys.reduce(function (value, key) {
            if (said[key] !== undefined) value[key] = said[key];
            return value;
        }, {});
    };
})($converters);
