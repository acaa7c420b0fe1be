// Working days, Monday to Friday: counting them and stepping over the others.
var momentBusiness = (function () {
    'use strict';

    function isWeekDay(day) { return day.isoWeekday() < 6; }

    // The days of a span that pass the test: from the start, without the end.
    function count(start, end, test) {
        if (end.isBefore(start)) return -count(end, start, test);
        var days = 0;
        for (var day = moment(start); day.isBefore(end, 'day'); day.add(1, 'day')) if (test(day)) days++;
        return days;
    }

    // addWeekDays moves a moment by working days; it changes the moment.
    function addWeekDays(day, amount) {
        var step = amount < 0 ? -1 : 1;
        for (var left = Math.abs(amount || 0); left > 0; left -= isWeekDay(day) ? 1 : 0) day.add(step, 'day');
        return day;
    }

    return {
        isWeekDay: isWeekDay,
        isWeekendDay: function (day) { return !isWeekDay(day); },
        weekDays: function (start, end) { return count(start, end, isWeekDay); },
        weekendDays: function (start, end) { return count(start, end, function (day) { return !isWeekDay(day); }); },
        addWeekDays: addWeekDays,
        subtractWeekDays: function (day, amount) { return addWeekDays(day, -amount); }
    };
})();
