// Checks of dates that are written day, day.month or day.month.year. What is not
// written is taken from the current date ("current"), or so that the date is the
// nearest one in the past ("past") or in the future ("future").

// dateToString writes the day, month and year of a value.
function dateToString(date) {
    if (typeof date === 'string') return date;
    return [date.day, date.month, date.month && date.year].filter(Boolean).join('.');
}

// getFullDate gives DD.MM.YYYY or throws an error when there is no such day.
function getFullDate(date, includeToday, option) { return fullDate(date, includeToday, option).format('DD.MM.YYYY'); }

function today() { return moment(currentDate().format('YYYY-MM-DD')); }

function fullDate(date, includeToday, option) {
    if (option && ['current', 'past', 'future'].indexOf(option) < 0) throw new Error('dates without a year: unknown option ' + option);
    var parts = dateToString(date).split('.').map(Number), now = today();
    if (parts.length === 3 && parts[2] < 100) parts[2] += 2000;
    var full = [parts[2] || now.year(), (parts[1] || now.month() + 1) - 1, parts[0]];
    var day = moment(full);
    if (!day.isValid()) throw new Error('Date not valid');
    var step = parts.length === 1 ? 'months' : parts.length === 2 ? 'years' : '';
    if (!step || !option || option === 'current') return day;
    if (option === 'past' && !before(day, now, includeToday)) day.subtract(1, step);
    if (option === 'future' && !before(now, day, includeToday)) day.add(1, step);
    return day;
}

function before(a, b, orSame) { return orSame ? a.isSameOrBefore(b) : a.isBefore(b); }

// getYear is the year of a date without one.
function getYear(date, includeToday, option) { return fullDate(date, includeToday, option).year(); }

// getMonthAndYear is DD.MM.YYYY of a day without a month.
function getMonthAndYear(day, includeToday, option) { return getFullDate(String(day), includeToday, option); }

// checkPeriod tells whether a start is not after an end.
function checkPeriod(start, end, optionStart, optionEnd) {
    return fullDate(start, false, optionStart).isSameOrBefore(fullDate(end, false, optionEnd || optionStart));
}

function checkDateInPast(date, includeToday, option) { return before(fullDate(date, includeToday, option), today(), includeToday); }

function checkDateInFuture(date, includeToday, option) { return before(today(), fullDate(date, includeToday, option), includeToday); }

// The checks of a period are false when it ends before it starts.
function checkPeriodInPast(start, end, includeToday, optionStart, optionEnd) {
    return checkPeriod(start, end, optionStart, optionEnd) && checkDateInPast(end, includeToday, optionEnd || optionStart);
}

function checkPeriodInFuture(start, end, includeToday, optionStart, optionEnd) {
    return checkPeriod(start, end, optionStart, optionEnd) && checkDateInFuture(start, includeToday, optionStart);
}

function checkPeriodInProgress(start, end, includeToday, optionStart, optionEnd) {
    return checkPeriod(start, end, optionStart, optionEnd) && checkDateInPast(start, includeToday, optionStart) &&
        checkDateInFuture(end, includeToday, optionEnd || optionStart);
}
